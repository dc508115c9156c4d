// SPDX-License-Identifier: BSD-2-Clause
// forward alone, against a model written from rtl/pipe/README.md "Forwarding" and rtl/README.md "Floods": who gets a
// frame, what is refused, places in the flood store, allowances of sources, shared counters.
#include <cstdio>
#include <cstring>
#include <deque>
#include <memory>
#include <set>
#include <vector>

#include "Vforward.h"
#include "cu_main.h"
#include "snic_contract.h"
#include "verilated.h"

namespace {

constexpr unsigned kWire0 = SNIC_VPORT_WIRE0, kWire1 = SNIC_VPORT_WIRE1, kCells = 4096;
constexpr uint64_t kTime = (1ull << 48) - 1;

template <typename W> void put(W &w, unsigned lsb, unsigned width, uint64_t v)
{
	for (unsigned i = 0; i < width; i++) {
		const unsigned b = lsb + i;
		w[b / 32] = (w[b / 32] & ~(1u << (b % 32))) | uint32_t(v >> i & 1) << (b % 32);
	}
}

template <typename W> uint64_t get(const W &w, unsigned lsb, unsigned width)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v |= uint64_t(w[(lsb + i) / 32] >> ((lsb + i) % 32) & 1) << i;
	return v;
}

struct Frame {
	unsigned src = kWire0, slot = 0, len = 60, vid = 0, tci = 0;
	uint64_t dmac = 0;
	bool tagged = false, ad = false, bad_ctrl = false, bad_mac = false, bad_vlan = false, uplink = false;
	bool hit = false, hit2 = false; // of the MAC table: an address may be there for two vports
	unsigned vport = 0, vport2 = 0;
	bool own = false, own2 = false; // of the source address
	unsigned owner = 0, owner2 = 0;
	bool switchdev = false, named = false, from_tunnel = false; // from_tunnel: and not from its wire port
	unsigned to = 0;					    // when named
	bool drop = false, fwd = false, mir = false, pop = false, push = false;
	unsigned fwd_vport = 0, mir_vport = 0, push_tci = 0;
	unsigned n_count = 0, count[4] = {};

	unsigned cells() const { return (len + 63) / 64; }
	unsigned buf() const { return src < 256 ? 2 : src - 256; }
	bool refused() const { return bad_ctrl || bad_mac || bad_vlan; }
};

// What must come of a frame, but for congestion and storm control.
struct Fate {
	std::set<unsigned> funcs, wires;
	bool flood = false, no_match = false;
	unsigned copies = 0; // of a flood, without a mirror
};

class Bench {
public:
	explicit Bench(uint64_t seed, uint64_t start = 0) : top(new Vforward), rng(seed), now(start)
	{
		top->rst_ni = 0;
		top->valid_i = top->flood_free_i = 0;
		memset(top->storm_cfg_i.m_storage, 0, sizeof(top->storm_cfg_i.m_storage));
		memset(top->ft_wr_i.m_storage, 0, sizeof(top->ft_wr_i.m_storage));
		held(0, 0, 0, 0);
		for (unsigned w = 0; w < 8; w++)
			top->row_i[w] = 0;
		for (int i = 0; i < 4; i++)
			clock();
		top->rst_ni = 1;
		while (!top->init_done_o)
			clock();
	}
	~Bench() { top->final(); }

	unsigned rnd(unsigned n) { return cu_rand(&rng) % n; }
	void held(unsigned w0_host, unsigned w1_host, unsigned w0_w1, unsigned w1_w0)
	{
		top->held_w0_host_i = w0_host;
		top->held_w1_host_i = w1_host;
		top->held_w0_w1_i = w0_w1;
		top->held_w1_w0_i = w1_w0;
	}
	void func(unsigned f, unsigned flags)
	{
		put(top->ft_wr_i, 0, 11, flags);
		put(top->ft_wr_i, 75, 8, f);
		put(top->ft_wr_i, 83, 1, 1);
		clock();
		put(top->ft_wr_i, 83, 1, 0);
		this->flags[f] = flags;
	}
	// i: 0 VFs, 1 PF, 2 and 3 wire ports
	void storm(unsigned i, unsigned cost_, unsigned limit_)
	{
		put(top->storm_cfg_i, 32 * i, 32, limit_);
		put(top->storm_cfg_i, 128 + 16 * i, 16, cost_);
		cost[i] = cost_;
		limit[i] = limit_;
	}

