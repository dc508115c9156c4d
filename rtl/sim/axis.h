/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports as AXI-streams, for the glue of a card that has them: TLPs with the header in the data, as vendors' hard blocks and open PCIe
 * cores give them, and MACs. Words of 4 (MAC: 8) to 64 bytes. (Ports with header and data side by side need no help: snic_glue.cpp.)
 */
#ifndef SNIC_AXIS_H
#define SNIC_AXIS_H

#include <cstdint>
#include <cstring>
#include <vector>

#include "host.h"

struct AxisWord {
	const uint8_t *data = nullptr; /* 64 bytes may be read */
	uint32_t bytes = 0;	       /* of these so many count */
	bool last = false;
	bool bad = false; /* MAC, last word: damaged */
	uint8_t func = 0; /* TLP that is no completion: whose BAR it is for */

	/* tkeep, a bit a byte */
	uint64_t keep() const { return bytes >= 64 ? ~0ull : (1ull << bytes) - 1; }
};

/* Bytes of a word from the card, by its tkeep. */
inline uint32_t axis_bytes(uint64_t keep)
{
	return static_cast<uint32_t>(__builtin_popcountll(keep));
}

/*
 * TLPs as the Base Specification has them, chapter 2: the first word holds the header's dwords as numbers, DW0 lowest with Fmt and Type in
 * its bits 31:24. Payload follows the header without a gap, its first byte lowest (swap_payload: its dwords big endian, as 7-series'
 * blocks have it). A function's requester and completer id is its number. Memory requests come with offsets of the door for addresses.
 */
class AxisTlp {
public:
	explicit AxisTlp(uint32_t word_bytes, bool swap_payload = false)
		: width_(word_bytes), swap_(swap_payload)
	{
	}

	/* Configuration space, as it has reached the card. */
	bool bus_master[SNIC_CARD_FUNCS] = {};
	uint32_t mps = 0, mrrs = 0; /* 0: as they were configured */
	int flr = -1;		    /* the function that is reset at this edge; -1: none */

	/* Once an edge, first: the word that is there for the card. False: none. */
	bool rx(Host &h, AxisWord *w);
	/* The card has taken it. */
	void rx_taken();
	/* Something has been driven: a word, or configuration. */
	bool driven() const { return driven_; }

	bool tx_ready(const Host &h) const { return h.link.up_ready() && h.link.rd_ready(); }
	void tx(Host &h, const void *data, uint32_t bytes, bool last);
	/* A message of a function, behind what it has sent. */
	bool msix_ready(const Host &h) const { return h.link.up_ready(); }
	void msix(Host &h, uint8_t func, uint16_t vector);

private:
	struct Read {
		uint64_t addr;
		uint32_t left, done;
		uint8_t func;
	};

	void completion(Host &h);
	void request(const DownReq &r);
	void header(uint32_t fmt_type, uint32_t dwords, uint32_t flags = 0);
	void send(Host &h);
	void send_write(Host &h, uint64_t addr, const uint8_t *data, uint32_t dwords);
	void send_read(Host &h, uint64_t addr, uint32_t dwords);
	void send_completion(Host &h, bool has_data, const uint8_t *data, uint32_t dwords);
	void swap(uint8_t *p, uint32_t bytes) const;
	bool span(Host &h, uint32_t dwords, uint32_t *first, uint32_t *bytes) const;

	const uint32_t width_;
	const bool swap_;
	std::vector<uint8_t> rx_ =
		std::vector<uint8_t>(4096 + 256); /* the TLP that the card is being given */
	uint32_t rx_len_ = 0, rx_at_ = 0;
	uint8_t rx_func_ = 0;
	bool driven_ = false;
	std::vector<uint8_t> tx_; /* the TLP that the card is sending */
	Read reads_[1024] = {};	  /* by tag */
	bool upper_ = false;	  /* the register access that is out is of a qword's upper half */
	uint8_t mmio_tag_ = 0;
};

/* A wire port as a pair of AXI-streams. What comes from the wire cannot wait. */
class AxisMac {
public:
	AxisMac(unsigned int port, uint32_t word_bytes) : port_(port), width_(word_bytes) {}

	/* Once an edge: the word for the card. */
	bool rx(Host &h, AxisWord *w);
	bool tx_ready(const Host &h) const { return h.tx_ready(port_); }
	void tx(Host &h, const void *data, uint32_t bytes, bool last);

private:
	const unsigned int port_;
	const uint32_t width_;
	uint8_t rx_[64];
	uint32_t rx_len_ = 0, rx_at_ = 0;
	bool rx_eop_ = false, rx_bad_ = false;
	uint8_t tx_[64 + 64];
	uint32_t tx_len_ = 0;
	bool tx_open_ = false;
};

#endif
