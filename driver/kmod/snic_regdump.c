// SPDX-License-Identifier: GPL-2.0-or-later
/* The registers as the contract lists them, for ethtool -d and devlink's dumps. */
#include "snic_ethtool.h"

enum snic_reg_access { SNIC_ACCESS_RO, SNIC_ACCESS_RW, SNIC_ACCESS_WO, SNIC_ACCESS_W1C };
enum snic_reg_scope { SNIC_SCOPE_ANY, SNIC_SCOPE_PF };

static const struct snic_reg_range {
	const char *name;
	u16 offset;
	u8 count;
	u8 stride;
	u8 access;
	u8 scope;
	bool array;
} snic_reg_ranges[] = {
#define REG(name, offset, access, reset, scope, why)                                        \
	{ #name, offset, 1, 0, SNIC_ACCESS_##access, SNIC_SCOPE_##scope, false },
#define REG_ARRAY(name, offset, count, stride, access, scope, why)                          \
	{ #name, offset, count, stride, SNIC_ACCESS_##access, SNIC_SCOPE_##scope, true },
#include "snic_regs.def"
};

/* Reading it would take what another reader is after: the upper half is latched with the lower. */
static bool snic_reg_latches(u32 offset)
{
	return offset == SNIC_REG_TIME_LO || offset == SNIC_REG_TIME_HI ||
	       SNIC_IS_REG(PTP_TIME_LO, offset) || SNIC_IS_REG(PTP_TIME_HI, offset) ||
	       offset == SNIC_REG_STAT_LO || offset == SNIC_REG_STAT_HI;
}

static bool snic_reg_dumped(const struct snic *nic, const struct snic_reg_range *r)
{
	return r->access != SNIC_ACCESS_WO && (nic->pf || r->scope == SNIC_SCOPE_ANY) &&
	       !snic_reg_latches(r->offset);
}

u32 snic_regdump_count(const struct snic *nic)
{
	u32 i, n = 0;

	for (i = 0; i < ARRAY_SIZE(snic_reg_ranges); i++)
		if (snic_reg_dumped(nic, &snic_reg_ranges[i]))
			n += snic_reg_ranges[i].count;
	return n;
}

void snic_regdump(struct snic *nic, struct snic_reg_value *out)
{
	const struct snic_reg_range *r;
	u32 i, k;

	for (i = 0; i < ARRAY_SIZE(snic_reg_ranges); i++) {
		r = &snic_reg_ranges[i];
		if (!snic_reg_dumped(nic, r))
			continue;
		for (k = 0; k < r->count; k++, out++) {
			out->offset = r->offset + k * r->stride;
			out->value = test_bit(SNIC_GONE, &nic->state) ?
					     ~0u : snic_rd32(&nic->hw, out->offset);
		}
	}
}

const char *snic_reg_name(u32 offset, int *index)
{
	const struct snic_reg_range *r;
	u32 i, from;

	for (i = 0; i < ARRAY_SIZE(snic_reg_ranges); i++) {
		r = &snic_reg_ranges[i];
		from = offset - r->offset;
		if (!r->array && !from) {
			*index = -1;
			return r->name;
		}
		if (r->array && offset >= r->offset && from < r->count * r->stride &&
		    from % r->stride == 0) {
			*index = from / r->stride;
			return r->name;
		}
	}
	return NULL;
}
