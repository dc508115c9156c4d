// SPDX-License-Identifier: BSD-2-Clause
// What stands around tx_engine in its test: host memory with rings and frames, read completions with latency,
// order and pieces as PCIe allows, a packet buffer, and a driver for each queue. It checks all that it sees.
#ifndef TX_HOST_H
#define TX_HOST_H

#include <array>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "Vtx_engine.h"
#include "cu_main.h"
#include "snic_contract.h"
#include "verilated.h"

constexpr unsigned kEpochW = 5; // as rtl_tests.mk builds it
constexpr unsigned kDataTags = 448, kLineTags = 352;

struct TxProfile {
	unsigned latency = 30, jitter = 0; // cycles from read request to data
	unsigned split_pct = 0;		   // completions cut at a 64 B boundary
	unsigned gap_pct = 0;		   // cycles without a completion beat
	unsigned rd_pct = 100, drd_pct = 100, up_pct = 100, int_pct = 100; // readiness
	unsigned mrrs = 512;
	unsigned hold = 0;	// cycles that a committed frame stays in the packet buffer
	bool any_order = false; // completions overtake each other
};

struct TxFrame {
	uint64_t addr; // of the only buffer
	unsigned len;
	bool err;
	std::vector<std::pair<uint64_t, unsigned>> bufs; // of several
	unsigned descs;
	bool csum;
	unsigned start, off; // of the checksum
};

struct TxQueue {
	unsigned func, log2, vec;
	bool irq, stopped = false;
	uint64_t base, wb;
	uint16_t tail = 0, head = 0;
	unsigned status = 0, errs = 0, ints = 0, int_owed = 0, stale_wb = 0;
	uint64_t frames = 0, dropped = 0, bytes = 0;
	uint16_t done = 0; // descriptors whose frames were committed
	std::vector<std::array<uint64_t, 2>> ring;
	std::deque<TxFrame> due;
};

class TxHost {
public:
	static constexpr unsigned kCells = 4096, kSlots = 2048;
	// Descriptors in this part of memory cannot be read, and frames that begin there.
	static constexpr uint64_t kBroken = 1ull << 60;
	static constexpr uint64_t kFrames = 1ull << 56;
	static constexpr unsigned kEarly = 3 * SNIC_TX_BUFS; // descriptors of the frames of three beats

	explicit TxHost(uint64_t seed, const TxProfile &profile = TxProfile())
		: p(profile), rng(seed), top(new Vtx_engine), mem(kCells)
	{
		top->clk_i = 0;
		top->rst_ni = 0;
		top->qcfg_wr_i = 0;
		top->doorbell_i = 0;
		top->now_i = 0;
		top->flush_valid_i = 0;
		top->qask_i = 0;
		top->dcpl_valid_i = 0;
		top->cpl_valid_i = 0;
		for (int i = 0; i < 8; i++)
			top->func_en_i[i] = 0;
		for (int i = 0; i < 4; i++)
			step();
		top->rst_ni = 1;
		while (!top->init_done_o)
			step();
	}

	~TxHost() { top->final(); }

	unsigned rnd(unsigned n) { return cu_rand(&rng) % n; }
	bool chance(unsigned pct) { return rnd(100) < pct; }

	void enable_func(unsigned f, bool on)
	{
		if (on)
			top->func_en_i[f / 32] |= 1u << f % 32;
		else
			top->func_en_i[f / 32] &= ~(1u << f % 32);
		step();
	}

	void reg(unsigned qid, unsigned idx, uint32_t data)
	{
		top->qcfg_wr_i = 1ull << 47 | uint64_t(qid) << 36 | uint64_t(idx) << 32 | data;
		step();
		top->qcfg_wr_i = 0;
	}

	void doorbell(unsigned qid, uint16_t tail)
	{
		top->doorbell_i = 1u << 27 | qid << 16 | tail;
		step();
		top->doorbell_i = 0;
	}

