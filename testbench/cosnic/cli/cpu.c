/* SPDX-License-Identifier: BSD-2-Clause */
/* A program that was built for another CPU says so, in place of "Illegal instruction": before anything else of it runs. */
#include <unistd.h>

#include "cosnic.h"

#define PRIORITY 101 /* the first that a program may have */

__attribute__((constructor(PRIORITY))) static void cpu_check(void)
{
#define SAY(words)                                                                                           \
	if (write(STDERR_FILENO, words, sizeof(words) - 1) < 0)                                              \
	return
#define NEEDS(feature)                                                                                       \
	if (!__builtin_cpu_supports(feature)) {                                                              \
		SAY("cosnic: built for CPUs with " feature ", which this one has not; build it here, "       \
		    "or with MARCH=x86-64-v2\n");                                                            \
		_exit(EXIT_INPUT);                                                                           \
	}
	__builtin_cpu_init();
#ifdef __SSE4_2__
	NEEDS("sse4.2")
#endif
#ifdef __AVX__
	NEEDS("avx")
#endif
#ifdef __AVX2__
	NEEDS("avx2")
#endif
#ifdef __BMI2__
	NEEDS("bmi2")
#endif
#ifdef __FMA__
	NEEDS("fma")
#endif
#ifdef __AVX512F__
	NEEDS("avx512f")
#endif
#ifdef __AVX512BW__
	NEEDS("avx512bw")
#endif
#ifdef __AVX512VL__
	NEEDS("avx512vl")
#endif
}
