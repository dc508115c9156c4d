/* SPDX-License-Identifier: BSD-2-Clause */
/* Tunnels on the whole device, in switchdev mode: which headers the key is of, VTEP table, DECAP, ENCAP. */
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

/* Template of the kind; even rows take nothing from the frame. */
static struct snic_encap template(unsigned int kind, unsigned int v6, unsigned int tags, unsigned int options)
{
	struct wrap w = { .kind = kind, .v6 = v6, .tags = tags, .options = options };
	struct snic_encap e = { .len = 0 };
	uint8_t hdr[256] = { 0 };

	e.len = (uint32_t)wrap(&w, hdr, hdr, 0);
	CU_ASSERT_FATAL(e.len <= sizeof(e.hdr));
	memcpy(e.hdr, hdr, e.len);
	return e;
}

#define N_TEMPLATES (WRAP_N * 2 * 3)

/* Every kind over IPv4 and IPv6, tags, options, TTL and TOS of its own or the frame's, lengths, edits before it; on both ports. */
static void test_encap(void)
{
	struct dev *d = open_card();
	unsigned int i, row, n = 0;
	uint8_t frame[SNIC_FRAME_MAX];
	struct snic_encap e;
	size_t len;

	ends(d);
	for (row = 0; row < N_TEMPLATES; row++) {
		e = template(row % WRAP_N, row / WRAP_N % 2, row % 3, row % 5);
		e.ttl = row % 3 == 1;
		e.dscp = row % 4 > 1;
		e.ecn = row & 1;
		dev_encap(d, 8 * row, &e);
		rule(d, 1, SNIC_K(SMAC), row, 5,
		     (struct snic_actions){ { ACT(ENCAP, 8 * row), ACT(FWD, SNIC_VPORT_WIRE0 + row % 2) } });
		rule(d, 2, SNIC_K(SMAC), row, 5,
		     (struct snic_actions){ { ACT(VLAN_PUSH, 0x3000 + row), ACT(SET_DSCP, row),
					      ACT(ENCAP, 8 * row), ACT(FWD, SNIC_VPORT_WIRE0) } });
		rule(d, 3, SNIC_K(SMAC), row, 5,
		     (struct snic_actions){ { ACT(VLAN_POP, 0), ACT(FWD, SNIC_VPORT_WIRE1), ACT(MIRROR, 4),
					      ACT(ENCAP, 8 * row) } });
	}
	for (i = 0; i < 40 * N_TEMPLATES; i++, n++) {
		row = i % N_TEMPLATES;
		len = dev_frame(d, frame, 1, 2, n,
				i % 5 == 1   ? ENCAP_VLAN
				: i % 7 == 2 ? ENCAP_VXLAN
					     : ENCAP_NONE,
				i % 11 == 5 ? 1300 + i % 200 : 60 + i % 150);
		frame[14 + 1] = (uint8_t)(3 * i);
		memset(frame + 6, 0, 6);
		frame[11] = (uint8_t)row;
		dev_tx(d, 1 + i / N_TEMPLATES % 3, i % 2, frame, len);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->wire_count[0] + d->wire_count[1], n);
	CU_ASSERT(d->rx_count[4] > 200);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_TO_PF), 0);
	dev_close(d);
}

