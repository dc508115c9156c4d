/* SPDX-License-Identifier: BSD-2-Clause */
#include "setup.h"

#include <stdio.h>
#include <string.h>

#include "traffic.h"

#define RULE_MARK 0x51c

/*
 * Masked rule i. Rule 0 matches every frame from the side that --direction sends from; each other one asks for a
 * destination port that does not occur, under a mask of its own: a search goes through all masks and ends with rule 0.
 */
static void rule(unsigned int i, bool from_wire, struct snic_flow_key *key, struct snic_flow_key *mask,
		 struct snic_actions *act)
{
	memset(key, 0, sizeof(*key));
	memset(mask, 0, sizeof(*mask));
	memset(act, 0, sizeof(*act));
	act->a[0] = SNIC_ACTION(SNIC_ACT_MARK, RULE_MARK + i);
	if (!i) {
		/* bit 8 of the vport: set for wire ports only */
		snic_key_set(mask, SNIC_K(VPORT), 0x100);
		snic_key_set(key, SNIC_K(VPORT), from_wire ? 0x100 : 0);
		return;
	}
	snic_key_set(mask, SNIC_K(DPORT), 0xffff);
	snic_key_set(key, SNIC_K(DPORT), 0xfff0 + i);
	snic_key_set(mask, SNIC_K(SPORT), 1u << i);
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

struct snic_pmd *setup_driver(const struct options *o, const struct snic_pmd_bus *bus, char *err,
			      size_t err_size)
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
	struct snic_flow_key key, mask;
	struct snic_actions act;
	unsigned int i;
	uint32_t id;
	int ret;

	for (i = 0; pmd && i < o->rules; i++) {
		rule(i, o->direction == DIR_RX || o->direction == DIR_BOTH, &key, &mask, &act);
		ret = snic_pmd_rule_add(pmd, &key, &mask, (uint16_t)i, &act, &id);
		if (ret) {
			snprintf(err, err_size, "masked rule %u: %s", i, strerror(-ret));
			snic_pmd_close(pmd);
			return NULL;
		}
	}
	return pmd;
}

struct snic_ref *setup_reference(const struct options *o)
{
	struct snic_ref *r = snic_ref_create();
	struct snic_flow_key key, mask;
	struct snic_actions act;
	unsigned int f, i;

	if (!r)
		return NULL;
	snic_ref_set_rss_key(r, traffic_rss_key());
	for (f = 0; f <= o->vfs; f++) {
		struct snic_ref_func fn = {
			.enabled = true,
			.flags = SNIC_FT_ENABLE | SNIC_FT_BCAST,
			.rx_buf = SETUP_BUF_BYTES,
		};

		if (!f && pf_promisc(o))
			fn.flags |= SNIC_FT_PROMISC;
		traffic_func_mac(f, fn.mac);
		for (i = 0; i < SNIC_RSS_INDIR; i++)
			fn.indir[i] = (uint8_t)(i % o->queues);
		snic_ref_set_func(r, f, &fn);
		snic_ref_set_member(r, 0, f, true);
		snic_ref_mac_add(r, fn.mac, 0, (uint16_t)f);
	}
	for (i = 0; i < o->rules; i++) {
		rule(i, o->direction == DIR_RX || o->direction == DIR_BOTH, &key, &mask, &act);
		snic_ref_rule_add(r, &key, &mask, (uint16_t)i, &act);
	}
	return r;
}
