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
#define REG(name, offset, access, reset, scope, why) SNIC_REG_##name = offset,
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
#define SNIC_STAT_SEL_FUNC 0x80000000u
#define SNIC_N_FSTAT 6

#define SNIC_PCIE_LINK_GEN 0xfu
#define SNIC_PCIE_LINK_LANES_LSB 8
#define SNIC_FUNC_CTRL_ENABLE 0x1u
#define SNIC_FUNC_CTRL_RESET 0x2u
#define SNIC_FUNC_STATUS_RESETTING 0x1u
#define SNIC_FUNC_STATUS_QERR 0x2u
#define SNIC_QCFG_ENABLE 0x80000000u
#define SNIC_QCFG_BUSY 0x40000000u
#define SNIC_QCFG_IRQ 0x1000u
#define SNIC_QCFG_VEC_LSB 8
#define SNIC_QCFG_BUF_LSB 16
#define SNIC_FT_ENABLE 0x1u
#define SNIC_FT_SPOOFCHK 0x2u
#define SNIC_FT_BCAST 0x4u
#define SNIC_FT_ALLMULTI 0x8u
#define SNIC_FT_PROMISC 0x10u
#define SNIC_FT_STRIP 0x20u
#define SNIC_FT_TRUSTED 0x40u
#define SNIC_FT_UPLINK1 0x100u
#define SNIC_FT_LOOPBACK 0x200u
#define SNIC_MBOX_SEND 0x1u /* MBOX_CTRL, written */
#define SNIC_MBOX_TAKEN 0x2u
#define SNIC_MBOX_UNTAKEN 0x1u /* MBOX_CTRL, read: mine */
#define SNIC_MBOX_WAITS 0x2u   /* one for me */
#define SNIC_MBOX_VEC_IRQ 0x10u

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

#endif
