/* SPDX-License-Identifier: BSD-2-Clause */
/* The datapath: no register is read here, and one is written only for a batch. */
#include <assert.h>

#include "snic_pmd_priv.h"

uint8_t *snic_pmd_tx_buf(struct snic_pmd *pmd, unsigned int func, unsigned int queue)
{
	struct pmd_queue *q = pmd_queue(pmd, func, queue);

	if (!snic_txq_room(&q->tx) && (snic_txq_reap(&q->tx) || !snic_txq_room(&q->tx)))
		return NULL;
	return q->tx_buf + (size_t)(q->tx.tail & (q->tx.size - 1)) * pmd->tx_stride;
}

void snic_pmd_tx_commit(struct snic_pmd *pmd, unsigned int func, unsigned int queue, uint32_t len)
{
	struct pmd_queue *q = pmd_queue(pmd, func, queue);
	size_t off = (size_t)(q->tx.tail & (q->tx.size - 1)) * pmd->tx_stride;

	assert(len <= pmd->tx_stride);
	/* The padding of a short frame must not carry what the buffer held before. */
	if (len < SNIC_FRAME_MIN) {
		memset(q->tx_buf + off + len, 0, SNIC_FRAME_MIN - len);
		len = SNIC_FRAME_MIN;
	}
	snic_txq_put(&q->tx, q->tx_bus + off, len);
}

void snic_pmd_tx_flush(struct snic_pmd *pmd, unsigned int func, unsigned int queue)
{
	snic_txq_kick(&pmd_queue(pmd, func, queue)->tx);
}

int snic_pmd_tx_pending(struct snic_pmd *pmd, unsigned int func, unsigned int queue)
{
	struct snic_txq *tx = &pmd_queue(pmd, func, queue)->tx;
	int rc = snic_txq_reap(tx);

	return rc ? rc : (int)(tx->size - snic_txq_room(tx));
}

unsigned int snic_pmd_rx_burst(struct snic_pmd *pmd, unsigned int func, unsigned int queue,
			       struct snic_pmd_rx *out, unsigned int n)
{
	struct pmd_queue *q = pmd_queue(pmd, func, queue);
	uint32_t mask = (1u << q->rx.size_log2) - 1, len;
	unsigned int i, k;

	for (i = 0; i < n; i++) {
		k = q->rx.head & mask;
		if (!snic_rxq_next(&q->rx, out[i].cpl))
			break;
		len = (uint32_t)snic_bits_get(out[i].cpl, SNIC_F(RX_CPL, LEN));
		out[i].data = q->rx_buf + (size_t)k * pmd->rx_stride;
		/* a length that the buffer cannot hold stays visible in cpl, but nobody reads beyond the
		 * buffer */
		out[i].len = len < pmd->rx_stride ? len : pmd->rx_stride;
	}
	return i;
}

void snic_pmd_rx_release(struct snic_pmd *pmd, unsigned int func, unsigned int queue)
{
	struct snic_rxq *rx = &pmd_queue(pmd, func, queue)->rx;

	snic_rxq_recycle(rx);
	snic_rxq_kick(rx);
}
