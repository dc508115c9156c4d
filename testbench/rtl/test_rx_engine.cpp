// SPDX-License-Identifier: BSD-2-Clause
// rx_engine against models of the packet buffers, of host memory behind a link with latency and
// reordering, and of a driver that reads completions by their phase bit. Frames are named by their RSS
// value.
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "Vrx_engine.h"
#include "cu_main.h"
#include "snic_contract.h"
#include "verilated.h"

namespace {

constexpr unsigned kCells = 4096, kSlots = 2048, kWireSlots = 1024, kTagBase = 800, kTags = 512;
constexpr uint64_t kTimeWrap = 1ull << 48;
uint64_t start_time; // of each bench: now_i at its reset
constexpr unsigned kDisabled = 0, kNoDesc = 1, kTooLong = 2, kDma = 3, kSlow = 4;

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
	unsigned buf, slot, cell, len, src, func = 0;
	bool flood = false;
	int mirror = -1;	  // function that gets it, too
	std::vector<unsigned> to; // functions of a flood
	bool tagged = false, ad = false, pop = false, push = false;
	uint16_t tag = 0, push_tci = 0;
	uint32_t rss, mark;
	unsigned hit, info;
	std::vector<uint8_t> bytes; // as in the packet buffer
};
using FramePtr = std::shared_ptr<Frame>;

struct Queue {
	bool on = false, irq = false, parked = false; // parked: the driver posts nothing by itself
	bool scatter = false;
	std::vector<uint8_t> whole; // what has come of a frame in several buffers
	unsigned parts = 0;
	unsigned log2 = 0, buf = 0, vec = 0;
	uint16_t tail = 0;
	uint32_t head = 0;		// completions that the driver has seen
	std::deque<FramePtr> expect[2]; // each in its order: frames for one function, flooded ones
	size_t unseen()
	{
		const size_t n = expect[0].size() + expect[1].size();

		expect[0].clear();
		expect[1].clear();
		return n;
	}
	unsigned run = 0;					// starts: buffers of each are others
	std::map<uint64_t, std::pair<uint64_t, uint64_t>> ring; // completion entries in memory
};

struct Line {
	unsigned tag, func, len, sent;
	uint64_t addr, due;
	bool err;
};

struct Link {
	unsigned rec = 100, gnt = 100, up = 100, drd = 100,
		 irq = 100; // how often each side is willing, per cent
	unsigned latency = 40, jitter = 0, split = 0;
};

class Bench {
public:
	explicit Bench(uint64_t seed, unsigned mps = 256, unsigned timeout = 512)
		: top(new Vrx_engine), rng(seed)
	{
		top->rst_ni = 0;
		top->rec_valid_i = top->flood_valid_i = top->flush_valid_i = top->dcpl_valid_i = 0;
		top->qcfg_wr_i = top->indir_wr_i = 0;
		top->doorbell_i = top->qask_i = 0;
		top->rd_gnt_i = top->up_ready_i = top->drd_ready_i = top->int_ready_i = 0;
		put(top->ft_wr_i, 83, 1, 0);
		for (unsigned f = 0; f < 256; f++)
			put(top->func_en_i, f, 1, 0);
		top->mps_i = mps;
		for (int i = 0; i < 4; i++)
			tick();
		top->rst_ni = 1;
		top->cpl_timeout_i = timeout;
		while (!top->init_done_o)
			tick();
	}
	~Bench() { top->final(); }

	// --- the driver's side ---
	// Each start has rings of its own: which one is in bits 21:19 of their addresses, bits 57:56 of a buffer's.
	static uint64_t desc_base(unsigned q, unsigned run = 0)
	{
		return 0x100000000ull + (uint64_t(q) << 22) + ((run & 7) << 19);
	}
	static uint64_t cpl_base(unsigned q, unsigned run = 0)
	{
		return 0x900000000ull + (uint64_t(q) << 22) + ((run & 7) << 19);
	}
	// Buffers start at any 64 B boundary, or any byte, so that writes meet 4 KiB boundaries.
	uint64_t buffer(unsigned q, unsigned slot) const { return buffer(q, slot, queue.at(q).run); }
	uint64_t buffer(unsigned q, unsigned slot, unsigned run) const
	{
		return (1ull << 60) + (uint64_t(run & 3) << 56) + (uint64_t(q) << 36) +
		       uint64_t(slot) * 16384 + slot % 61 * 64 + (queue.at(q).scatter ? slot * 29 % 64 : 0);
	}

	void reg(unsigned q, unsigned idx, uint32_t v)
	{
		top->qcfg_wr_i = 1ull << 47 | uint64_t(q) << 36 | uint64_t(idx) << 32 | v;
		cycle();
		top->qcfg_wr_i = 0;
	}

	void enable(unsigned q, unsigned log2 = 6, unsigned buf = 1536, bool irq = true, unsigned vec = 3,
		    bool scatter = false)
	{
		Queue &k = queue[q];
		k.on = true;
		k.scatter = scatter;
		k.whole.clear();
		k.parts = 0;
		k.log2 = log2;
		k.buf = buf;
		k.irq = irq;
		k.vec = vec;
		k.head = k.tail = 0;
		k.run++;
		k.ring.clear();
		reg(q, 8, uint32_t(desc_base(q, k.run)));
		reg(q, 9, desc_base(q, k.run) >> 32);
		reg(q, 10, uint32_t(cpl_base(q, k.run)));
		reg(q, 11, cpl_base(q, k.run) >> 32);
		reg(q, 12,
		    1u << 31 | (scatter ? SNIC_MASK(RXQ_CFG, SCATTER) : 0) | (buf / 64) << 16 |
			    unsigned(irq) << 12 | vec << 8 | log2);
	}

	void disable(unsigned q)
	{
		queue[q].on = false;
		reg(q, 12, 0);
	}

	// RXQ_CFG is read: is the queue busy?
	bool busy(unsigned q)
	{
		top->qask_i = 1u << 12 | 1u << 11 | q;
		cycle();
		top->qask_i = 0;
		run(2);
		return top->busy_o;
	}

	// The registers of a function that was reset.
	void cleared(unsigned f)
	{
		for (unsigned q = f * 8; q < f * 8 + 8; q++)
			reg(q, 15, 0);
	}

	void function(unsigned f, bool on, unsigned flags = 0, unsigned vlan = 0)
	{
		put(top->func_en_i, f, 1, on);
		put(top->ft_wr_i, 0, 11, flags);
		put(top->ft_wr_i, 11, 16, vlan);
		put(top->ft_wr_i, 75, 8, f);
		put(top->ft_wr_i, 83, 1, 1);
		strip[f] = vlan || (flags & SNIC_MASK(FT_FLAGS, STRIP));
		cycle();
		put(top->ft_wr_i, 83, 1, 0);
	}

	void indirection(unsigned f, unsigned reg_no, uint32_t v)
	{
		top->indir_wr_i = 1ull << 44 | uint64_t(f) << 36 | uint64_t(reg_no) << 32 | v;
		cycle();
		top->indir_wr_i = 0;
		for (unsigned i = 0; i < 8; i++)
			indir[f][reg_no * 8 + i] = v >> (4 * i) & 7;
	}

	void doorbell(unsigned q, uint16_t tail) { bells.push_back({ q, tail }); }

	void post(unsigned q, unsigned n)
	{
		Queue &k = queue[q];
		k.tail += n;
		doorbell(q, k.tail);
	}
	void fill(unsigned q) { post(q, (1u << queue[q].log2) - uint16_t(queue[q].tail - queue[q].head)); }

	// --- frames ---
	FramePtr make(unsigned func, unsigned len, bool tagged = false)
	{
		FramePtr f = std::make_shared<Frame>();
		f->func = func;
		f->len = len;
		f->src = cu_rand(&rng) % 258;
		f->rss = cu_rand(&rng);
		f->mark = cu_rand(&rng) & 0xffffff;
		f->hit = cu_rand(&rng) & 3;
		f->info = cu_rand(&rng) & 0x3ffffff;
		f->buf = cu_rand(&rng) % 3;
		f->tagged = tagged;
		f->tag = cu_rand(&rng);
		f->push_tci = cu_rand(&rng);
		uint64_t s = cu_rand(&rng);
		f->bytes.resize(len);
		for (auto &b : f->bytes)
			b = cu_rand(&s) >> 24;
		if (tagged) {
			f->ad = f->tag & 1;
			f->bytes[12] = f->ad ? 0x88 : 0x81;
			f->bytes[13] = f->ad ? 0xa8 : 0;
			f->bytes[14] = f->tag >> 8;
			f->bytes[15] = uint8_t(f->tag);
		}
		return f;
	}
	void send(const FramePtr &f) { (f->flood ? floods_todo : todo).push_back(f); }
	FramePtr send(unsigned func, unsigned len)
	{
		FramePtr f = make(func, len);
		send(f);
		return f;
	}

	// Runs until all is done, or for n cycles. False if it hangs.
	bool drain(uint64_t limit = 200000)
	{
		const uint64_t end = now + limit;

		while (now < end) {
			cycle();
			if (todo.empty() && floods_todo.empty() && in_buffer.empty() && !top->rec_valid_i &&
			    !top->flood_valid_i && bells.empty() && lines.empty() && top->idle_o &&
			    top->empty_o && !top->wake_valid_o && !top->flush_valid_i)
				return true;
		}
		return false;
	}
	void run(unsigned n)
	{
		while (n--)
			cycle();
	}
	bool flush(unsigned func)
	{
		top->flush_valid_i = 1;
		top->flush_func_i = func;
		for (unsigned n = 0; n < 20000; n++) {
			const bool done = top->flush_done_o;
			cycle();
			if (done) {
				top->flush_valid_i = 0;
				forget(func);
				cleared(func);
				return true;
			}
		}
		return false;
	}

