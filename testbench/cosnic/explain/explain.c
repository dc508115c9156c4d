/* SPDX-License-Identifier: BSD-2-Clause */
#include "explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "cosnic.h"
#include "printable.h"
#include "replay.h"
#include "setup.h"
#include "spool.h"

#define MAX_COPIES (SNIC_N_FUNC + SNIC_N_PORT)

const char *const explain_labels[N_ROWS] = {
#define X(name, label) label,
	EXPLAIN_ROWS(X)
#undef X
};

void explain_add(struct explain_times *t, enum explain_row row, double from, double to, double gap)
{
	struct explain_span *last = t->n[row] ? &t->span[row][t->n[row] - 1] : NULL;

	/* what there is no place for belongs to the last */
	if (last && (from <= last->to + gap || t->n[row] == EXPLAIN_MAX_SPANS)) {
		last->from = from < last->from ? from : last->from;
		last->to = to > last->to ? to : last->to;
		return;
	}
	t->span[row][t->n[row]++] = (struct explain_span){ from, to };
}

/* FILE:N asks for record N. */
static void split(struct explain *e, char *arg)
{
	char *colon = strrchr(arg, ':');

	e->file = arg;
	e->record = 1;
	if (!colon || !colon[1] || colon[1 + strspn(colon + 1, "0123456789")])
		return;
	*colon = 0;
	e->record = strtoull(colon + 1, NULL, 10);
}

/* The frame of that record, as the run's traffic has it. */
static int find(struct explain *e, char *err, size_t err_size)
{
	struct traffic *t = traffic_open(e->o, e->dir, true);
	uint64_t last = 0;

	if (!t) {
		snprintf(err, err_size, "out of memory");
		return EXIT_CHECK;
	}
	while (last < e->record && !cosnic_interrupted && traffic_next(t, &e->frame))
		last = traffic_record(t);
	traffic_close(t);
	if (last == e->record)
		return EXIT_OK;
	if (last)
		snprintf(err, err_size,
			 "%s: there is no frame to follow in record %llu; the nearest is in record %llu",
			 e->file, (unsigned long long)e->record, (unsigned long long)last);
	else
		snprintf(err, err_size, "%s: there is no frame to follow; give a capture of Ethernet frames",
			 e->file);
	return EXIT_INPUT;
}

static void said(void *ctx, const char *table, const char *line)
{
	struct explain *e = ctx;

	if (e->n_lines == EXPLAIN_MAX_LINES)
		return;
	snprintf(e->line[e->n_lines].table, sizeof(e->line[0].table), "%s", table);
	snprintf(e->line[e->n_lines++].text, sizeof(e->line[0].text), "%s", line);
}

static int decide(struct explain *e)
{
	static struct snic_ref_out out[MAX_COPIES];
	const uint16_t src = (uint16_t)(e->dir == LANE_RX ? SNIC_VPORT_WIRE0 : e->frame.src_func);
	struct snic_ref *ref = setup_reference(e->o);
	int cause, n;

	if (!ref)
		return EXIT_CHECK;
	/* as the side that sends has it, and with the addresses that the run gave it */
	snic_ref_parse(e->frame.data, e->frame.len, src, &e->frame.parse);
	e->key = e->frame.parse.key;
	snic_ref_headers(e->frame.data, e->frame.len, &e->headers);
	snic_ref_say(ref, said, e);
	n = snic_ref_packet(ref, src, e->frame.data, e->frame.len, false, out, MAX_COPIES, &cause);
	e->n_out = (unsigned int)n;
	memcpy(e->out, out, sizeof(e->out));
	e->drop = n ? NULL : replay_stat_name((unsigned int)cause);
	snic_ref_destroy(ref);
	return EXIT_OK;
}

static int write_svg(const struct explain *e)
{
	FILE *f = fopen(e->o->svg, "w");
	int ret;

	if (f) {
		explain_svg(e, f);
		ret = ferror(f);
		if (!fclose(f) && !ret)
			return EXIT_OK;
	}
	fprintf(stderr, "cosnic: %s: %s; %s another --svg\n", e->o->svg, strerror(errno ? errno : ENOSPC),
		advice_write(errno ? errno : ENOSPC));
	return EXIT_INPUT;
}

static int follow(struct explain *e, char *err, size_t err_size)
{
	int ret = spool_files(e->o, err, err_size);

	if (!ret)
		ret = find(e, err, err_size);
	if (!ret)
		ret = decide(e);
	if (!ret && explain_measure(e, err, err_size))
		ret = EXIT_CHECK;
	if (!ret && explain_predict(e, err, err_size))
		ret = EXIT_CHECK;
	return ret;
}

int cmd_explain(const struct options *o)
{
	struct explain *e = calloc(1, sizeof(*e));
	char err[512] = "", line[512];
	int ret;

	if (!e)
		return EXIT_CHECK;
	e->o = o;
	e->dir = o->direction == DIR_TX ? LANE_TX : o->direction == DIR_VF2VF ? LANE_VF2VF : LANE_RX;
	split(e, o->files[0]);
	ret = follow(e, err, sizeof(err));
	if (err[0])
		fprintf(stderr, "cosnic: %s\n", printable(line, sizeof(line), err));
	if (!ret && !o->quiet)
		explain_text(e, stdout);
	if (!ret && o->svg)
		ret = write_svg(e);
	free(e);
	return ret;
}
