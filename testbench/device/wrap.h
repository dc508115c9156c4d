/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts a frame into a tunnel, byte by byte from the RFCs. */
#ifndef WRAP_H
#define WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WRAP_VXLAN, WRAP_GENEVE, WRAP_NVGRE, WRAP_GRE, WRAP_N };

struct wrap {
	unsigned int kind;
	bool v6;
	unsigned int tags; /* of the outer frame */
	unsigned int
		options; /* GENEVE: so many words; GRE: a checksum's place when odd, and a sequence number above 2 */
	size_t trailer; /* bytes behind the outer datagram */
	size_t cut;	/* so many bytes of the end are not there, though the headers say so */
	uint16_t dport; /* 0: the kind's own */
};

#define WRAP_VNI 0x123456

/* The tunnel's end: outer destination. */
extern const uint8_t wrap_mac[6];
extern const uint32_t wrap_ip4[4], wrap_ip6[4];
extern const uint16_t wrap_dport[WRAP_N];

/* Returns the length; out has 160 bytes more than the frame. */
size_t wrap(const struct wrap *w, uint8_t *out, const uint8_t *inner, size_t len);

#endif
