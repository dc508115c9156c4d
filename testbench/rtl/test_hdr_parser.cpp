// SPDX-License-Identifier: BSD-2-Clause
// hdr_parser: what it must say about frames that were put together byte by byte from the RFCs. Expected
// values are written down with each frame; nothing here parses.
#include <cstdio>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "Vhdr_parser.h"
#include "cu_main.h"
#include "verilated.h"

#include "snic_contract.h"

namespace {

using Bytes = std::vector<uint8_t>;

// ---- frames, from the inside out ----

void put(Bytes &b, uint64_t v, unsigned bytes)
{
	while (bytes--)
		b.push_back(uint8_t(v >> 8 * bytes));
}

Bytes operator+(Bytes a, const Bytes &b)
{
	a.insert(a.end(), b.begin(), b.end());
	return a;
}

Bytes data(unsigned n, unsigned first = 1)
{
	Bytes b(n);

	for (unsigned i = 0; i < n; i++)
		b[i] = uint8_t(first + 7 * i);
	return b;
}

// RFC 1071
uint16_t sum16(const Bytes &b, uint32_t s = 0)
{
	for (size_t i = 0; i < b.size(); i++)
		s += i % 2 ? b[i] : b[i] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return uint16_t(s);
}

void set16(Bytes &b, size_t at, unsigned v)
{
	b.at(at) = uint8_t(v >> 8);
	b.at(at + 1) = uint8_t(v);
}

struct L4 {
	unsigned proto;
	Bytes b;
	int sum_at; // where its checksum stands, -1: none
	bool pseudo;
};

L4 tcp(unsigned sport, unsigned dport, const Bytes &payload, unsigned words = 5)
{
	Bytes b;

	put(b, sport, 2);
	put(b, dport, 2);
	put(b, 0x01020304, 4);
	put(b, 0x05060708, 4);
	put(b, words << 12 | 0x18, 2);
	put(b, 0x2000, 2);
	put(b, 0, 4);
	if (words > 5)
		b = b + Bytes(4 * (words - 5), 1);
	return { 6, b + payload, 16, true };
}

L4 udp(unsigned sport, unsigned dport, const Bytes &payload)
{
	Bytes b;

	put(b, sport, 2);
	put(b, dport, 2);
	put(b, 8 + payload.size(), 2);
	put(b, 0, 2);
	return { 17, b + payload, 6, true };
}

L4 no_sum(L4 l4)
{
	l4.sum_at = -1;
	return l4;
}

L4 icmp(unsigned type, unsigned code, const Bytes &payload, bool v6 = false)
{
	Bytes b;

	put(b, type << 8 | code, 2);
	put(b, 0, 2);
	return { v6 ? 58u : 1u, b + payload, 2, v6 };
}

L4 raw(unsigned proto, const Bytes &b)
{
	return { proto, b, -1, false };
}

struct Addr {
	uint32_t w[4]; // as in the key: least significant first
	bool operator!=(const Addr &o) const { return memcmp(w, o.w, sizeof(w)) != 0; }
};

const Addr kNone = { { 0, 0, 0, 0 } };
const Addr kA1 = { { 0xc0000201, 0, 0, 0 } }, kA2 = { { 0xc6336402, 0, 0, 0 } }; // 192.0.2.1, 198.51.100.2
const Addr kB1 = { { 0x0a000001, 0, 0, 0 } }, kB2 = { { 0x0a0000fe, 0, 0, 0 } };
const Addr kC1 = { { 0x00000001, 0x89abcdef, 0x01234567, 0x20010db8 } };
const Addr kC2 = { { 0xfffefdfc, 0x76543210, 0xfedcba98, 0x20010db8 } };
const Addr kD1 = { { 0x11121314, 0x15161718, 0x191a1b1c, 0xfd1d1e1f } };
const Addr kD2 = { { 0x21222324, 0x25262728, 0x292a2b2c, 0xfd2d2e2f } };

void put(Bytes &b, const Addr &a, unsigned words)
{
	while (words--)
		put(b, a.w[words], 4);
}

void l4_sum(L4 &l4, const Addr &s, const Addr &d, unsigned words)
{
	Bytes p;

	if (l4.sum_at < 0)
		return;
	set16(l4.b, size_t(l4.sum_at), 0);
	if (l4.pseudo) {
		put(p, s, words);
		put(p, d, words);
		put(p, l4.b.size(), 4);
		put(p, l4.proto, 4);
	}
	unsigned sum = uint16_t(~sum16(l4.b, sum16(p)));
	if (l4.proto == 17 && !sum)
		sum = 0xffff;
	set16(l4.b, size_t(l4.sum_at), sum);
}

constexpr unsigned kTos = 0x4a, kClass = 0x9d;

// frag: flags and offset as in the header
Bytes ip4(const Addr &s, const Addr &d, L4 l4, const Bytes &options = {}, unsigned frag = 0x4000)
{
	Bytes b;

	l4_sum(l4, s, d, 1);
	put(b, 0x40 | (5 + options.size() / 4), 1);
	put(b, kTos, 1);
	put(b, 20 + options.size() + l4.b.size(), 2);
	put(b, 0x1234, 2);
	put(b, frag, 2);
	put(b, 64, 1);
	put(b, l4.proto, 1);
	put(b, 0, 2);
	put(b, s, 1);
	put(b, d, 1);
	b = b + options;
	set16(b, 10, uint16_t(~sum16(b)));
	return b + l4.b;
}

// first, ext: next header value of the IPv6 header, and the extension headers (the last one names the L4)
Bytes ip6(const Addr &s, const Addr &d, L4 l4, int first = -1, const Bytes &ext = {})
{
	Bytes b;

	l4_sum(l4, s, d, 4);
	put(b, 0x60000000 | kClass << 20 | 0xabcde, 4);
	put(b, ext.size() + l4.b.size(), 2);
	put(b, first < 0 ? l4.proto : unsigned(first), 1);
	put(b, 64, 1);
	put(b, s, 4);
	put(b, d, 4);
	return b + ext + l4.b;
}

// Length in bytes is 8 * (units + 1). Byte 3 is a routing header's segments left.
Bytes ext(unsigned next, unsigned units, unsigned segments = 0)
{
	Bytes b = data(8 * (units + 1), 99);

	b[0] = uint8_t(next);
	b[1] = uint8_t(units);
	b[3] = uint8_t(segments);
	return b;
}

Bytes ext_frag(unsigned next, unsigned offset8, bool more)
{
	Bytes b;

	put(b, next, 1);
	put(b, 0xee, 1); // reserved: no length
	put(b, offset8 << 3 | more, 2);
	put(b, 0x77777777, 4);
	return b;
}

Bytes ext_ah(unsigned next, unsigned bytes)
{
	Bytes b = data(bytes, 55);

	b[0] = uint8_t(next);
	b[1] = uint8_t(bytes / 4 - 2);
	return b;
}

constexpr uint64_t kM1 = 0x020102030405, kM2 = 0x02aabbccddee, kM3 = 0x061112131415, kM4 = 0x06a1a2a3a4a5;

Bytes eth(uint64_t dst, uint64_t src, unsigned type, const Bytes &payload)
{
	Bytes b;

	put(b, dst, 6);
	put(b, src, 6);
	put(b, type, 2);
	return b + payload;
}

Bytes tag(unsigned tci, unsigned type, const Bytes &payload)
{
	Bytes b;

	put(b, tci, 2);
	put(b, type, 2);
	return b + payload;
}

Bytes mpls(unsigned label, bool bottom, const Bytes &payload)
{
	Bytes b;

	put(b, label << 12 | 5 << 9 | unsigned(bottom) << 8 | 64, 4);
	return b + payload;
}

Bytes vxlan(unsigned vni, const Bytes &payload, unsigned flags = 8)
{
	Bytes b;

	put(b, flags << 24, 4);
	put(b, vni << 8 | 0x5a, 4);
	return b + payload;
}

Bytes geneve(unsigned vni, unsigned type, const Bytes &options, const Bytes &payload, unsigned version = 0)
{
	Bytes b;

	put(b, version << 6 | options.size() / 4, 1);
	put(b, 0x40, 1);
	put(b, type, 2);
	put(b, vni << 8 | 0xa5, 4);
	return b + options + payload;
}

// flags: the first 16 bits; the optional words follow
Bytes gre(unsigned flags, unsigned type, const std::vector<uint32_t> &words, const Bytes &payload)
{
	Bytes b;

	put(b, flags, 2);
	put(b, type, 2);
	for (uint32_t w : words)
		put(b, w, 4);
	return b + payload;
}

// ---- what the parser must say ----

struct Want {
	unsigned perr, l3, l4, tun, il3, il4, l3ok, l4ok, il3ok, il4ok;
	uint64_t odmac, osmac;
	unsigned tagged, ad, otci;
	// key
	unsigned kl3, kl4, frag, has_vlan, proto, type, vlan, dscp, sport, dport;
	uint64_t dmac, smac;
	uint32_t tun_id;
	Addr sip, dip, tsip, tdip;
};

// An Ethernet frame, nothing more.
Want w_eth(unsigned type)
{
	Want w = {};

	w.odmac = w.dmac = kM1;
	w.osmac = w.smac = kM2;
	w.type = type;
	return w;
}

Want w_ip4(unsigned proto, unsigned l4 = SNIC_L4_NONE, unsigned sport = 0, unsigned dport = 0)
{
	Want w = w_eth(0x0800);

	w.l3 = w.kl3 = SNIC_L3_IPV4;
	w.l3ok = SNIC_CSUM_OK;
	w.sip = kA1;
	w.dip = kA2;
	w.dscp = kTos;
	w.proto = proto;
	w.l4 = w.kl4 = l4;
	w.sport = sport;
	w.dport = dport;
	if (l4 == SNIC_L4_TCP || l4 == SNIC_L4_UDP || l4 == SNIC_L4_ICMP)
		w.l4ok = SNIC_CSUM_OK;
	return w;
}

Want w_ip6(unsigned proto, unsigned l4 = SNIC_L4_NONE, unsigned sport = 0, unsigned dport = 0)
{
	Want w = w_ip4(proto, l4, sport, dport);

	w.type = 0x86dd;
	w.l3 = w.kl3 = SNIC_L3_IPV6;
	w.l3ok = SNIC_CSUM_NONE;
	w.sip = kC1;
	w.dip = kC2;
	w.dscp = kClass;
	return w;
}

// The outer side w goes into a tunnel; the inner side is still to be filled in.
Want w_tun(Want w, unsigned tun, uint32_t id)
{
	w.tun = tun;
	w.tun_id = id;
	w.tsip = w.sip;
	w.tdip = w.dip;
	w.sip = w.dip = kNone;
	w.kl3 = w.kl4 = w.frag = w.has_vlan = w.proto = w.type = w.vlan = w.dscp = w.sport = w.dport = 0;
	w.dmac = w.smac = 0;
	return w;
}

Want w_in_eth(Want w, unsigned type)
{
	w.dmac = kM3;
	w.smac = kM4;
	w.type = type;
	return w;
}

Want w_in_ip4(Want w, unsigned proto, unsigned l4 = SNIC_L4_NONE, unsigned sport = 0, unsigned dport = 0)
{
	w.il3 = w.kl3 = SNIC_L3_IPV4;
	w.il3ok = SNIC_CSUM_OK;
	w.sip = kB1;
	w.dip = kB2;
	w.dscp = kTos;
	w.proto = proto;
	w.il4 = w.kl4 = l4;
	w.sport = sport;
	w.dport = dport;
	if (l4 == SNIC_L4_TCP || l4 == SNIC_L4_UDP || l4 == SNIC_L4_ICMP)
		w.il4ok = SNIC_CSUM_OK;
	return w;
}

Want w_in_ip6(Want w, unsigned proto, unsigned l4 = SNIC_L4_NONE, unsigned sport = 0, unsigned dport = 0)
{
	w = w_in_ip4(w, proto, l4, sport, dport);
	w.il3 = w.kl3 = SNIC_L3_IPV6;
	w.il3ok = SNIC_CSUM_NONE;
	w.sip = kD1;
	w.dip = kD2;
	w.dscp = kClass;
	return w;
}

Want w_perr(Want w, unsigned perr)
{
	w.perr = perr;
	return w;
}

// ---- the bench ----

struct Profile {
	unsigned in_pct, out_pct; // how often each side is willing
};
const Profile kFull = { 100, 100 };

constexpr unsigned kMetaWords = 30; // 187 bits above the key

struct Result {
	uint32_t w[kMetaWords];

