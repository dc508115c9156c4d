/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that a host captured before its card cut them (TSO, USO; or after its card joined them: LRO, GRO), cut into frames whose IP
 * packets fit an MTU. TCP: sequence numbers go on, FIN and PSH are the last one's, CWR the first one's, IPv4's identification
 * counts up. UDP: datagrams of their own, as with UDP_SEGMENT. Lengths and checksums are those of the new frames.
 */
#ifndef COSNIC_SEGMENT_H
#define COSNIC_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet.h"

struct segment {
	const uint8_t *frame;
	struct packet packet;
	size_t head;	/* bytes up to the payload */
	size_t payload; /* of each but the last */
	size_t at;	/* the next one's */
};

/*
 * Whether the frame's IP packet is longer than the MTU and can be cut: TCP or UDP, no fragment, headers that leave room. The frame
 * stays the caller's until the last segment.
 */
bool segment_begin(struct segment *s, const uint8_t *frame, size_t len, unsigned int mtu);
/* The next one, in out, which has room for the headers and the MTU; 0: no more. */
size_t segment_next(struct segment *s, uint8_t *out);

#endif
