/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * TX and RX rings. Counts (head, tail) run free in 16 bits, as the device's do; entry = count mod ring. The
 * fast path never reads a register: TX progress comes by write-back, RX by the phase bit. It is inline: it
 * runs for each frame.
 */
#ifndef SNIC_QUEUE_H
#define SNIC_QUEUE_H

#include "snic_hw.h"

struct snic_txq {
	struct snic_qw2 *desc;
	const struct snic_qw2 *wb;
	const struct snic_hw *hw;
	u32 cfg; /* registers */
	u32 doorbell;
	u32 size;
	u16 tail; /* filled */
	u16 rung; /* told to the device */
	u16 head; /* done, as last seen */
};

struct snic_rxq {
	struct snic_qw2 *desc;
	const struct snic_qw2 *cpl;
	const struct snic_hw *hw;
	u32 cfg; /* registers */
	u32 doorbell;
	u32 size_log2;
	u16 head;  /* completions taken */
	u16 tail;  /* buffers posted */
	u16 rung;  /* told to the device */
	u16 batch; /* buffers that make a doorbell worth it */
};

/* Memory of one queue pair, zeroed or not; all bus addresses 64 B aligned. */
struct snic_ring_mem {
	struct snic_qw2 *ring;
	u64 ring_bus;
	struct snic_qw2 *report; /* TX: write-back record, RX: completion ring */
	u64 report_bus;
};

/*
 * vector: MSI-X vector, or negative for none. The function may be enabled or not; a queue starts at count 0.
 * After snic_hw_reset nothing needs to be taken down.
 */
int snic_txq_start(struct snic_txq *q, const struct snic_hw *hw, u32 queue, const struct snic_ring_mem *mem,
		   u32 size_log2, int vector);
int snic_rxq_start(struct snic_rxq *q, const struct snic_hw *hw, u32 queue, const struct snic_ring_mem *mem,
		   u32 size_log2, u32 buf_size, int vector);

/*
 * The same for frames that fill several buffers, of SNIC_RX_BUF_MIN bytes or more, that begin at any byte. All but the last of a frame
 * are full, and have snic_rx_more() in their completions. -EOPNOTSUPP: the card cannot.
 */
int snic_rxq_start_scatter(struct snic_rxq *q, const struct snic_hw *hw, u32 queue,
			   const struct snic_ring_mem *mem, u32 size_log2, u32 buf_size, int vector);

/*
 * Switches the queue off and waits until the device does nothing more of it: from then on neither ring nor buffers
 * are read or written. -EIO: it does not come to an end in the longest time that reads may take; reset the function. -ENODEV:
 * the device is gone. One that was never started (all zero) is off.
 */
int snic_txq_stop(const struct snic_txq *q);
int snic_rxq_stop(const struct snic_rxq *q);

/* Switches it off only: for who stops many, and waits for the first of them then. */
void snic_txq_off(const struct snic_txq *q);
void snic_rxq_off(const struct snic_rxq *q);

/* Takes over the device's progress; -EIO when the queue stopped, or the record is not possible. */
int snic_txq_reap(struct snic_txq *q);

/* Free entries, as last reaped. */
static inline u32 snic_txq_room(const struct snic_txq *q)
{
	return q->size - (u16)(q->tail - q->head);
}

/* How a frame is cut into segments; rtl/contract/PROGRAMMING.md says what stands in its headers. */
struct snic_tx_lso {
	u16 mss, hdr;
	u8 l3, l4, ol3;
	bool ip6, udp, fixid, oip4;
};

static inline void snic_txq_put_qw(struct snic_txq *q, u64 lo, u64 hi)
{
	struct snic_qw2 *d = &q->desc[q->tail & (q->size - 1)];

	snic_os_store64(&d->qw[0], lo);
	snic_os_store64(&d->qw[1], hi);
	q->tail++;
}

/* For the first buffer of a frame: a checksum of what begins at `start`, to be put `off` behind it. */
static inline u64 snic_tx_csum(u32 start, u32 off)
{
	return 1ull << (SNIC_TX_DESC_CSUM_LSB - 64) | (u64)start << (SNIC_TX_DESC_CSUM_START_LSB - 64) |
	       (u64)off << (SNIC_TX_DESC_CSUM_OFF_LSB - 64);
}

