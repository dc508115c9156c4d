/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The flow table's operation port: staging registers, then one write that says go. Shared by exact flows and
 * rules. */
#ifndef SNIC_FLOWOP_H
#define SNIC_FLOWOP_H

#include "snic_hw.h"

struct snic_edittab;

struct snic_flowop {
	struct snic_hw *pf;
	struct snic_edittab *edits;  /* NULL: there are none */
	struct snic_flow_key staged; /* what the staging registers hold: only what differs is written */
	bool staged_valid;
};

struct snic_flow_counters {
	u64 packets, bytes, last_seen; /* last_seen: device cycles modulo 2^48, 0 never */
};

void snic_flowop_init(struct snic_flowop *op, struct snic_hw *pf);

void snic_flowop_key(struct snic_flowop *op, const struct snic_flow_key *key);
void snic_flowop_actions(const struct snic_flowop *op, const struct snic_actions *act);

/* FLOP_* with its ARG and FLOW_SLOT. The device does them in order; nothing is waited for. */
void snic_flowop_go(const struct snic_flowop *op, u32 flop, u32 arg, u32 slot);

/* FLOW_SLOT of a slot operation; id SNIC_ID_NONE: invalid */
u32 snic_flowop_slot(u32 id, u32 tag);

int snic_flowop_counters(const struct snic_flowop *op, u32 entry, struct snic_flow_counters *out);

/* -EINVAL when the device could not do these actions (an edit that is not there), or could never match this key. */
int snic_actions_check(const struct snic_flowop *op, const struct snic_actions *act);
/* An entry with these actions has come (1), or gone (-1): its edit stays as long as there is one. */
void snic_actions_hold(const struct snic_flowop *op, const struct snic_actions *act, int by);
int snic_key_check(const struct snic_flow_key *key);

#endif
