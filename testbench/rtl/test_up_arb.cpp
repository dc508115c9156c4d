// SPDX-License-Identifier: BSD-2-Clause
// up_arb: whole TLPs in the order in which they were accepted, a beat every cycle, nothing of a function that
// must not.
#include <deque>

#include "Vup_arb.h"
#include "arb_bench.h"

namespace {

constexpr unsigned kClients = 4;

struct Tlp {
	unsigned kind, func, client, beats, sent;
	uint64_t addr; // tells TLPs apart
};

struct Profile {
	unsigned valid_pct, ready_pct, max_beats, bme_pct;
};

uint32_t word(const Tlp &t, unsigned beat, unsigned i)
{
	return uint32_t(t.addr * 2654435761u + beat * 97 + i);
}

class Bench : public ArbBench<Vup_arb, kClients> {
public:
	explicit Bench(uint64_t seed) : ArbBench(seed * 31 + 5)
	{
		Vup_arb *t = top.get();

		valid[0] = &t->rx_valid_i, valid[1] = &t->wb_valid_i, valid[2] = &t->msi_valid_i,
		valid[3] = &t->regs_valid_i;
		ready[0] = &t->rx_ready_o, ready[1] = &t->wb_ready_o, ready[2] = &t->msi_ready_o,
		ready[3] = &t->regs_ready_o;
		sop[0] = &t->rx_sop_i, sop[1] = &t->wb_sop_i, sop[2] = &t->msi_sop_i, sop[3] = &t->regs_sop_i;
		eop[0] = &t->rx_eop_i, eop[1] = &t->wb_eop_i, eop[2] = &t->msi_eop_i, eop[3] = &t->regs_eop_i;
		hdr[0] = t->rx_hdr_i.data(), hdr[1] = t->wb_hdr_i.data(), hdr[2] = t->msi_hdr_i.data(),
		hdr[3] = t->regs_hdr_i.data();
		data[0] = t->rx_data_i.data(), data[1] = t->wb_data_i.data(), data[2] = t->msi_data_i.data(),
		data[3] = t->regs_data_i.data();
		t->up_ready_i = 0;
		reset();
	}

	void push(unsigned client, unsigned kind, unsigned func, unsigned beats)
	{
		queue[client].push_back({ kind, func, client, beats, 0, next_addr++ << 6 });
	}
	bool pending()
	{
		for (auto &q : queue)
			if (!q.empty())
				return true;
		return !expect.empty();
	}
	void cycle(const Profile &p)
	{
		Vup_arb *t = top.get();

		for (unsigned c = 0; c < kClients; c++) {
			if (*valid[c] || queue[c].empty() || !rnd(p.valid_pct))
				continue;
			const Tlp &q = queue[c].front();
			*valid[c] = 1;
			*sop[c] = q.sent == 0;
			*eop[c] = q.sent + 1 == q.beats;
			bits_set(hdr[c], 93, 2, q.kind);
			bits_set(hdr[c], 85, 8, q.func);
			bits_set(hdr[c], 21, 64, q.sent ? ~0ull : q.addr); // only with sop does it count
			bits_set(hdr[c], 8, 13, q.beats * 64);
			bits_set(hdr[c], 0, 8, q.client);
			for (unsigned i = 0; i < 16; i++)
				data[c][i] = word(q, q.sent, i);
		}
		t->up_ready_i = rnd(p.ready_pct);
		settle();
		CU_ASSERT(!t->idle_o || !t->up_valid_o);
		if (t->up_valid_o && t->up_ready_i)
			check();
		unsigned taken = 0;
		for (unsigned c = 0; c < kClients; c++) {
			taken += took[c];
			if (!took[c])
				continue;
			Tlp &q = queue[c].front();
			if (!q.sent) {
				CU_ASSERT(!open);
				open = true;
				const bool ok = q.kind == 1 || may(q.func);
				want_refused += !ok;
				if (ok)
					expect.push_back(q);
				served[c]++;
			} else {
				CU_ASSERT(open && open_client == c);
			}
			open_client = c;
			if (++q.sent == q.beats) {
				queue[c].pop_front();
				open = false;
			}
		}
		CU_ASSERT(taken <= 1);
		edge();
	}
	void drain(const Profile &p)
	{
		unsigned guard = 0;

		while (pending() && ++guard < 1000000)
			cycle(p);
		CU_ASSERT(!pending());
		for (int i = 0; i < 4; i++)
			cycle(p);
		CU_ASSERT(top->idle_o);
		CU_ASSERT_EQUAL(refused, want_refused);
	}

