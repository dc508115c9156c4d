/* SPDX-License-Identifier: BSD-2-Clause */
#include "seeds.h"

#include <math.h>
#include <stdlib.h>

#include "lanes.h"
#include "over.h"
#include "result.h"
#include "rows.h"
#include "shares.h"
#include "suite.h"

#define TCP_PAYLOAD_BITS (1448 * 8) /* of a 1518 B frame: IPv4 20, TCP with time stamps 32 */

enum figure { MPPS, GOODPUT, GOODPUT_ACKED, JAIN };

static const struct seed {
	const char *experiment, *name;
	double published;
	enum figure figure;
	const char *settings, *source, *remark;
} seeds[] = {
#define SEED(experiment, name, published, figure, settings, source, remark)                                  \
	{ experiment, name, published, figure, settings, source, remark },
#include "seeds.def"
};

#define N_SEEDS (sizeof(seeds) / sizeof(seeds[0]))

static const char *unit_of(enum figure f)
{
	return f == MPPS ? "Mpps" : f == JAIN ? "Jain's index" : "Gb/s of TCP payload";
}

/* What VFs send, or get when they send nothing, in Gb/s; how many there are. */
static size_t vf_rates(const json_t *r, const char *part, double rates[SNIC_N_FUNC])
{
	const json_t *side = json_object_get(r, part), *vfs = json_object_get(side, "per_vf");
	const char *key = json_object_get(side, "tx") ? "gbps_tx" : "gbps_rx";
	size_t n = json_array_size(vfs), i;

	if (n > SNIC_N_FUNC)
		return 0;
	for (i = 0; i < n; i++)
		rates[i] = json_number_value(json_object_get(json_array_get(vfs, i), key));
	return n;
}

/* Jain's index of what was measured and predicted; the least and the largest share measured. */
static void add_shares(json_t *row, const json_t *r)
{
	double rates[SNIC_N_FUNC], sum = 0, least = INFINITY, most = 0;
	size_t n = vf_rates(r, "predicted", rates), i;

	row_number(row, "predicted", shares_jain(rates, n));
	n = vf_rates(r, "measured", rates);
	row_number(row, "measured", shares_jain(rates, n));
	for (i = 0; i < n; i++) {
		sum += rates[i];
		least = fmin(least, rates[i]);
		most = fmax(most, rates[i]);
	}
	if (sum > 0) {
		row_number(row, "least_share_pct", least * (double)n / sum * 100);
		row_number(row, "largest_share_pct", most * (double)n / sum * 100);
	}
}

static double figure(enum figure f, double mpps)
{
	switch (f) {
	case GOODPUT:
		return mpps * TCP_PAYLOAD_BITS / 1e3;
	case GOODPUT_ACKED:
		return mpps * 2 / 3 * TCP_PAYLOAD_BITS / 1e3;
	default:
		return mpps;
	}
}

static void add_row(struct suite *s, const struct seed *seed, ssize_t point)
{
	json_t *row = json_pack("{s:s s:s s:f s:s}", "experiment", seed->experiment, "case", seed->name,
				"published", seed->published, "unit", unit_of(seed->figure));
	json_t *r = point < 0 ? NULL : suite_result(s, (size_t)point);
	double predicted = lanes_least_mpps(r, "predicted"), measured = lanes_least_mpps(r, "measured");

	if (seed->figure == JAIN) {
		row_number(row, "measured_mpps", measured);
		row_number(row, "predicted_mpps", predicted);
		add_shares(row, r);
	} else {
		row_number(row, "predicted", figure(seed->figure, predicted));
		row_number(row, "measured", figure(seed->figure, measured));
	}
	if (r && measured > 0) {
		row_number(row, "error_pct", result_error_pct(predicted, measured));
		row_number(row, "of_published_pct",
			   json_number_value(json_object_get(row, "measured")) / seed->published * 100);
	}
	lanes_limits(row, "limits", r, "measured");
	lanes_limits(row, "limits_predicted", r, "predicted");
	if (point >= 0)
		json_object_set_new(row, "id", json_string(suite_id(s, (size_t)point)));
	json_object_set_new(row, "settings", json_string(seed->settings));
	json_object_set_new(row, "source", json_string(seed->source));
	json_object_set_new(row, "remark", json_string(seed->remark));
	json_array_append_new(s->rows, row);
	json_decref(r);
}

int seeds_run(struct bench *b)
{
	struct suite *s = suite_open(b, NULL);
	ssize_t points[N_SEEDS];
	json_t *axes, *row;
	int ret = EXIT_OK;
	size_t i;

	if (!s)
		return EXIT_INPUT;
	for (i = 0; i < N_SEEDS && !ret; i++) {
		points[i] = -1;
		if (!*seeds[i].settings)
			continue;
		axes = over_parse(seeds[i].settings);
		points[i] = axes ? suite_find(s, over_point(axes, 0)) : -1;
		ret = points[i] < 0 ? EXIT_USAGE : EXIT_OK;
		json_decref(axes);
	}
	if (!ret)
		ret = suite_run(s);
	for (i = 0; i < N_SEEDS && !ret; i++)
		if (points[i] < 0 || suite_mine(s, (size_t)points[i]))
			add_row(s, &seeds[i], points[i]);
	if (!ret)
		rows_table(s->rows,
			   "experiment case published predicted measured unit error_pct least_share_pct "
			   "largest_share_pct limits limits_predicted",
			   stdout);
	json_array_foreach(s->rows, i, row)
	{
		if (*seeds[i].remark)
			printf("%s: %s: %s\n", seeds[i].experiment, seeds[i].name, seeds[i].remark);
	}
	return suite_close(s, ret);
}
