// SPDX-License-Identifier: BSD-2-Clause
// line_rob: answers in the order asked, whatever order and pieces the completions come in.
#include <deque>
#include <memory>
#include <vector>

#include "Vline_rob.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned kTagBase = 256, kDepth = 64;

struct Request {
	unsigned tag, func, len, user, sent; // sent: bytes already answered
	uint64_t addr, due;
	bool err;
};

// What host memory holds at a 16 B unit of a function.
uint64_t memory(unsigned func, uint64_t addr, unsigned half)
{
	uint64_t s = addr * 2 + half + (uint64_t(func) << 56);

	return cu_rand(&s);
}

struct Profile {
	unsigned req_pct, rd_pct, rsp_pct; // how often each side is willing
	unsigned latency, jitter;
	unsigned split_pct, err_pct;
	bool full_lines;
};

class Bench {
public:
	explicit Bench(uint64_t seed) : top(new Vline_rob), rng(seed)
	{
		top->rst_ni = 0;
		top->req_valid_i = 0;
		top->rd_ready_i = 0;
		top->cpl_valid_i = 0;
		top->rsp_ready_i = 0;
		for (int i = 0; i < 3; i++)
			tick();
		top->rst_ni = 1;
		tick();
	}

	~Bench() { top->final(); }

	// Runs n requests to the end; returns the cycles it took, 0 if it hung.
	uint64_t run(unsigned n, const Profile &p)
	{
		const uint64_t start = now, limit = now + 1000 + uint64_t(n) * (p.latency + p.jitter + 100);
		unsigned asked = 0, popped = 0;

		while (popped < n) {
			if (now > limit)
				return 0;
			if (!top->req_valid_i && asked < n && chance(p.req_pct))
				offer(p);
			top->rd_ready_i = chance(p.rd_pct);
			top->rsp_ready_i = chance(p.rsp_pct);
			complete(p);
			top->eval();
			const bool took = top->req_valid_i && top->req_ready_o;
			if (took) {
				order.push_back(next);
				asked++;
			}
			if (top->rd_valid_o && top->rd_ready_i)
				seen_read(p);
			if (top->rsp_valid_o && top->rsp_ready_i) {
				check_answer();
				popped++;
			}
			CU_ASSERT_FATAL(out.size() <= kDepth);
			tick();
			if (took)
				top->req_valid_i = 0;
		}
		top->cpl_valid_i = 0;
		top->rsp_ready_i = 0;
		tick();
		CU_ASSERT(top->idle_o && top->empty_o);
		return now - start;
	}

	unsigned pieces = 0, overtakes = 0, most_out = 0, idle_waiting = 0;

private:
	bool chance(unsigned pct) { return cu_rand(&rng) % 100 < pct; }

	// While it is idle and nothing comes in, its clock stands. What offers something is not idle.
	void tick()
	{
		CU_ASSERT(!top->rst_ni || !top->idle_o || !(top->rd_valid_o || top->rsp_valid_o));
		idle_waiting += top->idle_o && !top->empty_o;
		top->clk_i = !top->rst_ni || !top->idle_o || top->req_valid_i || top->cpl_valid_i;
		top->eval();
		top->clk_i = 0;
		top->eval();
		now++;
	}

	void offer(const Profile &p)
	{
		const unsigned first = p.full_lines ? 0 : cu_rand(&rng) % 4;

		next = Request();
		next.func = cu_rand(&rng) % 256;
		next.addr = (cu_rand(&rng) & ~63ull) + first * 16;
		next.len = p.full_lines ? 64 : 16 * (1 + cu_rand(&rng) % (4 - first));
		next.user = cu_rand(&rng) % 256;
		top->req_valid_i = 1;
		top->req_func_i = next.func;
		top->req_addr_i = next.addr;
		top->req_len_i = next.len;
		top->req_user_i = next.user;
	}

	// The request on the bus must be the oldest one that has not been seen there yet.
	void seen_read(const Profile &p)
	{
		const unsigned tag = top->rd_o[0] & 0x7ff, len = top->rd_o[0] >> 11 & 0x1fff;
		const uint64_t addr =
			top->rd_o[0] >> 24 | uint64_t(top->rd_o[1]) << 8 | uint64_t(top->rd_o[2]) << 40;
		const unsigned func = top->rd_o[2] >> 24;

		CU_ASSERT_FATAL(reads < order_base + order.size());
		Request &r = order[reads - order_base];
		CU_ASSERT_EQUAL(tag, kTagBase + reads % kDepth);
		CU_ASSERT_EQUAL(len, r.len);
		CU_ASSERT_EQUAL(addr, r.addr);
		CU_ASSERT_EQUAL(func, r.func);
		reads++;
		r.tag = tag;
		r.err = chance(p.err_pct);
		r.due = now + p.latency + (p.jitter ? cu_rand(&rng) % p.jitter : 0);
		out.push_back(r);
		if (out.size() > most_out)
			most_out = out.size();
	}

