// SPDX-License-Identifier: BSD-2-Clause
// act_chain against the list of actions carried out in order, one frame a step, with stops in between.
#include <deque>

#include "Vact_chain.h"
#include "clocked.h"
#include "snic_contract.h"

namespace {

constexpr unsigned kLastAct = SNIC_ACT_DTTL;

struct Out {
	unsigned user, fwd_vport, mir_vport, count, count_idx, push_tci, mark;
	bool drop, fwd, mir, pop, push;
	uint64_t edit; // act_edit_t
	bool decap, cannot, encap;
	unsigned row;
};

struct In {
	unsigned user, push_tci;
	uint32_t act[SNIC_N_ACTION]; // operation in the low byte, argument above
	bool has_vlan, push, replace;
	unsigned l3, l4;
	bool ttl1, close, plain;
	bool can_decap, in_vlan;
	unsigned in_l3;
};

// act_edit_t, from the low end; l3 and l4 are not the actions' to say
enum : unsigned {
	kId = 0,
	kDscpValue = 10,
	kPorts = 16,
	kIp6,
	kIp4,
	kEdit,
	kDttl,
	kDscp,
	kEditNo = 26,
	kDttlNo,
};

uint64_t dttl(const In &f)
{
	return 1u << kDttl | uint64_t(!f.l3 || !f.close || f.ttl1) << kDttlNo;
}

uint64_t edit(const In &f, unsigned arg)
{
	const bool ip4 = arg & SNIC_MASK(EDIT_ARG, IPV4), ip6 = arg & SNIC_MASK(EDIT_ARG, IPV6),
		   ports = arg & SNIC_MASK(EDIT_ARG, PORTS), has = f.l4 == SNIC_L4_TCP || f.l4 == SNIC_L4_UDP,
		   no = (ip4 && f.l3 != SNIC_L3_IPV4) || (ip6 && f.l3 != SNIC_L3_IPV6) ||
			(ports && !has && f.l4 != SNIC_L4_FRAG) || ((ip4 || ip6 || ports) && !f.plain);

	return uint64_t(no) << kEditNo | 1u << kEdit | unsigned(ip4) << kIp4 | unsigned(ip6) << kIp6 |
	       unsigned(ports && has) << kPorts | SNIC_GET(EDIT_ARG, ID, arg) << kId;
}

// rtl/pipe/README.md, Actions
Out carried_out(In f)
{
	Out o = {};

	o.user = f.user;
	o.push = f.push;
	o.pop = f.replace;
	o.push_tci = f.push_tci;
	for (unsigned i = 0; i < SNIC_N_ACTION; i++) {
		const unsigned op = f.act[i] & 0xff, arg = f.act[i] >> 8;

		switch (op) {
		case SNIC_ACT_END:
			return o;
		case SNIC_ACT_DROP:
			o.drop = true;
			break;
		case SNIC_ACT_FWD:
			o.fwd = true;
			o.fwd_vport = arg & 1023;
			break;
		case SNIC_ACT_MIRROR:
			o.mir = true;
			o.mir_vport = arg & 1023;
			break;
		case SNIC_ACT_COUNT:
			o.count |= 1u << i;
			o.count_idx |= (arg & 0xff) << (8 * i);
			break;
		case SNIC_ACT_VLAN_POP:
			if (o.push)
				o.push = false;
			else if (f.has_vlan)
				o.pop = true;
			break;
		case SNIC_ACT_VLAN_PUSH:
			o.push = true;
			o.push_tci = arg & 0xffff;
			break;
		case SNIC_ACT_MARK:
			o.mark = arg;
			break;
		case SNIC_ACT_SET_DSCP:
			o.edit &= ~(0x3full << kDscpValue | 1ull << kDscp);
			o.edit |= uint64_t(f.l3 != SNIC_L3_NONE) << kDscp | uint64_t(arg & 0x3f)
										    << kDscpValue;
			break;
		case SNIC_ACT_DTTL:
			o.edit |= dttl(f);
			break;
		case SNIC_ACT_EDIT:
			o.edit &= 1ull << kDttlNo | 1u << kDttl | 1u << kDscp | 0x3fu << kDscpValue;
			o.edit |= edit(f, arg);
			break;
		case SNIC_ACT_ENCAP:
			if (!o.encap)
				o.row = arg & 255;
			o.encap = true;
			break;
		case SNIC_ACT_DECAP:
			if (!f.can_decap) {
				o.cannot = true;
				break;
			}
			o.decap = true;
			o.pop = o.push = false;
			o.edit = 0;
			f.can_decap = false;
			f.has_vlan = f.in_vlan;
			f.l3 = f.in_l3;
			f.l4 = 0;
			f.ttl1 = f.close = f.plain = false;
			break;
		}
	}
	return o;
}

class Bench : public Clocked<Vact_chain> {
public:
	explicit Bench(uint64_t salt) : Clocked(salt)
	{
		top->en_i = 1;
		top->valid_i = 0;
		reset();
	}
	In frame()
	{
		In f;

		f.user = any() & 255;
		f.push_tci = any() & 0xffff;
		f.has_vlan = chance(50);
		f.l3 = any() % 3;
		f.can_decap = chance(70);
		f.in_vlan = chance(50);
		f.in_l3 = any() % 3;
		f.l4 = any() % 8;
		f.ttl1 = chance(30);
		f.close = chance(80);
		f.plain = f.close && chance(80);
		f.push = chance(50);
		f.replace = f.push && f.has_vlan && chance(50);
		for (uint32_t &a : f.act)
			a = any() << 8 | (chance(5) ? any() & 0xff : any() % (kLastAct + 1));
		return f;
	}
	void cycle(bool en, bool valid, const In &f)
	{
		top->en_i = en;
		top->valid_i = valid;
		top->user_i = f.user;
		top->pkt_i = f.can_decap << 12 | f.in_vlan << 11 | f.in_l3 << 9 | f.has_vlan << 8 |
			     f.l3 << 6 | f.l4 << 3 | f.ttl1 << 2 | f.close << 1 | f.plain;
		top->push_i = f.push;
		top->replace_i = f.replace;
		top->push_tci_i = f.push_tci;
		for (unsigned i = 0; i < SNIC_N_ACTION; i++)
			top->act_i[i] = f.act[i];
		if (en) {
			stage.push_front({ valid, carried_out(f) });
			stage.resize(SNIC_N_ACTION);
		}
		tick();
		check();
	}
	void restart()
	{
		stage.assign(SNIC_N_ACTION, {});
		top->valid_i = 0;
		reset();
		check();
	}
	unsigned seen = 0;

private:
	struct Stage {
		bool valid = false;
		Out out = {};
	};
	std::deque<Stage> stage{ SNIC_N_ACTION };

