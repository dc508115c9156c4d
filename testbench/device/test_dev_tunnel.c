/* SPDX-License-Identifier: BSD-2-Clause */
/* Tunnels on the whole device, in switchdev mode: which headers the key is of, VTEP table, DECAP. */
#include <string.h>

#include "cu_main.h"
#include "dev.h"
#include "wrap.h"

#define ACT(op, arg) SNIC_ACTION(SNIC_ACT_##op, arg)
#define TUNNEL(n) (SNIC_VPORT_TUNNEL + (n))

static struct dev *open_card(void)
{
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 4, .queues = 2, .ring_log2 = 7, .promisc_pf = true, .jitter_ns = 300 });

	dev_switchdev(d, true);
	return d;
}

/* A rule for what comes from a vport, and has so many of the field's bits. */
static uint32_t rule(struct dev *d, unsigned int vport, unsigned int lsb, unsigned int width, uint64_t v,
		     uint16_t priority, struct snic_actions act)
{
	struct snic_flow_key key = { { 0 } }, mask = { { 0 } };

	snic_key_set(&key, SNIC_K(VPORT), vport);
	snic_key_set(&mask, SNIC_K(VPORT), 0x1ff);
	snic_key_set(&key, lsb, width, v);
	snic_key_set(&mask, lsb, width, ~0ull >> (64 - width));
	return dev_rule(d, &key, &mask, priority, act);
}

static uint32_t from(struct dev *d, unsigned int vport, struct snic_actions act)
{
	return rule(d, vport, SNIC_K(VPORT), vport, 1, act);
}

/* The card's ends of tunnels: row and tunnel n of the kind. */
static void ends(struct dev *d)
{
	unsigned int kind, v6;
	struct snic_vtep v = { .ports = 3 };

	memcpy(v.mac, wrap_mac, sizeof(v.mac));
	for (v6 = 0; v6 < 2; v6++) {
		for (kind = 0; kind < WRAP_N; kind++) {
			v.v6 = v6;
			memcpy(v.ip, v6 ? wrap_ip6 : wrap_ip4, sizeof(v.ip));
			v.proto = wrap_dport[kind] ? 17 : 47;
			v.dport = wrap_dport[kind];
			v.tunnel = (uint8_t)kind;
			dev_vtep(d, 2 * kind + v6, &v);
		}
	}
}

static uint64_t counted(struct dev *d, uint32_t id)
{
	struct snic_flow_stats s;

	CU_ASSERT_EQUAL(snic_pmd_rule_query(d->pmd, id, &s), 0);
	return s.packets;
}

