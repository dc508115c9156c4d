// SPDX-License-Identifier: BSD-2-Clause
// The reference's parser against tshark, which others wrote from the standards: layers, tunnels, inner headers,
// fragments and checksums of every frame of the captures, of what `cosnic gen` makes, of damaged frames and of frames
// put together at random. What RTL and reference say alike and wrongly, since both were written from one text, shows here.
// Differences in which both are right are listed in known.def; each is counted.
#include <cstdio>
#include <cstring>
#include <sys/stat.h>

#include "cu_main.h"
#include "made_frames.h"
#include "tshark.h"
#include "view.h"

extern "C" {
#include "frame.h"
#include "snic_ref.h"
}

namespace {

constexpr unsigned kDamaged = 10000, kBuilt = 10000;
const char *const kFolder = "build/tshark"; // the capture and tshark's configuration, for who wants to look

using Parsed = struct snic_ref_parse;

// ---- one frame ----

struct Differs {
	std::string field; // empty: nothing does
	uint64_t ref = 0, tshark = 0;
};

Address address_of(const snic_flow_key &k, unsigned lsb)
{
	Address a;

	for (unsigned i = 0; i < 16; i++)
		a[15 - i] = uint8_t(k.dw[lsb / 32 + i / 4] >> i % 4 * 8);
	return a;
}

Differs headers_differ(const Parsed &p, const View &v)
{
	const struct {
		const char *name;
		uint64_t ref, tshark;
	} fields[] = {
		{ "tun", p.tun, v.tun },
		{ "l3", p.l3, v.l3[0] },
		{ "l4", p.l4, v.l4[0] },
		{ "il3", p.il3, v.l3[1] },
		{ "il4", p.il4, v.l4[1] },
		{ "tagged", p.has_vlan, v.tagged },
		{ "ad", p.ad, v.ad },
		{ "tci", p.tci, v.tci },
		{ "dmac", snic_key_get(&p.key, SNIC_K(DMAC)), v.dmac },
		{ "smac", snic_key_get(&p.key, SNIC_K(SMAC)), v.smac },
		{ "ethertype", v.type_known ? snic_key_get(&p.key, SNIC_K(ETHERTYPE)) : 0,
		  v.type_known ? v.type : 0 },
		{ "vlan", snic_key_get(&p.key, SNIC_K(VLAN)), v.vlan },
		{ "has_vlan", snic_key_get(&p.key, SNIC_K(HAS_VLAN)), v.has_vlan },
		{ "ip_proto", snic_key_get(&p.key, SNIC_K(IP_PROTO)), v.proto },
		{ "dscp", snic_key_get(&p.key, SNIC_K(DSCP)), v.tos },
		{ "frag", snic_key_get(&p.key, SNIC_K(FRAG)), v.frag },
		{ "sport", snic_key_get(&p.key, SNIC_K(SPORT)), v.sport },
		{ "dport", snic_key_get(&p.key, SNIC_K(DPORT)), v.dport },
		{ "tun_id", snic_key_get(&p.key, SNIC_K(TUN_ID)), v.tun_id },
		{ "sip", address_of(p.key, SNIC_KEY_SIP_LSB) != v.sip, 0 },
		{ "dip", address_of(p.key, SNIC_KEY_DIP_LSB) != v.dip, 0 },
		{ "tun_sip", address_of(p.key, SNIC_KEY_TUN_SIP_LSB) != v.tun_sip, 0 },
		{ "tun_dip", address_of(p.key, SNIC_KEY_TUN_DIP_LSB) != v.tun_dip, 0 },
	};

	for (const auto &f : fields)
		if (f.ref != f.tshark)
			return { f.name, f.ref, f.tshark };
	return {};
}

unsigned verdict_of(unsigned sum)
{
	return sum == SUM_GOOD ? SNIC_CSUM_OK : sum == SUM_BAD ? SNIC_CSUM_BAD : SNIC_CSUM_NONE;
}

enum Known {
#define KNOWN(name, most, why) name,
#include "known.def"
	N_KNOWN
};
struct {
	const char *name;
	unsigned most;
	const char *why;
} const kKnown[] = {
#define KNOWN(name, most, why) { #name, most, why },
#include "known.def"
};

struct Count {
	uint64_t frames, equal, known[N_KNOWN], other;
	uint64_t tun[8], l3[2][4], l4[2][8], perr[16];
	uint64_t sums[4][3][3]; // l3, l4, il3, il4; what the reference says; what tshark says
};

// Is an address of the pseudo header not in the IP header, or may an option say so, as the parser looks at them?
bool may_be_elsewhere(const Frame &f, const View &v, unsigned level)
{
	for (const Options &o : v.options[level]) {
		if (o.end - o.header > 40)
			return true;
		for (size_t i = o.begin; i < o.end && i < f.b.size(); i++)
			if (v.l3[level] == SNIC_L3_IPV6 ? f.b[i] == 201 : f.b[i] == 131 || f.b[i] == 137)
				return true;
	}
	return v.rerouted[level];
}

// The parser says nothing, where tshark says something: why?
bool silence_is_known(const Frame &f, const View &v, unsigned level, Count &c)
{
	if (may_be_elsewhere(f, v, level))
		c.known[SUM_ELSEWHERE]++;
	else if (v.l4[level] == SNIC_L4_UDP && v.udp_len[level] && v.udp_len[level] != v.l4_room[level])
		c.known[SUM_LENGTH]++;
	else if (f.b.size() > SNIC_HDR_WINDOW && v.ip_end[level] != f.b.size())
		c.known[SUM_TRAILER]++;
	else if (v.l4[level] == SNIC_L4_ICMP && !v.icmp_word[level])
		c.known[SUM_ZERO]++;
	else
		return false;
	return true;
}

bool says(const Dissection &d, const char *words)
{
	for (const std::string &s : d.f[Dissection::EXPERT])
		if (s.find(words) != std::string::npos)
			return true;
	return false;
}

Differs sums_differ(const Frame &f, const Parsed &p, const Dissection &d, const View &v, Count &c)
{
	const struct {
		const char *name;
		unsigned ref, tshark, level;
		bool l4;
	} sums[] = {
		{ "l3ok", p.l3ok, v.l3sum[0], 0, false },
		{ "l4ok", p.l4ok, v.l4sum[0], 0, true },
		{ "il3ok", p.il3ok, v.l3sum[1], 1, false },
		{ "il4ok", p.il4ok, v.l4sum[1], 1, true },
	};

	for (unsigned i = 0; i < 4; i++) {
		const auto &s = sums[i];

		c.sums[i][s.ref][verdict_of(s.tshark)]++;
		if (s.ref == verdict_of(s.tshark))
			continue;
		if (s.ref == SNIC_CSUM_NONE && s.l4 && silence_is_known(f, v, s.level, c))
			continue;
		if (s.l4 && says(d, "Home Address must use a destination options header")) {
			c.known[HOME_HOP]++;
			continue;
		}
		return { s.name, s.ref, s.tshark };
	}
	return {};
}

bool complains(const Dissection &d)
{
	static const char *const words[] = { "Malformed", "exceeds",	    "Bad length",
					     "Bogus",	  "Length is zero", "Short segment" };

	for (const char *w : words)
		if (says(d, w))
			return true;
	return false;
}

// The reference stopped: tshark says so, too, or it is one of the parser's limits.
bool stop_is_right(const Frame &f, const Parsed &p, const Dissection &d, const std::vector<View> &views,
		   Count &c)
{
	if (p.perr == SNIC_PERR_WINDOW) {
		c.known[WINDOW]++;
		return f.b.size() > SNIC_HDR_WINDOW;
	}
	if (p.perr == SNIC_PERR_STEPS) {
		c.known[STEPS]++;
		return views.size() > 16 || views.back().cut;
	}
	return views.back().cut || complains(d);
}

// tshark stopped where the parser goes on.
bool halt_is_known(const Frame &f, const Parsed &p, const Dissection &d, const View &v, Count &c)
{
	static const uint8_t isl[2][5] = { { 1, 0, 12, 0, 0 }, { 12, 0, 12, 0, 0 } };
	const std::string &last = d.layers.back();

	const bool is_isl = !memcmp(f.b.data(), isl[0], 5) || !memcmp(f.b.data(), isl[1], 5);

	if (!is_isl && !v.cut)
		return false;
	if (is_isl)
		c.known[ISL]++;
	else if ((last == "ip" && !v.options[v.l3[1] ? 1 : 0].empty()) || last == "ipv6.hopopts" ||
		 last == "ipv6.dstopts" || last == "ipv6.routing")
		c.known[OPTIONS]++;
	else if ((p.tun ? p.il4 : p.l4) == SNIC_L4_ICMP)
		c.known[ICMP]++;
	else if (last == "ieee8021ad")
		c.known[AD_PAIR]++;
	else
		return false;
	return true;
}

Differs differ(const Frame &f, const Parsed &p, const Dissection &d, Count &c)
{
	const std::vector<View> views = views_of(d);
	const View &all = views.back();
	Differs e;

	if (!p.perr) {
		e = headers_differ(p, all);
		if (e.field.empty())
			return sums_differ(f, p, d, all, c);
	} else {
		// What was read before it stopped is what tshark read first.
		for (const View &v : views) {
			e = headers_differ(p, v);
			if (!e.field.empty())
				continue;
			if (!stop_is_right(f, p, d, views, c))
				return { "perr", p.perr, 0 };
			return sums_differ(f, p, d, v, c);
		}
	}
	return halt_is_known(f, p, d, all, c) ? Differs() : e;
}

// ---- many ----

void print(const Frame &f, const Dissection &d, const Differs &e)
{
	printf("    %s, %zu bytes: %s: the reference says %llx, tshark %llx\n     ", f.from.c_str(),
	       f.b.size(), e.field.c_str(), (unsigned long long)e.ref, (unsigned long long)e.tshark);
	for (const std::string &l : d.layers)
		printf(" %s", l.c_str());
	for (const std::string &s : d.f[Dissection::EXPERT])
		printf("; %s", s.c_str());
	printf("\n     ");
	for (size_t i = 0; i < std::min<size_t>(f.b.size(), SNIC_HDR_WINDOW); i++)
		printf("%s%02x", i % 32 ? i % 2 ? "" : " " : "\n      ", f.b[i]);
	printf("\n");
}

uint64_t all_known(const Count &c)
{
	uint64_t n = 0;

	for (uint64_t k : c.known)
		n += k;
	return n;
}

// Counts them all; every difference that is not known is a failure, the first ten are printed.
Count compare(const std::vector<Frame> &frames, const char *what)
{
	std::vector<Dissection> dissected;
	Count c = {};

	mkdir("build", 0777);
	CU_ASSERT_FATAL(tshark(frames, std::string(kFolder) + "-" + what, dissected));
	for (size_t i = 0; i < frames.size(); i++) {
		const Frame &f = frames[i];
		Parsed p;

		snic_ref_parse(f.b.data(), f.b.size(), 0, &p);
		c.frames++;
		c.tun[p.tun]++;
		c.perr[p.perr]++;
		c.l3[0][p.l3]++;
		c.l3[1][p.il3]++;
		c.l4[0][p.l4]++;
		c.l4[1][p.il4]++;
		const uint64_t known = all_known(c);
		const Differs e = differ(f, p, dissected[i], c);
		if (!e.field.empty() && c.other++ < 10)
			print(f, dissected[i], e);
		c.equal += e.field.empty() && all_known(c) == known;
	}
	printf("    %llu frames: %llu the same\n", (unsigned long long)c.frames, (unsigned long long)c.equal);
	for (unsigned k = 0; k < N_KNOWN; k++) {
		if (c.known[k])
			printf("    %6llu %s: %s\n", (unsigned long long)c.known[k], kKnown[k].name,
			       kKnown[k].why);
		if (c.frames >= 1000)
			CU_ASSERT(c.known[k] * 10000 <= c.frames * kKnown[k].most);
	}
	CU_ASSERT_EQUAL(c.other, 0);
	return c;
}

void captures()
{
	const Count c = compare(captured(), "captures");

	CU_ASSERT(c.frames > 7000);
	CU_ASSERT(c.l3[0][SNIC_L3_IPV4] > 2000 && c.l3[0][SNIC_L3_IPV6] > 500);
	CU_ASSERT(c.sums[0][SNIC_CSUM_OK][SNIC_CSUM_OK] > 2000);
	CU_ASSERT(c.sums[1][SNIC_CSUM_OK][SNIC_CSUM_OK] > 1000 &&
		  c.sums[1][SNIC_CSUM_BAD][SNIC_CSUM_BAD] > 20);
}

// `cosnic gen`: right in all, and nothing that would excuse a difference.
void generated()
{
	std::vector<Frame> frames;
	uint8_t buf[SNIC_FRAME_MAX];

	for (int e = ENCAP_NONE; e <= ENCAP_MPLSOGRE; e++) {
		for (size_t len = frame_min(encap(e)); len <= SNIC_FRAME_MAX; len += len < 300 ? 1 : 257) {
			frame_spec s = {};

			s.encap = encap(e);
			s.len = len;
			s.flow = uint32_t(len * 7 + unsigned(e));
			memset(s.dmac, 2, sizeof(s.dmac));
			memset(s.smac, 4, sizeof(s.smac));
			const size_t n = frame_build(&s, buf);
			frames.push_back({ "encap " + std::to_string(e) + ", " + std::to_string(len),
					   Bytes(buf, buf + n) });
		}
	}
	const Count c = compare(frames, "gen");

	CU_ASSERT_EQUAL(c.equal, c.frames);
	CU_ASSERT_EQUAL(c.perr[SNIC_PERR_OK], c.frames);
	CU_ASSERT_EQUAL(c.sums[0][SNIC_CSUM_OK][SNIC_CSUM_OK], c.frames);
	for (int tun : { SNIC_TUN_NONE, SNIC_TUN_VXLAN, SNIC_TUN_GENEVE, SNIC_TUN_NVGRE, SNIC_TUN_MPLSOGRE })
		CU_ASSERT(c.tun[tun] > 200);
}

// ---- pseudo headers with an address that is not in the IP header ----

void put(Bytes &b, uint64_t v, unsigned bytes)
{
	while (bytes--)
		b.push_back(uint8_t(v >> 8 * bytes));
}

Bytes address(unsigned n, bool v6)
{
	Bytes b;

	put(b, v6 ? 0x20010db800000000 : 0, v6 ? 8 : 0);
	put(b, v6 ? n : 0x0a000000 + n, v6 ? 8 : 4);
	return b;
}

// UDP with a checksum that is right between src and dst.
Bytes udp(const Bytes &src, const Bytes &dst)
{
	Bytes b, all = src;
	uint32_t sum = 17;

	put(b, 0x0035cafe, 4);
	put(b, 8 + 24, 2);
	put(b, 0, 2);
	for (unsigned i = 0; i < 24; i++)
		b.push_back(uint8_t(i * 11));
	all.insert(all.end(), dst.begin(), dst.end());
	put(all, b.size(), 2);
	all.insert(all.end(), b.begin(), b.end());
	for (size_t i = 0; i < all.size(); i += 2)
		sum += uint32_t(all[i] << 8 | all[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	b[6] = uint8_t(~sum >> 8);
	b[7] = uint8_t(~sum);
	return b;
}

Bytes ethernet(unsigned type)
{
	Bytes b(12, 2);

	put(b, type, 2);
	return b;
}

// From 1 to 2 by the IP header, with an extension header whose type is `first`.
Bytes ipv6(unsigned first, const Bytes &ext, const Bytes &l4)
{
	Bytes b = ethernet(0x86dd);

	put(b, 0x60000000, 4);
	put(b, ext.size() + l4.size(), 2);
	put(b, first << 8 | 64, 2);
	for (const Bytes &part : { address(1, true), address(2, true), ext, l4 })
		b.insert(b.end(), part.begin(), part.end());
	return b;
}

Bytes ipv4(const Bytes &options, const Bytes &l4)
{
	Bytes b = ethernet(0x0800);
	uint32_t sum = 0;

	put(b, 0x40 | (5 + options.size() / 4), 1);
	put(b, 0, 1);
	put(b, 20 + options.size() + l4.size(), 2);
	put(b, 0, 4);
	put(b, 0x40110000, 4);
	for (const Bytes &part : { address(1, false), address(2, false), options })
		b.insert(b.end(), part.begin(), part.end());
	for (size_t i = 14; i < b.size(); i += 2)
		sum += uint32_t(b[i] << 8 | b[i + 1]);
	sum = (sum & 0xffff) + (sum >> 16);
	b[24] = uint8_t(~sum >> 8);
	b[25] = uint8_t(~sum);
	b.insert(b.end(), l4.begin(), l4.end());
	return b;
}

// A routing header to 9: of one segment, or (segment routing) of two.
Bytes routing(unsigned type)
{
	Bytes b;
	const unsigned segments = type == 4 ? 2 : 1;

	put(b, 17 << 24 | segments * 2 << 16 | type << 8 | 1, 4);
	put(b, type == 4 ? 0x01000000 : 0, 4);
	for (unsigned i = 0; i < segments; i++) {
		const Bytes a = address(i ? 2 : 9, true);
		b.insert(b.end(), a.begin(), a.end());
	}
	return b;
}

// Right and wrong checksums: tshark knows them, the parser does not guess.
void elsewhere()
{
	std::vector<Frame> frames;
	const Bytes v6 = udp(address(1, true), address(9, true)),
		    v4 = udp(address(1, false), address(9, false));

	for (unsigned type : { 0u, 2u, 4u })
		frames.push_back({ "routing type " + std::to_string(type), ipv6(43, routing(type), v6) });
	Bytes home = { 17, 2, 1, 2, 0, 0, 201, 16 };
	for (uint8_t x : address(9, true))
		home.push_back(x);
	frames.push_back({ "home address", ipv6(60, home, udp(address(9, true), address(2, true))) });
	for (uint8_t type : { 131, 137 })
		frames.push_back(
			{ "source route " + std::to_string(type), ipv4({ type, 7, 4, 10, 0, 0, 9, 0 }, v4) });
	for (size_t i = 0, n = frames.size(); i < n; i++) {
		frames.push_back(frames[i]);
		frames.back().from += ", wrong";
		frames.back().b.back() ^= 1;
	}
	const Count c = compare(frames, "elsewhere");
	CU_ASSERT_EQUAL(c.sums[1][SNIC_CSUM_NONE][SNIC_CSUM_OK], frames.size() / 2);
	CU_ASSERT_EQUAL(c.sums[1][SNIC_CSUM_NONE][SNIC_CSUM_BAD], frames.size() / 2);
}

// ---- damaged and random frames ----

void damaged()
{
	const std::vector<Frame> from = captured();
	std::vector<Frame> frames;
	uint64_t rng = cu_seed() + 1;

	CU_ASSERT_FATAL(!from.empty());
	for (unsigned n = 0; n < kDamaged; n++) {
		Frame f = from[cu_rand(&rng) % from.size()];

		f.from += ", damage " + std::to_string(n);
		for (uint64_t k = 1 + cu_rand(&rng) % 4; k--;)
			damage(&rng, from, f.b);
		frames.push_back(f);
	}
	compare(frames, "damaged");
}

void built()
{
	Builder builder(cu_seed() + 2);
	std::vector<Frame> frames;

	for (unsigned n = 0; n < kBuilt; n++)
		frames.push_back({ "built frame " + std::to_string(n), builder.frame() });
	const Count c = compare(frames, "built");

	CU_ASSERT(c.equal * 10 > c.frames * 9);
	for (unsigned i = 0; i <= SNIC_PERR_STEPS; i++)
		CU_ASSERT(c.perr[i] > 10);
	for (unsigned i = 0; i <= SNIC_TUN_MPLS; i++)
		CU_ASSERT(c.tun[i] > 100);
	for (unsigned i = 0; i <= SNIC_L4_OTHER; i++)
		CU_ASSERT(c.l4[0][i] > 50 && c.l4[1][i] > 50);
	for (const auto &s : c.sums)
		CU_ASSERT(s[SNIC_CSUM_OK][SNIC_CSUM_OK] > 100 && s[SNIC_CSUM_BAD][SNIC_CSUM_BAD] > 100);
}

const struct cu_test tests[] = {
	{ "tshark", "captures", captures },   { "tshark", "generated", generated },
	{ "tshark", "elsewhere", elsewhere }, { "tshark", "damaged", damaged },
	{ "tshark", "built", built },	      {},
};

} // namespace

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
