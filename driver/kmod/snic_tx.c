// SPDX-License-Identifier: GPL-2.0-or-later
/* Transmit: an entry of the ring for each buffer of a frame, behind a context if it is cut. */
#include "snic.h"
#include "snic_tx.h"

static void unmap(struct snic *nic, const struct snic_tx_buf *buf)
{
	struct device *dev = &nic->pdev->dev;

	if (likely(buf->kind == SNIC_TX_SKB || buf->kind == SNIC_TX_XDP_NDO))
		dma_unmap_single(dev, buf->dma, buf->len, DMA_TO_DEVICE);
	else if (buf->kind == SNIC_TX_FRAG)
		dma_unmap_page(dev, buf->dma, buf->len, DMA_TO_DEVICE);
	/* a context has no memory; a page of the pool stays mapped, by the pool */
}

static bool is_xdp(const struct snic_tx_buf *buf)
{
	return buf->kind == SNIC_TX_XDP_TX || buf->kind == SNIC_TX_XDP_NDO;
}

/* A stopped queue that nobody would start: its room came between the last look and the stop. */
static void stop_if_full(struct snic_tx_ring *tx)
{
	if (likely(snic_tx_room(tx) >= tx->most))
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

/* Of a frame: for the stack, and for the card when no more follows at once. */
static __always_inline netdev_tx_t sent(struct snic_tx_ring *tx, u32 len)
{
	stop_if_full(tx);
	if (__netdev_tx_sent_queue(tx->nq, len, netdev_xmit_more()))
		snic_tx_kick(tx);
	return NETDEV_TX_OK;
}

static __always_inline void count(struct snic_tx_ring *tx, u32 packets, u32 bytes, bool csum,
				  bool lso)
{
	u64_stats_update_begin(&tx->syncp);
	tx->stats.packets += packets;
	tx->stats.bytes += bytes;
	tx->stats.csum += csum;
	tx->stats.lso += lso;
	u64_stats_update_end(&tx->syncp);
}

/* Entries that it takes. */
static u32 entries(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->nr_frags + 1 + skb_is_gso(skb);
}

/*
 * The first one with the checksum, the last one with where it goes. False: none of them is mapped,
 * the tail is where it was.
 */
static bool put_buffers(struct snic *nic, struct snic_tx_ring *tx, struct sk_buff *skb, u64 csum,
			u64 to)
{
	struct device *dev = &nic->pdev->dev;
	const struct skb_shared_info *info = skb_shinfo(skb);
	u16 first = tx->q.tail;
	struct snic_tx_buf *buf;
	u32 i, len;

	for (i = 0; i <= info->nr_frags; i++, csum = 0) {
		bool last = i == info->nr_frags;
		dma_addr_t dma;

		if (!i) {
			len = skb_headlen(skb);
			dma = dma_map_single(dev, skb->data, len, DMA_TO_DEVICE);
		} else {
			len = skb_frag_size(&info->frags[i - 1]);
			dma = skb_frag_dma_map(dev, &info->frags[i - 1], 0, len, DMA_TO_DEVICE);
		}
		if (unlikely(dma_mapping_error(dev, dma)))
			goto undo;
		*snic_tx_next(tx) = (struct snic_tx_buf){
			.skb = last ? skb : NULL, .dma = dma, .len = len,
			.kind = i ? SNIC_TX_FRAG : SNIC_TX_SKB
		};
		snic_txq_put_buf(&tx->q, dma, len, last, last ? csum | to : csum);
	}
	return true;
undo:
	while (tx->q.tail != first) {
		tx->q.tail--;
		buf = snic_tx_next(tx);
		unmap(nic, buf);
	}
	return false;
}

/* Together with what the card makes of it. False: it cannot be sent. */
static bool put_skb(struct snic *nic, struct snic_tx_ring *tx, struct sk_buff *skb, u64 to)
{
	u32 packets = 1, bytes = skb->len;
	bool gso = skb_is_gso(skb);
	struct snic_tx_lso lso;
	u64 csum = 0;

	if (gso) {
		if (unlikely(snic_tx_skb_lso(skb, &lso)))
			return false;
		packets = DIV_ROUND_UP(skb->len - lso.hdr, lso.mss);
		bytes += (packets - 1) * lso.hdr;
		*snic_tx_next(tx) = (struct snic_tx_buf){ .kind = SNIC_TX_CTX };
		snic_txq_put_lso(&tx->q, &lso);
	} else {
		csum = snic_tx_skb_csum(skb);
	}
	if (unlikely(!put_buffers(nic, tx, skb, csum, to))) {
		tx->q.tail -= gso;
		return false;
	}
	count(tx, packets, bytes, csum, gso);
	return true;
}

/* Called for what is not one buffer that goes as it is. */
static noinline netdev_tx_t xmit_chain(struct snic *nic, struct snic_tx_ring *tx,
				       struct sk_buff *skb, u64 to)
{
	u32 len;

	/* frees the skb when it fails; the padding is zero */
	if (unlikely(!skb_is_gso(skb) && eth_skb_pad(skb)))
		return drop(tx, NULL);
	/* more buffers than a short ring has places, or than a frame may have */
	if (unlikely(entries(skb) > tx->most && skb_linearize(skb)))
		return drop(tx, skb);
	/* frames of XDP take room without a stop */
	if (unlikely(snic_tx_room(tx) < entries(skb))) {
		stop_if_full(tx);
		return NETDEV_TX_BUSY;
	}
	/* A length out of contract would stop the queue. */
	len = skb->len;
	if (unlikely(skb_headlen(skb) > U16_MAX || (!skb_is_gso(skb) && len > SNIC_FRAME_MAX)))
		return drop(tx, skb);
	skb_tx_timestamp(skb);
	if (unlikely(!put_skb(nic, tx, skb, to)))
		return drop(tx, skb);
	return sent(tx, len);
}

/* to: 0, or snic_tx_to() */
static __always_inline netdev_tx_t xmit(struct snic *nic, struct snic_tx_ring *tx,
					struct sk_buff *skb, u64 to)
{
	dma_addr_t dma;
	u64 csum;
	u32 len;

	if (skb_is_nonlinear(skb) || skb_is_gso(skb))
		return xmit_chain(nic, tx, skb, to);
	if (unlikely(!snic_tx_room(tx))) {
		stop_if_full(tx);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(eth_skb_pad(skb)))
		return drop(tx, NULL);
	len = skb->len;
	if (unlikely(len > SNIC_FRAME_MAX))
		return drop(tx, skb);
	dma = dma_map_single(&nic->pdev->dev, skb->data, len, DMA_TO_DEVICE);
	if (unlikely(dma_mapping_error(&nic->pdev->dev, dma)))
		return drop(tx, skb);

	skb_tx_timestamp(skb);
	*snic_tx_next(tx) = (struct snic_tx_buf){
		.skb = skb, .dma = dma, .len = len, .kind = SNIC_TX_SKB
	};
	csum = snic_tx_skb_csum(skb);
	snic_txq_put_buf(&tx->q, dma, len, true, csum | to);
	count(tx, 1, len, csum, false);
	return sent(tx, len);
}

netdev_tx_t snic_start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct snic *nic = netdev_priv(netdev);

	return xmit(nic, &nic->pair[skb_get_queue_mapping(skb)].tx, skb, READ_ONCE(nic->tx_to));
}

