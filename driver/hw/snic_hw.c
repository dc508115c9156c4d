/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_hw.h"

/* Reset, stop and self-test take microseconds; the bounds are for reads that are lost, and for a device that hangs. */
#define POLL_US 2
#define POLL_MAX 5000
#define SLOW_POLL_US 200
/* what a card has to have; what came later is asked for: snic_hw_has_... */
#define OLDEST_MINOR 4u
/* reset value of READ_TIMEOUT, with what the device takes longer at the most */
#define READ_TIMEOUT_US (10000 * 4 / 3)
#define READS 5

bool snic_hw_pause(const struct snic_hw *hw, u32 *waited_us)
{
	u32 us = *waited_us < POLL_US * POLL_MAX ? POLL_US : SLOW_POLL_US;

	if (*waited_us >= READS * (hw->read_timeout_us ? hw->read_timeout_us : READ_TIMEOUT_US))
		return false;
	snic_os_delay_us(&hw->os, us);
	*waited_us += us;
	return true;
}

static int gone(struct snic_hw *hw, const char *where)
{
	snic_os_err(&hw->os,
		    "%s: reads return all ones, the device is gone; check the link, power and the BAR",
		    where);
	return -ENODEV;
}

/* Reset bit clear: the function is ready. It is set, too, while the card clears its memories after power-up.
 */
static int wait_ready(struct snic_hw *hw, const char *where)
{
	u32 ctrl, us = 0;

	do {
		ctrl = snic_rd32(hw, SNIC_REG_FUNC_CTRL);
		if (ctrl == ~0u)
			return gone(hw, where);
		if (!(ctrl & SNIC_MASK(FUNC_CTRL, RESET)))
			return 0;
	} while (snic_hw_pause(hw, &us));
	snic_os_err(&hw->os, "%s: not ready after %u us; DMA of the function does not end, reset the slot",
		    where, us);
	return -ETIMEDOUT;
}

int snic_hw_identify(struct snic_hw *hw)
{
	u64 id = snic_rd64(hw, SNIC_REG_MAGIC);
	u32 magic = (u32)id, version = (u32)(id >> 32), func;
	u64 q, f;

	if (magic == ~0u)
		return gone(hw, "identify");
	if (magic != SNIC_MAGIC) {
		snic_os_err(&hw->os,
			    "identify: magic is 0x%08x, not 0x%08x; this BAR is not that of a Cosnic card",
			    magic, (u32)SNIC_MAGIC);
		return -ENXIO;
	}
	if (version >> 16 != SNIC_VERSION_MAJOR || (version & 0xffff) < OLDEST_MINOR) {
		snic_os_err(&hw->os,
			    "identify: device has contract version %u.%u, driver needs %u.%u; use the driver "
			    "built with it",
			    version >> 16, version & 0xffff, (u32)SNIC_VERSION_MAJOR, OLDEST_MINOR);
		return -EOPNOTSUPP;
	}
	q = snic_rd64(hw, SNIC_REG_BUILD);
	f = snic_rd64(hw, SNIC_REG_CAP_FLOWS);
	func = snic_rd32(hw, SNIC_REG_FUNC);
	if (func == ~0u)
		return gone(hw, "identify");
	if (func != hw->func) {
		snic_os_err(&hw->os, "identify: this window answers as function %u; check the BAR mapping",
			    func);
		return -ENXIO;
	}
	hw->build = (u32)q;
	hw->minor = version & 0xffff;
	hw->n_func = (u32)(q >> 48);
	hw->n_vec = (u32)(q >> 40) & 0xff;
	hw->n_queue = (u32)(q >> 32) & 0xff;
	hw->n_flow = (u32)f;
	hw->n_rule = (u32)(f >> 32) & 0xffff;
	hw->n_mask = (u32)(f >> 48);
	if (hw->n_func > SNIC_N_FUNC || hw->n_queue > SNIC_Q_PER_FUNC || hw->n_vec > SNIC_VEC_PER_FUNC ||
	    hw->n_flow > SNIC_FLOW_ENTRIES || hw->n_rule > SNIC_RULE_ENTRIES ||
	    hw->n_mask > SNIC_RULE_MASKS) {
		snic_os_err(&hw->os,
			    "identify: capabilities 0x%llx 0x%llx are beyond contract version %u; update the "
			    "driver",
			    q >> 32, f, (u32)SNIC_VERSION_MAJOR);
		return -EOPNOTSUPP;
	}
	return wait_ready(hw, "identify");
}

