/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_tunnel.h"

#define PROTO_UDP 17
#define PROTO_GRE 47

#define L3_MAX 22 /* behind two tags */

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

static u32 word(const u8 *p)
{
	return (u32)p[0] << 8 | p[1];
}

/* Where the IP header begins. */
static u32 ip_at(const struct snic_encap *e)
{
	u32 at = 12;

	while (at + 2 < L3_MAX && (word(e->hdr + at) == 0x8100 || word(e->hdr + at) == 0x88a8))
		at += 4;
	return at + 2;
}

static bool is_v6(const struct snic_encap *e)
{
	return word(e->hdr + ip_at(e) - 2) == 0x86dd;
}

const char *snic_encap_wrong(const struct snic_encap *e)
{
	u32 ip = ip_at(e), l4 = ip + (is_v6(e) ? 40 : 20);
	const u8 *h = e->hdr + ip;
	u8 proto = is_v6(e) ? h[6] : h[9];

	if (e->len > SNIC_ENCAP_BYTES || e->len % 2)
		return "template: must be an even number of bytes, 128 at most";
	if (e->max > SNIC_FRAME_MAX || (e->max && e->max < e->len + SNIC_FRAME_MIN))
		return "template: the longest frame must have room for headers and a frame, and be 9216 B at most";
	if (!is_v6(e) && word(h - 2) != 0x0800)
		return "template: behind Ethernet and two tags at most there must be IPv4 or IPv6";
	if (e->len < l4 + 4 || h[0] >> 4 != (is_v6(e) ? 6 : 4) || (!is_v6(e) && h[0] != 0x45))
		return "template: the IP header is cut, of another version, or has options";
	if (!is_v6(e) && word(h + 6) & 0x3fff)
		return "template: the IP header is a fragment's";
	if (proto != PROTO_UDP && proto != PROTO_GRE)
		return "template: behind IP there must be UDP or GRE";
	if (proto == PROTO_UDP && (e->len < l4 + 8 || word(e->hdr + l4 + 6)))
		return "template: the UDP header is cut, or has a checksum";
	return NULL;
}

static void write_encap(const struct snic_tuntab *tab, u32 row)
{
	const struct snic_encap *e = &tab->encap[row];
	u32 i, ip = ip_at(e), sum = 0, dw[SNIC_ENCAP_BYTES / 4] = { 0 };
	bool v6 = is_v6(e);
	u8 hdr[SNIC_ENCAP_BYTES];

	memset(hdr, 0, sizeof(hdr));
	memcpy(hdr, e->hdr, e->len);
	if (e->len && !v6) {
		/* the checksum of a total length of 0 */
		memset(hdr + ip + 2, 0, 2);
		memset(hdr + ip + 10, 0, 2);
		for (i = 0; i < 20; i += 2)
			sum += word(hdr + ip + i);
		sum = (sum & 0xffff) + (sum >> 16);
		sum = ~(sum + (sum >> 16));
		hdr[ip + 10] = (u8)(sum >> 8);
		hdr[ip + 11] = (u8)sum;
	}
	for (i = 0; i < SNIC_ENCAP_BYTES; i++)
		dw[i / 4] |= (u32)hdr[i] << 8 * (i % 4);
	for (i = 0; e->len && i < SNIC_COUNT_ENCAP_HDR; i++)
		snic_wr32(tab->pf, SNIC_REG_AT(ENCAP_HDR, i), dw[i]);
	if (e->len)
		snic_wr32(tab->pf, SNIC_REG_ENCAP_CFG,
			  SNIC_PUT(ENCAP_CFG, LEN, e->len) | SNIC_PUT(ENCAP_CFG, L3, ip) |
				  SNIC_PUT(ENCAP_CFG, V6, v6) |
				  SNIC_PUT(ENCAP_CFG, UDP, hdr[ip + (v6 ? 6 : 9)] == PROTO_UDP) |
				  SNIC_PUT(ENCAP_CFG, TTL, e->ttl) | SNIC_PUT(ENCAP_CFG, DSCP, e->dscp) |
				  SNIC_PUT(ENCAP_CFG, ECN, e->ecn));
	snic_wr32(tab->pf, SNIC_REG_ENCAP_SET,
		  SNIC_PUT(ENCAP_SET, ROW, row) | SNIC_PUT(ENCAP_SET, MAX, e->max ? e->max : SNIC_FRAME_MAX) |
			  SNIC_PUT(ENCAP_SET, VALID, e->len != 0)); /* stores it */
}

int snic_encap_set(struct snic_tuntab *tab, u32 row, const struct snic_encap *e)
{
	if (!snic_hw_has_tunnels(tab->pf))
		return -EOPNOTSUPP;
	if (row >= SNIC_ENCAP_ENTRIES || (e && snic_encap_wrong(e)))
		return -EINVAL;
	/* what a frame has that is on its way when its template goes stays as it was */
	if (e)
		tab->encap[row] = *e;
	else
		tab->encap[row].len = 0;
	write_encap(tab, row);
	return snic_hw_sync(tab->pf);
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
	for (row = 0; row < SNIC_ENCAP_ENTRIES; row++) {
		if (!all && !tab->encap[row].len)
			continue;
		tab->encap[row].len = 0;
		write_encap(tab, row);
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
	for (row = 0; row < SNIC_ENCAP_ENTRIES; row++)
		if (tab->encap[row].len)
			write_encap(tab, row);
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
	if (!snic_hw_has_tunnels(tab->pf))
		return -EOPNOTSUPP;
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
