// SPDX-License-Identifier: BSD-2-Clause
// hdr_parser against model/reference, which were written apart from each other from rtl/pipe/README.md: every
// frame of the real captures, the same frames damaged, and frames put together at random, field by field.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <string>
#include <vector>

extern "C" {
#include "snic_ref.h"
}

#include "Vtb_parser_ref.h"
#include "cu_main.h"
#include "made_frames.h"
#include "verilated.h"

namespace {

constexpr unsigned kDamaged = 200000, kBuilt = 200000;

using Parsed = struct snic_ref_parse; // beside the function of that name

using Source = std::function<bool(Frame &)>;

// ---- what was seen: a comparison over frames that all look alike says little ----

struct Seen {
	uint64_t frames;
	uint64_t perr[16], tun[8], l3[4], il3[4], l4[8], il4[8], l3ok[4], l4ok[4], il3ok[4], il4ok[4];
};

void note(Seen &s, const Parsed &p)
{
	s.frames++;
	s.perr[p.perr]++;
	s.tun[p.tun]++;
	s.l3[p.l3]++;
	s.il3[p.il3]++;
	s.l4[p.l4]++;
	s.il4[p.il4]++;
	s.l3ok[p.l3ok]++;
	s.l4ok[p.l4ok]++;
	s.il3ok[p.il3ok]++;
	s.il4ok[p.il4ok]++;
}

// ---- the bench ----

class Bench {
public:
	explicit Bench(uint64_t seed) : rng(seed)
	{
		top.clk_i = top.rst_ni = top.hdr_valid_i = top.meta_ready_i = 0;
		for (int i = 0; i < 3; i++)
			tick();
		top.rst_ni = 1;
	}

	~Bench() { top.final(); }

	// Puts every frame of the source through both; false at the first difference, which is printed.
	bool run(const Source &next)
	{
		bool more = true, same = true;
		unsigned beat = 0;
		Frame f;

		for (uint64_t quiet = 0; same && quiet < 1000 && (more || !due.empty()); quiet++) {
			if (!top.hdr_valid_i && more && cu_rand(&rng) % 8) {
				if (!beat)
					more = next(f);
				if (more)
					offer(f, beat);
			}
			top.meta_ready_i = cu_rand(&rng) % 8 != 0;
			top.eval();
			if (top.meta_valid_o && top.meta_ready_i) {
				same = check();
				quiet = 0;
			}
			const bool took = top.hdr_valid_i && top.hdr_ready_o, eop = top.hdr_eop_i;
			tick();
			if (took) {
				top.hdr_valid_i = 0;
				beat = eop ? 0 : beat + 1;
			}
		}
		if (same && (more || !due.empty()))
			printf("    the parser hangs at %s\n",
			       due.empty() ? f.from.c_str() : due.front().from.c_str());
		return same && !more && due.empty();
	}

	Seen seen = {};

private:
	struct Due {
		std::string from;
		Bytes b;
		uint16_t src;
	};

	void tick()
	{
		top.clk_i = 1;
		top.eval();
		top.clk_i = 0;
		top.eval();
	}

	// As pkt_buf gives it: beats of the window, noise behind the end, and the sum of the whole frame (where 0
	// and ffff are the same).
	void offer(const Frame &f, unsigned beat)
	{
		const size_t window = std::min<size_t>(f.b.size(), SNIC_HDR_WINDOW), at = beat * 64;
		uint8_t d[64];

		for (size_t i = 0; i < 64; i++)
			d[i] = at + i < window ? f.b[at + i] : uint8_t(cu_rand(&rng));
		memcpy(top.hdr_data_i.data(), d, sizeof(d));
		top.hdr_valid_i = 1;
		top.hdr_sop_i = beat == 0;
		top.hdr_eop_i = at + 64 >= window;
		top.hdr_len_i = uint16_t(cu_rand(&rng) & 0x3fff);
		top.hdr_src_i = uint16_t(cu_rand(&rng) & 0x1ff);
		top.hdr_sum_i = uint16_t(cu_rand(&rng));
		if (beat)
			return;
		uint32_t sum = 0;
		for (size_t i = 0; i < f.b.size(); i++)
			sum += i % 2 ? f.b[i] : f.b[i] << 8;
		top.hdr_sum_i = uint16_t(sum % 0xffff ? sum % 0xffff : cu_rand(&rng) % 2 ? 0 : 0xffff);
		top.hdr_len_i = uint16_t(f.b.size());
		top.hdr_src_i = uint16_t(cu_rand(&rng) % (SNIC_VPORT_WIRE1 + 1));
		due.push_back({ f.from, f.b, uint16_t(top.hdr_src_i) });
	}

