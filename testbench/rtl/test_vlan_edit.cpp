// SPDX-License-Identifier: BSD-2-Clause
// vlan_edit: every length from the shortest frame over several beats with every edit, against the edit done
// on bytes.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <deque>
#include <memory>
#include <vector>

#include "Vvlan_edit.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

using Bytes = std::vector<uint8_t>;

struct Frame {
	Bytes data;
	bool pop, push;
	unsigned tci;
};

Bytes edited(const Frame &f)
{
	Bytes d = f.data;

	if (f.pop)
		d.erase(d.begin() + 12, d.begin() + 16);
	if (f.push) {
		const uint8_t tag[4] = { 0x81, 0x00, uint8_t(f.tci >> 8), uint8_t(f.tci) };
		d.insert(d.begin() + 12, tag, tag + 4);
	}
	return d;
}

// Returns the cycles from the first beat in to the last beat out.
uint64_t run(std::deque<Frame> frames, unsigned in_idle, unsigned out_stall, uint64_t salt)
{
	std::unique_ptr<Vvlan_edit> d(new Vvlan_edit);
	uint64_t rng = cu_seed() * 100 + salt, cycle = 0;
	std::deque<Bytes> expect;
	unsigned in = 0, out = 0, errors = 0;
	bool offered = false;
	auto rnd = [&](unsigned n) { return unsigned(cu_rand(&rng) % n); };

	for (auto &f : frames)
		expect.push_back(edited(f));
	for (; !expect.empty() && cycle < 1000000 && errors < 10; cycle++) {
		d->clk_i = 0;
		d->rst_ni = cycle >= 2;
		offered = cycle >= 2 && !frames.empty() && (offered || rnd(100) >= in_idle);
		d->valid_i = offered;
		if (offered) {
			const Frame &f = frames.front();
			unsigned n = std::min<size_t>(64, f.data.size() - in);
			for (auto &w : d->data_i.m_storage)
				w = unsigned(cu_rand(&rng));
			memcpy(d->data_i.data(), &f.data[in], n);
			d->sop_i = in == 0;
			d->eop_i = in + n == f.data.size();
			d->bytes_i = n;
			d->pop_i = f.pop;
			d->push_i = f.push;
			d->push_tci_i = f.tci;
		}
		d->ready_i = rnd(100) >= out_stall;
		d->eval();
		if (d->rst_ni && d->valid_o && d->ready_i) {
			const Bytes &e = expect.front();
			unsigned n = std::min<size_t>(64, e.size() - out);
			bool eop = out + n == e.size();
			if (d->sop_o != (out == 0) || d->eop_o != eop || d->bytes_o != n ||
			    memcmp(d->data_o.data(), &e[out], n)) {
				if (!errors++)
					fprintf(stderr, "frame of %zu bytes, byte %u\n", e.size(), out);
			}
			out = eop ? 0 : out + 64;
			if (eop)
				expect.pop_front();
		}
		if (offered && d->ready_o) {
			offered = false;
			in += 64;
			if (in >= frames.front().data.size()) {
				in = 0;
				frames.pop_front();
			}
		}
		d->clk_i = 1;
		d->eval();
	}
	CU_ASSERT_EQUAL(errors, 0);
	CU_ASSERT(expect.empty());
	return cycle;
}

Frame make(uint64_t *rng, unsigned len, unsigned edit)
{
	Frame f = { Bytes(len), (edit & 1) != 0, (edit & 2) != 0, unsigned(cu_rand(rng) & 0xffff) };

	for (auto &b : f.data)
		b = uint8_t(cu_rand(rng) >> 20);
	return f;
}

void every_length(void)
{
	uint64_t rng = cu_seed();

	for (unsigned edit = 0; edit < 4; edit++) {
		std::deque<Frame> q;
		for (unsigned len = 60; len < 400; len++)
			q.push_back(make(&rng, len, edit));
		for (unsigned len = 9150; len <= 9216; len++)
			q.push_back(make(&rng, len, edit));
		run(q, 0, 0, edit);
		run(q, 0, 50, 10 + edit);
		run(q, 50, 0, 20 + edit);
	}
}

void mixed(void)
{
	uint64_t rng = cu_seed() + 7;
	std::deque<Frame> q;

	for (unsigned i = 0; i < 3000; i++)
		q.push_back(make(&rng, 60 + unsigned(cu_rand(&rng) % 150), unsigned(cu_rand(&rng) & 3)));
	run(q, 0, 0, 30);
	run(q, 20, 40, 31);
	run(q, 70, 10, 32);
}

// A beat a cycle when the length stays; one cycle more a frame at most when it changes.
void rate(void)
{
	uint64_t rng = cu_seed() + 9;

	for (unsigned edit = 0; edit < 4; edit++)
		for (unsigned len : { 64u, 65u, 128u, 1518u }) {
			std::deque<Frame> q;
			uint64_t beats = 100 * ((len + 63) / 64), more = edit == 1 || edit == 2 ? 100 : 0;
			for (unsigned i = 0; i < 100; i++)
				q.push_back(make(&rng, len, edit));
			CU_ASSERT(run(q, 0, 0, 40) <= beats + more + 4);
		}
}

const struct cu_test kTests[] = {
	{ "vlan_edit", "every_length", every_length },
	{ "vlan_edit", "mixed", mixed },
	{ "vlan_edit", "rate", rate },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, kTests);
}