	// The function was reset: nothing of it is under way, half written or not completed.
	void forget(unsigned func)
	{
		for (auto &b : buffers)
			CU_ASSERT(b.first >> 35 != func);
		for (unsigned q = func * 8; q < func * 8 + 8; q++) {
			if (!queue.count(q))
				continue;
			missed += queue[q].unseen();
			queue[q].on = false;
		}
		for (const Line &l : lines)
			CU_ASSERT(l.func != func);
	}

	// All frames accounted for: delivered, or dropped and counted by the engine.
	void check_books()
	{
		uint64_t lost = missed, counted = 0;

		for (auto &q : queue) {
			lost += q.second.unseen();
		}
		missed = lost;
		for (unsigned c : drops)
			counted += c;
		CU_ASSERT_EQUAL(copies, counted + stat_frames);
		CU_ASSERT_EQUAL(held.size(), 0);
		CU_ASSERT_EQUAL(ints, ints_due);
		if (!loose) {
			CU_ASSERT_EQUAL(lost, counted);
			CU_ASSERT_EQUAL(delivered, stat_frames);
			CU_ASSERT(buffers.empty());
		}
	}

	void cycle()
	{
		drive();
		top->eval();
		// the packet buffers grant in the same cycle
		const unsigned want = top->rd_req_o;
		top->rd_gnt_i = want && chance(link.gnt) ? want : 0;
		top->eval();
		watch();
		tick();
	}

	std::unique_ptr<Vrx_engine> top;
	uint64_t rng, now = 0;
	Link link;
	size_t window = ~size_t(0); // frames that are held at most
	bool lossy = false;	    // what comes while the packet buffer is full is lost, as on the wire
	unsigned slow[256] = {};    // cycles that a function's memory takes beside the link's ...
	unsigned slow_pct = 100;    // ... at so many of its lines
	bool loose = false; // queues come and go under traffic: only what holds even then is looked at
	std::map<unsigned, Queue> queue;
	std::set<unsigned> failing, misaligned, reserved; // q << 16 | ring index
	unsigned drops[5] = {}, func_drops[256] = {}, lost[256] = {}, refused = 0, flushes = 0, qerrs = 0,
		 last_qerr = 0;
	uint64_t delivered = 0, copies = 0, stat_frames = 0, stat_bytes = 0, ints = 0, ints_due = 0,
		 missed = 0;
	uint64_t payload_tlps = 0, cpl_tlps = 0, first_up = 0, last_up = 0, cpl_time = 0, payload_time = 0;
	unsigned most_lines = 0;
	std::set<unsigned> dead_funcs; // no DMA may come
	unsigned nowhere = 0;	       // reads of rings at address 0
	std::map<unsigned, std::vector<unsigned>>
		lives; // of each queue's writes, in order: which start they are of
	std::deque<FramePtr> todo, floods_todo, in_buffer; // each in its order
	uint64_t flood_copies = 0;
	unsigned most_parts = 0;
	std::vector<Line> lines;

private:
	bool chance(unsigned pct) { return pct >= 100 || cu_rand(&rng) % 100 < pct; }

	// While it is idle and nothing comes in, its clock stands.
	bool clocked()
	{
		return !top->rst_ni || !top->init_done_o || !top->idle_o || top->rec_valid_i ||
		       top->flood_valid_i || top->flush_valid_i || top->dcpl_valid_i ||
		       top->doorbell_i >> 27 || top->qask_i >> 12 || top->qcfg_wr_i >> 47 ||
		       top->indir_wr_i >> 44 || (top->ft_wr_i[83 / 32] & 1u << 83 % 32);
	}

	void tick()
	{
		top->now_i = (start_time + now) % kTimeWrap;
		top->clk_i = clocked();
		top->eval();
		top->clk_i = 0;
		top->eval();
		now++;
		top->now_i = (start_time + now) % kTimeWrap;
	}

	unsigned queue_of(unsigned func, const Frame &f) { return func * 8 + indir[func][f.rss % 128]; }

	// Finds a place for the frame; false if the packet buffer is full.
	bool place(Frame &f)
	{
		const unsigned n = (f.len + 63) / 64;

		if (cells_used[f.buf] + n > kCells || slots_used[f.buf] == (lossy ? kWireSlots : kSlots))
			return false;
		f.slot = slot_next[f.buf];
		f.cell = cell_next[f.buf];
		slot_next[f.buf] = (f.slot + 1) % kSlots;
		cell_next[f.buf] = (f.cell + n) % kCells;
		cells_used[f.buf] += n;
		slots_used[f.buf]++;
		return true;
	}

	void offer(const FramePtr &f)
	{
		const bool has_vlan = f->push || (f->tagged && !f->pop);

		for (unsigned i = 0; i < (f->len + 63) / 64; i++)
			owner[f->buf][(f->cell + i) % kCells] = f.get();
		held[f->buf << 16 | f->slot] = f;
		(f->flood ? top->flood_valid_i : top->rec_valid_i) = 1;
		auto &r = f->flood ? top->flood_i : top->rec_i;
		put(r, 0, 26, f->info);
		put(r, 26, 2, f->hit);
		put(r, 28, 24, f->mark);
		put(r, 52, 32, f->rss);
		put(r, 84, 16, f->push ? f->push_tci : f->tag);
		put(r, 100, 1, has_vlan && !f->push && f->ad);
		put(r, 101, 1, has_vlan);
		put(r, 102, 16, f->push_tci);
		put(r, 118, 1, f->push);
		put(r, 119, 1, f->pop);
		put(r, 120, 8, f->func);
		put(r, 128, 1, f->flood);
		put(r, 129, 9, f->src);
		put(r, 138, 14, f->len);
		put(r, 152, 12, f->cell);
		put(r, 164, 11, f->slot);
		put(r, 175, 2, f->buf);
		put(r, 177, 8, f->mirror < 0 ? cu_rand(&rng) : unsigned(f->mirror));
		put(r, 185, 1, f->mirror >= 0);
		put(r, 186, 28, 0);	       // act_edit_t
		put(r, 214, 6, 0);	       // strip
		put(r, 220, 9, cu_rand(&rng)); // encap, for a wire port
		if (f->flood) {
			for (unsigned w = 0; w < 8; w++)
				top->flood_map_i[w] = 0;
			for (unsigned t : f->to)
				put(top->flood_map_i, t, 1, 1);
			for (unsigned t : f->to)
				expect(t, f);
		} else {
			expect(f->func, f);
			if (f->mirror >= 0)
				expect(f->mirror, f);
		}
	}

	void expect(unsigned func, const FramePtr &f)
	{
		copies++;
		queue[queue_of(func, *f)].expect[f->flood].push_back(f);
		if (f->flood)
			floods.insert(f->rss);
	}

	void drive()
	{
		if (rec_taken)
			top->rec_valid_i = 0;
		if (flood_taken)
			top->flood_valid_i = 0;
		rec_taken = flood_taken = false;
		if (lossy && !todo.empty() &&
		    chance(link.rec)) { // into the packet buffer, and through the pipe in order
			if (place(*todo.front()))
				in_buffer.push_back(todo.front());
			else
				lost[todo.front()->func]++;
			todo.pop_front();
		}
		if (!in_buffer.empty() && !top->rec_valid_i) {
			offer(in_buffer.front());
			in_buffer.pop_front();
		}
		for (std::deque<FramePtr> *from : { &todo, &floods_todo }) {
			CData &waits = from == &todo ? top->rec_valid_i : top->flood_valid_i;

			if ((lossy && from == &todo) || waits || from->empty() || held.size() >= window ||
			    !chance(link.rec) || !place(*from->front()))
				continue;
			offer(from->front());
			from->pop_front();
		}
		top->doorbell_i = 0;
		if (!bells.empty() && !(top->qcfg_wr_i >> 47) && !(top->qask_i >> 12)) {
			top->doorbell_i = 1u << 27 | bells.front().first << 16 | bells.front().second;
			bells.pop_front();
		}
		top->up_ready_i = chance(link.up);
		top->drd_ready_i = chance(link.drd);
		top->int_ready_i = chance(link.irq);
		// data of the read granted in the last cycle; anything else at other times
		for (unsigned i = 0; i < 16; i++) {
			top->rd_data0_i[i] = read_valid && read_buf == 0 ? read_data[i] : 0xdeadbeef;
			top->rd_data1_i[i] = read_valid && read_buf == 1 ? read_data[i] : 0xdeadbeef;
			top->rd_data2_i[i] = read_valid && read_buf == 2 ? read_data[i] : 0xdeadbeef;
		}
		complete();
	}

	// One completion TLP of a descriptor read that is due.
	void complete()
	{
		top->dcpl_valid_i = 0;
		if (lines.empty())
			return;
		size_t pick = link.jitter ? cu_rand(&rng) % lines.size() : 0;
		if (!link.jitter)
			while (pick < lines.size() - 1 && lines[pick].due > now)
				pick++;
		Line &l = lines[pick];
		if (l.due > now)
			return;
		unsigned len = l.len - l.sent;
		if (!l.err && len > 16 && link.split && chance(link.split))
			len = 16 * (1 + cu_rand(&rng) % (len / 16 - 1));
		const bool last = l.err || l.sent + len == l.len;
		top->dcpl_valid_i = 1;
		top->dcpl_hdr_i =
			l.tag << 17 | (l.err ? 1u << 14 : 0) | unsigned(last) << 13 | (l.err ? 0 : len);
		for (unsigned i = 0; i < 4; i++) {
			uint64_t d[2] = { cu_rand(&rng), cu_rand(&rng) };
			if (!l.err && i * 16 < len)
				descriptor(l.addr + l.sent + i * 16, d);
			for (unsigned w = 0; w < 4; w++)
				top->dcpl_data_i[i * 4 + w] = uint32_t(d[w / 2] >> (w % 2 * 32));
		}
		l.sent += len;
		if (last)
			lines.erase(lines.begin() + pick);
	}

