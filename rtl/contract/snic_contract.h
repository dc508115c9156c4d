/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The device contract for C and C++: what the .def tables say, as constants and accessors. No OS in it; builds in
 * user space, in a kernel module and in QEMU.
 */
#ifndef SNIC_CONTRACT_H
#define SNIC_CONTRACT_H

#include <linux/types.h>

#ifdef __cplusplus
#define SNIC_STATIC_ASSERT static_assert
#else
#define SNIC_STATIC_ASSERT _Static_assert
#endif

enum {
#define PARAM(name, value, unit, why) SNIC_##name = value,
#include "snic_params.def"
#undef PARAM
};

enum {
#define ENUM(group, name, value, why) SNIC_##group##_##name = value,
#include "snic_enums.def"
#undef ENUM
};

/* Register offsets; SNIC_<ARRAY>(i) is SNIC_REG_<ARRAY> + i * SNIC_STRIDE_<ARRAY>. */
enum {
#define REG(name, offset, access, reset, scope, why)                                                         \
	SNIC_REG_##name = offset, SNIC_COUNT_##name = 1, SNIC_STRIDE_##name = 4,
#define REG_ARRAY(name, offset, count, stride, access, scope, why)                                           \
	SNIC_REG_##name = offset, SNIC_COUNT_##name = count, SNIC_STRIDE_##name = stride,
#include "snic_regs.def"
};
#define SNIC_REG_AT(name, i) (SNIC_REG_##name + (i)*SNIC_STRIDE_##name)