	// Is anything of the queue under way?
	bool busy(unsigned qid)
	{
		top->qask_i = 1u << 12 | qid;
		step();
		top->qask_i = 0;
		step();
		top->eval();
		return top->busy_o;
	}

	// A new ring at a new place; the old one is forgotten.
	TxQueue &start(unsigned qid, unsigned log2, bool irq = false, bool keep_place = false)
	{
		TxQueue &q = queues[qid];
		const uint64_t base = q.base, wb = q.wb;

		if (q.wb)
			old_wb[q.wb] = true;
		stray_ints += q.int_owed;
		q = TxQueue();
		q.func = qid / 8;
		q.log2 = log2;
		q.vec = rnd(16);
		q.irq = irq;
		q.ring.resize(1u << log2);
		q.base = keep_place ? base : next_page;
		q.wb = keep_place ? wb : next_page + (64 << 14);
		next_page += 1 << 21;
		by_ring[q.base >> 20] = qid;
		by_wb[q.wb] = qid;
		old_wb.erase(q.wb);
		reg(qid, 0, q.base);
		reg(qid, 1, q.base >> 32);
		reg(qid, 2, q.wb);
		reg(qid, 3, q.wb >> 32);
		reg(qid, 4, 1u << 31 | unsigned(irq) << 12 | q.vec << 8 | log2);
		return q;
	}

	void stop(unsigned qid)
	{
		const TxQueue &q = queues[qid];

		reg(qid, 4, unsigned(q.irq) << 12 | q.vec << 8 | q.log2);
		still = now + 4;
	}

	unsigned room(const TxQueue &q) { return (1u << q.log2) - uint16_t(q.tail - q.head); }

	void post_raw(TxQueue &q, uint64_t lo, uint64_t hi)
	{
		q.ring[q.tail & ((1u << q.log2) - 1)] = { lo, hi };
		q.tail++;
	}

	// align: 0 any address, else a multiple
	void post(TxQueue &q, unsigned len, unsigned align = 0, bool err = false)
	{
		TxFrame f = { (err ? kBroken : kFrames) + next_buf, len, err, {}, 1, false, 0, 0 };

		f.addr += align ? 0 : rnd(256);
		next_buf = ((next_buf + len + 512) & ~63ull) + (align ? 0 : rnd(16) * 64);
		post_raw(q, f.addr, uint64_t(1) << 16 | len | named(q.func, f) << 48);
		if (err)
			broken_at[f.addr] = true;
		q.due.push_back(f);
	}

	// A frame in n buffers, and a checksum at any place: one of the buffers cannot be read when err.
	void post_chain(TxQueue &q, unsigned len, unsigned n, bool csum, bool err = false)
	{
		TxFrame f = { 0, len, err, {}, n, csum, 0, 0 };
		const unsigned broken = err ? rnd(n) : n;
		unsigned left = len;

		f.start = csum ? rnd((len < 256 ? len : 256) - 1) : 0;
		f.off = csum ? rnd((len < 256 ? len : 256) - 1 - f.start) : 0;
		for (unsigned i = 0; i < n; i++) {
			const unsigned most = left - (n - i - 1), some = i + 1 == n ? left : 1 + rnd(most);
			const uint64_t addr = (i == broken ? kBroken : kFrames) + next_buf + rnd(256);

			next_buf = ((next_buf + some + 512) & ~63ull) + rnd(16) * 64;
			if (!i)
				f.addr = addr;
			post_raw(q, addr,
				 uint64_t(i + 1 == n) << 16 | some |
					 (i + 1 == n ? named(q.func, f) << 48 : 0) |
					 (i || !csum ? 0
						     : 1ull << 18 | uint64_t(f.start) << 32 |
							       uint64_t(f.off) << 40));
			if (i == broken)
				broken_at[addr] = true;
			f.bufs.push_back({ addr, some });
			left -= some;
		}
		q.due.push_back(f);
	}

	void ring(unsigned qid) { doorbell(qid, queues[qid].tail); }