	void descriptor(uint64_t addr, uint64_t d[2])
	{
		const unsigned q = (addr - desc_base(0)) >> 22, slot = (addr & 0x7ffff) / 16;

		d[0] = buffer(q, slot, addr >> 19) + (misaligned.count(q << 16 | slot) ? 32 : 0);
		d[1] = reserved.count(q << 16 | slot) ? 1ull << cu_rand(&rng) % 64 : 0;
	}

	void watch()
	{
		if (top->rec_valid_i && top->rec_ready_o)
			rec_taken = true;
		if (top->flood_valid_i && top->flood_ready_o)
			flood_taken = true;
		read_valid = top->rd_gnt_i != 0;
		if (read_valid) {
			CU_ASSERT_FATAL((top->rd_req_o & (top->rd_req_o - 1)) == 0);
			read_buf = top->rd_req_o >> 1;
			const Frame *f = owner[read_buf][top->rd_cell_o];
			CU_ASSERT_FATAL(f != nullptr);
			const unsigned off = (top->rd_cell_o + kCells - f->cell) % kCells * 64;
			for (unsigned i = 0; i < 64; i++) {
				const uint8_t b = off + i < f->len ? f->bytes[off + i] : 0x5a;
				read_data[i / 4] = (read_data[i / 4] & ~(0xffu << (i % 4 * 8))) |
						   uint32_t(b) << (i % 4 * 8);
			}
		}
		if (top->rel_o)
			release();
		if (top->drd_valid_o && top->drd_ready_i)
			line_read();
		if (top->up_valid_o && top->up_ready_i)
			upstream();
		if (top->int_valid_o && top->int_ready_i) {
			ints++;
			CU_ASSERT(ints <= ints_due);
			CU_ASSERT(int_seen.count(top->int_func_o << 4 | top->int_vec_o));
		}
		if (top->stat_valid_o) {
			stat_frames++;
			stat_bytes += top->stat_bytes_o;
		}
		if (top->drop_valid_o) {
			CU_ASSERT_FATAL(top->drop_cause_o < 5);
			drops[top->drop_cause_o]++;
			func_drops[top->drop_func_o]++;
		}
		refused += top->doorbell_refused_o;
		flushes += top->cpl_flush_o;
		if (top->qerr_valid_o) {
			qerrs++;
			last_qerr = top->qerr_func_o;
		}
		// what is offered stays until it is taken
		if (up_waits) {
			CU_ASSERT(top->up_valid_o && get(top->up_hdr_o, 0, 64) == up_was[0] &&
				  get(top->up_data_o, 0, 64) == up_was[1]);
		}
		up_waits = top->up_valid_o && !top->up_ready_i;
		up_was[0] = get(top->up_hdr_o, 0, 64);
		up_was[1] = get(top->up_data_o, 0, 64);
	}

	void release()
	{
		CU_ASSERT_FATAL((top->rel_o & (top->rel_o - 1)) == 0);
		const unsigned buf = top->rel_o >> 1, key = buf << 16 | top->rel_slot_o;
		CU_ASSERT_FATAL(held.count(key));
		const Frame &f = *held[key];
		const unsigned n = (f.len + 63) / 64;
		for (unsigned i = 0; i < n; i++)
			owner[buf][(f.cell + i) % kCells] = nullptr;
		gone.insert(key);
		held_frames_done(buf);
	}

	// Room comes back oldest first, as in pkt_buf.
	void held_frames_done(unsigned buf)
	{
		while (slots_used[buf]) {
			const unsigned key = buf << 16 | slot_old[buf];
			if (!gone.count(key))
				return;
			cells_used[buf] -= (held[key]->len + 63) / 64;
			slots_used[buf]--;
			slot_old[buf] = (slot_old[buf] + 1) % kSlots;
			gone.erase(key);
			held.erase(key);
		}
	}

	void line_read()
	{
		Line l = {};
		l.tag = get(top->drd_o, 0, 12);
		l.len = get(top->drd_o, 12, 13);
		l.addr = get(top->drd_o, 25, 64);
		l.func = get(top->drd_o, 89, 8);
		l.due = now + link.latency + (slow[l.func] && chance(slow_pct) ? slow[l.func] : 0) +
			(link.jitter ? cu_rand(&rng) % link.jitter : 0);
		CU_ASSERT_FATAL(l.tag >= kTagBase && l.tag < kTagBase + kTags);
		for (const Line &o : lines)
			CU_ASSERT(o.tag != l.tag);
		CU_ASSERT_FATAL(l.len && l.len % 16 == 0 && l.addr % 64 + l.len <= 64);
		if (l.addr < desc_base(0)) { // of a ring that nobody gave
			nowhere++;
			l.err = true;
			lines.push_back(l);
			return;
		}
		const unsigned q = (l.addr - desc_base(0)) >> 22, slot = (l.addr & 0x7ffff) / 16;
		CU_ASSERT_FATAL(queue.count(q));
		CU_ASSERT_EQUAL(q / 8, l.func);
		CU_ASSERT(!dead_funcs.count(l.func));
		CU_ASSERT(slot + l.len / 16 <= 1u << queue[q].log2);
		l.err = failing.count(q << 16 | (slot & ~3u));
		lines.push_back(l);
		if (lines.size() > most_lines)
			most_lines = lines.size();
	}

	void upstream()
	{
		if (!first_up)
			first_up = now;
		last_up = now;
		if (top->up_sop_o) {
			CU_ASSERT_FATAL(!in_tlp);
			CU_ASSERT_EQUAL(get(top->up_hdr_o, 93, 2), 0);
			tlp_addr = get(top->up_hdr_o, 21, 64);
			tlp_left = get(top->up_hdr_o, 8, 13);
			tlp_func = get(top->up_hdr_o, 85, 8);
			CU_ASSERT_FATAL(tlp_left && tlp_left <= top->mps_i);
			CU_ASSERT(tlp_addr % 4096 + tlp_left <= 4096);
			CU_ASSERT(!dead_funcs.count(tlp_func));
			(tlp_addr >> 60 ? payload_tlps : cpl_tlps)++;
			const unsigned life = tlp_addr >> 60 ? tlp_addr >> 56 & 3 : tlp_addr >> 19 & 3;
			const unsigned q =
				tlp_addr >> 60 ? tlp_addr >> 36 & 0x7ff : (tlp_addr - cpl_base(0)) >> 22;
			if (queue.count(q))
				lives[q].push_back(life);
			in_tlp = true;
		}
		CU_ASSERT_FATAL(in_tlp);
		const unsigned n = tlp_left < 64 ? tlp_left : 64;
		if (tlp_addr >> 60)
			payload(n);
		else
			completion_line(n);
		tlp_addr += n;
		tlp_left -= n;
		CU_ASSERT_EQUAL(top->up_eop_o, tlp_left == 0);
		in_tlp = tlp_left != 0;
	}

	void payload(unsigned n)
	{
		const unsigned q = tlp_addr >> 36 & 0x7ff, slot = (tlp_addr >> 14) & 0x3fffff;

		payload_time = now;
		CU_ASSERT_EQUAL(q / 8, tlp_func);
		if (loose)
			return;
		auto &b = buffers[uint64_t(q) << 32 | slot];
		CU_ASSERT_FATAL(tlp_addr == buffer(q, slot) + b.size()); // in order, from the start
		for (unsigned i = 0; i < n; i++)
			b.push_back(top->up_data_o[i / 4] >> (i % 4 * 8));
	}

	void completion_line(unsigned n)
	{
		const unsigned q = (tlp_addr - cpl_base(0)) >> 22;

		cpl_time = now;
		CU_ASSERT_FATAL(queue.count(q) && n == tlp_left && n % 16 == 0);
		CU_ASSERT_EQUAL(q / 8, tlp_func);
		CU_ASSERT(tlp_addr % 64 + n <= 64);
		Queue &k = queue[q];
		for (unsigned i = 0; i < n / 16; i++)
			k.ring[(tlp_addr & 0x7ffff) / 16 + i] = { get(top->up_data_o, i * 128, 64),
								  get(top->up_data_o, i * 128 + 64, 64) };
		if (k.irq) {
			ints_due++;
			int_seen.insert((q / 8) << 4 | k.vec);
		}
		if (loose) {
			k.head += n / 16;
			return;
		}
		unsigned seen = 0;
		while (true) { // the driver: as long as the phase is right
			const unsigned slot = k.head & ((1u << k.log2) - 1);
			auto e = k.ring.find(slot);
			if (e == k.ring.end() || (e->second.second >> 63) != !(k.head >> k.log2 & 1))
				break;
			const __u64 qw[2] = { e->second.first, e->second.second };
			consume(q, k, slot, qw);
			k.head++;
			seen++;
		}
		CU_ASSERT(seen != 0); // no holes
		if (!k.parked && uint16_t(k.tail - k.head) <= (1u << k.log2) / 2)
			fill(q);
	}