	void send(const Frame &f) { todo.push_back(f); }
	void drain()
	{
		while (!todo.empty() || !inside.empty())
			cycle();
	}
	// What floods there are leave the store.
	void empty_store()
	{
		const unsigned was = free_pct;

		free_pct = 100;
		while (!places.empty())
			cycle();
		cycle();
		free_pct = was;
	}
	void idle(unsigned n)
	{
		while (n--)
			cycle();
	}

	void cycle()
	{
		const bool some = !todo.empty() && (send_pct >= 100 || rnd(100) < send_pct);

		if (!offered && some) {
			drive(todo.front());
			offered = true;
		}
		top->valid_i = offered;
		for (unsigned w = 0; w < 8; w++)
			top->row_i[w] = row_asked ? row[w] : uint32_t(cu_rand(&rng));
		top->flood_free_i = !places.empty() && rnd(100) < free_pct;
		if (top->flood_free_i) {
			top->flood_free_pool_i = places.front().pool;
			top->flood_free_cells_i = places.front().cells;
			top->flood_free_func_i = places.front().func;
		}
		top->eval();
		const bool taken = offered && top->en_o;

		if (top->row_ren_o) {
			for (unsigned w = 0; w < 8; w++)
				row[w] = members[top->row_vid_o % 16][w];
		}
		// the answer stands for as long as the pipeline does
		row_asked = top->row_ren_o || (row_asked && !top->en_o);
		look();
		if (top->flood_free_i) {
			give(places.front());
			places.pop_front();
		}
		clock();
		top->valid_i = top->flood_free_i = 0;
		if (taken) {
			inside.push_back(todo.front());
			todo.pop_front();
			offered = false;
		}
	}

	std::unique_ptr<Vforward> top;
	uint64_t rng, now;
	unsigned flags[256] = {}, cost[4] = {}, limit[4] = {};
	uint32_t members[16][8] = {};
	unsigned send_pct = 100, free_pct = 100;
	uint64_t done = 0, storms = 0, congested = 0, floods = 0, unsure = 0, no_match = 0;
	std::deque<Frame> todo, inside;

private:
	struct Place {
		unsigned pool, cells, func;
	};

	void clock()
	{
		top->now_i = now & kTime;
		top->eval();
		top->clk_i = 1;
		top->eval();
		top->clk_i = 0;
		top->eval();
		now++;
		top->now_i = now & kTime;
	}

	void drive(const Frame &f)
	{
		auto &p = top->pkt_i;

		p = uint64_t(f.buf()) << 37 | uint64_t(f.slot) << 26 | uint64_t(f.slot) << 14 | f.len;
		top->src_i = f.src;
		top->dmac_i = f.dmac;
		top->has_vlan_i = f.tagged;
		top->ad_i = f.ad;
		top->tci_i = f.tci;
		top->bad_ctrl_i = f.bad_ctrl;
		top->bad_mac_i = f.bad_mac;
		top->bad_vlan_i = f.bad_vlan;
		top->vid_i = f.vid;
		top->uplink_i = f.uplink;
		top->switchdev_i = f.switchdev;
		top->from_tunnel_i = f.from_tunnel;
		top->cannot_i = 0;
		top->strip_i = 0;
		top->encap_i = 0;
		top->len_i = f.len;
		top->named_i = unsigned(f.named) << 10 | f.to;
		top->mac_hit_i = f.hit;
		top->mac_vport_i = f.vport;
		top->mac2_hit_i = f.hit2;
		top->mac2_vport_i = f.vport2;
		top->own_hit_i = f.own;
		top->own_vport_i = f.owner;
		top->own2_hit_i = f.own2;
		top->own2_vport_i = f.owner2;
		top->drop_i = f.drop;
		top->fwd_i = f.fwd;
		top->fwd_vport_i = f.fwd_vport;
		top->mir_i = f.mir;
		top->mir_vport_i = f.mir_vport;
		top->pop_i = f.pop;
		top->push_i = f.push;
		top->push_tci_i = f.push_tci;
		top->count_i = 0;
		top->count_idx_i = 0;
		for (unsigned i = 0; i < f.n_count; i++) {
			top->count_i |= 1u << i;
			top->count_idx_i |= f.count[i] << 8 * i;
		}
	}