	// True when all came to rest within the limit.
	bool settle(uint64_t limit = 200000)
	{
		const uint64_t end = now + limit;

		for (unsigned quiet = 0; quiet < 3; quiet = top->idle_o && top->empty_o ? quiet + 1 : 0) {
			if (now > end)
				return false;
			step();
		}
		return true;
	}

	// All that was posted has left, and the driver was told.
	void expect_all_done()
	{
		for (auto &e : queues) {
			TxQueue &q = e.second;

			CU_ASSERT(q.due.empty());
			CU_ASSERT_EQUAL(q.head, q.tail);
			CU_ASSERT_EQUAL(q.status, SNIC_QSTAT_OK);
			CU_ASSERT_EQUAL(q.errs, q.dropped);
			CU_ASSERT_EQUAL(q.int_owed, 0);
		}
	}

	// One read that was not answered ends with an error. False when there is none.
	bool give_up()
	{
		if (lost.empty())
			return false;
		Read r = lost.front();

		lost.pop_front();
		r.given_up = true;
		waiting.emplace(now, r);
		return true;
	}

	bool flush(unsigned func, uint64_t limit = 20000)
	{
		const uint64_t end = now + limit;

		top->flush_valid_i = 1;
		top->flush_func_i = func;
		for (;;) {
			top->eval();
			const bool done = top->flush_done_o;
			step();
			if (done)
				break;
			if (now > end)
				return false;
		}
		top->flush_valid_i = 0;
		return true;
	}

	void step();

	TxProfile p;
	uint64_t rng, now = 0;
	std::unique_ptr<Vtx_engine> top;
	std::map<unsigned, TxQueue> queues;
	uint64_t reads = 0, commits = 0, beats = 0, refused = 0, qerrs = 0, bad_descs = 0, write_backs = 0,
		 dropped = 0;
	unsigned most_tags = 0, rotated = 0, pieces = 0, overtakes = 0;
	unsigned forbidden = 256;	       // a function that must not be seen at all
	unsigned gone = 2048;		       // ... and a queue
	unsigned slow = 256, slow_latency = 0; // a function whose memory is slow
	unsigned lost_first = 0, lost_n = 0,
		 lost_every = 0; // functions whose every so manyth read is not answered
	unsigned storm = 0;	 // functions 1.. that ring queue 0 with the tail it has, in turn, one a cycle

private:
	struct Read {
		unsigned tag, func, len, sent;
		uint64_t addr;
		bool given_up;
	};
	struct Slot {
		unsigned cell, cells;
		uint32_t sum;
		uint64_t free_at;
	};
	// A frame's statistics
	struct Told {
		unsigned func, len;
		bool drop;
	};
	struct Beat {
		bool sop, eop;
		uint32_t hdr;
		std::array<uint32_t, 16> data;
	};

	static uint8_t memory(unsigned func, uint64_t addr)
	{
		uint64_t s = (addr >> 3) * 0x9e3779b97f4a7c15ull ^ uint64_t(func) << 40;

		s ^= s >> 29;
		s *= 0xbf58476d1ce4e5b9ull;
		return uint8_t(s >> (32 + (addr & 3) * 8)) ^ uint8_t(addr & 7);
	}

	void fetch(unsigned func, uint64_t addr, unsigned len, uint8_t *out)
	{
		if (addr >= kFrames) {
			for (unsigned i = 0; i < len; i++)
				out[i] = memory(func, addr + i);
			return;
		}
		auto it = by_ring.find(addr >> 20);
		CU_ASSERT_FATAL(it != by_ring.end());
		TxQueue &q = queues[it->second];
		CU_ASSERT_NOT_EQUAL(it->second, gone);
		const uint64_t off = addr - (it->first << 20);
		CU_ASSERT_EQUAL(func, q.func);
		CU_ASSERT_FATAL(off + len <= q.ring.size() * 16 || addr - q.base >= (64 << 14));
		memcpy(out, reinterpret_cast<uint8_t *>(q.ring.data()) + off, len);
	}

