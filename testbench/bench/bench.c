/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic bench: reads the command line, every word of it, before anything runs. */
#include "bench.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cosnic.h"
#include "key.h"
#include "latency.h"
#include "lock.h"
#include "nics.h"
#include "over.h"
#include "point.h"
#include "pool.h"
#include "rfc2544.h"
#include "seeds.h"
#include "settings.h"
#include "sweep.h"
#include "trace.h"

static const struct {
	const char *suite, *what;
	int (*run)(struct bench *b);
	bool searches; /* --over gives other axes than its own */
} suites[] = {
	{ "rfc2544",
	  "throughput (NDR, PDR), latency, frame loss, back-to-back frames over frame sizes, or of captures",
	  rfc2544_run, true },
	{ "latency", "percentiles at 10, 50, 90, 99 and 100 % of NDR over frame sizes, or of captures",
	  latency_run, true },
	{ "pcie", "arithmetic: what PCIe carries of the link alone and of three published kinds of NIC",
	  nics_run, false },
	{ "seeds", "published experiments: the published figure, the prediction, the RTL", seeds_run, false },
};

#define N_SUITES (sizeof(suites) / sizeof(suites[0]))

static bool searching(const char *suite)
{
	size_t i;

	for (i = 0; i < N_SUITES; i++)
		if (!strcmp(suite, suites[i].suite))
			return suites[i].searches;
	return false;
}

void bench_suites(void (*say)(void *ctx, const char *name, const char *what), void *ctx)
{
	size_t i;

	say(ctx, "sweep", "over what --over says: \"size=64,128;pcie=gen3x8,gen4x16;latency=400:1000:200\"");
	for (i = 0; i < N_SUITES; i++)
		say(ctx, suites[i].suite, suites[i].what);
	sweep_suites(say, ctx);
	say(ctx, "point", "DIR ID: one point of a suite's folder again, here");
}

static int take_number(const char *name, const char *value, double min, double max, double *out)
{
	char *end;

	*out = strtod(value, &end);
	if (end == value || *end || !(*out >= min && *out <= max))
		return usage_error("bench", "--%s %s: must be a number from %g to %g", name, value, min, max);
	return EXIT_OK;
}

static int take_jobs(struct bench *b, const char *value)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (*value < '0' || *value > '9' || *end || n < 1 || n > POOL_MAX_JOBS)
		return usage_error("bench", "--jobs %s: must be a number from 1 to %u", value, POOL_MAX_JOBS);
	b->jobs = (unsigned int)n;
	return EXIT_OK;
}

static int take_shard(struct bench *b, const char *value)
{
	unsigned int part, of;
	int end = 0;

	if (strspn(value, "0123456789/") != strlen(value) ||
	    sscanf(value, "%5u/%5u%n", &part, &of, &end) != 2 || value[end] || part < 1 || part > of)
		return usage_error("bench", "--shard %s: must be a part and how many there are, as 2/4",
				   value);
	b->shard = part - 1;
	b->shards = of;
	return EXIT_OK;
}

static int take_own(struct bench *b, enum option_id id, const char *name, const char *value)
{
	switch (id) {
	case OPT_SLURM:
		b->slurm = true;
		return EXIT_OK;
	case OPT_FRESH:
		b->fresh = true;
		return EXIT_OK;
	case OPT_PREDICT_ONLY:
		b->predict_only = true;
		return EXIT_OK;
	case OPT_OVER:
		if (b->axes)
			return usage_error("bench", "--over is there twice: join them by ;");
		b->axes = over_parse(value);
		return b->axes ? EXIT_OK : EXIT_USAGE;
	case OPT_BENCH_OUT:
		b->out = value;
		return *value ? EXIT_OK : usage_error("bench", "--out: the name of the folder is missing");
	case OPT_CACHE:
		b->cache = value;
		return *value ? EXIT_OK : usage_error("bench", "--cache: the name of the folder is missing");
	case OPT_MERGE:
		return json_array_append_new(b->merge, json_string(value))
			       ? usage_error("bench", "--merge %s: must be text in UTF-8", value)
			       : EXIT_OK;
	case OPT_SHARD:
		return take_shard(b, value);
	case OPT_JOBS:
		return take_jobs(b, value);
	case OPT_WIDTH:
		return take_number(name, value, 0.02, 50, &b->width_pct);
	case OPT_TRIAL_US:
		return take_number(name, value, 1, 1e6, &b->trial_us);
	default:
		return EXIT_USAGE;
	}
}

