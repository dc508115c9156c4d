/* SPDX-License-Identifier: BSD-2-Clause */
#include "meter.h"

#include <string.h>

#include "ethernet.h"

#define BIN_SHIFT 10 /* bins are about a nanosecond long at first: less than a frame */
#define SUB_BITS 5   /* 32 buckets an octave: 3 % */

void meter_init(struct meter *m)
{
	memset(m, 0, sizeof(*m));
	m->shift = BIN_SHIFT;
	m->latency_min = UINT64_MAX;
}

static void merge(struct meter_bin *to, const struct meter_bin *b)
{
	if (!b->packets)
		return;
	if (!to->packets || b->first_ps < to->first_ps) {
		to->first_ps = b->first_ps;
		to->first_len = b->first_len;
	}
	if (b->last_ps > to->last_ps)
		to->last_ps = b->last_ps;
	to->packets += b->packets;
	to->bytes += b->bytes;
}

/* When the bins are used up, each takes in its neighbour. */
static void widen(struct meter *m)
{
	unsigned int i;

	for (i = 0; i < METER_BINS / 2; i++) {
		struct meter_bin two = m->bins[2 * i];

		merge(&two, &m->bins[2 * i + 1]);
		m->bins[i] = two;
	}
	memset(m->bins + METER_BINS / 2, 0, sizeof(m->bins) / 2);
	m->shift++;
}

void meter_past(struct meter *m, uint32_t len, uint64_t ps)
{
	m->packets++;
	m->bytes += len;
	if (ps > m->last_ps)
		m->last_ps = ps;
}

void meter_frame(struct meter *m, uint32_t len, uint64_t ps)
{
	const struct meter_bin one = { 1, len, ps, ps, len };

	if (!m->metered++)
		m->start_ps = ps;
	meter_past(m, len, ps);
	if (ps < m->start_ps)
		ps = m->start_ps;
	while ((ps - m->start_ps) >> m->shift >= METER_BINS)
		widen(m);
	merge(&m->bins[(ps - m->start_ps) >> m->shift], &one);
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

struct meter_window meter_window(const struct meter *m)
{
	struct meter_window w = { 0, 0 };
	uint64_t before = 0, upto;
	unsigned int i;

	for (i = 0; i < METER_BINS; i++, before = upto) {
		const struct meter_bin *b = &m->bins[i];

		upto = before + b->packets;
		if (!b->packets)
			continue;
		if (before * 10 < m->metered && upto * 10 >= m->metered)
			w.from_ps = w.to_ps = b->first_ps;
		else if (upto * 20 <= m->metered * 19 && b->last_ps > w.to_ps && before * 10 >= m->metered)
			w.to_ps = b->last_ps;
	}
	return w;
}

struct meter_window meter_common(const struct meter *const *meters, unsigned int n)
{
	struct meter_window all = { 0, UINT64_MAX }, w;
	unsigned int i;

	for (i = 0; i < n; i++) {
		w = meter_window(meters[i]);
		if (w.to_ps <= w.from_ps)
			continue;
		if (w.from_ps > all.from_ps)
			all.from_ps = w.from_ps;
		if (w.to_ps < all.to_ps)
			all.to_ps = w.to_ps;
	}
	if (all.to_ps < all.from_ps)
		all.to_ps = all.from_ps;
	return all;
}

struct meter_window meter_shares(const struct meter *m, struct meter_window w, uint64_t last_offered_ps)
{
	uint64_t to = m->start_ps + (m->last_ps - m->start_ps) / 20 * 19;

	if (to > last_offered_ps)
		to = last_offered_ps;
	if (m->packets > m->metered && w.to_ps > w.from_ps && to > w.to_ps)
		w.to_ps = to;
	return w;
}

struct meter_rate meter_rate(const struct meter *m, struct meter_window w)
{
	struct meter_bin in = { 0 };
	struct meter_rate r = { 0 };
	unsigned int i;
	double ps;

	for (i = 0; i < METER_BINS; i++) {
		if (m->bins[i].first_ps < w.from_ps)
			r.before += m->bins[i].packets;
		else if (m->bins[i].last_ps <= w.to_ps)
			merge(&in, &m->bins[i]);
	}
	r.frames = in.packets;
	if (in.last_ps <= in.first_ps)
		return r;
	ps = (double)(in.last_ps - in.first_ps);
	r.mpps = (double)(in.packets - 1) / ps * 1e6;
	r.gbps = (double)(in.bytes - in.first_len + (in.packets - 1) * ETH_FCS) * 8e3 / ps;
	return r;
}

struct meter_rate meter_whole(const struct meter *m)
{
	double ps = (double)(m->last_ps - m->start_ps);

	if (!m->metered || ps <= 0)
		return (struct meter_rate){ 0 };
	return (struct meter_rate){ .mpps = (double)(m->packets - 1) / ps * 1e6,
				    .gbps = (double)(m->bytes + m->packets * ETH_FCS) * 8e3 / ps,
				    .frames = m->packets };
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

double meter_bucket_end_ns(unsigned int b)
{
	return bucket_ns(b + 1);
}