	uint64_t next_addr = 1, beats_out = 0;
	unsigned served[kClients] = {};
	std::deque<Tlp> queue[kClients];

private:
	void check()
	{
		Vup_arb *t = top.get();

		CU_ASSERT_FATAL(!expect.empty());
		const Tlp &e = expect.front();
		CU_ASSERT_EQUAL(t->up_sop_o, out_beat == 0);
		CU_ASSERT_EQUAL(t->up_eop_o, out_beat + 1 == e.beats);
		if (!out_beat) {
			const uint32_t *h = t->up_hdr_o.data();
			CU_ASSERT(bits_get(h, 93, 2) == e.kind && bits_get(h, 85, 8) == e.func &&
				  bits_get(h, 21, 64) == e.addr && bits_get(h, 8, 13) == e.beats * 64 &&
				  bits_get(h, 0, 8) == e.client);
		}
		for (unsigned i = 0; i < 16; i++)
			CU_ASSERT_EQUAL(t->up_data_o[i], word(e, out_beat, i));
		beats_out++;
		if (++out_beat == e.beats) {
			expect.pop_front();
			out_beat = 0;
		}
	}

	uint8_t *sop[kClients], *eop[kClients];
	uint32_t *hdr[kClients], *data[kClients];
	std::deque<Tlp> expect; // in the order of acceptance
	unsigned out_beat = 0, open_client = 0;
	bool open = false;
};

void random_traffic()
{
	const Profile profiles[] = { { 100, 100, 1, 100 }, { 100, 100, 5, 100 }, { 50, 100, 4, 70 },
				     { 100, 40, 4, 70 },   { 30, 30, 8, 50 },	 { 90, 90, 3, 0 },
				     { 5, 100, 2, 90 } };

	for (const Profile &p : profiles) {
		Bench b(cu_seed() + p.valid_pct);

		b.set_bme(p.bme_pct);
		for (int i = 0; i < 3000; i++) {
			const unsigned c = cu_rand(&b.rng) % kClients;
			b.push(c,
			       c == 3	? 1
			       : c == 2 ? 2
					: 0,
			       cu_rand(&b.rng) % 256, c < 2 ? 1 + cu_rand(&b.rng) % p.max_beats : 1);
		}
		b.drain(p);
	}
}

// All clients busy: every cycle a beat, whatever the sizes, and turns are shared.
void full_rate()
{
	for (unsigned beats = 1; beats < 6; beats++) {
		Bench b(cu_seed());
		const Profile p = { 100, 100, beats, 100 };

		for (unsigned i = 0; i < 1000; i++)
			for (unsigned c = 0; c < kClients; c++)
				b.push(c, c == 3, i % 256, beats);
		for (unsigned i = 0; i < 1001; i++)
			b.cycle(p);
		CU_ASSERT_EQUAL(b.beats_out, 1000);
		for (unsigned c = 0; c < kClients; c++)
			CU_ASSERT(b.served[c] * kClients + kClients >= 1000 / beats);
		b.drain(p);
	}
	// one client alone
	Bench b(cu_seed());
	for (unsigned i = 0; i < 500; i++)
		b.push(0, 0, 1, 1 + i % 3);
	for (unsigned i = 0; i < 901; i++)
		b.cycle({ 100, 100, 0, 100 });
	CU_ASSERT_EQUAL(b.beats_out, 900);
	b.drain({ 100, 100, 0, 100 });
}

// Bus mastering taken away inside a TLP: that TLP still leaves whole, the next does not; completions always
// leave.
void bus_master()
{
	Bench b(cu_seed());
	const Profile p = { 100, 100, 4, 0 };

	b.push(0, 0, 77, 4);
	b.push(0, 0, 77, 4);
	b.push(3, 1, 77, 1);
	b.push(2, 2, 77, 1);
	b.cycle(p);
	b.cycle(p);
	bits_set(b.top->bme_i.data(), 77, 1, 0);
	b.drain(p);
	CU_ASSERT_EQUAL(b.beats_out, 5);
	CU_ASSERT_EQUAL(b.refused, 2);
}

const struct cu_test tests[] = {
	{ "up_arb", "random_traffic", random_traffic },
	{ "up_arb", "full_rate", full_rate },
	{ "up_arb", "bus_master", bus_master },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
