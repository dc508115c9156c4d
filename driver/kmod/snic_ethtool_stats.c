// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ethtool -S: the card's counters (PF) and the function's by the names of the contract, then what
 * the driver counts per queue.
 */
#include "snic_ethtool.h"

/* A name stands at the place that its counter has in the struct, which is copied whole. */
#define SNIC_AT(type, field) (offsetof(struct type, field) / sizeof(u64))

static const char * const snic_rx_queue_stats[] = {
	[SNIC_AT(snic_rx_stats, packets)] = "packets",
	[SNIC_AT(snic_rx_stats, bytes)] = "bytes",
	[SNIC_AT(snic_rx_stats, alloc_fail)] = "alloc_fail",
	[SNIC_AT(snic_rx_stats, length_err)] = "length_err",
	[SNIC_AT(snic_rx_stats, csum_ok)] = "csum_ok",
	[SNIC_AT(snic_rx_stats, csum_bad)] = "csum_bad",
	[SNIC_AT(snic_rx_stats, copied)] = "copied",
	[SNIC_AT(snic_rx_stats, unread)] = "unread",
	[SNIC_AT(snic_rx_stats, xdp_drop)] = "xdp_drop",
	[SNIC_AT(snic_rx_stats, xdp_pass)] = "xdp_pass",
	[SNIC_AT(snic_rx_stats, xdp_tx)] = "xdp_tx",
	[SNIC_AT(snic_rx_stats, xdp_redirect)] = "xdp_redirect",
	[SNIC_AT(snic_rx_stats, xdp_err)] = "xdp_err",
	[SNIC_AT(snic_rx_stats, rep_packets)] = "rep_packets",
	[SNIC_AT(snic_rx_stats, rep_bytes)] = "rep_bytes",
	[SNIC_AT(snic_rx_stats, no_rep)] = "no_rep",
};

static const char * const snic_tx_queue_stats[] = {
	[SNIC_AT(snic_tx_stats, packets)] = "packets",
	[SNIC_AT(snic_tx_stats, bytes)] = "bytes",
	[SNIC_AT(snic_tx_stats, stopped)] = "stopped",
	[SNIC_AT(snic_tx_stats, woken)] = "woken",
	[SNIC_AT(snic_tx_stats, doorbells)] = "doorbells",
	[SNIC_AT(snic_tx_stats, dropped)] = "dropped",
	[SNIC_AT(snic_tx_stats, xdp_xmit)] = "xdp_xmit",
	[SNIC_AT(snic_tx_stats, xdp_xmit_err)] = "xdp_xmit_err",
	[SNIC_AT(snic_tx_stats, csum)] = "csum",
	[SNIC_AT(snic_tx_stats, lso)] = "lso",
	[SNIC_AT(snic_tx_stats, rep_packets)] = "rep_packets",
	[SNIC_AT(snic_tx_stats, rep_bytes)] = "rep_bytes",
};

/* a counter of the driver that has no name here would never be seen */
static_assert(sizeof(struct snic_rx_stats) == ARRAY_SIZE(snic_rx_queue_stats) * sizeof(u64));
static_assert(sizeof(struct snic_tx_stats) == ARRAY_SIZE(snic_tx_queue_stats) * sizeof(u64));

static const char * const snic_driver_stats[] = { "resets", "mbox_irqs" };

/* The shared counters belong to flow actions, which nothing here sets up. */
static bool snic_stat_shown(const struct snic *nic, u32 i)
{
	return nic->pf && snic_stat_names[i].index < SNIC_STAT_COUNT_BASE;
}

u32 snic_stats_count(const struct snic *nic)
{
	u32 i, n = SNIC_N_FSTAT + ARRAY_SIZE(snic_driver_stats);

	for (i = 0; i < SNIC_N_STAT; i++)
		n += snic_stat_shown(nic, i);
	/* the interrupts of a pair, too */
	return n + nic->cfg.n_pair * (ARRAY_SIZE(snic_rx_queue_stats) +
				  ARRAY_SIZE(snic_tx_queue_stats) + 1);
}

void snic_stats_strings(const struct snic *nic, u8 *data)
{
	u32 i, q;

	for (i = 0; i < SNIC_N_FSTAT; i++)
		ethtool_puts(&data, snic_fstat_names[i].name);
	for (i = 0; i < ARRAY_SIZE(snic_driver_stats); i++)
		ethtool_puts(&data, snic_driver_stats[i]);
	for (i = 0; i < SNIC_N_STAT; i++)
		if (snic_stat_shown(nic, i))
			ethtool_puts(&data, snic_stat_names[i].name);
	for (q = 0; q < nic->cfg.n_pair; q++) {
		for (i = 0; i < ARRAY_SIZE(snic_rx_queue_stats); i++)
			ethtool_sprintf(&data, "rx%u_%s", q, snic_rx_queue_stats[i]);
		for (i = 0; i < ARRAY_SIZE(snic_tx_queue_stats); i++)
			ethtool_sprintf(&data, "tx%u_%s", q, snic_tx_queue_stats[i]);
		ethtool_sprintf(&data, "irq%u", q);
	}
}

void snic_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats, u64 *data)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_rx_stats rx;
	struct snic_tx_stats tx;
	u32 i, q;

	for (i = 0; i < SNIC_N_FSTAT; i++)
		*data++ = snic_fstat(nic, snic_fstat_names[i].index);
	*data++ = nic->resets;
	*data++ = nic->mbox_irqs;
	for (i = 0; i < SNIC_N_STAT; i++)
		if (snic_stat_shown(nic, i))
			*data++ = snic_stat(nic, snic_stat_names[i].index);
	for (q = 0; q < nic->cfg.n_pair; q++) {
		snic_ring_rx_stats(&nic->pair[q].rx, &rx);
		memcpy(data, &rx, sizeof(rx));
		data += ARRAY_SIZE(snic_rx_queue_stats);
		snic_ring_tx_stats(&nic->pair[q].tx, &tx);
		memcpy(data, &tx, sizeof(tx));
		data += ARRAY_SIZE(snic_tx_queue_stats);
		*data++ = nic->pair[q].irqs;
	}
}