	unsigned switch_of(unsigned vport) const
	{
		return vport >= kWire0 ? vport - kWire0 : !!(flags[vport] & SNIC_MASK(FT_FLAGS, UPLINK1));
	}

	// A frame from the wire with the address of a VEPA function of that switch
	bool reflected(const Frame &f, bool hit, unsigned vport) const
	{
		return f.src >= kWire0 && hit && vport < 256 && (flags[vport] & SNIC_MASK(FT_FLAGS, VEPA)) &&
		       switch_of(vport) == f.src - kWire0;
	}

	Fate fate(const Frame &f) const
	{
		const bool vf = f.src < 256, group = f.dmac >> 40 & 1, all = f.dmac == 0xffffffffffff;
		const bool loop = vf && (flags[f.src] & SNIC_MASK(FT_FLAGS, LOOPBACK));
		const unsigned port = vf ? f.uplink : f.src - kWire0;
		const bool ctrl = f.dmac >> 4 == 0x0180c200000;
		const bool known1 = f.hit && (f.vport > kWire1 || switch_of(f.vport) == port);
		const bool known = known1 || (f.hit2 && (f.vport2 > kWire1 || switch_of(f.vport2) == port));
		const unsigned vport = known1 ? f.vport : f.vport2;
		std::set<unsigned> to;
		Fate o;

		const bool echo1 = reflected(f, f.own, f.owner), echo2 = reflected(f, f.own2, f.owner2);
		const unsigned sender = echo1 ? f.owner : echo2 ? f.owner2 : f.src;

		if (f.refused())
			return o;
		if (f.named) {
			to.insert(f.to);
			to.erase(f.src);
		} else if (loop && !f.drop) {
			to.insert(f.src);
		} else if (!f.drop && f.fwd) {
			to.insert(f.fwd_vport);
			if (!f.from_tunnel)
				to.erase(f.src);
		} else if (!f.drop && f.switchdev) {
			to.insert(0);
			to.erase(f.src);
		} else if (!f.drop && vf && (flags[f.src] & SNIC_MASK(FT_FLAGS, VEPA))) {
			to.insert(kWire0 + port);
		} else if (!f.drop && !group && known) {
			to.insert(vport);
			to.erase(f.src);
		} else if (!f.drop) {
			const unsigned want =
				all	? SNIC_MASK(FT_FLAGS, BCAST)
				: group ? SNIC_MASK(FT_FLAGS, ALLMULTI) | SNIC_MASK(FT_FLAGS, PROMISC)
					: SNIC_MASK(FT_FLAGS, PROMISC);

			for (unsigned i = 0; i < 256; i++)
				if ((flags[i] & SNIC_MASK(FT_FLAGS, ENABLE)) &&
				    (ctrl ? i == 0 : !!(flags[i] & want)) && switch_of(i) == port &&
				    (members[f.vid % 16][i / 32] >> i % 32 & 1))
					to.insert(i);
			if (group && !all && !ctrl && known)
				to.insert(vport);
			if (vf)
				to.insert(kWire0 + port);
			to.erase(f.src);
			if (sender != f.src)
				to.erase(sender);
			for (unsigned v : to)
				o.copies += v < 256;
			o.flood = o.copies > 1;
		}
		if (sender != f.src)
			to.erase(sender);
		while (!to.empty() && *to.rbegin() > kWire1)
			to.erase(*to.rbegin());
		o.no_match = to.empty() && !f.drop;
		if (f.mir && f.mir_vport <= kWire1 &&
		    (f.from_tunnel || (f.mir_vport != f.src && f.mir_vport != sender)) && !loop)
			to.insert(f.mir_vport);
		for (unsigned v : to)
			(v < 256 ? o.funcs : o.wires).insert(v);
		return o;
	}

