/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is changed in each frame of a capture before it is replayed, by the names of tcprewrite(1): MAC addresses, VLAN tags, IP addresses,
 * checksums. Checksums that were right stay right, and wrong ones wrong, unless they are to be repaired.
 */
#ifndef COSNIC_EDIT_H
#define COSNIC_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EDIT_MAX_NETS 16

/* An address within `from` gets the first `to_bits` bits of `to` in place of its own. */
struct edit_net {
	unsigned int version; /* 4, 6 */
	uint8_t from[16], to[16];
	unsigned int from_bits, to_bits;
	bool source, destination; /* whose addresses */
};

enum edit_vlan { EDIT_VLAN_KEEP, EDIT_VLAN_ADD, EDIT_VLAN_DEL };

struct edit {
	bool has_dmac, has_smac;
	uint8_t dmac[6], smac[6];
	enum edit_vlan vlan;
	unsigned int vlan_tag, vlan_pri, vlan_cfi;
	bool has_vlan_tag, has_vlan_pri, has_vlan_cfi;
	unsigned int vlan_proto; /* EtherType of a new tag */
	struct edit_net net[EDIT_MAX_NETS];
	unsigned int n_net;
	bool fixcsum;
};

/* Room that a frame must have behind its end. */
#define EDIT_GROWS 4

/* Whether it changes anything. */
bool edit_any(const struct edit *e);
/* FROM:TO[,FROM:TO...], networks as A.B.C.D/N or [IPv6/N]; NULL, or what is wrong. */
const char *edit_nets(struct edit *e, const char *text, bool source, bool destination);
const char *edit_mac(const char *text, uint8_t mac[6]);
/* Changes the frame, of 14 bytes or more; returns its new length. *fixed counts frames whose checksums were repaired. */
size_t edit_frame(const struct edit *e, uint8_t *frame, size_t len, uint64_t *fixed);

#endif
