/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --prediction: what a team expects of its card, beside what the script measured. A file in the shape of result.json:
 * {"predicted": {"figures": {"pktgen_mpps": 1.5}}}, with the names that the script gives its figures.
 */
#include <stdio.h>
#include <string.h>

#include "guest.h"

/* The figures of `j`; NULL after saying what is wrong with it. */
static json_t *figures_of(const char *file, json_t *j)
{
	json_t *figures = json_object_get(json_object_get(j, "predicted"), "figures"), *v;
	const char *name;

	if (!json_object_size(figures)) {
		fprintf(stderr,
			"cosnic: %s: no prediction: it needs {\"predicted\": {\"figures\": {NAME: NUMBER}}}\n",
			file);
		return NULL;
	}
	json_object_foreach(figures, name, v)
	{
		if (json_is_number(v))
			continue;
		fprintf(stderr, "cosnic: %s: predicted.figures.%s is no number\n", file, name);
		return NULL;
	}
	return json_incref(figures);
}

int guest_prediction(struct guest_run *g)
{
	const char *file = g->o->guest.prediction;
	json_error_t err;
	json_t *j;

	if (!file)
		return EXIT_OK;
	j = json_load_file(file, JSON_REJECT_DUPLICATES, &err);
	if (!j) {
		fprintf(stderr, "cosnic: %s: line %d: %s\n", file, err.line, err.text);
		return EXIT_INPUT;
	}
	g->prediction = figures_of(file, j);
	json_decref(j);
	return g->prediction ? EXIT_OK : EXIT_INPUT;
}

void guest_compare(const struct guest_run *g, json_t *result)
{
	json_t *measured = json_object_get(json_object_get(result, "measured"), "figures"), *error, *v, *m;
	const char *name;

	if (!g->prediction)
		return;
	error = json_object();
	json_object_foreach(g->prediction, name, v)
	{
		m = json_object_get(measured, name);
		if (json_is_number(m) && json_number_value(m) != 0)
			json_object_set_new(
				error, name,
				json_real((json_number_value(v) / json_number_value(m) - 1) * 100));
	}
	json_object_set_new(result, "predicted", json_pack("{s:O}", "figures", g->prediction));
	json_object_set_new(result, "error_pct", json_pack("{s:o}", "figures", error));
}

void guest_compare_show(const struct guest_run *g, const json_t *result)
{
	json_t *measured = json_object_get(json_object_get(result, "measured"), "figures"), *v, *m, *e;
	json_t *error = json_object_get(json_object_get(result, "error_pct"), "figures");
	const char *name;

	if (!g->prediction)
		return;
	fprintf(stderr, "%-24s %12s %12s %10s\n", "figure", "measured", "predicted", "error");
	json_object_foreach(g->prediction, name, v)
	{
		m = json_object_get(measured, name);
		e = json_object_get(error, name);
		if (e)
			fprintf(stderr, "%-24s %12.5g %12.5g %+9.2f%%\n", name, json_number_value(m),
				json_number_value(v), json_number_value(e));
		else
			fprintf(stderr, "%-24s %12s %12.5g %10s\n", name, m ? "0" : "not measured",
				json_number_value(v), "-");
	}
}