	static unsigned kind(unsigned src) { return src >= kWire0 ? 2 + src - kWire0 : src == 0; }

	// Within its allowance? -1: too close to say, the device's stages see other cycles.
	int within(unsigned src, unsigned bound) const
	{
		const int64_t ahead = int64_t(used_up[src] - now), slack = 8;

		if (!cost[kind(src)])
			return 1;
		if (!exact)
			return -1;
		return ahead < int64_t(bound) - slack ? 1 : ahead > int64_t(bound) + slack ? 0 : -1;
	}

	// Does a flood go to functions, and from which part of the store? -1 as above.
	int admitted(const Frame &f, unsigned *pool)
	{
		const unsigned k = kind(f.src), n = f.cells();
		const int in = within(f.src, limit[k]), calm = within(f.src, limit[k] / 4);
		int room;

		if (f.src >= kWire0) {
			*pool = 2 + f.src - kWire0;
			room = wire[f.src - kWire0] + n <= 160;
		} else if (n <= 2 && !own[f.src]) {
			*pool = 0;
			room = 1;
		} else {
			*pool = 1;
			room = shared + n > 192 ? 0 : shared < 96 ? 1 : calm;
		}
		return !in || !room ? 0 : in < 0 || room < 0 ? -1 : 1;
	}

	void take(const Frame &f, const Fate &o, unsigned pool)
	{
		const unsigned k = kind(f.src), n = f.cells();

		if (pool == 0)
			own[f.src] = true;
		else if (pool == 1)
			shared += n;
		else
			wire[pool - 2] += n;
		places.push_back({ pool, n, f.src & 255 });
		if (used_up[f.src] < now || !cost[k])
			used_up[f.src] = now;
		used_up[f.src] += uint64_t(cost[k]) * o.copies;
	}

	void give(const Place &p)
	{
		if (p.pool == 0)
			own[p.func] = false;
		else if (p.pool == 1)
			shared -= p.cells;
		else
			wire[p.pool - 2] -= p.cells;
	}

