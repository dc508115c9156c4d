/* SPDX-License-Identifier: BSD-2-Clause */
#include "meter.h"

#include <string.h>

#define FCS 4
#define SUB_BITS 5 /* 32 buckets an octave: 3 % */

void meter_init(struct meter *m)
{
	memset(m, 0, sizeof(*m));
	m->step = 1;
	m->latency_min = UINT64_MAX;
}

/* When the points are used up, every other one goes and the step doubles. */
static void thin(struct meter *m)
{
	unsigned int i;

	for (i = 0; i < METER_POINTS / 2; i++)
		m->points[i] = m->points[2 * i];
	m->n_points = METER_POINTS / 2;
	m->step *= 2;
}

void meter_frame(struct meter *m, uint64_t len, uint64_t ps)
{
	m->packets++;
	m->bytes += len;
	if (m->packets <= m->next)
		return;
	if (m->n_points == METER_POINTS)
		thin(m);
	m->points[m->n_points].packets = m->packets;
	m->points[m->n_points].bytes = m->bytes;
	m->points[m->n_points++].ps = ps;
	m->next = m->packets - 1 + m->step;
}

static unsigned int bucket(uint64_t ps)
{
	uint64_t ns = ps / 1000;
	unsigned int octave;

	if (ns < 1u << SUB_BITS)
		return (unsigned int)ns;
	octave = 63 - (unsigned int)__builtin_clzll(ns);
	return ((octave - SUB_BITS + 1) << SUB_BITS) +
	       (unsigned int)(ns >> (octave - SUB_BITS) & ((1u << SUB_BITS) - 1));
}

static double bucket_ns(unsigned int b)
{
	unsigned int octave = b >> SUB_BITS, sub = b & ((1u << SUB_BITS) - 1);

	if (!octave)
		return sub;
	return (double)((uint64_t)((1u << SUB_BITS) + sub) << (octave - 1));
}

void meter_latency(struct meter *m, uint64_t ps)
{
	unsigned int b = bucket(ps);

	m->latency[b < METER_BUCKETS ? b : METER_BUCKETS - 1]++;
	m->n_latency++;
	if (ps < m->latency_min)
		m->latency_min = ps;
	if (ps > m->latency_max)
		m->latency_max = ps;
}

struct meter_rate meter_rate(const struct meter *m)
{
	unsigned int a = 0, b = m->n_points ? m->n_points - 1 : 0;
	struct meter_rate r = { 0, 0 };
	double ps, n;

	while (a < b && m->points[a].packets * 10 < m->packets)
		a++;
	while (b > a && m->points[b].packets * 20 > m->packets * 19)
		b--;
	if (b == a || m->points[b].ps <= m->points[a].ps)
		return r;
	ps = (double)(m->points[b].ps - m->points[a].ps);
	n = (double)(m->points[b].packets - m->points[a].packets);
	r.mpps = n / ps * 1e6;
	r.gbps = ((double)(m->points[b].bytes - m->points[a].bytes) + n * FCS) * 8e3 / ps;
	return r;
}

double meter_quantile_ns(const struct meter *m, double q)
{
	uint64_t want = (uint64_t)(q * (double)m->n_latency), seen = 0;
	double min = (double)m->latency_min / 1e3;
	unsigned int b;

	for (b = 0; b < METER_BUCKETS; b++) {
		seen += m->latency[b];
		/* a bucket is named by its lower end, which may lie below all that is in it */
		if (seen > want)
			return bucket_ns(b) < min ? min : bucket_ns(b);
	}
	return (double)m->latency_max / 1e3;
}