/* From one tunnel into another, out of the port that it came in on; too long, and a template that is not there: as it came, and counted. */
static void test_encap_cannot(void)
{
	struct dev *d = open_card();
	struct snic_encap e = template(WRAP_GENEVE, 1, 1, 3), small = template(WRAP_VXLAN, 0, 0, 0);
	struct wrap w = { .kind = WRAP_VXLAN };
	uint8_t inner[SNIC_FRAME_MAX], frame[SNIC_FRAME_MAX];
	uint32_t id, too_long, none;
	unsigned int i;
	size_t n, len;

	ends(d);
	dev_encap(d, 255, &e);
	small.max = 200;
	dev_encap(d, 0, &small);
	id = from(d, TUNNEL(WRAP_VXLAN),
		  (struct snic_actions){ { ACT(DECAP, 0), ACT(ENCAP, 255), ACT(FWD, SNIC_VPORT_WIRE0) } });
	too_long = from(d, 1,
			(struct snic_actions){ { ACT(ENCAP, 0), ACT(MIRROR, 3), ACT(MARK, 5),
						 ACT(FWD, SNIC_VPORT_WIRE1) } });
	none = from(d, 2, (struct snic_actions){ { ACT(ENCAP, 1), ACT(FWD, SNIC_VPORT_WIRE1) } });
	for (i = 0; i < 64; i++) {
		n = dev_frame(d, inner, 3, 4, i, ENCAP_NONE, 60 + i);
		len = wrap(&w, frame, inner, n);
		dev_wire(d, 0, frame, len);
		n = dev_frame(d, inner, 1, 4, i, ENCAP_NONE, 118 + i);
		dev_tx(d, 1, 0, inner, n);
		dev_tx(d, 2, 0, inner, n);
		if (i % 16 == 15)
			dev_settle(d);
	}
	CU_ASSERT_EQUAL(d->wire_count[0], 64);
	CU_ASSERT_EQUAL(counted(d, id), 64);
	CU_ASSERT_EQUAL(counted(d, too_long), 33); /* 118 to 150 */
	CU_ASSERT_EQUAL(d->wire_count[1], 33);
	CU_ASSERT_EQUAL(d->rx_count[3], 33);
	CU_ASSERT_EQUAL(counted(d, none), 0);
	CU_ASSERT_EQUAL(d->rx_count[0], 31 + 64);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_TO_PF), 31 + 64);
	/* the longest that there is, and one byte more, which no function's buffers take */
	e.max = 0;
	dev_encap(d, 0, &e);
	from(d, SNIC_VPORT_WIRE1, (struct snic_actions){ { ACT(ENCAP, 0), ACT(FWD, SNIC_VPORT_WIRE0) } });
	for (i = 0; i < 2; i++) {
		n = dev_frame(d, inner, 1, 4, i, ENCAP_NONE, SNIC_FRAME_MAX - e.len + i);
		dev_wire(d, 1, inner, n);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->wire_count[0], 65);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_RX_TOO_LONG), 1);
	dev_close(d);
}

/*
 * Line rate of the outer frames: what is opened leaves as fast as it comes, what is wrapped as fast as the wire takes it. Lengths are of the
 * inner frame, without FCS. results/predicted/tunnels.md says the same numbers.
 */
static void nobody_looks(struct dev *d, unsigned int port, const uint8_t *frame, size_t len)
{
	(void)d;
	(void)port;
	(void)frame;
	(void)len;
}

static double line_mpps(size_t outer)
{
	return 100e3 / 8 / (double)(outer + 8 + 4 + 12);
}

static void rate(unsigned int kind, bool v6, bool encap, size_t len)
{
	struct dev *d = open_card();
	struct snic_encap e = template(kind, v6, 0, 0);
	struct wrap w = { .kind = kind, .v6 = v6 };
	uint8_t inner[SNIC_FRAME_MAX], frame[SNIC_FRAME_MAX];
	const unsigned int frames = len > 1000 ? 600 : 3000;
	const size_t outer = len + e.len;
	unsigned int i;
	double mpps;

	d->no_score = true;
	d->on_wire = nobody_looks;
	ends(d);
	dev_encap(d, 0, &e);
	from(d, TUNNEL(kind == WRAP_GRE ? WRAP_NVGRE : kind), /* whose row it is */
	     (struct snic_actions){ { ACT(DECAP, 0), ACT(FWD, SNIC_VPORT_WIRE1) } });
	from(d, SNIC_VPORT_WIRE1, (struct snic_actions){ { ACT(ENCAP, 0), ACT(FWD, SNIC_VPORT_WIRE0) } });
	len = dev_frame(d, inner, 1, 2, 1, ENCAP_NONE, len);
	for (i = 0; i < frames; i++)
		dev_wire(d, encap, encap ? inner : frame, encap ? len : wrap(&w, frame, inner, len));
	dev_run_ns(d, 30000);
	mpps = (double)(d->wire_count[!encap] - 1) * 1e6 /
	       (double)(d->wire_last_ps[!encap] - d->wire_first_ps[!encap]);
	printf("    %s of %zu B, outer %zu B: %.3f Mpps, the wire has %.3f\n", encap ? "encap" : "decap", len,
	       outer, mpps, line_mpps(outer));
	CU_ASSERT(mpps > 0.999 * line_mpps(outer) &&
		  mpps < 1.002 * line_mpps(outer)); /* the first one's search takes longer */
	CU_ASSERT(encap || d->wire_count[1] == frames);
	dev_close(d);
}

static void test_rates(void)
{
	static const size_t lens[] = { 60, 79, 143, 512, 1514 };
	unsigned int i, encap;

	for (encap = 0; encap < 2; encap++) {
		for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
			rate(WRAP_VXLAN, false, encap, lens[i]);
		rate(WRAP_VXLAN, true, encap, 60);
		rate(WRAP_GENEVE, false, encap, 60);
		rate(WRAP_GRE, false, encap, 60);
	}
}

/* Written anew under traffic: a frame has the old template or the new one. */
static struct snic_encap old_one, new_one;
static unsigned int has_old, has_new;

