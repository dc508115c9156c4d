/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings up the card by its driver and tells the reference the same configuration, each in its own words. */
#ifndef COSNIC_SETUP_H
#define COSNIC_SETUP_H

#include "options.h"
#include "snic_pmd.h"
#include "snic_ref.h"

/* Of every RX and TX buffer: FRAME_MAX and a VLAN tag, rounded up to 64 B. */
#define SETUP_BUF_BYTES 9280

/* Descriptors (log2) of each ring: enough to cover the host's latency on one queue, little memory on many. */
unsigned int setup_ring_log2(const struct options *o);
/* Masked rules of a run, and the masks that a search goes through. */
unsigned int setup_rules(const struct options *o);
unsigned int setup_masks(const struct options *o);
/* rule_ids gets the card's number of each rule; NULL: nobody asks. */
struct snic_pmd *setup_driver(const struct options *o, const struct snic_pmd_bus *bus, uint32_t *rule_ids,
			      char *err, size_t err_size);
struct snic_ref *setup_reference(const struct options *o);

#endif