	// Sends one TLP of a read that is due, any of them.
	void complete(const Profile &p)
	{
		top->cpl_valid_i = 0;
		if (out.empty())
			return;
		const size_t pick = p.jitter ? cu_rand(&rng) % out.size() : 0;
		Request &r = out[pick];
		if (r.due > now)
			return;
		unsigned len = r.len - r.sent, status = 0;
		if (r.err && (r.sent || r.len == 16 || chance(50))) {
			status = 1 + 3 * (cu_rand(&rng) % 2);
			len = 0;
		} else if (len > 16 && (chance(p.split_pct) || r.err)) {
			len = 16 * (1 + cu_rand(&rng) % (len / 16 - 1));
			pieces++;
		}
		const bool last = status || r.sent + len == r.len;
		top->cpl_valid_i = 1;
		top->cpl_hdr_i = r.tag << 17 | status << 14 | unsigned(last) << 13 | len;
		for (unsigned i = 0; i < 4; i++)
			for (unsigned half = 0; half < 2; half++) {
				const uint64_t at = r.addr + r.sent + i * 16;
				const uint64_t v = i * 16 < len ? memory(r.func, at, half) : cu_rand(&rng);
				top->cpl_data_i[i * 4 + half * 2] = uint32_t(v);
				top->cpl_data_i[i * 4 + half * 2 + 1] = uint32_t(v >> 32);
			}
		r.sent += len;
		r.due = now + (p.jitter ? cu_rand(&rng) % 4 : 0);
		if (last) {
			overtakes += pick != 0;
			out.erase(out.begin() + pick);
		}
	}

	void check_answer()
	{
		CU_ASSERT_FATAL(!order.empty());
		const Request r = order.front();
		order.pop_front();
		order_base++;
		CU_ASSERT_EQUAL(top->rsp_user_o, r.user);
		CU_ASSERT_EQUAL(top->rsp_err_o, r.err);
		for (unsigned i = 0; !r.err && i < r.len / 16; i++)
			for (unsigned half = 0; half < 2; half++) {
				const uint64_t got = top->rsp_data_o[i * 4 + half * 2] |
						     uint64_t(top->rsp_data_o[i * 4 + half * 2 + 1]) << 32;
				CU_ASSERT_EQUAL(got, memory(r.func, r.addr + i * 16, half));
			}
	}

	std::unique_ptr<Vline_rob> top;
	uint64_t rng, now = 0;
	Request next = {};
	std::deque<Request> order; // accepted and not yet answered
	size_t order_base = 0, reads = 0;
	std::vector<Request> out; // on the bus
};

void test_in_order()
{
	Bench b(cu_seed() + 1);

	CU_ASSERT(b.run(500, { 100, 100, 100, 5, 0, 0, 0, true }) != 0);
}

void test_random()
{
	static const Profile profiles[] = {
		{ 100, 100, 100, 20, 60, 30, 10, false }, { 30, 100, 100, 0, 8, 50, 0, false },
		{ 100, 30, 100, 10, 30, 0, 20, false },	  { 100, 100, 20, 10, 200, 20, 5, false },
		{ 50, 50, 50, 1, 5, 90, 50, true },
	};

	for (unsigned i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		Bench b(cu_seed() * 16 + i + 2);

		CU_ASSERT(b.run(3000, profiles[i]) != 0);
		CU_ASSERT(b.overtakes > 0);
		CU_ASSERT(profiles[i].split_pct == 0 || b.pieces > 0);
	}
}

// All tags are used, and one more line is not asked for until the oldest has left.
void test_full()
{
	Bench b(cu_seed() + 3);

	CU_ASSERT(b.run(2000, { 100, 100, 100, 500, 300, 0, 0, true }) != 0);
	CU_ASSERT_EQUAL(b.most_out, kDepth);
	CU_ASSERT(b.idle_waiting > 100);
}

// A line a cycle as long as the tags cover the latency.
void test_rate()
{
	Bench b(cu_seed() + 4);
	const uint64_t cycles = b.run(4000, { 100, 100, 100, 40, 0, 0, 0, true });

	CU_ASSERT(cycles != 0 && cycles < 4000 + 100);
}

} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "line_rob", "in_order", test_in_order },
		{ "line_rob", "random_order_and_pieces", test_random },
		{ "line_rob", "all_tags_out", test_full },
		{ "line_rob", "line_a_cycle", test_rate },
		{ nullptr, nullptr, nullptr },
	};

	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