/* A VM's own tunnel is found by its outer headers; only what is for the card's end, from the wire, by what is in it. */
static void test_which_headers(void)
{
	struct dev *d = open_card();
	uint8_t inner[256], frame[512];
	uint32_t by_outer, by_inner, by_tunnel, by_wire;
	struct wrap w = { .kind = WRAP_VXLAN };
	size_t n, len;

	ends(d);
	by_outer = rule(d, 1, SNIC_K(DPORT), 4789, 2, (struct snic_actions){ { ACT(FWD, 2) } });
	by_inner = rule(d, 1, SNIC_K(DPORT), 9, 3, (struct snic_actions){ { ACT(DROP, 0) } });
	by_tunnel = rule(d, TUNNEL(WRAP_VXLAN), SNIC_K(TUN_ID), WRAP_VNI, 2,
			 (struct snic_actions){ { ACT(FWD, 3) } });
	by_wire = rule(d, SNIC_VPORT_WIRE0, SNIC_K(DPORT), 4789, 2, (struct snic_actions){ { ACT(FWD, 4) } });
	n = dev_frame(d, inner, 3, 4, 7, ENCAP_NONE, 100);
	len = wrap(&w, frame, inner, n);
	dev_tx(d, 1, 0, frame, len); /* hers, whatever it says */
	dev_settle(d);
	CU_ASSERT_EQUAL(counted(d, by_outer), 1);
	dev_wire(d, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(counted(d, by_tunnel), 1);
	CU_ASSERT_EQUAL(d->rx_count[3], 1);
	frame[5] ^= 1; /* for another card */
	dev_wire(d, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(counted(d, by_wire), 1);
	frame[5] ^= 1;
	dev_vtep(d, 2 * WRAP_VXLAN, NULL);
	dev_wire(d, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(counted(d, by_wire), 2);
	CU_ASSERT_EQUAL(counted(d, by_tunnel), 1);
	CU_ASSERT_EQUAL(counted(d, by_inner), 0);
	dev_switchdev(d, false); /* the innermost, as ever */
	dev_tx(d, 1, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(counted(d, by_inner), 1);
	dev_close(d);
}

/* Every kind, outer IPv4 and IPv6, tags, options, lengths: to a function, the PF, both wire ports, and edited. */
static void test_decap(void)
{
	static const unsigned int to[] = { 2, 0, SNIC_VPORT_WIRE0, SNIC_VPORT_WIRE1 };
	struct dev *d = open_card();
	uint8_t inner[SNIC_FRAME_MAX], frame[SNIC_FRAME_MAX];
	unsigned int kind, i, n = 0;
	size_t len, in_len;

	ends(d);
	for (kind = 0; kind < WRAP_N; kind++)
		for (i = 0; i < 4; i++)
			rule(d, TUNNEL(kind), SNIC_K(SMAC), i, 5,
			     (struct snic_actions){ { ACT(DECAP, 0), ACT(FWD, to[i]), ACT(MARK, 40 + i) } });
	for (kind = 0; kind < WRAP_N; kind++) {
		rule(d, TUNNEL(kind), SNIC_K(SMAC), 4, 5,
		     (struct snic_actions){ { ACT(SET_DSCP, 5), ACT(DECAP, 0), ACT(VLAN_PUSH, 0x2005),
					      ACT(FWD, SNIC_VPORT_WIRE1) } });
		rule(d, TUNNEL(kind), SNIC_K(SMAC), 5, 5,
		     (struct snic_actions){
			     { ACT(VLAN_PUSH, 9), ACT(DECAP, 0), ACT(SET_DSCP, 11), ACT(FWD, 1) } });
		rule(d, TUNNEL(kind), SNIC_K(SMAC), 6, 5,
		     (struct snic_actions){ { ACT(DECAP, 0), ACT(VLAN_POP, 0), ACT(FWD, SNIC_VPORT_WIRE0),
					      ACT(MIRROR, 3) } });
		rule(d, TUNNEL(kind), SNIC_K(SMAC), 7, 5, (struct snic_actions){ { ACT(DECAP, 0) } });
	}
	dev_flag(d, 2, SNIC_MASK(FT_FLAGS, STRIP), true);
	for (kind = 0; kind < WRAP_N; kind++) {
		for (i = 0; i < 160; i++, n++) {
			struct wrap w = { .kind = kind,
					  .v6 = i & 1,
					  .tags = i >> 1 & 1,
					  .options = i % 5,
					  .trailer = i % 7 == 3 ? 6 : 0,
					  .cut = 0 };

			in_len = dev_frame(d, inner, 1, 2, n, i % 3 == 1 ? ENCAP_VLAN : ENCAP_NONE,
					   i % 11 == 5 ? 1400 + i : 46 + i % 96);
			if (i % 13 == 4)
				in_len = 14 + i % 30; /* nobody pads in a tunnel */
			memset(inner + 6, 0, 6);
			inner[11] = (uint8_t)(i / 2 % 8);
			len = wrap(&w, frame, inner, in_len);
			dev_wire(d, i / 4 % 2, frame, len);
		}
	}
	dev_settle(d);
	CU_ASSERT(d->rx_count[0] > 100 && d->rx_count[1] > 50 && d->rx_count[2] > 50 && d->rx_count[3] > 50);
	CU_ASSERT(d->wire_count[0] > 100 && d->wire_count[1] > 100);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_TO_PF), 0);
	dev_close(d);
}

/* What cannot be opened goes to the PF as it came, and no counter, mark or mirror says otherwise. */
static void test_cannot(void)
{
	struct dev *d = open_card();
	uint8_t inner[256], frame[512];
	struct wrap w = { .kind = WRAP_VXLAN };
	uint32_t id, plain;
	size_t n, len;

	ends(d);
	plain = from(d, SNIC_VPORT_WIRE0,
		     (struct snic_actions){ { ACT(MIRROR, 1), ACT(MARK, 7), ACT(DECAP, 0), ACT(FWD, 2) } });
	id = from(d, TUNNEL(WRAP_VXLAN),
		  (struct snic_actions){ { ACT(DECAP, 0), ACT(MIRROR, 1), ACT(DECAP, 0), ACT(FWD, 2) } });
	n = dev_frame(d, inner, 3, 4, 7, ENCAP_NONE, 100);
	dev_wire(d, 0, inner, n); /* no tunnel */
	len = wrap(&w, frame, inner, n);
	dev_wire(d, 0, frame, len); /* opened twice */
	dev_wire(d, 1, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[0], 3);
	CU_ASSERT_EQUAL(d->rx_count[1] + d->rx_count[2], 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_TO_PF), 3);
	CU_ASSERT_EQUAL(counted(d, plain) + counted(d, id), 0);
	dev_close(d);
}

/* Cut at every byte, with wrong checksums, with flags and versions that are none: as the reference says, and never another's. */
static void test_malformed(void)
{
	struct dev *d = open_card();
	uint8_t inner[256], frame[512];
	unsigned int kind, i, at;
	size_t n, len;

	ends(d);
	for (kind = 0; kind < WRAP_N; kind++)
		from(d, TUNNEL(kind), (struct snic_actions){ { ACT(DECAP, 0), ACT(FWD, 1 + kind % 4) } });
	for (kind = 0; kind < WRAP_N; kind++) {
		for (i = 0; i < 130; i++) {
			struct wrap w = { .kind = kind,
					  .v6 = i & 1,
					  .tags = i >> 1 & 1,
					  .options = i % 3,
					  .cut = i < 60 ? i : 0 };

			n = dev_frame(d, inner, 3, 4, i, i % 4 ? ENCAP_NONE : ENCAP_VXLAN, 60 + i % 60);
			len = wrap(&w, frame, inner, n);
			if (i >= 60) {
				at = 12 + i % 70;
				frame[at < len ? at : 12] ^= (uint8_t)(1 << i % 8);
			}
			dev_wire(d, i % 2, frame, len < 60 ? 60 : len);
			if (i % 64 == 63)
				dev_settle(d); /* the PF's rings are short */
		}
		dev_settle(d);
	}
	CU_ASSERT(d->rx_count[0] > 300);
	CU_ASSERT(d->rx_count[1] > 30 && d->rx_count[2] > 30 &&
		  d->rx_count[3] > 60); /* GRE's row is NVGRE's */
	dev_close(d);
}

/* Other UDP ports; and what a driver refuses, and a VF may not. */
static void test_settings(void)
{
	struct dev *d = open_card();
	struct snic_vtep v = { .ports = 1, .mac = { 2 }, .ip = { 1 }, .proto = 17, .dport = 4789 }, bad;
	const struct snic_tun_ports ports = { 5555, 0, 6635 }, twice = { 5555, 5555, 0 };
	struct snic_ref_tun_ports ref = { 5555, 0, 6635 };
	uint8_t inner[256], frame[512];
	struct wrap w = { .kind = WRAP_VXLAN, .dport = 5555 };
	struct snic_pmd *p = d->pmd;
	unsigned int i;
	size_t n, len;

	CU_ASSERT_EQUAL(snic_pmd_vtep_set(p, SNIC_VTEP_ENTRIES, &v), -EINVAL);
#define REFUSED(field, value)                                                                                \
	do {                                                                                                 \
		bad = v;                                                                                     \
		bad.field = value;                                                                           \
		CU_ASSERT_EQUAL(snic_pmd_vtep_set(p, 0, &bad), -EINVAL);                                     \
	} while (0)
	REFUSED(ports, 0);
	REFUSED(ports, 4);
	REFUSED(mac[0], 1);
	REFUSED(mac[0], 0);
	REFUSED(ip[0], 0);
	REFUSED(ip[2], 1);
	REFUSED(proto, 6);
	REFUSED(proto, 47);
	REFUSED(dport, 4790);
	REFUSED(dport, 0);
	REFUSED(tunnel, SNIC_N_TUNNEL);
	CU_ASSERT_EQUAL(snic_pmd_tun_ports_set(p, &twice), -EINVAL);
	ends(d);
	CU_ASSERT_EQUAL(snic_pmd_tun_ports_set(p, &ports), 0);
	snic_ref_set_tun_ports(d->ref, &ref);
	memcpy(v.mac, wrap_mac, sizeof(v.mac));
	memcpy(v.ip, wrap_ip4, sizeof(v.ip));
	v.dport = 5555;
	dev_vtep(d, 63, &v);
	from(d, TUNNEL(0), (struct snic_actions){ { ACT(DECAP, 0), ACT(FWD, 2) } });
	n = dev_frame(d, inner, 3, 4, 7, ENCAP_NONE, 100);
	len = wrap(&w, frame, inner, n);
	dev_wire(d, 0, frame, len);
	w.dport = 0;
	len = wrap(&w, frame, inner, n);
	dev_wire(d, 0, frame, len); /* no VXLAN any more */
	w.kind = WRAP_GENEVE;
	len = wrap(&w, frame, inner, n);
	dev_wire(d, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[2], 1);
	CU_ASSERT_EQUAL(d->rx_count[0], 2);
	for (i = SNIC_REG_VTEP_IP; i <= SNIC_REG_PORT_MPLS; i += 4) {
		dev_wr(d, 1, i, ~0u);
		CU_ASSERT_EQUAL(dev_rd(d, 1, i), 0);
	}
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_PORT_VXLAN), 5555);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "tunnel", "which_headers", test_which_headers },
	{ "tunnel", "decap", test_decap },
	{ "tunnel", "cannot", test_cannot },
	{ "tunnel", "malformed", test_malformed },
	{ "tunnel", "settings", test_settings },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
