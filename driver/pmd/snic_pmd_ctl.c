/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Control plane over driver/hw. What changes forwarding ends with a read, so that it holds for frames that
 * come after the call, and so that a device that is gone shows.
 */
#include "snic_pmd_priv.h"
#include "snic_stats.h"

static struct snic_hw *pf(struct snic_pmd *pmd)
{
	return &pmd->hw[0];
}

static int finish(struct snic_pmd *pmd, int rc)
{
	return rc ? rc : snic_hw_sync(pf(pmd));
}

void snic_pmd_mac(const struct snic_pmd *pmd, unsigned int func, uint8_t mac[6])
{
	(void)pmd;
	mac[0] = 0x02;
	mac[1] = 0x5c;
	mac[2] = mac[3] = mac[4] = 0;
	mac[5] = (uint8_t)func;
}

static int set_flag(struct snic_pmd *pmd, unsigned int func, uint32_t flag, bool on)
{
	struct snic_func_row row;

	if (func >= pmd->n_func)
		return -EINVAL;
	row = pmd->functab.row[func];
	row.flags = on ? row.flags | flag : row.flags & ~flag;
	snic_func_set(&pmd->functab, func, &row);
	return finish(pmd, 0);
}

int snic_pmd_set_promisc(struct snic_pmd *pmd, unsigned int func, bool on)
{
	return set_flag(pmd, func, SNIC_MASK(FT_FLAGS, PROMISC), on);
}

int snic_pmd_set_allmulti(struct snic_pmd *pmd, unsigned int func, bool on)
{
	return set_flag(pmd, func, SNIC_MASK(FT_FLAGS, ALLMULTI), on);
}

int snic_pmd_set_spoofchk(struct snic_pmd *pmd, unsigned int func, bool on)
{
	return set_flag(pmd, func, SNIC_MASK(FT_FLAGS, SPOOFCHK), on);
}

/* The wire port whose switch a vport is on. */
static uint32_t port_of(const struct snic_pmd *pmd, uint32_t vport)
{
	if (vport >= SNIC_N_FUNC)
		return vport == SNIC_VPORT_WIRE1;
	return pmd->functab.row[vport].flags & SNIC_MASK(FT_FLAGS, UPLINK1) ? 1 : 0;
}

int snic_pmd_set_uplink(struct snic_pmd *pmd, unsigned int func, unsigned int port)
{
	uint32_t was;
	uint8_t mac[6];
	int rc;

	if (func >= pmd->n_func || port >= SNIC_N_PORT)
		return -EINVAL;
	was = port_of(pmd, func);
	if (port == was)
		return 0;
	snic_pmd_mac(pmd, func, mac);
	rc = snic_mac_add(&pmd->mactab, mac, 0, func, port);
	if (rc)
		return rc;
	snic_mac_del(&pmd->mactab, mac, 0, was);
	return set_flag(pmd, func, SNIC_MASK(FT_FLAGS, UPLINK1), port);
}

int snic_pmd_set_switchdev(struct snic_pmd *pmd, bool on)
{
	snic_func_set_switchdev(&pmd->functab, on);
	return finish(pmd, 0);
}

int snic_pmd_vtep_set(struct snic_pmd *pmd, unsigned int row, const struct snic_vtep *v)
{
	return snic_vtep_set(&pmd->functab.tun, row, v);
}

int snic_pmd_encap_set(struct snic_pmd *pmd, unsigned int row, const struct snic_encap *e)
{
	return snic_encap_set(&pmd->functab.tun, row, e);
}

int snic_pmd_tunnel_set(struct snic_pmd *pmd, const struct snic_pmd_tunnel *t, const char **why)
{
	struct snic_encap e = { .len = t->len, .ttl = t->ttl, .dscp = t->tos, .ecn = t->tos };
	struct snic_vtep v = {
		.ports = (uint8_t)(1u << t->port),
		.v6 = t->v6,
		.proto = t->proto,
		.dport = t->dport,
		.tunnel = (uint8_t)t->number,
	};
	int rc;

	memcpy(v.mac, t->mac, sizeof(v.mac));
	memcpy(v.ip, t->local, sizeof(v.ip));
	memcpy(e.hdr, t->hdr, sizeof(e.hdr));
	*why = t->len ? snic_encap_wrong(&e) : NULL;
	rc = snic_pmd_vtep_set(pmd, t->number, &v);
	return rc || !t->len ? rc : snic_pmd_encap_set(pmd, t->number, &e);
}

