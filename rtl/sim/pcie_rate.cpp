// SPDX-License-Identifier: BSD-2-Clause
#include "pcie_rate.h"

#include <cassert>

/*
 * PCI Express Base Specification 3.0, section 3.5.3.1 (Ack latency) and 2.6.1.2 (UpdateFC latency), whose
 * tables come from: (MaxPayload + TLP overhead 28) * factor / lanes + internal delay, cut to whole symbol
 * times. The factors of the two tables are equal, in tenths: 1.4 up to x4; 2.5 (x8) and 3.0 (x16) up to 256
 * B; above, 1.0 and 2.0 for x16. Internal delay: 19 at 2.5 GT/s, 70 at 5 GT/s, 115 at 8 GT/s. For 16 and 32
 * GT/s we keep 115, as Neugebauer et al. (SIGCOMM 2018) and DESIGN.md do.
 */
uint32_t pcie_ack_symbols(uint32_t gen, uint32_t lanes, uint32_t mps)
{
	uint32_t delay = gen == 1 ? 19 : gen == 2 ? 70 : 115;
	uint32_t factor10;

	if (mps <= 256)
		factor10 = lanes <= 4 ? 14 : lanes == 8 ? 25 : 30;
	else
		factor10 = lanes <= 8 ? 10 : 20;
	return (mps + 28) * factor10 / (10 * lanes) + delay;
}

/*
 * usable = GT/s * encoding * lanes * (1 - 8/Ack - 8/FC - 4/1538): an 8 B Ack DLLP and an 8 B UpdateFC DLLP
 * every latency limit, a 4 B SKP ordered set every 1538 symbols. In integers, so that every machine computes
 * the same times.
 */
uint64_t pcie_ps_per_byte_q32(uint32_t gen, uint32_t lanes, uint32_t mps)
{
	static const uint32_t gt10[] = { 25, 50, 80, 160, 320 };
	assert(gen >= 1 && gen <= 5); /* snic_sim_config_check() lets no other in */
	const uint64_t enc_num = gen <= 2 ? 8 : 128, enc_den = gen <= 2 ? 10 : 130;
	const uint64_t ack = pcie_ack_symbols(gen, lanes, mps);
	const unsigned __int128 num = static_cast<unsigned __int128>(8000) * 10 * enc_den * 1538 * ack;
	const uint64_t den = gt10[gen - 1] * enc_num * lanes * (1538 * ack - 16 * 1538 - 4 * ack);

	return static_cast<uint64_t>((num << 32) / den);
}