	uint64_t bits(unsigned lsb, unsigned width) const
	{
		uint64_t v = 0;

		for (unsigned i = width; i--;)
			v = v << 1 | (w[(lsb + i) / 32] >> (lsb + i) % 32 & 1);
		return v;
	}
	uint64_t key(unsigned lsb, unsigned width) const { return bits(lsb, width); }
	Addr addr(unsigned lsb) const
	{
		return { { uint32_t(bits(lsb, 32)), uint32_t(bits(lsb + 32, 32)),
			   uint32_t(bits(lsb + 64, 32)), uint32_t(bits(lsb + 96, 32)) } };
	}
	// Position of each part above the key, as in snic_pkg::meta_t.
	uint64_t info(unsigned lsb, unsigned width) const { return bits(768 + lsb, width); }
	uint64_t tci() const { return bits(797, 16); }
	uint64_t ad() const { return bits(813, 1); }
	uint64_t tagged() const { return bits(814, 1); }
	uint64_t smac() const { return bits(815, 48); }
	uint64_t dmac() const { return bits(863, 48); }
	uint64_t src() const { return bits(911, 9); }
	uint64_t pkt() const { return bits(920, 39); }
};

class Bench {
public:
	explicit Bench(uint64_t seed) : top(new Vhdr_parser), rng(seed)
	{
		top->rst_ni = 0;
		top->tun_ports_i = 4789ull << 32 | 6081u << 16 | 6635u;
		top->hdr_valid_i = 0;
		top->meta_ready_i = 0;
		for (int i = 0; i < 3; i++)
			tick();
		top->rst_ni = 1;
		tick();
		CU_ASSERT(top->idle_o);
	}

	~Bench() { top->final(); }

	// Results of all frames, in order of arrival; fewer if the parser hangs.
	std::vector<Result> run(const std::vector<Bytes> &frames, const Profile &p)
	{
		const uint64_t start = now,
			       limit = now + 1000 + frames.size() * 40 * 100 / p.in_pct * 100 / p.out_pct;
		std::vector<Result> out;
		size_t f = 0;
		unsigned beat = 0;

		want_ref.clear();
		while (out.size() < frames.size() && now < limit) {
			if (!top->hdr_valid_i && f < frames.size() && chance(p.in_pct))
				offer(frames[f], beat);
			top->meta_ready_i = chance(p.out_pct);
			top->eval();
			const bool took = top->hdr_valid_i && top->hdr_ready_o;
			const bool eop = took && top->hdr_eop_i;

			if (top->meta_valid_o) {
				Result r;
				memcpy(r.w, top->meta_o.data(), sizeof(r.w));
				if (held)
					CU_ASSERT(!memcmp(r.w, last.w, sizeof(r.w)));
				last = r;
				held = !top->meta_ready_i;
				if (!held) {
					CU_ASSERT_FATAL(!want_ref.empty());
					CU_ASSERT_EQUAL(r.pkt(), want_ref.front().first);
					CU_ASSERT_EQUAL(r.src(), want_ref.front().second);
					CU_ASSERT_EQUAL(r.key(SNIC_K(VPORT)), want_ref.front().second);
					want_ref.pop_front();
					out.push_back(r);
				}
			} else {
				CU_ASSERT(!held);
			}
			CU_ASSERT(!(top->idle_o && (out.size() < f || beat || top->meta_valid_o)));
			tick();
			if (took) {
				top->hdr_valid_i = 0;
				beat = eop ? 0 : beat + 1;
				f += eop;
			}
		}
		top->meta_ready_i = 0;
		cycles = now - start;
		for (int i = 0; i < 20 && !top->idle_o; i++)
			tick();
		CU_ASSERT(top->idle_o);
		return out;
	}

	uint64_t cycles = 0;
	uint64_t random() { return cu_rand(&rng); }

private:
	bool chance(unsigned pct) { return pct >= 100 || random() % 100 < pct; }

	void tick()
	{
		top->clk_i = 0;
		top->eval();
		top->clk_i = 1;
		top->eval();
		top->clk_i = 0;
		top->eval();
		now++;
	}

	// Bytes past the frame are noise: the parser must not depend on them. So are pkt, src and sum but
	// with the first beat.
	void offer(const Bytes &f, unsigned beat)
	{
		const unsigned beats = f.size() > 192 ? 4 : unsigned(f.size() + 63) / 64;
		uint8_t b[64];

		for (unsigned i = 0; i < 64; i++)
			b[i] = beat * 64 + i < f.size() ? f[beat * 64 + i] : uint8_t(random());
		memcpy(top->hdr_data_i.data(), b, 64);
		top->hdr_valid_i = 1;
		top->hdr_sop_i = beat == 0;
		top->hdr_eop_i = beat == beats - 1;
		top->hdr_pkt_i = random() >> 25;
		top->hdr_src_i = random() & 0x1ff;
		top->hdr_sum_i = uint16_t(random());
		if (beat == 0) {
			top->hdr_pkt_i = (random() >> 25 & ~0x3fffull) | f.size();
			top->hdr_sum_i = sum16(f);
			want_ref.push_back({ top->hdr_pkt_i, top->hdr_src_i });
		}
	}

