/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A transmit ring as its writers see it: under the queue's xmit lock. */
#ifndef SNIC_TX_H
#define SNIC_TX_H

#include "snic.h"

static inline u32 snic_tx_room(const struct snic_tx_ring *tx)
{
	/* pairs with snic_tx_clean() */
	u16 clean = smp_load_acquire(&tx->clean);

	return tx->q.size - (u16)(tx->q.tail - clean);
}

/* Room that makes it worth to wake a stopped queue. */
static inline u32 snic_tx_wake_room(const struct snic_tx_ring *tx)
{
	return max_t(u32, tx->q.size / 4, tx->most);
}

/* There must be room. */
static inline struct snic_tx_buf *snic_tx_next(struct snic_tx_ring *tx)
{
	return &tx->buf[tx->q.tail & (tx->q.size - 1)];
}

static inline void snic_tx_kick(struct snic_tx_ring *tx)
{
	if (tx->q.rung == tx->q.tail)
		return;
	u64_stats_update_begin(&tx->syncp);
	tx->stats.doorbells++;
	u64_stats_update_end(&tx->syncp);
	snic_txq_kick(&tx->q);
}

/* snic_tx_offload.c: of a netdev whose frames this card sends */
void snic_tx_offload_init(const struct snic_hw *hw, struct net_device *netdev);
u64 snic_tx_csum_place(const struct sk_buff *skb);
int snic_tx_skb_lso(struct sk_buff *skb, struct snic_tx_lso *lso);

/* For the first buffer; 0: nothing to insert. */
static inline u64 snic_tx_skb_csum(const struct sk_buff *skb)
{
	return skb->ip_summed == CHECKSUM_PARTIAL ? snic_tx_csum_place(skb) : 0;
}

#endif