	void consume(unsigned q, Queue &k, unsigned slot, const __u64 qw[2])
	{
		const uint32_t rss = snic_bits_get(qw, SNIC_F(RX_CPL, RSS));

		CU_ASSERT_FATAL(uint16_t(k.tail - k.head) != 0);
		auto &expected = k.expect[floods.count(rss)];
		while (!expected.empty() && expected.front()->rss != rss) {
			expected.pop_front(); // must have been dropped
			missed++;
		}
		CU_ASSERT_FATAL(!expected.empty());
		const Frame &f = *expected.front();
		std::vector<uint8_t> want = f.bytes;
		bool has = f.tagged, popped = false;
		uint16_t tci = f.tag;
		if (f.pop) {
			want.erase(want.begin() + 12, want.begin() + 16);
			has = false;
		}
		if (f.push) {
			const uint8_t t[4] = { 0x81, 0, uint8_t(f.push_tci >> 8), uint8_t(f.push_tci) };
			want.insert(want.begin() + 12, t, t + 4);
			has = true;
			tci = f.push_tci;
		}
		if (strip[q / 8] && has) {
			want.erase(want.begin() + 12, want.begin() + 16);
			popped = true;
		}
		auto b = buffers.find(uint64_t(q) << 32 | slot);
		CU_ASSERT_FATAL(b != buffers.end()); // data comes before its completion
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, LEN)), b->second.size());
		k.whole.insert(k.whole.end(), b->second.begin(), b->second.end());
		k.parts++;
		CU_ASSERT(b->second.size() <= k.buf);
		if (snic_bits_get(qw, SNIC_F(RX_CPL, MORE))) {
			CU_ASSERT(k.scatter && b->second.size() == k.buf);
			buffers.erase(b);
			return;
		}
		buffers.erase(b);
		CU_ASSERT(k.whole == want);
		CU_ASSERT_EQUAL(k.parts, (want.size() + k.buf - 1) / k.buf);
		most_parts = std::max(most_parts, k.parts);
		k.whole.clear();
		k.parts = 0;
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, VLAN)), popped);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, TCI)), popped ? tci : 0);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, AD)), popped && !f.push && f.ad);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, MARK)), f.mark);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, FLOWHIT)), f.hit);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, SRC)), f.src);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, IL4OK)), f.info & 3);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, IL3OK)), f.info >> 2 & 3);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, L4OK)), f.info >> 4 & 3);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, L3OK)), f.info >> 6 & 3);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, IL4)), f.info >> 8 & 7);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, IL3)), f.info >> 11 & 3);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, TUN)), f.info >> 13 & 7);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, L4)), f.info >> 16 & 7);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, L3)), f.info >> 19 & 3);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, PERR)), f.info >> 21 & 15);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(RX_CPL, FRAG)), f.info >> 25 & 1);
		delivered++;
		flood_copies += f.flood;
		expected.pop_front();
	}

	std::set<uint32_t> floods;
	bool rec_taken = false, flood_taken = false, read_valid = false, in_tlp = false, up_waits = false;
	uint64_t up_was[2] = {};
	unsigned read_buf = 0, tlp_left = 0, tlp_func = 0;
	uint64_t tlp_addr = 0;
	uint32_t read_data[16] = {};
	unsigned slot_next[3] = {}, slot_old[3] = {}, cell_next[3] = {}, cells_used[3] = {},
		 slots_used[3] = {};
	const Frame *owner[3][kCells] = {};
	std::map<unsigned, FramePtr> held;
	std::set<unsigned> gone, int_seen;
	std::deque<std::pair<unsigned, unsigned>> bells;
	std::map<uint64_t, std::vector<uint8_t>> buffers; // written and not yet completed
	bool strip[256] = {};
	uint8_t indir[256][128] = {};
};

void test_one_frame()
{
	Bench b(cu_seed() + 1);

	b.function(5, true);
	b.enable(5 * 8);
	b.fill(5 * 8);
	b.run(20);
	b.send(5, 60);
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.delivered, 1);
	CU_ASSERT_EQUAL(b.stat_bytes, 60);
	CU_ASSERT_EQUAL(b.flushes, 1);
	// a single completion waits for the timeout
	CU_ASSERT(b.cpl_time - b.payload_time >= 512 && b.cpl_time - b.payload_time < 512 + 16);
	b.check_books();
}

// Every length; wraps of the ring, so both phases.
void test_lengths()
{
	static const unsigned mps[] = { 128, 256, 512, 1024, 2048, 4096 };

	for (unsigned m : mps) {
		Bench b(cu_seed() + m, m);

		b.function(1, true);
		b.enable(8, 4, 9216);
		b.fill(8);
		b.run(20);
		for (unsigned len = 60; len < 60 + 150; len++)
			b.send(1, len);
		for (unsigned i = 0; i < 30; i++)
			b.send(1, 60 + cu_rand(&b.rng) % (9216 - 59));
		b.send(1, 9018);
		b.send(1, 9216);
		b.window = 2; // the driver keeps up
		b.link.latency = 5;
		CU_ASSERT(b.drain());
		b.check_books();
		CU_ASSERT_EQUAL(b.delivered, 182);
	}
}

// Frames of every length in buffers of several sizes that begin anywhere, over the end of the ring and of the count.
void test_scatter_lengths()
{
	static const unsigned bufs[] = { 256, 320, 1024, 2048, 4096, 9216 };

	for (unsigned buf : bufs)
		for (unsigned mps : { 128u, 256u, 1024u }) {
			Bench b(cu_seed() + buf + mps, mps);

			b.function(1, true);
			b.enable(8, 7, buf, true, 3, true);
			b.fill(8);
			b.run(20);
			for (unsigned len = buf - 70; len < buf + 70; len++)
				b.send(1, std::min(len, 9216u));
			for (unsigned i = 0; i < 40; i++)
				b.send(1, 60 + cu_rand(&b.rng) % (9216 - 59));
			b.send(1, 9216);
			b.window = 1; // the driver keeps up
			b.link.latency = 5;
			CU_ASSERT(b.drain(2000000));
			b.check_books();
			CU_ASSERT_EQUAL(b.delivered, 181);
			CU_ASSERT_EQUAL(b.most_parts, (9216 + buf - 1) / buf);
		}
}

// Whole or not at all: too few buffers posted, too few in the ring, buffers that are too small, a tail that is taken back.
void test_scatter_drops()
{
	Bench b(cu_seed() + 40);

	for (unsigned f = 1; f < 6; f++)
		b.function(f, true);
	b.enable(8, 6, 256, true, 3, true);
	b.queue[8].parked = true;
	b.post(8, 5);
	b.enable(16, 4, 512, true, 3, true); // 8 KiB in all
	b.enable(24, 6, 192, true, 3, true); // less than a buffer must have
	b.enable(32, 6, 0, true, 3, true);
	b.enable(40, 6, 256); // not asked for
	for (unsigned q : { 16, 24, 32, 40 })
		b.fill(q);
	b.run(100);
	b.send(1, 1281); // six
	b.send(1, 1280);
	b.send(1, 60); // none left
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.drops[kNoDesc], 2);
	CU_ASSERT_EQUAL(b.delivered, 1);
	b.post(8, 1);
	b.run(20);
	b.send(1, 257);
	b.send(1, 256);
	b.send(2, 8193);
	b.send(2, 8192);
	b.send(3, 193);
	b.send(3, 192);
	b.send(4, 60);
	b.send(5, 257);
	b.send(5, 256);
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.drops[kNoDesc], 3);
	CU_ASSERT_EQUAL(b.drops[kTooLong], 4);
	CU_ASSERT_EQUAL(b.delivered, 5);
	b.check_books();
}

// A buffer in the middle of a frame that cannot be used stops the queue before the frame.
void test_scatter_stop()
{
	for (int error = 0; error < 2; error++)
		for (unsigned at = 8; at < 20; at++) {
			Bench b(cu_seed() + 41 + at);

			for (unsigned q : { 8u, 16u }) {
				b.function(q / 8, true);
				b.enable(q, 7, 256, true, 3, true);
				b.fill(q);
				b.queue[q].parked = true;
			}
			b.run(20);
			(error ? b.reserved : b.failing).insert(8 << 16 | (error ? at : at & ~3u));
			for (int i = 0; i < 10; i++) {
				b.send(1, 1024 + 256 + 1); // six
				b.send(2, 1025);
			}
			CU_ASSERT(b.drain());
			CU_ASSERT_EQUAL(b.queue[8].head, (error ? at : at & ~3u) / 6 * 6);
			CU_ASSERT_EQUAL(b.queue[16].head, 50);
			CU_ASSERT_EQUAL(b.qerrs, 1);
			CU_ASSERT_EQUAL(b.drops[kDma] + b.drops[kDisabled], 10 - b.queue[8].head / 6);
			b.check_books();
			b.failing.clear();
			b.reserved.clear();
			b.disable(8);
			b.enable(8, 7, 256, true, 3, true);
			b.fill(8);
			b.run(50);
			b.send(1, 2000);
			CU_ASSERT(b.drain());
			CU_ASSERT_EQUAL(b.queue[8].head, 8);
			b.check_books();
		}
}

struct Load {
	unsigned funcs, queues, log2, frames;
	Link link;
	unsigned timeout, mps;
	unsigned scatter; // bytes of a buffer, 0: one a frame
};

// Many functions and queues, floods, edits, all at once.
void load(const Load &l, uint64_t seed)
{
	Bench b(seed, l.mps, l.timeout);

	for (unsigned f = 0; f < l.funcs; f++) {
		b.function(f, true, f % 3 == 0 ? SNIC_MASK(FT_FLAGS, STRIP) : 0, f % 5 == 0 ? 0x1000 + f : 0);
		for (unsigned r = 0; r < 16; r++)
			b.indirection(f, r, uint32_t(cu_rand(&b.rng)) & (l.queues - 1) * 0x11111111u);
		for (unsigned q = 0; q < l.queues; q++) {
			b.enable(f * 8 + q, l.log2, l.scatter ? l.scatter : 2048, f & 1, q, l.scatter);
			b.fill(f * 8 + q);
		}
	}
	b.run(20);
	b.link = l.link;
	for (unsigned i = 0; i < l.frames; i++) {
		FramePtr f = b.make(cu_rand(&b.rng) % l.funcs,
				    64 + cu_rand(&b.rng) % (i % 8		  ? 70
							    : l.scatter && i % 24 ? 8000
										  : 1600),
				    i % 3 == 0);
		const unsigned edit = cu_rand(&b.rng) % 4;
		f->pop = f->tagged && (edit & 1);
		f->push = edit & 2;
		if (i % 7 == 3 && l.funcs > 1)
			f->mirror = (f->func + 1) % l.funcs;
		if (i % 50 == 49) {
			f->flood = true;
			f->func = 0;
			for (unsigned t = 0; t < l.funcs; t++)
				if (cu_rand(&b.rng) % 3 == 0)
					f->to.push_back(t);
			if (f->to.empty())
				f->to.push_back(l.funcs - 1);
		}
		b.send(f);
	}
	CU_ASSERT(b.drain(2000000));
	b.check_books();
	CU_ASSERT_EQUAL(b.drops[kDisabled] + b.drops[kTooLong] + b.drops[kDma] + b.refused, 0);
	CU_ASSERT(b.delivered > l.frames / 4);
	CU_ASSERT_EQUAL(b.qerrs, 0);
}

