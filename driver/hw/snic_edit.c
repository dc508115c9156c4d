/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_edit.h"

void snic_edittab_init(struct snic_edittab *tab, struct snic_flowop *op)
{
	tab->op = op;
	op->edits = tab;
	snic_edittab_clear(tab);
}

void snic_edittab_clear(struct snic_edittab *tab)
{
	memset(tab->refs, 0, sizeof(tab->refs));
	memset(tab->live, 0, sizeof(tab->live));
	snic_ids_init(&tab->ids, tab->id_fifo, SNIC_N_EDIT);
}

int snic_edit_add(struct snic_edittab *tab, const struct snic_edit *edit, u32 *id_out)
{
	struct snic_flow_key words;
	u32 i, id;

	if (!snic_hw_has_edits(tab->op->pf))
		return -EOPNOTSUPP;
	for (i = 0; i < SNIC_EDIT_DWORDS; i++) {
		if (edit->value[i] & ~edit->mask[i])
			return -EINVAL;
		words.dw[i] = edit->value[i];
		words.dw[SNIC_EDIT_DWORDS + i] = edit->mask[i];
	}
	id = snic_ids_get(&tab->ids);
	if (id == SNIC_ID_NONE)
		return -ENOSPC;
	tab->live[id] = true;
	snic_flowop_key(tab->op, &words);
	snic_flowop_go(tab->op, SNIC_FLOP_EDIT_SET, id, 0);
	*id_out = id;
	return 0;
}

int snic_edit_del(struct snic_edittab *tab, u32 id)
{
	if (id >= SNIC_N_EDIT || !tab->live[id])
		return -ENOENT;
	if (tab->refs[id])
		return -EBUSY;
	tab->live[id] = false;
	snic_ids_put(&tab->ids, id);
	return 0;
}
