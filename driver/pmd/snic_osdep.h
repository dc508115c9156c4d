/* SPDX-License-Identifier: BSD-2-Clause */
/* What driver/hw needs from its host (listed in snic_hw.h), for a user-space process that got a struct
 * snic_pmd_bus. */
#ifndef SNIC_OSDEP_H
#define SNIC_OSDEP_H

#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "snic_pmd.h"

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

/* The first message stays: it is the closest to the cause. size 0: messages are dropped. */
struct snic_os_log {
	char *buf;
	size_t size;
};

struct snic_os {
	const struct snic_pmd_bus *bus;
	struct snic_os_log *log;
	unsigned int func;
};

static inline u32 snic_os_read32(const struct snic_os *os, u32 reg)
{
	return (u32)os->bus->read(os->bus->ctx, os->func, reg, 4);
}

static inline u64 snic_os_read64(const struct snic_os *os, u32 reg)
{
	return os->bus->read(os->bus->ctx, os->func, reg, 8);
}

static inline void snic_os_write32(const struct snic_os *os, u32 reg, u32 v)
{
	os->bus->write(os->bus->ctx, os->func, reg, v, 4);
}

static inline void snic_os_write64(const struct snic_os *os, u32 reg, u64 v)
{
	os->bus->write(os->bus->ctx, os->func, reg, v, 8);
}

static inline void snic_os_delay_us(const struct snic_os *os, u32 us)
{
	os->bus->delay_ns(os->bus->ctx, us * 1000ull);
}

/* Stores to DMA memory before a doorbell. */
static inline void snic_os_wmb(void)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

/* A load that saw what the device wrote, before loads of what it wrote earlier. */
static inline void snic_os_rmb(void)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
}

/* DMA memory that the device may write at any time: one load, not torn, not repeated. */
static inline u64 snic_os_load64(const __le64 *p)
{
	return le64toh(*(const volatile __le64 *)p);
}

static inline void snic_os_store64(__le64 *p, u64 v)
{
	*(volatile __le64 *)p = htole64(v);
}

__attribute__((format(printf, 2, 3))) static inline void snic_os_err(const struct snic_os *os,
								     const char *fmt, ...)
{
	struct snic_os_log *log = os->log;
	va_list ap;
	int n;

	if (!log->size || log->buf[0])
		return;
	n = snprintf(log->buf, log->size, "snic function %u: ", os->func);
	if (n < 0 || (size_t)n >= log->size)
		return;
	va_start(ap, fmt);
	vsnprintf(log->buf + n, log->size - (size_t)n, fmt, ap);
	va_end(ap);
}

#endif
