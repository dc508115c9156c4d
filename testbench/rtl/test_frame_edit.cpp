// SPDX-License-Identifier: BSD-2-Clause
// frame_edit: only the bits of the masks change, and checksums, to what keeps a sum over all that they cover as right or wrong as it
// was. Frames that are edited and others follow each other, with stops on both sides.
#include <cstring>
#include <deque>
#include <vector>

#include "Vframe_edit.h"
#include "clocked.h"
#include "snic_contract.h"

namespace {

using Bytes = std::vector<uint8_t>;

struct Edit { // act_edit_t, and the edit
	bool dscp, dttl, edit, ip4, ip6, ports;
	unsigned l3, l4, dscp_value;
	uint32_t words[SNIC_KEY_DWORDS]; // value, mask

	uint32_t bits() const
	{
		return l3 << 24 | l4 << 22 | unsigned(dscp) << 21 | unsigned(dttl) << 20 |
		       unsigned(edit) << 19 | unsigned(ip4) << 18 | unsigned(ip6) << 17 |
		       unsigned(ports) << 16 | dscp_value << 10;
	}
};

struct Case {
	Bytes in, want; // want: but for checksums
	Edit e;
	unsigned ip, l4, csum, end; // csum 0: none; end: of what it covers
	bool v6, udp;
};

unsigned word(const Bytes &b, unsigned at)
{
	return unsigned(b[at]) << 8 | b[at + 1];
}

void put(Bytes *b, unsigned at, unsigned v)
{
	(*b)[at] = uint8_t(v >> 8);
	(*b)[at + 1] = uint8_t(v);
}

unsigned sum(const Bytes &b, unsigned from, unsigned to)
{
	uint64_t s = 0;

	for (unsigned i = from; i < to; i++)
		s += unsigned(b[i]) << ((i - from) & 1 ? 0 : 8);
	return unsigned(s % 0xffff);
}

// Everything that the checksum behind IP covers and that may change.
unsigned covered(const Case &c, const Bytes &b)
{
	const unsigned a = c.v6 ? sum(b, c.ip + 8, c.ip + 40) : sum(b, c.ip + 12, c.ip + 20);

	return (a + sum(b, c.l4, c.end)) % 0xffff;
}

class Bench : public Clocked<Vframe_edit> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt)
	{
		top->valid_i = 0;
		top->ready_i = 0;
		reset();
	}

	// A field of an edit into the frame, first byte first
	void field(Case *c, unsigned at, unsigned lsb, unsigned bytes)
	{
		for (unsigned i = 0; i < bytes; i++) {
			const unsigned bit = lsb + 8 * (bytes - 1 - i);
			const uint8_t v = uint8_t(c->e.words[bit / 32] >> bit % 32),
				      m = uint8_t(c->e.words[SNIC_EDIT_DWORDS + bit / 32] >> bit % 32);

			c->want[at + i] = uint8_t((c->want[at + i] & ~m) | (v & m));
		}
	}

	Case some()
	{
		static const unsigned kinds[] = { 16, 6, 2, 0 }; // TCP, UDP, ICMPv6, others
		Case c = {};
		Edit &e = c.e;
		unsigned at = 12;

		c.in.resize(chance(50) ? 60 + any() % 70 : 60 + any() % 200);
		for (uint8_t &x : c.in)
			x = uint8_t(any());
		const unsigned tags = chance(10) ? 3 : any() % 3, kind = any() % 4;
		for (unsigned t = 0; t < tags; t++, at += 4)
			put(&c.in, at, any() % 2 ? 0x8100 : 0x88a8);
		c.v6 = kind == 2 || chance(50);
		put(&c.in, at, c.v6 ? 0x86dd : 0x0800);
		c.ip = at + 2;
		const unsigned hl = c.v6 ? 40 : chance(60) ? 20 : 20 + 4 * (any() % 6);
		c.in[c.ip] = uint8_t(c.v6 ? 0x60 : 0x40 | hl / 4);
		c.in[c.ip + (c.v6 ? 7 : 8)] |= 2;
		c.l4 = c.ip + hl;
		if (c.in.size() < c.l4 + 20)
			c.in.resize(c.l4 + 20 + any() % 20);
		c.end = unsigned(c.in.size());
		c.udp = kind == 1;
		c.csum = kinds[kind] ? c.l4 + kinds[kind] : 0;
		if (c.udp && chance(20))
			put(&c.in, c.csum, 0);
		for (uint32_t &w : e.words)
			w = any();
		if (chance(20)) // the whole of all fields
			memset(e.words + SNIC_EDIT_DWORDS, 0xff, sizeof(e.words) / 2);
		e.l3 = tags > 2 || chance(5) ? unsigned(SNIC_L3_NONE)
					     : unsigned(c.v6 ? SNIC_L3_IPV6 : SNIC_L3_IPV4);
		e.l4 = kind == 3 ? 0 : kind + 1;
		e.dscp_value = any() & 0x3f;
		if (chance(70)) {
			e.dscp = chance(40);
			e.dttl = chance(40);
			e.edit = chance(80);
			e.ip4 = e.edit && !c.v6 && chance(70);
			e.ip6 = e.edit && c.v6 && chance(70);
			e.ports = e.edit && kind < 2 && chance(70);
		}
		expect(&c);
		return c;
	}

	void expect(Case *c)
	{
		const Edit &e = c->e;

		c->want = c->in;
		if (e.edit) {
			field(c, 0, SNIC_EDIT_DMAC_LSB, 6);
			field(c, 6, SNIC_EDIT_SMAC_LSB, 6);
		}
		if (e.l3 == SNIC_L3_NONE)
			return;
		Bytes &w = c->want;
		if (e.dscp && c->v6)
			put(&w, c->ip, (word(w, c->ip) & 0xf03f) | e.dscp_value << 6);
		else if (e.dscp)
			w[c->ip + 1] = uint8_t((w[c->ip + 1] & 3) | e.dscp_value << 2);
		if (e.dttl)
			w[c->ip + (c->v6 ? 7 : 8)]--;
		if (e.ip4 || e.ip6) {
			const unsigned n = c->v6 ? 16 : 4, at = c->ip + (c->v6 ? 8 : 12);

			field(c, at, SNIC_EDIT_SIP_LSB, n);
			field(c, at + n, SNIC_EDIT_DIP_LSB, n);
		}
		if (e.ports) {
			field(c, c->l4, SNIC_EDIT_SPORT_LSB, 2);
			field(c, c->l4 + 2, SNIC_EDIT_DPORT_LSB, 2);
		}
	}

	void check(const Case &c, const Bytes &out)
	{
		Bytes want = c.want;
		const bool ip = c.e.l3 != SNIC_L3_NONE;

		CU_ASSERT_EQUAL_FATAL(out.size(), want.size());
		if (ip && !c.v6) {
			CU_ASSERT_EQUAL(sum(out, c.ip, c.l4), sum(c.in, c.ip, c.l4));
			put(&want, c.ip + 10, word(out, c.ip + 10));
		}
		if (ip && c.csum && (c.e.ip4 || c.e.ip6 || c.e.ports)) {
			if (c.udp && !word(c.in, c.csum)) {
				CU_ASSERT_EQUAL(word(out, c.csum), 0);
			} else {
				CU_ASSERT_EQUAL(covered(c, out), covered(c, c.in));
				CU_ASSERT(!c.udp || word(out, c.csum) != 0);
			}
			put(&want, c.csum, word(out, c.csum));
		}
		CU_ASSERT(out == want);
	}

	// All of them, one behind the other; cycles that it took
	unsigned run(const std::vector<Case> &cases, unsigned in_pct, unsigned out_pct)
	{
		size_t in = 0, done = 0;
		unsigned at = 0, cycles = 0;
		bool offered = false;
		Bytes out;

		while (done < cases.size() && cycles < 100000) {
			top->valid_i = in < cases.size() && (offered || chance(in_pct));
			offered = top->valid_i;
			if (top->valid_i) {
				const Case &c = cases[in];
				const unsigned n = std::min<unsigned>(64, unsigned(c.in.size()) - at);

				memset(top->data_i.data(), 0xa5, 64);
				memcpy(top->data_i.data(), c.in.data() + at, n);
				top->sop_i = at == 0;
				top->eop_i = at + n == c.in.size();
				top->bytes_i = n;
				top->edit_i = c.e.bits();
				memcpy(top->words_i.data(), c.e.words, sizeof(c.e.words));
			}
			top->ready_i = chance(out_pct);
			top->eval();
			if (top->valid_o && top->ready_i) {
				CU_ASSERT_EQUAL(top->sop_o, out.empty());
				const uint8_t *d = reinterpret_cast<const uint8_t *>(top->data_o.data());

				out.insert(out.end(), d, d + top->bytes_o);
				if (top->eop_o) {
					check(cases[done++], out);
					out.clear();
				}
			}
			if (top->valid_i && top->ready_o) {
				offered = false;
				at += 64;
				if (top->eop_i)
					in++, at = 0;
			}
			tick();
			cycles++;
		}
		CU_ASSERT_EQUAL(done, cases.size());
		return cycles;
	}
};

void random_frames()
{
	for (unsigned pct : { 100, 60 }) {
		Bench b(pct);
		std::vector<Case> cases;

		for (unsigned i = 0; i < 6000; i++)
			cases.push_back(b.some());
		b.run(cases, pct, 100);
		b.run(cases, 100, pct);
	}
}

// A beat a cycle, each frame edited.
void full_rate()
{
	Bench b(7);
	std::vector<Case> cases;
	unsigned beats = 0;

	while (cases.size() < 1000) {
		Case c = b.some();

		if (!c.e.edit)
			continue;
		beats += unsigned(c.in.size() + 63) / 64;
		cases.push_back(c);
	}
	CU_ASSERT(b.run(cases, 100, 100) <= beats + 2);
}

const struct cu_test tests[] = {
	{ "frame_edit", "random_frames", random_frames },
	{ "frame_edit", "full_rate", full_rate },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
