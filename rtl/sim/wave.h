/* SPDX-License-Identifier: BSD-2-Clause */
/* Waveform of the device between two times. Only the trace build writes one. */
#ifndef SNIC_WAVE_H
#define SNIC_WAVE_H

#include <cstdint>
#include <memory>

class Glue;
class VerilatedFstC;

class Wave {
public:
	/* null: this build cannot, or the file cannot be written (errno says why) */
	static std::unique_ptr<Wave> open(Glue &glue, const char *path, uint64_t from_ps, uint64_t to_ps);
	~Wave();
	/* after eval(); closes the file when the time is over */
	void dump(uint64_t time_ps);

private:
	Wave(uint64_t from_ps, uint64_t to_ps);

	const uint64_t from_, to_;
	std::unique_ptr<VerilatedFstC> fst_;
};

#endif
