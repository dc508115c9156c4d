/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The three packet buffers as a reader of frames sees them: a grant when the buffer feels like it, the data
 * in the next cycle and in no other.
 */
#ifndef BUF_MODEL_H
#define BUF_MODEL_H

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "cu_main.h"
#include "verilated.h"

constexpr unsigned kBufCells = 4096, kBufSlots = 2048;

struct BufFrame {
	unsigned buf, slot, cell, len;
	std::vector<uint8_t> data;
};

// pkt_ref_t: buf_id[38:37] slot[36:26] cell[25:14] len[13:0]
inline uint64_t pkt_ref(const BufFrame &f)
{
	return uint64_t(f.buf) << 37 | uint64_t(f.slot) << 26 | uint64_t(f.cell) << 14 | f.len;
}

class BufModel {
public:
	explicit BufModel(uint64_t *rng) : rng_(rng)
	{
		for (auto &m : mem_)
			m.resize(kBufCells * 64);
	}

	// A frame of random bytes in the next free cells; what stands behind its end in the last cell is
	// random as well.
	BufFrame make(unsigned buf, unsigned len)
	{
		BufFrame f = { buf, next_slot_[buf]++ % kBufSlots, next_cell_[buf], len, {} };
		unsigned cells = (len + 63) / 64;

		for (unsigned i = 0; i < cells * 64; i++) {
			uint8_t x = uint8_t(cu_rand(rng_) >> 40);
			mem_[buf][(f.cell * 64 + i) % (kBufCells * 64)] = x;
			if (i < len)
				f.data.push_back(x);
		}
		next_cell_[buf] = (f.cell + cells) % kBufCells;
		return f;
	}

	// Before the clock edge, with the reader's requests: the grants of this cycle.
	unsigned grant(unsigned req, unsigned stall_percent)
	{
		return cu_rand(rng_) % 100 < stall_percent ? 0 : req;
	}

	// The data of the grant before; noise when there was none.
	void data(VlWide<16> *const out[3])
	{
		for (unsigned b = 0; b < 3; b++) {
			if (pending_ && pend_buf_ == b)
				memcpy(out[b]->data(), &mem_[b][pend_cell_ * 64], 64);
			else if (noise_)
				(*out[b])[cu_rand(rng_) % 16] = unsigned(cu_rand(rng_));
		}
	}
	void quiet() { noise_ = false; } // rate tests: no noise

	void clock(unsigned gnt, unsigned cell)
	{
		pending_ = gnt != 0;
		pend_buf_ = gnt & 1 ? 0 : gnt & 2 ? 1 : 2;
		pend_cell_ = cell;
		if (gnt)
			reads++;
	}

	unsigned long reads = 0;

private:
	uint64_t *rng_;
	std::vector<uint8_t> mem_[3];
	unsigned next_slot_[3] = { 7, 2040, 0 }, next_cell_[3] = { 4000, 11, 4095 };
	bool pending_ = false, noise_ = true;
	unsigned pend_buf_ = 0, pend_cell_ = 0;
};

#endif
