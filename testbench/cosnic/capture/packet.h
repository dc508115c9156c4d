/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the outermost headers of a captured frame are, and its checksums: for what changes frames before they are replayed. */
#ifndef COSNIC_PACKET_H
#define COSNIC_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_TCP = 6, PACKET_UDP = 17, PACKET_ICMPV6 = 58 };

struct packet {
	size_t l3;	      /* where its IP header begins */
	unsigned int version; /* 4, 6; 0: no IP, or not all of its header */
	size_t l4;	      /* behind the IP header and extension headers */
	size_t end;	      /* of the IP datagram, within the frame */
	uint8_t proto;	      /* at l4 */
	bool fragment;	      /* any but a whole datagram */
	bool later;	      /* ... and not the first: there is no header at l4 */
	bool routed; /* a routing header, or a source route: addresses of the checksum may be others */
};

void packet_parse(const uint8_t *frame, size_t len, struct packet *p);
/* Of its TCP, UDP or ICMPv6 header, 0: it has none in this frame, or the header is not all there. */
size_t packet_checksum_at(const struct packet *p);
/* Ones' complement sum of 16-bit words, to be folded. */
uint64_t packet_sum(const uint8_t *b, size_t n, uint64_t sum);
uint16_t packet_fold(uint64_t sum);
/* Writes IPv4's and the layer 4 checksum as they should be; how many were not so. */
unsigned int packet_fix_checksums(uint8_t *frame, const struct packet *p);

static inline uint16_t packet_get16(const uint8_t *b)
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline void packet_put16(uint8_t *b, uint16_t v)
{
	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

#endif