	void take_read(const WData *rd, bool desc)
	{
		Read r = {};

		r.tag = rd[0] & 0xfff;
		r.len = rd[0] >> 12 & 0x1fff;
		r.addr = rd[0] >> 25 | uint64_t(rd[1]) << 7 | uint64_t(rd[2]) << 39;
		r.func = (rd[2] >> 25 | rd[3] << 7) & 0xff;
		CU_ASSERT_NOT_EQUAL(r.func, forbidden);
		CU_ASSERT(r.len > 0 && (r.addr & (p.mrrs - 1)) + r.len <= p.mrrs);
		CU_ASSERT(desc ? r.tag >= kDataTags && r.tag < kDataTags + kLineTags && r.len <= 64
			       : r.tag < kDataTags && r.len <= 512);
		CU_ASSERT_FATAL(!out[r.tag]);
		out[r.tag] = true;
		tags += !desc;
		if (tags > most_tags)
			most_tags = tags;
		if (lost_every && r.func - lost_first < lost_n && rnd(lost_every) == 0) {
			lost.push_back(r);
			return;
		}
		waiting.emplace(now + (r.func == slow ? slow_latency : p.latency) +
					(p.jitter ? rnd(p.jitter) : 0),
				r);
	}

	void next_tlp()
	{
		while (!waiting.empty() && waiting.begin()->first <= now) {
			due.push_back(waiting.begin()->second);
			waiting.erase(waiting.begin());
		}
		if (due.empty())
			return;
		const size_t pick = p.any_order ? rnd(due.size()) : 0;
		Read &r = due[pick];
		// Of a broken frame only the first piece fails; the others come as if nothing were.
		const bool broken =
			r.given_up || (r.tag >= kDataTags ? r.addr >= kBroken : broken_at.count(r.addr) != 0);
		unsigned len = r.len - r.sent, status = 0;
		const uint64_t addr = r.addr + r.sent;
		if (len > 64 - (addr & 63) && chance(p.split_pct)) {
			// any number of whole lines after the first
			const unsigned most = (len - (64 - (addr & 63)) + 63) / 64;
			len = 64 - (addr & 63) + 64 * rnd(most);
			pieces++;
		} else if (broken) {
			status = 4;
			len = 0;
		}
		const bool last = status || r.sent + len == r.len;
		Beat b = {};
		b.hdr = r.tag << 17 | status << 14 | unsigned(last) << 13 | len;
		uint8_t data[4096];
		if (!status)
			fetch(r.func, addr, len, data);
		for (unsigned o = 0; o == 0 || o < len; o += 64) {
			b.sop = o == 0;
			b.eop = o + 64 >= len;
			for (auto &w : b.data)
				w = uint32_t(rng >> 7) * 2654435761u; // beyond the data lies anything
			if (len > o)
				memcpy(b.data.data(), data + o, len - o < 64 ? len - o : 64);
			bus.push_back(b);
		}
		r.sent += len;
		if (last) {
			overtakes += pick != 0;
			if (r.tag < kDataTags)
				tags--;
			released.push_back(r.tag);
			due.erase(due.begin() + pick);
		}
	}

	void drive_completions()
	{
		top->dcpl_valid_i = 0;
		top->cpl_valid_i = 0;
		if (bus.empty())
			next_tlp();
		if (bus.empty() || (p.gap_pct && chance(p.gap_pct)))
			return;
		const Beat &b = bus.front();
		beats++;
		if (b.hdr >> 17 >= kDataTags) {
			top->dcpl_valid_i = 1;
			top->dcpl_hdr_i = b.hdr;
			memcpy(&top->dcpl_data_i[0], b.data.data(), 64);
		} else {
			top->cpl_valid_i = 1;
			top->cpl_sop_i = b.sop;
			top->cpl_eop_i = b.eop;
			top->cpl_hdr_i = b.sop ? b.hdr : 0;
			memcpy(&top->cpl_data_i[0], b.data.data(), 64);
		}
		if (b.eop) {
			for (unsigned t : released)
				out[t] = false;
			released.clear();
		}
		bus.pop_front();
	}

