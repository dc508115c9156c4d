/* SPDX-License-Identifier: BSD-2-Clause */
/* Closed form: the highest rate that every station carries for the mean frame, no queues, no latency. */
#ifndef TIMING_BOUND_H
#define TIMING_BOUND_H

#include <unordered_set>
#include <vector>

#include "snic_predict.h"

namespace timing {

/* What a frame of one direction costs, summed over frames and then divided by their number. */
struct MeanFrame {
	double frames = 0;
	double len = 0;			    /* bytes without FCS */
	double in_beats = 0;		    /* of the whole frame */
	double out_bytes[SNIC_N_PORT] = {}; /* out of each wire port, preamble to gap */
	double out_beats = 0;
	double out = 0;		     /* how often it goes out in its own direction */
	double copies = 0;	     /* for functions */
	double flooded = 0;	     /* share of frames whose functions a bitmap names */
	double feed = 0, engine = 0; /* parser: header beats; cycles that an engine is busy */
	double search = 0;	     /* share of frames that need the masked search */
	double write_bytes = 0, read_bytes = 0, answer_bytes = 0; /* on the link, of the payload */
	double write_beats = 0, reads = 0;
	double host_beats = 0; /* read from the packet buffer for functions: a flooded frame once */
};

class Bound {
public:
	explicit Bound(const snic_predict_config &c);
	void add(snic_predict_dir dir, const snic_predict_frame &f);
	/*
	 * Fills bound_mpps and bound_station of the directions in dirs, all running at once at one
	 * rate.
	 */
	void finish(unsigned dirs, snic_predict_result *out) const;

private:
	const snic_predict_config &cfg;
	MeanFrame sum[SNIC_PREDICT_N_DIR];
	std::vector<uint32_t> sent, got;    /* of each queue: says where in memory a frame lies */
	std::unordered_set<uint32_t> flows; /* that came before: the next frame of them needs no search */
};

} // namespace timing

#endif
