/* SPDX-License-Identifier: BSD-2-Clause */
#include "shares.h"

#include <math.h>
#include <string.h>

#define SLOT_SHIFT 14 /* 16 ns at first */

void shares_init(struct shares *s)
{
	memset(s, 0, sizeof(*s));
	s->shift = SLOT_SHIFT;
}

/* When the slots are used up, each takes in its neighbour. */
static void widen(struct shares *s)
{
	unsigned int f, i;

	for (f = 0; f < SNIC_N_FUNC; f++) {
		for (i = 0; i < SHARES_SLOTS / 2; i++)
			s->slots[f][i] = s->slots[f][2 * i] + s->slots[f][2 * i + 1];
		memset(s->slots[f] + SHARES_SLOTS / 2, 0, sizeof(s->slots[f]) / 2);
	}
	s->shift++;
}

void shares_frame(struct shares *s, unsigned int func, uint64_t ps)
{
	if (!s->start_ps)
		s->start_ps = ps;
	if (ps < s->start_ps)
		ps = s->start_ps;
	while ((ps - s->start_ps) >> s->shift >= SHARES_SLOTS)
		widen(s);
	s->slots[func][(ps - s->start_ps) >> s->shift]++;
	s->packets[func]++;
}

double shares_mpps(const struct shares *s, unsigned int func, struct meter_window w)
{
	uint64_t from, packets = 0, used = 0, i;

	for (i = 0; i < SHARES_SLOTS; i++) {
		from = s->start_ps + (i << s->shift);
		if (from < w.from_ps || from + (1ull << s->shift) > w.to_ps)
			continue;
		packets += s->slots[func][i];
		used++;
	}
	return used ? (double)packets / (double)(used << s->shift) * 1e6 : 0;
}

/* Jain, Chiu, Hawe 1984. */
double shares_jain(const double *rates, size_t n)
{
	double sum = 0, squares = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		sum += rates[i];
		squares += rates[i] * rates[i];
	}
	return squares > 0 ? sum * sum / ((double)n * squares) : NAN;
}
