/* SPDX-License-Identifier: BSD-2-Clause */
/* Random numbers that a seed fixes (splitmix64). */
#ifndef SNIC_RANDOM_H
#define SNIC_RANDOM_H

#include <cstdint>

class Random {
public:
	explicit Random(uint64_t seed) : state_(seed) {}

	uint64_t next()
	{
		uint64_t z = state_ += 0x9e3779b97f4a7c15ull;

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
		z = (z ^ z >> 27) * 0x94d049bb133111ebull;
		return z ^ z >> 31;
	}

private:
	uint64_t state_;
};

#endif
