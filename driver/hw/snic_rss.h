/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Receive side scaling: the card's Toeplitz key, and a function's spreading over its queues. */
#ifndef SNIC_RSS_H
#define SNIC_RSS_H

#include "snic_hw.h"

/* The key of Microsoft's published verification suite: any capture's hashes can be checked against tables. */
extern const u32 snic_rss_default_key[SNIC_RSS_KEY_DWORDS];

void snic_rss_set_key(const struct snic_hw *pf, const u32 key[SNIC_RSS_KEY_DWORDS]);

/*
 * The key outlives function resets, as the PF's tables do. A driver loads it before it fills a table and
 * clears it after it has emptied them all; so a key found at start says that the tables still hold what an
 * earlier driver left.
 */
bool snic_rss_key_loaded(const struct snic_hw *pf);

/* Indirection: the queue of each entry. */
void snic_rss_set_indir(const struct snic_hw *hw, const u8 queue[SNIC_RSS_INDIR]);

/* Entry i := i mod queues. */
void snic_rss_spread(const struct snic_hw *hw, u32 queues);

#endif