	void look()
	{
		if (top->count_valid_o) {
			CU_ASSERT_FATAL(!inside.empty() && counted < inside.front().n_count);
			CU_ASSERT_EQUAL(top->count_idx_o, inside.front().count[counted]);
			counted++;
		}
		if (!top->done_o) {
			CU_ASSERT(!top->flood_valid_o && !top->ev_storm_o && !top->ev_no_match_o &&
				  !top->ev_congested_o && !top->fdrop_o);
			return;
		}
		CU_ASSERT_FATAL(!inside.empty());
		const Frame f = inside.front();
		Fate o = fate(f);
		const auto &e = top->eg_o;
		std::set<unsigned> got;
		unsigned mask = 0, full = 0, pool = 0;

		inside.pop_front();
		done++;
		CU_ASSERT_EQUAL(counted, f.refused() ? 0 : f.n_count);
		counted = 0;
		CU_ASSERT_EQUAL(get(e, 175, 2), f.buf());
		CU_ASSERT_EQUAL(get(e, 164, 11), f.slot);
		CU_ASSERT_EQUAL(get(e, 138, 14), f.len);
		CU_ASSERT_EQUAL(get(e, 129, 9), f.src);
		for (unsigned w : o.wires)
			mask |= 1u << (w - kWire0);
		mask |= o.funcs.empty() ? 0 : 4;
		if (f.src >= kWire0) {
			const unsigned host = f.src == kWire0 ? top->held_w0_host_i : top->held_w1_host_i;
			const unsigned other = f.src == kWire0 ? top->held_w0_w1_i : top->held_w1_w0_i;

			full |= host >= kCells / 4 * 3 ? 4 : 0;
			full |= other < kCells / 4 * 3 ? 0 : f.src == kWire0 ? 2 : 1;
		}
		CU_ASSERT_EQUAL(!!top->ev_congested_o, !!(mask & full));
		congested += !!(mask & full);
		mask &= ~full;
		bool storm = false;
		if (o.flood && (mask & 4)) {
			const int in = admitted(f, &pool);

			storm = in < 0 ? top->ev_storm_o : !in;
			unsure += in < 0;
			if (storm)
				mask &= ~4u;
			else
				take(f, o, pool);
			floods++;
		}
		CU_ASSERT_EQUAL_FATAL(!!top->ev_storm_o, storm);
		storms += storm;
		CU_ASSERT_EQUAL_FATAL(top->mask_o, mask);
		CU_ASSERT_EQUAL(!!top->flood_valid_o, o.flood && (mask & 4));
		if (top->flood_valid_o) {
			CU_ASSERT_EQUAL_FATAL(top->flood_pool_o, pool);
			CU_ASSERT_EQUAL(top->flood_cell_o, cell);
			CU_ASSERT_EQUAL(top->flood_slot_o, slot);
			cell = (cell + f.cells()) % 1024;
			slot = (slot + 1) % 1024;
			for (unsigned i = 0; i < 256; i++)
				if (top->flood_map_o[i / 32] >> i % 32 & 1)
					got.insert(i);
		} else if (mask & 4) {
			got.insert(get(e, 120, 8));
			if (get(e, 185, 1))
				CU_ASSERT(got.insert(get(e, 177, 8)).second);
		}
		if (mask & 4)
			CU_ASSERT(got == o.funcs);
		if (mask) {
			const bool has = f.push || (f.tagged && !f.pop);

			CU_ASSERT_EQUAL(get(e, 119, 1), f.pop);
			CU_ASSERT_EQUAL(get(e, 118, 1), f.push);
			CU_ASSERT_EQUAL(get(e, 101, 1), has);
			CU_ASSERT_EQUAL(get(e, 100, 1), has && !f.push && f.ad);
			CU_ASSERT_EQUAL(get(e, 84, 16), f.push ? f.push_tci : has ? f.tci : 0);
		}
		const bool dropped = !f.refused() && f.drop;
		CU_ASSERT_EQUAL(!!top->ev_no_match_o, o.no_match);
		CU_ASSERT_EQUAL(!!top->ev_flow_drop_o, dropped);
		CU_ASSERT_EQUAL(!!top->ev_tx_ctrl_o, f.bad_ctrl);
		CU_ASSERT_EQUAL(!!top->ev_spoof_mac_o, f.bad_mac);
		CU_ASSERT_EQUAL(!!top->ev_spoof_vlan_o, f.bad_vlan);
		CU_ASSERT_EQUAL(!!top->fdrop_o,
				f.src < 256 && (o.no_match || dropped || f.refused() || storm));
		no_match += o.no_match;
	}

	bool offered = false, row_asked = false;
	uint32_t row[8] = {};
	unsigned counted = 0, cell = 0, slot = 0;
	bool own[256] = {};
	unsigned shared = 0, wire[2] = {};
	uint64_t used_up[258] = {};
	std::deque<Place> places;

public:
	bool exact = true; // frames of a source are far enough apart for the model's allowance
};

constexpr uint64_t kAll = 0xffffffffffff;

