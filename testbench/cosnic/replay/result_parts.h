/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of result.json, each made in a file of its own, and what the table needs of them. */
#ifndef COSNIC_RESULT_PARTS_H
#define COSNIC_RESULT_PARTS_H

#include "result.h"

/* result_config.c: "config" and "trace" */
json_t *result_config(const struct options *o);
json_t *result_trace(const struct result *r);

/* result_measured.c: "measured" and "check", and a row of "per_vf" */
json_t *result_measured(const struct replay_result *m, const struct options *o);
json_t *result_check(const struct replay_result *m);
json_t *result_share(unsigned int func, struct meter_rate to, struct meter_rate from);

/* result_predicted.c: "predicted" and "error_pct" */
json_t *result_predicted(const struct snic_predict_result *p, const struct options *o);
json_t *result_error(const struct result *r);
/* A run of which nothing comes out has no length, and shares of it say nothing. */
bool result_limit_predicted(const struct snic_predict_result *p);
/* What rules send from one port to the other, with no function in between. */
bool result_to_port(const struct replay_result *m, unsigned int lane);

/* Why a rate is compared with no prediction; NULL: it is. */
const char *result_not_compared(const struct result *r, unsigned int lane);

#endif
