/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * PCIe arithmetic: Neugebauer et al., Understanding PCIe performance for end host networking, SIGCOMM
 * 2018.
 */
#ifndef TIMING_PCIE_H
#define TIMING_PCIE_H

#include <cstdint>

#include "params.h"

namespace timing {

/*
 * Picoseconds that a byte of TLP takes on one direction of the link, DLLPs accounted for. 0: no such
 * link.
 */
double pcie_ps_per_byte(unsigned gen, unsigned lanes, unsigned mps);

/* Bytes on the link, and beats of the last TLP. */
struct Load {
	unsigned bytes, last_beats;
};

inline unsigned beats(unsigned len)
{
	return len ? (len + BeatBytes - 1) / BeatBytes : 1;
}

/* Data travels in whole dwords. */
inline unsigned dwords(unsigned bytes)
{
	return (bytes + 3) / 4 * 4;
}

/* How much of a write at addr goes into its first TLP: MPS, or less where a 4 KiB page ends. */
unsigned write_piece(uint64_t addr, unsigned len, unsigned mps);
/* How much of a read at addr goes into its first request: it ends at a multiple of MRRS. */
unsigned read_piece(uint64_t addr, unsigned len, unsigned mrrs);
/* The answer to a request: its first TLP ends at a read completion boundary, the others hold MPS. */
Load completions(uint64_t addr, unsigned len, unsigned mps, unsigned rcb);

} // namespace timing

#endif
