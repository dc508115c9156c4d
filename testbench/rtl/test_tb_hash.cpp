// SPDX-License-Identifier: BSD-2-Clause
// The hashes against published values: lookup3.c's own self test, and the RSS verification suite that Microsoft
// publishes for network drivers.
#include <cstring>
#include <deque>
#include <vector>

#include "Vtb_hash.h"
#include "bits.h"
#include "clocked.h"
#include "snic_contract.h"

namespace {

typedef Clocked<Vtb_hash> Bench;

struct Abc {
	uint32_t a, b, c;
};

Abc round(Bench &b, Abc v, Abc k, bool last)
{
	const uint32_t abc[3] = { v.a, v.b, v.c }, in[3] = { k.a, k.b, k.c };

	for (int i = 0; i < 3; i++) {
		b.top->abc_i[i] = abc[i];
		b.top->k_i[i] = in[i];
	}
	b.top->round_valid_i = 1;
	b.tick();
	b.top->round_valid_i = 0;
	const uint32_t *out = last ? b.top->fin_o.data() : b.top->mix_o.data();
	const Abc r = { out[0], out[1], out[2] };

	// Not asked, it keeps what it said.
	for (int i = 0; i < 3; i++)
		b.top->abc_i[i] = b.any();
	b.tick();
	CU_ASSERT(r.a == out[0] && r.b == out[1] && r.c == out[2]);
	return r;
}

void jhash_published()
{
	static const char text[36] = "Four score and seven years ago"; // 30 bytes, then zeros
	static const struct {
		uint32_t b, c, want_c, want_b;
	} cases[] = {
		{ 0, 0, 0x17770551, 0xce7226e6 },
		{ 1, 0, 0xe3607cae, 0xbd371de4 },
		{ 0, 1, 0xcd628161, 0x6cbea4b3 },
	};
	Bench d(1);
	uint32_t k[9];

	memcpy(k, text, sizeof(k));
	for (const auto &t : cases) {
		const uint32_t init = 0xdeadbeef + 30 + t.c;
		Abc v = { init, init, init + t.b };

		v = round(d, v, { k[0], k[1], k[2] }, false);
		v = round(d, v, { k[3], k[4], k[5] }, false);
		v = round(d, v, { k[6], k[7], k[8] }, true);
		CU_ASSERT_EQUAL(v.c, t.want_c);
		CU_ASSERT_EQUAL(v.b, t.want_b);
	}
}

const uint8_t kPublishedKey[40] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

struct Packet {
	bool v6;
	uint8_t dst[16], src[16];
	unsigned dport, sport;
	uint32_t addresses, ports; // hash over the addresses alone; over ports, too
};

const Packet packets[] = {
	{ false, { 161, 142, 100, 80 }, { 66, 9, 149, 187 }, 1766, 2794, 0x323e8fc2, 0x51ccc178 },
	{ false, { 65, 69, 140, 83 }, { 199, 92, 111, 2 }, 4739, 14230, 0xd718262a, 0xc626b0ea },
	{ false, { 12, 22, 207, 184 }, { 24, 19, 198, 95 }, 38024, 12898, 0xd2d0a5de, 0x5c2b394a },
	{ false, { 209, 142, 163, 6 }, { 38, 27, 205, 30 }, 2217, 48228, 0x82989176, 0xafc7327f },
	{ false, { 202, 188, 127, 2 }, { 153, 39, 163, 191 }, 1303, 44251, 0x5d1809c5, 0x10e828a2 },
	{ true,
	  { 0x3f, 0xfe, 0x25, 0x01, 0x02, 0x00, 0x00, 0x03, 0, 0, 0, 0, 0, 0, 0, 1 },
	  { 0x3f, 0xfe, 0x25, 0x01, 0x02, 0x00, 0x1f, 0xff, 0, 0, 0, 0, 0, 0, 0, 7 },
	  1766,
	  2794,
	  0x2cc18cd5,
	  0x40207d3d },
	{ true,
	  { 0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 },
	  { 0x3f, 0xfe, 0x05, 0x01, 0x00, 0x08, 0, 0, 0x02, 0x60, 0x97, 0xff, 0xfe, 0x40, 0xef, 0xab },
	  4739,
	  14230,
	  0x0f0c461c,
	  0xdde51bbf },
	{ true,
	  { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x02, 0, 0xf8, 0xff, 0xfe, 0x21, 0x67, 0xcf },
	  { 0x3f, 0xfe, 0x19, 0x00, 0x45, 0x45, 0, 3, 0x02, 0, 0xf8, 0xff, 0xfe, 0x21, 0x67, 0xcf },
	  38024,
	  44251,
	  0x4b61e985,
	  0x02d1feef },
};

void set_key(Bench &b, const uint8_t *bytes)
{
	for (unsigned i = 0; i < 10; i++)
		b.top->rss_key_i[i] = uint32_t(bytes[4 * i]) << 24 | uint32_t(bytes[4 * i + 1]) << 16 |
				      uint32_t(bytes[4 * i + 2]) << 8 | bytes[4 * i + 3];
}

// All other fields of the flow key are noise: they are not in the hash.
void offer(Bench &b, const Packet &p, unsigned l4, bool frag, unsigned user)
{
	struct snic_flow_key k;
	const unsigned n = p.v6 ? 16 : 4;

	for (uint32_t &dw : k.dw)
		dw = b.any();
	for (unsigned i = 0; i < n; i++) {
		snic_key_set(&k, SNIC_KEY_SIP_LSB + 8 * (n - 1 - i), 8, p.src[i]);
		snic_key_set(&k, SNIC_KEY_DIP_LSB + 8 * (n - 1 - i), 8, p.dst[i]);
	}
	snic_key_set(&k, SNIC_K(SPORT), p.sport);
	snic_key_set(&k, SNIC_K(DPORT), p.dport);
	snic_key_set(&k, SNIC_K(L3), p.v6 ? SNIC_L3_IPV6 : SNIC_L3_IPV4);
	snic_key_set(&k, SNIC_K(L4), l4);
	snic_key_set(&k, SNIC_K(FRAG), frag);
	memcpy(b.top->flow_key_i.data(), k.dw, sizeof(k.dw));
	b.top->user_i = user;
	b.top->valid_i = 1;
}

// The published values, by every kind of payload, packets back to back and with gaps: in order, three cycles later.
void rss_published()
{
	static const unsigned l4s[] = { SNIC_L4_TCP, SNIC_L4_UDP, SNIC_L4_NONE, SNIC_L4_OTHER, SNIC_L4_FRAG };
	struct Want {
		unsigned user, wait;
		uint32_t hash;
	};
	std::deque<Want> want;
	Bench b(2);

	b.top->valid_i = 0;
	b.reset();
	set_key(b, kPublishedKey);
	for (unsigned n = 0; n < 4000; n++) {
		const Packet &p = packets[b.any() % (sizeof(packets) / sizeof(packets[0]))];
		const unsigned l4 = l4s[b.any() % 5], user = b.any() % 64;
		const bool frag = b.chance(20);
		const bool ports = (l4 == SNIC_L4_TCP || l4 == SNIC_L4_UDP) && !frag;

		b.top->valid_i = 0;
		b.top->user_i = uint8_t(~user & 63);
		if (b.chance(n / 1000 * 30 + 10)) {
			offer(b, p, l4, frag, user);
			want.push_back({ user, 3, ports ? p.ports : p.addresses });
		}
		b.tick();
		for (Want &w : want)
			w.wait--;
		const bool due = !want.empty() && !want.front().wait;

		CU_ASSERT_EQUAL(b.top->valid_o, due);
		if (!due)
			continue;
		CU_ASSERT_EQUAL(b.top->user_o, want.front().user);
		CU_ASSERT_EQUAL(b.top->hash_o, want.front().hash);
		want.pop_front();
	}
}

// What is neither IPv4 nor IPv6 has no hash.
void rss_no_ip()
{
	Bench b(3);

	b.reset();
	set_key(b, kPublishedKey);
	for (unsigned l3 = 0; l3 < 4; l3++) {
		if (l3 == SNIC_L3_IPV4 || l3 == SNIC_L3_IPV6)
			continue;
		offer(b, packets[0], SNIC_L4_TCP, false, 1);
		bits_set(b.top->flow_key_i.data(), SNIC_K(L3), l3);
		b.tick();
		b.top->valid_i = 0;
		b.tick();
		b.tick();
		CU_ASSERT(b.top->valid_o && b.top->hash_o == 0);
	}
}

// Each bit of the input takes its own 32 bits of the key: all bits of the key, and all dwords of the input.
void rss_every_bit()
{
	Bench b(4);
	uint8_t key[40];

	b.reset();
	for (uint8_t &byte : key)
		byte = uint8_t(b.any());
	set_key(b, key);
	for (unsigned bit = 0; bit < 288; bit++) {
		Packet p = { true, {}, {}, 0, 0, 0, 0 };
		uint64_t window = 0;

		if (bit < 128)
			p.src[bit / 8] = uint8_t(0x80 >> bit % 8);
		else if (bit < 256)
			p.dst[(bit - 128) / 8] = uint8_t(0x80 >> bit % 8);
		else if (bit < 272)
			p.sport = 0x8000u >> (bit - 256);
		else
			p.dport = 0x8000u >> (bit - 272);
		for (unsigned i = 0; i < 5; i++)
			window = window << 8 | (bit / 8 + i < 40 ? key[bit / 8 + i] : 0);
		offer(b, p, SNIC_L4_UDP, false, 0);
		b.tick();
		b.top->valid_i = 0;
		b.tick();
		b.tick();
		CU_ASSERT_EQUAL(b.top->hash_o, uint32_t(window >> (8 - bit % 8)));
	}
}

// Reset in the middle: nothing comes out of what was inside.
void rss_reset()
{
	Bench b(5);

	for (unsigned n = 1; n < 4; n++) {
		b.reset();
		offer(b, packets[0], SNIC_L4_TCP, false, 1);
		for (unsigned i = 0; i < n; i++)
			b.tick();
		b.top->rst_ni = 0;
		b.top->valid_i = 0;
		b.tick();
		b.top->rst_ni = 1;
		for (unsigned i = 0; i < 4; i++) {
			CU_ASSERT(!b.top->valid_o);
			b.tick();
		}
	}
}

const struct cu_test tests[] = {
	{ "hash", "jhash_published", jhash_published },
	{ "hash", "rss_published", rss_published },
	{ "hash", "rss_no_ip", rss_no_ip },
	{ "hash", "rss_every_bit", rss_every_bit },
	{ "hash", "rss_reset", rss_reset },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
