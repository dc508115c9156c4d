/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic replay, predict and info: a run, and what is shown of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#include "cosnic.h"
#include "folder.h"
#include "host.h"
#include "inputs.h"
#include "predict.h"
#include "printable.h"
#include "replay.h"
#include "result.h"
#include "version.h"

volatile int cosnic_interrupted;
bool cosnic_one_core;

char **cosnic_argv;
int cosnic_argc;

#define CHANGED "the captures changed during the run: run it again"

static int show(const struct result *r)
{
	json_t *j = result_json(r);
	int ret = result_write(r, j);

	if (r->o->json) {
		json_dumpf(j, stdout, JSON_INDENT(2));
		putchar('\n');
	} else if (!r->o->quiet) {
		result_table(r, stdout);
		if (!ret)
			printf("results %s/result.json, %s/result.txt\n", r->o->out_dir, r->o->out_dir);
	}
	json_decref(j);
	return ret;
}

/* A line about files whose names may hold anything; an empty one says nothing. */
static void complain(const char *text)
{
	char line[512];

	if (text[0])
		fprintf(stderr, "cosnic: %s\n", printable(line, sizeof(line), text));
}

int cmd_replay(const struct options *o)
{
	static struct replay_result measured;
	struct snic_predict_result predicted;
	struct snic_predict_window windows[N_LANE];
	struct snic_predict_run beside;
	struct result r = { o, &measured, NULL, &measured.trace, NULL, cosnic_argv, cosnic_argc };
	const char *changed;
	bool predicting;
	int ret, out;

	if (folder_given(o))
		return folder_run(o, cmd_replay);
	if (result_prepare(o))
		return EXIT_INPUT;
	ret = replay_begin(o, &measured);
	/* The model on a core of its own, beside the RTL; where that fails, after it. */
	predicting = !ret && !cosnic_one_core && sysconf(_SC_NPROCESSORS_ONLN) > 1 &&
		     !predict_start(o, measured.total, &beside);
	if (!ret)
		ret = replay_run(o, &measured);
	complain(measured.error);
	r.frames = measured.frames;
	if (predicting && (cosnic_interrupted || !measured.sim.cycles))
		predict_wait(o, measured.total, &beside, NULL, NULL);
	if (!measured.sim.cycles) {
		counts_free(measured.frames);
		return ret;
	}
	replay_windows(&measured, windows);
	if (cosnic_interrupted)
		out = -EINTR;
	else if (predicting)
		out = predict_wait(o, measured.total, &beside, windows, &predicted);
	else
		out = predict_run(o, measured.total, windows, &predicted);
	if (!out) {
		r.predicted = &predicted;
	} else {
		measured.partial = cosnic_interrupted;
		fprintf(stderr, "cosnic: %s\n",
			cosnic_interrupted ? "interrupted: the results so far are marked partial"
			: out == -ESTALE   ? "no prediction: " CHANGED
					   : "the timing model died: no prediction");
		ret = EXIT_CHECK;
	}
	changed = inputs_changed(o);
	if (changed) {
		measured.failed = true;
		snprintf(measured.error, sizeof(measured.error), "%.300s: " CHANGED, changed);
		complain(measured.error);
		ret = EXIT_CHECK;
	}
	out = show(&r);
	counts_free(measured.frames);
	replay_free(&measured);
	return ret ? ret : out;
}

int cmd_predict(const struct options *o)
{
	struct snic_predict_result predicted;
	struct trace_counts counts;
	struct counts *frames = counts_create();
	struct result r = { o, NULL, &predicted, &counts, frames, cosnic_argv, cosnic_argc };
	char err[512] = "";
	uint64_t total[SNIC_N_PORT];
	bool any;
	int ret;

	if (!frames)
		return EXIT_CHECK;
	any = !result_prepare(o) && replay_count(o, &counts, frames, total, err, sizeof(err));
	complain(err);
	if (!any) {
		counts_free(frames);
		return EXIT_INPUT;
	}
	ret = predict_run(o, total, NULL, &predicted);
	if (!ret && inputs_changed(o))
		ret = -ESTALE;
	if (ret) {
		fprintf(stderr, "cosnic: no prediction: %s\n",
			cosnic_interrupted ? "interrupted"
			: ret == -ESTALE   ? CHANGED
					   : strerror(-ret));
		counts_free(frames);
		return EXIT_CHECK;
	}
	ret = show(&r);
	counts_free(frames);
	return ret;
}

int cmd_info(const struct options *o)
{
	char err[256], path[512];
	const char *library = replay_library(o, path, sizeof(path));
	const struct snic_pmd_bus *bus;
	struct host *h = host_open(library, &o->sim, NULL, NULL, err, sizeof(err));

	printf("cosnic     %s, commit %s, verilator %s, %s\n", cosnic_release, cosnic_commit,
	       cosnic_verilator, __VERSION__);
	printf("contract   version %d.%d, PCI %04x:%04x (PF) %04x:%04x (VF)\n", SNIC_VERSION_MAJOR,
	       SNIC_VERSION_MINOR, SNIC_PCI_VENDOR, SNIC_PCI_DEVICE_PF, SNIC_PCI_VENDOR, SNIC_PCI_DEVICE_VF);
	if (!h) {
		fprintf(stderr, "cosnic: %s\n", err);
		return EXIT_INPUT;
	}
	bus = host_bus(h);
	printf("device     magic 0x%08llx, version 0x%08llx, build %08llx (%s, %s)\n",
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_MAGIC, 4),
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_VERSION, 4),
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_BUILD, 4), host_flavour(h), library);
	printf("           %llu functions x %llu queue pairs, %llu vectors each\n",
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_CAP_QUEUES, 4) >> 16,
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_CAP_QUEUES, 4) & 0xff,
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_CAP_QUEUES, 4) >> 8 & 0xff);
	printf("           %llu exact flows, %llu masked rules under %llu masks\n",
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_CAP_FLOWS, 4),
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_CAP_RULES, 4) & 0xffff,
	       (unsigned long long)bus->read(bus->ctx, 0, SNIC_REG_CAP_RULES, 4) >> 16);
	host_close(h);
	return EXIT_OK;
}
