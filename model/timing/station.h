/* SPDX-License-Identifier: BSD-2-Clause */
/* What the stations share: the frame that goes through, time in picoseconds, busy time by station, result meters. */
#ifndef TIMING_STATION_H
#define TIMING_STATION_H

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <systemc>
#include <vector>

#include "params.h"
#include "pcie.h"
#include "snic_predict.h"

namespace timing {

struct Frame {
	snic_predict_frame f;
	snic_predict_dir dir;
	double in_ps;	     /* complete at the device's edge, or posted by the host */
	double ready_ps;     /* may enter the next station */
	bool last_of_line;   /* TX: its descriptor line ends with it */
	uint32_t line_count; /* TX: frames of that line */
	bool new_line;	     /* host egress: it asked for a descriptor line */
};

inline double now_ps()
{
	return sc_core::sc_time_stamp().to_seconds() * 1e12;
}

inline void wait_ps(double ps)
{
	if (ps > 0)
		sc_core::wait(sc_core::sc_time(ps, sc_core::SC_PS));
}

inline unsigned cells(uint32_t len)
{
	return (len + BeatBytes - 1) / BeatBytes;
}

/* Delivered frames of one direction: all of them, since the model's runs are short. */
struct Meter {
	struct Out {
		double ps;
		uint32_t len;
		double latency_ps;
	};
	std::vector<Out> out;
	uint64_t offered = 0, dropped = 0;
	double first_ps = 0, last_ps = 0, bytes = 0;

	void offer(uint32_t len, double ps)
	{
		if (!offered++)
			first_ps = ps;
		last_ps = ps;
		bytes += len;
	}
};

struct Shared {
	const snic_predict_config &cfg;
	double cycle_ps, link_ps_per_byte, wire_ps_per_byte;
	Meter meters[SNIC_PREDICT_N_DIR];

	explicit Shared(const snic_predict_config &c)
		: cfg(c), cycle_ps(1e6 / c.clock_mhz), link_ps_per_byte(pcie_ps_per_byte(c.pcie_gen, c.pcie_lanes)),
		  wire_ps_per_byte(8e3 / c.wire_gbps)
	{
	}
	double cycles(double n) const
	{
		return n * cycle_ps;
	}
	/* Nothing is left to do when all that went in came out. */
	bool drained() const
	{
		for (const Meter &m : meters)
			if (m.offered != m.out.size() + m.dropped)
				return false;
		return true;
	}
};

/* Work that a station did, to say which one limits. */
class Station : public sc_core::sc_module {
public:
	const char *label;
	double busy_ps = 0;
	Station(sc_core::sc_module_name name, const char *label_, Shared &s) : sc_module(name), label(label_), sh(s) {}

protected:
	Shared &sh;
	void serve(double ps)
	{
		busy_ps += ps;
		wait_ps(ps);
	}
};

using FrameFifo = sc_core::sc_fifo<Frame *>;

} // namespace timing

#endif
