// SPDX-License-Identifier: BSD-2-Clause
// hdr_parser against model/reference, which were written apart from each other from rtl/pipe/README.md: every
// frame of the real captures, the same frames damaged, and frames put together at random, field by field.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <deque>
#include <dirent.h>
#include <functional>
#include <string>
#include <vector>

extern "C" {
#include "snic_ref.h"
#include "trace.h"
}

#include "Vtb_parser_ref.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

const char *const kCaptures = "build/traces/captures";
constexpr unsigned kDamaged = 200000, kBuilt = 200000;

using Parsed = struct snic_ref_parse; // beside the function of that name
using Bytes = std::vector<uint8_t>;

struct Frame {
	std::string from; // where it stands, for the report
	Bytes b;
};

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

std::vector<std::string> capture_files()
{
	std::vector<std::string> files;

	if (DIR *dir = opendir(kCaptures)) {
		while (const dirent *e = readdir(dir))
			if (e->d_name[0] != '.')
				files.push_back(std::string(kCaptures) + "/" + e->d_name);
		closedir(dir);
	}
	if (files.empty())
		printf("    %s: no captures; run `make traces` and start this where the Makefile is\n",
		       kCaptures);
	std::sort(files.begin(), files.end());
	return files;
}

// Every frame that replay would send, skipped and padded as there.
std::vector<Frame> captured()
{
	std::vector<Frame> frames;
	trace_frame f;

	for (const std::string &name : capture_files()) {
		char *file = const_cast<char *>(name.c_str());
		trace *t = trace_open(&file, 1, 1, false);

		CU_ASSERT_FATAL(t != nullptr);
		while (trace_next(t, &f))
			frames.push_back({ name + ": packet " + std::to_string(f.number + 1),
					   Bytes(f.data, f.data + f.len) });
		trace_close(t);
	}
	return frames;
}

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

// ---- damage ----

// Values that steer a parser.
const uint16_t kWords[] = { 0x0800, 0x86dd, 0x8100, 0x88a8, 0x8847, 0x8848, 0x6558, 0x0000, 0xffff, 4789,
			    6081,   6635,   0x05ff, 0x0600, 0x4500, 0x6000, 0x2000, 0x1fff, 0x4000, 0x0001 };
const uint8_t kBytes[] = { 0, 1, 4, 6, 17, 41, 43, 44, 47, 50, 51, 58, 59, 60, 0x45, 0x4f, 0x60, 0x80, 0xff };

template <typename T, size_t N> T pick(uint64_t *rng, const T (&from)[N])
{
	return from[cu_rand(rng) % N];
}