	void check()
	{
		const Stage &s = stage.back();
		const Out &o = s.out;

		CU_ASSERT_EQUAL(top->valid_o, s.valid);
		if (!s.valid)
			return;
		seen++;
		CU_ASSERT_EQUAL(top->user_o, o.user);
		CU_ASSERT_EQUAL(top->dest_o >> 22, o.drop);
		CU_ASSERT_EQUAL(top->dest_o >> 21 & 1, o.fwd);
		CU_ASSERT(!o.fwd || (top->dest_o >> 11 & 1023) == o.fwd_vport);
		CU_ASSERT_EQUAL(top->dest_o >> 10 & 1, o.mir);
		CU_ASSERT(!o.mir || (top->dest_o & 1023) == o.mir_vport);
		CU_ASSERT_EQUAL(top->count_o, o.count);
		for (unsigned i = 0; i < SNIC_N_ACTION; i++)
			CU_ASSERT(!(o.count >> i & 1) ||
				  (top->count_idx_o >> 8 * i & 0xff) == (o.count_idx >> 8 * i & 0xff));
		CU_ASSERT_EQUAL(top->tag_o >> 17, o.pop);
		CU_ASSERT_EQUAL(top->tag_o >> 16 & 1, o.push);
		CU_ASSERT(!o.push || (top->tag_o & 0xffff) == o.push_tci);
		CU_ASSERT_EQUAL(top->mark_o, o.mark);
		CU_ASSERT_EQUAL(top->edit_o, o.edit);
		CU_ASSERT_EQUAL(top->tun_o >> 2 & 1, o.encap);
		CU_ASSERT(!o.encap || top->tun_o >> 3 == o.row);
		CU_ASSERT_EQUAL(top->tun_o >> 1 & 1, o.cannot);
		CU_ASSERT_EQUAL(top->tun_o & 1, o.decap);
	}
};

void random_lists()
{
	for (unsigned en : { 100, 70, 20 }) {
		Bench b(en);

		for (unsigned i = 0; i < 20000; i++)
			b.cycle(b.chance(en), b.chance(80), b.frame());
		CU_ASSERT(b.seen > 3000);
	}
}

// Each action in each place of the list, alone, and behind an END.
void every_place()
{
	Bench b(1);

	for (unsigned op = 0; op <= kLastAct + 1; op++)
		for (unsigned place = 0; place < SNIC_N_ACTION; place++)
			for (unsigned flags = 0; flags < 8; flags++) {
				In f = b.frame();

				for (uint32_t &a : f.act)
					a = uint32_t(SNIC_ACT_MARK) | b.any() << 8;
				if (flags & 4 && place)
					f.act[place - 1] = SNIC_ACT_END | b.any() << 8;
				f.act[place] = op | b.any() << 8;
				f.has_vlan = flags & 1;
				f.push = flags >> 1 & 1;
				b.cycle(true, true, f);
			}
}

void reset_empties()
{
	Bench b(2);

	for (unsigned n = 1; n <= SNIC_N_ACTION + 1; n++) {
		for (unsigned i = 0; i < n; i++)
			b.cycle(true, true, b.frame());
		b.restart();
		for (unsigned i = 0; i <= SNIC_N_ACTION; i++)
			b.cycle(true, false, b.frame());
	}
}

const struct cu_test tests[] = {
	{ "act_chain", "random_lists", random_lists },
	{ "act_chain", "every_place", every_place },
	{ "act_chain", "reset_empties", reset_empties },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