	void drive_buffer()
	{
		while (oldest != committed && slots[oldest % kSlots].free_at <= now) {
			room_cells += slots[oldest % kSlots].cells;
			oldest++;
		}
		top->alloc_ok_i = room_cells >= 145 && newest - oldest < kSlots;
		top->alloc_slot_i = newest % kSlots;
		top->alloc_cell_i = next_cell;
		top->free_slots_i = kSlots - (newest - oldest);
		top->free_cells_i = room_cells;
	}

	void write_cell(Slot &s, unsigned cell, const WData *data, uint64_t be)
	{
		uint8_t bytes[64];

		CU_ASSERT((cell - s.cell) % kCells < s.cells);
		memcpy(bytes, data, 64);
		for (unsigned i = 0; i < 64; i++) {
			if (be >> i & 1)
				mem[cell][i] = bytes[i];
			else
				CU_ASSERT_EQUAL(bytes[i], 0);
			s.sum += uint32_t(bytes[i]) << (i & 1 ? 8 : 0);
		}
	}

	void see_buffer()
	{
		if (top->alloc_o) {
			Slot &s = slots[newest % kSlots];
			CU_ASSERT(top->alloc_ok_i);
			CU_ASSERT(top->alloc_cells_o >= 1 && top->alloc_cells_o <= 144);
			s.cell = next_cell;
			s.cells = top->alloc_cells_o;
			s.sum = 0;
			next_cell = (next_cell + s.cells) % kCells;
			room_cells -= s.cells;
			newest++;
		}
		if (top->wr_valid_o) {
			CU_ASSERT_FATAL((top->wr_slot_o - oldest) % kSlots < newest - oldest);
			CU_ASSERT((top->wr_slot_o - committed) % kSlots < newest - committed);
			Slot &s = slots[top->wr_slot_o];
			write_cell(s, top->wr_cell_o, &top->wr_lo_data_o[0], top->wr_lo_be_o);
			if (top->wr_hi_valid_o) {
				rotated++;
				write_cell(s, (top->wr_cell_o + 1) % kCells, &top->wr_hi_data_o[0],
					   top->wr_hi_be_o);
			}
		}
		if (top->stat_valid_o)
			told.push_back({ top->stat_func_o, top->stat_bytes_o, bool(top->drop_dma_o) });
		if (top->commit_o)
			commit();
		for (; !told.empty() && told.front().drop; told.pop_front())
			frame_done(told.front(), nullptr);
	}

	void commit()
	{
		CU_ASSERT_FATAL(committed != newest);
		Slot &s = slots[committed % kSlots];
		const unsigned len = top->commit_len_o, func = top->commit_src_o;
		CU_ASSERT_EQUAL(top->commit_slot_o, committed % kSlots);
		CU_ASSERT_EQUAL(top->commit_cell_o, s.cell);
		CU_ASSERT_EQUAL((len + 63) / 64, s.cells);
		s.free_at = now + p.hold;
		committed++;
		// It is counted before its last beat is in the buffer.
		CU_ASSERT_FATAL(!told.empty());
		CU_ASSERT_EQUAL(told.front().func, func);
		CU_ASSERT_EQUAL(told.front().len, len);
		frame_done(told.front(), &s);
		told.pop_front();
	}

	void frame_done(const Told &t, const Slot *s)
	{
		CU_ASSERT_NOT_EQUAL(t.func, forbidden);
		commits++;
		dropped += t.drop;
		for (auto it = queues.lower_bound(t.func * 8); it != queues.lower_bound(t.func * 8 + 8);
		     ++it) {
			TxQueue &q = it->second;
			if (q.due.empty() || q.due.front().len != t.len ||
			    (q.due.front().err != t.drop && !lost_n) ||
			    !(t.drop || same(*s, t.func, q.due.front())))
				continue;
			q.frames++;
			q.dropped += t.drop;
			q.bytes += t.len;
			q.done += q.due.front().descs;
			q.due.pop_front();
			return;
		}
		if (!lenient)
			CU_FAIL("frame is nobody's next one");
	}

