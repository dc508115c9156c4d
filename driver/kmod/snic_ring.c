// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of the queue pairs, and their start. All of it exists only while the function is up. */
#include "snic.h"

#define LINE SNIC_BEAT_BYTES

static int alloc_dma(struct snic *nic, struct snic_pair *pair)
{
	size_t tx = sizeof(struct snic_qw2) << nic->cfg.tx_log2;
	size_t rx = sizeof(struct snic_qw2) << nic->cfg.rx_log2;

	pair->dma_size = LINE + tx + 2 * rx;
	pair->dma = dma_alloc_coherent(&nic->pdev->dev, pair->dma_size, &pair->dma_bus, GFP_KERNEL);
	if (!pair->dma)
		return -ENOMEM;
	pair->tx.mem.report = pair->dma;
	pair->tx.mem.report_bus = pair->dma_bus;
	pair->tx.mem.ring = pair->dma + LINE;
	pair->tx.mem.ring_bus = pair->dma_bus + LINE;
	pair->rx.mem.ring = pair->dma + LINE + tx;
	pair->rx.mem.ring_bus = pair->dma_bus + LINE + tx;
	pair->rx.mem.report = pair->dma + LINE + tx + rx;
	pair->rx.mem.report_bus = pair->dma_bus + LINE + tx + rx;
	return 0;
}

static int alloc_pool(struct snic *nic, struct snic_pair *pair)
{
	struct snic_rx_ring *rx = &pair->rx;
	/* In both directions: XDP_TX sends from the page, and a program may come at any time. */
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP | PP_FLAG_DMA_SYNC_DEV,
		.order = nic->rx_order,
		.pool_size = 1u << nic->cfg.rx_log2,
		.nid = dev_to_node(&nic->pdev->dev),
		.dev = &nic->pdev->dev,
		.dma_dir = DMA_BIDIRECTIONAL,
		.offset = SNIC_RX_HEADROOM,
		.max_len = nic->rx_buf_len,
	};
	struct page_pool *pool;
	int rc;

	pool = page_pool_create(&params);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	rx->pool = pool;
	rc = xdp_rxq_info_reg(&rx->xdp_rxq, nic->netdev, pair->index, pair->napi.napi_id);
	if (rc)
		return rc;
	return xdp_rxq_info_reg_mem_model(&rx->xdp_rxq, MEM_TYPE_PAGE_POOL, pool);
}

static int alloc_pair(struct snic *nic, struct snic_pair *pair)
{
	int rc = alloc_dma(nic, pair);

	if (rc)
		return rc;
	pair->tx.buf = kvcalloc(1u << nic->cfg.tx_log2, sizeof(*pair->tx.buf), GFP_KERNEL);
	pair->rx.page = kvcalloc(1u << nic->cfg.rx_log2, sizeof(*pair->rx.page), GFP_KERNEL);
	if (!pair->tx.buf || !pair->rx.page)
		return -ENOMEM;
	return alloc_pool(nic, pair);
}

static void free_pair(struct snic *nic, struct snic_pair *pair)
{
	struct snic_rx_ring *rx = &pair->rx;

	if (xdp_rxq_info_is_reg(&rx->xdp_rxq))
		xdp_rxq_info_unreg(&rx->xdp_rxq);
	if (rx->pool)
		page_pool_destroy(rx->pool);
	rx->pool = NULL;
	kvfree(rx->page);
	rx->page = NULL;
	kvfree(pair->tx.buf);
	pair->tx.buf = NULL;
	memset(&pair->tx.q, 0, sizeof(pair->tx.q));
	memset(&rx->q, 0, sizeof(rx->q));
	pair->tx.clean = 0;
	if (pair->dma)
		dma_free_coherent(&nic->pdev->dev, pair->dma_size, pair->dma, pair->dma_bus);
	pair->dma = NULL;
}

/*
 * A frame lies in one buffer, or in pages; a card that does not know the latter has longer buffers.
 */
