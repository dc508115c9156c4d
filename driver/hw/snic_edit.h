/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Edits: what the action EDIT writes into a frame's headers (rtl/contract/snic_edit.def). An edit is made before the entries that name it, and
 * goes after the last of them. The id that has been free for longest is given out first: a frame that waits to leave may still name it.
 */
#ifndef SNIC_EDIT_H
#define SNIC_EDIT_H

#include "snic_flowop.h"
#include "snic_ids.h"

struct snic_edittab {
	struct snic_flowop *op;
	struct snic_ids ids;
	u32 id_fifo[SNIC_N_EDIT];
	u32 refs[SNIC_N_EDIT]; /* entries that name it */
	bool live[SNIC_N_EDIT];
};

/* tab is zeroed memory. From now on entries that go through op may name edits. */
void snic_edittab_init(struct snic_edittab *tab, struct snic_flowop *op);
/* Once the entries are gone. */
void snic_edittab_clear(struct snic_edittab *tab);

/* -EOPNOTSUPP: the card is older; -EINVAL: a value without its mask; -ENOSPC: all are in use. */
int snic_edit_add(struct snic_edittab *tab, const struct snic_edit *edit, u32 *id);
/* -EBUSY: an entry names it; -ENOENT: no such edit. */
int snic_edit_del(struct snic_edittab *tab, u32 id);

#endif