static int test_scratch(struct snic_hw *hw, u32 v)
{
	u32 got;

	snic_wr32(hw, SNIC_REG_TEST_SCRATCH, v);
	got = snic_rd32(hw, SNIC_REG_TEST_SCRATCH);
	if (got == ~v)
		return 0;
	if (got == ~0u)
		return gone(hw, "self-test");
	snic_os_err(&hw->os, "self-test: scratch is 0x%08x after 0x%08x, should be 0x%08x; MMIO is broken",
		    got, v, ~v);
	return -EIO;
}

int snic_hw_test_mmio(struct snic_hw *hw)
{
	/* every data line must carry both values, and the answer must depend on what was written */
	const u32 first = 0xa5c35a3c;
	int rc = test_scratch(hw, first);

	return rc ? rc : test_scratch(hw, ~first);
}

int snic_hw_test_dma(struct snic_hw *hw, struct snic_qw2 *buf, u64 bus)
{
	const u32 scratch = 0x5a3ca5c3;
	u64 want0 = SNIC_MAGIC | (u64)hw->func << 32, want1 = scratch;
	u64 got0 = 0, got1 = 0;
	u32 i;

	snic_os_store64(&buf->qw[0], ~0ull);
	snic_os_store64(&buf->qw[1], ~0ull);
	snic_os_wmb();
	snic_wr32(hw, SNIC_REG_TEST_SCRATCH, scratch);
	snic_wr64(hw, SNIC_REG_TEST_DMA_LO, bus);
	snic_wr32(hw, SNIC_REG_TEST_GO, 1);
	for (i = 0; i < POLL_MAX; i++) {
		got0 = snic_os_load64(&buf->qw[0]);
		got1 = snic_os_load64(&buf->qw[1]);
		if (got0 == want0 && got1 == want1)
			return 0;
		snic_os_delay_us(&hw->os, POLL_US);
	}
	snic_os_err(&hw->os,
		    "self-test: DMA to 0x%llx left %016llx %016llx, not %016llx %016llx; check bus mastering "
		    "and the IOMMU",
		    bus, got0, got1, want0, want1);
	return -EIO;
}

int snic_hw_test_irq(struct snic_hw *hw, bool (*irq_seen)(void *ctx), void *ctx, u32 vector)
{
	u32 i;

	snic_wr32(hw, SNIC_REG_TEST_GO, 2 | vector << 8);
	for (i = 0; i < POLL_MAX; i++) {
		if (irq_seen(ctx))
			return 0;
		snic_os_delay_us(&hw->os, POLL_US);
	}
	snic_os_err(&hw->os, "self-test: no interrupt on vector %u after %u us; check MSI-X", vector,
		    POLL_US * POLL_MAX);
	return -EIO;
}

int snic_hw_selftest(struct snic_hw *hw, struct snic_qw2 *buf, u64 bus, bool (*irq_seen)(void *ctx),
		     void *ctx, u32 vector)
{
	int rc = snic_hw_test_mmio(hw);

	if (!rc)
		rc = snic_hw_test_dma(hw, buf, bus);
	if (!rc && irq_seen)
		rc = snic_hw_test_irq(hw, irq_seen, ctx, vector);
	return rc;
}

int snic_hw_reset(struct snic_hw *hw)
{
	snic_wr32(hw, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	return wait_ready(hw, "reset");
}

void snic_hw_enable(struct snic_hw *hw, bool on)
{
	snic_wr32(hw, SNIC_REG_FUNC_CTRL, on ? SNIC_MASK(FUNC_CTRL, ENABLE) : 0);
}

int snic_hw_sync(struct snic_hw *hw)
{
	return snic_rd32(hw, SNIC_REG_MAGIC) == SNIC_MAGIC ? 0 : gone(hw, "sync");
}

u32 snic_hw_clock_khz(const struct snic_hw *hw)
{
	return snic_rd32(hw, SNIC_REG_CLOCK_KHZ);
}

u32 snic_hw_link_mbps(const struct snic_hw *hw, u32 port)
{
	return snic_rd32(hw, SNIC_REG_AT(LINK_SPEED, port));
}

u64 snic_hw_time(struct snic_hw *hw)
{
	u64 lo = snic_rd32(hw, SNIC_REG_TIME_LO); /* latches the upper half */

	return lo | (u64)snic_rd32(hw, SNIC_REG_TIME_HI) << 32;
}
