/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_mac.h"

_Static_assert(SNIC_MAC_WAYS == SNIC_CUCKOO_WAYS, "snic_cuckoo's geometry");

static void write_slot(void *ctx, u32 table, u32 set, u32 way, u32 id)
{
	const struct snic_mactab *tab = ctx;
	u32 v = SNIC_PUT(MACT_SLOT, TBL, table) | SNIC_PUT(MACT_SLOT, SET_IDX, set) |
		SNIC_PUT(MACT_SLOT, WAY, way);

	if (id != SNIC_ID_NONE) {
		const struct snic_mac_entry *e = &tab->entry[id];

		snic_wr64(tab->pf, SNIC_REG_MACT_KEY_LO, e->dw[0] | (u64)e->dw[1] << 32);
		v |= SNIC_MASK(MACT_SLOT, VALID) | SNIC_PUT(MACT_SLOT, VPORT, e->vport);
	}
	snic_wr32(tab->pf, SNIC_REG_MACT_SLOT, v);
}

static void make_key(u32 dw[2], const u8 mac[6], u32 vid)
{
	dw[0] = (u32)mac[2] << 24 | (u32)mac[3] << 16 | (u32)mac[4] << 8 | mac[5];
	dw[1] = SNIC_PUT(MACT_KEY_HI, VID, vid) | SNIC_PUT(MACT_KEY_HI, MAC, (u32)mac[0] << 8 | mac[1]);
}

struct sought {
	u32 dw[2];
	u32 port;
};

static bool same_key(const void *ctx, u32 id, const void *key)
{
	const struct snic_mac_entry *e = &((const struct snic_mactab *)ctx)->entry[id];
	const struct sought *s = key;

	return e->port == s->port && !memcmp(e->dw, s->dw, sizeof(e->dw));
}

static u32 find(const struct snic_mactab *tab, const u32 dw[2], u32 port, struct snic_hash *h)
{
	const struct sought s = { { dw[0], dw[1] }, port };

	*h = snic_jhash2(dw, 2, SNIC_JHASH_SEED_MAC);
	return snic_cuckoo_find(&tab->ck, h, same_key, &s);
}

void snic_mactab_init(struct snic_mactab *tab, struct snic_hw *pf)
{
	tab->pf = pf;
	tab->ck.slot = tab->slot;
	tab->ck.hash = tab->hash;
	tab->ck.sets_log2 = SNIC_MAC_SETS_LOG2;
	tab->ck.tagged = false;
	tab->ck.write = write_slot;
	tab->ck.ctx = tab;
	snic_ids_init(&tab->ids, tab->id_fifo, SNIC_MAC_SLOTS);
}

void snic_mactab_clear(struct snic_mactab *tab, bool all)
{
	snic_cuckoo_clear(&tab->ck, all);
	snic_ids_init(&tab->ids, tab->id_fifo, SNIC_MAC_SLOTS);
}

void snic_mactab_restore(struct snic_mactab *tab)
{
	snic_cuckoo_restore(&tab->ck);
}

int snic_mac_add(struct snic_mactab *tab, const u8 mac[6], u32 vid, u32 vport, u32 port)
{
	struct snic_mac_entry e;
	struct snic_hash h;
	u32 id;
	int rc;

	if (vid > 4094 || port >= SNIC_N_PORT ||
	    (vport >= tab->pf->n_func && vport != SNIC_VPORT_WIRE0 && vport != SNIC_VPORT_WIRE1))
		return -EINVAL;
	make_key(e.dw, mac, vid);
	e.vport = (u16)vport;
	e.port = (u8)port;
	id = find(tab, e.dw, port, &h);
	if (id != SNIC_ID_NONE)
		return tab->entry[id].vport == vport ? 0 : -EEXIST;
	id = snic_ids_get(&tab->ids);
	if (id == SNIC_ID_NONE)
		return -ENOSPC;
	tab->hash[id] = h;
	tab->entry[id] = e;
	rc = snic_cuckoo_insert(&tab->ck, id);
	if (rc)
		snic_ids_put(&tab->ids, id);
	return rc;
}

int snic_mac_del(struct snic_mactab *tab, const u8 mac[6], u32 vid, u32 port)
{
	struct snic_hash h;
	u32 dw[2], id;

	if (vid > 4094)
		return -EINVAL;
	make_key(dw, mac, vid);
	id = find(tab, dw, port, &h);
	if (id == SNIC_ID_NONE)
		return -ENOENT;
	snic_cuckoo_remove(&tab->ck, id);
	snic_ids_put(&tab->ids, id);
	return 0;
}
