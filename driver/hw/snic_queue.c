/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_queue.h"

#define RX_BATCH 32

static int check(const struct snic_hw *hw, const char *what, u32 queue, const struct snic_ring_mem *mem,
		 u32 size_log2)
{
	if (queue >= hw->n_queue || size_log2 < SNIC_RING_LOG2_MIN || size_log2 > SNIC_RING_LOG2_MAX ||
	    (mem->ring_bus | mem->report_bus) % SNIC_BEAT_BYTES) {
		snic_os_err(
			&hw->os,
			"%s %u: 2^%u entries at 0x%llx, 0x%llx; use queues 0..%u, 2^%u..2^%u, 64 B aligned",
			what, queue, size_log2, mem->ring_bus, mem->report_bus, hw->n_queue - 1,
			(u32)SNIC_RING_LOG2_MIN, (u32)SNIC_RING_LOG2_MAX);
		return -EINVAL;
	}
	return 0;
}

static u32 on_bits(u32 size_log2, int vector)
{
	return SNIC_QCFG_ENABLE | SNIC_PUT(TXQ_CFG, LOG2, size_log2) |
	       (vector < 0 ? 0 : SNIC_QCFG_IRQ | SNIC_PUT(TXQ_CFG, VEC, vector));
}

int snic_txq_start(struct snic_txq *q, const struct snic_hw *hw, u32 queue, const struct snic_ring_mem *mem,
		   u32 size_log2, int vector)
{
	int rc = check(hw, "TX queue", queue, mem, size_log2);

	if (rc)
		return rc;
	memset(q, 0, sizeof(*q));
	memset(mem->report, 0, sizeof(*mem->report));
	q->hw = hw;
	q->desc = mem->ring;
	q->wb = mem->report;
	q->cfg = SNIC_REG_AT(TXQ_CFG, queue);
	q->doorbell = SNIC_REG_AT(TX_TAIL, queue);
	q->size = 1u << size_log2;
	snic_os_wmb();
	snic_wr64(hw, SNIC_REG_AT(TXQ_BASE_LO, queue), mem->ring_bus);
	snic_wr64(hw, SNIC_REG_AT(TXQ_WB_LO, queue), mem->report_bus);
	snic_wr32(hw, SNIC_REG_AT(TXQ_CFG, queue), on_bits(size_log2, vector));
	return 0;
}

static int start_rx(struct snic_rxq *q, const struct snic_hw *hw, u32 queue, const struct snic_ring_mem *mem,
		    u32 size_log2, u32 buf_size, u32 buf_min, int vector, u32 scatter)
{
	int rc = check(hw, "RX queue", queue, mem, size_log2);
	u32 quarter = 1u << size_log2 >> 2;

	if (rc)
		return rc;
	if (buf_size < buf_min || buf_size % SNIC_BEAT_BYTES || buf_size > SNIC_FRAME_MAX + SNIC_BEAT_BYTES) {
		snic_os_err(&hw->os, "RX queue %u: buffers of %u bytes; use a multiple of %u from %u to %u",
			    queue, buf_size, (u32)SNIC_BEAT_BYTES, buf_min,
			    (u32)(SNIC_FRAME_MAX + SNIC_BEAT_BYTES));
		return -EINVAL;
	}
	memset(q, 0, sizeof(*q));
	/* an old completion must not look like one of the first pass */
	memset(mem->report, 0, sizeof(*mem->report) << size_log2);
	q->hw = hw;
	q->desc = mem->ring;
	q->cpl = mem->report;
	q->cfg = SNIC_REG_AT(RXQ_CFG, queue);
	q->doorbell = SNIC_REG_AT(RX_TAIL, queue);
	q->size_log2 = size_log2;
	q->batch = (u16)(quarter < RX_BATCH ? quarter : RX_BATCH);
	snic_os_wmb();
	snic_wr64(hw, SNIC_REG_AT(RXQ_BASE_LO, queue), mem->ring_bus);
	snic_wr64(hw, SNIC_REG_AT(RXQ_CPL_LO, queue), mem->report_bus);
	snic_wr32(hw, SNIC_REG_AT(RXQ_CFG, queue),
		  on_bits(size_log2, vector) | SNIC_PUT(RXQ_CFG, BUFSIZE, buf_size / SNIC_BEAT_BYTES) |
			  scatter);
	return 0;
}

int snic_rxq_start(struct snic_rxq *q, const struct snic_hw *hw, u32 queue, const struct snic_ring_mem *mem,
		   u32 size_log2, u32 buf_size, int vector)
{
	return start_rx(q, hw, queue, mem, size_log2, buf_size, SNIC_BEAT_BYTES, vector, 0);
}

int snic_rxq_start_scatter(struct snic_rxq *q, const struct snic_hw *hw, u32 queue,
			   const struct snic_ring_mem *mem, u32 size_log2, u32 buf_size, int vector)
{
	if (!snic_hw_has_rx_scatter(hw)) {
		snic_os_err(&hw->os, "RX queue %u: a card of 1.%u fills one buffer a frame; use contract 1.7",
			    queue, hw->minor);
		return -EOPNOTSUPP;
	}
	return start_rx(q, hw, queue, mem, size_log2, buf_size, SNIC_RX_BUF_MIN, vector,
			SNIC_MASK(RXQ_CFG, SCATTER));
}

static int drain(const struct snic_hw *hw, const char *what, u32 cfg)
{
	u32 now, us = 0;

	do {
		now = snic_rd32(hw, cfg);
		if (now == ~0u)
			return -ENODEV;
		if (!(now & SNIC_QCFG_BUSY))
			return 0;
	} while (snic_hw_pause(hw, &us));
	snic_os_err(&hw->os, "%s: busy %u us after it was switched off; reset the function", what, us);
	return -EIO;
}

void snic_txq_off(const struct snic_txq *q)
{
	if (q->hw)
		snic_wr32(q->hw, q->cfg, 0);
}

void snic_rxq_off(const struct snic_rxq *q)
{
	if (q->hw)
		snic_wr32(q->hw, q->cfg, 0);
}

int snic_txq_stop(const struct snic_txq *q)
{
	snic_txq_off(q);
	return q->hw ? drain(q->hw, "TX queue", q->cfg) : 0;
}

int snic_rxq_stop(const struct snic_rxq *q)
{
	snic_rxq_off(q);
	return q->hw ? drain(q->hw, "RX queue", q->cfg) : 0;
}

int snic_txq_reap(struct snic_txq *q)
{
	u64 wb = snic_os_load64(&q->wb->qw[0]);
	u16 head = (u16)(wb >> SNIC_TX_WB_HEAD_LSB);

	/* the record before `tail`, which another CPU may move on: what is done was put before */
	snic_os_rmb();
	/* beyond what was put: the record is not this queue's */
	if ((u16)(head - q->head) > (u16)(q->tail - q->head))
		return -EIO;
	q->head = head;
	return snic_bits_get(&wb, SNIC_F(TX_WB, STATUS)) == SNIC_QSTAT_OK ? 0 : -EIO;
}
