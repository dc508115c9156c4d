// SPDX-License-Identifier: BSD-2-Clause
// rd_arb: each client gets the answers to its own requests, one way or the other; strangers' answers go
// nowhere, nor do those that come when the read was given up.
#include <deque>
#include <map>
#include <vector>

#include "Vrd_arb.h"
#include "arb_bench.h"

namespace {

constexpr unsigned kClients = 3, kTags[kClients] = { 448, 0, 800 }, kNTags[kClients] = { 64, 256, 512 };

struct Req {
	unsigned func, tag, len, client;
	uint64_t addr;
	unsigned got = 0, answered = 0; // bytes
	bool refused = false, err = false, lost = false;
	unsigned link = 0;		    // its tag on the link
	uint64_t asked_at = 0, lost_at = 0; // cycles
};

struct Profile {
	unsigned valid_pct, rd_pct, cpl_pct, bme_pct, err_pct, stray_pct, max_len;
	unsigned lost_pct = 0;
};

struct CplTlp {
	unsigned tag, status, len, beats, sent; // tag: on the link
	bool last, stray;
	uint64_t addr; // of its first byte
	bool late = false;
};

uint32_t word(uint64_t addr, unsigned beat, unsigned i)
{
	return uint32_t((addr + beat * 64 + i * 4) * 2654435761u >> 3);
}

class Bench : public ArbBench<Vrd_arb, kClients> {
public:
	explicit Bench(uint64_t seed) : ArbBench(seed * 131 + 3)
	{
		Vrd_arb *t = top.get();

		valid[0] = &t->c0_valid_i, valid[1] = &t->c1_valid_i, valid[2] = &t->c2_valid_i;
		ready[0] = &t->c0_ready_o, ready[1] = &t->c1_ready_o, ready[2] = &t->c2_ready_o;
		req[0] = t->c0_i.data(), req[1] = t->c1_i.data(), req[2] = t->c2_i.data();
		for (unsigned c = 0; c < kClients; c++)
			for (unsigned i = 0; i < kNTags[c]; i++)
				free_tags[c].push_back(kTags[c] + i);
		t->rd_ready_i = 0;
		t->cpl_valid_i = 0;
		t->now_i = 0;
		t->timeout_i = 0;
		reset();
	}

	void cycle(const Profile &p, bool ask)
	{
		Vrd_arb *t = top.get();

		lost_pct = p.lost_pct;

		for (unsigned c = 0; c < kClients; c++)
			if (ask && !*valid[c] && !free_tags[c].empty() && rnd(p.valid_pct))
				offer(c, p);
		t->rd_ready_i = rnd(p.rd_pct);
		if (!t->cpl_valid_i)
			offer_cpl(p);
		pass_time(rnd(1) && (t->idle_o || !t->timeout_i) ? 1 + cu_rand(&rng) % 1000
								 : 1); // time leaps when nothing moves
		settle();
		if (!t->timeout_i) { // whose read was given up is seen too late to count it here
			CU_ASSERT_EQUAL(t->c0_tags_o, tag_cycles[0] / kNTags[0]);
			CU_ASSERT_EQUAL(t->c1_tags_o, tag_cycles[1] / kNTags[1]);
			CU_ASSERT_EQUAL(t->c2_tags_o, tag_cycles[2] / kNTags[2]);
		}
		unexpected += t->unexpected_o;
		late += t->late_o;
		expired += t->expired_o;
		if (t->rd_valid_o && t->rd_ready_i)
			take_request();
		if (t->cpl_valid_o)
			take_cpl();
		CU_ASSERT(!t->idle_o || !t->empty_o || open.empty());
		for (unsigned c = 0; c < kClients; c++) {
			if (!took[c])
				continue;
			Req r = offered[c];
			r.asked_at = now;
			r.refused = !may(r.func);
			want_refused += r.refused;
			if (!r.refused) {
				order.push_back(r.tag);
				change[c]++;
			}
			CU_ASSERT(!open.count(r.tag));
			open[r.tag] = r;
			asked[c]++;
		}
		const bool cpl_took = t->cpl_valid_i && t->cpl_ready_o;
		// While it is idle and no completion comes, its clock stands.
		edge(!t->idle_o || t->cpl_valid_i);
		idle_waiting += t->idle_o && !t->empty_o;
		if (cpl_took) {
			t->cpl_valid_i = 0;
			if (!tlp.sent && tlp.last && !tlp.stray && !tlp.late)
				change[open.at(tlp.tag & kTagMask).client]--;
			if (++tlp.sent == tlp.beats) {
				want_unexpected += tlp.stray;
				want_late += tlp.late;
				tlp.beats = tlp.sent = 0;
			}
		}
	}
	void drain(const Profile &p)
	{
		unsigned guard = 0;

		while ((!open.empty() || tlp.beats || *valid[0] || *valid[1] || *valid[2]) &&
		       ++guard < 100000)
			cycle(p, false);
		Profile quiet = p;
		quiet.stray_pct = 0;
		for (int i = 0; i < 4 || (tlp.beats && i < 100); i++)
			cycle(quiet, false);
		cycle(quiet, false);
		cycle(quiet, false);
		for (int i = 0; top->timeout_i && (!resting.empty() || !top->idle_o) && i < 200000; i++)
			cycle(quiet, false);
		CU_ASSERT(open.empty());
		CU_ASSERT(top->idle_o && top->empty_o);
		CU_ASSERT_EQUAL(refused, want_refused);
		CU_ASSERT_EQUAL(unexpected, want_unexpected);
		CU_ASSERT_EQUAL(late, want_late);
		CU_ASSERT_EQUAL(expired, given_up);
	}

