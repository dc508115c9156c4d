/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * One function of the card: is it there, is it ours, does it work, reset it, switch it on.
 *
 * driver/hw has no OS in it. Each host brings a snic_osdep.h with: u8 ... u64, bool, errno values,
 * memset/memcpy/memcmp; struct snic_os and on it snic_os_read32/read64/write32/write64(register),
 * snic_os_delay_us, snic_os_err(format ...); snic_os_wmb, snic_os_rmb, and snic_os_load64/store64 of
 * little-endian words in DMA memory. Large structs (snic_functab, snic_mactab, snic_flowtab, snic_ruletab)
 * are handed in by the host. Nothing here sleeps or locks: calls on one function are serialised by the
 * caller; the PF's tables count as one.
 */
#ifndef SNIC_HW_H
#define SNIC_HW_H

#include "snic_contract.h"
#include "snic_osdep.h"

struct snic_hw {
	struct snic_os os;
	u32 func;
	/* from snic_hw_identify */
	u32 build;
	u32 minor; /* of the contract's version */
	u32 n_func, n_vec, n_queue;
	u32 n_flow, n_rule, n_mask;
	/* the PCI Express completion timeout, as Device Control 2 has it: 0 is the device's default; others are the host's to set */
	u32 read_timeout_us;
};

/*
 * Waits for the device between two looks at it, and adds to what has been waited. False, and no wait: what reads are under
 * way would have ended by now, several one after the other.
 */
bool snic_hw_pause(const struct snic_hw *hw, u32 *waited_us);

/* Is this function `hw->func` of a card that this driver can drive, and ready? Fills in build and
 * capabilities. */
int snic_hw_identify(struct snic_hw *hw);

/* Frames in many buffers, checksums, segments: of contract 1.5. */
static inline bool snic_hw_has_tx_offload(const struct snic_hw *hw)
{
	return hw->minor >= 5;
}

/* Switchdev mode, and frames of the PF to a vport: of contract 1.6. */
static inline bool snic_hw_has_switchdev(const struct snic_hw *hw)
{
	return hw->minor >= 6;
}

/* Frames received into several buffers: of contract 1.7. */
static inline bool snic_hw_has_rx_scatter(const struct snic_hw *hw)
{
	return hw->minor >= 7;
}

/* VTEP table, DECAP and ENCAP: of contract 1.9. */
static inline bool snic_hw_has_tunnels(const struct snic_hw *hw)
{
	return hw->minor >= 9;
}

/* The actions EDIT and DTTL: of contract 1.10. */
static inline bool snic_hw_has_edits(const struct snic_hw *hw)
{
	return hw->minor >= 10;
}

/*
 * Proves MMIO, then DMA into buf (at bus address `bus`, 16 B aligned), then, if irq_seen is given,
 * interrupts: message of `vector`, until irq_seen(ctx) says it came. Bus mastering must be on.
 */
int snic_hw_selftest(struct snic_hw *hw, struct snic_qw2 *buf, u64 bus, bool (*irq_seen)(void *ctx),
		     void *ctx, u32 vector);

/* The same, one by one. They disturb no traffic. */
int snic_hw_test_mmio(struct snic_hw *hw);
int snic_hw_test_dma(struct snic_hw *hw, struct snic_qw2 *buf, u64 bus);
int snic_hw_test_irq(struct snic_hw *hw, bool (*irq_seen)(void *ctx), void *ctx, u32 vector);

/* Function reset: returns when no DMA of the function is under way any more. Queues, RSS and enable are at
 * reset values. */
int snic_hw_reset(struct snic_hw *hw);

void snic_hw_enable(struct snic_hw *hw, bool on);

/* 0, or -ENODEV when reads come back as all ones. Also: all writes before it have reached the device. */
int snic_hw_sync(struct snic_hw *hw);

/* Device time, core clock cycles modulo 2^48: its differences count. All ones: the device is gone. */
u64 snic_hw_time(struct snic_hw *hw);

/* Core clock, and speed of wire port `port`. All ones: the device is gone. */
u32 snic_hw_clock_khz(const struct snic_hw *hw);
u32 snic_hw_link_mbps(const struct snic_hw *hw, u32 port);

/* Is the link of wire port `port` up? Of FUNC_STATUS. */
static inline bool snic_hw_link(u32 status, u32 port)
{
	return status >> (8 + port) & 1;
}

static inline u32 snic_rd32(const struct snic_hw *hw, u32 reg)
{
	return snic_os_read32(&hw->os, reg);
}

static inline u64 snic_rd64(const struct snic_hw *hw, u32 reg)
{
	return snic_os_read64(&hw->os, reg);
}

static inline void snic_wr32(const struct snic_hw *hw, u32 reg, u32 v)
{
	snic_os_write32(&hw->os, reg, v);
}

static inline void snic_wr64(const struct snic_hw *hw, u32 reg, u64 v)
{
	snic_os_write64(&hw->os, reg, v);
}

#endif