void test_load()
{
	static const Load loads[] = {
		{ 1, 1, 9, 3000, { 100, 100, 100, 100, 100, 240, 0, 0 }, 512, 256, 0 },
		{ 1, 8, 5, 2000, { 100, 100, 100, 100, 100, 40, 60, 30 }, 64, 128, 0 },
		{ 256, 8, 4, 6000, { 100, 80, 80, 80, 30, 100, 200, 20 }, 200, 512, 0 },
		{ 255, 1, 5, 4000, { 100, 50, 100, 100, 100, 300, 60, 0 }, 65535, 256, 0 },
		{ 4, 2, 4, 2000, { 20, 100, 30, 20, 5, 10, 30, 50 }, 0, 256, 0 },
		{ 16, 4, 6, 3000, { 100, 100, 40, 100, 100, 400, 300, 10 }, 1, 1024, 0 },
		{ 4, 2, 7, 2000, { 60, 100, 80, 100, 100, 100, 50, 10 }, 100, 256, 256 },
		{ 255, 1, 6, 4000, { 100, 100, 100, 100, 100, 300, 300, 10 }, 512, 512, 320 },
	};

	for (unsigned i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		load(loads[i], cu_seed() * 16 + i + 1);
}

// Why a frame is dropped, and that its buffer comes back.
void test_drops()
{
	Bench b(cu_seed() + 2);

	b.function(1, true);
	b.function(2, false);
	b.function(3, true);
	b.function(4, true);
	b.enable(8, 4, 256);
	b.queue[8].parked = true;
	b.post(8, 3);
	b.enable(16);
	b.fill(16);
	b.enable(32, 4, 64);
	b.run(20);
	for (int i = 0; i < 10; i++)
		b.send(1, 256); // three fit
	for (int i = 0; i < 7; i++)
		b.send(2, 100); // function off
	for (int i = 0; i < 5; i++)
		b.send(3, 100); // queue off
	b.send(4, 100);		// nothing posted
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.delivered, 3);
	CU_ASSERT_EQUAL(b.drops[kNoDesc], 8);
	CU_ASSERT_EQUAL(b.drops[kDisabled], 12);
	b.post(8, 4);
	b.fill(32);
	b.run(20);
	b.send(1, 257); // too long, takes no descriptor
	b.send(4, 65);
	for (int i = 0; i < 4; i++)
		b.send(1, 256);
	b.send(4, 64);
	FramePtr f = b.make(4, 68, true);
	f->pop = true; // fits after the pop
	b.send(f);
	f = b.make(4, 64);
	f->push = true; // does not fit after the push
	b.send(f);
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.delivered, 9);
	CU_ASSERT_EQUAL(b.drops[kTooLong], 3);
	CU_ASSERT_EQUAL(b.drops[kNoDesc], 8);
	CU_ASSERT_EQUAL(b.func_drops[1], 8);
	CU_ASSERT_EQUAL(b.func_drops[2], 7);
	CU_ASSERT_EQUAL(b.func_drops[3], 5);
	CU_ASSERT_EQUAL(b.func_drops[4], 3);
	b.check_books();
}

void test_doorbells()
{
	Bench b(cu_seed() + 3, 256, 4);

	b.function(1, true);
	b.doorbell(8, 4); // not enabled
	b.run(20);
	CU_ASSERT_EQUAL(b.refused, 1);
	b.enable(8, 4);
	b.queue[8].parked = true;
	b.doorbell(8, 17); // more than the ring has
	b.run(20);
	b.doorbell(8, 0xffff);
	b.run(20);
	CU_ASSERT_EQUAL(b.refused, 3);
	b.send(1, 64);
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.drops[kNoDesc], 1);
	// Posted one by one: a line is read in pieces, all around the 16-bit count.
	b.window = 1;
	for (unsigned i = 0; i < 66000; i++) {
		b.queue[8].tail++;
		if (i % 7 < 4) { // sometimes several at once
			b.doorbell(8, b.queue[8].tail);
			b.run(3);
		}
		b.send(1, 60);
		if (i % 7 >= 3 && i % 7 != 6)
			continue;
		b.doorbell(8, b.queue[8].tail);
		for (unsigned n = 0; n < 3000 && b.delivered < i; n++)
			b.cycle();
	}
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.delivered + b.drops[kNoDesc], 66001);
	CU_ASSERT(b.delivered > 60000);
	CU_ASSERT_EQUAL(b.refused, 3);
	b.check_books();
}

// A descriptor that cannot be used stops its queue at that point, and no other, until it is enabled again.
void test_stop()
{
	for (int error = 0; error < 3; error++) {
		Bench b(cu_seed() + 4);

		b.function(1, true);
		b.function(2, true);
		for (unsigned q : { 8u, 16u }) {
			b.enable(q, 7);
			b.fill(q);
			b.queue[q].parked = true;
		}
		b.run(20);
		if (error == 1)
			b.failing.insert(8 << 16 | 12);
		else
			(error ? b.reserved : b.misaligned).insert(8 << 16 | 13);
		for (int i = 0; i < 60; i++) {
			b.send(1, 60 + i);
			b.send(2, 60 + i);
		}
		CU_ASSERT(b.drain());
		CU_ASSERT_EQUAL(b.queue[8].head, error == 1 ? 12 : 13);
		CU_ASSERT_EQUAL(b.queue[16].head, 60);
		CU_ASSERT_EQUAL(b.qerrs, 1);
		CU_ASSERT_EQUAL(b.last_qerr, 1);
		CU_ASSERT(b.drops[kDma] > 0);
		CU_ASSERT_EQUAL(b.drops[kDma] + b.drops[kDisabled], 60 - b.queue[8].head);
		b.check_books();

		// stopped: a write that leaves it enabled does not start it, doorbells are of no use
		const unsigned dma = b.drops[kDma];
		b.reg(8, 12, 1u << 31 | 24 << 16 | 7);
		b.post(8, 1);
		b.send(1, 64);
		CU_ASSERT(b.drain());
		CU_ASSERT_EQUAL(b.refused, 1);
		CU_ASSERT_EQUAL(b.drops[kDma], dma);
		b.failing.clear();
		b.misaligned.clear();
		b.reserved.clear();
		b.disable(8);
		b.enable(8, 4);
		b.queue[8].parked = false;
		b.fill(8);
		b.window = 4;
		b.run(20);
		for (int i = 0; i < 40; i++)
			b.send(1, 200);
		b.run(5);
		CU_ASSERT(b.drain());
		CU_ASSERT_EQUAL(b.queue[8].head, 40);
		CU_ASSERT_EQUAL(b.qerrs, 1);
		b.check_books();
	}
}

// Disabling closes the line that is open without waiting for the timeout; enabling starts from 0.
void test_restart()
{
	Bench b(cu_seed() + 5, 256, 65535);

	b.function(1, true);
	for (int n = 0; n < 10; n++) {
		const unsigned before = b.delivered, frames = 1 + cu_rand(&b.rng) % 15;

		b.enable(8, 4);
		b.fill(8);
		b.run(20);
		for (unsigned i = 0; i < frames; i++)
			b.send(1, 64);
		b.run(400);
		b.disable(8);
		b.run(100);
		CU_ASSERT_EQUAL(b.delivered, before + frames);
	}
	CU_ASSERT(b.drain());
	b.check_books();
}

uint64_t wake_time; // of the last line in test_timeout()

// When a part-filled line is written, and that time may leap up to then.
void test_timeout()
{
	Bench b(cu_seed() + 6, 256, 300);
	uint64_t first;

	b.function(1, true);
	b.enable(8, 4);
	b.fill(8);
	b.run(20);
	b.send(1, 64);
	b.run(200);
	first = b.payload_time;
	b.send(1, 64);
	b.run(290);
	CU_ASSERT_EQUAL(b.delivered, 2);
	CU_ASSERT_EQUAL(b.cpl_tlps, 1);
	CU_ASSERT(b.cpl_time >= first + 300 && b.cpl_time < first + 312);
	// the rest of the line makes it full: no more waiting
	b.send(1, 64);
	b.send(1, 64);
	b.run(100);
	CU_ASSERT_EQUAL(b.delivered, 4);
	CU_ASSERT_EQUAL(b.cpl_tlps, 2);
	CU_ASSERT_EQUAL(b.flushes, 1);
	CU_ASSERT(b.drain());
	// nothing but the deadline is left: idle, and it says until when
	b.send(1, 64);
	for (int i = 0; i < 200 && (b.payload_tlps < 5 || !b.top->idle_o); i++)
		b.cycle();
	CU_ASSERT(b.top->idle_o);
	CU_ASSERT_FATAL(b.top->wake_valid_o);
	wake_time = b.now + (b.top->wake_o - start_time - b.now) % kTimeWrap;
	CU_ASSERT(wake_time >= b.payload_time + 300 && wake_time < b.payload_time + 312);
	b.now = wake_time;
	b.run(12);
	CU_ASSERT_EQUAL(b.delivered, 5);
	CU_ASSERT(b.drain());
	b.check_books();
}