	std::unique_ptr<Vhdr_parser> top;
	uint64_t rng, now = 0;
	std::deque<std::pair<uint64_t, unsigned>> want_ref;
	Result last = {};
	bool held = false;
};

struct Case {
	std::string name;
	Bytes frame;
	Want want;
};

bool differs(const std::string &name, const char *field, uint64_t got, uint64_t want)
{
	if (got == want)
		return false;
	printf("    %s: %s is %llx, want %llx\n", name.c_str(), field, (unsigned long long)got,
	       (unsigned long long)want);
	return true;
}

void check(const Case &c, const Result &r)
{
	const Want &w = c.want;
	bool bad = false;
	struct {
		const char *name;
		uint64_t got, want;
	} f[] = {
		{ "perr", r.info(21, 4), w.perr },
		{ "l3", r.info(19, 2), w.l3 },
		{ "l4", r.info(16, 3), w.l4 },
		{ "tun", r.info(13, 3), w.tun },
		{ "il3", r.info(11, 2), w.il3 },
		{ "il4", r.info(8, 3), w.il4 },
		{ "l3ok", r.info(6, 2), w.l3ok },
		{ "l4ok", r.info(4, 2), w.l4ok },
		{ "il3ok", r.info(2, 2), w.il3ok },
		{ "il4ok", r.info(0, 2), w.il4ok },
		{ "frag", r.info(25, 1), w.frag },
		{ "outer dmac", r.dmac(), w.odmac },
		{ "outer smac", r.smac(), w.osmac },
		{ "outer tag", r.tagged(), w.tagged },
		{ "outer tci", r.tci(), w.otci },
		{ "outer tag is 802.1ad", r.ad(), w.ad },
		{ "key.tun", r.key(SNIC_K(TUN)), w.tun },
		{ "key.l3", r.key(SNIC_K(L3)), w.kl3 },
		{ "key.l4", r.key(SNIC_K(L4)), w.kl4 },
		{ "key.frag", r.key(SNIC_K(FRAG)), w.frag },
		{ "key.has_vlan", r.key(SNIC_K(HAS_VLAN)), w.has_vlan },
		{ "key.rsvd0", r.key(SNIC_K(RSVD0)), 0 },
		{ "key.ip_proto", r.key(SNIC_K(IP_PROTO)), w.proto },
		{ "key.ethertype", r.key(SNIC_K(ETHERTYPE)), w.type },
		{ "key.vlan", r.key(SNIC_K(VLAN)), w.vlan },
		{ "key.dmac", r.key(SNIC_K(DMAC)), w.dmac },
		{ "key.dscp", r.key(SNIC_K(DSCP)), w.dscp },
		{ "key.rsvd1", r.key(SNIC_K(RSVD1)), 0 },
		{ "key.smac", r.key(SNIC_K(SMAC)), w.smac },
		{ "key.rsvd2", r.key(SNIC_K(RSVD2)), 0 },
		{ "key.sport", r.key(SNIC_K(SPORT)), w.sport },
		{ "key.dport", r.key(SNIC_K(DPORT)), w.dport },
		{ "key.tun_id", r.key(SNIC_K(TUN_ID)), w.tun_id },
		{ "key.sip", r.addr(SNIC_KEY_SIP_LSB) != w.sip, 0 },
		{ "key.dip", r.addr(SNIC_KEY_DIP_LSB) != w.dip, 0 },
		{ "key.tun_sip", r.addr(SNIC_KEY_TUN_SIP_LSB) != w.tsip, 0 },
		{ "key.tun_dip", r.addr(SNIC_KEY_TUN_DIP_LSB) != w.tdip, 0 },
	};

	for (const auto &x : f)
		bad |= differs(c.name, x.name, x.got, x.want);
	CU_ASSERT(!bad);
}

void check_all(const std::vector<Case> &cases)
{
	const Profile profiles[] = { kFull, { 40, 60 } };
	std::vector<Bytes> frames;

	for (const Case &c : cases)
		frames.push_back(c.frame);
	for (const Profile &p : profiles) {
		Bench b(cu_seed() + 1);
		const std::vector<Result> r = b.run(frames, p);

		CU_ASSERT_EQUAL_FATAL(r.size(), cases.size());
		for (size_t i = 0; i < cases.size(); i++)
			check(cases[i], r[i]);
	}
}

Bytes e4(const Bytes &ip)
{
	return eth(kM1, kM2, 0x0800, ip);
}
Bytes e6(const Bytes &ip)
{
	return eth(kM1, kM2, 0x86dd, ip);
}
Bytes i4(const Bytes &ip)
{
	return eth(kM3, kM4, 0x0800, ip);
}
Bytes i6(const Bytes &ip)
{
	return eth(kM3, kM4, 0x86dd, ip);
}
Bytes a4(const L4 &l4)
{
	return ip4(kA1, kA2, l4);
}
Bytes a6(const L4 &l4)
{
	return ip6(kC1, kC2, l4);
}
Bytes b4(const L4 &l4)
{
	return ip4(kB1, kB2, l4);
}
Bytes b6(const L4 &l4)
{
	return ip6(kD1, kD2, l4);
}

Bytes flip(Bytes b, size_t at, unsigned bits = 1)
{
	b.at(at) ^= uint8_t(bits);
	return b;
}

Bytes with16(Bytes b, size_t at, unsigned v)
{
	set16(b, at, v);
	return b;
}

Bytes cut(Bytes b, size_t len)
{
	b.resize(len);
	return b;
}

// ---- cases ----

void ethernet()
{
	Want v = w_ip4(6, SNIC_L4_TCP, 1000, 80), q = v, lone = w_eth(0x8100);

	v.tagged = v.has_vlan = q.tagged = q.has_vlan = 1;
	v.otci = v.vlan = 0x6123;
	q.otci = q.vlan = 0xe456;
	q.ad = 1;
	lone.perr = SNIC_PERR_TRUNC;
	check_all({
		{ "unknown type", eth(kM1, kM2, 0x88cc, data(46)), w_eth(0x88cc) },
		{ "802.3 length", eth(kM1, kM2, 46, data(46)), w_eth(46) },
		{ "length 0x5ff", eth(kM1, kM2, 0x5ff, data(46)), w_eth(0x5ff) },
		{ "multicast", eth(0xffffffffffff, kM2, 0x88cc, data(46)),
		  [] {
			  Want w = w_eth(0x88cc);
			  w.dmac = w.odmac = 0xffffffffffff;
			  return w;
		  }() },
		{ "802.1Q", eth(kM1, kM2, 0x8100, tag(0x6123, 0x0800, a4(tcp(1000, 80, data(6))))), v },
		{ "802.1ad",
		  eth(kM1, kM2, 0x88a8, tag(0xe456, 0x8100, tag(7, 0x0800, a4(tcp(1000, 80, data(9)))))), q },
		{ "tag cut", cut(eth(kM1, kM2, 0x8100, data(4)), 16), lone },
		{ "short Ethernet", cut(eth(kM1, kM2, 0, {}), 13), w_perr(Want{}, SNIC_PERR_TRUNC) },
	});
}

void ipv4()
{
	Want bad = w_ip4(6, SNIC_L4_TCP, 1, 2), first, later = w_ip4(17, SNIC_L4_FRAG), trunc = w_ip4(6);
	const Bytes t = e4(a4(tcp(1, 2, data(40))));

	bad.l3ok = SNIC_CSUM_BAD;
	later.frag = 1;
	first = w_ip4(17, SNIC_L4_UDP, 3, 4789);
	first.frag = 1;
	first.l4ok = SNIC_CSUM_NONE;
	trunc.perr = SNIC_PERR_TRUNC;
	Want ttl_bad = trunc;
	ttl_bad.l3ok = SNIC_CSUM_BAD;
	check_all({
		{ "tcp", t, w_ip4(6, SNIC_L4_TCP, 1, 2) },
		{ "udp", e4(a4(udp(53, 54, data(18)))), w_ip4(17, SNIC_L4_UDP, 53, 54) },
		{ "icmp", e4(a4(icmp(8, 0, data(40)))), w_ip4(1, SNIC_L4_ICMP, 0x800, 0) },
		{ "options", e4(ip4(kA1, kA2, tcp(1, 2, data(3)), data(20))), w_ip4(6, SNIC_L4_TCP, 1, 2) },
		{ "all options", e4(ip4(kA1, kA2, icmp(8, 0, data(3)), data(40))),
		  w_ip4(1, SNIC_L4_ICMP, 0x800, 0) },
		{ "header sum", flip(t, 22), bad },
		{ "sum in the options", flip(e4(ip4(kA1, kA2, tcp(1, 2, data(3)), data(20))), 50), bad },
		{ "icmpv6 in v4", e4(a4(raw(58, data(40)))), w_ip4(58, SNIC_L4_OTHER) },
		{ "other", e4(a4(raw(132, data(40)))), w_ip4(132, SNIC_L4_OTHER) },
		{ "extension number in v4", e4(a4(raw(0, data(40)))), w_ip4(0, SNIC_L4_OTHER) },
		{ "59 in v4", e4(a4(raw(59, data(40)))), w_ip4(59, SNIC_L4_OTHER) },
		{ "IP in IP", e4(a4(raw(4, b4(tcp(5, 6, data(2)))))), w_ip4(4, SNIC_L4_OTHER) },
		{ "6 in 4", e4(a4(raw(41, b6(tcp(5, 6, data(2)))))), w_ip4(41, SNIC_L4_OTHER) },
		{ "first fragment", with16(e4(ip4(kA1, kA2, udp(3, 4789, data(32)), {}, 0x2000)), 38, 1400),
		  first },
		{ "later fragment", e4(ip4(kA1, kA2, raw(17, data(32)), {}, 0x2001)), later },
		{ "last fragment", e4(ip4(kA1, kA2, raw(17, data(32)), {}, 0x1fff)), later },
		{ "reserved flag", e4(ip4(kA1, kA2, tcp(1, 2, data(8)), {}, 0x8000)),
		  w_ip4(6, SNIC_L4_TCP, 1, 2) },
		{ "gre in a fragment", e4(ip4(kA1, kA2, raw(47, gre(0, 0x800, {}, data(40))), {}, 0x2000)),
		  [] {
			  Want w = w_ip4(47, SNIC_L4_OTHER);
			  w.frag = 1;
			  return w;
		  }() },
		{ "version 5", flip(t, 14, 0x10), w_perr(w_eth(0x0800), SNIC_PERR_BAD_IP) },
		{ "header of 16", flip(t, 14, 5 ^ 4), w_perr(w_eth(0x0800), SNIC_PERR_BAD_IP) },
		{ "total 19", with16(t, 16, 19), w_perr(w_eth(0x0800), SNIC_PERR_BAD_IP) },
		{ "cut at 19", cut(t, 33), w_perr(w_eth(0x0800), SNIC_PERR_TRUNC) },
		{ "version is not looked at", flip(cut(t, 33), 14, 0x10),
		  w_perr(w_eth(0x0800), SNIC_PERR_TRUNC) },
		{ "options cut", cut(e4(ip4(kA1, kA2, tcp(1, 2, data(3)), data(40))), 60),
		  w_perr(w_eth(0x0800), SNIC_PERR_TRUNC) },
		{ "total past the frame", cut(t, 93), trunc },
		{ "total 65535", with16(t, 16, 65535), ttl_bad },
		{ "fragment past the frame", cut(e4(ip4(kA1, kA2, raw(17, data(80)), {}, 0x2001)), 60),
		  [] {
			  Want w = w_perr(w_ip4(17), SNIC_PERR_TRUNC);
			  w.frag = 1;
			  return w;
		  }() },
		{ "no payload", e4(a4(raw(6, {}))) + Bytes(26), w_perr(w_ip4(6), SNIC_PERR_TRUNC) },
	});
}

void ipv6()
{
	const Bytes t = e6(a6(tcp(1, 2, data(9))));
	const Bytes chain =
		ext(60, 0) + ext(43, 1) + ext(51, 2) + ext_ah(44, 24) + ext_frag(60, 0, false) + ext(6, 0);
	Want first = w_ip6(17, SNIC_L4_UDP, 3, 4), later = w_ip6(60, SNIC_L4_FRAG);
	Want trunc = w_perr(w_ip6(6), SNIC_PERR_TRUNC);

	first.frag = later.frag = 1;
	first.l4ok = SNIC_CSUM_NONE;
	check_all({
		{ "tcp", t, w_ip6(6, SNIC_L4_TCP, 1, 2) },
		{ "udp", e6(a6(udp(53, 54, data(1)))), w_ip6(17, SNIC_L4_UDP, 53, 54) },
		{ "icmpv6", e6(a6(icmp(128, 3, data(20), true))), w_ip6(58, SNIC_L4_ICMP, 0x8003, 0) },
		{ "icmp in v6", e6(a6(raw(1, data(20)))), w_ip6(1, SNIC_L4_OTHER) },
		{ "other", e6(a6(raw(89, data(20)))), w_ip6(89, SNIC_L4_OTHER) },
		{ "4 in 6", e6(a6(raw(4, b4(tcp(1, 2, {}))))), w_ip6(4, SNIC_L4_OTHER) },
		{ "no next header", e6(a6(raw(59, data(20)))), w_ip6(59) },
		{ "no next header, no payload", e6(a6(raw(59, {}))) + Bytes(6), w_ip6(59) },
		{ "extensions", e6(ip6(kC1, kC2, tcp(1, 2, data(5)), 0, chain)),
		  w_ip6(6, SNIC_L4_TCP, 1, 2) },
		{ "hop by hop, then 59", e6(ip6(kC1, kC2, raw(59, {}), 0, ext(59, 3))), w_ip6(59) },
		{ "routing, then other", e6(ip6(kC1, kC2, raw(89, {}), 43, ext(89, 3))),
		  w_ip6(89, SNIC_L4_OTHER) },
		{ "first fragment", e6(ip6(kC1, kC2, udp(3, 4, data(24)), 44, ext_frag(17, 0, true))),
		  first },
		{ "first fragment, options",
		  e6(ip6(kC1, kC2, udp(3, 4, data(24)), 44, ext_frag(60, 0, true) + ext(17, 0))), first },
		{ "later fragment", e6(ip6(kC1, kC2, raw(60, data(24)), 44, ext_frag(60, 5, false))), later },
		{ "gre in a fragment",
		  e6(ip6(kC1, kC2, raw(47, gre(0, 0x800, {}, data(40))), 44, ext_frag(47, 0, true))),
		  [] {
			  Want w = w_ip6(47, SNIC_L4_OTHER);
			  w.frag = 1;
			  return w;
		  }() },
		{ "version 4", flip(t, 14, 0x20), w_perr(w_eth(0x86dd), SNIC_PERR_BAD_IP) },
		{ "jumbogram", with16(e6(ip6(kC1, kC2, raw(6, data(9)), 0, ext(6, 0))), 18, 0),
		  w_perr(w_eth(0x86dd), SNIC_PERR_BAD_IP) },
		{ "cut at 39", cut(t, 53), w_perr(w_eth(0x86dd), SNIC_PERR_TRUNC) },
		{ "payload past the frame", cut(t, 82), trunc },
		{ "payload 65535", with16(t, 18, 65535), trunc },
		{ "extension past the datagram",
		  with16(e6(ip6(kC1, kC2, raw(6, data(9)), 60, ext(6, 3))), 18, 31),
		  w_perr(w_ip6(60), SNIC_PERR_TRUNC) },
		{ "extension's fixed part past it",
		  with16(e6(ip6(kC1, kC2, raw(6, data(9)), 60, ext(6, 3))), 18, 7),
		  w_perr(w_ip6(60), SNIC_PERR_TRUNC) },
		{ "second extension cut",
		  with16(e6(ip6(kC1, kC2, raw(6, data(9)), 0, ext(43, 0) + ext(6, 1))), 18, 20),
		  w_perr(w_ip6(43), SNIC_PERR_TRUNC) },
	});
}

void l4_errors()
{
	const Bytes t = e4(a4(tcp(1, 2, data(20)))), u = e4(a4(udp(1, 2, data(30))));
	const Want bad_t = w_perr(w_ip4(6), SNIC_PERR_BAD_L4), bad_u = w_perr(w_ip4(17), SNIC_PERR_BAD_L4);
	Want some = w_ip4(6, SNIC_L4_TCP, 1, 2), no = w_ip4(17, SNIC_L4_UDP, 1, 2);

	no.l4ok = SNIC_CSUM_NONE;
	check_all({
		{ "tcp offset 4", flip(t, 46, 0x10), bad_t },
		{ "tcp offset past the datagram", flip(t, 46, 0xf0 ^ 0x50),
		  w_perr(w_ip4(6), SNIC_PERR_TRUNC) },
		{ "tcp offset up to its end", e4(a4(tcp(1, 2, {}, 15))), some },
		{ "tcp of 19", e4(a4(raw(6, data(19)))) + Bytes(7), w_perr(w_ip4(6), SNIC_PERR_TRUNC) },
		{ "udp length 7", with16(u, 38, 7), bad_u },
		{ "udp length 0", with16(u, 38, 0), bad_u },
		{ "udp length past the datagram", with16(u, 38, 39) + Bytes(8), bad_u },
		{ "udp length less", with16(u, 38, 37), no },
		{ "udp of 7", e4(a4(raw(17, data(7)))) + Bytes(19), w_perr(w_ip4(17), SNIC_PERR_TRUNC) },
		{ "icmp of 3", e4(a4(raw(1, data(3)))) + Bytes(23), w_perr(w_ip4(1), SNIC_PERR_TRUNC) },
		{ "icmp of 4", e4(a4(icmp(11, 7, {}))) + Bytes(22), w_ip4(1, SNIC_L4_ICMP, 0xb07, 0) },
		{ "icmpv6 of 3", e6(a6(raw(58, data(3)))) + Bytes(3), w_perr(w_ip6(58), SNIC_PERR_TRUNC) },
	});
}

void l4_sums()
{
	std::vector<Case> c;
	const Want t = w_ip4(6, SNIC_L4_TCP, 1, 2), u = w_ip4(17, SNIC_L4_UDP, 1, 2),
		   t6 = w_ip6(6, SNIC_L4_TCP, 1, 2);
	Want none_t = t, none_u = u, bad_t = t, bad_u = u, bad_t6 = t6;

	none_t.l4ok = none_u.l4ok = SNIC_CSUM_NONE;
	bad_t.l4ok = bad_u.l4ok = bad_t6.l4ok = SNIC_CSUM_BAD;
	// Every length around the window's end and each residue of 4; a wrong byte at both ends; padding, of
	// zeros or not.
	for (unsigned n = 6; n < 260; n = n == 14 ? 196 : n + 1) {
		const Bytes f = e4(a4(tcp(1, 2, data(n))));
		const std::string s = " " + std::to_string(f.size());

		c.push_back({ "right" + s, f, t });
		c.push_back({ "last byte" + s, flip(f, f.size() - 1), bad_t });
		c.push_back({ "first bytes" + s, flip(f, 40, 0x80), bad_t });
		for (unsigned pad = 1; pad < 8; pad++) {
			const bool known = f.size() + pad <= SNIC_HDR_WINDOW;
			c.push_back({ "padded" + s, f + Bytes(pad), known ? t : none_t });
			c.push_back({ "trailer" + s, f + data(pad), known ? t : none_t });
			c.push_back({ "trailer, wrong" + s, flip(f, f.size() - 1) + data(pad),
				      known ? bad_t : none_t });
		}
	}
	for (unsigned n : { 0u, 1u, 2u, 3u, 250u, 1442u, 1443u, 8999u }) {
		const Bytes f = e4(a4(udp(1, 2, data(n)))), g = e6(a6(tcp(1, 2, data(n))));
		const std::string s = " +" + std::to_string(n);

		c.push_back({ "udp" + s, f, u });
		c.push_back({ "udp wrong" + s, flip(f, 41), bad_u });
		c.push_back({ "udp without" + s, e4(a4(no_sum(udp(1, 2, data(n))))), none_u });
		c.push_back({ "tcp v6" + s, g, t6 });
		Want other = bad_t6;
		other.sip.w[3] ^= 0x40000000;
		c.push_back({ "tcp v6, address" + s, flip(g, 22, 0x40), other });
	}
	// Ones' complement has two zeros. A TCP sum that comes out as 0000 in the header is a sum like
	// others; in UDP, 0000 says none, so ffff is sent.
	for (unsigned proto : { 6u, 17u }) {
		L4 l = proto == 6 ? tcp(1, 2, data(20)) : udp(1, 2, data(20));
		Bytes p;

		put(p, kA1, 1);
		put(p, kA2, 1);
		put(p, l.b.size(), 4);
		put(p, proto, 4);
		set16(l.b, l.b.size() - 2, 0);
		set16(l.b, l.b.size() - 2, uint16_t(~sum16(l.b, sum16(p)))); // the rest now sums to ffff
		const Bytes f = e4(ip4(kA1, kA2, l));
		const unsigned at = 34 + unsigned(l.sum_at);
		CU_ASSERT_EQUAL(f[at] << 8 | f[at + 1], proto == 6 ? 0 : 0xffff);
		c.push_back({ "sum is zero", f, proto == 6 ? t : u });
		c.push_back({ "the other zero", with16(f, at, 0xffff), proto == 6 ? t : u });
	}
	// No pseudo header: nothing but zeros adds up to the zero that no right sum gives (RFC 1071), but modulo
	// ffff it is the same as words that add up to ffff.
	Want zeros = w_ip4(1, SNIC_L4_ICMP);
	zeros.l4ok = SNIC_CSUM_NONE;
	c.push_back({ "icmp of zeros", e4(a4(raw(1, Bytes(46)))), zeros });
	c.push_back({ "icmp, sum is zero", e4(a4(raw(1, Bytes(44) + Bytes(2, 0xff)))), zeros });
	c.push_back({ "icmp wrong", flip(e4(a4(icmp(8, 0, data(41)))), 74), [] {
			     Want w = w_ip4(1, SNIC_L4_ICMP, 0x800, 0);
			     w.l4ok = SNIC_CSUM_BAD;
			     return w;
		     }() });
	c.push_back({ "icmpv6 wrong", flip(e6(a6(icmp(128, 0, data(41), true))), 98), [] {
			     Want w = w_ip6(58, SNIC_L4_ICMP, 0x8000, 0);
			     w.l4ok = SNIC_CSUM_BAD;
			     return w;
		     }() });
	check_all(c);
}

// Outer side of UDP tunnels: its checksum is right.
Want w_udp_tun(unsigned dport, unsigned tun, uint32_t id)
{
	return w_tun(w_ip4(17, SNIC_L4_UDP, 0xc000, dport), tun, id);
}

void vxlan_geneve()
{
	const Want vx = w_in_eth(w_udp_tun(4789, SNIC_TUN_VXLAN, 0xabcdef), 0x0800);
	const Want ge = w_udp_tun(6081, SNIC_TUN_GENEVE, 0x123456);
	const Bytes in = i4(b4(tcp(7, 9, data(11))));
	Want tagged = w_in_ip4(vx, 6, SNIC_L4_TCP, 7, 9), six, nested, none, zero, inner_mpls = vx;

	tagged.has_vlan = 1;
	tagged.vlan = 0x0fed;
	tagged.tagged = tagged.ad = 1;
	tagged.otci = 0x0abc;
	// over IPv6, and inner IPv6
	six = w_in_ip6(w_in_eth(w_tun(w_ip6(17, SNIC_L4_UDP, 0xc000, 4789), SNIC_TUN_VXLAN, 1), 0x86dd), 17,
		       SNIC_L4_UDP, 5, 6);
	nested = w_in_ip4(vx, 17, SNIC_L4_UDP, 5, 4789);
	none = w_ip4(17, SNIC_L4_UDP, 0xc000, 4789);
	zero = w_in_ip4(vx, 6, SNIC_L4_TCP, 7, 9);
	zero.l4ok = SNIC_CSUM_NONE;
	inner_mpls.type = 0x8847;
	Want bad = w_in_ip4(vx, 6, SNIC_L4_TCP, 7, 9);
	bad.il3ok = bad.l4ok =
		SNIC_CSUM_BAD; // one flipped bit in the inner header is wrong for the outer UDP too
	Want bad4 = w_in_ip4(vx, 6, SNIC_L4_TCP, 7, 9);
	bad4.il4ok = bad4.l4ok = SNIC_CSUM_BAD;
	Want ge_unknown = ge, cut_in = w_udp_tun(4789, SNIC_TUN_VXLAN, 0xabcdef);
	cut_in.perr = SNIC_PERR_TRUNC;
	const Bytes f = e4(a4(udp(0xc000, 4789, vxlan(0xabcdef, in))));
	Want past_udp = w_perr(w_in_ip4(vx, 6), SNIC_PERR_TRUNC);
	past_udp.l4ok = SNIC_CSUM_NONE;

	check_all({
		{ "vxlan", f, w_in_ip4(vx, 6, SNIC_L4_TCP, 7, 9) },
		{ "inner header sum", flip(f, 72), bad },
		{ "inner l4 sum", flip(f, f.size() - 1), bad4 },
		{ "vxlan, tags",
		  eth(kM1, kM2, 0x88a8,
		      tag(0x0abc, 0x0800,
			  a4(udp(0xc000, 4789,
				 vxlan(0xabcdef, eth(kM3, kM4, 0x8100,
						     tag(0x0fed, 0x0800, b4(tcp(7, 9, data(11)))))))))),
		  tagged },
		{ "vxlan over v6, v6 inside", e6(a6(udp(0xc000, 4789, vxlan(1, i6(b6(udp(5, 6, data(3)))))))),
		  six },
		{ "vxlan without udp sum", e4(a4(no_sum(udp(0xc000, 4789, vxlan(0xabcdef, in))))), zero },
		{ "udp ends before the inner datagram", with16(f, 38, 8 + 8 + 64), past_udp },
		{ "udp ends with it, before the outer one",
		  with16(e4(a4(udp(0xc000, 4789, vxlan(0xabcdef, in) + data(5)))), 38, 8 + 8 + 65), zero },
		{ "no I flag", e4(a4(udp(0xc000, 4789, vxlan(0xabcdef, in, 0xf7)))), none },
		{ "all flags", e4(a4(udp(0xc000, 4789, vxlan(0xabcdef, in, 0xff)))),
		  w_in_ip4(vx, 6, SNIC_L4_TCP, 7, 9) },
		{ "vxlan in vxlan",
		  e4(a4(udp(0xc000, 4789, vxlan(0xabcdef, i4(b4(udp(5, 4789, vxlan(2, in)))))))), nested },
		{ "inner mpls",
		  e4(a4(udp(0xc000, 4789, vxlan(0xabcdef, eth(kM3, kM4, 0x8847, mpls(5, true, in)))))),
		  inner_mpls },
		{ "inner gre",
		  e4(a4(udp(0xc000, 4789, vxlan(0xabcdef, i4(b4(raw(47, gre(0, 0x800, {}, data(40))))))))),
		  w_in_ip4(vx, 47, SNIC_L4_OTHER) },
		{ "source port 4789", e4(a4(udp(4789, 5, vxlan(1, in)))), w_ip4(17, SNIC_L4_UDP, 4789, 5) },
		{ "vxlan header cut", e4(a4(udp(0xc000, 4789, data(7)))) + data(11),
		  w_perr(none, SNIC_PERR_TRUNC) },
		{ "inner Ethernet cut", e4(a4(udp(0xc000, 4789, vxlan(0xabcdef, data(13))))), cut_in },
		{ "geneve", e4(a4(udp(0xc000, 6081, geneve(0x123456, 0x6558, {}, in)))),
		  w_in_ip4(w_in_eth(ge, 0x0800), 6, SNIC_L4_TCP, 7, 9) },
		{ "geneve, options", e4(a4(udp(0xc000, 6081, geneve(0x123456, 0x6558, data(36), in)))),
		  w_in_ip4(w_in_eth(ge, 0x0800), 6, SNIC_L4_TCP, 7, 9) },
		{ "geneve, v4",
		  e4(a4(udp(0xc000, 6081, geneve(0x123456, 0x0800, data(4), b4(icmp(0, 0, data(9))))))),
		  w_in_ip4(ge, 1, SNIC_L4_ICMP) },
		{ "geneve, v6",
		  e4(a4(udp(0xc000, 6081, geneve(0x123456, 0x86dd, data(8), b6(icmp(1, 2, data(9), true)))))),
		  w_in_ip6(ge, 58, SNIC_L4_ICMP, 0x102, 0) },
		{ "geneve, unknown", e4(a4(udp(0xc000, 6081, geneve(0x123456, 0x8847, data(8), data(30))))),
		  ge_unknown },
		{ "geneve version", e4(a4(udp(0xc000, 6081, geneve(0x123456, 0x6558, {}, in, 1)))),
		  w_perr(w_ip4(17, SNIC_L4_UDP, 0xc000, 6081), SNIC_PERR_BAD_TUN) },
		{ "geneve options past the datagram",
		  e4(a4(udp(0xc000, 6081, flip(geneve(1, 0x6558, {}, data(20)), 0, 6)))),
		  w_perr(w_ip4(17, SNIC_L4_UDP, 0xc000, 6081), SNIC_PERR_TRUNC) },
	});
}

// Where an address of the pseudo header is not that of the IP header, or where it may be in options that are not
// looked at, there is no verdict: sums made with the header's own addresses are not right, a wrong byte is not wrong.
struct Elsewhere {
	std::vector<Case> cases;

