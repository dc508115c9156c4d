// SPDX-License-Identifier: BSD-2-Clause
// tx_engine: what is posted in the rings comes out at the packet buffer, byte for byte and in order, and is
// written back.
#include <cstdio>

#include "tx_host.h"

namespace {

unsigned any_len(TxHost &h)
{
	switch (h.rnd(8)) {
	case 0:
		return SNIC_FRAME_MIN + h.rnd(10);
	case 1:
		return 64 * (1 + h.rnd(24)) + h.rnd(3) - (h.chance(50) ? 1 : 0);
	case 2:
		return SNIC_FRAME_MAX - h.rnd(130);
	case 3:
		return SNIC_FRAME_MIN;
	default:
		return SNIC_FRAME_MIN + h.rnd(1500);
	}
}

// Posts n frames to random queues as there is room, in bursts.
void traffic(TxHost &h, unsigned n, unsigned err_pct = 0)
{
	std::vector<unsigned> ids;
	uint64_t idle = 0;

	for (auto &e : h.queues)
		ids.push_back(e.first);
	while (n) {
		const unsigned qid = ids[h.rnd(ids.size())];
		TxQueue &q = h.queues[qid];
		unsigned burst = 1 + h.rnd(12);

		if (burst > n)
			burst = n;
		if (h.room(q) < burst) {
			h.step();
			CU_ASSERT_FATAL(idle++ < 2000000);
			continue;
		}
		n -= burst;
		while (burst--)
			h.post(q, any_len(h), h.chance(30) ? 64 : 0, h.chance(err_pct));
		h.ring(qid);
	}
}

// The same of frames in many buffers and with checksums; now and then a doorbell comes within a frame.
void chain_traffic(TxHost &h, unsigned n, unsigned err_pct)
{
	std::vector<unsigned> ids;
	uint64_t idle = 0;

	for (auto &e : h.queues)
		ids.push_back(e.first);
	while (n) {
		const unsigned qid = ids[h.rnd(ids.size())];
		TxQueue &q = h.queues[qid];
		const unsigned bufs = h.chance(50) ? 1 + h.rnd(3) : 1 + h.rnd(SNIC_TX_BUFS);

		if (h.room(q) < bufs) {
			h.ring(qid);
			CU_ASSERT_FATAL(idle++ < 2000000);
			continue;
		}
		n--;
		h.post_chain(q, any_len(h), bufs, h.chance(50), h.chance(err_pct));
		if (h.chance(30) && bufs > 1)
			h.doorbell(qid, q.tail - 1);
		if (h.chance(50))
			h.ring(qid);
	}
	for (auto &e : h.queues)
		h.ring(e.first);
}

void test_chains()
{
	static const unsigned mrrs[] = { 128, 256, 512, 1024, 4096 };

	for (unsigned i = 0; i < 10; i++) {
		TxHost h(cu_seed() * 32 + i + 60);

		h.p.mrrs = mrrs[i % 5];
		h.p.latency = h.rnd(100);
		h.p.jitter = 1 + h.rnd(200);
		h.p.any_order = true;
		h.p.split_pct = h.rnd(80);
		h.p.gap_pct = h.rnd(60);
		h.p.rd_pct = 20 + h.rnd(80);
		h.p.up_pct = 20 + h.rnd(80);
		h.p.hold = i % 2 ? h.rnd(3000) : 0;
		for (unsigned k = 0; k < 20; k++) {
			const unsigned func = i % 2 ? k * 12 : 5, qid = func * 8 + (i % 2 ? h.rnd(8) : k % 8);

			h.enable_func(func, true);
			if (!h.queues.count(qid))
				h.start(qid, 6 + h.rnd(3), h.chance(50));
		}
		chain_traffic(h, 600, i % 2 ? 10 : 0);
		CU_ASSERT_FATAL(h.settle(2000000));
		h.expect_all_done();
	}
}

// 60 B with a checksum, and in two buffers.
void test_rate_chains()
{
	for (unsigned bufs = 1; bufs < 3; bufs++) {
		TxHost h(cu_seed() + 90 + bufs);

		h.p.latency = 240;
		h.enable_func(5, true);
		TxQueue &q = h.start(40, 12);
		for (unsigned n = 0; n < 64; n++) // it has proven itself
			h.post(q, 60, 64);
		h.ring(40);
		CU_ASSERT(h.settle());
		for (unsigned n = 0; n < 1600; n++)
			h.post_chain(q, 60, bufs, bufs == 1);
		const uint64_t begin = h.now, commits = h.commits;
		h.ring(40);
		while (h.commits < commits + 1600 && h.now < begin + 100000)
			h.step();
		const double cycles = double(h.now - begin - 480) / 1600;
		printf("    60 B, %-26s %5.2f cycles a frame\n", bufs == 1 ? "checksum" : "two buffers",
		       cycles);
		CU_ASSERT(cycles < (bufs == 1 ? 2.69 : 6.5));
		CU_ASSERT(h.settle());
		h.expect_all_done();
	}
}

void test_one_frame()
{
	TxHost h(cu_seed() + 1);

	h.enable_func(3, true);
	TxQueue &q = h.start(3 * 8 + 5, 4, true);
	h.post(q, 60, 64);
	h.ring(3 * 8 + 5);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.commits, 1);
	CU_ASSERT_EQUAL(q.ints, 1);
	h.expect_all_done();
}

