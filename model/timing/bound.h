/* SPDX-License-Identifier: BSD-2-Clause */
/* Closed form: the highest rate that every station carries for the mean frame, no queues, no latency. */
#ifndef TIMING_BOUND_H
#define TIMING_BOUND_H

#include "snic_predict.h"

namespace timing {

struct MeanFrame {
	double len = 0;		/* bytes without FCS */
	double steps = 0;	/* parser */
	double search = 0;	/* share of frames that need the masked search */
	double up_write = 0, up_read = 0, down_read = 0; /* bytes on the link of payload writes, read requests, answers */
	double beats = 0;
	double reads = 0;	/* read requests for the payload */
	double line = 4;	/* descriptors of a line that are read and completed together */
};

/* Fills bound_mpps and bound_station of the directions in dirs, all running at once at one rate. */
void bound(const snic_predict_config &cfg, unsigned dirs, const MeanFrame mean[SNIC_PREDICT_N_DIR],
	   snic_predict_result *out);

} // namespace timing

#endif