	// The frame as it has to leave.
	std::vector<uint8_t> leaves(unsigned func, const TxFrame &f)
	{
		std::vector<uint8_t> v;
		uint32_t sum = 0;

		for (auto &b : f.bufs)
			for (unsigned i = 0; i < b.second; i++)
				v.push_back(memory(func, b.first + i));
		for (unsigned i = 0; f.bufs.empty() && i < f.len; i++)
			v.push_back(memory(func, f.addr + i));
		if (!f.csum)
			return v;
		for (unsigned i = f.start; i < f.len; i++) {
			sum += uint32_t(v[i]) << ((i - f.start) & 1 ? 0 : 8);
			sum = (sum & 0xffff) + (sum >> 16);
		}
		sum = sum == 0xffff ? 0xffff : ~sum;
		v[f.start + f.off] = uint8_t(sum >> 8);
		v[f.start + f.off + 1] = uint8_t(sum);
		return v;
	}

	// The PF's descriptors name a vport now and then: TO, and DST above it.
	static uint64_t named(unsigned func, const TxFrame &f)
	{
		return func || !(f.addr >> 6 & 1) ? 0 : 1 | (f.addr >> 7 & 1023) << 1;
	}

	bool same(const Slot &s, unsigned func, const TxFrame &f)
	{
		const std::vector<uint8_t> want = leaves(func, f);
		const uint64_t to = named(func, f);

		if (top->commit_to_o != ((to & 1) << 10 | to >> 1))
			return false;
		uint32_t sum = 0, got = s.sum;

		for (unsigned i = 0; i < f.len; i++) {
			if (mem[(s.cell + i / 64) % kCells][i % 64] != want[i])
				return false;
			sum += uint32_t(want[i]) << (i & 1 ? 8 : 0);
		}
		return sum % 0xffff == got % 0xffff;
	}

	void see_write_back()
	{
		const WData *h = &top->up_hdr_o[0];
		const uint64_t addr = h[0] >> 21 | uint64_t(h[1]) << 11 | uint64_t(h[2] & 0x1fffff) << 43;
		const __u64 qw[2] = { top->up_data_o[0] | uint64_t(top->up_data_o[1]) << 32,
				      top->up_data_o[2] | uint64_t(top->up_data_o[3]) << 32 };
		CU_ASSERT(top->up_sop_o && top->up_eop_o);
		CU_ASSERT_EQUAL(h[2] >> 29, 0); // MWr
		CU_ASSERT_EQUAL(h[0] >> 8 & 0x1fff, 16);
		write_backs++;
		if (old_wb.count(addr)) {
			// Only the one that stood at the door when the queue was stopped.
			CU_ASSERT(now <= still);
			stray_ints++;
			return;
		}
		CU_ASSERT_FATAL(by_wb.count(addr));
		TxQueue &q = queues[by_wb[addr]];
		CU_ASSERT_NOT_EQUAL(by_wb[addr], gone);
		const unsigned func = h[2] >> 21 & 0xff;
		const uint16_t head = snic_bits_get(qw, SNIC_F(TX_WB, HEAD));
		const uint64_t stamp = snic_bits_get(qw, SNIC_F(TX_WB, STAMP));
		CU_ASSERT_EQUAL(func, q.func);
		CU_ASSERT_NOT_EQUAL(func, forbidden);
		// Frames of the next lines may have been committed while this record was on its way.
		// A frame's buffers are free before its checksum is in the packet buffer.
		CU_ASSERT(uint16_t(q.done + kEarly - head) < 256 + kEarly);
		q.status = snic_bits_get(qw, SNIC_F(TX_WB, STATUS));
		CU_ASSERT(uint16_t(head - q.head - 1) < SNIC_TX_BUFS + 3 || (q.status && head == q.head));
		q.head = head;
		q.errs = snic_bits_get(qw, SNIC_F(TX_WB, ERRS));
		CU_ASSERT(q.errs <= q.dropped);
		CU_ASSERT(stamp <= now && stamp + 2000 > now);
		CU_ASSERT_EQUAL(qw[0] >> 24 & 0xff, 0);
		CU_ASSERT_EQUAL(qw[1] >> 48, 0);
		if (q.irq)
			q.int_owed++;
		CU_ASSERT(q.int_owed <= 1);
	}

