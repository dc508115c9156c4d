/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the card's TIME register again and again, and says how long it is from one read to the next: by that register, in
 * the card's cycles, and by the CPU's own counter. It runs in the guest: read_time RESOURCE0
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <x86intrin.h>

#include "snic_contract.h"

#define READS 64

static void show(const char *what, const uint64_t *at)
{
	uint64_t least = UINT64_MAX, most = 0, gap;
	int i;

	for (i = 1; i < READS; i++) {
		gap = at[i] - at[i - 1];
		least = gap < least ? gap : least;
		most = gap > most ? gap : most;
	}
	printf("%s %llu %llu\n", what, (unsigned long long)least, (unsigned long long)most);
}

int main(int argc, char **argv)
{
	uint64_t cycles[READS], tsc[READS];
	int fd = argc == 2 ? open(argv[1], O_RDWR | O_SYNC) : -1, i;
	volatile const uint32_t *time;
	const uint8_t *regs;

	regs = fd < 0 ? MAP_FAILED : mmap(NULL, SNIC_BAR_BYTES, PROT_READ, MAP_SHARED, fd, 0);
	if (regs == MAP_FAILED) {
		perror(argc == 2 ? argv[1] : "usage: read_time RESOURCE0");
		return 1;
	}
	time = (const uint32_t *)(regs + SNIC_REG_TIME_LO);
	for (i = 0; i < READS; i++) {
		cycles[i] = *time;
		tsc[i] = __rdtsc();
	}
	show("cycles", cycles);
	show("tsc", tsc);
	close(fd);
	return 0;
}
