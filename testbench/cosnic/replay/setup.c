/* SPDX-License-Identifier: BSD-2-Clause */
#include "setup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "traffic.h"

#define RULE_MARK 0x51c
#define VIDS 4096

/*
 * Rule i of --rules. Rule 0 matches every frame from the side that --direction sends from; each other one asks for a
 * destination port that does not occur, under a mask of its own: a search goes through all masks and ends with rule 0.
 */
static struct flow_rule made_rule(unsigned int i, bool from_wire)
{
	struct flow_rule r = { .priority = (uint16_t)i };

	r.act.a[0] = SNIC_ACTION(SNIC_ACT_MARK, RULE_MARK + i);
	if (!i) {
		/* bit 8 of the vport: set for wire ports only */
		snic_key_set(&r.mask, SNIC_K(VPORT), 0x100);
		snic_key_set(&r.key, SNIC_K(VPORT), from_wire ? 0x100 : 0);
		return r;
	}
	snic_key_set(&r.mask, SNIC_K(DPORT), 0xffff);
	snic_key_set(&r.key, SNIC_K(DPORT), 0xfff0 + i);
	snic_key_set(&r.mask, SNIC_K(SPORT), 1u << i);
	return r;
}

/* Of a rule that sends into a tunnel: the tunnel's wire port. */
static struct flow_rule by_wire(const struct options *o, struct flow_rule r)
{
	unsigned int k, op, arg;

	for (k = 0; o->tunnels && k < SNIC_N_ACTION; k++) {
		op = r.act.a[k] & 0xff;
		arg = r.act.a[k] >> 8;
		if ((op == SNIC_ACT_FWD || op == SNIC_ACT_MIRROR) && arg >= SNIC_VPORT_TUNNEL)
			r.act.a[k] = SNIC_ACTION(op, SNIC_VPORT_WIRE0 +
							     o->tunnels->t[arg - SNIC_VPORT_TUNNEL].port);
	}
	return r;
}

static struct flow_rule rule(const struct options *o, unsigned int i)
{
	return o->flow_rules ? by_wire(o, o->flow_rules->rule[i])
			     : made_rule(i, o->direction == DIR_RX || o->direction == DIR_BOTH);
}

unsigned int setup_rules(const struct options *o)
{
	return o->flow_rules ? o->flow_rules->n : o->rules;
}

unsigned int setup_masks(const struct options *o)
{
	return o->flow_rules ? o->flow_rules->n_masks : o->rules;
}

/*
 * From the wire, the PF takes what has no owner: groups and VLANs of captures. What functions send to the outside is not for
 * it, unless the capture's own addresses decide.
 */
static bool pf_promisc(const struct options *o)
{
	return o->keep_macs || o->direction == DIR_RX;
}

unsigned int setup_ring_log2(const struct options *o)
{
	unsigned int rings = (o->vfs ? o->vfs : 1) * o->queues;

	return rings <= 2 ? 10 : rings <= 8 ? 9 : rings <= 64 ? 7 : 6;
}

/* On the other port it is the first function there that takes what has no owner. */
static bool promisc(const struct options *o, unsigned int func)
{
	return pf_promisc(o) && (!func || (o->ports > 1 && func == 2));
}

/* Tagged frames that --map gives to a function must find it on their VLAN too. */
static bool learn_vlans(const struct options *o)
{
	static struct traffic_frame f;
	struct traffic *t;
	unsigned int d;

	if (!o->map || o->map->vlans)
		return true;
	o->map->vlans = calloc(1, sizeof(*o->map->vlans));
	for (d = 0; o->map->vlans && d < N_LANE; d++) {
		if (!(traffic_lanes(o) & 1u << d) || (!lane_from_wire(d) && d != LANE_VF2VF))
			continue;
		t = traffic_open(o, (enum lane_dir)d, false);
		if (!t)
			return false;
		while (!cosnic_interrupted && traffic_next(t, &f))
			if (f.parse.has_vlan && f.parse.tci & 0xfff)
				o->map->vlans->func[f.parse.tci & 0xfff][f.dst_func / 64] |=
					1ull << f.dst_func % 64;
		traffic_close(t);
	}
	return o->map->vlans;
}

static bool on_vlan(const struct options *o, unsigned int vid, unsigned int func)
{
	return o->map && o->map->vlans && o->map->vlans->func[vid][func / 64] >> func % 64 & 1;
}

