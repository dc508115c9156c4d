/* SPDX-License-Identifier: BSD-2-Clause */
#include "stations.h"

#include <string.h>

#define FULL 0.9      /* a station that is at work so much of the time can do no more */
#define HELD 0.05     /* held up for less is the ordinary give and take of a pipeline */
#define HELD_FULL 0.1 /* ... beside so much work */
#define EQUAL 0.005   /* as much to do: the first one of the table */

#define MAX_UNITS 4
#define BUSY (-1)

static const struct {
	unsigned int index, station, unit;
	int by; /* BUSY, or the station that holds it up */
} counters[] = {
#define UTIL_BUSY(name, index, station, unit, str, why) { index, SNIC_STATION_##station, unit, BUSY },
#define UTIL_STALL(name, index, station, unit, by, str, why)                                                 \
	{ index, SNIC_STATION_##station, unit, SNIC_STATION_##by },
#include "snic_util.def"
};

static double held(const struct station_use *u)
{
	double sum = 0;
	unsigned int by;

	for (by = 0; by < SNIC_N_STATION; by++)
		sum += u->stalled[by];
	return sum;
}

static double least(double share)
{
	return share < 1 ? share : 1;
}

static double most(double a, double b)
{
	return a > b ? a : b;
}

/* What the counters say of each unit. A link that holds up its own station is full or not by what it carries. */
static void read_units(const struct stations_in *in, struct station_use units[SNIC_N_STATION][MAX_UNITS])
{
	size_t i;

	for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		struct station_use *u = &units[counters[i].station][counters[i].unit];
		double share = least((double)in->util[counters[i].index - SNIC_UTIL_BASE] / in->cycles);

		if (counters[i].by == BUSY)
			u->busy = share;
		else if (counters[i].by != (int)counters[i].station)
			u->stalled[counters[i].by] = share;
	}
	for (i = 0; i < SNIC_N_PORT; i++) {
		units[SNIC_STATION_WIRE_IN][i].busy =
			most(units[SNIC_STATION_WIRE_IN][i].busy, in->wire_in[i]);
		units[SNIC_STATION_WIRE_OUT][i].busy =
			most(units[SNIC_STATION_WIRE_OUT][i].busy, in->wire_out[i]);
	}
	units[SNIC_STATION_PCIE_UP][0].busy = most(units[SNIC_STATION_PCIE_UP][0].busy, in->pcie_up);
	units[SNIC_STATION_PCIE_DOWN][0].busy = most(units[SNIC_STATION_PCIE_DOWN][0].busy, in->pcie_down);
}

/*
 * The host does no work in cycles of the card: it is as busy as somebody waits for it, or, when it sends, as no ring has
 * anything to send.
 */
static double host_busy(const struct stations_in *in, struct station_use units[SNIC_N_STATION][MAX_UNITS])
{
	double busy = in->sends ? 1 - units[SNIC_STATION_HOST][0].busy : 0;
	unsigned int i, u;

	for (i = 0; i < SNIC_N_STATION; i++)
		for (u = 0; u < MAX_UNITS; u++)
			busy = most(busy, units[i][u].stalled[SNIC_STATION_HOST]);
	return busy;
}

/* From the one that is held up most, along whom it waits for. */
static unsigned int walk(const struct stations *s, unsigned int from)
{
	bool seen[SNIC_N_STATION] = { false };
	unsigned int at = from, by, next;

	while (!seen[at] && held(&s->use[at]) >= HELD) {
		seen[at] = true;
		for (next = 0, by = 1; by < SNIC_N_STATION; by++)
			if (s->use[at].stalled[by] > s->use[at].stalled[next])
				next = by;
		at = next;
	}
	return at;
}

/*
 * A station that is always at work limits, unless it waits itself; of several, the one that has most to do. Tags are out
 * because the link with the answers is full, when it is. When there is none, somebody waits for what does no work of
 * its own; when nobody waits, more did not come.
 */
static unsigned int find_limit(const struct stations *s, bool sends)
{
	bool link_full =
		s->use[SNIC_STATION_PCIE_UP].busy >= FULL || s->use[SNIC_STATION_PCIE_DOWN].busy >= FULL;
	unsigned int i, best = SNIC_N_STATION, worst = 0;

	for (i = 0; i < SNIC_N_STATION; i++) {
		if (held(&s->use[i]) > held(&s->use[worst]))
			worst = i;
		if (s->use[i].busy < FULL || held(&s->use[i]) >= HELD_FULL || i == SNIC_STATION_HOST ||
		    (i == SNIC_STATION_DMA_TAGS && link_full))
			continue;
		if (best == SNIC_N_STATION || s->use[i].busy > s->use[best].busy + EQUAL)
			best = i;
	}
	if (best != SNIC_N_STATION)
		return best;
	if (held(&s->use[worst]) >= HELD) {
		worst = walk(s, worst);
		/* ... or for a part of the run: tags that are out for less of it than the link carries answers wait for it */
		if (worst == SNIC_STATION_DMA_TAGS &&
		    s->use[SNIC_STATION_PCIE_DOWN].busy > s->use[SNIC_STATION_DMA_TAGS].busy)
			return SNIC_STATION_PCIE_DOWN;
		return worst;
	}
	return sends ? SNIC_STATION_HOST : SNIC_STATION_WIRE_IN;
}

void stations_judge(const struct stations_in *in, struct stations *out)
{
	struct station_use units[SNIC_N_STATION][MAX_UNITS] = { 0 };
	unsigned int i, u;

	memset(out, 0, sizeof(*out));
	out->limit = STATIONS_UNKNOWN;
	if (in->cycles <= 0)
		return;
	read_units(in, units);
	for (i = 0; i < SNIC_N_STATION; i++) {
		out->use[i] = units[i][0];
		for (u = 1; u < MAX_UNITS; u++)
			if (units[i][u].busy + held(&units[i][u]) > out->use[i].busy + held(&out->use[i]))
				out->use[i] = units[i][u];
	}
	out->use[SNIC_STATION_HOST].busy = host_busy(in, units);
	out->limit = find_limit(out, in->sends);
}
