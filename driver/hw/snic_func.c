/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_func.h"

void snic_functab_init(struct snic_functab *tab, struct snic_hw *pf)
{
	tab->pf = pf;
	snic_tuntab_init(&tab->tun, pf);
}

static void write_members(struct snic_functab *tab, u32 vid, u32 word)
{
	snic_wr32(tab->pf, SNIC_REG_VLAN_SEL, SNIC_PUT(VLAN_SEL, VID, vid) | SNIC_PUT(VLAN_SEL, WORD, word));
	snic_wr32(tab->pf, SNIC_REG_VLAN_MEMBERS, tab->member[vid][word]);
}

static void write_storm(const struct snic_functab *tab, u32 source)
{
	const struct snic_storm *s = &tab->storm[source];
	u32 cost = 0, limit = 0;

	if (s->kcopies) {
		cost = (snic_hw_clock_khz(tab->pf) + s->kcopies - 1) / s->kcopies;
		cost = cost < 0xffff ? cost : 0xffff;
		limit = s->burst < 0xffffffff / cost ? s->burst * cost : 0xffffffff;
	}
	/* The limit first: what comes between is not held to a limit of 0. */
	snic_wr32(tab->pf, SNIC_REG_AT(STORM_LIMIT, source), limit);
	snic_wr32(tab->pf, SNIC_REG_AT(STORM_COST, source), cost);
}

void snic_functab_clear(struct snic_functab *tab, bool all)
{
	const struct snic_func_row off = { .flags = 0 };
	u32 func, vid, word, source;

	for (source = 0; source < SNIC_COUNT_STORM_COST; source++) {
		if (!all && !tab->storm[source].kcopies)
			continue;
		tab->storm[source].kcopies = 0;
		write_storm(tab, source);
	}
	for (func = 0; func < SNIC_N_FUNC; func++)
		if (all || memcmp(&tab->row[func], &off, sizeof(off)))
			snic_func_set(tab, func, &off);
	for (vid = 0; vid < SNIC_N_VLAN; vid++) {
		for (word = 0; word < SNIC_N_FUNC / 32; word++) {
			if (!all && !tab->member[vid][word])
				continue;
			tab->member[vid][word] = 0;
			write_members(tab, vid, word);
		}
	}
	if (all || tab->switchdev)
		snic_func_set_switchdev(tab, false);
	snic_tuntab_clear(&tab->tun, all);
}

void snic_functab_restore(struct snic_functab *tab)
{
	const struct snic_func_row off = { .flags = 0 };
	struct snic_func_row row;
	u32 func, vid, word, source;

	snic_tuntab_restore(&tab->tun);
	if (tab->switchdev)
		snic_func_set_switchdev(tab, true);
	for (source = 0; source < SNIC_COUNT_STORM_COST; source++)
		if (tab->storm[source].kcopies)
			write_storm(tab, source);
	for (vid = 0; vid < SNIC_N_VLAN; vid++)
		for (word = 0; word < SNIC_N_FUNC / 32; word++)
			if (tab->member[vid][word])
				write_members(tab, vid, word);
	for (func = 0; func < SNIC_N_FUNC; func++) {
		row = tab->row[func];
		if (memcmp(&row, &off, sizeof(off)))
			snic_func_set(tab, func, &row);
	}
}

void snic_func_set(struct snic_functab *tab, u32 func, const struct snic_func_row *row)
{
	const struct snic_hw *pf = tab->pf;
	const u8 *m = row->mac;

	tab->row[func] = *row;
	snic_wr32(pf, SNIC_REG_FT_SEL, func);
	snic_wr32(pf, SNIC_REG_FT_MAC_LO, (u32)m[0] | (u32)m[1] << 8 | (u32)m[2] << 16 | (u32)m[3] << 24);
	snic_wr32(pf, SNIC_REG_FT_MAC_HI, (u32)m[4] | (u32)m[5] << 8);
	snic_wr32(pf, SNIC_REG_FT_VLAN, row->vlan);
	snic_wr32(pf, SNIC_REG_FT_FLAGS, row->flags); /* stores the row */
}

void snic_func_set_storm(struct snic_functab *tab, enum snic_storm_source source, const struct snic_storm *s)
{
	tab->storm[source] = *s;
	write_storm(tab, source);
}

void snic_func_set_switchdev(struct snic_functab *tab, bool on)
{
	tab->switchdev = on;
	snic_wr32(tab->pf, SNIC_REG_ESWITCH,
		  SNIC_PUT(ESWITCH, MODE, on ? SNIC_ESWITCH_SWITCHDEV : SNIC_ESWITCH_LEGACY));
}

int snic_vlan_member(struct snic_functab *tab, u32 vid, u32 func, bool on)
{
	u32 word = func / 32, bit = 1u << func % 32;

	if (vid >= SNIC_N_VLAN || func >= tab->pf->n_func)
		return -EINVAL;
	if (!(tab->member[vid][word] & bit) == !on)
		return 0;
	tab->member[vid][word] ^= bit;
	write_members(tab, vid, word);
	return 0;
}

int snic_func_set_port_vlan(struct snic_functab *tab, u32 func, u16 tci)
{
	struct snic_func_row row;
	u32 was, vid = tci & 0xfff;
	int rc;

	if (func >= tab->pf->n_func || vid == 0xfff || (tci && !vid))
		return -EINVAL;
	row = tab->row[func];
	was = row.vlan & 0xfff;
	row.vlan = tci;
	rc = snic_vlan_member(tab, vid, func, true);
	if (rc)
		return rc;
	snic_func_set(tab, func, &row);
	return vid == was ? 0 : snic_vlan_member(tab, was, func, false);
}

u32 snic_func_errors(const struct snic_hw *pf, u32 word)
{
	return snic_rd32(pf, SNIC_REG_AT(FUNC_ERR, word));
}

void snic_func_errors_seen(const struct snic_hw *pf, u32 word, u32 bits)
{
	snic_wr32(pf, SNIC_REG_AT(FUNC_ERR, word), bits);
}
