/* SPDX-License-Identifier: BSD-2-Clause */
#include "pcie.h"

namespace timing {

double pcie_ps_per_byte(unsigned gen, unsigned lanes)
{
	static const double gts[] = { 0, 2.5, 5, 8, 16, 32 };
	/* Mean interval of Ack and FC DLLPs in symbol times: PCIe 4.0 table 3-7, MPS 256, by width. */
	const double ack = lanes >= 16 ? 168 : lanes == 8 ? 203 : lanes == 4 ? 113 : lanes == 2 ? 217 : 416;

	if (gen < 1 || gen > 5 || lanes < 1 || lanes > 16)
		return 0;
	const double encoding = gen < 3 ? 8.0 / 10 : 128.0 / 130;
	/* an 8 B DLLP for each Ack and each FC, and a 4 B SKP ordered set in 1538 symbols */
	const double usable = gts[gen] * encoding * lanes * (1 - 8 / ack - 8 / ack - 4.0 / 1538);
	return 8e3 / usable;
}

} // namespace timing
