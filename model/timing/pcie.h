/* SPDX-License-Identifier: BSD-2-Clause */
/* PCIe arithmetic after Neugebauer et al., "Understanding PCIe performance for end host networking", SIGCOMM 2018. */
#ifndef TIMING_PCIE_H
#define TIMING_PCIE_H

#include <cstdint>

#include "params.h"

namespace timing {

/* Picoseconds that a byte of TLP takes on one direction of the link, DLLPs accounted for. 0: no such link. */
double pcie_ps_per_byte(unsigned gen, unsigned lanes);

/* Data of a TLP travels in whole dwords. */
inline unsigned dwords(unsigned bytes)
{
	return (bytes + 3) / 4 * 4;
}

/* Bytes on the link of `len` bytes written in pieces of at most mps, and the number of pieces. */
inline unsigned write_bytes(unsigned len, unsigned mps)
{
	return dwords(len) + (len + mps - 1) / mps * TlpOverheadReq;
}

/* Pieces in which a read is asked for, and bytes of the answer (completions of at most mps). */
inline unsigned read_pieces(unsigned len, unsigned mrrs)
{
	return (len + mrrs - 1) / mrrs;
}

inline unsigned completion_bytes(unsigned len, unsigned mps)
{
	return dwords(len) + (len + mps - 1) / mps * TlpOverheadCpl;
}

inline unsigned beats(unsigned len)
{
	return len ? (len + BeatBytes - 1) / BeatBytes : 1;
}

} // namespace timing

#endif