Frame some_frame(Bench &b, bool lengthy)
{
	static const uint64_t dmacs[] = { kAll, 0x01005e000001, 0x020000000001, 0x0180c2000002 };
	Frame f;

	f.src = b.rnd(3) ? b.rnd(b.rnd(2) ? 256 : 4) : kWire0 + b.rnd(2);
	f.slot = b.rnd(512);
	f.len = 60 + b.rnd(lengthy ? 9157 : b.rnd(8) ? 69 : 1459);
	f.vid = b.rnd(16);
	f.dmac = dmacs[b.rnd(20) ? b.rnd(3) : 3];
	f.tagged = b.rnd(2);
	f.ad = f.tagged && b.rnd(2);
	f.tci = b.rnd(65536);
	f.uplink = f.src < 256 ? !!(b.flags[f.src] & SNIC_MASK(FT_FLAGS, UPLINK1)) : b.rnd(2);
	if (f.src < 256 && b.rnd(12) == 0)
		(b.rnd(3) == 0 ? f.bad_ctrl : b.rnd(2) ? f.bad_mac : f.bad_vlan) = true;
	f.hit = b.rnd(2);
	f.vport = b.rnd(4) ? b.rnd(258) : b.rnd(2) ? f.src : b.rnd(512);
	f.hit2 = f.hit && b.rnd(3) == 0;
	f.vport2 = b.rnd(4) ? b.rnd(258) : b.rnd(512);
	f.own = b.rnd(2);
	f.owner = b.rnd(4) ? b.rnd(256) : b.rnd(2) ? f.vport & 255 : b.rnd(512);
	f.own2 = f.own && b.rnd(3) == 0;
	f.owner2 = b.rnd(512);
	f.switchdev = b.rnd(6) == 0;
	if (f.switchdev) // nothing is asked of its sender
		f.bad_ctrl = f.bad_mac = f.bad_vlan = f.own = f.own2 = false;
	f.from_tunnel = f.switchdev && f.src >= kWire0 && b.rnd(3) == 0;
	f.drop = b.rnd(10) == 0;
	f.fwd = b.rnd(6) == 0;
	f.fwd_vport = b.rnd(4) ? b.rnd(258) : b.rnd(1024);
	f.mir = b.rnd(4) == 0;
	f.mir_vport = b.rnd(4) ? b.rnd(258) : b.rnd(1024);
	f.named = b.rnd(10) == 0;
	f.to = b.rnd(4) ? b.rnd(258) : b.rnd(1024);
	if (f.named) // there was no look for an entry
		f.drop = f.fwd = f.mir = false;
	f.pop = f.tagged && b.rnd(3) == 0;
	f.push = b.rnd(3) == 0;
	f.push_tci = b.rnd(65536);
	f.n_count = b.rnd(8) ? 0 : 1 + b.rnd(4);
	for (unsigned &c : f.count)
		c = b.rnd(256);
	return f;
}

void some_tables(Bench &b)
{
	const unsigned ports = b.rnd(2), few = b.rnd(3);

	for (unsigned f = 0; f < 256; f++)
		b.func(f, (few == 0 || b.rnd(few == 1 ? 4 : 100) == 0 ? b.rnd(32) : 0) |
				  (ports && b.rnd(2) ? SNIC_MASK(FT_FLAGS, UPLINK1) : 0) |
				  (b.rnd(few == 1 ? 4 : 20) ? 0 : SNIC_MASK(FT_FLAGS, VEPA)) |
				  (b.rnd(40) ? 0 : SNIC_MASK(FT_FLAGS, LOOPBACK)));
	for (auto &row : b.members)
		for (uint32_t &w : row)
			w = b.rnd(3) ? ~0u : uint32_t(cu_rand(&b.rng) >> 8);
}

