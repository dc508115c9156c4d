/* SPDX-License-Identifier: BSD-2-Clause */
/* Toeplitz hash over addresses and ports, bit by bit as its definition says. */
#include "snic_ref.h"

static uint32_t toeplitz(const uint8_t key[40], const uint8_t *in, unsigned int n)
{
	uint32_t hash = 0;
	unsigned int i, b;

	for (i = 0; i < n; i++) {
		/* the 40 bits of the key that the windows of this byte's bits lie in */
		uint64_t k = (uint64_t)key[i] << 32 | (uint32_t)key[i + 1] << 24 | key[i + 2] << 16 |
			     key[i + 3] << 8 | key[i + 4];

		/* a mask and not a branch: the bits are random, so every other branch would be guessed wrong */
		for (b = 0; b < 8; b++)
			hash ^= (uint32_t)(k >> (8 - b)) & -(uint32_t)(in[i] >> (7 - b) & 1);
	}
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

uint32_t snic_ref_rss(const uint8_t key[40], const struct snic_ref_parse *p)
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