	void add(const std::string &name, bool v6, bool verdict, const std::function<Bytes(const L4 &)> &ip)
	{
		const L4 all[] = { tcp(1, 2, data(21)), udp(1, 2, data(20)), icmp(8, 0, data(20), v6) };
		const unsigned kinds[] = { SNIC_L4_TCP, SNIC_L4_UDP, SNIC_L4_ICMP };

		for (unsigned i = 0; i < 3; i++) {
			const unsigned proto = all[i].proto, sport = i == 2 ? 0x800 : 1,
				       dport = i == 2 ? 0 : 2;
			const bool says = verdict || proto == 1; // it has no pseudo header
			const Bytes f = v6 ? e6(ip(all[i])) : e4(ip(all[i]));
			const std::string s = name + ", protocol " + std::to_string(proto);
			Want w = v6 ? w_ip6(proto, kinds[i], sport, dport)
				    : w_ip4(proto, kinds[i], sport, dport);

			w.l4ok = says ? SNIC_CSUM_OK : SNIC_CSUM_NONE;
			cases.push_back({ s, f, w });
			w.l4ok = says ? SNIC_CSUM_BAD : SNIC_CSUM_NONE;
			cases.push_back({ s + ", wrong", flip(f, f.size() - 1), w });
		}
	}

	void v4(const std::string &name, const Bytes &options, bool verdict)
	{
		add(name, false, verdict, [&](const L4 &l4) { return ip4(kA1, kA2, l4, options); });
	}

