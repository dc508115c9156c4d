/* SPDX-License-Identifier: BSD-2-Clause */
/* One run of traffic through the RTL, and what came of it. */
#ifndef COSNIC_REPLAY_H
#define COSNIC_REPLAY_H

#include "counts.h"
#include "meter.h"
#include "options.h"
#include "score.h"
#include "shares.h"
#include "snic_predict.h"
#include "snic_sim.h"
#include "stations.h"
#include "traffic.h"

#define REPLAY_N_STATS SNIC_EVENT_END

struct replay_lane {
	bool used;
	uint64_t offered, offered_bytes;
	uint64_t last_offered_ps;
	uint64_t ring_full; /* of those offered, dropped by their senders */
	double offered_mpps, offered_gbps;
	struct meter meter;
};

/* What a rule's entry counted: frames that it was found for. */
struct replay_rule {
	uint64_t packets, bytes;	 /* the card */
	uint64_t ref_packets, ref_bytes; /* the reference */
};

struct replay_result {
	struct replay_lane lanes[N_LANE];
	struct shares to_func, from_func;   /* frames that functions got, and that left from them */
	uint64_t func_offered[SNIC_N_FUNC]; /* frames that each wanted to send */
	struct trace_counts trace;
	struct counts *frames;	     /* what they are; who ran it frees them */
	uint64_t total[SNIC_N_PORT]; /* frames that are offered per direction, at each port */
	struct score_totals score;
	uint64_t stats[REPLAY_N_STATS]; /* the device's counters by SNIC_STAT_* */
	uint64_t foreign_dma;
	struct snic_sim_stats sim;
	struct stations stations;
	double wall_s;
	const char *flavour;
	uint64_t *mapped; /* frames by the line of --map that has them, the last: by none; NULL: no map */
	struct replay_rule *rules; /* of --flows, in the file's order; NULL: none */
	bool partial;		   /* interrupted */
	bool failed;		   /* a check failed; why is in `error` */
	char error[512];
};

void replay_free(struct replay_result *r);
/* Counts the frames that the run will offer. EXIT_OK, or another when it cannot be run: error says why. */
int replay_begin(const struct options *o, struct replay_result *r);
/* EXIT_OK, EXIT_CHECK or EXIT_INPUT; the result, as replay_begin left it, is filled as far as it went. */
int replay_run(const struct options *o, struct replay_result *r);
/*
 * Rate of a direction in the steady window of the run: the time in which all directions of it are steady, or, when they
 * never are at once, the direction's own window.
 */
struct meter_rate replay_rate(const struct replay_result *r, unsigned int lane);
struct meter_window replay_window(const struct replay_result *r, unsigned int lane);
/* ... and the longer one in which functions are held against each other. */
struct meter_window replay_shares_window(const struct replay_result *r, unsigned int lane);
/* The frames that each direction's rate is of, for a prediction of the same ones. */
void replay_windows(const struct replay_result *r, struct snic_predict_window windows[N_LANE]);
/* The driver's name of a counter. */
const char *replay_stat_name(unsigned int stat);
/* Path of the RTL library for a run, in buf or as the user named it. */
const char *replay_library(const struct options *o, char *buf, size_t size);
/*
 * Frames that a run offers per direction at each port, counted in one pass over the files. false: none, and err holds a line that
 * says so, or nothing when the line about the one file has said it all.
 */
bool replay_count(const struct options *o, struct trace_counts *counts, struct counts *frames,
		  uint64_t total[SNIC_N_PORT], char *err, size_t err_size);

#endif
