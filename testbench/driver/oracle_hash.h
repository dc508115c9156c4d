/* SPDX-License-Identifier: BSD-2-Clause */
/* lookup3's hashword2() written from its paper description, step by step: what driver and RTL are held
 * against. */
#ifndef ORACLE_HASH_H
#define ORACLE_HASH_H

#include <stdint.h>

static inline void oracle_step(uint32_t *x, uint32_t minus, uint32_t rot, int sh)
{
	*x = (*x - minus) ^ (rot << sh | rot >> (32 - sh));
}

static inline void oracle_last(uint32_t *x, uint32_t y, int sh)
{
	*x = (*x ^ y) - (y << sh | y >> (32 - sh));
}

/* out[0] is c, out[1] is b */
static inline void oracle_hash(const uint32_t *k, unsigned int n, uint32_t seed, uint32_t out[2])
{
	static const int mix[6] = { 4, 6, 8, 16, 19, 4 }, fin[7] = { 14, 11, 25, 16, 4, 14, 24 };
	uint32_t v[3]; /* a, b, c */
	unsigned int i, s;

	v[0] = v[1] = v[2] = 0xdeadbeefu + n * 4 + seed;
	for (i = 0; i < n; i++) {
		v[i % 3] += k[i];
		if (i % 3 != 2 || i + 1 == n)
			continue;
		for (s = 0; s < 6; s++) {
			oracle_step(&v[s % 3], v[(s + 2) % 3], v[(s + 2) % 3], mix[s]);
			v[(s + 2) % 3] += v[(s + 1) % 3];
		}
	}
	for (s = 0; n && s < 7; s++)
		oracle_last(&v[(s + 2) % 3], v[(s + 1) % 3], fin[s]);
	out[0] = v[2];
	out[1] = v[1];
}

#endif
