/* SPDX-License-Identifier: BSD-2-Clause */
/* Bob Jenkins' lookup3 over whole words, as Linux' jhash2(). */
#include "snic_ref.h"

static uint32_t rol(uint32_t v, unsigned int n)
{
	return v << n | v >> (32 - n);
}

/* x -= z, x ^= z <<< n, z += y: six of these, each one on, are a round. */
static void mix(uint32_t *x, uint32_t y, uint32_t *z, unsigned int n)
{
	*x = (*x - *z) ^ rol(*z, n);
	*z += y;
}

static void last(uint32_t *x, uint32_t y, unsigned int n)
{
	*x = (*x ^ y) - rol(y, n);
}

uint32_t snic_ref_hash(const uint32_t *k, unsigned int n, uint32_t seed)
{
	uint32_t a = 0xdeadbeef + 4 * n + seed, b = a, c = a;

	for (; n > 3; n -= 3, k += 3) {
		a += k[0];
		b += k[1];
		c += k[2];
		mix(&a, b, &c, 4);
		mix(&b, c, &a, 6);
		mix(&c, a, &b, 8);
		mix(&a, b, &c, 16);
		mix(&b, c, &a, 19);
		mix(&c, a, &b, 4);
	}
	a += k[0];
	b += n > 1 ? k[1] : 0;
	c += n > 2 ? k[2] : 0;
	last(&c, b, 14);
	last(&a, c, 11);
	last(&b, a, 25);
	last(&c, b, 16);
	last(&a, c, 4);
	last(&b, a, 14);
	last(&c, b, 24);
	return c;
}