void damage(uint64_t *rng, const std::vector<Frame> &frames, Bytes &b)
{
	const size_t at = cu_rand(rng) % std::min<size_t>(b.size(), cu_rand(rng) % 2 ? 64 : SNIC_HDR_WINDOW);

	switch (cu_rand(rng) % 8) {
	case 0:
	case 1:
		b[at] = uint8_t(cu_rand(rng));
		break;
	case 2:
		b[at] = uint8_t(b[at] ^ 1u << cu_rand(rng) % 8);
		break;
	case 3:
		b[at] = pick(rng, kBytes);
		break;
	case 4:
		if (at + 1 < b.size()) {
			const uint16_t w = pick(rng, kWords);

			b[at & ~size_t(1)] = uint8_t(w >> 8);
			b[at | 1] = uint8_t(w);
		}
		break;
	case 5: // cut, often among the headers
		b.resize(1 + (cu_rand(rng) % 2 ? at : cu_rand(rng) % b.size()));
		break;
	case 6: // padding or a trailer
		b.resize(b.size() + 1 + cu_rand(rng) % 40, uint8_t(cu_rand(rng) % 2 ? 0 : cu_rand(rng)));
		break;
	default: { // the end of another frame
		const Bytes &o = frames[cu_rand(rng) % frames.size()].b;

		b.resize(at + 1);
		b.insert(b.end(), o.begin() + std::min(o.size(), at + 1), o.end());
		break;
	}
	}
	b.resize(std::min<size_t>(b.size(), SNIC_FRAME_MAX));
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

// ---- frames put together at random: deep stacks of headers, mostly right, which damage seldom gives ----

class Builder {
public:
	explicit Builder(uint64_t seed) : rng(seed) {}

	Bytes frame()
	{
		// A frame in several is longer than the window: there other rules hold for checksums.
		room = chance(3) ? 300 + r(1200) : r(120);
		Bytes b = ethernet(2);

		if (chance(4))
			b.resize(b.size() + r(60), uint8_t(chance(2) ? 0 : r(256)));
		if (chance(12))
			b.resize(1 + r(b.size()));
		b.resize(std::min<size_t>(b.size(), SNIC_FRAME_MAX));
		return b;
	}

private:
	uint64_t r(uint64_t n) { return cu_rand(&rng) % n; }
	bool chance(unsigned one_in) { return r(one_in) == 0; }
	// Mostly v, at times something near it, or anything.
	uint32_t around(uint32_t v)
	{
		return !chance(40) ? v : chance(2) ? v + uint32_t(r(9)) - 4 : uint32_t(r(65536));
	}

	static void put(Bytes &b, uint64_t v, unsigned bytes)
	{
		while (bytes--)
			b.push_back(uint8_t(v >> 8 * bytes));
	}

	Bytes noise(size_t n)
	{
		Bytes b(n);

		for (uint8_t &x : b)
			x = uint8_t(r(256));
		return b;
	}

	static void append(Bytes &b, const Bytes &more) { b.insert(b.end(), more.begin(), more.end()); }

	static uint32_t sum(const Bytes &b, uint32_t s = 0)
	{
		for (size_t i = 0; i < b.size(); i++)
			s += i % 2 ? b[i] : b[i] << 8;
		while (s >> 16)
			s = (s & 0xffff) + (s >> 16);
		return s;
	}

	// Right in five of six.
	void set_sum(Bytes &b, size_t at, uint32_t pseudo)
	{
		uint32_t s = ~sum(b, pseudo) & 0xffff;

		if (chance(6))
			s = uint32_t(chance(2) ? 0 : r(65536));
		b[at] = uint8_t(s >> 8);
		b[at + 1] = uint8_t(s);
	}

	// levels: how many more Ethernet or IP layers may follow
	Bytes ethernet(unsigned levels)
	{
		static const uint16_t types[] = { 0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd,
						  0x8847, 0x8848, 0x0806, 0x0042 };
		const uint16_t type = pick(&rng, types);
		Bytes b = noise(12);

		for (uint64_t n = chance(2) ? 0 : chance(20) ? r(18) : r(4); n--;) {
			put(b, chance(2) ? 0x8100 : 0x88a8, 2);
			put(b, r(65536), 2);
		}
		put(b, type, 2);
		append(b, after_type(type, levels));
		return b;
	}

	Bytes after_type(uint16_t type, unsigned levels)
	{
		if (!levels)
			return noise(room);
		switch (type) {
		case 0x0800:
			return ipv4(levels);
		case 0x86dd:
			return ipv6(levels);
		case 0x6558:
			return ethernet(levels - 1);
		case 0x8847:
		case 0x8848:
			return mpls(levels);
		default:
			return noise(room);
		}
	}

	Bytes mpls(unsigned levels)
	{
		Bytes b;

		for (uint64_t n = chance(20) ? r(16) : r(4); n--;)
			put(b, r(1u << 23) << 9 | r(256), 4);
		put(b, r(1u << 23) << 9 | 0x100 | r(256), 4);
		append(b, chance(8) ? noise(r(4)) : chance(2) ? ipv4(levels - 1) : ipv6(levels - 1));
		return b;
	}

	Bytes ipv4(unsigned levels)
	{
		static const uint8_t protos[] = {
			6, 6, 17, 17, 17, 17, 1, 47, 47, 47, 4, 41, 58, 132, 0, 59
		};
		const uint8_t proto = pick(&rng, protos);
		const uint32_t words = chance(5) ? uint32_t(5 + r(11)) : 5;
		const uint32_t frag = chance(10) ? uint32_t(r(4)) << 12 | uint32_t(r(3)) : 0x4000;
		const Bytes addrs = noise(8);
		const Bytes l4 = layer4(proto, addrs, levels);
		Bytes b;

		put(b, chance(60) ? r(256) : 0x40 | words, 1);
		put(b, r(256), 1);
		put(b, around(uint32_t(words * 4 + l4.size())), 2);
		put(b, r(65536), 2);
		put(b, frag, 2);
		put(b, 64, 1);
		put(b, proto, 1);
		put(b, 0, 2);
		append(b, addrs);
		append(b, noise(words * 4 - 20));
		if (words > 5 && chance(4)) // a source route
			b[20 + r(words * 4 - 20)] = chance(2) ? 131 : 137;
		set_sum(b, 10, 0);
		append(b, l4);
		return b;
	}

	Bytes ipv6(unsigned levels)
	{
		static const uint8_t protos[] = { 6, 6, 17, 17, 17, 58, 58, 47, 47, 1, 4, 59, 132 };
		static const uint8_t exts[] = { 0, 43, 60, 51, 44 };
		const uint8_t proto = pick(&rng, protos);
		const Bytes addrs = noise(32);
		uint8_t next = proto;
		Bytes b, behind = layer4(proto, addrs, levels);

		for (uint64_t n = chance(2) ? 0 : chance(20) ? r(16) : r(4); n--;) {
			const uint8_t type = pick(&rng, exts);
			const uint32_t units = uint32_t(chance(8) ? r(30) : r(3));
			// AH counts in words of 4 bytes, less 2; a fragment header has no length.
			Bytes e = noise(type == 44 ? 8 : type == 51 ? 8 + units * 4 : 8 + units * 8);

			e[0] = next;
			if (type == 43 && chance(2)) // segments left
				e[3] = 0;
			if (type == 60 && chance(4)) // a home address
				e[2 + r(e.size() - 2)] = 201;
			if (type != 44)
				e[1] = uint8_t(around(units));
			else if (!chance(4))
				e[2] = e[3] = 0;
			append(e, behind);
			behind = e;
			next = type;
		}
		put(b, 0x60000000 | r(1u << 28), 4);
		put(b, around(uint32_t(behind.size())), 2);
		put(b, next, 1);
		put(b, 64, 1);
		if (chance(60))
			b[0] = uint8_t(r(256));
		append(b, addrs);
		append(b, behind);
		return b;
	}

	Bytes layer4(uint8_t proto, const Bytes &addrs, unsigned levels)
	{
		Bytes b;

		switch (proto) {
		case 6:
			b = noise(20);
			b[12] = uint8_t(around(chance(3) ? 5 + uint32_t(r(11)) : 5) << 4);
			append(b, noise(room));
			set_sum(b, 16, sum(addrs, uint32_t(6 + b.size())));
			break;
		case 17:
			b = udp(levels);
			set_sum(b, 6, sum(addrs, uint32_t(17 + b.size())));
			break;
		case 1:
			if (chance(10)) // nothing but zeros has no verdict here, where no pseudo header counts
				return Bytes(4 + room);
			b = noise(4 + room);
			set_sum(b, 2, 0);
			break;
		case 58:
			b = noise(4 + room);
			set_sum(b, 2, sum(addrs, uint32_t(58 + b.size())));
			break;
		case 47:
			b = gre(levels);
			break;
		default:
			b = noise(room);
			break;
		}
		return b;
	}

	Bytes udp(unsigned levels)
	{
		static const uint16_t ports[] = { 4789, 6081, 6635, 53 };
		static const uint16_t types[] = { 0x6558, 0x6558, 0x0800, 0x86dd, 0x8847, 0x0042 };
		const uint16_t port = pick(&rng, ports), type = pick(&rng, types);
		Bytes in, b;

		if (port == 4789) {
			put(in, chance(12) ? r(256) : 8, 1);
			append(in, noise(7));
			append(in, levels > 1 ? ethernet(levels - 1) : noise(room));
		} else if (port == 6081) {
			const uint64_t words = chance(3) ? r(chance(8) ? 64 : 8) : 0;

			put(in, chance(30) ? r(256) : words, 1);
			append(in, noise(1));
			put(in, type, 2);
			append(in, noise(4 + words * 4));
			append(in, after_type(type, levels - 1));
		} else if (port == 6635) {
			in = mpls(std::max(levels, 1u));
		} else {
			in = noise(room);
		}
		b = noise(2);
		put(b, port, 2);
		put(b, around(uint32_t(8 + in.size())), 2);
		put(b, 0, 2);
		append(b, in);
		return b;
	}

	Bytes gre(unsigned levels)
	{
		static const uint16_t types[] = { 0x6558, 0x6558, 0x0800, 0x86dd, 0x8847, 0x8848, 0x0042 };
		const uint16_t type = pick(&rng, types);
		const uint64_t bits = chance(2) ? 2 : r(16) & 0xb; // C, K, S
		Bytes b;

		put(b, chance(15) ? r(65536) : bits << 12 | r(2) << 7, 2);
		put(b, type, 2);
		for (uint64_t m = bits; m; m &= m - 1)
			append(b, noise(4));
		append(b, after_type(type, levels - 1));
		return b;
	}

	uint64_t rng;
	size_t room = 0; // payload behind the last header
};

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
