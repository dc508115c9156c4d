/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device: a Verilated top (glue.h) between the PCIe link and its MACs, and its clock.
 *
 * Edge n of the clock is at n periods. At an edge the harness drives what has arrived by then, lets the ports
 * settle, notes what moves, and clocks. Nothing else happens at any other time, so a run does not depend on
 * how it is cut into calls. While the device is quiescent the clock leaps to the edge at which something is
 * due; see step() for how it lands.
 */
#ifndef SNIC_CORE_H
#define SNIC_CORE_H

#include <memory>
#include <string>
#include <vector>

#include "mac.h"
#include "pcie_link.h"

class Glue;
class Host;
class VerilatedContext;
class Wave;

class Core {
public:
	Core(const snic_sim_config &cfg, const snic_sim_ops &ops, void *ctx);
	~Core();
	Core(const Core &) = delete;
	Core &operator=(const Core &) = delete;

	/* Reset, and run until the tables are clear. */
	bool init();
	bool run_until(uint64_t time_ps); /* not UINT64_MAX */
	bool mmio_read(uint8_t func, uint32_t offset, unsigned int size, uint64_t *value);
	uint64_t next_event() const;
	uint64_t next_delivery() const;
	int wave(const char *path, uint64_t from_ps, uint64_t to_ps);
	void stats(struct snic_sim_stats *out) const;
	uint32_t activity();

	uint64_t now() const { return now_; }
	/* inside a callback */
	bool running() const { return running_; }
	const std::string &error() const { return error_; }
	void fail(const std::string &what);
	PcieLink &link() { return link_; }
	const PcieLink &link() const { return link_; }
	unsigned int n_ports() const { return n_ports_; }
	Mac &mac(unsigned int port) { return mac_[port]; }
	const Mac &mac(unsigned int port) const { return mac_[port]; }

private:
	void enter();
	bool run_edges(uint64_t until_ps, bool until_answer);
	void step();
	void edge();
	void edges_beside();
	void drive();
	void deliver_tx(unsigned int port);
	void links();
	uint64_t moved() const;
	uint64_t arrival() const;
	bool on_its_way() const;
	bool waits();
	void watchdog();
	void leap(uint64_t until_ps);
	uint64_t device_time() const;
	uint64_t wake_cycle() const;
	uint64_t due_cycle() const;
	uint64_t cycle_time(uint64_t n) const;
	uint64_t cycle_at(uint64_t time_ps) const;
	void set_cycle(uint64_t n);

	const snic_sim_config cfg_;
	const snic_sim_ops ops_;
	void *const ctx_;
	const uint64_t period_num_, period_den_; /* ps, as a fraction */
	const uint64_t watchdog_;

	PcieLink link_;
	const unsigned int n_ports_;
	Mac mac_[SNIC_CARD_PORTS];
	std::unique_ptr<Host> host_;
	std::unique_ptr<VerilatedContext> context_;
	std::unique_ptr<Glue> glue_;
	std::unique_ptr<Wave> wave_;

	/* a clock beside: its period in ps is a fraction; its next edge */
	struct Clock {
		uint64_t num, den, next, next_ps;

		void to(uint64_t n)
		{
			next = n;
			next_ps = static_cast<uint64_t>(static_cast<unsigned __int128>(n) * num / den);
		}
	};
	std::vector<Clock> clocks_;

	uint64_t cycle_ = 0; /* of the next edge */
	uint64_t edge_ps_ = 0, edge_frac_ = 0;
	uint64_t now_ = 0;
	uint64_t cycles_run_ = 0;
	bool running_ = false;
	bool in_reset_ = false;
	bool idle_ = false; /* quiescent, and nothing was driven at the last edge */

	uint32_t mps_, mrrs_; /* as last sent to the device */
	uint64_t moved_seen_ = 0, moved_cycle_ = 0;
	bool slept_ = false; /* the watchdog has waited for wake_o since */
	std::string error_;
	struct VlReport *report_ = nullptr; /* of the thread that called */
};

#endif
