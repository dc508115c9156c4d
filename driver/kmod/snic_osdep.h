/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What driver/hw needs from its host (listed in snic_hw.h), for Linux. */
#ifndef SNIC_OSDEP_H
#define SNIC_OSDEP_H

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/io.h>
#include <linux/string.h>
#include <linux/types.h>

struct snic_os {
	struct device *dev;
	void __iomem *regs; /* BAR0 */
};

static inline u32 snic_os_read32(const struct snic_os *os, u32 reg)
{
	return readl(os->regs + reg);
}

static inline u64 snic_os_read64(const struct snic_os *os, u32 reg)
{
	return readq(os->regs + reg);
}

static inline void snic_os_write32(const struct snic_os *os, u32 reg, u32 v)
{
	writel(v, os->regs + reg);
}

static inline void snic_os_write64(const struct snic_os *os, u32 reg, u64 v)
{
	writeq(v, os->regs + reg);
}

/* driver/hw waits only where the callers may sleep. */
static inline void snic_os_delay_us(const struct snic_os *os, u32 us)
{
	usleep_range(us, 2 * us);
}

static inline void snic_os_wmb(void)
{
	dma_wmb();
}

static inline void snic_os_rmb(void)
{
	dma_rmb();
}

static inline u64 snic_os_load64(const __le64 *p)
{
	return le64_to_cpu(READ_ONCE(*p));
}

static inline void snic_os_store64(__le64 *p, u64 v)
{
	WRITE_ONCE(*p, cpu_to_le64(v));
}

#define snic_os_err(os, fmt, ...) dev_err((os)->dev, fmt "\n", ##__VA_ARGS__)

#endif
