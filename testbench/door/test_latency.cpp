// SPDX-License-Identifier: BSD-2-Clause
// Read latency: what is drawn from a histogram, and which files are histograms.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

#include "cu_main.h"
#include "latency.h"
#include "pcie_link.h"

namespace {
snic_sim_config with_bins(const std::vector<snic_sim_bin> &bins)
{
	snic_sim_config c;

	snic_sim_config_default(&c);
	c.read_bins = bins.data();
	c.n_read_bins = static_cast<uint32_t>(bins.size());
	return c;
}

/* One read after another through the link; the hash takes in every time. */
uint64_t hash_of(const snic_sim_config &c)
{
	static uint8_t mem[4096];
	snic_sim_ops ops = {};

	ops.mem_read = [](void *, uint8_t, uint64_t, void *buf, size_t len) {
		memcpy(buf, mem, len);
		return 0;
	};
	PcieLink link(c, ops, nullptr);
	CplBeat b;

	for (uint64_t edge = 0, tag = 0; edge < 20000; edge++) {
		link.advance(edge * 2500);
		if (tag < 200 && link.rd_ready())
			link.rd_request(0, 64 * tag % 4096, 64, static_cast<uint32_t>(tag)), tag++;
		if (link.cpl_beat(&b))
			link.cpl_beat_pop();
	}
	CU_ASSERT_PTR_NULL(link.error());
	return link.hash();
}

void constant()
{
	const std::vector<snic_sim_bin> same = { { 600, 7 } }, other = { { 600, 7 }, { 601, 1 } };
	snic_sim_config c;

	snic_sim_config_default(&c);
	CU_ASSERT_EQUAL(hash_of(with_bins(same)), hash_of(c));
	CU_ASSERT_NOT_EQUAL(hash_of(with_bins(other)), hash_of(c));
}

/* Shares of 1:3:4 within four standard deviations (0.2 %), and by seed. */
void shares()
{
	const std::vector<snic_sim_bin> bins = { { 1000, 1 }, { 10, 3 }, { 500, 4 } };
	snic_sim_config c = with_bins(bins);
	constexpr unsigned draws = 80000;
	std::map<uint64_t, unsigned> seen;
	unsigned same = 0, other = 0;

	c.seed = cu_seed();
	ReadLatency a(c), b(c);

	c.seed++;
	ReadLatency d(c);

	for (unsigned i = 0; i < draws; i++) {
		const uint64_t ps = a.next_ps();

		seen[ps]++;
		same += ps == b.next_ps();
		other += ps == d.next_ps();
	}
	CU_ASSERT_EQUAL(seen.size(), 3);
	CU_ASSERT_DOUBLE_EQUAL(seen[1000000], draws / 8., 400);
	CU_ASSERT_DOUBLE_EQUAL(seen[10000], draws * 3 / 8., 600);
	CU_ASSERT_DOUBLE_EQUAL(seen[500000], draws / 2., 600);
	CU_ASSERT_EQUAL(same, draws);
	CU_ASSERT(other < draws / 2);
}

/* Of a file that holds this: bins, or none and the message. */
std::vector<snic_sim_bin> load(const std::string &text, std::string *err)
{
	char path[] = "/tmp/test_latency.XXXXXX", line[512] = "";
	const int fd = mkstemp(path);
	FILE *f = fd < 0 ? nullptr : fdopen(fd, "w");
	std::vector<snic_sim_bin> v;
	snic_sim_bin *bins;
	uint32_t n;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fwrite(text.data(), 1, text.size(), f);
	fclose(f);
	if (!snic_sim_histogram(path, &bins, &n, line, sizeof(line))) {
		v.assign(bins, bins + n);
		free(bins);
	}
	*err = line;
	if (err->find(path) == 0)
		err->erase(0, strlen(path));
	unlink(path);
	return v;
}

void good_files()
{
	std::string err;
	std::vector<snic_sim_bin> v = load("# what\n\n 520 , 3 # most\r\n0,1\n1000000,1000000000000", &err);

	CU_ASSERT_EQUAL_FATAL(v.size(), 3);
	CU_ASSERT(v[0].ns == 520 && v[0].count == 3);
	CU_ASSERT(v[1].ns == 0 && v[1].count == 1);
	CU_ASSERT(v[2].ns == 1000000 && v[2].count == 1000000000000ull);
	CU_ASSERT(err.empty());
}

void bad_files()
{
	static const char *const lines[] = { "600",	 "600,",	",1",
					     "600,0",	 "-1,1",	"600,-1",
					     "600;1",	 "600,1,1",	"600.5,1",
					     "0x10,1",	 "1000001,1",	"1,1000000000001",
					     "ns,count", "600,1 reads", "99999999999999999999,1",
					     "\xff\xfe" };
	std::string err;

	for (const char *l : lines) {
		CU_ASSERT(load(std::string("# first\n600,1\n") + l + "\n700,1\n", &err).empty());
		CU_ASSERT(err.find(":3: want \"NS,COUNT\"") == 0);
	}
	CU_ASSERT(load("600,1" + std::string(300, ' ') + "\n", &err).empty());
	CU_ASSERT(err.find(":1: ") == 0);
	CU_ASSERT(load("# nothing\n\n", &err).empty());
	CU_ASSERT(err == ": no \"NS,COUNT\" line in it");
	std::string many;

	for (int i = 0; i < 65537; i++)
		many += "1,1\n";
	CU_ASSERT(load(many, &err).empty());
	CU_ASSERT(err.find(":65537: more than 65536 lines") == 0);

	snic_sim_bin *bins;
	char line[200];
	uint32_t n;

	CU_ASSERT_EQUAL(snic_sim_histogram("/nowhere/at.all", &bins, &n, line, sizeof(line)), -ENOENT);
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "/nowhere/at.all: No such file"));
	CU_ASSERT_EQUAL(snic_sim_histogram("/", &bins, &n, line, sizeof(line)), -EISDIR);
}

void settings()
{
	const std::vector<snic_sim_bin> bins = { { 600, 1 } };
	snic_sim_config c = with_bins(bins);
	char err[200];

	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), 0);
	c.read_jitter_ns = 1;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "read_jitter_ns is 1"));

	/* a histogram that did not come from a file */
	const std::vector<snic_sim_bin> none = { { 600, 0 }, { 700, 0 } },
					slow = { { 600, 1 }, { 1000001, 1 } };

	c = with_bins(none);
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "reads in the histogram is 0"));
	c = with_bins(slow);
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "read_bins.ns is 1000001"));
	c.read_bins = nullptr;
	CU_ASSERT_EQUAL(snic_sim_config_check(&c, err, sizeof(err)), -EINVAL);
}
} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "latency", "constant", constant },	 { "latency", "shares", shares },
		{ "latency", "good_files", good_files }, { "latency", "bad_files", bad_files },
		{ "latency", "settings", settings },	 { nullptr, nullptr, nullptr },
	};

	return cu_main(argc, argv, tests);
}
