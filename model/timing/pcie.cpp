/* SPDX-License-Identifier: BSD-2-Clause */
#include "pcie.h"

#include <algorithm>

namespace timing {

/*
 * Limit of the Ack and UpdateFC latency in symbol times, PCIe 3.0 tables 3-7 and 2-35: (MPS + TLP
 * overhead 28) x factor / lanes + internal delay. Gen4 and Gen5 keep the delay of 8 GT/s, as
 * Neugebauer does.
 */
static unsigned ack_symbols(unsigned gen, unsigned lanes, unsigned mps)
{
	const unsigned delay = gen == 1 ? 19 : gen == 2 ? 70 : 115;
	unsigned tenths;

	if (mps <= 256)
		tenths = lanes <= 4 ? 14 : lanes <= 8 ? 25 : 30;
	else
		tenths = lanes <= 8 ? 10 : 20;
	return (mps + 28) * tenths / (10 * lanes) + delay;
}

double pcie_ps_per_byte(unsigned gen, unsigned lanes, unsigned mps)
{
	static const double gts[] = { 0, 2.5, 5, 8, 16, 32 };

	if (gen < 1 || gen > 5 || lanes < 1 || lanes > 16 || lanes & (lanes - 1))
		return 0;
	const double encoding = gen < 3 ? 8.0 / 10 : 128.0 / 130, ack = ack_symbols(gen, lanes, mps);
	/* an 8 B DLLP for each Ack and each FC, and a 4 B SKP ordered set in 1538 symbols */
	const double usable = gts[gen] * encoding * lanes * (1 - 8 / ack - 8 / ack - 4.0 / 1538);

	return 8e3 / usable;
}

unsigned write_piece(uint64_t addr, unsigned len, unsigned mps)
{
	return std::min({ len, mps, static_cast<unsigned>(PageBytes - addr % PageBytes) });
}

unsigned read_piece(uint64_t addr, unsigned len, unsigned mrrs)
{
	return std::min(len, static_cast<unsigned>(mrrs - addr % mrrs));
}

Load completions(uint64_t addr, unsigned len, unsigned mps, unsigned rcb)
{
	Load l = { 0, 0 };

	while (len) {
		const unsigned head = addr % rcb, n = std::min(len, head ? rcb - head : mps);

		l.bytes += TlpOverheadCpl + dwords(n + addr % 4);
		l.last_beats = beats(n);
		addr += n;
		len -= n;
	}
	return l;
}

} // namespace timing
