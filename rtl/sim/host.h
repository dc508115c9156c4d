/* SPDX-License-Identifier: BSD-2-Clause */
/* What a card's glue sees of the kit. No Verilator here. */
#ifndef SNIC_HOST_H
#define SNIC_HOST_H

#include <string>

#include "mac.h"
#include "pcie_link.h"

/* What is at the other end of the card's ports, and the time. */
class Host {
public:
	Host(PcieLink &pcie, Mac *macs) : link(pcie), mac(macs) {}

	PcieLink &link;
	Mac *const mac;	      /* one a wire port */
	uint64_t time_ps = 0; /* of this edge */
	uint64_t cycle = 0;   /* the card's own time: 48 bits, it wraps */
	/* TLPs as they pass, SNIC_SIM_PASSED_*: a bit each */
	uint32_t passed = 0;
	uint64_t wire_moves = 0;
	std::string error;

	/* The beat that port has for the card at this edge; it is taken. False: none. */
	bool rx(unsigned int port, Mac::RxBeat *b)
	{
		Mac &m = mac[port];

		while (m.rx_due() <= time_ps && m.rx_lost())
			m.rx_drop();
		if (m.rx_due() > time_ps)
			return false;
		m.rx_beat(b);
		m.rx_beat_pop();
		passed |= 1u << (SNIC_SIM_PASSED_RX + port);
		wire_moves++;
		return true;
	}
	bool tx_ready(unsigned int port) const { return mac[port].tx_ready(time_ps); }
	/* A beat that leaves the card by port at this edge. */
	void tx(unsigned int port, bool sop, bool eop, uint32_t bytes, const void *data)
	{
		passed |= 1u << (SNIC_SIM_PASSED_TX + port);
		wire_moves++;
		if (!mac[port].tx_beat(time_ps, sop, eop, bytes, data))
			error = "wire " + std::to_string(port) +
				": start, end and length of a sent frame do not fit";
	}
};

#endif