// The same when time wraps: between line and deadline, and at the deadline itself, which may be any time there is.
void test_timeout_wrap()
{
	test_timeout();
	const uint64_t due = wake_time;

	for (uint64_t ahead :
	     { due - 3, due - 2, due - 1, due, due + 1, due + 2, due - 100, due - 290, due - 600 }) {
		start_time = kTimeWrap - ahead;
		test_timeout();
		CU_ASSERT_EQUAL(wake_time, due);
	}
	start_time = 0;
}

// More open lines than deadlines can wait: the oldest are written early, nothing gets stuck.
void test_many_open_lines()
{
	Bench b(cu_seed() + 7, 256, 65535);

	for (unsigned f = 0; f < 256; f++) {
		b.function(f, true);
		for (unsigned r = 0; r < 16; r++)
			b.indirection(f, r, 0x76543210);
		for (unsigned q = 0; q < 8; q++) {
			b.enable(f * 8 + q, 4);
			b.fill(f * 8 + q);
		}
	}
	b.run(20);
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 2048; i++) {
			FramePtr f = b.make(i / 8, 64);
			f->rss = (f->rss & ~7u) | i % 8;
			b.send(f);
		}
		b.run(10000);
		if (round == 0)
			CU_ASSERT(b.flushes >= 4 && b.flushes < 20);
	}
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.delivered, 2 * 2048);
	b.check_books();
}

void test_flood()
{
	Bench b(cu_seed() + 8);

	// every third function has no queue: copies in the middle and at the end are dropped
	for (unsigned f = 0; f < 256; f++) {
		b.function(f, true, f % 2 ? SNIC_MASK(FT_FLAGS, STRIP) : 0);
		if (f % 3 == 0)
			continue;
		b.enable(f * 8, 4);
		b.fill(f * 8);
	}
	b.run(20);
	b.link.gnt = 70;
	for (unsigned n = 0; n < 40; n++) {
		FramePtr f = b.make(0, 60 + n * 20, n % 2);
		f->flood = n % 4 != 3;
		f->func = 1;
		for (unsigned t = 0; t < 256; t++)
			if (n == 0 || (n == 1 ? t == 255 : n == 2 ? t == 0 : cu_rand(&b.rng) % (n * 6) == 0))
				f->to.push_back(t);
		if (f->to.empty())
			f->to.push_back(32 + n);
		b.send(f);
	}
	CU_ASSERT(b.drain());
	CU_ASSERT(b.drops[kDisabled] > 80);
	CU_ASSERT_EQUAL(b.drops[kNoDesc] + b.drops[kTooLong] + b.drops[kDma], 0);
	b.check_books();
}

FramePtr to_all(Bench &b, unsigned len)
{
	FramePtr f = b.make(0, len);

	f->flood = true;
	for (unsigned t = 0; t < 255; t++)
		f->to.push_back(t);
	return f;
}

// While frames for one function wait, floods have a fifth of the beats (a beat a copy is for what goes with it); then all.
void test_flood_share()
{
	for (unsigned len : { 60u, 1500u }) {
		Bench b(cu_seed() + len);
		const unsigned frames = 4000, cost = (len + 63) / 64 + 1;

		for (unsigned f = 0; f < 256; f++) {
			b.function(f, true);
			b.enable(f * 8, f == 255 ? 13 : 5, 2048, false);
			b.fill(f * 8);
		}
		b.run(10);
		for (unsigned i = 0; i < frames; i++)
			b.send(255, 60);
		for (unsigned i = 0; i < 6; i++)
			b.send(to_all(b, len));
		while (b.delivered - b.flood_copies < frames - 8)
			b.cycle();
		const double fair = frames * 2 / 4. / cost;

		printf("    floods of %u B: %llu copies beside %u others, a fifth is %.0f\n", len,
		       (unsigned long long)b.flood_copies, frames, fair);
		CU_ASSERT(b.flood_copies > fair * 0.9 - 8 && b.flood_copies < fair * 1.1 + 140);
		CU_ASSERT(b.drain(2000000));
		CU_ASSERT_EQUAL(b.flood_copies, 6 * 255);
		b.check_books();
	}
}

// A flood to functions whose descriptor lines must all be read does not go ahead of others with all its copies.
void test_flood_ahead()
{
	Bench b(cu_seed() + 40);
	const unsigned latency = 800;

	for (unsigned f = 0; f < 256; f++) {
		b.function(f, true);
		b.enable(f * 8, 5, 2048, false);
		b.fill(f * 8);
	}
	b.run(10);
	b.link.latency = latency;
	b.send(to_all(b, 60));
	b.run(300); // by now all copies would be in the engine
	const uint64_t from = b.now;
	b.send(255, 60);
	while (b.delivered - b.flood_copies < 1 && b.now < from + 10 * latency)
		b.cycle();
	printf("    %llu cycles behind a flood, %u cycles to memory\n", (unsigned long long)(b.now - from),
	       latency);
	// its completion waits for 512 cycles; 128 copies are two rounds of 64 reads, and its own line is the third
	CU_ASSERT(b.now - from < 3 * latency + 512 + 100);
	CU_ASSERT(b.drain(2000000));
	b.check_books();
}

// Function reset with its frames at every stage: nothing of it leaves afterwards, the others do not notice.
void test_flush()
{
	for (unsigned when = 0; when < 12; when++) {
		Bench b(cu_seed() + 9 + when, 256, when % 2 ? 65535 : 100);

		for (unsigned f = 0; f < 4; f++) {
			b.function(f, true);
			b.enable(f * 8, 7);
			b.fill(f * 8);
		}
		b.run(20);
		b.link.latency = 200;
		b.link.jitter = 50;
		b.link.irq = 20;
		b.link.up = when % 3 ? 100 : 30;
		for (unsigned i = 0; i < 2000; i++)
			b.send(i % 4, 64 + i % 300);
		b.run(20 + when * 80);
		b.function(2, false);
		CU_ASSERT(b.flush(2));
		b.dead_funcs.insert(2);
		b.run(50);
		CU_ASSERT(b.drain());
		CU_ASSERT(b.drops[kDisabled] > 0);
		// comes back as new
		const unsigned before = b.delivered;
		b.dead_funcs.clear();
		b.function(2, true);
		b.send(2, 64); // no queue yet
		CU_ASSERT(b.drain());
		CU_ASSERT_EQUAL(b.delivered, before);
		b.enable(16, 5);
		b.fill(16);
		b.run(20);
		for (int i = 0; i < 9; i++)
			b.send(2, 64);
		CU_ASSERT(b.drain());
		CU_ASSERT_EQUAL(b.delivered, before + 9);
		b.check_books();
	}
}

// Queues are started, stopped, reset and fail under traffic, without the pauses that a driver would make.
void churn(bool scatter)
{
	Bench b(cu_seed() + 30, 256, 50);

	b.loose = true;
	for (unsigned f = 0; f < 8; f++)
		b.function(f, true);
	b.link = { 60, 90, 80, 90, 50, 60, 100, 20 };
	for (unsigned i = 0; i < 20000; i++) {
		const unsigned f = cu_rand(&b.rng) % 8;

		b.send(f, 60 + cu_rand(&b.rng) % (scatter ? 1400 : 200));
		if (scatter && i % 500 == 0)
			b.slow[2] = b.slow[2] ? 0 : 3000;
		if (i % 8 == 0) {
			FramePtr flood = b.make(0, 64);
			flood->flood = true;
			flood->to = { 0, f == 0 ? 1 : f };
			b.send(flood);
		}
		b.cycle();
		switch (cu_rand(&b.rng) % 40) {
		case 0:
			b.disable(f * 8);
			break;
		case 1:
			b.enable(f * 8, 4, scatter ? 256 : 1536, true, 3, scatter);
			b.post(f * 8, 16);
			break;
		case 2:
			b.failing.insert((f * 8) << 16 | (cu_rand(&b.rng) % 4) * 4);
			break;
		case 3:
			b.failing.clear();
			b.misaligned.clear();
			break;
		case 4:
			b.misaligned.insert((f * 8) << 16 | cu_rand(&b.rng) % 16);
			break;
		case 5:
			if (i % 4)
				break;
			b.function(f, false);
			CU_ASSERT_FATAL(b.flush(f));
			b.function(f, true);
			break;
		default:
			b.post(f * 8, 4);
		}
	}
	CU_ASSERT(b.drain(2000000));
	CU_ASSERT(b.stat_frames > (scatter ? 500 : 2000));
	CU_ASSERT(b.qerrs > 10);
	CU_ASSERT(!scatter || b.drops[kSlow] > 10);
	b.check_books();
}

void test_churn()
{
	churn(false);
}

void test_scatter_churn()
{
	churn(true);
}

// One function writes RXQ_CFG and doorbells as fast as it can, while nothing can leave: another's enable, its doorbell
// behind it and a later one are done all the same, and soon.
void test_storm()
{
	for (unsigned kind = 0; kind < 3; kind++) {
		Bench b(cu_seed() + 11 + kind);

		b.function(1, true);
		b.function(3, true);
		b.loose = true;
		b.link.up = 0;
		b.enable(8, 10);
		b.fill(8);
		b.run(50);
		for (unsigned i = 0; i < 1000; i++)
			b.send(1, 64);
		b.run(3000); // rx_line has no room
		for (unsigned i = 0; i < 4000; i++) {
			if (kind == 0)
				b.reg(8 + i % 8, 12, (i & 8 ? 1u << 31 : 0) | 24 << 16 | 6);
			else if (kind == 1)
				b.reg(8, 12, (i & 1 ? 1u << 31 : 0) | 24 << 16 | 6);
			else
				b.top->doorbell_i = 1u << 27 | (8 + i % 8) << 16 | i, b.cycle();
			if (i == 1000) {
				b.enable(24, 4);
				b.queue[24].parked = true;
				b.post(24, 4);
			}
			if (i == 1500)
				b.post(24, 4);
		}
		b.link.up = 100;
		CU_ASSERT(b.drain());
		for (unsigned i = 0; i < 8; i++)
			b.send(3, 64);
		CU_ASSERT(b.drain());
		CU_ASSERT_EQUAL(b.queue[24].head, 8);
		CU_ASSERT_EQUAL(b.func_drops[3], 0);
	}
}