/* The driver's part of it. */
static int place_vlans(const struct options *o, struct snic_pmd *pmd)
{
	unsigned int vid, f;
	uint8_t mac[6];
	int ret = 0;

	for (vid = 1; o->map && vid < VIDS; vid++) {
		for (f = 0; f <= o->vfs && !ret; f++) {
			if (!on_vlan(o, vid, f))
				continue;
			traffic_func_mac(f, mac);
			ret = snic_pmd_mac_add(pmd, mac, (uint16_t)vid, (uint16_t)f);
			if (!ret)
				ret = snic_pmd_vlan_member(pmd, (uint16_t)vid, f, true);
		}
	}
	return ret;
}

/* Those of port 1 go there. */
static int place_functions(const struct options *o, struct snic_pmd *pmd)
{
	unsigned int f;
	int ret = 0;

	for (f = 1; f <= o->vfs && !ret; f++) {
		ret = snic_pmd_set_uplink(pmd, f, traffic_func_port(o, f));
		if (!ret && promisc(o, f))
			ret = snic_pmd_set_promisc(pmd, f, true);
	}
	return ret;
}

/* The driver's part of it, and the reference's. */
static int place_tunnels(const struct tunnels *ts, struct snic_pmd *pmd, char *err, size_t err_size)
{
	const struct tunnel *t;
	const char *why;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < SNIC_N_TUNNEL && !ret; i++) {
		struct snic_pmd_tunnel p = { .number = i };

		t = &ts->t[i];
		if (!t->used)
			continue;
		memcpy(p.mac, t->mac, sizeof(p.mac));
		memcpy(p.local, t->local, sizeof(p.local));
		memcpy(p.hdr, t->hdr, sizeof(p.hdr));
		p.port = t->port;
		p.v6 = t->v6;
		p.proto = t->proto;
		p.dport = t->dport;
		p.len = t->len;
		p.ttl = t->ttl;
		p.tos = t->tos;
		ret = snic_pmd_tunnel_set(pmd, &p, &why);
		if (ret)
			snprintf(err, err_size, "%s:%u: the card does not take the tunnel: %s", ts->path,
				 t->line, why ? why : strerror(-ret));
	}
	return ret;
}

static void tell_tunnels(const struct tunnels *ts, struct snic_ref *r)
{
	const struct tunnel *t;
	unsigned int i;

	for (i = 0; i < SNIC_N_TUNNEL; i++) {
		struct snic_ref_vtep v = { .valid = true, .tunnel = (uint16_t)i };
		struct snic_ref_encap e = { .valid = true, .l3 = 14, .max = SNIC_FRAME_MAX };

		t = &ts->t[i];
		if (!t->used)
			continue;
		memcpy(v.mac, t->mac, sizeof(v.mac));
		memcpy(v.ip, t->local, sizeof(v.ip));
		v.ports = (uint8_t)(1u << t->port);
		v.v6 = t->v6;
		v.proto = t->proto;
		v.dport = t->dport;
		snic_ref_set_vtep(r, i, &v);
		if (!t->len)
			continue;
		memcpy(e.hdr, t->hdr, t->len);
		e.len = t->len;
		e.v6 = t->v6;
		e.udp = t->proto == 17;
		e.ttl = t->ttl;
		e.dscp = e.ecn = t->tos;
		snic_ref_set_encap(r, i, &e);
	}
}

/* The card's ids of what the rules write. */
static bool place_edits(const struct flow_rules *rules, struct snic_pmd *pmd, uint32_t *ids, char *err,
			size_t err_size)
{
	unsigned int i;
	int ret;

	for (i = 0; i < rules->n_edits; i++) {
		ret = snic_pmd_edit_add(pmd, &rules->edit[i], &ids[i]);
		if (!ret)
			continue;
		snprintf(err, err_size, "%s: the card does not take what rules write: %s", rules->path,
			 ret == -EOPNOTSUPP ? "it is older than this program: its contract has no edits"
					    : strerror(-ret));
		return false;
	}
	return true;
}

static void name_edits(struct snic_actions *act, const uint32_t *ids)
{
	uint32_t arg;
	unsigned int i;

	for (i = 0; i < SNIC_N_ACTION; i++) {
		arg = act->a[i] >> 8;
		if ((act->a[i] & 0xff) == SNIC_ACT_EDIT)
			act->a[i] =
				SNIC_ACTION(SNIC_ACT_EDIT,
					    (arg & ~SNIC_MASK(EDIT_ARG, ID)) |
						    SNIC_PUT(EDIT_ARG, ID, ids[SNIC_GET(EDIT_ARG, ID, arg)]));
	}
}