enum {
#define STAT_GLOBAL(name, index, str, why) SNIC_STAT_##name = index,
#include "snic_stats.def"
};
enum {
#define STAT_FUNC(name, index, str, why) SNIC_FSTAT_##name = index,
#include "snic_stats.def"
};
enum {
#define STATION(name, key, label) SNIC_STATION_##name,
#include "snic_stations.def"
#undef STATION
	SNIC_N_STATION
};
enum {
#define BLOCK(name, label) SNIC_BLOCK_##name,
#include "snic_blocks.def"
#undef BLOCK
	SNIC_N_BLOCK
};
/* Counters of events: SNIC_EVENT_BASE .. SNIC_EVENT_END - 1. */
enum {
	SNIC_EVENT_BEFORE = SNIC_EVENT_BASE - 1,
#define STAT_EVENT(name, index, str, why) SNIC_EVENT_AT_##name,
#include "snic_stats.def"
	SNIC_EVENT_END
};
#define STAT_EVENT(name, index, str, why)                                                                    \
	SNIC_STATIC_ASSERT((index) == SNIC_EVENT_AT_##name, "counters of events leave no gap: " #name);
#include "snic_stats.def"
enum {
#define STAT_GLOBAL(name, index, str, why) SNIC_STAT_ROW_##name,
#include "snic_stats.def"
	SNIC_N_STAT
};
enum {
#define STAT_FUNC(name, index, str, why) SNIC_FSTAT_AT_##name,
#include "snic_stats.def"
	SNIC_N_FSTAT
};
#define STAT_FUNC(name, index, str, why)                                                                     \
	SNIC_STATIC_ASSERT((index) == SNIC_FSTAT_AT_##name, "counters of a function leave no gap: " #name);
#include "snic_stats.def"

/* Fields of registers, and of words that go through them. */
enum {
#define REG_FIELD(reg, field, lsb, width, access, reset, why)                                                \
	SNIC_##reg##_##field##_LSB = lsb, SNIC_##reg##_##field##_W = width,
#define WORD_FIELD(word, field, lsb, width, why)                                                             \
	SNIC_##word##_##field##_LSB = lsb, SNIC_##word##_##field##_W = width,
#include "snic_fields.def"
};
#define SNIC_MASK(reg, field)                                                                                \
	((__u32)(0xffffffffu >> (32 - SNIC_##reg##_##field##_W) << SNIC_##reg##_##field##_LSB))
/* What does not fit into the field is cut off. */
#define SNIC_PUT(reg, field, v) ((__u32)(v) << SNIC_##reg##_##field##_LSB & SNIC_MASK(reg, field))
#define SNIC_GET(reg, field, word) (((word)&SNIC_MASK(reg, field)) >> SNIC_##reg##_##field##_LSB)

/* What TXQ_CFG and RXQ_CFG have in common. */
#define SNIC_QCFG_ENABLE SNIC_MASK(TXQ_CFG, ENABLE)
#define SNIC_QCFG_BUSY SNIC_MASK(TXQ_CFG, BUSY)
#define SNIC_QCFG_IRQ SNIC_MASK(TXQ_CFG, IRQ)
#define SNIC_QCFG_VEC_LSB SNIC_TXQ_CFG_VEC_LSB
#define SNIC_QCFG_BUF_LSB SNIC_RXQ_CFG_BUFSIZE_LSB
SNIC_STATIC_ASSERT(SNIC_QCFG_ENABLE == SNIC_MASK(RXQ_CFG, ENABLE) &&
			   SNIC_QCFG_BUSY == SNIC_MASK(RXQ_CFG, BUSY) &&
			   SNIC_QCFG_IRQ == SNIC_MASK(RXQ_CFG, IRQ) &&
			   SNIC_MASK(TXQ_CFG, VEC) == SNIC_MASK(RXQ_CFG, VEC) &&
			   SNIC_MASK(TXQ_CFG, LOG2) == SNIC_MASK(RXQ_CFG, LOG2),
		   "queues of both directions are configured alike");

/* Descriptors and completions. */
struct snic_qw2 {
	__le64 qw[2];
};
SNIC_STATIC_ASSERT(sizeof(struct snic_qw2) == SNIC_DESC_BYTES, "descriptor size");

enum {
#define DESC_FIELD(s, f, lsb, width, why) SNIC_##s##_##f##_LSB = lsb, SNIC_##s##_##f##_W = width,
#include "snic_desc.def"
};
#define DESC_FIELD(s, f, lsb, width, why)                                                                    \
	SNIC_STATIC_ASSERT((lsb) / 64 == ((lsb) + (width)-1) / 64, #s "." #f " crosses a quadword");
#include "snic_desc.def"

/* (lsb, width) of a descriptor field, for snic_desc_get/set */
#define SNIC_F(s, f) SNIC_##s##_##f##_LSB, SNIC_##s##_##f##_W

static inline __u64 snic_bits_get(const __u64 *qw, unsigned int lsb, unsigned int width)
{
	return qw[lsb / 64] >> (lsb % 64) & (~0ull >> (64 - width));
}

static inline void snic_bits_set(__u64 *qw, unsigned int lsb, unsigned int width, __u64 v)
{
	__u64 mask = (~0ull >> (64 - width)) << (lsb % 64);

	qw[lsb / 64] = (qw[lsb / 64] & ~mask) | (v << (lsb % 64) & mask);
}

/* Flow key: dwords, fields by (lsb, width); a 128-bit field is four dwords, least significant first. */
struct snic_flow_key {
	__u32 dw[SNIC_KEY_DWORDS];
};

enum {
#define KEY_FIELD(name, lsb, width, why) SNIC_KEY_##name##_LSB = lsb, SNIC_KEY_##name##_W = width,
#include "snic_key.def"
#undef KEY_FIELD
};

static inline __u64 snic_key_get(const struct snic_flow_key *k, unsigned int lsb, unsigned int width)
{
	__u64 v = k->dw[lsb / 32];

	if (lsb / 32 + 1 < SNIC_KEY_DWORDS)
		v |= (__u64)k->dw[lsb / 32 + 1] << 32;
	return v >> (lsb % 32) & (~0ull >> (64 - width));
}

/* As snic_key_get: a field lies within two dwords. */
static inline void snic_key_set(struct snic_flow_key *k, unsigned int lsb, unsigned int width, __u64 v)
{
	__u64 mask = (~0ull >> (64 - width)) << (lsb % 32);
	__u32 *dw = &k->dw[lsb / 32];

	v = v << (lsb % 32) & mask;
	dw[0] = (dw[0] & ~(__u32)mask) | (__u32)v;
	if (mask >> 32)
		dw[1] = (dw[1] & ~(__u32)(mask >> 32)) | (__u32)(v >> 32);
}
#define SNIC_K(f) SNIC_KEY_##f##_LSB, SNIC_KEY_##f##_W

struct snic_actions {
	__u32 a[SNIC_N_ACTION];
};

/* An edit: fields by (lsb, width), in value and mask alike. */
struct snic_edit {
	__u32 value[SNIC_EDIT_DWORDS], mask[SNIC_EDIT_DWORDS];
};
SNIC_STATIC_ASSERT(2 * SNIC_EDIT_DWORDS == SNIC_KEY_DWORDS, "an edit goes through the registers of a key");

enum {
#define EDIT_FIELD(name, lsb, width, why) SNIC_EDIT_##name##_LSB = lsb, SNIC_EDIT_##name##_W = width,
#include "snic_edit.def"
#undef EDIT_FIELD
};
#define SNIC_ACTION(op, arg) ((__u32)(op) | (__u32)(arg) << 8)

/* One case a register: a second register at the same offset does not compile. */
static inline int snic_reg_exists(__u32 offset)
{
	switch (offset) {
#define REG(name, off, access, reset, scope, why) case off:
#include "snic_regs.def"
		return 1;
	default:
		break;
	}
#define REG_ARRAY(name, off, count, stride, access, scope, why)                                              \
	if (offset >= (off) && offset < (off) + (count) * (stride) && (offset - (off)) % (stride) == 0)      \
		return 1;
#include "snic_regs.def"
	return 0;
}

#define SNIC_IS_REG(name, offset)                                                                            \
	((offset)-SNIC_REG_##name < (__u32)(SNIC_COUNT_##name * SNIC_STRIDE_##name) &&                       \
	 ((offset)-SNIC_REG_##name) % SNIC_STRIDE_##name == 0)

/* The bits of a register that keep what is written (RW). */
static inline __u32 snic_reg_kept(__u32 offset)
{
	enum { SNIC_ACC_RO, SNIC_ACC_RW, SNIC_ACC_WO, SNIC_ACC_W1C };
	__u32 fields = 0, kept = 0;

#define REG_FIELD(name, field, lsb, width, access, reset, why)                                               \
	if (SNIC_IS_REG(name, offset)) {                                                                     \
		fields = 1;                                                                                  \
		kept |= SNIC_ACC_##access == SNIC_ACC_RW ? SNIC_MASK(name, field) : 0;                       \
	}
#include "snic_fields.def"
	if (fields)
		return kept;
#define REG(name, off, access, reset, scope, why)                                                            \
	if (SNIC_ACC_##access == SNIC_ACC_RW && SNIC_IS_REG(name, offset))                                   \
		return ~0u;
#define REG_ARRAY(name, off, count, stride, access, scope, why) REG(name, off, access, 0, scope, why)
#include "snic_regs.def"
	return 0;
}

#endif