static void one_of_two(struct dev *d, unsigned int port, const uint8_t *frame, size_t len)
{
	const struct snic_encap *e = frame[5] == old_one.hdr[5] ? &old_one : &new_one;

	(void)d;
	(void)port;
	CU_ASSERT_EQUAL(len, 100 + e->len);
	CU_ASSERT(!memcmp(frame, e->hdr, 12));
	CU_ASSERT(!memcmp(frame + e->len - 8, e->hdr + e->len - 8, 8));
	has_old += e == &old_one;
	has_new += e == &new_one;
}

static void test_encap_changed(void)
{
	struct dev *d = open_card();
	uint8_t frame[SNIC_FRAME_MAX];
	unsigned int i;
	size_t len;

	old_one = template(WRAP_VXLAN, 0, 0, 0);
	new_one = template(WRAP_GENEVE, 1, 2, 3);
	new_one.hdr[5] ^= 1;
	has_old = has_new = 0;
	dev_encap(d, 9, &old_one);
	from(d, 1, (struct snic_actions){ { ACT(ENCAP, 9), ACT(FWD, SNIC_VPORT_WIRE0) } });
	d->no_score = true;
	d->on_wire = one_of_two;
	for (i = 0; i < 1600; i++) {
		len = dev_frame(d, frame, 1, 2, i, ENCAP_NONE, 100);
		dev_tx(d, 1, 0, frame, len);
		if (i % 40 == 39)
			CU_ASSERT_EQUAL(snic_pmd_encap_set(d->pmd, 9, i / 40 % 2 ? &old_one : &new_one), 0);
	}
	dev_run_ns(d, 50000);
	CU_ASSERT_EQUAL(has_old + has_new, 1600);
	CU_ASSERT(has_old > 300 && has_new > 300);
	dev_close(d);
}

/* Templates and lists that cannot be. */
static void test_encap_refused(void)
{
	struct dev *d = open_card();
	struct snic_encap good = template(WRAP_VXLAN, 0, 1, 0), bad;
	struct snic_flow_key key = { { 0 } };
	static const struct snic_actions lists[] = {
		{ { ACT(ENCAP, 0), ACT(VLAN_PUSH, 5) } },
		{ { ACT(ENCAP, 0), ACT(DECAP, 0) } },
		{ { ACT(ENCAP, 0), ACT(ENCAP, 1) } },
		{ { ACT(ENCAP, 0), ACT(FWD, 256), ACT(SET_DSCP, 1) } },
		{ { ACT(ENCAP, 256) } },
		{ { ACT(DECAP, 1) } },
	};
	unsigned int i;
	uint32_t id;

	CU_ASSERT_PTR_NULL(snic_encap_wrong(&good));
	CU_ASSERT_EQUAL(snic_pmd_encap_set(d->pmd, SNIC_ENCAP_ENTRIES, &good), -EINVAL);
#define WRONG(field, value)                                                                                  \
	do {                                                                                                 \
		bad = good;                                                                                  \
		bad.field = value;                                                                           \
		CU_ASSERT_PTR_NOT_NULL(snic_encap_wrong(&bad));                                              \
		CU_ASSERT_EQUAL(snic_pmd_encap_set(d->pmd, 0, &bad), -EINVAL);                               \
	} while (0)
	WRONG(len, SNIC_ENCAP_BYTES + 2);
	WRONG(len, good.len - 1);
	WRONG(len, 40);
	WRONG(len, 0);
	WRONG(max, SNIC_FRAME_MAX + 1);
	WRONG(max, 100);
	WRONG(hdr[16], 0x09);	   /* type */
	WRONG(hdr[18], 0x46);	   /* options */
	WRONG(hdr[18], 0x65);	   /* version */
	WRONG(hdr[18 + 6], 0x20);  /* more fragments */
	WRONG(hdr[18 + 9], 6);	   /* TCP */
	WRONG(hdr[18 + 27], 0x12); /* UDP's checksum */
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		CU_ASSERT_EQUAL(snic_pmd_rule_add(d->pmd, &key, &key, 1, &lists[i], &id), -EINVAL);
	for (i = SNIC_REG_ENCAP_HDR; i <= SNIC_REG_ENCAP_SET; i += 4) {
		dev_wr(d, 1, i, ~0u);
		CU_ASSERT_EQUAL(dev_rd(d, 1, i), 0);
	}
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
	{ "tunnel", "encap", test_encap },
	{ "tunnel", "encap_cannot", test_encap_cannot },
	{ "tunnel", "rates", test_rates },
	{ "tunnel", "encap_changed", test_encap_changed },
	{ "tunnel", "encap_refused", test_encap_refused },
	{ "tunnel", "settings", test_settings },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