// Everything at once; places in the flood store come free at any rate.
void test_random()
{
	Bench b(cu_seed() + 1);

	for (unsigned round = 0; round < 24; round++) {
		some_tables(b);
		b.send_pct = round % 3 ? 100 : 50;
		b.free_pct = round % 4 == 0 ? 100 : round % 4 * 10;
		b.held(b.rnd(4) ? 0 : 3071 + b.rnd(2), b.rnd(4) ? 0 : 3072, b.rnd(4) ? 0 : 4000,
		       b.rnd(4) ? 3071 : 3072);
		for (unsigned i = 0; i < 1500; i++)
			b.send(some_frame(b, round % 5 == 4));
		b.drain();
	}
	CU_ASSERT_EQUAL(b.done, 24 * 1500);
	CU_ASSERT(b.floods > 2000 && b.storms > 500 && b.congested > 500 && b.no_match > 500);
	CU_ASSERT(b.floods - b.storms > 1000);
	CU_ASSERT_EQUAL(b.unsure, 0);
}

Frame broadcast(unsigned src, unsigned len = 60)
{
	Frame f;

	f.src = src;
	f.dmac = kAll;
	f.len = len;
	return f;
}

void everybody(Bench &b)
{
	for (unsigned f = 0; f < 256; f++)
		b.func(f, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST));
	for (auto &row : b.members)
		memset(row, 0xff, sizeof(row));
}

// The parts of the store: what one source takes is not taken from the others, and comes back.
void test_places()
{
	Bench b(cu_seed() + 2);

	everybody(b);
	b.free_pct = 0;
	for (unsigned round = 0; round < 3; round++) {
		// a villain: its own place and all that functions share
		for (unsigned i = 0; i < 400; i++)
			b.send(broadcast(1));
		b.drain();
		CU_ASSERT_EQUAL(b.floods - b.storms, 1 + 192);
		// everybody else still has one, and no more
		for (unsigned i = 0; i < 2; i++)
			for (unsigned f = 0; f < 256; f++)
				b.send(broadcast(f, 128));
		b.drain();
		CU_ASSERT_EQUAL(b.floods - b.storms, 192 + 256);
		// the wires have theirs
		for (unsigned i = 0; i < 200; i++)
			for (unsigned p = 0; p < 2; p++)
				b.send(broadcast(kWire0 + p, 64));
		b.func(9, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) |
				  SNIC_MASK(FT_FLAGS, UPLINK1));
		b.func(10, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) |
				   SNIC_MASK(FT_FLAGS, UPLINK1));
		b.drain();
		CU_ASSERT_EQUAL(b.floods - b.storms, 192 + 256 + 2 * 160);
		b.empty_store();
		// longest frames: one of a port, one of all functions
		b.floods = b.storms = 0;
		for (unsigned i = 0; i < 3; i++)
			for (unsigned src : { 3u, 4u, kWire0, kWire1 })
				b.send(broadcast(src, 9216));
		b.drain();
		CU_ASSERT_EQUAL(b.floods - b.storms, 3);
		b.empty_store();
		b.floods = b.storms = 0;
		b.func(9, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST));
		b.func(10, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST));
	}
	// to one function, and a mirror's second copy: no flood, so no place is asked for
	for (unsigned i = 0; i < 400; i++) {
		Frame f = broadcast(1);

		f.dmac = 0x020000000007;
		f.hit = true;
		f.vport = 7;
		f.mir = true;
		f.mir_vport = 8;
		b.send(f);
	}
	b.drain();
	CU_ASSERT_EQUAL(b.floods, 0);
}

