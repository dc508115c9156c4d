/* SPDX-License-Identifier: BSD-2-Clause */
/* What a PCIe link carries: the rate that is left for TLPs, and how many bytes each TLP takes of it. */
#ifndef SNIC_PCIE_RATE_H
#define SNIC_PCIE_RATE_H

#include <cstdint>

/* Bytes beside the payload: framing 2, sequence number 2, LCRC 4, and a header of 16 (64-bit address) or 12.
 */
constexpr uint32_t kMwrOverhead = 24;
constexpr uint32_t kMrdBytes = 24;
constexpr uint32_t kCplOverhead = 20;
constexpr uint32_t kMsiBytes = 28;   /* an MWr of one dword */
constexpr uint32_t kCfgWrBytes = 24; /* 3 dword header, one dword */

/* Picoseconds that a byte of a TLP takes, times 2^32, with DLLPs (Ack, UpdateFC) and SKP ordered sets taken
 * off. */
uint64_t pcie_ps_per_byte_q32(uint32_t gen, uint32_t lanes, uint32_t mps);

/* Ack (and UpdateFC) transmission latency limit, symbol times. */
uint32_t pcie_ack_symbols(uint32_t gen, uint32_t lanes, uint32_t mps);

/* Payload as it is sent: whole dwords, counted from the dword that holds the first byte. */
inline uint32_t pcie_dword_bytes(uint64_t addr, uint32_t len)
{
	return ((addr & 3) + len + 3) & ~3u;
}

/* One direction of the link: who sends when. */
class PcieLane {
public:
	explicit PcieLane(uint64_t ps_per_byte_q32) : rate_(ps_per_byte_q32) {}

	void set_rate(uint64_t ps_per_byte_q32) { rate_ = ps_per_byte_q32; }
	uint64_t free() const { return free_; }
	uint64_t bytes() const { return bytes_; }
	uint64_t busy_ps() const { return busy_; }

	/* Send bytes from start_ps on, which is not before free(); the time of the last bit. */
	uint64_t send(uint64_t start_ps, uint32_t bytes)
	{
		/* Back to back the fraction of a picosecond is carried, so that a long run keeps the exact
		 * rate. */
		uint64_t q32 = bytes * rate_ + (start_ps == free_ ? frac_ : 0);

		frac_ = static_cast<uint32_t>(q32);
		free_ = start_ps + (q32 >> 32);
		bytes_ += bytes;
		busy_ += free_ - start_ps;
		return free_;
	}

private:
	uint64_t rate_;
	uint64_t free_ = 0;
	uint32_t frac_ = 0;
	uint64_t bytes_ = 0, busy_ = 0;
};

#endif