void test_sizes()
{
	TxHost h(cu_seed() + 2);

	h.enable_func(0, true);
	TxQueue &q = h.start(0, 4);
	for (unsigned len = SNIC_FRAME_MIN; len <= SNIC_FRAME_MAX; len += len < 200 ? 1 : 173)
		for (unsigned shift = 0; shift < 2; shift++) {
			while (!h.room(q))
				h.step();
			h.post(q, len, shift ? 64 : 0);
			h.ring(0);
		}
	h.post(q, SNIC_FRAME_MAX);
	h.ring(0);
	CU_ASSERT(h.settle());
	CU_ASSERT(h.rotated > 0);
	h.expect_all_done();
}

void test_random()
{
	static const unsigned mrrs[] = { 128, 256, 512, 1024, 4096 };

	for (unsigned i = 0; i < 10; i++) {
		TxProfile p;
		TxHost h(cu_seed() * 32 + i + 3);

		p.mrrs = mrrs[i % 5];
		p.latency = h.rnd(100);
		p.jitter = 1 + h.rnd(200);
		p.any_order = true;
		p.split_pct = h.rnd(80);
		p.gap_pct = h.rnd(60);
		p.rd_pct = 20 + h.rnd(80);
		p.drd_pct = 20 + h.rnd(80);
		p.up_pct = 20 + h.rnd(80);
		p.int_pct = 20 + h.rnd(80);
		p.hold = h.rnd(3000);
		h.p = p;
		for (unsigned k = 0; k < 20; k++) {
			// A frame that is dropped does not tell which queue of its function it was of.
			const unsigned func = i % 2 ? k * 12 : h.rnd(64) * 4, qid = func * 8 + h.rnd(8);

			h.enable_func(qid / 8, true);
			if (!h.queues.count(qid))
				h.start(qid, 4 + h.rnd(4), h.chance(50));
		}
		traffic(h, 800, i % 2 ? 10 : 0);
		CU_ASSERT(h.settle());
		CU_ASSERT_EQUAL(h.commits, 800);
		CU_ASSERT(h.overtakes > 0 && h.pieces > 0);
		CU_ASSERT((h.dropped > 0) == (i % 2 == 1));
		h.expect_all_done();
	}
}

// The ring's smallest size, and the free-running count going past 16 bits.
void test_wrap()
{
	TxHost h(cu_seed() + 4);
	const unsigned n = 66000;

	h.p.latency = 10;
	h.enable_func(7, true);
	TxQueue &q = h.start(7 * 8, 6);
	for (unsigned i = 0; i < n;) {
		unsigned burst = 1 + h.rnd(16);

		while (h.room(q) < burst)
			h.step();
		for (; burst && i < n; burst--, i++)
			h.post(q, 60, 64);
		h.ring(7 * 8);
	}
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(q.frames, n);
	CU_ASSERT_EQUAL(q.head, uint16_t(n));
	h.expect_all_done();
}

// Full packet buffer: the engine waits, nothing is lost.
void test_back_pressure()
{
	TxHost h(cu_seed() + 5);

	h.p.hold = 20000;
	h.p.any_order = true;
	h.p.jitter = 50;
	h.enable_func(1, true);
	TxQueue &q = h.start(8, 7);
	for (unsigned i = 0; i < 100; i++)
		h.post(q, SNIC_FRAME_MAX);
	h.ring(8);
	CU_ASSERT(h.settle(400000));
	h.expect_all_done();
}

void test_refused()
{
	TxHost h(cu_seed() + 6);

	h.enable_func(2, true);
	TxQueue &q = h.start(16, 5);
	h.doorbell(17, 3); // queue off
	h.doorbell(8, 3);  // function off
	h.doorbell(2047, 1);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.refused, 3);
	h.stop(16);
	h.post(q, 100);
	h.ring(16);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.refused, 4);
	CU_ASSERT_EQUAL(h.commits, 0);
	h.queues.erase(16);
	TxQueue &q2 = h.start(16, 5);
	h.enable_func(2, false);
	h.post(q2, 100);
	h.ring(16);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.refused, 5);
	h.enable_func(2, true);
	h.ring(16);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.refused, 5);
	CU_ASSERT_EQUAL(h.commits, 1);
	h.expect_all_done();
}

