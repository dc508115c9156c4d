/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of packed ports: Verilator hands them out as integers or as arrays of 32-bit words. lsb counts from
 * bit 0. */
#ifndef BITS_H
#define BITS_H

#include <cstdint>

#include "verilated.h"

static inline uint64_t bits_get(const uint32_t *w, unsigned lsb, unsigned width)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v |= uint64_t(w[(lsb + i) / 32] >> ((lsb + i) % 32) & 1) << i;
	return v;
}

static inline void bits_set(uint32_t *w, unsigned lsb, unsigned width, uint64_t v)
{
	for (unsigned i = 0; i < width; i++) {
		const uint32_t bit = 1u << ((lsb + i) % 32);

		if (v >> i & 1)
			w[(lsb + i) / 32] |= bit;
		else
			w[(lsb + i) / 32] &= ~bit;
	}
}

#endif