/* For the last one: to this vport, a function or wire port, by no rule or table. The PF alone may do that, a VF's queue stops. */
static inline u64 snic_tx_to(u32 vport)
{
	return 1ull << (SNIC_TX_DESC_TO_LSB - 64) | (u64)vport << (SNIC_TX_DESC_DST_LSB - 64);
}

/* One of a frame's SNIC_TX_BUFS buffers at most; flags: 0, or snic_tx_csum(), snic_tx_to(). There must be room for all of them. */
static inline void snic_txq_put_buf(struct snic_txq *q, u64 addr, u32 len, bool last, u64 flags)
{
	snic_txq_put_qw(q, addr,
			(u64)len << (SNIC_TX_DESC_LEN_LSB - 64) | (u64)last << (SNIC_TX_DESC_EOP_LSB - 64) |
				flags);
}

/* Before the first buffer of a frame that is to be cut. It takes an entry of the ring. */
static inline void snic_txq_put_lso(struct snic_txq *q, const struct snic_tx_lso *c)
{
	snic_txq_put_qw(q,
			(u64)c->mss << SNIC_TX_CTX_MSS_LSB | (u64)c->hdr << SNIC_TX_CTX_HDR_LSB |
				(u64)c->l3 << SNIC_TX_CTX_L3_LSB | (u64)c->l4 << SNIC_TX_CTX_L4_LSB |
				(u64)c->ol3 << SNIC_TX_CTX_OL3_LSB,
			1ull << (SNIC_TX_CTX_CTX_LSB - 64) | (u64)c->ip6 << (SNIC_TX_CTX_IP6_LSB - 64) |
				(u64)c->udp << (SNIC_TX_CTX_UDP_LSB - 64) |
				(u64)c->fixid << (SNIC_TX_CTX_FIXID_LSB - 64) |
				(u64)c->oip4 << (SNIC_TX_CTX_OIP4_LSB - 64));
}

/* A frame in one buffer. There must be room. */
static inline void snic_txq_put(struct snic_txq *q, u64 addr, u32 len)
{
	snic_txq_put_buf(q, addr, len, true, 0);
}

/* One doorbell for all that was put. */
static inline void snic_txq_kick(struct snic_txq *q)
{
	if (q->rung == q->tail)
		return;
	snic_os_wmb();
	snic_wr32(q->hw, q->doorbell, q->tail);
	q->rung = q->tail;
}

/* Next completion, if there is one. */
static inline bool snic_rxq_next(struct snic_rxq *q, u64 cpl[2])
{
	const struct snic_qw2 *c = &q->cpl[q->head & ((1u << q->size_log2) - 1)];
	u64 hi = snic_os_load64(&c->qw[1]);

	/* phase is 1 in passes 0, 2, 4, ...: the opposite of the pass's last bit */
	if (hi >> (SNIC_RX_CPL_PHASE_LSB - 64) == (q->head >> q->size_log2 & 1))
		return false;
	snic_os_rmb();
	cpl[0] = snic_os_load64(&c->qw[0]);
	cpl[1] = hi;
	q->head++;
	return true;
}

/* The frame goes on in the next buffer. What is completed of a frame is completed to its end, unless the function is reset. */
static inline bool snic_rx_more(const u64 cpl[2])
{
	return cpl[1] >> (SNIC_RX_CPL_MORE_LSB - 64) & 1;
}

/* A buffer for the next entry; at most the ring's size may be posted beyond what was taken. */
static inline void snic_rxq_post(struct snic_rxq *q, u64 addr)
{
	struct snic_qw2 *d = &q->desc[q->tail & ((1u << q->size_log2) - 1)];

	snic_os_store64(&d->qw[0], addr);
	snic_os_store64(&d->qw[1], 0);
	q->tail++;
}

/* Every entry has a buffer of its own for good: all that were taken are free again, their descriptors still
 * right. */
static inline void snic_rxq_recycle(struct snic_rxq *q)
{
	q->tail = (u16)(q->head + (1u << q->size_log2));
}

/*
 * Tells the device when it is worth a doorbell. Only whole lines of descriptors, so that none is read twice;
 * the batch is at most a quarter of the ring, so what is kept back never starves it.
 */
static inline void snic_rxq_kick(struct snic_rxq *q)
{
	if ((u16)(q->tail - q->rung) < q->batch)
		return;
	q->rung = q->tail & (u16) ~(SNIC_DESC_PER_LINE - 1);
	snic_os_wmb();
	snic_wr32(q->hw, q->doorbell, q->rung);
}

#endif
