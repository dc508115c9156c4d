/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Toeplitz hash over addresses and ports: each set bit of the input adds the 32 bits of the key that start at its place.
 * What the four bits of a nibble add up to is worked out once for a key.
 */
#include <string.h>

#include "snic_ref.h"

/* The 32 bits of the key from bit `at`. */
static uint32_t window(const uint8_t key[40], unsigned int at)
{
	const uint8_t *k = key + at / 8;
	uint64_t bits = (uint64_t)k[0] << 32 | (uint32_t)k[1] << 24 | k[2] << 16 | k[3] << 8 | k[4];

	return (uint32_t)(bits >> (8 - at % 8));
}

void snic_ref_rss_key(struct snic_ref_rss_key *t, const uint8_t key[40])
{
	unsigned int i, v, b;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < SNIC_REF_RSS_NIBBLES; i++)
		for (v = 0; v < 16; v++)
			for (b = 0; b < 4; b++)
				if (v >> (3 - b) & 1)
					t->nibble[i][v] ^= window(key, 4 * i + b);
}

static uint32_t toeplitz(const struct snic_ref_rss_key *t, const uint8_t *in, unsigned int n)
{
	uint32_t hash = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		hash ^= t->nibble[2 * i][in[i] >> 4] ^ t->nibble[2 * i + 1][in[i] & 15];
	return hash;
}

/* The low `bytes` of a 128-bit key field, in network order. */
static unsigned int put_addr(uint8_t *out, const struct snic_flow_key *k, unsigned int lsb,
			     unsigned int bytes)
{
	unsigned int i;

	for (i = 0; i < bytes; i++)
		out[i] = (uint8_t)(k->dw[lsb / 32 + (bytes - 1 - i) / 4] >> 8 * ((bytes - 1 - i) % 4));
	return bytes;
}

uint32_t snic_ref_rss(const struct snic_ref_rss_key *key, const struct snic_ref_parse *p)
{
	uint64_t l3 = snic_key_get(&p->key, SNIC_K(L3)), l4 = snic_key_get(&p->key, SNIC_K(L4)), port;
	unsigned int bytes = l3 == SNIC_L3_IPV6 ? 16 : 4, n = 0;
	uint8_t in[36];

	if (l3 == SNIC_L3_NONE)
		return 0;
	n += put_addr(in + n, &p->key, SNIC_KEY_SIP_LSB, bytes);
	n += put_addr(in + n, &p->key, SNIC_KEY_DIP_LSB, bytes);
	if ((l4 == SNIC_L4_TCP || l4 == SNIC_L4_UDP) && !snic_key_get(&p->key, SNIC_K(FRAG))) {
		port = snic_key_get(&p->key, SNIC_K(SPORT));
		in[n++] = (uint8_t)(port >> 8);
		in[n++] = (uint8_t)port;
		port = snic_key_get(&p->key, SNIC_K(DPORT));
		in[n++] = (uint8_t)(port >> 8);
		in[n++] = (uint8_t)port;
	}
	return toeplitz(key, in, n);
}
