// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters of the device and of the rings. STAT_SEL selects for all: one reader at a time. */
#include "snic.h"

/* snic.stat_lock held. */
static u64 read_func(struct snic *nic, u32 func, u32 stat)
{
	u64 v;

	if (snic_gone(nic))
		return 0;
	v = snic_fstat_read(&nic->hw, func, stat);
	return v == U64_MAX ? 0 : v;
}

u64 snic_fstat(struct snic *nic, u32 stat)
{
	unsigned long flags;
	u64 v;

	spin_lock_irqsave(&nic->stat_lock, flags);
	v = nic->fstat_base[stat];
	if (!nic->fstat_kept)
		v += read_func(nic, nic->hw.func, stat);
	spin_unlock_irqrestore(&nic->stat_lock, flags);
	return v;
}

/* Around the function's reset, which clears its counters: who looks meanwhile sees them once. */
void snic_fstat_keep(struct snic *nic)
{
	unsigned long flags;
	u32 i;

	spin_lock_irqsave(&nic->stat_lock, flags);
	for (i = 0; i < SNIC_N_FSTAT && !nic->fstat_kept; i++)
		nic->fstat_base[i] += read_func(nic, nic->hw.func, i);
	nic->fstat_kept = true;
	spin_unlock_irqrestore(&nic->stat_lock, flags);
}

void snic_fstat_go_on(struct snic *nic)
{
	unsigned long flags;

	spin_lock_irqsave(&nic->stat_lock, flags);
	nic->fstat_kept = false;
	spin_unlock_irqrestore(&nic->stat_lock, flags);
}

u64 snic_vf_fstat(struct snic *nic, u32 func, u32 stat)
{
	unsigned long flags;
	u64 v;

	spin_lock_irqsave(&nic->stat_lock, flags);
	v = read_func(nic, func, stat);
	spin_unlock_irqrestore(&nic->stat_lock, flags);
	return v;
}

u64 snic_stat(struct snic *nic, u32 index)
{
	unsigned long flags;
	u64 v;

	if (snic_gone(nic))
		return 0;
	spin_lock_irqsave(&nic->stat_lock, flags);
	v = snic_stat_read(&nic->hw, index);
	spin_unlock_irqrestore(&nic->stat_lock, flags);
	return v == U64_MAX ? 0 : v;
}

void snic_ring_tx_stats(struct snic_tx_ring *tx, struct snic_tx_stats *out)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&tx->syncp);
		*out = tx->stats;
	} while (u64_stats_fetch_retry(&tx->syncp, start));
}

void snic_ring_rx_stats(struct snic_rx_ring *rx, struct snic_rx_stats *out)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&rx->syncp);
		*out = rx->stats;
	} while (u64_stats_fetch_retry(&rx->syncp, start));
}

void snic_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *s)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_tx_stats tx;
	struct snic_rx_stats rx;
	u32 i;

	for (i = 0; i < nic->max_pair; i++) {
		snic_ring_tx_stats(&nic->pair[i].tx, &tx);
		snic_ring_rx_stats(&nic->pair[i].rx, &rx);
		/* representors have counters of their own */
		s->tx_packets += tx.packets - tx.rep_packets;
		s->tx_bytes += tx.bytes - tx.rep_bytes;
		s->tx_dropped += tx.dropped;
		s->rx_packets += rx.packets - rx.rep_packets;
		s->rx_bytes += rx.bytes - rx.rep_bytes;
		s->rx_dropped += rx.alloc_fail + rx.unread;
		s->rx_length_errors += rx.length_err;
		s->rx_errors += rx.length_err;
	}
	s->rx_missed_errors = snic_fstat(nic, SNIC_FSTAT_RX_DROP);
	s->tx_errors = snic_fstat(nic, SNIC_FSTAT_TX_DROP);
}

#ifdef SNIC_STAT_OPS
static void queue_stats_rx(struct net_device *netdev, int i, struct netdev_queue_stats_rx *s)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_rx_stats rx;

	snic_ring_rx_stats(&nic->pair[i].rx, &rx);
	s->packets = rx.packets;
	s->bytes = rx.bytes;
	s->alloc_fail = rx.alloc_fail;
	s->csum_unnecessary = rx.csum_ok;
	s->csum_bad = rx.csum_bad;
	s->hw_drops = rx.length_err;
}

static void queue_stats_tx(struct net_device *netdev, int i, struct netdev_queue_stats_tx *s)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_tx_stats tx;

	snic_ring_tx_stats(&nic->pair[i].tx, &tx);
	s->packets = tx.packets;
	s->bytes = tx.bytes;
	s->stop = tx.stopped;
	s->wake = tx.woken;
}

/* What queues have had that are not in use now. */
static void base_stats(struct net_device *netdev, struct netdev_queue_stats_rx *rx,
		       struct netdev_queue_stats_tx *tx)
{
	struct snic *nic = netdev_priv(netdev);
	u32 i;

	memset(rx, 0, sizeof(*rx));
	memset(tx, 0, sizeof(*tx));
	for (i = netdev->real_num_rx_queues; i < nic->max_pair; i++) {
		struct netdev_queue_stats_rx one_rx;
		struct netdev_queue_stats_tx one_tx;

		queue_stats_rx(netdev, i, &one_rx);
		queue_stats_tx(netdev, i, &one_tx);
		rx->packets += one_rx.packets;
		rx->bytes += one_rx.bytes;
		rx->alloc_fail += one_rx.alloc_fail;
		rx->csum_unnecessary += one_rx.csum_unnecessary;
		rx->csum_bad += one_rx.csum_bad;
		rx->hw_drops += one_rx.hw_drops;
		tx->packets += one_tx.packets;
		tx->bytes += one_tx.bytes;
		tx->stop += one_tx.stop;
		tx->wake += one_tx.wake;
	}
}

const struct netdev_stat_ops snic_stat_ops = {
	.get_queue_stats_rx = queue_stats_rx,
	.get_queue_stats_tx = queue_stats_tx,
	.get_base_stats = base_stats,
};
#endif