	static uint64_t mac(const uint8_t *m)
	{
		uint64_t v = 0;

		for (int i = 0; i < 6; i++)
			v = v << 8 | m[i];
		return v;
	}

	bool check()
	{
		if (due.empty()) {
			printf("    a record too many\n");
			return false;
		}
		const Due d = std::move(due.front());
		due.pop_front();
		Parsed p;
		snic_ref_parse(d.b.data(), d.b.size(), d.src, &p);
		note(seen, p);
		const bool eth = d.b.size() >= 14; // else nothing is kept of the header
		const struct {
			const char *name;
			uint64_t want, got;
		} fields[] = {
			{ "len", d.b.size(), top.len_o },
			{ "src", d.src, top.src_o },
			{ "dmac", eth ? mac(d.b.data()) : 0, top.dmac_o },
			{ "smac", eth ? mac(d.b.data() + 6) : 0, top.smac_o },
			{ "has_vlan", p.has_vlan, top.has_vlan_o },
			{ "ad", p.ad, top.ad_o },
			{ "tci", p.tci, top.tci_o },
			{ "perr", p.perr, top.perr_o },
			{ "tun", p.tun, top.tun_o },
			{ "l3", p.l3, top.l3_o },
			{ "l4", p.l4, top.l4_o },
			{ "il3", p.il3, top.il3_o },
			{ "il4", p.il4, top.il4_o },
			{ "l3ok", p.l3ok, top.l3ok_o },
			{ "l4ok", p.l4ok, top.l4ok_o },
			{ "il3ok", p.il3ok, top.il3ok_o },
			{ "il4ok", p.il4ok, top.il4ok_o },
			{ "frag", p.frag, top.frag_o },
			{ "in.eth", p.in.eth, top.in_eth_o },
			{ "in.ad", p.in.ad, top.in_ad_o },
			{ "in.start", p.in.start, p.in.eth ? top.in_start_o : 0u },
			{ "in.stop", p.in.stop, p.in.eth ? top.in_stop_o : 0u },
			{ "out type", p.tun ? snic_key_get(&p.out_key, SNIC_K(ETHERTYPE)) : 0,
			  top.out_type_o },
			{ "out proto", p.tun ? snic_key_get(&p.out_key, SNIC_K(IP_PROTO)) : 0,
			  top.out_proto_o },
			{ "out dscp", p.tun ? snic_key_get(&p.out_key, SNIC_K(DSCP)) : 0, top.out_dscp_o },
			{ "out sport", p.tun ? snic_key_get(&p.out_key, SNIC_K(SPORT)) : 0, top.out_sport_o },
			{ "out dport", p.tun ? snic_key_get(&p.out_key, SNIC_K(DPORT)) : 0, top.out_dport_o },
		};
		for (const auto &x : fields)
			if (x.want != x.got)
				return differs(d, x.name, x.want, x.got);
		return check_key(d, p.key);
	}

	bool check_key(const Due &d, const snic_flow_key &want)
	{
		const struct {
			const char *name;
			unsigned lsb, width;
		} fields[] = {
#define KEY_FIELD(name, lsb, width, why) { "key." #name, lsb, width },
#include "snic_key.def"
#undef KEY_FIELD
		};
		snic_flow_key got;

		for (unsigned i = 0; i < SNIC_KEY_DWORDS; i++)
			got.dw[i] = top.key_o[i];
		for (const auto &x : fields) {
			for (unsigned at = 0; at < x.width; at += 64) {
				const unsigned lsb = x.lsb + at, width = std::min(64u, x.width - at);
				const uint64_t w = snic_key_get(&want, lsb, width);
				const uint64_t g = snic_key_get(&got, lsb, width);

				if (w != g)
					return differs(d, x.name, w, g);
			}
		}
		return true;
	}