// Enabling anew starts at descriptor 0, also while the old ring's frames are still on their way.
void test_restart()
{
	TxHost h(cu_seed() + 7);

	h.lenient = true;
	h.p.latency = 100;
	h.p.jitter = 200;
	h.p.any_order = true;
	h.enable_func(4, true);
	for (unsigned i = 0; i < 60; i++) {
		TxQueue &q = h.start(4 * 8 + 1, 4 + h.rnd(3), h.chance(50));
		const unsigned n = 1 + h.rnd(16);

		for (unsigned k = 0; k < n; k++)
			h.post(q, 60 + h.rnd(300));
		h.ring(4 * 8 + 1);
		for (unsigned wait = h.rnd(i % 3 == 0 ? 10 : 900); wait; wait--)
			h.step();
		if (i % 7 == 6) {
			CU_ASSERT(h.settle());
			CU_ASSERT_EQUAL(q.head, q.tail);
		}
		h.stop(4 * 8 + 1);
	}
	CU_ASSERT(h.settle());
	TxQueue &q = h.start(4 * 8 + 1, 5);
	for (unsigned k = 0; k < 20; k++)
		h.post(q, 90);
	h.ring(4 * 8 + 1);
	CU_ASSERT(h.settle());
	h.expect_all_done();
}

// A doorbell for the old ring does not count for the new one.
void test_restart_forgets_doorbell()
{
	TxHost h(cu_seed() + 8);

	h.enable_func(4, true);
	TxQueue &q = h.start(32, 4);
	h.post(q, 70);
	h.ring(32);
	CU_ASSERT(h.settle());
	h.stop(32);
	h.start(32, 4);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.commits, 1);
	CU_ASSERT_EQUAL(h.write_backs, 1);
}

// A queue is stopped in the middle of traffic and asked until it is not busy: from then on nothing of it is read, sent or
// written, whatever the others do.
void test_stop_drains()
{
	unsigned waited = 0;

	for (unsigned i = 0; i < 30; i++) {
		TxHost h(cu_seed() * 64 + 100 + i);
		const unsigned qid = 11 * 8 + 3;

		h.lenient = true;
		h.p.latency = h.rnd(400);
		h.p.jitter = 1 + h.rnd(300);
		h.p.any_order = true;
		h.p.up_pct = 30 + h.rnd(71);
		h.p.int_pct = 10 + h.rnd(91);
		for (unsigned k = 0; k < 4; k++) {
			const unsigned f = k ? 10 + k : 11, id = k ? f * 8 + 3 : qid;

			h.enable_func(f, true);
			TxQueue &q = h.start(id, 6, true);
			for (unsigned n = 0; n < 60; n++)
				h.post(q, 60 + h.rnd(i % 3 ? 400 : 3000));
			h.ring(id);
		}
		for (unsigned wait = h.rnd(1200); wait; wait--)
			h.step();
		h.stop(qid);
		h.queues[qid].stopped = true;
		unsigned k = 0;
		for (; h.busy(qid); k++)
			CU_ASSERT_FATAL(k < 20000);
		waited += k > 1;
		// Not even a line that was here already is worked off.
		CU_ASSERT(k < 1500);
		const TxQueue &q = h.queues[qid];
		const uint64_t frames = q.frames;
		h.gone = qid;
		CU_ASSERT(!h.busy(12 * 8 + 1));
		CU_ASSERT(h.settle());
		CU_ASSERT_EQUAL(q.frames, frames);
		CU_ASSERT(!h.busy(qid));
		h.gone = 2048;
		h.queues.erase(qid);
		TxQueue &again = h.start(qid, 5);
		h.post(again, 77);
		h.ring(qid);
		CU_ASSERT(h.settle());
		h.expect_all_done();
	}
	CU_ASSERT(waited > 15);
}

// A frame that is here and waits for room in the packet buffer: not sent any more when its queue is switched off.
void test_stop_while_full()
{
	TxHost h(cu_seed() + 21);

	h.lenient = true;
	h.p.hold = 20000;
	h.enable_func(1, true);
	h.enable_func(2, true);
	TxQueue &first = h.start(8, 6);
	for (unsigned n = 0; n < TxHost::kCells / 145; n++)
		h.post(first, SNIC_FRAME_MAX);
	h.ring(8);
	while (h.commits < TxHost::kCells / 145)
		h.step();
	TxQueue &q = h.start(16, 4);
	h.post(q, 100);
	h.ring(16);
	for (unsigned n = 0; n < 2000; n++)
		h.step();
	CU_ASSERT_EQUAL(q.frames, 0);
	h.stop(16);
	CU_ASSERT(h.settle(100000));
	CU_ASSERT_EQUAL(q.frames, 0);
	CU_ASSERT_EQUAL(h.dropped, 1);
}