int snic_pmd_tun_ports_set(struct snic_pmd *pmd, const struct snic_tun_ports *p)
{
	return snic_tun_ports_set(&pmd->functab.tun, p);
}

/* The function's own MAC and its membership move from the VLAN it was on to the new one (0: untagged). */
int snic_pmd_set_port_vlan(struct snic_pmd *pmd, unsigned int func, uint16_t tci)
{
	uint32_t was, vid = tci & 0xfff;
	uint8_t mac[6];
	int rc;

	if (func >= pmd->n_func)
		return -EINVAL;
	was = pmd->functab.row[func].vlan & 0xfff;
	if (vid == was)
		return finish(pmd, snic_func_set_port_vlan(&pmd->functab, func, tci));
	snic_pmd_mac(pmd, func, mac);
	rc = snic_mac_add(&pmd->mactab, mac, vid, func, port_of(pmd, func));
	if (rc)
		return rc;
	rc = snic_func_set_port_vlan(&pmd->functab, func, tci);
	snic_mac_del(&pmd->mactab, mac, rc ? vid : was, port_of(pmd, func));
	return finish(pmd, rc);
}

int snic_pmd_vlan_member(struct snic_pmd *pmd, uint16_t vid, unsigned int func, bool on)
{
	return finish(pmd, snic_vlan_member(&pmd->functab, vid, func, on));
}

int snic_pmd_mac_add(struct snic_pmd *pmd, const uint8_t mac[6], uint16_t vid, uint16_t vport)
{
	return finish(pmd, snic_mac_add(&pmd->mactab, mac, vid, vport, port_of(pmd, vport)));
}

int snic_pmd_mac_del(struct snic_pmd *pmd, const uint8_t mac[6], uint16_t vid, uint16_t vport)
{
	return finish(pmd, snic_mac_del(&pmd->mactab, mac, vid, port_of(pmd, vport)));
}

int snic_pmd_flow_add(struct snic_pmd *pmd, const struct snic_flow_key *keys, const struct snic_actions *acts,
		      uint32_t *ids, unsigned int n)
{
	return snic_flow_add(&pmd->flowtab, keys, acts, ids, n);
}

int snic_pmd_flow_del(struct snic_pmd *pmd, const uint32_t *ids, unsigned int n)
{
	return snic_flow_del(&pmd->flowtab, ids, n);
}

static void fill_stats(struct snic_flow_stats *out, const struct snic_flow_counters *c)
{
	out->packets = c->packets;
	out->bytes = c->bytes;
	out->last_seen = c->last_seen;
}

int snic_pmd_flow_query(struct snic_pmd *pmd, const uint32_t *ids, struct snic_flow_stats *out,
			unsigned int n)
{
	struct snic_flow_counters c;
	unsigned int i;
	int rc;

	for (i = 0; i < n; i++) {
		rc = snic_flow_query(&pmd->flowtab, ids[i], &c);
		if (rc)
			return i ? (int)i : rc;
		fill_stats(&out[i], &c);
	}
	return (int)n;
}

int snic_pmd_rule_add(struct snic_pmd *pmd, const struct snic_flow_key *key, const struct snic_flow_key *mask,
		      uint16_t priority, const struct snic_actions *act, uint32_t *id)
{
	return snic_rule_add(&pmd->ruletab, key, mask, priority, act, id);
}

int snic_pmd_edit_add(struct snic_pmd *pmd, const struct snic_edit *edit, uint32_t *id)
{
	return snic_edit_add(&pmd->edittab, edit, id);
}

int snic_pmd_edit_del(struct snic_pmd *pmd, uint32_t id)
{
	return snic_edit_del(&pmd->edittab, id);
}

int snic_pmd_rule_del(struct snic_pmd *pmd, uint32_t id)
{
	return snic_rule_del(&pmd->ruletab, id);
}

int snic_pmd_rule_query(struct snic_pmd *pmd, uint32_t id, struct snic_flow_stats *out)
{
	struct snic_flow_counters c;
	int rc = snic_rule_query(&pmd->ruletab, id, &c);

	if (!rc)
		fill_stats(out, &c);
	return rc;
}

uint64_t snic_pmd_stat(struct snic_pmd *pmd, unsigned int index)
{
	return snic_stat_read(pf(pmd), index);
}

uint64_t snic_pmd_fstat(struct snic_pmd *pmd, unsigned int func, unsigned int index)
{
	return snic_fstat_read(pf(pmd), func, index);
}

uint64_t snic_pmd_time(struct snic_pmd *pmd)
{
	return snic_hw_time(pf(pmd));
}
