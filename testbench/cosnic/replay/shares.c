/* SPDX-License-Identifier: BSD-2-Clause */
#include "shares.h"

#include <math.h>
#include <string.h>

#include "ethernet.h"

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
		struct shares_slot *slot = s->slots[f];

		for (i = 0; i < SHARES_SLOTS / 2; i++)
			slot[i] = (struct shares_slot){ slot[2 * i].packets + slot[2 * i + 1].packets,
							slot[2 * i].bytes + slot[2 * i + 1].bytes };
		memset(slot + SHARES_SLOTS / 2, 0, sizeof(s->slots[f]) / 2);
	}
	s->shift++;
}

void shares_frame(struct shares *s, unsigned int func, uint32_t len, uint64_t ps)
{
	struct shares_slot *slot;

	if (!s->start_ps)
		s->start_ps = ps;
	if (ps < s->start_ps)
		ps = s->start_ps;
	while ((ps - s->start_ps) >> s->shift >= SHARES_SLOTS)
		widen(s);
	slot = &s->slots[func][(ps - s->start_ps) >> s->shift];
	slot->packets++;
	slot->bytes += len + ETH_FCS;
	s->packets[func]++;
}

struct meter_rate shares_rate(const struct shares *s, unsigned int func, struct meter_window w)
{
	uint64_t from, packets = 0, bytes = 0, used = 0, i;
	double ps;

	for (i = 0; i < SHARES_SLOTS; i++) {
		from = s->start_ps + (i << s->shift);
		if (from < w.from_ps || from + (1ull << s->shift) > w.to_ps)
			continue;
		packets += s->slots[func][i].packets;
		bytes += s->slots[func][i].bytes;
		used++;
	}
	if (!used)
		return (struct meter_rate){ 0 };
	ps = (double)(used << s->shift);
	return (struct meter_rate){ .mpps = (double)packets / ps * 1e6,
				    .gbps = (double)bytes * 8e3 / ps,
				    .frames = packets };
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