// A port that is slower than memory: what is read has a place in the packet buffer and is written back; the rest waits in its
// ring, not between the two.
void test_read_for_a_place()
{
	TxHost h(cu_seed() + 23);

	h.enable_func(1, true);
	TxQueue &q = h.start(8, 12);
	h.post(q, 60, 64);
	h.ring(8);
	CU_ASSERT(h.settle()); // it is known to be in time
	h.p.hold = 100000;
	for (unsigned n = 0; n < 4000; n++)
		h.post(q, 60, 64);
	h.ring(8);
	for (unsigned n = 0; n < 20000; n++)
		h.step();
	CU_ASSERT_EQUAL(h.reads, uint64_t(1 + TxHost::kSlots));
	CU_ASSERT_EQUAL(h.commits, h.reads);
	CU_ASSERT(uint64_t(q.head) + 4 > h.reads);
	CU_ASSERT(h.settle(300000));
	h.expect_all_done();
}

// A queue that is enabled so often that its epochs come round finds nothing of what it left behind: not that it was
// stopped, nor a count of descriptors, nor a tail, nor errors. (Epochs are short here: see rtl_tests.mk.)
void test_epochs_come_round()
{
	TxHost h(cu_seed() + 22);

	h.enable_func(9, true);
	TxQueue &q = h.start(72, 4);
	h.post(q, 60, 64, true); // an error to be counted
	h.ring(72);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(q.errs, 1);
	h.post_raw(q, 0, 1 << 16 | 59);
	h.ring(72);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(q.status, SNIC_QSTAT_BAD_DESC);
	for (unsigned i = 1; i <= 3 * (1u << kEpochW); i++) {
		h.stop(72);
		TxQueue &again = h.start(72, 4, false, i > 1);
		if (i % (1u << kEpochW))
			continue;
		const uint64_t commits = h.commits;
		CU_ASSERT(h.settle()); // without a doorbell there is nothing to do
		CU_ASSERT_EQUAL(h.commits, commits);
		h.post(again, 77, 0, i == 2u << kEpochW);
		h.ring(72);
		CU_ASSERT(h.settle());
		CU_ASSERT_EQUAL(again.frames, 1);
		h.expect_all_done();
	}
}

// Lines that come to nothing give back what they were counted ahead for: else the scheduler stops for all.
void test_dead_lines()
{
	TxHost h(cu_seed() + 23);
	unsigned lines = 0;

	h.p.latency = 200;
	h.enable_func(9, true);
	h.enable_func(4, true);
	TxQueue &other = h.start(32, 6);
	for (unsigned i = 0; i < 12; i++) {
		for (unsigned k = 0; k < 8; k++) {
			TxQueue &q = h.start(72 + k, 4 + k % 2);

			while (h.room(q))
				h.post_raw(q, 0, uint64_t(1) << 16 | (i % 2 ? 59 : 9000 << 8));
			h.ring(72 + k);
			lines += h.room(q) ? 0 : (1u << q.log2) / 4;
		}
		for (unsigned wait = i % 3 ? h.rnd(1000) : 3000; wait; wait--)
			h.step();
		for (unsigned k = 0; k < 8; k++)
			h.stop(72 + k);
		CU_ASSERT(h.settle());
	}
	CU_ASSERT(lines > 200);
	for (unsigned k = 0; k < 8; k++)
		h.queues.erase(72 + k);
	for (unsigned n = 0; n < 64; n++)
		h.post(other, 1514);
	h.ring(32);
	CU_ASSERT(h.settle());
	h.expect_all_done();
}

void bad_descriptor(uint64_t hi, uint64_t lo, unsigned before, unsigned want)
{
	TxHost h(cu_seed() + 9 + before);

	h.p.latency = 60;
	h.p.jitter = 40;
	h.p.any_order = true;
	h.enable_func(9, true);
	TxQueue &other = h.start(9 * 8 + 1, 5);
	TxQueue &q = h.start(9 * 8, 5, true);
	for (unsigned i = 0; i < before; i++)
		h.post(q, 64 + i);
	h.post_raw(q, lo, hi);
	const uint16_t good = before;
	while (q.tail < 30)
		h.post_raw(q, 0, uint64_t(1) << 16 | 64);
	for (unsigned i = 0; i < 20; i++)
		h.post(other, 200);
	h.ring(9 * 8);
	h.ring(9 * 8 + 1);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(q.status, want);
	CU_ASSERT_EQUAL(q.head, good);
	CU_ASSERT_EQUAL(q.frames, before);
	CU_ASSERT_EQUAL(other.head, 20);
	CU_ASSERT_EQUAL(h.qerrs, 1);
	CU_ASSERT_EQUAL(h.bad_descs, want == SNIC_QSTAT_BAD_DESC);
	// stays stopped
	h.ring(9 * 8);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.commits, before + 20);
	// and runs again when it is enabled again
	h.stop(9 * 8);
	TxQueue &again = h.start(9 * 8, 5);
	h.post(again, 77);
	h.ring(9 * 8);
	CU_ASSERT(h.settle());
	h.expect_all_done();
}

