// SPDX-License-Identifier: BSD-2-Clause
// What the card's parser should say, if tshark is right about a frame.
#ifndef VIEW_H
#define VIEW_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tshark.h"

using Address = std::array<uint8_t, 16>; // IPv4 in the last four

// Checksum of a layer, as tshark's checksum.status numbers it.
enum Sum {
	SUM_BAD = 0,
	SUM_GOOD = 1,
	SUM_UNVERIFIED = 2,
	SUM_NOT_PRESENT = 3,
	SUM_ILLEGAL = 4,
	SUM_NO_LAYER = 9
};

// From the start of their header on; where they begin and end in the frame.
struct Options {
	size_t header, begin, end;
};

struct View {
	unsigned l3[2] = {}, l4[2] = {}, tun = 0;
	// tshark's checksum.status
	unsigned l3sum[2] = { SUM_NO_LAYER, SUM_NO_LAYER }, l4sum[2] = { SUM_NO_LAYER, SUM_NO_LAYER };
	bool tagged = false, ad = false;
	unsigned tci = 0;
	// innermost
	uint64_t dmac = 0, smac = 0;
	unsigned type = 0, vlan = 0, proto = 0, tos = 0, sport = 0, dport = 0, tun_id = 0;
	bool has_vlan = false, frag = false;
	bool type_known = true; // tshark does not print what follows an 802.1ad tag
	Address sip = {}, dip = {}, tun_sip = {}, tun_dip = {};
	bool rerouted[2] = {};		 // a routing header has segments left
	std::vector<Options> options[2]; // of IPv4, and IPv6 destination options
	// What a verdict may depend on: where the datagram ends in the frame (0: not known), how much of it is left for L4, UDP's
	// length and ICMP's first four bytes.
	size_t ip_end[2] = {}, l4_room[2] = {};
	unsigned udp_len[2] = {}, icmp_word[2] = {};
	bool cut = false; // tshark could not go as far as the headers that it read say
};

// As of each layer, the last one is all of it: a parser that stops early says what one of those before says.
std::vector<View> views_of(const Dissection &d);

#endif