	static bool differs(const Due &d, const char *field, uint64_t want, uint64_t got)
	{
		printf("    %s, %zu bytes: %s: the reference says %llx, the parser %llx\n   ", d.from.c_str(),
		       d.b.size(), field, (unsigned long long)want, (unsigned long long)got);
		for (size_t i = 0; i < std::min<size_t>(d.b.size(), SNIC_HDR_WINDOW); i++)
			printf("%s%02x", i % 32 ? i % 2 ? "" : " " : "\n    ", d.b[i]);
		printf("\n");
		return false;
	}

	Vtb_parser_ref top;
	uint64_t rng;
	std::deque<Due> due;
};

// ---- real frames ----

void captures()
{
	const std::vector<Frame> frames = captured();
	Bench bench(cu_seed());
	size_t i = 0;

	CU_ASSERT(bench.run([&](Frame &f) { return i < frames.size() && (f = frames[i++], true); }));
	printf("    %llu frames of captures\n", (unsigned long long)bench.seen.frames);
	CU_ASSERT(bench.seen.frames > 1000);
	CU_ASSERT(bench.seen.l3[SNIC_L3_IPV4] && bench.seen.l3[SNIC_L3_IPV6]);
	CU_ASSERT(bench.seen.l4ok[SNIC_CSUM_OK] && bench.seen.l4ok[SNIC_CSUM_BAD]);
	CU_ASSERT(bench.seen.il4ok[SNIC_CSUM_OK]);
}

void damaged()
{
	const std::vector<Frame> frames = captured();
	uint64_t rng = cu_seed() + 1;
	Bench bench(cu_seed());
	unsigned n = 0;

	CU_ASSERT_FATAL(!frames.empty());
	CU_ASSERT(bench.run([&](Frame &f) {
		if (n == kDamaged)
			return false;
		f = frames[cu_rand(&rng) % frames.size()];
		f.from += ", damage " + std::to_string(n++);
		for (uint64_t k = 1 + cu_rand(&rng) % 4; k--;)
			damage(&rng, frames, f.b);
		return true;
	}));
	CU_ASSERT_EQUAL(bench.seen.frames, kDamaged);
}

void built()
{
	Builder builder(cu_seed() + 2);
	Bench bench(cu_seed());
	const Seen &s = bench.seen;
	unsigned n = 0;

	CU_ASSERT(bench.run([&](Frame &f) {
		if (n == kBuilt)
			return false;
		f = { "built frame " + std::to_string(n++), builder.frame() };
		return true;
	}));
	CU_ASSERT_EQUAL(s.frames, kBuilt);
	for (unsigned i = 0; i <= SNIC_PERR_STEPS; i++)
		CU_ASSERT(s.perr[i] > 100);
	for (unsigned i = 0; i <= SNIC_TUN_MPLS; i++)
		CU_ASSERT(s.tun[i] > 1000);
	for (unsigned i = 0; i <= SNIC_L4_OTHER; i++)
		CU_ASSERT(s.l4[i] > 500 && s.il4[i] > 500);
	for (unsigned i = 0; i <= SNIC_L3_IPV6; i++)
		CU_ASSERT(s.l3[i] > 1000 && s.il3[i] > 1000);
	for (unsigned i = 0; i <= SNIC_CSUM_BAD; i++)
		CU_ASSERT(s.l3ok[i] > 1000 && s.l4ok[i] > 1000 && s.il3ok[i] > 1000 && s.il4ok[i] > 1000);
}

const struct cu_test tests[] = {
	{ "parser_ref", "captures", captures },
	{ "parser_ref", "damaged", damaged },
	{ "parser_ref", "built", built },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	Verilated::randSeed(1);
	return cu_main(argc, argv, tests);
}