void test_bad_descriptors()
{
	const uint64_t eop = 1ull << 16;

	for (unsigned before = 0; before < 10; before += 3) {
		bad_descriptor(0, 0, before, SNIC_QSTAT_BAD_DESC); // no bytes
		bad_descriptor(SNIC_FRAME_MAX + 1, 0, before, SNIC_QSTAT_BAD_DESC);
		bad_descriptor(eop | (SNIC_FRAME_MIN - 1), 0, before, SNIC_QSTAT_BAD_DESC);
		bad_descriptor(eop | (SNIC_FRAME_MAX + 1), 0, before, SNIC_QSTAT_BAD_DESC);
		bad_descriptor(eop | 64 | 1 << 14, 0, before, SNIC_QSTAT_BAD_DESC);
		bad_descriptor(eop | 64 | 1 << 15, 0, before, SNIC_QSTAT_BAD_DESC);
		bad_descriptor(eop | 64 | 1 << 17, 0, before, SNIC_QSTAT_BAD_DESC);
		bad_descriptor(eop | 64 | 1ull << 63, 0, before, SNIC_QSTAT_BAD_DESC);
		bad_descriptor(eop | 64 | 1ull << 48, 0, before, SNIC_QSTAT_BAD_DESC); // TO: not the PF
		bad_descriptor(eop | 64 | 1ull << 58, 0, before, SNIC_QSTAT_BAD_DESC); // DST without TO
	}
}

void test_bad_tail()
{
	TxHost h(cu_seed() + 20);

	h.enable_func(9, true);
	TxQueue &q = h.start(72, 4);
	for (unsigned i = 0; i < 3; i++)
		h.post(q, 100);
	h.ring(72);
	CU_ASSERT(h.settle());
	h.doorbell(72, 3 + 17);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(q.status, SNIC_QSTAT_BAD_TAIL);
	CU_ASSERT_EQUAL(q.head, 3);
	CU_ASSERT_EQUAL(h.qerrs, 1);
	CU_ASSERT_EQUAL(h.bad_descs, 0);
	h.doorbell(72, 4);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.commits, 3);
}

// The ring itself cannot be read.
void test_descriptor_read_error()
{
	TxHost h(cu_seed() + 21);

	h.enable_func(9, true);
	TxQueue &q = h.start(72, 4, true);
	h.reg(72, 4, 4);
	h.reg(72, 1, (q.base | TxHost::kBroken) >> 32);
	h.reg(72, 4, 1u << 31 | q.vec << 8 | 1 << 12 | 4);
	h.doorbell(72, 6);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(q.status, SNIC_QSTAT_DMA_ERR);
	CU_ASSERT_EQUAL(q.head, 0);
	CU_ASSERT_EQUAL(q.ints, 1);
	CU_ASSERT_EQUAL(h.commits, 0);
}

// Function reset in the middle of traffic: after it nothing of that function is seen, and the others go on.
void test_flush()
{
	for (unsigned i = 0; i < 25; i++) {
		TxHost h(cu_seed() * 64 + 30 + i);

		h.p.latency = h.rnd(300);
		h.p.jitter = 1 + h.rnd(200);
		h.p.any_order = true;
		h.p.split_pct = 20;
		h.p.up_pct = 30 + h.rnd(71);
		h.p.int_pct = 10 + h.rnd(91);
		for (unsigned f = 10; f < 13; f++) {
			h.enable_func(f, true);
			for (unsigned k = 0; k < 8; k++) {
				TxQueue &q = h.start(f * 8 + k, 6, true);

				for (unsigned n = 0; n < 50; n++)
					h.post(q, 60 + h.rnd(400));
				h.ring(f * 8 + k);
			}
		}
		for (unsigned wait = h.rnd(1500); wait; wait--)
			h.step();
		h.enable_func(11, false);
		CU_ASSERT(h.flush(11));
		for (unsigned k = 0; k < 8; k++) {
			CU_ASSERT_EQUAL(h.queues[88 + k].head, h.queues[88 + k].done);
			CU_ASSERT_EQUAL(h.queues[88 + k].int_owed, 0);
			h.queues.erase(88 + k);
		}
		h.forbidden = 11;
		CU_ASSERT(h.settle());
		h.enable_func(11, true);
		h.doorbell(88, 60);
		CU_ASSERT(h.settle());
		CU_ASSERT_EQUAL(h.refused, 1);
		h.forbidden = 256;
		TxQueue &q = h.start(88, 5, true);
		for (unsigned n = 0; n < 30; n++)
			h.post(q, 61);
		h.ring(88);
		CU_ASSERT(h.settle());
		h.expect_all_done();
	}
}

