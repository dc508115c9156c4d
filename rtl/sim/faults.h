/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What goes wrong on purpose: the faults that a run asks for, what each of them does to a read of host memory, and what
 * they make of the links. Each has its own count of reads and its own random numbers, so that one more changes nothing for
 * the others. No Verilator here.
 */
#ifndef SNIC_FAULTS_H
#define SNIC_FAULTS_H

#include <cstdint>
#include <vector>

#include "random.h"
#include "snic_sim.h"
#include "units.h"

/* Of a read's answer, as the device's ports have it: PCI Express' own codes, and one for data with EP set. */
enum CplStatus : uint8_t { kCplSC = 0, kCplUR = 1, kCplCA = 4, kCplPoison = 7 };

/* What happens to one read; as it stands here, nothing. */
struct ReadFate {
	bool lost = false, split = false;
	CplStatus status = kCplSC;
	uint16_t after = 0; /* bytes that come well before the error */
	uint64_t late_ps = 0, apart_ps = 0;
};

/* The links at a time. */
struct LinkState {
	bool down[2];
	uint32_t mps, mrrs;
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

	/* MPS and MRRS where no fault says otherwise. */
	void sizes(uint32_t mps, uint32_t mrrs);
	/* From link_due() on the links may be others than before; kNever: they stay. link_state() settles that. */
	uint64_t link_due() const { return link_due_; }
	LinkState link_state(uint64_t now_ps);

private:
	struct Fault {
		snic_sim_fault f;
		int id;
		Random random;
		uint64_t seen; /* reads of this function and address */
	};

	static bool in_time(const snic_sim_fault &f, uint64_t now_ps);
	static bool hit(Fault &t, uint64_t now_ps, uint8_t func, uint64_t addr, uint32_t len);
	static void apply(const snic_sim_fault &f, ReadFate *fate);

	const uint64_t seed_;
	const bool loop_;
	uint32_t mps_, mrrs_;
	std::vector<Fault> list_;
	std::vector<uint64_t> hits_; /* by number, of those that are no more, too */
	uint64_t link_due_ = kNever;
};

#endif