	// The last extension header names the L4 protocol in byte `next`.
	void v6(const std::string &name, unsigned first, Bytes exts, size_t next, bool verdict)
	{
		add(name, true, verdict, [&](const L4 &l4) {
			exts.at(next) = uint8_t(l4.proto);
			return ip6(kC1, kC2, l4, int(first), exts);
		});
	}
};

void source_routes()
{
	Elsewhere e;

	for (unsigned type : { 131u, 137u }) {
		const Bytes route = { uint8_t(type), 7, 4, 10, 0, 0, 9 };

		for (unsigned at = 0; at < 14; at++) // no operation before it, end of list behind it
			e.v4("source route at " + std::to_string(at),
			     Bytes(at, 1) + route + Bytes((21 - at) % 4), false);
		e.v4("in the last byte looked at", Bytes(19, 1) + Bytes(1, uint8_t(type)), false);
		// not an option: the protocol's first byte is next to the options
		Want w = w_ip4(17, SNIC_L4_UDP, type << 8 | 5, type << 8 | type);
		e.cases.push_back(
			{ "its number as a port",
			  e4(ip4(kA1, kA2, udp(type << 8 | 5, type << 8 | type, data(20)), Bytes(4, 1))),
			  w });
	}
	e.v4("options of 20", data(20), true);
	e.v4("options of 24", data(24), false);
	check_all(e.cases);
}

void routing_headers()
{
	Elsewhere e;

	for (unsigned type = 0; type < 8; type++) {
		for (unsigned left : { 0u, 1u, 2u, 128u, 255u }) {
			Bytes b = ext(0, 2, left);

			b[2] = uint8_t(type);
			e.v6("routing type " + std::to_string(type) + ", left " + std::to_string(left), 43, b,
			     0, !left);
		}
	}
	e.v6("routing first", 43, ext(60, 2, 1) + ext(0, 0) + ext(51, 0) + ext_ah(0, 12), 40, false);
	e.v6("routing last", 0, ext(60, 0) + ext(43, 0) + ext(0, 2, 1), 16, false);
	e.v6("routing twice", 43, ext(43, 2, 1) + ext(0, 2, 0), 24, false);
	// Of the layer they stand in alone.
	Want out = w_in_ip4(w_in_eth(w_tun(w_ip6(17, SNIC_L4_UDP, 0xc000, 4789), SNIC_TUN_VXLAN, 5), 0x0800),
			    6, SNIC_L4_TCP, 7, 9);
	Want in = w_in_ip6(w_in_eth(w_udp_tun(4789, SNIC_TUN_VXLAN, 5), 0x86dd), 6, SNIC_L4_TCP, 7, 9);
	out.l4ok = in.il4ok = SNIC_CSUM_NONE;
	e.cases.push_back({ "outer routing",
			    e6(ip6(kC1, kC2, udp(0xc000, 4789, vxlan(5, i4(b4(tcp(7, 9, data(11)))))), 43,
				   ext(17, 2, 1))),
			    out });
	e.cases.push_back({ "inner routing",
			    e4(a4(udp(0xc000, 4789,
				      vxlan(5, i6(ip6(kD1, kD2, tcp(7, 9, data(11)), 43, ext(6, 2, 1))))))),
			    in });
	check_all(e.cases);
}

void home_addresses()
{
	Elsewhere e;

	for (unsigned at = 2; at < 40; at++) {
		Bytes b = ext(0, 4);

		b[at] = 201;
		e.v6("home address at " + std::to_string(at), 60, b, 0, false);
		e.v6("its number hop by hop at " + std::to_string(at), 0, b, 0, true);
	}
	// RFC 6275: options of 24 bytes, the home address aligned to 8n + 6
	e.v6("home address", 60, Bytes{ 0, 2, 1, 2, 0, 0, 201, 16 } + data(16), 0, false);
	e.v6("home address between", 0,
	     ext(60, 0) + Bytes{ 43, 2, 1, 2, 0, 0, 201, 16 } + data(16) + ext(0, 2), 32, false);
	// the header behind is not looked at
	e.v6("its number behind", 60, ext(0, 0) + Bytes{ 0, 0, 0, 0, 201, 201, 201, 201 }, 8, true);
	e.v6("destination options of 40", 60, ext(0, 4), 0, true);
	e.v6("destination options of 48", 60, ext(0, 5), 0, false);
	e.v6("hop-by-hop options of 48", 0, ext(0, 5), 0, true);
	check_all(e.cases);
}

void gre_nvgre()
{
	const Bytes in4 = b4(tcp(7, 9, data(11))), in6 = b6(udp(5, 6, data(4)));
	const Want o = w_ip4(47);
	const Want g = w_tun(o, SNIC_TUN_GRE, 0), k = w_tun(o, SNIC_TUN_GRE, 0xdeadbeef);
	const Want nv = w_in_eth(w_tun(o, SNIC_TUN_NVGRE, 0xdeadbeef), 0x0800);
	const Want key1 = w_in_eth(w_tun(o, SNIC_TUN_NVGRE, 1), 0x0800);
	const Want tap = w_in_eth(g, 0x0800), tap_key = w_in_eth(k, 0x0800);

	check_all({
		{ "gre, v4", e4(a4(raw(47, gre(0, 0x0800, {}, in4)))), w_in_ip4(g, 6, SNIC_L4_TCP, 7, 9) },
		{ "gre, v6", e4(a4(raw(47, gre(0, 0x86dd, {}, in6)))), w_in_ip6(g, 17, SNIC_L4_UDP, 5, 6) },
		{ "gre over v6", e6(a6(raw(47, gre(0, 0x0800, {}, in4)))),
		  w_in_ip4(w_tun(w_ip6(47), SNIC_TUN_GRE, 0), 6, SNIC_L4_TCP, 7, 9) },
		{ "key", e4(a4(raw(47, gre(0x2000, 0x0800, { 0xdeadbeef }, in4)))),
		  w_in_ip4(k, 6, SNIC_L4_TCP, 7, 9) },
		{ "checksum, key", e4(a4(raw(47, gre(0xa000, 0x0800, { 0x11112222, 0xdeadbeef }, in4)))),
		  w_in_ip4(k, 6, SNIC_L4_TCP, 7, 9) },
		{ "all three", e4(a4(raw(47, gre(0xb000, 0x0800, { 0x11112222, 0xdeadbeef, 3 }, in4)))),
		  w_in_ip4(k, 6, SNIC_L4_TCP, 7, 9) },
		{ "checksum, sequence", e4(a4(raw(47, gre(0x9000, 0x0800, { 0x11112222, 3 }, in4)))),
		  w_in_ip4(g, 6, SNIC_L4_TCP, 7, 9) },
		{ "nvgre", e4(a4(raw(47, gre(0x2000, 0x6558, { 0xdeadbeef }, i4(in4))))),
		  w_in_ip4(nv, 6, SNIC_L4_TCP, 7, 9) },
		{ "gretap with key 1", e4(a4(raw(47, gre(0x2000, 0x6558, { 1 }, i4(in4))))),
		  w_in_ip4(key1, 6, SNIC_L4_TCP, 7, 9) },
		{ "gretap", e4(a4(raw(47, gre(0, 0x6558, {}, i4(in4))))),
		  w_in_ip4(tap, 6, SNIC_L4_TCP, 7, 9) },
		{ "gretap, checksum", e4(a4(raw(47, gre(0x8000, 0x6558, { 5 }, i4(in4))))),
		  w_in_ip4(tap, 6, SNIC_L4_TCP, 7, 9) },
		{ "gretap, key, sequence", e4(a4(raw(47, gre(0x3000, 0x6558, { 0xdeadbeef, 3 }, i4(in4))))),
		  w_in_ip4(tap_key, 6, SNIC_L4_TCP, 7, 9) },
		{ "gretap, checksum, key", e4(a4(raw(47, gre(0xa000, 0x6558, { 5, 0xdeadbeef }, i4(in4))))),
		  w_in_ip4(tap_key, 6, SNIC_L4_TCP, 7, 9) },
		{ "unknown type", e4(a4(raw(47, gre(0x2000, 0x880b, { 0xdeadbeef }, data(30))))), k },
		{ "gre in gre", e4(a4(raw(47, gre(0, 0x0800, {}, b4(raw(47, gre(0, 0x800, {}, in4))))))),
		  w_in_ip4(g, 47, SNIC_L4_OTHER) },
		{ "version 1", e4(a4(raw(47, gre(0x2001, 0x880b, { 1 }, data(30))))),
		  w_perr(o, SNIC_PERR_BAD_TUN) },
		{ "routing", e4(a4(raw(47, gre(0x4000, 0x0800, {}, in4)))), w_perr(o, SNIC_PERR_BAD_TUN) },
		{ "options cut", e4(a4(raw(47, gre(0xb000, 0x0800, { 1, 2 }, {})))) + Bytes(14),
		  w_perr(o, SNIC_PERR_TRUNC) },
		{ "inner cut", e4(a4(raw(47, gre(0, 0x0800, {}, cut(in4, 40))))),
		  [&] {
			  Want w = w_perr(w_in_ip4(g, 6), SNIC_PERR_TRUNC);
			  return w;
		  }() },
		{ "inner bad ip", e4(a4(raw(47, gre(0, 0x0800, {}, flip(in4, 0, 0x10))))),
		  w_perr(g, SNIC_PERR_BAD_IP) },
		{ "inner bad l4", e4(a4(raw(47, gre(0, 0x0800, {}, flip(in4, 32, 0x10))))),
		  w_perr(w_in_ip4(g, 6), SNIC_PERR_BAD_L4) },
	});
}

void mpls_all()
{
	const Bytes in4 = b4(tcp(7, 9, data(11))), in6 = b6(udp(5, 6, data(4)));
	const Want on_eth = w_tun(w_eth(0x8847), SNIC_TUN_MPLS, 0xabcde);
	const Want on_gre = w_tun(w_ip4(47), SNIC_TUN_MPLSOGRE, 0xabcde);
	const Want on_udp = w_udp_tun(6635, SNIC_TUN_MPLSOUDP, 0xabcde);
	Want keyed = on_gre;

	keyed.tun_id = 0x1234567;
	check_all({
		{ "mpls, v4", eth(kM1, kM2, 0x8847, mpls(0xabcde, true, in4)),
		  w_in_ip4(on_eth, 6, SNIC_L4_TCP, 7, 9) },
		{ "mpls, v6", eth(kM1, kM2, 0x8848, mpls(0xabcde, true, in6)),
		  w_in_ip6(on_eth, 17, SNIC_L4_UDP, 5, 6) },
		{ "three labels",
		  eth(kM1, kM2, 0x8847, mpls(0xabcde, false, mpls(2, false, mpls(3, true, in4)))),
		  w_in_ip4(on_eth, 6, SNIC_L4_TCP, 7, 9) },
		{ "behind a tag", eth(kM1, kM2, 0x8100, tag(9, 0x8847, mpls(0xabcde, true, in4))),
		  [&] {
			  Want w = w_in_ip4(on_eth, 6, SNIC_L4_TCP, 7, 9);
			  w.tagged = 1;
			  w.otci = 9;
			  return w;
		  }() },
		{ "pseudowire", eth(kM1, kM2, 0x8847, mpls(0xabcde, true, Bytes(42))), on_eth },
		{ "vxlan port inside",
		  eth(kM1, kM2, 0x8847, mpls(0xabcde, true, b4(udp(5, 4789, vxlan(1, data(40)))))),
		  w_in_ip4(on_eth, 17, SNIC_L4_UDP, 5, 4789) },
		{ "padded", eth(kM1, kM2, 0x8847, mpls(0xabcde, true, b4(udp(5, 6, data(3))))) + data(11),
		  w_in_ip4(on_eth, 17, SNIC_L4_UDP, 5, 6) },
		{ "over gre", e4(a4(raw(47, gre(0, 0x8847, {}, mpls(0xabcde, true, in4))))),
		  w_in_ip4(on_gre, 6, SNIC_L4_TCP, 7, 9) },
		{ "over gre with a key",
		  e4(a4(raw(47, gre(0x2000, 0x8848, { 0x1234567 }, mpls(0xabcde, true, in6))))),
		  w_in_ip6(on_gre, 17, SNIC_L4_UDP, 5, 6) },
		{ "label cut, in gre",
		  e4(a4(raw(47, gre(0x2000, 0x8847, { 0x1234567 }, data(3))))) + Bytes(15),
		  w_perr(keyed, SNIC_PERR_TRUNC) },
		{ "over udp", e4(a4(udp(0xc000, 6635, mpls(0xabcde, false, mpls(7, true, in4))))),
		  w_in_ip4(on_udp, 6, SNIC_L4_TCP, 7, 9) },
		{ "label cut, in udp", e4(a4(udp(0xc000, 6635, data(3)))) + Bytes(15),
		  w_perr(w_ip4(17, SNIC_L4_UDP, 0xc000, 6635), SNIC_PERR_TRUNC) },
		{ "nothing behind", e4(a4(udp(0xc000, 6635, mpls(0xabcde, true, {})))) + Bytes(14),
		  w_perr(on_udp, SNIC_PERR_TRUNC) },
		{ "one byte behind, not IP",
		  e4(a4(udp(0xc000, 6635, mpls(0xabcde, true, { 0 })))) + Bytes(13), on_udp },
		{ "one byte behind, v4", e4(a4(udp(0xc000, 6635, mpls(0xabcde, true, { 0x45 })))) + Bytes(13),
		  w_perr(on_udp, SNIC_PERR_TRUNC) },
		{ "labels without end",
		  eth(kM1, kM2, 0x8847, mpls(0xabcde, false, mpls(1, false, mpls(2, false, {})))),
		  w_perr(on_eth, SNIC_PERR_TRUNC) },
	});
}

// Inner checksums where the inner datagram ends before the outer one, or before the frame.
void inner_ends()
{
	const Want vx = w_in_eth(w_udp_tun(4789, SNIC_TUN_VXLAN, 5), 0x0800);
	std::vector<Case> c;

	for (unsigned n : { 0u, 1u, 50u, 142u, 143u, 144u, 145u, 146u, 147u, 300u, 1001u }) {
		for (unsigned inner_pad : { 0u, 1u, 6u }) {
			for (unsigned outer_pad : { 0u, 1u, 4u }) {
				const Bytes f =
					e4(a4(udp(0xc000, 4789,
						  vxlan(5, i4(b4(tcp(7, 9, data(n)))) + data(inner_pad))))) +
					data(outer_pad, 77);
				const bool small = f.size() <= SNIC_HDR_WINDOW;
				Want w = w_in_ip4(vx, 6, SNIC_L4_TCP, 7, 9);
				const std::string s = "inner " + std::to_string(n) + "+" +
						      std::to_string(inner_pad) + "+" +
						      std::to_string(outer_pad);

				if (!small && outer_pad)
					w.l4ok = SNIC_CSUM_NONE;
				if (!small && (outer_pad || inner_pad))
					w.il4ok = SNIC_CSUM_NONE;
				c.push_back({ s, f, w });
			}
		}
	}
	check_all(c);
}

void window()
{
	const Want ip = w_ip6(0);
	std::vector<Case> c;
	Want h = w_ip6(6, SNIC_L4_TCP, 1, 2);

	// IPv6 options push TCP towards the end of the window: 14 + 40 + 8k; its 20 bytes fit up to k = 22
	// (230 + 20).
	for (unsigned k = 20; k < 26; k++) {
		Want w = h;

		if (k > 22)
			w = w_perr(w_ip6(k > 25 ? 0 : 6), SNIC_PERR_WINDOW);
		c.push_back({ "tcp at " + std::to_string(54 + 8 * k),
			      e6(ip6(kC1, kC2, tcp(1, 2, data(60)), 0, ext(6, k - 1))), w });
	}
	c.push_back({ "options over the end", e6(ip6(kC1, kC2, tcp(1, 2, data(60)), 0, ext(6, 25))),
		      w_perr(ip, SNIC_PERR_WINDOW) });
	c.push_back({ "options to the end of the longest",
		      e6(ip6(kC1, kC2, tcp(1, 2, data(60)), 0, ext(6, 255))), w_perr(ip, SNIC_PERR_WINDOW) });
	c.push_back({ "options over all ends",
		      with16(e6(ip6(kC1, kC2, raw(6, data(250)), 0, ext(6, 0))), 54, 0x06ff),
		      w_perr(ip, SNIC_PERR_TRUNC) });
	// tcp options past the window are not needed
	c.push_back({ "tcp options past it", e6(ip6(kC1, kC2, tcp(1, 2, data(60), 15), 0, ext(6, 21))), h });
	// exactly at the end: 54 + 8 * 22 = 230, AH of 12: 242, 14 left
	const Bytes at242 = ext(51, 21);
	Want u = w_ip6(17, SNIC_L4_UDP, 3, 4);
	c.push_back({ "udp to 250", e6(ip6(kC1, kC2, udp(3, 4, data(9)), 0, at242 + ext_ah(17, 12))), u });
	c.push_back({ "udp to 254", e6(ip6(kC1, kC2, udp(3, 4, data(9)), 0, at242 + ext_ah(17, 16))), u });
	c.push_back({ "udp to 258", e6(ip6(kC1, kC2, udp(3, 4, data(9)), 0, at242 + ext_ah(17, 20))),
		      w_perr(w_ip6(17), SNIC_PERR_WINDOW) });
	c.push_back({ "ends in the window", e6(ip6(kC1, kC2, udp(3, 4, {}), 0, at242 + ext_ah(17, 16))), u });
	// An inner IPv4 header up to the window's end: IPv6 up to 54, options of 136, GRE with a key: it
	// starts at 198.
	const Want g = w_tun(w_ip6(47), SNIC_TUN_GRE, 9);
	for (unsigned options : { 36u, 40u }) {
		const Bytes in = ip4(kB1, kB2, raw(132, data(40)), data(options));
		c.push_back(
			{ "inner header to " + std::to_string(218 + options),
			  e6(ip6(kC1, kC2, raw(47, gre(0x2000, 0x800, { 9 }, in)), 0, ext(47, 16))),
			  options == 36 ? w_in_ip4(g, 132, SNIC_L4_OTHER) : w_perr(g, SNIC_PERR_WINDOW) });
	}
	// AH of 124, GRE, Ethernet: the inner header is bytes 196 to 255, all of it within.
	const Bytes all =
		e6(ip6(kC1, kC2, raw(47, gre(0, 0x6558, {}, i4(ip4(kB1, kB2, raw(132, data(40)), data(40))))),
		       51, ext_ah(47, 124)));
	Want n = w_in_ip4(w_in_eth(w_tun(w_ip6(47), SNIC_TUN_GRE, 0), 0x0800), 132, SNIC_L4_OTHER);
	c.push_back({ "inner header to 256", all, n });
	n.il3ok = SNIC_CSUM_BAD;
	c.push_back({ "inner header to 256, wrong", flip(all, 255), n });
	check_all(c);
}

Bytes tags(unsigned n, unsigned type, const Bytes &payload)
{
	return n ? tag(n, n > 1 ? 0x8100 : type, tags(n - 1, type, payload)) : payload;
}

Bytes labels(unsigned n, const Bytes &payload)
{
	return n ? mpls(n, n == 1, labels(n - 1, payload)) : payload;
}

void steps()
{
	std::vector<Case> c;

	for (unsigned n = 12; n < 18; n++) { // Ethernet + n tags + IPv4 + TCP
		Want w = w_ip4(6, SNIC_L4_TCP, 1, 2), m = w_tun(w_eth(0x8847), SNIC_TUN_MPLS, n);
		const std::string s = " " + std::to_string(n);

		if (n == 14)
			w = w_perr(w_ip4(6), SNIC_PERR_STEPS);
		if (n >= 15)
			w = w_perr(w_eth(n == 15 ? 0x0800 : 0x8100), SNIC_PERR_STEPS);
		w.tagged = w.has_vlan = 1;
		w.otci = w.vlan = n;
		c.push_back(
			{ "tags" + s, eth(kM1, kM2, 0x8100, tags(n, 0x0800, a4(tcp(1, 2, data(20))))), w });

		Want x = w_eth(n < 16 ? 0x88cc : 0x8100);
		x.tagged = x.has_vlan = 1;
		x.otci = x.vlan = n;
		x.perr = n < 16 ? SNIC_PERR_OK : SNIC_PERR_STEPS;
		c.push_back({ "tags, unknown" + s, eth(kM1, kM2, 0x8100, tags(n, 0x88cc, data(30))), x });

		if (n < 14)
			m = w_in_ip4(m, 6, SNIC_L4_TCP, 7, 9);
		else if (n == 14)
			m = w_perr(w_in_ip4(m, 6), SNIC_PERR_STEPS);
		else
			m = w_perr(m, SNIC_PERR_STEPS);
		c.push_back({ "labels" + s, eth(kM1, kM2, 0x8847, labels(n, b4(tcp(7, 9, data(20))))), m });
		// behind the bottom label something that is not IP: only with a step left is that known
		Want o = w_tun(w_eth(0x8847), SNIC_TUN_MPLS, n);
		o.perr = n < 15 ? SNIC_PERR_OK : SNIC_PERR_STEPS;
		c.push_back({ "labels, not IP" + s, eth(kM1, kM2, 0x8847, labels(n, Bytes(20))), o });
	}
	check_all(c);
}

// ---- streams ----

std::vector<Bytes> mix(uint64_t *rng, unsigned n)
{
	const Bytes in = i4(b4(tcp(7, 9, data(11))));
	const Bytes base[] = {
		e4(a4(tcp(1, 2, data(20)))),
		e6(a6(udp(1, 2, data(200)))),
		e4(a4(udp(3, 4789, vxlan(5, in)))),
		e4(a4(udp(3, 6081, geneve(5, 0x6558, data(40), in)))),
		e4(a4(raw(47, gre(0xb000, 0x6558, { 1, 2, 3 }, in)))),
		e4(a4(raw(47, gre(0, 0x8847, {}, labels(3, b4(icmp(8, 0, data(70)))))))),
		eth(kM1, kM2, 0x8100, tags(9, 0x8847, labels(3, b6(udp(1, 2, data(30)))))),
		e6(ip6(kC1, kC2, tcp(1, 2, data(1400)), 0, ext(60, 1) + ext(44, 2) + ext_frag(6, 0, false))),
	};
	std::vector<Bytes> f;

	while (n--) {
		Bytes b = base[cu_rand(rng) % 8];

		for (unsigned k = unsigned(cu_rand(rng) % 6); k--;)
			b[cu_rand(rng) % (b.size() < 160 ? b.size() : 160)] = uint8_t(cu_rand(rng));
		if (cu_rand(rng) % 8 == 0)
			b = data(unsigned(cu_rand(rng) % 400) + 1, unsigned(cu_rand(rng)));
		if (cu_rand(rng) % 4 == 0)
			b.resize(1 + cu_rand(rng) % b.size());
		f.push_back(b);
	}
	return f;
}

// Damaged frames: no hang, order kept, and what is said does not depend on pace or on neighbours.
void garbage()
{
	uint64_t rng = cu_seed() + 7;
	const std::vector<Bytes> f = mix(&rng, 20000);
	Bench fast(cu_seed() + 2), slow(cu_seed() + 3);
	const std::vector<Result> a = fast.run(f, kFull), b = slow.run(f, { 70, 30 });

	CU_ASSERT_EQUAL_FATAL(a.size(), f.size());
	CU_ASSERT_EQUAL_FATAL(b.size(), f.size());
	CU_ASSERT(fast.cycles < f.size() * 5);
	unsigned differ = 0, perr[16] = {};
	for (size_t i = 0; i < f.size(); i++) {
		differ += a[i].info(0, 26) != b[i].info(0, 26);
		for (unsigned w = 9; w < 768; w += 23) // without VPORT
			differ += a[i].bits(w, 23) != b[i].bits(w, 23);
		perr[a[i].info(21, 4)]++;
	}
	CU_ASSERT_EQUAL(differ, 0);
	for (unsigned e = 0; e <= SNIC_PERR_STEPS; e++)
		CU_ASSERT(e == SNIC_PERR_STEPS || perr[e]);
}

void back_pressure()
{
	const Profile profiles[] = { { 100, 5 }, { 5, 100 }, { 50, 50 }, { 100, 90 } };
	uint64_t rng = cu_seed() + 8;
	const std::vector<Bytes> f = mix(&rng, 2000);

	for (const Profile &p : profiles) {
		Bench b(cu_seed() + 4);

		CU_ASSERT_EQUAL(b.run(f, p).size(), f.size());
	}
}

void rate()
{
	const struct {
		const char *name;
		Bytes frame;
		double limit; // cycles a frame
	} r[] = {
		{ "tcp, 60 B", e4(a4(tcp(1, 2, data(6)))), 1.35 },
		{ "udp, 60 B, padded", e4(a4(udp(1, 2, data(3)))) + Bytes(15), 1.35 },
		{ "tagged tcp, 60 B", eth(kM1, kM2, 0x8100, tag(5, 0x800, a4(tcp(1, 2, data(2))))), 1.35 },
		{ "unknown type, 60 B", eth(kM1, kM2, 0x88cc, data(46)), 1.0 },
		{ "tcp v6, 74 B", e6(a6(tcp(1, 2, {}))), 2.01 },
		{ "tcp, 65 B", e4(a4(tcp(1, 2, data(11)))), 2.01 },
		{ "vxlan, 110 B", e4(a4(udp(3, 4789, vxlan(5, i4(b4(tcp(7, 9, data(6)))))))), 2.1 },
		{ "geneve, 126 B",
		  e4(a4(udp(3, 6081, geneve(5, 0x6558, data(16), i4(b4(tcp(7, 9, data(6)))))))), 2.1 },
		{ "tcp, 1514 B", e4(a4(tcp(1, 2, data(1460)))), 4.01 },
	};

	for (const auto &x : r) {
		Bench b(cu_seed() + 5);
		const unsigned n = 6000;

		CU_ASSERT_EQUAL_FATAL(b.run(std::vector<Bytes>(n, x.frame), kFull).size(), n);
		printf("    %-20s %.3f cycles a frame\n", x.name, double(b.cycles) / n);
		CU_ASSERT(double(b.cycles) / n < x.limit + 0.01);
	}
}

const struct cu_test tests[] = {
	{ "headers", "ethernet", ethernet },
	{ "headers", "ipv4", ipv4 },
	{ "headers", "ipv6", ipv6 },
	{ "headers", "l4_errors", l4_errors },
	{ "headers", "l4_sums", l4_sums },
	{ "headers", "source_routes", source_routes },
	{ "headers", "routing_headers", routing_headers },
	{ "headers", "home_addresses", home_addresses },
	{ "tunnels", "vxlan_geneve", vxlan_geneve },
	{ "tunnels", "gre_nvgre", gre_nvgre },
	{ "tunnels", "mpls", mpls_all },
	{ "tunnels", "inner_ends", inner_ends },
	{ "limits", "window", window },
	{ "limits", "steps", steps },
	{ "streams", "garbage", garbage },
	{ "streams", "back_pressure", back_pressure },
	{ "streams", "rate", rate },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	Verilated::randSeed(int(cu_seed()) + 1);
	return cu_main(argc, argv, tests);
}