/*
 * PF: a frame of a representor's, on the ring of this CPU, for a vport. What it became is added to
 * `sum`; nothing: it was dropped, since the ring is full, not there, or for a reason that the ring
 * counts. BH off.
 */
void snic_tx_for(struct snic *nic, struct sk_buff *skb, u32 vport, struct snic_tx_sum *sum)
{
	u32 cpu = smp_processor_id(), i = cpu % READ_ONCE(nic->cfg.n_pair);
	struct netdev_queue *nq = netdev_get_tx_queue(nic->netdev, i);
	struct snic_tx_ring *tx = &nic->pair[i].tx;
	u64 packets, bytes;

	__netif_tx_lock(nq, cpu);
	/* snic_down() clears the bit, then takes this lock */
	if (unlikely(!test_bit(SNIC_UP, &nic->state) || i >= nic->cfg.n_pair)) {
		dev_kfree_skb_any(skb);
	} else if (unlikely(snic_tx_room(tx) < tx->most)) {
		drop(tx, skb);
	} else {
		packets = tx->stats.packets;
		bytes = tx->stats.bytes;
		txq_trans_cond_update(nq);
		xmit(nic, tx, skb, snic_tx_to(vport));
		sum->packets = tx->stats.packets - packets;
		sum->bytes = tx->stats.bytes - bytes;
		u64_stats_update_begin(&tx->syncp);
		tx->stats.rep_packets += sum->packets;
		tx->stats.rep_bytes += sum->bytes;
		u64_stats_update_end(&tx->syncp);
	}
	__netif_tx_unlock(nq);
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
	for (; clean != tx->q.head; clean++) {
		struct snic_tx_buf *buf = &tx->buf[clean & (tx->q.size - 1)];

		unmap(pair->nic, buf);
		if (!buf->skb)
			continue;
		done++;
		if (likely(buf->kind == SNIC_TX_SKB)) { /* all of the frame */
			skbs++;
			bytes += buf->len;
			napi_consume_skb(buf->skb, budget);
		} else if (!is_xdp(buf)) {
			skbs++;
			bytes += buf->skb->len;
			napi_consume_skb(buf->skb, budget);
		} else if (buf->kind == SNIC_TX_XDP_TX && budget) {
			xdp_return_frame_rx_napi(buf->xdpf); /* of this pair's own pool */
		} else {
			xdp_return_frame(buf->xdpf);
		}
	}
	if (clean == tx->clean)
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
	u32 dropped = 0;
	u16 head;

	if (!tx->q.hw) /* was never started */
		return;
	snic_txq_reap(&tx->q);
	head = tx->q.head;
	for (; tx->clean != tx->q.tail; tx->clean++) {
		struct snic_tx_buf *buf = &tx->buf[tx->clean & (tx->q.size - 1)];

		unmap(pair->nic, buf);
		if (!buf->skb)
			continue;
		if ((u16)(tx->q.tail - tx->clean) <= (u16)(tx->q.tail - head))
			dropped++;
		if (is_xdp(buf))
			xdp_return_frame(buf->xdpf);
		else
			dev_kfree_skb_any(buf->skb);
	}
	u64_stats_update_begin(&tx->syncp);
	tx->stats.dropped += dropped;
	u64_stats_update_end(&tx->syncp);
}
