/* SPDX-License-Identifier: BSD-2-Clause */
/* Which records of a capture are replayed: a filter of libpcap's language, numbers as Wireshark counts them. */
#ifndef COSNIC_PICK_H
#define COSNIC_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capfile.h"

#define PICK_MAX_RANGES 64

struct pick {
	const char *filter; /* NULL: none */
	struct {
		uint64_t from, to;
	} range[PICK_MAX_RANGES];
	unsigned int n_range; /* 0: all */
};

/* A,B-C,D-: records of each file, from 1. NULL, or what is wrong. */
const char *pick_ranges(struct pick *p, const char *text);
/* NULL, or what pcap_compile() says of it, for Ethernet. */
const char *pick_filter(struct pick *p, const char *expression);

/* The filter as it was compiled for each link type that came. */
struct pick_filters;
struct pick_filters *pick_open(const struct pick *p);
void pick_close(struct pick_filters *f);
/* Whether it is to be replayed: record number of its file, as it was captured. A filter that its link type has not takes none. */
bool pick_wants(struct pick_filters *f, uint64_t number, const struct capfile_record *r);

#endif
