// SPDX-License-Identifier: GPL-2.0-or-later
/* Transmit: one frame, one buffer, one descriptor. */
#include "snic.h"
#include "snic_tx.h"

static void unmap(struct snic *nic, struct snic_tx_buf *buf)
{
	/* XDP_TX sends from a page of the pool, which keeps it mapped */
	if (buf->kind != SNIC_TX_XDP_TX)
		dma_unmap_single(&nic->pdev->dev, buf->dma, buf->len, DMA_TO_DEVICE);
}

/* A stopped queue that nobody would start: its room came between the last look and the stop. */
static void stop_if_full(struct snic_tx_ring *tx)
{
	if (likely(snic_tx_room(tx)))
		return;
	netif_tx_stop_queue(tx->nq);
	u64_stats_update_begin(&tx->syncp);
	tx->stats.stopped++;
	u64_stats_update_end(&tx->syncp);
	/* the stop before the look at `clean`: pairs with snic_tx_clean() */
	smp_mb();
	if (snic_tx_room(tx) >= snic_tx_wake_room(tx))
		netif_tx_start_queue(tx->nq);
}

/* skb: NULL if it is freed already */
static netdev_tx_t drop(struct snic_tx_ring *tx, struct sk_buff *skb)
{
	u64_stats_update_begin(&tx->syncp);
	tx->stats.dropped++;
	u64_stats_update_end(&tx->syncp);
	dev_kfree_skb_any(skb);
	/* frames before it may wait for this one's doorbell */
	if (!netdev_xmit_more())
		snic_tx_kick(tx);
	return NETDEV_TX_OK;
}

netdev_tx_t snic_start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_tx_ring *tx = &nic->pair[skb_get_queue_mapping(skb)].tx;
	dma_addr_t dma;
	u32 len;

	/* frames of XDP take room without a stop */
	if (unlikely(!snic_tx_room(tx))) {
		stop_if_full(tx);
		return NETDEV_TX_BUSY;
	}
	/* frees the skb when it fails; the padding is zero */
	if (unlikely(eth_skb_pad(skb)))
		return drop(tx, NULL);
	/* A length out of contract would stop the queue. */
	len = skb->len;
	if (unlikely(len > SNIC_FRAME_MAX || skb_linearize(skb)))
		return drop(tx, skb);
	dma = dma_map_single(&nic->pdev->dev, skb->data, len, DMA_TO_DEVICE);
	if (unlikely(dma_mapping_error(&nic->pdev->dev, dma)))
		return drop(tx, skb);

	skb_tx_timestamp(skb);
	*snic_tx_next(tx) = (struct snic_tx_buf){
		.skb = skb, .dma = dma, .len = len, .kind = SNIC_TX_SKB
	};
	snic_txq_put(&tx->q, dma, len);
	u64_stats_update_begin(&tx->syncp);
	tx->stats.packets++;
	tx->stats.bytes += len;
	u64_stats_update_end(&tx->syncp);
	stop_if_full(tx);
	if (__netdev_tx_sent_queue(tx->nq, len, netdev_xmit_more()))
		snic_tx_kick(tx);
	return NETDEV_TX_OK;
}

static void wake(struct snic_tx_ring *tx)
{
	__netif_tx_lock(tx->nq, smp_processor_id());
	if (netif_tx_queue_stopped(tx->nq) && snic_tx_room(tx) >= snic_tx_wake_room(tx)) {
		netif_tx_wake_queue(tx->nq);
		u64_stats_update_begin(&tx->syncp);
		tx->stats.woken++;
		u64_stats_update_end(&tx->syncp);
	}
	__netif_tx_unlock(tx->nq);
}

/* NAPI. Returns the number of frames that are done. */
u32 snic_tx_clean(struct snic_pair *pair, int budget)
{
	struct snic_tx_ring *tx = &pair->tx;
	u32 skbs = 0, bytes = 0, done = 0;
	u16 clean = tx->clean;

	if (unlikely(snic_txq_reap(&tx->q)))
		snic_request_reset(pair->nic, SNIC_RESET_QUEUE_ERROR, pair->index);
	for (; clean != tx->q.head; clean++, done++) {
		struct snic_tx_buf *buf = &tx->buf[clean & (tx->q.size - 1)];

		unmap(pair->nic, buf);
		if (buf->kind == SNIC_TX_SKB) {
			skbs++;
			bytes += buf->len;
			napi_consume_skb(buf->skb, budget);
		} else if (buf->kind == SNIC_TX_XDP_TX && budget) {
			xdp_return_frame_rx_napi(buf->xdpf); /* of this pair's own pool */
		} else {
			xdp_return_frame(buf->xdpf);
		}
	}
	if (!done)
		return 0;
	/* freed before the room shows: pairs with snic_tx_room() */
	smp_store_release(&tx->clean, clean);
	netdev_tx_completed_queue(tx->nq, skbs, bytes);
	/* `clean` before the look at the stop: pairs with stop_if_full() */
	smp_mb();
	if (unlikely(netif_tx_queue_stopped(tx->nq)))
		wake(tx);
	return done;
}

/* The queue does not run: what was put and not sent is given back. */
void snic_tx_free_all(struct snic_pair *pair)
{
	struct snic_tx_ring *tx = &pair->tx;

	if (!tx->q.hw) /* was never started */
		return;
	snic_txq_reap(&tx->q);
	u64_stats_update_begin(&tx->syncp);
	tx->stats.dropped += (u16)(tx->q.tail - tx->q.head);
	u64_stats_update_end(&tx->syncp);
	for (; tx->clean != tx->q.tail; tx->clean++) {
		struct snic_tx_buf *buf = &tx->buf[tx->clean & (tx->q.size - 1)];

		unmap(pair->nic, buf);
		if (buf->kind == SNIC_TX_SKB)
			dev_kfree_skb_any(buf->skb);
		else
			xdp_return_frame(buf->xdpf);
	}
}