static int take_setting(struct bench *b, const char *name, const char *value)
{
	char path[PATH_MAX];

	if (json_object_get(b->base, name))
		return usage_error("bench", "--%s is there twice", name);
	if (json_object_set_new(b->base, name, json_string(settings_value(name, value, path))))
		return usage_error("bench", "--%s %s: must be text in UTF-8", name, value);
	return EXIT_OK;
}

static int take_file(struct bench *b, const char *path)
{
	char whole[PATH_MAX];

	if (!realpath(path, whole))
		return usage_error("bench", "%s: %s; give a capture, or --NAME VALUE", path, strerror(errno));
	if (json_array_append_new(b->files, json_string(whole)))
		return usage_error("bench", "%s: its whole name must be text in UTF-8", path);
	return EXIT_OK;
}

/* A capture of which nothing can be replayed would fail every point, one by one. */
static int check_files(const struct bench *b)
{
	json_t *file;
	size_t i;

	json_array_foreach(b->files, i, file)
	{
		char *path = (char *)json_string_value(file);
		struct trace *t = trace_open(&path, 1, 1, false);
		const char *cause = "empty";
		struct trace_frame f;
		bool any;
		int c;

		if (t)
			trace_fixlen(t, TRACE_FIXLEN_TRUNC); /* if a point pads or cuts them */
		any = t && trace_next(t, &f);
		for (c = TRACE_N_CAUSES; t && c--;)
			cause = trace_counted(t)->skipped[c] ? trace_cause_keys[c] : cause;
		trace_close(t);
		if (any)
			continue;
		fprintf(stderr, "cosnic: bench: %s: no frame that can be replayed (%s); leave it out\n", path,
			cause);
		return EXIT_INPUT;
	}
	return EXIT_OK;
}

static int parse(struct bench *b, int argc, char **argv)
{
	const struct option_row *own;
	char name[64], *value;
	int i, ret = EXIT_OK;
	size_t length;
	bool flag;

	for (i = 2; i < argc && !ret; i++) {
		if (argv[i][0] != '-') {
			ret = take_file(b, argv[i]);
			continue;
		}
		if (argv[i][1] != '-')
			return usage_error("bench", "%s: give the long name of the option", argv[i]);
		length = strcspn(argv[i], "=");
		snprintf(name, sizeof(name), "%.*s", (int)(length - 2), argv[i] + 2);
		own = option_find("bench", name);
		if (length - 2 >= sizeof(name) || (!own && !settings_known(name)))
			return unknown_option("bench", argv[i]);
		flag = own ? !own->value : settings_flag(name);
		value = argv[i][length] ? argv[i] + length + 1 : NULL;
		if (own && flag && value)
			return usage_error("bench", "--%s: the option takes no value", name);
		if (!flag && !value && ++i == argc)
			return usage_error("bench", "--%s needs a value", name);
		if (!value)
			value = flag ? (char *)"on" : argv[i];
		ret = own ? take_own(b, own->id, name, value) : take_setting(b, name, value);
	}
	return ret;
}

