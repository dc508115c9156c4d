/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes wrong on purpose: the faults that a run asks for, and what each of them does to a read of host memory. Each has
 * its own count of reads and its own random numbers, so that one more changes nothing for the others. No Verilator here.
 */
#ifndef SNIC_FAULTS_H
#define SNIC_FAULTS_H

#include <cstdint>
#include <vector>

#include "random.h"
#include "snic_sim.h"

/* What happens to one read; as it stands here, nothing. */
struct ReadFate {
	bool lost = false;
	uint64_t late_ps = 0;
};

class Faults {
public:
	explicit Faults(const snic_sim_config &cfg);

	/* A number for clear() and hits(), or -EINVAL. */
	int add(const snic_sim_fault &f);
	/* -1: all of them. False: there is none of this number. */
	bool clear(int id);
	uint64_t hits(int id) const;
	bool none() const { return list_.empty(); }

	/* A read is sent. Only when there are faults. */
	ReadFate read(uint64_t now_ps, uint8_t func, uint64_t addr, uint32_t len);

private:
	struct Fault {
		snic_sim_fault f;
		int id;
		Random random;
		uint64_t seen; /* reads of this function and address */
	};

	static bool hit(Fault &t, uint64_t now_ps, uint8_t func, uint64_t addr, uint32_t len);

	const uint64_t seed_;
	std::vector<Fault> list_;
	std::vector<uint64_t> hits_; /* by number, of those that are no more, too */
};

#endif
