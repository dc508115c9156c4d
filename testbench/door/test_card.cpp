// SPDX-License-Identifier: BSD-2-Clause
// Loading a card's library: what is wrong with one is said in a line that names it, and what a card is comes through.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <unistd.h>

#include "cu_main.h"
#include "snic_door.h"

namespace {
/* A library beside this program. */
std::string beside(const char *name)
{
	char self[4096] = "";

	CU_ASSERT_FATAL(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	return std::string(self, strrchr(self, '/') + 1) + name;
}

/* What is said of a library that is wrong in this way; "" when it opens. */
std::string said(const std::string &path, const char *wrong)
{
	snic_door door;
	char err[512] = "";

	setenv("STUB_CARD", wrong, 1);
	if (!snic_door_open(&door, path.c_str(), err, sizeof(err))) {
		snic_door_close(&door);
		return "";
	}
	CU_ASSERT_PTR_NULL(door.library);
	CU_ASSERT_PTR_NULL(strchr(err, '\n'));
	return err;
}

void says(const char *file, const char *wrong, const char *text)
{
	const std::string line = said(beside(file), wrong);

	if (line.find(text) == std::string::npos)
		printf("%s, %s: \"%s\" does not say \"%s\"\n", file, wrong, line.c_str(), text);
	CU_ASSERT(line.find(text) != std::string::npos);
	CU_ASSERT(line.find(file) != std::string::npos);
}

void libraries()
{
	char text[] = "/tmp/card_text_XXXXXX.so";
	const int fd = mkstemps(text, 3);

	says("nowhere.so", "", "cannot open shared object file");
	CU_ASSERT_EQUAL(write(fd, "no library", 10), 10);
	close(fd);
	CU_ASSERT(said(text, "").find("file too short") != std::string::npos ||
		  said(text, "").find("invalid ELF header") != std::string::npos);
	unlink(text);
	CU_ASSERT(said("libz.so.1", "").find("it has no snic_sim_abi") != std::string::npos);
	says("card_stub.so", "abi", "its door is version ");
	says("card_bare.so", "", "snic_sim_card is not in it");
}

void descriptions()
{
	static const char *const lines[][2] = {
		{ "none", "describes no card" },
		{ "power", "PF BAR 0 has 5000 bytes; it must be a power of two" },
		{ "overlap", "PF BARs 0 and 1 overlap at offset 0x800" },
		{ "outside", "PF BAR 1 ends at offset 0x10001000" },
		{ "pair", "PF BAR 0 has 64 bits and needs the place of BAR 1" },
		{ "vectors", "PF has its 200 MSI-X vectors in BAR 0, which needs 6400 bytes" },
		{ "plain", "8 plain functions; more than 7 need SNIC_CARD_ARI" },
		{ "plains", "0 plain functions of at most 256; there can be 255 beside the PF" },
		{ "usual", "3 plain functions of at most 2; there can be 255 beside the PF" },
		{ "plainbar", "plain function BAR 0 has 100 bytes; it must be a power of two, 4096 or more" },
		{ "vfs", "300 VFs from 1 on, 1 apart, reach routing id 300; a bus has 0 to 255" },
		{ "stride", "VF offset 1 and stride 0" },
		{ "ari", "beyond 7 the card needs SNIC_CARD_ARI" },
		{ "ports", "3 wire ports; it must be 1 to 2" },
		{ "frame", "frame_max is 0" },
	};

	for (const auto &l : lines)
		says("card_stub.so", l[0], l[1]);
}

void good()
{
	snic_door door;
	char err[512];

	for (const char *is : { "", "older" }) {
		setenv("STUB_CARD", is, 1);
		CU_ASSERT_EQUAL_FATAL(snic_door_open(&door, beside("card_stub.so").c_str(), err, sizeof(err)),
				      0);
		CU_ASSERT_STRING_EQUAL(door.desc.name, "stub");
		CU_ASSERT_EQUAL(door.desc.pf.bar[1].base, 4096);
		CU_ASSERT_EQUAL(door.desc.vendor_cap_bytes, 0);
		snic_door_close(&door);
	}
}

/* Our own card can be. */
void own()
{
	char err[256] = "";

	CU_ASSERT_EQUAL(snic_card_check(snic_sim_card(), err, sizeof(err)), 0);
	CU_ASSERT_STRING_EQUAL(err, "");
}
} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "card", "libraries", libraries }, { "card", "descriptions", descriptions },
		{ "card", "good", good },	    { "card", "own", own },
		{ nullptr, nullptr, nullptr },
	};

	return cu_main(argc, argv, tests);
}
