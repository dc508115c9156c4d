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

static int room_for(struct snic_txq *tx, uint32_t n)
{
	if (n > tx->size)
		return -EINVAL;
	if (snic_txq_room(tx) < n && (snic_txq_reap(tx) || snic_txq_room(tx) < n))
		return -EAGAIN;
	return 0;
}

int snic_pmd_tx_frame(struct snic_pmd *pmd, unsigned int func, unsigned int queue, const uint8_t *frame,
		      uint32_t len, const struct snic_pmd_tx_offload *o)
{
	static const struct snic_pmd_tx_offload none;
	struct pmd_queue *q = pmd_queue(pmd, func, queue);
	uint32_t n = (len + pmd->tx_stride - 1) / pmd->tx_stride, at, some;
	size_t off;
	u64 csum, to;
	bool last;
	int rc;

	o = o ? o : &none;
	rc = len && n <= SNIC_TX_BUFS ? room_for(&q->tx, n + (o->mss != 0)) : -EINVAL;
	if (rc)
		return rc;
	if (o->mss)
		snic_txq_put_lso(&q->tx, &(struct snic_tx_lso){ .mss = o->mss,
								.hdr = o->hdr,
								.l3 = o->l3,
								.l4 = o->l4,
								.ol3 = o->ol3,
								.ip6 = o->ip6,
								.udp = o->udp,
								.fixid = o->fixid,
								.oip4 = o->oip4 });
	csum = o->csum ? snic_tx_csum(o->csum_start, o->csum_off) : 0;
	to = o->to ? snic_tx_to(o->vport) : 0;
	for (at = 0; at < len; at += some, csum = 0) {
		some = len - at < pmd->tx_stride ? len - at : pmd->tx_stride;
		off = (size_t)(q->tx.tail & (q->tx.size - 1)) * pmd->tx_stride;
		memcpy(q->tx_buf + off, frame + at, some);
		if (len < SNIC_FRAME_MIN && !o->mss) {
			memset(q->tx_buf + off + len, 0, SNIC_FRAME_MIN - len);
			some = SNIC_FRAME_MIN;
		}
		last = at + some >= len;
		snic_txq_put_buf(&q->tx, q->tx_bus + off, some, last, last ? csum | to : csum);
	}
	return 0;
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