	void see_interrupt()
	{
		CU_ASSERT_NOT_EQUAL(top->int_func_o, forbidden);
		for (auto it = queues.lower_bound(top->int_func_o * 8);
		     it != queues.end() && it->second.func == top->int_func_o; ++it)
			if (it->second.vec == top->int_vec_o && it->second.int_owed) {
				it->second.int_owed--;
				it->second.ints++;
				return;
			}
		CU_ASSERT(stray_ints > 0); // each has a write-back before it
		stray_ints--;
	}

	std::vector<std::array<uint8_t, 64>> mem;
	Slot slots[kSlots] = {};
	unsigned newest = 0, committed = 0, oldest = 0, room_cells = kCells, next_cell = 0, tags = 0;
	std::multimap<uint64_t, Read> waiting; // by the cycle in which host memory answers
	std::deque<Read> due;
	std::deque<Beat> bus;
	std::deque<Told> told;
	std::deque<Read> lost;
	std::vector<unsigned> released;
	bool out[1024] = {};
	std::map<uint64_t, unsigned> by_ring, by_wb;
	std::map<uint64_t, bool> old_wb, broken_at;
	unsigned stray_ints = 0; // of rings that were given up
	uint64_t still = 0;
	bool storm_rang = false;
	uint64_t next_page = 1ull << 40, next_buf = 0;

public:
	bool lenient = false; // frames of a ring that was given up may still come
};

inline void TxHost::step()
{
	if (top->rst_ni) {
		drive_completions();
		drive_buffer();
	} else {
		top->alloc_ok_i = 0;
	}
	if (storm && top->rst_ni && !(top->doorbell_i >> 27)) {
		const unsigned f = 1 + now % storm;
		top->doorbell_i = 1u << 27 | f * 8 << 16 | queues[f * 8].tail;
		storm_rang = true;
	}
	top->now_i = now;
	top->mrrs_i = p.mrrs;
	top->rd_ready_i = p.rd_pct == 100 || chance(p.rd_pct);
	top->drd_ready_i = p.drd_pct == 100 || chance(p.drd_pct);
	top->up_ready_i = p.up_pct == 100 || chance(p.up_pct);
	top->int_ready_i = p.int_pct == 100 || chance(p.int_pct);
	top->eval();
	if (top->rst_ni) {
		if (top->rd_valid_o && top->rd_ready_i) {
			reads++;
			take_read(&top->rd_o[0], false);
		}
		if (top->drd_valid_o && top->drd_ready_i)
			take_read(&top->drd_o[0], true);
		see_buffer();
		if (top->up_valid_o && top->up_ready_i)
			see_write_back();
		if (top->int_valid_o && top->int_ready_i)
			see_interrupt();
		refused += top->doorbell_refused_o;
		qerrs += top->qerr_valid_o;
		bad_descs += top->drop_desc_o;
	}
	// While it is idle and nothing comes in, its clock stands.
	top->clk_i = !top->rst_ni || !top->init_done_o || !top->idle_o || top->dcpl_valid_i ||
		     top->cpl_valid_i || top->qcfg_wr_i >> 47 || top->doorbell_i >> 27 || top->qask_i >> 12 ||
		     top->flush_valid_i;
	top->eval();
	top->clk_i = 0;
	top->eval();
	if (storm_rang)
		top->doorbell_i = 0;
	storm_rang = false;
	now++;
}

#endif