// A doorbell is of use within some cycles, though all other queues are written in turn, a write a cycle.
void test_storm_of_all()
{
	Bench b(cu_seed() + 14);
	unsigned n = 0;

	b.function(3, true);
	b.enable(24, 4);
	b.queue[24].parked = true;
	b.run(20);
	for (unsigned i = 0; i < 6000; i++) {
		const unsigned q = 32 + i % 2016;

		if (i & 1)
			b.top->doorbell_i = 1u << 27 | q << 16 | 4, b.cycle();
		else
			b.reg(q, 12, (i & 2 ? 1u << 31 : 0) | 24 << 16 | 6);
		if (i == 3000) {
			b.post(24, 16);
			for (unsigned k = 0; k < 16; k++)
				b.send(3, 64);
			b.todo.clear();
		}
	}
	// each queue has had its turn: at most two cycles each, for two thousand of them
	while (b.refused == 0 && n < 5000)
		b.cycle(), n++;
	b.send(3, 64);
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.queue[24].head, 1);
	CU_ASSERT_EQUAL(b.func_drops[3], 0);
}

// A queue that was switched off is busy until the last of its DMA is out; then nothing of it comes any more. Switched on
// before that, at other memory, it begins when the old life has ended.
void test_busy()
{
	for (unsigned n = 0; n < 24; n++) {
		Bench b(cu_seed() + 40 + n, 256, n % 2 ? 60000 : 60);
		unsigned polls = 0;

		b.loose = true;
		b.function(1, true);
		b.function(2, true);
		b.link.latency = 300 + n * 50;
		b.link.up = n % 3 ? 100 : 40;
		b.enable(16, 10);
		b.fill(16);
		CU_ASSERT(!b.busy(8));
		b.enable(8, 10);
		b.fill(8);
		CU_ASSERT(!b.busy(8));
		b.run(20);
		for (unsigned i = 0; i < 300; i++)
			b.send(1 + i % 2, 64 + i);
		b.run(40 + n * 37);
		CU_ASSERT(!b.busy(8));
		b.disable(8);
		CU_ASSERT(b.busy(8)); // at once
		CU_ASSERT(!b.busy(16));
		if (n % 4 < 2) { // waits, as a driver should
			while (b.busy(8) && ++polls < 5000)
				b.run(3);
			CU_ASSERT(polls < 5000);
			b.lives[8].clear();
			b.run(2000);
			CU_ASSERT(b.lives[8].empty());
		}
		b.enable(8, 10);
		b.fill(8);
		if (n % 4 >= 2)
			CU_ASSERT(b.busy(8));
		for (unsigned i = 0; i < 300; i++)
			b.send(1 + i % 2, 64 + i);
		CU_ASSERT(b.drain());
		CU_ASSERT(!b.busy(8));
		for (unsigned i = 0; i < 8; i++) // those before may have come in the old life's time
			b.send(1, 64);
		CU_ASSERT(b.drain());
		CU_ASSERT_FATAL(!b.lives[8].empty());
		for (size_t i = 1; i < b.lives[8].size(); i++)
			CU_ASSERT(b.lives[8][i] >= b.lives[8][i - 1]);
		CU_ASSERT_EQUAL(b.lives[8].back(), 2);
		CU_ASSERT_EQUAL(b.qerrs, 0);
		b.check_books();
	}
}

// However often a queue is started again behind one slow line, an error of that line stops no other life.
void test_restarts_behind_a_line()
{
	for (unsigned restarts = 1; restarts < 10; restarts++) {
		Bench b(cu_seed() + 80 + restarts);

		b.loose = true;
		b.function(1, true);
		b.link.latency = 3000;
		b.enable(8, 4);
		b.fill(8);
		b.run(20);
		b.failing.insert(8 << 16);
		b.send(1, 64);
		b.run(100);
		b.failing.clear();
		for (unsigned i = 0; i < restarts; i++) {
			b.disable(8);
			b.run(cu_rand(&b.rng) % 40);
			b.enable(8, 4);
			b.fill(8);
			b.run(cu_rand(&b.rng) % 40);
			b.send(1, 64);
		}
		CU_ASSERT(b.drain());
		b.link.latency = 40;
		for (unsigned i = 0; i < 8; i++)
			b.send(1, 64);
		CU_ASSERT(b.drain());
		CU_ASSERT_EQUAL(b.queue[8].head, 8);
	}
}

// After a function's reset the engine knows no address of the last owner's: a queue that is switched on and given none
// reads at 0.
void test_reset_takes_addresses()
{
	Bench b(cu_seed() + 95);

	b.loose = true;
	b.function(1, true);
	b.enable(8, 4);
	b.fill(8);
	b.enable(9, 4); // written, never used
	b.run(20);
	for (unsigned i = 0; i < 8; i++)
		b.send(1, 64);
	b.run(300);
	b.function(1, false);
	CU_ASSERT(b.flush(1));
	b.function(1, true);
	for (unsigned q = 8; q < 10; q++) {
		b.lives[q].clear();
		b.indirection(1, 0, (q - 8) * 0x11111111u);
		for (unsigned i = 0; i < 16; i++)
			b.indirection(1, i, (q - 8) * 0x11111111u);
		b.reg(q, 12, 1u << 31 | 24 << 16 | 4);
		b.doorbell(q, 16);
		b.run(30);
		b.send(1, 64);
		b.send(1, 64);
		CU_ASSERT(b.drain());
		CU_ASSERT_EQUAL(b.nowhere, q - 7);
		CU_ASSERT(b.lives[q].empty());
	}
}

// Functions that were slow get their copies in time again.
void get_well(Bench &b, unsigned funcs, unsigned len)
{
	const uint64_t from = b.now;
	unsigned drops;

	for (unsigned f = 1; f <= funcs; f++)
		b.slow[f] = 0;
	do {
		drops = b.drops[kSlow];
		for (unsigned i = 0; i < 6 * 8 * funcs; i++)
			b.send(1 + i % funcs, len);
		CU_ASSERT(b.drain(4000000));
		b.now += 50000;				 // it idles
		CU_ASSERT_FATAL(b.now - from < 8000000); // the longest rest
	} while (b.drops[kSlow] != drops);
}

// Functions with slow memory beside one that has not, at line rate: it loses nothing, and they get what their memory
// allows. When their memory is well again so are they.
void slow(unsigned funcs, unsigned cycles, unsigned percent, unsigned len, unsigned queues,
	  unsigned lines_pct = 100, unsigned scatter = 0)
{
	Bench b(cu_seed() + funcs * 7 + cycles + percent, 256, 512);
	const unsigned frames = scatter ? 4000 : lines_pct == 100 ? 8000 : 40000;

	b.lossy = true;
	b.slow_pct = lines_pct;
	b.function(0, true);
	b.enable(0, 10, 4096, false);
	b.fill(0);
	for (unsigned f = 1; f <= funcs; f++) {
		b.function(f, true);
		for (unsigned r = 0; r < 16; r++)
			b.indirection(f, r, 0x76543210 & (queues - 1) * 0x11111111u);
		for (unsigned q = 0; q < queues; q++) {
			b.enable(f * 8 + q, 6, scatter ? scatter : 2048, false, 3, scatter);
			b.fill(f * 8 + q);
		}
		b.slow[f] = cycles;
	}
	b.run(20 + 20 * funcs);
	b.link.latency = 240;
	b.link.rec = 3125 / (len + 20); // 100 Gb/s, of so many per cent of the cycles
	for (unsigned i = 0, next = 0; i < frames; i++)
		b.send(cu_rand(&b.rng) % 100 < percent ? 1 + next++ % funcs : 0, len);
	CU_ASSERT(b.drain(4000000));
	CU_ASSERT_EQUAL(b.lost[0], 0);
	CU_ASSERT_EQUAL(b.func_drops[0], 0);
	unsigned got = 0;
	for (unsigned f = 1; f <= funcs; f++)
		for (unsigned q = 0; q < queues; q++)
			got += b.queue[f * 8 + q].head / (scatter ? (len + scatter - 1) / scatter : 1);
	CU_ASSERT(got > 0 || percent * frames / 100 <= funcs);
	printf("    %3u slow functions x %u, %3u %% of lines %5u cycles later, %2u %% of %4u B: %5u delivered, %5u dropped\n",
	       funcs, queues, lines_pct, cycles, percent, len, got, b.drops[kSlow]);
	CU_ASSERT_EQUAL(b.drops[kDisabled] + b.drops[kTooLong] + b.drops[kDma], 0);
	CU_ASSERT_EQUAL(b.qerrs, 0);
	// one whose frames are longer than a line has buffers is well when its memory is
	get_well(b, funcs, len);
	for (unsigned f = 0; f <= funcs; f++)
		for (unsigned q = 0; q < 8; q++)
			CU_ASSERT(!b.busy(f * 8 + q));
	b.check_books();
}

void test_slow()
{
	for (unsigned funcs : { 1u, 8u, 254u })
		for (unsigned cycles : { 2000u, 20000u })
			for (unsigned percent : { 2u, 50u })
				slow(funcs, cycles, percent, 64, 1);
	slow(8, 4000, 50, 64, 8);
	slow(254, 20000, 50, 64, 8);
	slow(8, 20000, 30, 1514, 1);
	slow(1, 4000, 50, 300, 1);
}