// A doorbell every cycle to all queues there are: none is forgotten.
void test_doorbell_storm()
{
	TxHost h(cu_seed() + 40);

	h.p.latency = 200;
	for (unsigned f = 0; f < 256; f++)
		h.enable_func(f, true);
	for (unsigned qid = 0; qid < 2048; qid++)
		h.post(h.start(qid, 4), 60, 64);
	for (unsigned qid = 0; qid < 2048; qid++)
		h.ring(qid);
	for (auto &e : h.queues)
		h.post(e.second, 60, 64);
	for (unsigned i = 0; i < 3; i++)
		for (unsigned qid = 0; qid < 2048; qid++)
			h.ring((qid * 37) & 2047);
	CU_ASSERT(h.settle());
	CU_ASSERT_EQUAL(h.commits, 4096);
	h.expect_all_done();
}

// Keeps queue 0 of function 0, 1, ... full with frames of lens[0], lens[1], ... (0: none).
void keep_full(TxHost &h, const std::vector<unsigned> &lens, unsigned align, unsigned cycles)
{
	const uint64_t end = h.now + cycles;
	unsigned f = 0;

	while (h.now < end) {
		TxQueue &q = h.queues[f * 8];

		if (lens[f] && h.room(q) >= 8) {
			while (h.room(q))
				h.post(q, lens[f], align);
			h.ring(f * 8);
		} else {
			h.step();
		}
		f = f + 1 < lens.size() ? f + 1 : 0;
	}
}

void start_all(TxHost &h, unsigned funcs, unsigned log2)
{
	for (unsigned f = 0; f < funcs; f++) {
		h.enable_func(f, true);
		h.start(f * 8, log2);
	}
}

struct Rate {
	double frames, bytes; // a cycle
	std::vector<uint64_t> by_func;
};

// What was sent while keep_full() ran.
Rate measure(TxHost &h, const std::vector<unsigned> &lens, unsigned align, unsigned cycles)
{
	std::vector<uint64_t> start(lens.size());
	const uint64_t frames = h.commits;
	Rate r = {};

	for (unsigned i = 0; i < lens.size(); i++)
		start[i] = h.queues[i * 8].bytes;
	keep_full(h, lens, align, cycles);
	r.frames = double(h.commits - frames) / cycles;
	for (unsigned i = 0; i < lens.size(); i++) {
		r.by_func.push_back(h.queues[i * 8].bytes - start[i]);
		r.bytes += double(r.by_func[i]) / cycles;
	}
	return r;
}

void rate(const char *what, unsigned funcs, unsigned len, unsigned align, unsigned latency, unsigned jitter,
	  unsigned mrrs, double frames)
{
	TxHost h(cu_seed() + 50);

	h.p.latency = latency;
	h.p.jitter = jitter;
	h.p.any_order = jitter != 0;
	h.p.mrrs = mrrs;
	const std::vector<unsigned> lens(funcs, len);
	start_all(h, funcs, funcs == 1 ? 10 : 5);
	keep_full(h, lens, align, 15000);
	const Rate r = measure(h, lens, align, 20000);
	printf("    %-30s %5.2f cycles a frame, %6.2f B a cycle, %3u tags\n", what, 1 / r.frames, r.bytes,
	       h.most_tags);
	CU_ASSERT(r.frames >= frames);
	CU_ASSERT(h.settle());
	h.expect_all_done();
}

void test_rate_64()
{
	rate("1 queue, 240 cycles", 1, 60, 64, 240, 0, 512, 0.5);
	rate("1 queue, 360 cycles", 1, 60, 64, 360, 0, 512, 0.5);
	rate("255 functions, 360 cycles", 255, 60, 64, 360, 0, 512, 0.5);
	rate("1 queue, unaligned", 1, 60, 0, 300, 0, 512, 0.5);
	rate("255 functions, 240..360", 255, 60, 64, 240, 120, 512, 0.5);
}

