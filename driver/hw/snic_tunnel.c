/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_tunnel.h"

#define PROTO_UDP 17
#define PROTO_GRE 47

static const struct snic_tun_ports iana = { 4789, 6081, 6635 };

static void write_ports(const struct snic_tuntab *tab)
{
	snic_wr32(tab->pf, SNIC_REG_PORT_VXLAN, tab->ports.vxlan);
	snic_wr32(tab->pf, SNIC_REG_PORT_GENEVE, tab->ports.geneve);
	snic_wr32(tab->pf, SNIC_REG_PORT_MPLS, tab->ports.mpls);
}

static void write_vtep(const struct snic_tuntab *tab, u32 row)
{
	const struct snic_vtep *v = &tab->vtep[row];
	const u8 *m = v->mac;
	u32 i;

	for (i = 0; v->used && i < SNIC_COUNT_VTEP_IP; i++)
		snic_wr32(tab->pf, SNIC_REG_AT(VTEP_IP, i), v->ip[i]);
	snic_wr32(tab->pf, SNIC_REG_VTEP_MAC_LO, (u32)m[2] << 24 | (u32)m[3] << 16 | (u32)m[4] << 8 | m[5]);
	snic_wr32(tab->pf, SNIC_REG_VTEP_MAC_HI,
		  SNIC_PUT(VTEP_MAC_HI, MAC, (u32)m[0] << 8 | m[1]) | SNIC_PUT(VTEP_MAC_HI, PORTS, v->ports) |
			  SNIC_PUT(VTEP_MAC_HI, V6, v->v6));
	snic_wr32(tab->pf, SNIC_REG_VTEP_PROTO,
		  SNIC_PUT(VTEP_PROTO, DPORT, v->dport) | SNIC_PUT(VTEP_PROTO, PROTO, v->proto));
	snic_wr32(tab->pf, SNIC_REG_VTEP_SET,
		  SNIC_PUT(VTEP_SET, ROW, row) | SNIC_PUT(VTEP_SET, TUNNEL, v->tunnel) |
			  SNIC_PUT(VTEP_SET, VALID, v->used)); /* stores the row */
}

void snic_tuntab_init(struct snic_tuntab *tab, struct snic_hw *pf)
{
	tab->pf = pf;
	tab->ports = iana;
}

void snic_tuntab_clear(struct snic_tuntab *tab, bool all)
{
	u32 row;

	for (row = 0; row < SNIC_VTEP_ENTRIES; row++) {
		if (!all && !tab->vtep[row].used)
			continue;
		memset(&tab->vtep[row], 0, sizeof(tab->vtep[row]));
		write_vtep(tab, row);
	}
	if (!all && !memcmp(&tab->ports, &iana, sizeof(iana)))
		return;
	tab->ports = iana;
	write_ports(tab);
}

void snic_tuntab_restore(struct snic_tuntab *tab)
{
	u32 row;

	if (memcmp(&tab->ports, &iana, sizeof(iana)))
		write_ports(tab);
	for (row = 0; row < SNIC_VTEP_ENTRIES; row++)
		if (tab->vtep[row].used)
			write_vtep(tab, row);
}

static bool possible(const struct snic_tuntab *tab, const struct snic_vtep *v)
{
	const struct snic_tun_ports *p = &tab->ports;
	static const u8 none[6];

	if (v->tunnel >= SNIC_N_TUNNEL || !v->ports || v->ports >> SNIC_N_PORT || v->mac[0] & 1 ||
	    !memcmp(v->mac, none, sizeof(none)))
		return false;
	if (!(v->ip[0] | v->ip[1] | v->ip[2] | v->ip[3]) || (!v->v6 && (v->ip[1] | v->ip[2] | v->ip[3])))
		return false;
	if (v->proto == PROTO_GRE)
		return !v->dport;
	return v->proto == PROTO_UDP && v->dport &&
	       (v->dport == p->vxlan || v->dport == p->geneve || v->dport == p->mpls);
}

int snic_vtep_set(struct snic_tuntab *tab, u32 row, const struct snic_vtep *v)
{
	if (row >= SNIC_VTEP_ENTRIES || (v && !possible(tab, v)))
		return -EINVAL;
	if (v)
		tab->vtep[row] = *v;
	else
		memset(&tab->vtep[row], 0, sizeof(tab->vtep[row]));
	tab->vtep[row].used = !!v;
	write_vtep(tab, row);
	return snic_hw_sync(tab->pf);
}

int snic_tun_ports_set(struct snic_tuntab *tab, const struct snic_tun_ports *p)
{
	if ((p->vxlan && (p->vxlan == p->geneve || p->vxlan == p->mpls)) ||
	    (p->geneve && p->geneve == p->mpls))
		return -EINVAL;
	tab->ports = *p;
	write_ports(tab);
	return snic_hw_sync(tab->pf);
}