struct snic_pmd *setup_driver(const struct options *o, const struct snic_pmd_bus *bus, uint32_t *rule_ids,
			      char *err, size_t err_size)
{
	const struct snic_pmd_config cfg = {
		.vfs = o->vfs,
		.queues = o->queues,
		.ring_log2 = setup_ring_log2(o),
		.rx_buf = SETUP_BUF_BYTES,
		.tx_buf = SETUP_BUF_BYTES,
		.promisc_pf = pf_promisc(o),
	};
	struct snic_pmd *pmd = snic_pmd_open(bus, &cfg, err, err_size);
	uint32_t id, edit_ids[SNIC_N_EDIT];
	struct flow_rule r;
	unsigned int i;
	int ret = pmd ? place_functions(o, pmd) : 0;

	if (!ret && pmd)
		ret = learn_vlans(o) ? place_vlans(o, pmd) : -ENOMEM;
	if (ret) {
		snprintf(err, err_size, "functions and their VLANs: %s%s", strerror(-ret),
			 ret == -ENOSPC ? ": more VLANs than the MAC table holds: map fewer" : "");
		snic_pmd_close(pmd);
		return NULL;
	}

	if (pmd && o->flow_rules && !place_edits(o->flow_rules, pmd, edit_ids, err, err_size)) {
		snic_pmd_close(pmd);
		return NULL;
	}
	for (i = 0; pmd && i < setup_rules(o); i++) {
		r = rule(o, i);
		name_edits(&r.act, edit_ids);
		ret = snic_pmd_rule_add(pmd, &r.key, &r.mask, r.priority, &r.act,
					rule_ids ? &rule_ids[i] : &id);
		if (!ret)
			continue;
		if (o->flow_rules && r.line)
			snprintf(err, err_size, "%s:%u: the card does not take the rule: %s",
				 o->flow_rules->path, r.line,
				 ret == -ENOSPC ? "its table is full" : strerror(-ret));
		else
			snprintf(err, err_size, "masked rule %u: %s", i, strerror(-ret));
		snic_pmd_close(pmd);
		return NULL;
	}
	ret = pmd && o->tunnels ? place_tunnels(o->tunnels, pmd, err, err_size) : 0;
	if (ret) {
		snic_pmd_close(pmd);
		return NULL;
	}
	ret = pmd && o->switchdev ? snic_pmd_set_switchdev(pmd, true) : 0;
	if (ret) {
		snprintf(err, err_size, "switchdev mode: %s", strerror(-ret));
		snic_pmd_close(pmd);
		return NULL;
	}
	return pmd;
}

struct snic_ref *setup_reference(const struct options *o)
{
	struct snic_ref *r = snic_ref_create();
	struct flow_rule u;
	unsigned int f, i, vid;

	if (!r)
		return NULL;
	if (!learn_vlans(o)) {
		snic_ref_destroy(r);
		return NULL;
	}
	snic_ref_set_rss_key(r, traffic_rss_key());
	snic_ref_set_switchdev(r, o->switchdev);
	if (o->tunnels)
		tell_tunnels(o->tunnels, r);
	for (f = 0; f <= o->vfs; f++) {
		struct snic_ref_func fn = {
			.enabled = true,
			.flags = SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST),
			.rx_buf = SETUP_BUF_BYTES,
		};

		if (promisc(o, f))
			fn.flags |= SNIC_MASK(FT_FLAGS, PROMISC);
		if (traffic_func_port(o, f))
			fn.flags |= SNIC_MASK(FT_FLAGS, UPLINK1);
		traffic_func_mac(f, fn.mac);
		for (i = 0; i < SNIC_RSS_INDIR; i++)
			fn.indir[i] = (uint8_t)(i % o->queues);
		snic_ref_set_func(r, f, &fn);
		snic_ref_set_member(r, 0, f, true);
		snic_ref_mac_add(r, fn.mac, 0, (uint16_t)f);
		for (vid = 1; o->map && vid < VIDS; vid++) {
			if (!on_vlan(o, vid, f))
				continue;
			snic_ref_mac_add(r, fn.mac, (uint16_t)vid, (uint16_t)f);
			snic_ref_set_member(r, (uint16_t)vid, f, true);
		}
	}
	for (i = 0; o->flow_rules && i < o->flow_rules->n_edits; i++)
		snic_ref_edit_set(r, i, &o->flow_rules->edit[i]);
	for (i = 0; i < setup_rules(o); i++) {
		u = rule(o, i);
		snic_ref_rule_add(r, &u.key, &u.mask, u.priority, &u.act);
	}
	return r;
}
