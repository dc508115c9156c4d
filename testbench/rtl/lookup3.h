/* SPDX-License-Identifier: BSD-2-Clause */
/* Bob Jenkins' lookup3 over dwords, from its published definition: c is the primary result, b the secondary. */
#ifndef LOOKUP3_H
#define LOOKUP3_H

#include <cstdint>

static inline uint32_t rol(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static inline void lookup3(const uint32_t *k, unsigned n, uint32_t seed, uint32_t *rc, uint32_t *rb)
{
	uint32_t a, b, c;

	a = b = c = 0xdeadbeef + (n << 2) + seed;
	for (; n > 3; n -= 3, k += 3) {
		a += k[0], b += k[1], c += k[2];
		a -= c, a ^= rol(c, 4), c += b, b -= a, b ^= rol(a, 6), a += c, c -= b, c ^= rol(b, 8),
			b += a;
		a -= c, a ^= rol(c, 16), c += b, b -= a, b ^= rol(a, 19), a += c, c -= b, c ^= rol(b, 4),
			b += a;
	}
	c += n > 2 ? k[2] : 0, b += n > 1 ? k[1] : 0, a += k[0];
	c ^= b, c -= rol(b, 14), a ^= c, a -= rol(c, 11), b ^= a, b -= rol(a, 25), c ^= b, c -= rol(b, 16);
	a ^= c, a -= rol(c, 4), b ^= a, b -= rol(a, 14), c ^= b, c -= rol(b, 24);
	*rc = c, *rb = b;
}

#endif
