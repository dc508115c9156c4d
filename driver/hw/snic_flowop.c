/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_flowop.h"
#include "snic_edit.h"
#include "snic_ids.h"

void snic_flowop_init(struct snic_flowop *op, struct snic_hw *pf)
{
	op->pf = pf;
	op->edits = NULL;
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

static bool edit_ok(const struct snic_flowop *op, u32 arg)
{
	u32 id = SNIC_GET(EDIT_ARG, ID, arg), both = SNIC_MASK(EDIT_ARG, IPV4) | SNIC_MASK(EDIT_ARG, IPV6);

	return op->edits && op->edits->live[id] && (arg & both) != both;
}

int snic_actions_check(const struct snic_flowop *op, const struct snic_actions *act)
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
	u32 i, what, arg, edits = 0;
	bool encap = false;

	for (i = 0; i < SNIC_N_ACTION; i++) {
		what = act->a[i] & 0xff;
		arg = act->a[i] >> 8;
		if (what >= sizeof(ops) / sizeof(ops[0]) || !ops[what].known || arg >> ops[what].arg_bits)
			return -EINVAL;
		/* it is done last: what would edit the frame behind it would edit what is inside */
		if (encap && (what == SNIC_ACT_ENCAP || what == SNIC_ACT_DECAP ||
			      what == SNIC_ACT_VLAN_PUSH || what == SNIC_ACT_VLAN_POP ||
			      what == SNIC_ACT_SET_DSCP || what == SNIC_ACT_EDIT || what == SNIC_ACT_DTTL))
			return -EINVAL;
		encap = encap || what == SNIC_ACT_ENCAP;
		if ((what == SNIC_ACT_FWD || what == SNIC_ACT_MIRROR) && arg >= op->pf->n_func &&
		    arg != SNIC_VPORT_WIRE0 && arg != SNIC_VPORT_WIRE1)
			return -EINVAL;
		if (what == SNIC_ACT_EDIT && (edits++ || !edit_ok(op, arg)))
			return -EINVAL;
		if (what == SNIC_ACT_DTTL && !snic_hw_has_edits(op->pf))
			return -EINVAL;
	}
	return 0;
}

void snic_actions_hold(const struct snic_flowop *op, const struct snic_actions *act, int by)
{
	u32 i;

	for (i = 0; i < SNIC_N_ACTION; i++)
		if ((act->a[i] & 0xff) == SNIC_ACT_EDIT)
			op->edits->refs[SNIC_GET(EDIT_ARG, ID, act->a[i] >> 8)] += (u32)by;
}

int snic_key_check(const struct snic_flow_key *key)
{
	/* reserved bits are 0 in every frame's key */
	return snic_key_get(key, SNIC_K(RSVD0)) || snic_key_get(key, SNIC_K(RSVD1)) ||
			       snic_key_get(key, SNIC_K(RSVD2))
		       ? -EINVAL
		       : 0;
}
