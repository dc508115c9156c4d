/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame alone through the timing model. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ethernet.h"
#include "explain.h"
#include "predict.h"

static int by_start(const void *a, const void *b)
{
	const struct snic_predict_span *x = a, *y = b;

	return (x->from_ps > y->from_ps) - (x->from_ps < y->from_ps);
}

static enum explain_row row_of(const struct explain *e, unsigned int station)
{
	switch (station) {
	case SNIC_STATION_WIRE_IN:
		return ROW_WIRE_IN;
	case SNIC_STATION_PARSER:
		return ROW_PARSER;
	case SNIC_STATION_FLOW_TABLE:
	case SNIC_STATION_RULE_SEARCH:
	case SNIC_STATION_FORWARD:
		return ROW_PIPE;
	case SNIC_STATION_TX_ENGINE:
		return ROW_TX_ENGINE;
	case SNIC_STATION_RX_ENGINE:
	case SNIC_N_STATION:
		return ROW_RX_ENGINE;
	case SNIC_STATION_DMA_TAGS:
		return e->dir == LANE_RX ? ROW_RX_READ : ROW_TX_READ;
	case SNIC_STATION_WIRE_OUT:
		return ROW_WIRE_OUT;
	case SNIC_STATION_HOST:
		return ROW_HOST;
	default:
		return N_ROWS;
	}
}

/*
 * Between two things that the model has a station do the frame is inside, too: the card's bit says so all the time. (Not while
 * its completion waits for others: that is a deadline in a list.)
 */
static bool all_the_time(unsigned int station)
{
	return station == SNIC_STATION_PARSER || station == SNIC_STATION_FLOW_TABLE ||
	       station == SNIC_STATION_RULE_SEARCH || station == SNIC_STATION_FORWARD ||
	       station == SNIC_STATION_TX_ENGINE || station == SNIC_STATION_RX_ENGINE;
}

int explain_predict(struct explain *e, char *err, size_t err_size)
{
	static struct snic_predict_result p;
	const double cycle = 1e3 / e->o->sim.clock_mhz, gap = ETH_GAP * 8.0 / e->o->sim.wire_gbps;
	unsigned int i, d;
	int ret = predict_one(e->o, e->dir, &e->frame, &p);

	if (ret) {
		snprintf(err, err_size, "no prediction: %s", strerror(-ret));
		return ret;
	}
	qsort(p.spans, p.n_spans, sizeof(p.spans[0]), by_start);
	for (i = 0; i < p.n_spans; i++) {
		const enum explain_row row = row_of(e, p.spans[i].station);
		double to = p.spans[i].to_ps / 1e3;

		if (row == N_ROWS)
			continue;
		/* the model's wire is busy until the next frame may come */
		if (row == ROW_WIRE_IN || row == ROW_WIRE_OUT)
			to -= gap;
		explain_add(&e->predicted, row, p.spans[i].from_ps / 1e3, to,
			    all_the_time(p.spans[i].station) ? 1e9 : 2 * cycle);
	}
	if (e->dir != LANE_RX && p.n_spans && e->predicted.n[ROW_TX_ENGINE])
		explain_add(&e->predicted, ROW_DOORBELL, 0, e->predicted.span[ROW_TX_ENGINE][0].from, 0);
	for (d = 0; d < SNIC_PREDICT_N_DIR; d++)
		if (p.flow[d].delivered && !e->predicted.latency)
			e->predicted.latency = p.flow[d].latency_ns_min;
	return 0;
}