	static constexpr unsigned kTagMask = 2047;
	uint64_t unexpected = 0, want_unexpected = 0, idle_waiting = 0, late = 0, want_late = 0, expired = 0,
		 given_up = 0;
	uint64_t now = 0, longest = 0;
	uint64_t asked[kClients] = {}, answered = 0, beats_in = 0, beats_out = 0;

	static constexpr uint64_t kTimeMask = (1ull << 48) - 1;

private:
	void pass_time(uint64_t cycles)
	{
		// Not beyond the time at which the block wants to do something.
		const uint64_t wake = (top->wake_o - now) & kTimeMask;
		if (cycles > 1 && top->wake_valid_o && cycles > wake)
			cycles = wake ? wake : 1;
		now += cycles;
		top->now_i = now & kTimeMask;
		for (unsigned c = 0; c < kClients; c++) {
			tag_cycles[c] += cycles * under_way[c];
			under_way[c] += change[c]; // at the edge of this cycle, one later than it came
			change[c] = 0;
		}
	}
	void offer(unsigned c, const Profile &p)
	{
		Req r{};
		const size_t i = cu_rand(&rng) % free_tags[c].size();

		r.tag = free_tags[c][i];
		free_tags[c].erase(free_tags[c].begin() + long(i));
		r.client = c;
		r.func = cu_rand(&rng) % 256;
		r.len = 1 + cu_rand(&rng) % p.max_len;
		r.addr = cu_rand(&rng);
		offered[c] = r;
		bits_set(req[c], 89, 8, r.func);
		bits_set(req[c], 25, 64, r.addr);
		bits_set(req[c], 12, 13, r.len);
		bits_set(req[c], 0, 12, r.tag);
		*valid[c] = 1;
	}
	void offer_cpl(const Profile &p)
	{
		if (!tlp.beats) {
			if (rnd(p.stray_pct)) {
				// a tag that is not under way, at the host or at all
				const unsigned tag = cu_rand(&rng) % 4096;
				for (unsigned c = 0; c < kClients; c++)
					if (open.count(tag & kTagMask) ||
					    (*valid[c] && offered[c].tag == (tag & kTagMask)) ||
					    resting.count(tag))
						return;
				const unsigned len = 1 + cu_rand(&rng) % 256;
				tlp = { tag, 0, len, (len + 63) / 64, 0, rnd(50), true, 0 };
			} else {
				if (offer_late())
					return beat_of(tlp);
				if (host.empty() || !rnd(p.cpl_pct))
					return;
				// The oldest first when it is time: none but the lost ones shall be given up.
				const bool old = now - open[host[0]].asked_at > 500;
				const size_t i = old ? 0 : cu_rand(&rng) % host.size();
				Req &r = open[host[i]];
				const unsigned left = r.len - r.answered;
				const unsigned len = rnd(60) ? left : 1 + cu_rand(&rng) % left;
				if (r.lost && (len == left || old)) {
					host.erase(host.begin() + long(i)); // its last piece never comes
					return;
				}
				if (rnd(p.err_pct) && !r.lost)
					tlp = { r.link, 4, 0, 1, 0, true, false, 0 };
				else
					tlp = { r.link, 0,	     len,   (len + 63) / 64,
						0,	len == left, false, r.addr + r.answered };
				r.answered += len;
				r.err = tlp.status != 0;
				if (tlp.last)
					host.erase(host.begin() + long(i));
			}
		} else if (!rnd(p.cpl_pct)) {
			return;
		}
		beat_of(tlp);
	}
	// What is left of a read that was given up, if it is time for it: the tag may be in use again.
	bool offer_late()
	{
		for (auto it = resting.begin(); it != resting.end(); ++it) {
			const Req &r = it->second;
			if (now < r.lost_at)
				continue;
			const unsigned len = r.len - r.answered;
			tlp = { r.link, 0, len, (len + 63) / 64, 0, true, false, r.addr + r.answered, true };
			resting.erase(it);
			return true;
		}
		return false;
	}
	void beat_of(const CplTlp &)
	{
		Vrd_arb *t = top.get();

		t->cpl_valid_i = 1;
		t->cpl_sop_i = tlp.sent == 0;
		t->cpl_eop_i = tlp.sent + 1 == tlp.beats;
		t->cpl_hdr_i =
			tlp.sent ? 0x1fffffff : tlp.tag << 17 | tlp.status << 14 | tlp.last << 13 | tlp.len;
		for (unsigned i = 0; i < 16; i++)
			t->cpl_data_i[i] = word(tlp.addr, tlp.sent, i);
		beats_in++;
	}
	void take_request()
	{
		Vrd_arb *t = top.get();
		const unsigned link = unsigned(bits_get(t->rd_o.data(), 0, 12)), tag = link & kTagMask;

		CU_ASSERT_FATAL(!order.empty());
		CU_ASSERT_EQUAL(order.front(), tag);
		order.pop_front();
		Req &r = open.at(tag);
		r.link = link;
		r.lost = rnd(lost_pct);
		CU_ASSERT(!resting.count(link)); // not while an answer to its last use may come
		CU_ASSERT(bits_get(t->rd_o.data(), 89, 8) == r.func &&
			  bits_get(t->rd_o.data(), 25, 64) == r.addr &&
			  bits_get(t->rd_o.data(), 12, 13) == r.len);
		host.push_back(tag);
	}
	void take_cpl()
	{
		Vrd_arb *t = top.get();
		const unsigned tag = t->cpl_hdr_o >> 17, status = t->cpl_hdr_o >> 14 & 7,
			       len = t->cpl_hdr_o & 0x1fff;
		const bool last = t->cpl_hdr_o >> 13 & 1;

		CU_ASSERT_FATAL(open.count(tag));
		Req &r = open[tag];
		CU_ASSERT_EQUAL(t->sel_o, 1u << r.client);
		CU_ASSERT_EQUAL(t->cpl_sop_o, out_beat == 0);
		if (out_beat == 0)
			CU_ASSERT(status == (r.refused ? 1 : 0) || (r.err && status == 4 && last) ||
				  (status == 6 && last && !r.refused && t->timeout_i));
		if (status == 6)
			give_up(r);
		beats_out++;
		if (status == 0) {
			for (unsigned i = 0; i < 16; i++)
				CU_ASSERT_EQUAL(t->cpl_data_o[i], word(r.addr + r.got, out_beat, i));
			CU_ASSERT_EQUAL(t->cpl_eop_o, (out_beat + 1) * 64 >= len);
		} else {
			CU_ASSERT(t->cpl_eop_o && last && len == 0);
		}
		out_beat++;
		if (!t->cpl_eop_o)
			return;
		out_beat = 0;
		r.got += len;
		if (last) {
			CU_ASSERT(status ? r.err || r.refused || status == 6 : r.got == r.len);
			free_tags[r.client].push_back(tag);
			open.erase(tag);
			answered++;
		}
	}