// Allowances: limit, rate, burst, of VFs, PF and wire ports; time wraps meanwhile.
void test_allowance()
{
	for (uint64_t start : { 0ull, (1ull << 48) - 30000 }) {
		Bench b(cu_seed() + 3, start);
		unsigned good[258] = {}, last = 0;

		everybody(b);
		b.func(9, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) |
				  SNIC_MASK(FT_FLAGS, UPLINK1));
		b.func(10, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) |
				   SNIC_MASK(FT_FLAGS, UPLINK1));
		b.storm(0, 7, 3000); // 253 copies: 1771 cycles
		b.storm(1, 3, 1000);
		b.storm(2, 2, 400);
		const uint64_t from = b.now;
		for (unsigned i = 0; i < 6000; i++) {
			static const unsigned sources[] = { 1, 2, 0, kWire0, kWire1 };
			const unsigned src = sources[i % 5];
			const uint64_t floods = b.floods, storms = b.storms;

			b.send(broadcast(src));
			b.drain();
			good[src] += b.floods - floods - (b.storms - storms);
			b.idle(b.rnd(20));
			last = i;
		}
		const double cycles = double(b.now - from);

		CU_ASSERT_EQUAL(last, 5999);
		printf("    %.0f cycles: %u and %u floods of VFs, %u of the PF, %u and %u of wire ports; %llu too close\n",
		       cycles, good[1], good[2], good[0], good[kWire0], good[kWire1],
		       (unsigned long long)b.unsure);
		CU_ASSERT(b.unsure < 200);
		for (unsigned vf : { 1u, 2u })
			CU_ASSERT(good[vf] > cycles / 1771 - 1 && good[vf] < cycles / 1771 + 3);
		CU_ASSERT(good[0] > cycles / 759 - 1 && good[0] < cycles / 759 + 3);
		CU_ASSERT(good[kWire0] > cycles / 508 - 2 && good[kWire0] < cycles / 508 + 3);
		CU_ASSERT_EQUAL(good[kWire1], 1200); // no limit
	}
}

// The second half of what functions share is for those who have not flooded much of late.
void test_calm()
{
	Bench b(cu_seed() + 6);

	everybody(b);
	b.free_pct = 0;
	b.storm(0, 4, 16000);
	b.send(broadcast(2, 9216)); // more than half of what is shared
	b.drain();
	for (unsigned i = 0; i < 12; i++) { // 255 copies of 4 cycles: a quarter of the limit with the fourth
		b.send(broadcast(1));
		b.drain();
		b.idle(8);
	}
	const uint64_t storms = b.storms;
	CU_ASSERT(storms >= 6 && storms <= 8);
	for (unsigned src : { 3u, 3u, 4u, 4u, 5u, 5u }) { // its own place, and one of those that are shared
		b.send(broadcast(src));
		b.drain();
		b.idle(8);
	}
	CU_ASSERT_EQUAL(b.storms, storms);
}

// Frame after frame of one source: those that come before the charge pass, but they are charged.
void test_dense()
{
	Bench b(cu_seed() + 4);

	everybody(b);
	b.storm(0, 5, 2000);
	b.exact = false;
	const uint64_t from = b.now;
	for (unsigned i = 0; i < 50000; i++)
		b.send(broadcast(5));
	b.drain();
	const double most = (double(b.now - from) + 2000) / (255 * 5) + 1;
	const uint64_t passed = b.floods - b.storms;

	CU_ASSERT(passed > most - 4 && passed < most + 6);
}

// A source that has been silent for as long as time takes to come round is not thought to be ahead.
void test_wrap()
{
	Bench b(cu_seed() + 5);

	everybody(b);
	b.storm(0, 1000, 1 << 20);
	b.send(broadcast(5));
	b.drain();
	b.idle(10);
	const uint64_t was = b.now;

	// frames of others, a step of the walk for each
	for (unsigned quarter = 1; quarter <= 4; quarter++) {
		b.now = was + (quarter << 20) * (1ull << 26) - (quarter == 4 ? 2000000 : 0);
		for (unsigned i = 0; i < 600; i++) {
			Frame f;

			f.hit = true;
			f.vport = 7;
			b.send(f);
		}
		b.drain();
	}
	const uint64_t storms = b.storms;
	for (unsigned i = 0; i < 4; i++) {
		b.send(broadcast(5));
		b.drain();
		b.idle(10);
	}
	CU_ASSERT_EQUAL(b.storms, storms);
}

} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "forward", "random", test_random },
		{ "forward", "places", test_places },
		{ "forward", "allowance", test_allowance },
		{ "forward", "calm", test_calm },
		{ "forward", "dense", test_dense },
		{ "forward", "wrap", test_wrap },
		{ nullptr, nullptr, nullptr },
	};

	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
