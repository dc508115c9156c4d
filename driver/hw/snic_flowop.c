/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_flowop.h"
#include "snic_ids.h"

void snic_flowop_init(struct snic_flowop *op, struct snic_hw *pf)
{
	op->pf = pf;
	op->staged_valid = false;
}

void snic_flowop_key(struct snic_flowop *op, const struct snic_flow_key *key)
{
	u32 i;

	for (i = 0; i < SNIC_KEY_DWORDS; i += 2) {
		if (op->staged_valid && op->staged.dw[i] == key->dw[i] &&
		    op->staged.dw[i + 1] == key->dw[i + 1])
			continue;
		snic_wr64(op->pf, SNIC_REG_AT(FLOW_KEY, i), key->dw[i] | (u64)key->dw[i + 1] << 32);
	}
	op->staged = *key;
	op->staged_valid = true;
}

void snic_flowop_actions(const struct snic_flowop *op, const struct snic_actions *act)
{
	u32 i;

	for (i = 0; i < SNIC_N_ACTION; i += 2)
		snic_wr64(op->pf, SNIC_REG_AT(FLOW_ACT, i), act->a[i] | (u64)act->a[i + 1] << 32);
}

void snic_flowop_go(const struct snic_flowop *op, u32 flop, u32 arg, u32 slot)
{
	_Static_assert(SNIC_REG_FLOW_SLOT % 8 == 0 && SNIC_REG_FLOW_OP == SNIC_REG_FLOW_SLOT + 4,
		       "one 64-bit write");
	snic_wr64(op->pf, SNIC_REG_FLOW_SLOT,
		  slot | (u64)(SNIC_PUT(FLOW_OP, OP, flop) | SNIC_PUT(FLOW_OP, ARG, arg)) << 32);
}

u32 snic_flowop_slot(u32 id, u32 tag)
{
	return id == SNIC_ID_NONE ? 0
				  : SNIC_MASK(FLOW_SLOT, VALID) | SNIC_PUT(FLOW_SLOT, TAG, tag) |
					    SNIC_PUT(FLOW_SLOT, ENTRY, id);
}

int snic_flowop_counters(const struct snic_flowop *op, u32 entry, struct snic_flow_counters *out)
{
	snic_flowop_go(op, SNIC_FLOP_STAT_READ, entry, 0);
	out->packets = snic_rd64(op->pf, SNIC_REG_FLOW_PKTS_LO);
	out->bytes = snic_rd64(op->pf, SNIC_REG_FLOW_BYTES_LO);
	out->last_seen = snic_rd64(op->pf, SNIC_REG_FLOW_SEEN_LO);
	return out->last_seen == ~0ull ? -ENODEV : 0; /* counters have 48 bits */
}

int snic_actions_check(const struct snic_hw *pf, const struct snic_actions *act)
{
	static const struct {
		bool known;
		u8 arg_bits;
	} ops[] = {
		[SNIC_ACT_END] = { true, 0 },
#define ACTION(NAME, name, value, arg_bits, changes, why) [value] = { true, arg_bits },
#include "snic_actions.def"
#undef ACTION
	};
	bool encap = false;
	u32 i, op, arg;

	for (i = 0; i < SNIC_N_ACTION; i++) {
		op = act->a[i] & 0xff;
		arg = act->a[i] >> 8;
		if (op >= sizeof(ops) / sizeof(ops[0]) || !ops[op].known || arg >> ops[op].arg_bits)
			return -EINVAL;
		/* it is done last: what would edit the frame behind it would edit what is inside */
		if (encap && (op == SNIC_ACT_ENCAP || op == SNIC_ACT_DECAP || op == SNIC_ACT_VLAN_PUSH ||
			      op == SNIC_ACT_VLAN_POP || op == SNIC_ACT_SET_DSCP))
			return -EINVAL;
		encap = encap || op == SNIC_ACT_ENCAP;
		if ((op == SNIC_ACT_FWD || op == SNIC_ACT_MIRROR) && arg >= pf->n_func &&
		    arg != SNIC_VPORT_WIRE0 && arg != SNIC_VPORT_WIRE1)
			return -EINVAL;
	}
	return 0;
}

int snic_key_check(const struct snic_flow_key *key)
{
	/* reserved bits are 0 in every frame's key */
	return snic_key_get(key, SNIC_K(RSVD0)) || snic_key_get(key, SNIC_K(RSVD1)) ||
			       snic_key_get(key, SNIC_K(RSVD2))
		       ? -EINVAL
		       : 0;
}