	void give_up(Req &r)
	{
		const uint64_t took = now - r.asked_at, due = top->timeout_i;

		given_up++;
		CU_ASSERT(r.lost && took >= due);
		longest = took > longest ? took : longest;
		for (size_t i = 0; i < host.size(); i++)
			if (host[i] == r.tag) {
				host.erase(host.begin() + long(i));
				break;
			}
		if (rnd(60)) {
			r.lost_at = now + cu_rand(&rng) % (2 * due);
			resting[r.link] = r;
		}
	}

	uint64_t under_way[kClients] = {}, tag_cycles[kClients] = {};
	int change[kClients] = {};
	uint32_t *req[kClients];
	std::vector<unsigned> free_tags[kClients];
	Req offered[kClients];
	std::map<unsigned, Req> open;	 // asked, not answered to the end
	std::deque<unsigned> order;	 // sent to the link in this order
	std::vector<unsigned> host;	 // at the host
	std::map<unsigned, Req> resting; // given up, and will be answered; by tag on the link
	CplTlp tlp{};
	unsigned out_beat = 0, lost_pct = 0;
};

void random_traffic()
{
	const Profile profiles[] = {
		{ 100, 100, 100, 100, 0, 0, 64 }, { 100, 100, 100, 100, 0, 0, 512 },
		{ 50, 50, 50, 80, 10, 10, 4096 }, { 100, 30, 100, 50, 20, 20, 300 },
		{ 100, 100, 30, 90, 5, 30, 64 },  { 10, 100, 100, 0, 0, 50, 128 },
	};

	for (const Profile &p : profiles) {
		Bench b(cu_seed() + p.max_len);

		b.set_bme(p.bme_pct);
		for (int i = 0; i < 20000; i++) {
			if (i % 1000 == 999)
				b.set_bme(p.bme_pct);
			b.cycle(p, true);
		}
		CU_ASSERT(b.answered > 200);
		b.drain(p);
	}
}

// A request every cycle while tags last; completions a beat every cycle; all clients get their turn.
void full_rate()
{
	Bench b(cu_seed());
	const Profile ask = { 100, 100, 0, 120, 0, 0, 64 }, answer = { 0, 100, 100, 100, 0, 0, 64 };

	for (int i = 0; i < 180; i++)
		b.cycle(ask, true);
	CU_ASSERT_EQUAL(b.asked[0] + b.asked[1] + b.asked[2], 180);
	for (uint64_t n : b.asked)
		CU_ASSERT_EQUAL(n, 60);
	for (int i = 0; i < 10; i++)
		b.cycle(ask, false);
	CU_ASSERT(b.idle_waiting > 0);
	const uint64_t start = b.beats_out;
	for (int i = 0; i < 150; i++)
		b.cycle(answer, false);
	CU_ASSERT(b.beats_out - start >= 148);
	b.drain(answer);
}

// Refused requests are answered although the link is silent, and although it never stops sending.
void refused()
{
	Bench b(cu_seed());

	b.set_bme(0);
	for (int i = 0; i < 2000; i++)
		b.cycle({ 100, 0, 0, 0, 0, 0, 64 }, true);
	CU_ASSERT(b.answered > 900);
	b.drain({ 100, 0, 0, 0, 0, 0, 64 });
	const uint64_t before = b.answered;
	for (int i = 0; i < 2000; i++)
		b.cycle({ 100, 0, 120, 0, 0, 120, 64 }, true);
	CU_ASSERT(b.answered - before > 300);
	b.drain({ 100, 0, 120, 0, 0, 0, 64 });
}

// Reads that are not answered, or not to the end, end in time with an error, whatever the time's bits are; what comes
// for them afterwards reaches nobody, though their tags are in use again; and the others see nothing of it.
void lost()
{
	const Profile p = { 30, 100, 60, 90, 5, 0, 256, 10 };

	for (unsigned i = 0; i < 4; i++) {
		Bench b(cu_seed() + i);

		b.now = i % 2 ? b.kTimeMask - 20000 : 0;
		b.top->timeout_i = i < 2 ? 8000 : 20001;
		for (int k = 0; k < 40000; k++)
			b.cycle(p, true);
		CU_ASSERT(b.given_up > 100 && b.late > 10);
		// a tag's second loss waits for the end of the first one's rest
		CU_ASSERT(b.longest < b.top->timeout_i * 18 / 4);
		printf("    timeout %u: %llu given up, after %llu cycles at most; %llu late\n",
		       b.top->timeout_i, (unsigned long long)b.given_up, (unsigned long long)b.longest,
		       (unsigned long long)b.late);
		Profile rest = p;
		rest.lost_pct = 0;
		b.drain(rest);
		// No tag counts as under way any more.
		const uint64_t busy = b.top->c0_tags_o + b.top->c1_tags_o + b.top->c2_tags_o;
		b.now += 100000;
		b.cycle({}, false);
		CU_ASSERT_EQUAL(b.top->c0_tags_o + b.top->c1_tags_o + b.top->c2_tags_o, busy);
	}
}

const struct cu_test tests[] = {
	{ "rd_arb", "random_traffic", random_traffic },
	{ "rd_arb", "full_rate", full_rate },
	{ "rd_arb", "refused", refused },
	{ "rd_arb", "lost", lost },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
