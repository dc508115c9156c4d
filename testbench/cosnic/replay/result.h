/* SPDX-License-Identifier: BSD-2-Clause */
/* result.json and the table. Keys are described in testbench/README.md. */
#ifndef COSNIC_RESULT_H
#define COSNIC_RESULT_H

#include <jansson.h>

#include "options.h"
#include "replay.h"
#include "snic_predict.h"

struct result {
	const struct options *o;
	const struct replay_result *measured;	     /* NULL: prediction alone */
	const struct snic_predict_result *predicted; /* NULL: none */
	const struct trace_counts *trace;
	const struct counts *frames;
	char **argv;
	int argc;
};

/* Of SNIC_STATION_*: as in result files, and for people. */
const char *result_station_key(unsigned int station);
const char *result_station_label(unsigned int station);
/* Predicted against measured, in percent of measured; NaN when one of them is missing. */
double result_error_pct(double predicted, double measured);
/* A number of six significant digits: what is the same on every run stays the same in print. */
json_t *result_number(double v);
/* A text of any origin; JSON is UTF-8, and of a text that is not, each byte above 127 is shown as '?'. */
json_t *result_text(const char *text);
/* --fault, as given. */
json_t *result_faults(const struct options *o);
/* What may differ from run to run: command, commit, tools, start. */
json_t *result_run(int argc, char **argv);
json_t *result_json(const struct result *r);
/* Makes a folder, and those above it. 0 or a negative errno. */
int result_folder(const char *path);
/* Makes the folder of --out before the run rather than after it. EXIT_OK, or EXIT_INPUT after one line on stderr. */
int result_prepare(const struct options *o);
/* Writes DIR/result.json and DIR/result.txt; EXIT_OK or EXIT_INPUT after one line on stderr. */
int result_write(const struct result *r, json_t *j);
void result_table(const struct result *r, FILE *f);

#endif