// Lines that are slow now and then.
void test_slow_lines()
{
	for (unsigned funcs : { 1u, 8u, 254u })
		for (unsigned lines_pct : { 3u, 50u })
			slow(funcs, 3000, 20, 64, 1, lines_pct);
	slow(254, 20000, 10, 64, 8, 25);
}

// In frames of two, six and eleven buffers: those of a frame whose line is late are used again.
void test_scatter_slow()
{
	slow(8, 2000, 20, 300, 1, 100, 256);
	slow(8, 3000, 20, 1514, 1, 3, 256);
	slow(8, 3000, 50, 2800, 8, 5, 256);
}

void test_slow_wrap()
{
	for (uint64_t ahead : { 2000u, 30000u }) {
		start_time = kTimeWrap - ahead;
		slow(8, 2000, 50, 64, 1);
		slow(8, 3000, 20, 64, 1, 50);
	}
	start_time = 0;
}

// A slow function with no more frames than its memory allows loses none once it is known: its line is asked for ahead.
void test_slow_ahead()
{
	Bench b(cu_seed() + 132, 256, 512);

	for (unsigned f = 0; f < 2; f++) {
		b.function(f, true);
		b.enable(f * 8, 9, 2048, false);
		b.fill(f * 8);
	}
	b.run(50);
	b.link.latency = 240;
	b.slow[1] = 2600;
	b.link.rec = 30;
	for (unsigned i = 0; i < 40000; i++)
		b.send(i % 1000 == 10, 64);
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.drops[kSlow], 1);
	CU_ASSERT_EQUAL(b.queue[8].head, 39);
	b.check_books();
}

// Alone, a function waits for its own lines, however late they are beside its others.
void test_slow_alone()
{
	Bench b(cu_seed() + 130, 256, 512);

	b.function(1, true);
	b.enable(8, 10, 2048, false);
	b.fill(8);
	b.run(50);
	b.link.latency = 240;
	b.link.jitter = 4000;
	b.link.rec = 20;
	for (unsigned i = 0; i < 6000; i++)
		b.send(1, 64);
	CU_ASSERT(b.drain());
	CU_ASSERT_EQUAL(b.delivered + b.drops[kNoDesc], 6000);
	CU_ASSERT_EQUAL(b.drops[kSlow], 0);
	b.check_books();
}

// The same with a function that is slow now and then, and floods for all: no one line holds others up for long.
void test_slow_changes()
{
	Bench b(cu_seed() + 131, 256, 512);

	b.lossy = true;
	for (unsigned f = 0; f < 8; f++) {
		b.function(f, true);
		b.enable(f * 8, 9, 2048, f & 1);
		b.fill(f * 8);
	}
	b.run(200);
	b.link.latency = 240;
	b.link.rec = 30;
	for (unsigned i = 0; i < 30000; i++) {
		if (i % 400 == 399) {
			FramePtr f = b.make(0, 64);
			f->flood = true;
			f->to = { 0, 1, 2, 3, 4, 5, 6, 7 };
			b.send(f);
		} else {
			b.send(cu_rand(&b.rng) % 8, 64);
		}
		if (i % 500 == 0)
			b.slow[1] = cu_rand(&b.rng) % 3 ? 0 : cu_rand(&b.rng) % 20000;
		while (b.todo.size() > 20)
			b.cycle();
	}
	b.slow[1] = 0;
	CU_ASSERT(b.drain());
	for (unsigned f = 0; f < 8; f++) {
		CU_ASSERT_EQUAL(b.lost[f], 0);
		CU_ASSERT(f == 1 || b.func_drops[f] == 0);
	}
	CU_ASSERT(b.drops[kSlow] > 0);
	CU_ASSERT(b.queue[8].head > 100);
	b.check_books();
}

// A queue that stops, or a function that is reset, while a late line is on its way has not drained before it has come.
void test_slow_stop()
{
	for (unsigned n = 0; n < 16; n++) {
		Bench b(cu_seed() + 140 + n, 256, 100);
		uint64_t asked;

		b.loose = true;
		for (unsigned f = 0; f < 3; f++) {
			b.function(f, true);
			b.enable(f * 8, 9, 2048, false);
			b.fill(f * 8);
		}
		b.run(50);
		b.slow[1] = 15000;
		b.link.latency = 240;
		b.link.rec = 40;
		for (unsigned i = 0; i < 3000; i++)
			b.send(i % 10 ? 0 : 1, 64);
		while (!b.drops[kSlow])
			b.cycle();
		b.run(n * 200);
		asked = b.now;
		if (n & 1) {
			b.disable(8);
			b.run(4000);
			CU_ASSERT(b.busy(8));
			if (n & 2) {
				b.enable(8, 9, 2048, false);
				b.fill(8);
			}
			while (b.busy(8))
				b.run(5);
		} else {
			b.function(1, false);
			CU_ASSERT(b.flush(1));
			b.function(1, true);
		}
		CU_ASSERT(b.now - asked > 5000);
		for (const auto &l : b.lines)
			CU_ASSERT(l.func != 1);
		b.slow[1] = 0;
		if (!(n & 1) || !(n & 2)) {
			b.enable(8, 9, 2048, false);
			b.fill(8);
			b.run(50);
		}
		CU_ASSERT(b.drain());
		const unsigned before = b.queue[8].head;
		get_well(b, 1, 64);
		CU_ASSERT(b.queue[8].head - before >= 48);
		CU_ASSERT(!b.busy(8));
		b.check_books();
	}
}

// Cycles a 64 B frame, times 100.
unsigned rate(unsigned funcs, unsigned latency, unsigned len, unsigned timeout, unsigned scatter = 0)
{
	Bench b(cu_seed() + latency + funcs, 256, timeout);
	const unsigned frames = 12000;

	for (unsigned f = 0; f < funcs; f++) {
		b.function(f, true);
		b.enable(f * 8, funcs == 1 ? 12 : 7, scatter ? scatter : 2048, false, 3, scatter);
		b.fill(f * 8);
	}
	b.run(20);
	b.link.latency = latency;
	for (unsigned i = 0; i < frames; i++)
		b.send(i % funcs, len);
	CU_ASSERT(b.drain(1000000));
	CU_ASSERT_EQUAL(b.delivered, frames);
	CU_ASSERT_EQUAL(b.drops[kNoDesc], 0);
	b.check_books();
	const unsigned r = (b.payload_time - b.first_up) * 100 / frames;
	printf("    %3u functions, %u cycles to memory, %u B: %u.%02u cycles a frame\n", funcs, latency, len,
	       r / 100, r % 100);
	return r;
}

void test_rate()
{
	CU_ASSERT(rate(1, 240, 64, 512) <= 140);
	CU_ASSERT(rate(1, 360, 64, 512) <= 150);
	CU_ASSERT(rate(255, 240, 64, 512) <= 150);
	CU_ASSERT(rate(255, 360, 64, 512) <= 160);
	CU_ASSERT(rate(255, 360, 64, 4096) <= 160);
	CU_ASSERT(rate(255, 360, 65, 4096) <= 260);
}

// Short frames at the rate of queues without; one in buffers of the least size takes no longer than its beats, and completions.
void test_scatter_rate()
{
	CU_ASSERT(rate(1, 240, 60, 512, 2048) <= 140);
	CU_ASSERT(rate(255, 360, 60, 4096, 2048) <= 160);
	CU_ASSERT(rate(255, 360, 128, 4096, 2048) <= 260);
	CU_ASSERT(rate(255, 360, 1024, 4096, 256) <= 2200);
}

} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "rx_engine", "one_frame", test_one_frame },
		{ "rx_engine", "lengths_and_mps", test_lengths },
		{ "rx_engine", "drops_by_cause", test_drops },
		{ "rx_engine", "doorbells_and_16_bit_wrap", test_doorbells },
		{ "rx_engine", "bad_descriptor_stops_queue", test_stop },
		{ "rx_engine", "restart", test_restart },
		{ "rx_engine", "completion_timeout_and_wake", test_timeout },
		{ "rx_engine", "timeout_over_the_wrap", test_timeout_wrap },
		{ "rx_engine", "many_open_lines", test_many_open_lines },
		{ "rx_engine", "flood", test_flood },
		{ "rx_engine", "flood_share", test_flood_share },
		{ "rx_engine", "flood_ahead", test_flood_ahead },
		{ "rx_engine", "function_reset", test_flush },
		{ "rx_engine", "reset_takes_addresses", test_reset_takes_addresses },
		{ "rx_engine", "storm_of_one_function", test_storm },
		{ "rx_engine", "storm_of_all_queues", test_storm_of_all },
		{ "rx_engine", "busy_until_drained", test_busy },
		{ "rx_engine", "restarts_behind_a_line", test_restarts_behind_a_line },
		{ "rx_engine", "slow_memory", test_slow },
		{ "rx_engine", "slow_lines", test_slow_lines },
		{ "rx_engine", "slow_memory_over_the_wrap", test_slow_wrap },
		{ "rx_engine", "slow_memory_asked_ahead", test_slow_ahead },
		{ "rx_engine", "slow_memory_alone", test_slow_alone },
		{ "rx_engine", "slow_memory_now_and_then", test_slow_changes },
		{ "rx_engine", "stop_with_a_late_line", test_slow_stop },
		{ "rx_engine", "churn", test_churn },
		{ "rx_engine", "random_load", test_load },
		{ "rx_engine", "scatter_lengths", test_scatter_lengths },
		{ "rx_engine", "scatter_drops", test_scatter_drops },
		{ "rx_engine", "scatter_bad_descriptor", test_scatter_stop },
		{ "rx_engine", "scatter_slow_memory", test_scatter_slow },
		{ "rx_engine", "scatter_churn", test_scatter_churn },
		{ "rx_engine", "scatter_rate", test_scatter_rate },
		{ "rx_engine", "rate", test_rate },
		{ nullptr, nullptr, nullptr },
	};

	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