// The completion bus carries 64 B a cycle, and of an unaligned read a beat less than full at each end.
void test_rate_jumbo()
{
	rate("jumbo aligned", 1, 9216, 64, 360, 0, 512, 1.0 / (9216.0 / 64 * 2.05));
	rate("jumbo unaligned", 1, 9216, 0, 360, 0, 512, 1.0 / (9216.0 / 64 * 2.05));
	rate("jumbo unaligned, MRRS 128", 1, 9216, 0, 360, 0, 128, 1.0 / (9216.0 / 64 * 2.05));
	rate("1514 unaligned, 255 functions", 255, 1514, 0, 360, 0, 512, 1.0 / (24 * 2.05));
}

// Doorbells that bring nothing, of 32 functions in turn and as fast as they can come, cost a function that sends
// next to nothing.
void test_idle_doorbells()
{
	TxHost h(cu_seed() + 62);

	h.p.latency = 240;
	start_all(h, 33, 10);
	for (unsigned f = 1; f < 33; f++) {
		h.post(h.queues[f * 8], 60, 64);
		h.ring(f * 8);
	}
	const std::vector<unsigned> lens = { 60 };
	keep_full(h, lens, 64, 15000);
	const Rate alone = measure(h, lens, 64, 15000);
	h.storm = 32;
	const Rate beside = measure(h, lens, 64, 15000);
	h.storm = 0;
	printf("    alone %.2f cycles a frame, beside 32 that ring %.2f\n", 1 / alone.frames,
	       1 / beside.frames);
	CU_ASSERT(beside.frames >= 0.95 * alone.frames);
	CU_ASSERT(h.settle());
	h.expect_all_done();
}

// A function whose memory is slow holds up what is worked off in order. It pays for that: another one keeps what it
// has beside a fast one. When its memory is fast again it has its share soon.
void test_slow_memory(unsigned len, unsigned slow_latency)
{
	TxHost h(cu_seed() + 63);
	const std::vector<unsigned> lens = { len, len };

	h.p.latency = 240;
	h.p.gap_pct = 50; // the link is the bottleneck
	start_all(h, 2, 10);
	keep_full(h, lens, 64, 20000);
	const Rate fair = measure(h, lens, 64, 20000);
	h.slow = 1;
	h.slow_latency = slow_latency;
	keep_full(h, lens, 64, 20 * slow_latency);
	const Rate slow = measure(h, lens, 64, 100 * slow_latency);
	const double share =
		double(slow.by_func[0]) / (100 * slow_latency) / (double(fair.by_func[0]) / 20000);
	printf("    %4u B, memory of %u cycles: the other one has %.1f %% of its share\n", len, slow_latency,
	       100 * share);
	CU_ASSERT(share >= 0.95);
	CU_ASSERT(slow.by_func[1] > 0);
	h.slow = 256;
	keep_full(h, lens, 64, 60 * slow_latency);
	const Rate again = measure(h, lens, 64, 20000);
	CU_ASSERT(double(again.by_func[1]) > 0.95 * double(fair.by_func[1]));
	CU_ASSERT(h.settle());
	h.expect_all_done();
}

void test_slow_memory_of_one()
{
	test_slow_memory(60, 2000);
	test_slow_memory(1514, 2000);
}

// Reads of some functions are never answered: of all of them, or each so manyth. The victim neither waits nor loses, and
// when the reads are given up the others go on, too.
void lost_reads(unsigned attackers, unsigned every, unsigned len, double floor)
{
	TxHost h(cu_seed() + 64 + attackers);
	std::vector<unsigned> lens(attackers + 1, len);

	h.p.latency = 240;
	start_all(h, attackers + 1, 7);
	lens[0] = 60;
	const std::vector<unsigned> victim = { 60 };
	keep_full(h, victim, 64, 10000);
	const Rate alone = measure(h, victim, 64, 10000);
	h.lost_first = 1;
	h.lost_n = attackers;
	h.lost_every = every;
	keep_full(h, lens, 64, 10000);
	const Rate beside = measure(h, lens, 64, 20000);
	const double fair = alone.frames / (attackers + 1), is = double(beside.by_func[0]) / 60 / 20000;
	printf("    %3u lose 1 of %u of %4u B: victim %.3f frames a cycle, fair %.3f\n", attackers, every,
	       len, is, fair);
	CU_ASSERT(is >= floor * fair);
	h.lost_every = 0;
	while (h.give_up())
		h.step();
	CU_ASSERT(h.settle(2000000));
	TxQueue &q = h.queues[0];
	CU_ASSERT(q.due.empty());
	CU_ASSERT_EQUAL(q.head, q.tail);
	CU_ASSERT_EQUAL(q.dropped, 0);
}

