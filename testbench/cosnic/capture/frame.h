/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds one Ethernet frame (without FCS) with right lengths and checksums. */
#ifndef COSNIC_FRAME_H
#define COSNIC_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

#define FRAME_MTU_MAX 9216
/* What a host gives to a card that cuts: an IP packet of 64 KiB, and what is in front of it. */
#define FRAME_LSO_MAX (65535 + 64)

struct frame_spec {
	uint8_t dmac[6], smac[6];
	uint32_t flow; /* picks addresses and ports; equal flow, equal headers */
	enum encap encap;
	size_t len;    /* bytes without FCS; raised to what the headers need */
	uint64_t fill; /* payload pattern: frames of one flow differ by it */
	bool tcp;      /* with time stamps; else UDP */
};

/* What the headers need, without FCS. */
size_t frame_min(enum encap e);
/* Returns the length; buf holds so many bytes, or a shortest frame. */
size_t frame_build(const struct frame_spec *s, uint8_t *buf);

#endif
