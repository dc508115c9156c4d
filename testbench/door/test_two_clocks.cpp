// SPDX-License-Identifier: BSD-2-Clause
// A card whose port has a clock of its own, from its library: both clocks have as many edges as time has passed, whichever way the run is cut,
// and frames go through at the port's. And what the library of a card that is not ours says and refuses.
#include <cstring>
#include <string>
#include <unistd.h>
#include <vector>

#include "cu_main.h"
#include "snic_door.h"

namespace {
struct Card {
	explicit Card(const char *name = "two_clocks")
	{
		char self[4096] = "", err[512] = "";
		std::string path;

		CU_ASSERT_FATAL(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
		path = std::string(self, strrchr(self, '/') + 1) + "two_clocks/lib" + name + ".so";
		if (snic_door_open(&door, path.c_str(), err, sizeof(err)))
			printf("%s\n", err);
		CU_ASSERT_PTR_NOT_NULL_FATAL(door.library);
		door.config_default(&cfg);
	}
	~Card()
	{
		if (sim)
			door.destroy(sim);
		snic_door_close(&door);
	}
	void create()
	{
		char err[512] = "";

		ops.mem_read = [](void *, uint8_t, uint64_t, void *, size_t) { return -1; };
		ops.mem_write = [](void *, uint8_t, uint64_t, const void *, size_t) { return -1; };
		ops.msix = [](void *, uint8_t, uint8_t) {};
		ops.wire_tx = [](void *ctx, unsigned int, const void *frame, size_t len, uint64_t time_ps) {
			const auto *p = static_cast<const uint8_t *>(frame);

			static_cast<Card *>(ctx)->frames.emplace_back(p, p + len);
			static_cast<Card *>(ctx)->times.push_back(time_ps);
		};
		sim = door.create(&cfg, &ops, this, err, sizeof(err));
		if (!sim)
			printf("%s\n", err);
		CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
	}
	uint32_t count(size_t frame, unsigned int which) const
	{
		uint32_t v;

		memcpy(&v, &frames.at(frame).at(4 * which), 4);
		return v;
	}

	snic_door door;
	snic_sim_config cfg;
	snic_sim_ops ops = {};
	snic_sim *sim = nullptr;
	std::vector<std::vector<uint8_t>> frames;
	std::vector<uint64_t> times;
};

/* Two frames, a millisecond between them, in steps of this many ps. */
void run(Card &c, uint64_t step)
{
	uint8_t frame[64];

	memset(frame, 0x5a, sizeof(frame));
	c.create();
	CU_ASSERT_EQUAL(c.door.wire_rx(c.sim, 0, frame, sizeof(frame), false, 10000000, nullptr), 0);
	CU_ASSERT_EQUAL(c.door.wire_rx(c.sim, 0, frame, sizeof(frame), false, 1010000000, nullptr), 0);
	for (uint64_t t = 0; t < 1020000000; t += step)
		CU_ASSERT_EQUAL(c.door.run_until(c.sim, t), 0);
}

void counts()
{
	Card whole, cut;

	run(whole, 1020000000 - 1);
	run(cut, 77777);
	CU_ASSERT_EQUAL_FATAL(whole.frames.size(), 2);
	CU_ASSERT_EQUAL_FATAL(cut.frames.size(), 2);
	/* a frame comes up to an edge after its time, so one more or less */
	for (unsigned int which : { 0, 1 }) {
		const uint32_t edges = whole.count(1, which) - whole.count(0, which),
			       all = which ? 250000 : 155123;

		CU_ASSERT(edges >= all - 1 && edges <= all + 1);
	}
	for (size_t i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(whole.frames[i].size(), 64);
		CU_ASSERT_EQUAL(whole.frames[i][63], 0x5a);
		CU_ASSERT(whole.frames[i] == cut.frames[i]);
	}
}

/* Over idle time both clocks leap, and come out in step. */
void leaps()
{
	Card leaping, cut, all;
	struct snic_sim_stats s;

	leaping.cfg.seed = cut.cfg.seed = 1;
	run(leaping, 1020000000 - 1);
	run(cut, 77777);
	run(all, 1020000000 - 1);
	CU_ASSERT_EQUAL(leaping.times.size(), 2);
	CU_ASSERT(leaping.times == all.times && cut.times == all.times);
	leaping.door.stats(leaping.sim, &s);
	CU_ASSERT(s.cycles_run < s.cycles / 100);
}

/* Settings that the card does not take, and a register that nobody answers for. */
void refusals()
{
	Card c;
	char err[256] = "";

	c.cfg.clock_mhz = 400;
	CU_ASSERT_NOT_EQUAL(c.door.config_check(&c.cfg, err, sizeof(err)), 0);
	CU_ASSERT_STRING_EQUAL(
		err,
		"clock_mhz is 400; it must be 250 alone: the card two_clocks does not take this setting");
	c.door.config_default(&c.cfg);
	c.cfg.wire_gbps = 100;
	CU_ASSERT_NOT_EQUAL(c.door.config_check(&c.cfg, err, sizeof(err)), 0);
	CU_ASSERT_STRING_EQUAL(err, "wire_gbps is 100; it must be 10");
	c.door.config_default(&c.cfg);
	c.create();
	CU_ASSERT_EQUAL(c.door.mmio_read(c.sim, 0, 8192, 4), UINT32_MAX);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.door.error(c.sim), "MMIO read: offset 8192"));
}
} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "two_clocks", "counts", counts },
		{ "two_clocks", "leaps", leaps },
		{ "two_clocks", "refusals", refusals },
		{ nullptr, nullptr, nullptr },
	};

	return cu_main(argc, argv, tests);
}