void test_lost_reads()
{
	lost_reads(1, 1, 60, 0.95);
	lost_reads(1, 8, 60, 0.95);
	lost_reads(1, 8, 1514, 0.95);
	lost_reads(1, 8, 9216, 0.95);
	lost_reads(8, 1, 60, 0.95);
	lost_reads(8, 8, 60, 0.95);
	lost_reads(8, 8, 1514, 0.95);
	lost_reads(250, 1, 60, 0.95);
	lost_reads(250, 8, 60, 0.95);
}

void test_fairness()
{
	std::vector<unsigned> lens = { 60, 1514, 9216, 300 };
	TxHost h(cu_seed() + 60);
	uint64_t least = ~0ull, most = 0;

	h.p.latency = 200;
	h.p.gap_pct = 50; // the link is the bottleneck
	start_all(h, lens.size(), 9);
	keep_full(h, lens, 64, 100000);
	const Rate r = measure(h, lens, 64, 100000);
	for (unsigned f = 0; f < lens.size(); f++) {
		printf("    frames of %4u B: %8llu B\n", lens[f], (unsigned long long)r.by_func[f]);
		least = r.by_func[f] < least ? r.by_func[f] : least;
		most = r.by_func[f] > most ? r.by_func[f] : most;
	}
	CU_ASSERT(double(least) > 0.93 * double(most));
	CU_ASSERT(h.settle());
	h.expect_all_done();
}

// A newcomer among long frames waits for little more than what is in the packet buffer, and a function that
// had the wire for itself, with short frames where long ones were expected, has saved nothing up.
void test_fairness_newcomer()
{
	TxHost h(cu_seed() + 61);

	h.p.latency = 350;
	h.p.gap_pct = 50;
	start_all(h, 3, 11);
	h.stop(0);
	h.start(0, 6);
	keep_full(h, { 9216, 0, 0 }, 64, 20000);
	keep_full(h, { 9216, 60, 0 }, 64, 8000); // its first frame, behind what is under way
	Rate r = measure(h, { 9216, 60, 0 }, 64, 40000);
	printf("    long %llu B, newcomer %llu B\n", (unsigned long long)r.by_func[0],
	       (unsigned long long)r.by_func[1]);
	CU_ASSERT(double(r.by_func[1]) > 0.7 * double(r.by_func[0]));
	CU_ASSERT(h.settle());
	h.stop(0);
	h.start(0, 11);
	keep_full(h, { 60, 0, 0 }, 64, 5000);
	r = measure(h, { 60, 0, 1514 }, 64, 40000);
	printf("    short %llu B, newcomer %llu B\n", (unsigned long long)r.by_func[0],
	       (unsigned long long)r.by_func[2]);
	CU_ASSERT(double(r.by_func[2]) > 0.7 * double(r.by_func[0]));
	CU_ASSERT(h.settle());
	h.expect_all_done();
}

} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "tx_engine", "one_frame", test_one_frame },
		{ "tx_engine", "sizes_and_alignments", test_sizes },
		{ "tx_engine", "random", test_random },
		{ "tx_engine", "chains", test_chains },
		{ "tx_engine", "rate_chains", test_rate_chains },
		{ "tx_engine", "count_wraps", test_wrap },
		{ "tx_engine", "buffer_full", test_back_pressure },
		{ "tx_engine", "doorbell_refused", test_refused },
		{ "tx_engine", "restart", test_restart },
		{ "tx_engine", "restart_forgets_doorbell", test_restart_forgets_doorbell },
		{ "tx_engine", "stop_drains", test_stop_drains },
		{ "tx_engine", "stop_while_full", test_stop_while_full },
		{ "tx_engine", "read_for_a_place", test_read_for_a_place },
		{ "tx_engine", "epochs_come_round", test_epochs_come_round },
		{ "tx_engine", "dead_lines", test_dead_lines },
		{ "tx_engine", "bad_descriptors", test_bad_descriptors },
		{ "tx_engine", "bad_tail", test_bad_tail },
		{ "tx_engine", "descriptor_read_error", test_descriptor_read_error },
		{ "tx_engine", "flush_in_flight", test_flush },
		{ "tx_engine", "doorbell_storm", test_doorbell_storm },
		{ "tx_engine", "rate_64", test_rate_64 },
		{ "tx_engine", "rate_jumbo", test_rate_jumbo },
		{ "tx_engine", "idle_doorbells", test_idle_doorbells },
		{ "tx_engine", "slow_memory_of_one", test_slow_memory_of_one },
		{ "tx_engine", "lost_reads", test_lost_reads },
		{ "tx_engine", "fairness", test_fairness },
		{ "tx_engine", "fairness_newcomer", test_fairness_newcomer },
		{ nullptr, nullptr, nullptr },
	};

	Verilated::randReset(2);
	return cu_main(argc, argv, tests);
}