static void size_buffers(struct snic *nic)
{
	u32 frame = nic->netdev->mtu + SNIC_FRAME_OVERHEAD;

	nic->rx_scatter = snic_rx_scatters(nic, nic->netdev->mtu);
	nic->rx_buf_len = nic->rx_scatter ? SNIC_RX_PAGE_BYTES : ALIGN(frame, SNIC_BEAT_BYTES);
	nic->rx_order = get_order(SNIC_RX_HEADROOM + nic->rx_buf_len +
				  SKB_DATA_ALIGN(sizeof(struct skb_shared_info)));
	nic->rx_copy = nic->rx_order ? SNIC_RX_COPYBREAK_LARGE : SNIC_RX_COPYBREAK;
}

int snic_rings_alloc(struct snic *nic)
{
	u32 i;
	int rc;

	size_buffers(nic);
	for (i = 0; i < nic->cfg.n_pair; i++) {
		rc = alloc_pair(nic, &nic->pair[i]);
		if (rc) {
			netdev_err(nic->netdev, "queue pair %u: no memory for rings of %u and %u entries; use smaller rings or fewer channels\n",
				   i, 1u << nic->cfg.tx_log2, 1u << nic->cfg.rx_log2);
			snic_rings_free(nic);
			return rc;
		}
	}
	return 0;
}

/* The device does no DMA any more: the queues are stopped, or the function is reset. */
void snic_rings_free(struct snic *nic)
{
	u32 i;

	for (i = 0; i < nic->cfg.n_pair; i++) {
		struct snic_pair *pair = &nic->pair[i];

		if (pair->tx.buf)
			snic_tx_free_all(pair);
		if (pair->rx.page)
			snic_rx_free_all(pair);
		free_pair(nic, pair);
	}
}

/*
 * What there is of them; a ring without memory has not been started. All are told before
 * one is waited
 * for: what holds one up holds all up.
 */
int snic_rings_stop(struct snic *nic)
{
	int rc = 0;
	u32 i;

	if (snic_gone(nic))
		return -ENODEV;
	for (i = 0; i < nic->cfg.n_pair; i++) {
		snic_txq_off(&nic->pair[i].tx.q);
		snic_rxq_off(&nic->pair[i].rx.q);
	}
	for (i = 0; i < nic->cfg.n_pair && !rc; i++) {
		rc = snic_txq_stop(&nic->pair[i].tx.q);
		if (!rc)
			rc = snic_rxq_stop(&nic->pair[i].rx.q);
	}
	return rc;
}

/* Of a frame: a context, and its buffers. */
static u32 most_entries(const struct snic *nic)
{
	return snic_hw_has_tx_offload(&nic->hw) ?
	       1 + min_t(u32, MAX_SKB_FRAGS + 1, SNIC_TX_BUFS) : 1;
}

static int start_rx(struct snic *nic, struct snic_rx_ring *rx, u32 i, u32 vec)
{
	if (nic->rx_scatter)
		return snic_rxq_start_scatter(&rx->q, &nic->hw, i, &rx->mem, nic->cfg.rx_log2,
					      nic->rx_buf_len, vec);
	return snic_rxq_start(&rx->q, &nic->hw, i, &rx->mem, nic->cfg.rx_log2, nic->rx_buf_len,
			      vec);
}

int snic_rings_start(struct snic *nic)
{
	u32 i;
	int rc;

	for (i = 0; i < nic->cfg.n_pair; i++) {
		struct snic_pair *pair = &nic->pair[i];
		u32 vec = snic_vec_pair(nic, i);

		rc = snic_txq_start(&pair->tx.q, &nic->hw, i, &pair->tx.mem, nic->cfg.tx_log2, vec);
		if (!rc)
			rc = start_rx(nic, &pair->rx, i, vec);
		if (rc)
			return rc;
		pair->tx.most = min_t(u32, pair->tx.q.size, most_entries(nic));
		netdev_tx_reset_queue(pair->tx.nq);
		if (!snic_rx_refill(pair)) {
			netdev_err(nic->netdev, "queue pair %u: no memory for receive buffers of %lu bytes; use a smaller MTU or ring\n",
				   i, PAGE_SIZE << nic->rx_order);
			return -ENOMEM;
		}
	}
	return 0;
}
