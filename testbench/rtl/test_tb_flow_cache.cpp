// SPDX-License-Identifier: BSD-2-Clause
// flow_cache: replacement, equal tags, generations.
#include <memory>

#include "Vtb_flow_cache.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

class Bench {
public:
	Bench() : top(new Vtb_flow_cache)
	{
		top->kill_i = top->valid_i = top->fill_valid_i = 0;
		top->rst_ni = 0;
		tick();
		tick();
		top->rst_ni = 1;
		while (!top->init_done_o)
			tick();
	}
	~Bench() { top->final(); }

	void tick()
	{
		top->clk_i = 0;
		top->eval();
		top->clk_i = 1;
		top->eval();
	}

	// value, or -1; place says where to fill
	int look(unsigned idx, unsigned set, unsigned tag)
	{
		top->valid_i = 1;
		top->idx_i = idx;
		top->hash_i = set << 16 | tag;
		tick();
		top->valid_i = 0;
		for (int i = 0; i < 10 && !top->valid_o; i++)
			tick();
		CU_ASSERT(top->valid_o);
		place = top->place_o;
		return top->found_o ? int(top->value_o) : -1;
	}

	void fill(unsigned idx, unsigned value)
	{
		top->fill_valid_i = 1;
		top->fill_idx_i = idx;
		top->fill_place_i = place;
		top->fill_value_i = value;
		tick();
		top->fill_valid_i = 0;
		tick();
		tick();
	}

	void kill()
	{
		for (int i = 0; i < 6; i++)
			tick();
		top->kill_i = 1;
		tick();
		top->kill_i = 0;
	}

	unsigned way() const { return place >> 15 & 1; }

	std::unique_ptr<Vtb_flow_cache> top;
	unsigned place = 0;
};

// Of two ways the one goes that was not used last, whichever that is.
void test_replacement()
{
	for (unsigned used = 1; used <= 2; used++) {
		const unsigned other = 3 - used;
		Bench d;

		CU_ASSERT(d.look(1, 0, 11) == -1);
		d.fill(1, 101);
		CU_ASSERT(d.look(2, 0, 12) == -1);
		d.fill(2, 102);
		CU_ASSERT(d.look(1, 0, 11) == 101);
		CU_ASSERT(d.look(2, 0, 12) == 102);
		CU_ASSERT(d.look(1, 1, 11) == -1); // another set
		CU_ASSERT(d.look(used, 0, 10 + used) == int(100 + used));
		for (int i = 0; i < 4; i++)
			d.tick();
		CU_ASSERT(d.look(3, 0, 13) == -1);
		d.fill(3, 103);
		CU_ASSERT(d.look(used, 0, 10 + used) == int(100 + used));
		CU_ASSERT(d.look(3, 0, 13) == 103);
		CU_ASSERT(d.look(other, 0, 10 + other) == -1);
	}
}

void test_equal_tag()
{
	Bench d;

	CU_ASSERT(d.look(1, 0, 11) == -1);
	d.fill(1, 101);
	CU_ASSERT(d.look(2, 0, 11) == -1); // tag of 1, another key
	const unsigned way = d.way();
	d.fill(2, 102);
	CU_ASSERT(d.look(2, 0, 11) == 102);
	CU_ASSERT(d.look(1, 0, 11) == -1);
	CU_ASSERT(d.way() == way);
}

// A replacement between the reading of a tag and that of its key: never the old value for the new key.
void test_fill_under_lookup()
{
	for (int delay = 0; delay < 6; delay++) {
		Bench d;
		unsigned seen = 0;

		d.look(1, 0, 11);
		d.fill(1, 101);
		d.look(2, 0, 11);
		for (int t = 0; t < 14; t++) {
			d.top->valid_i = t == 5;
			d.top->idx_i = 2;
			d.top->hash_i = 11;
			d.top->fill_valid_i = t == 2 + delay;
			d.top->fill_idx_i = 2;
			d.top->fill_place_i = d.place;
			d.top->fill_value_i = 102;
			d.tick();
			if (d.top->valid_o) {
				seen++;
				CU_ASSERT(!d.top->found_o || d.top->value_o == 102);
			}
		}
		CU_ASSERT(seen == 1);
	}
}

// Tag 0 is that of a row that was swept.
void test_generations()
{
	Bench d;

	for (unsigned gen = 0; gen < 12; gen++) {
		const unsigned idx = 1 + gen % 3;

		for (unsigned i = 1; i < 4; i++)
			CU_ASSERT(d.look(i, 0, i - 1) == -1);
		d.look(idx, 0, idx - 1);
		d.fill(idx, 200 + gen);
		CU_ASSERT(d.look(idx, 0, idx - 1) == int(200 + gen));
		d.kill();
		CU_ASSERT(d.look(idx, 0, idx - 1) == -1); // during a sweep, too
		while (!d.top->idle_o)
			d.tick();
		CU_ASSERT(d.top->init_done_o);
	}
}

const struct cu_test tests[] = {
	{ "flow_cache", "replacement", test_replacement },
	{ "flow_cache", "equal_tag", test_equal_tag },
	{ "flow_cache", "fill_under_lookup", test_fill_under_lookup },
	{ "flow_cache", "generations_come_round", test_generations },
	{},
};

} // namespace

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