/* What a search decides by itself, for all points or swept, would be passed over in silence. */
static int check_search(const struct bench *b)
{
	static const char *const own[] = { "load",    "multiplier", "pps",   "mbps", "topspeed",
					   "packets", "count",	    "limit", "loop" };
	json_t *axis;
	size_t i, k;

	for (k = 0; k < sizeof(own) / sizeof(own[0]); k++) {
		bool given = json_object_get(b->base, own[k]) != NULL;

		json_array_foreach(b->axes, i, axis)
		{
			given |= !strcmp(json_string_value(json_object_get(axis, "name")), own[k]);
		}
		if (given)
			return usage_error("bench",
					   "%s: %s is what it looks for; --trial-us says how long a trial is",
					   own[k], b->suite);
	}
	return EXIT_OK;
}

static int check(const struct bench *b)
{
	const char *name;
	json_t *axis;
	size_t i;

	json_array_foreach(b->axes, i, axis)
	{
		name = json_string_value(json_object_get(axis, "name"));
		if (json_object_get(b->base, name))
			return usage_error("bench", "--%s and --over %s contradict each other", name, name);
	}
	if (json_array_size(b->merge) && (b->shards || b->fresh || b->slurm))
		return usage_error("bench",
				   "--merge runs nothing: --shard, --fresh and --slurm contradict it");
	if (b->cache && !strcmp(b->suite, "speed"))
		return usage_error("bench", "--cache: speed is this machine's, at this time");
	if (searching(b->suite))
		return check_search(b);
	if (b->width_pct > 0 || b->trial_us > 0)
		return usage_error("bench", "--width and --trial-us are for searches; %s has none", b->suite);
	if (!strcmp(b->suite, "sweep") && !b->axes)
		return usage_error("bench", "sweep: --over is missing");
	if (strcmp(b->suite, "sweep") && b->axes)
		return usage_error("bench", "--over is for sweep and searches; %s has axes of its own",
				   b->suite);
	return EXIT_OK;
}

/* By hand, or, with a key, as a task of Slurm, whose submitter has locked the folder. */
static int one_point(int argc, char **argv)
{
	char path[PATH_MAX];
	int lock = -1, ret;

	if (argc != 4 && !(argc == 5 && strlen(argv[4]) == KEY_HEX - 1))
		return usage_error("bench", "point: give the folder of a suite and the point's id");
	if (argc == 4 && !access(point_path(path, sizeof(path), argv[2], argv[3], "point.json"), F_OK)) {
		lock = lock_folder(argv[2]);
		if (lock < 0)
			return EXIT_INPUT;
	}
	ret = point_run(argv[2], argv[3], argc == 5 ? argv[4] : NULL);
	if (lock >= 0)
		close(lock);
	return ret;
}

int cmd_bench(int argc, char **argv)
{
	struct bench b = { .argc = cosnic_argc, .argv = cosnic_argv };
	int (*run)(struct bench * b);
	char out[64];
	size_t i;
	int ret;

	if (argc < 2)
		return usage_error("bench", "the name of a suite is missing");
	b.suite = argv[1];
	if (!strcmp(b.suite, "point"))
		return one_point(argc, argv);
	for (run = NULL, i = 0; i < N_SUITES; i++)
		if (!strcmp(b.suite, suites[i].suite))
			run = suites[i].run;
	if (!run && sweep_has(b.suite))
		run = sweep_run;
	if (!run)
		return usage_error("bench", "%s: no such suite", b.suite);
	snprintf(out, sizeof(out), "results/bench-%.32s", b.suite);
	b.out = out;
	b.base = json_object();
	b.files = json_array();
	b.merge = json_array();
	ret = parse(&b, argc, argv);
	if (!ret)
		ret = check(&b);
	if (!ret)
		ret = check_files(&b);
	if (b.width_pct <= 0)
		b.width_pct = 0.5;
	if (b.trial_us <= 0)
		b.trial_us = 200;
	if (!b.jobs && !b.slurm)
		b.jobs = pool_jobs(sysconf(_SC_NPROCESSORS_ONLN));
	if (!ret)
		ret = run(&b);
	json_decref(b.axes);
	json_decref(b.base);
	json_decref(b.files);
	json_decref(b.merge);
	return ret;
}
