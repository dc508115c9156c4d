/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the time of a run went: for each station the share of cycles in which it was at work, and in which it had work
 * and was held up by another one; and the station that limits. From the device's own counters (snic_util.def); how full
 * a link was is told by what it carried.
 */
#ifndef COSNIC_STATIONS_H
#define COSNIC_STATIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "snic_contract.h"

#define STATIONS_N_UTIL 64
#define STATIONS_UNKNOWN SNIC_N_STATION /* nothing came out, or the device no longer answers */

struct stations_in {
	uint64_t util[STATIONS_N_UTIL]; /* what was counted in the run, by index - SNIC_UTIL_BASE */
	double cycles;			/* of the run, from the first to the last frame */
	double wire_in[SNIC_N_PORT], wire_out[SNIC_N_PORT], pcie_up,
		pcie_down; /* of the link's capacity, 0..1 */
	bool sends;	   /* functions send: an idle TX engine waits for the host */
};

struct station_use {
	double busy;
	double stalled[SNIC_N_STATION]; /* by whom */
};

struct stations {
	struct station_use use[SNIC_N_STATION];
	unsigned int limit; /* SNIC_STATION_*: the one that limits, or STATIONS_UNKNOWN */
};

void stations_judge(const struct stations_in *in, struct stations *out);

#endif
