/* SPDX-License-Identifier: BSD-2-Clause */
/* An Ethernet header in place of another link layer's: RAW, NULL, LOOP, PPP, Linux cooked captures. */
#ifndef COSNIC_LINKHDR_H
#define COSNIC_LINKHDR_H

#include "capfile.h"

/*
 * The first n bytes of the record, with the new header, into out; *len: how many. NULL: done; else why not. Addresses are made
 * up, unless the old header has them.
 */
const char *linkhdr_ethernet(const struct capfile_record *r, uint32_t n, uint8_t *out, size_t room,
			     size_t *len);

#endif
