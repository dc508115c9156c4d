/* SPDX-License-Identifier: BSD-2-Clause */
/* Traffic of a run put to the timing model. */
#ifndef COSNIC_PREDICT_H
#define COSNIC_PREDICT_H

#include "options.h"
#include "snic_predict.h"
#include "traffic.h"

/* How often the host program looks at its rings; replay and prediction agree on it. */
#define HOST_POLL_NS 500

/* A steady state is reached long before: more frames of a direction would cost time and tell nothing. */
#define PREDICT_FRAMES 200000

/* total: frames per direction that the run offers at each port. windows: as of snic_predict_wait(). 0 or a negative errno; -EINTR: Ctrl-C. */
int predict_run(const struct options *o, const uint64_t total[SNIC_N_PORT],
		const struct snic_predict_window *windows, struct snic_predict_result *out);
/* The same beside what the caller does meanwhile, silently. Each start that returned 0 wants one wait; with out NULL it is given up. */
int predict_start(const struct options *o, const uint64_t total[SNIC_N_PORT], struct snic_predict_run *run);
int predict_wait(const struct options *o, const uint64_t total[SNIC_N_PORT],
		 const struct snic_predict_run *run, const struct snic_predict_window *windows,
		 struct snic_predict_result *out);
/* The same of one frame alone, at once. 0 or a negative errno. */
int predict_one(const struct options *o, enum lane_dir dir, const struct traffic_frame *f,
		struct snic_predict_result *out);

#endif
