/* SPDX-License-Identifier: BSD-2-Clause */
/* Switchdev mode on the whole device: rules decide for functions and both ports, and the PF has the rest, as received. */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define ACT(op, arg) SNIC_ACTION(SNIC_ACT_##op, arg)

static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 }, lldp[6] = { 1, 0x80, 0xc2, 0, 0, 14 },
		     tag[6] = { 0x81, 0, 0x60, 7, 8, 0 };

static struct dev *open_card(void)
{
	return dev_open(&(struct dev_config){ .vfs = 4,
					      .queues = 2,
					      .ring_log2 = 7,
					      .spoofchk = true,
					      .promisc_pf = true,
					      .jitter_ns = 300 });
}

/* All that comes from this vport. */
static void from(struct dev *d, unsigned int vport, struct snic_actions act)
{
	struct snic_flow_key key = { { 0 } }, mask = { { 0 } };

	snic_key_set(&key, SNIC_K(VPORT), vport);
	snic_key_set(&mask, SNIC_K(VPORT), 0x1ff);
	dev_rule(d, &key, &mask, 10, act);
}

static const unsigned int drops[] = {
#define STAT_DROP(name, index, str, why) index,
#include "snic_stats.def"
};

/* No rule: nothing is asked of a sender, no table is looked at, and nothing is dropped; the PF sees what came from where. */
static void test_misses(void)
{
	struct dev *d = open_card();
	uint8_t frame[256];
	unsigned int i, n = 0;
	size_t len;

	dev_flag(d, 2, SNIC_MASK(FT_FLAGS, UPLINK1) | SNIC_MASK(FT_FLAGS, VEPA), true);
	dev_flag(d, 3, SNIC_MASK(FT_FLAGS, PROMISC) | SNIC_MASK(FT_FLAGS, ALLMULTI), true);
	dev_port_vlan(d, 4, 0x2007);
	dev_switchdev(d, true);
	for (i = 1; i <= 4; i++, n += 4) {
		dev_send(d, i, i % 4 + 1, n);
		dev_send(d, i, SNIC_VPORT_WIRE0, n + 1);
		dev_send(d, SNIC_VPORT_WIRE0, i, n + 2);
		dev_send(d, SNIC_VPORT_WIRE1, i, n + 3);
	}
	len = dev_frame(d, frame, 3, 2, 99, ENCAP_NONE, 200); /* with another's address */
	memcpy(frame, bcast, 6);
	dev_tx(d, 1, 0, frame, len);
	dev_wire(d, 1, frame, len);
	memcpy(frame, lldp, 6);
	dev_tx(d, 1, 1, frame, len);
	dev_wire(d, 0, frame, len);
	memcpy(frame + 12, tag, sizeof(tag));
	dev_tx(d, 4, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[0], 16 + 5);
	for (i = 1; i <= 4; i++)
		CU_ASSERT_EQUAL(d->rx_count[i], 0);
	CU_ASSERT_EQUAL(d->wire_count[0] + d->wire_count[1], 0);
	dev_send(d, 0, 1, n); /* its own do not come back */
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[0], 16 + 5);
	for (i = 0; i < sizeof(drops) / sizeof(drops[0]); i++)
		CU_ASSERT_EQUAL(dev_stat(d, drops[i]), drops[i] == SNIC_STAT_DROP_NO_MATCH);
	/* a VF has no say; the PF has, and it is as before */
	dev_wr(d, 1, SNIC_REG_ESWITCH, 0);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_ESWITCH), 0);
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_ESWITCH), SNIC_ESWITCH_SWITCHDEV);
	dev_switchdev(d, false);
	dev_send(d, 1, 3, n + 1);
	dev_tx(d, 1, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[3], 1);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_CTRL), 1);
	dev_close(d);
}

/* Rules from anywhere to anywhere, over both ports; what an entry names no destination for goes to the PF as the entry has it. */
static void test_rules(void)
{
	struct dev *d = open_card();
	unsigned int src, i, n = 0;
	uint8_t frame[256];
	size_t len;

	dev_flag(d, 2, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	dev_switchdev(d, true);
	from(d, 1, (struct snic_actions){ { ACT(FWD, SNIC_VPORT_WIRE1), ACT(COUNT, 3) } });
	from(d, 2, (struct snic_actions){ { ACT(FWD, 1), ACT(MIRROR, 0), ACT(SET_DSCP, 9) } });
	from(d, 3, (struct snic_actions){ { ACT(DROP, 0) } });
	from(d, 4, (struct snic_actions){ { ACT(VLAN_PUSH, 0x2009), ACT(MARK, 77) } });
	from(d, 0, (struct snic_actions){ { ACT(VLAN_PUSH, 5), ACT(FWD, SNIC_VPORT_WIRE0) } });
	from(d, SNIC_VPORT_WIRE0, (struct snic_actions){ { ACT(FWD, 2), ACT(MIRROR, SNIC_VPORT_WIRE1) } });
	from(d, SNIC_VPORT_WIRE1, (struct snic_actions){ { ACT(FWD, SNIC_VPORT_WIRE1) } }); /* not back */
	for (i = 0; i < 40; i++) {
		for (src = 0; src <= 4; src++)
			dev_send(d, src, (src + i) % 5, n++);
		dev_send(d, SNIC_VPORT_WIRE0, i % 5, n++);
		dev_send(d, SNIC_VPORT_WIRE1, i % 5, n++);
	}
	len = dev_frame(d, frame, 1, 2, n, ENCAP_VXLAN, 200);
	memcpy(frame, bcast, 6);
	dev_tx(d, 2, 1, frame, len); /* a group is nothing special */
	dev_settle(d);
	CU_ASSERT_EQUAL(d->wire_count[0], 40);
	CU_ASSERT_EQUAL(d->wire_count[1], 80);
	CU_ASSERT_EQUAL(d->rx_count[0], 81);
	CU_ASSERT_EQUAL(d->rx_count[1], 41);
	CU_ASSERT_EQUAL(d->rx_count[2], 40);
	CU_ASSERT_EQUAL(d->rx_count[3] + d->rx_count[4], 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_FLOW), 40);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 40);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_STORM), 0);
	dev_close(d);
}

/* VF 1 is whom the MAC table has; vports of completions. */
static unsigned int at_vf, at_pf;

static void either(struct dev *d, unsigned int func, unsigned int queue, const struct snic_pmd_rx *rx)
{
	(void)d;
	(void)queue;
	CU_ASSERT_EQUAL(snic_bits_get(rx->cpl, SNIC_F(RX_CPL, SRC)), SNIC_VPORT_WIRE0);
	CU_ASSERT(func <= 1);
	at_vf += func == 1;
	at_pf += func == 0;
}

/* The mode changes while frames come: each goes one way or the other, and none is lost. */
static void test_change_under_traffic(void)
{
	struct dev *d = open_card();
	uint8_t frame[SNIC_FRAME_MAX];
	unsigned int i;
	size_t len;

	at_vf = at_pf = 0;
	d->no_score = true;
	d->on_rx = either;
	for (i = 0; i < 2000; i++) {
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, i, ENCAP_NONE, 60);
		dev_wire(d, 0, frame, len);
		if (i % 40 < 39)
			continue;
		dev_run_ns(d, 200); /* of 270 that the frames take */
		CU_ASSERT_EQUAL(snic_pmd_set_switchdev(d->pmd, i / 40 % 2), 0);
		dev_run_ns(d, 1000);
	}
	dev_run_ns(d, 50000);
	CU_ASSERT_EQUAL(at_vf + at_pf, 2000);
	CU_ASSERT(at_vf > 300 && at_pf > 300);
	dev_close(d);
}

/* The PF names a vport in its descriptors, in both modes, and what else decides is not asked. */
static void test_named(void)
{
	static const unsigned int vports[] = { 1, 2, 3, 4, SNIC_VPORT_WIRE0, SNIC_VPORT_WIRE1 };
	struct dev *d = open_card();
	struct snic_flow_stats stats;
	unsigned int i, k, mode;
	uint8_t frame[256], big[SNIC_FRAME_MAX];
	uint32_t id;
	size_t len;

	dev_flag(d, 2, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	{
		struct snic_flow_key key = { { 0 } }, mask = { { 0 } };

		snic_key_set(&mask, SNIC_K(VPORT), 0x1ff);
		id = dev_rule(d, &key, &mask, 10, (struct snic_actions){ { ACT(DROP, 0) } });
	}
	for (mode = 0; mode < 2; mode++) {
		dev_switchdev(d, mode);
		for (k = 0; k < 30; k++) {
			for (i = 0; i < 6; i++) {
				/* for another one, or for all */
				len = dev_frame(d, frame, k % 5, 1 + (i + k) % 4, k, (enum encap)(k % 3),
						100 + k);
				if (k % 4 == 0)
					memcpy(frame, bcast, 6);
				dev_tx_to(d, vports[i], frame, len);
			}
			dev_send(d, 0, 1, k); /* beside them, what names none */
		}
		dev_settle(d);
	}
	for (i = 1; i <= 4; i++)
		CU_ASSERT_EQUAL(d->rx_count[i], 60);
	CU_ASSERT_EQUAL(d->wire_count[0], 60);
	CU_ASSERT_EQUAL(d->wire_count[1], 60);
	CU_ASSERT_EQUAL(d->rx_count[0], 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_FLOW), 60);
	CU_ASSERT_EQUAL(snic_pmd_rule_query(d->pmd, id, &stats), 0);
	CU_ASSERT_EQUAL(stats.packets, 60);
	/* nobody, and the PF itself */
	dev_tx_to(d, SNIC_VPORT_TUNNEL, frame, len);
	dev_tx_to(d, SNIC_VPORT_NONE, frame, len);
	dev_tx_to(d, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 3);
	/* in several buffers, with frames beside it that name none */
	for (i = 0; i < 6; i++) {
		len = dev_frame(d, big, 0, 1, i, ENCAP_NONE, 1900 + 1000 * i);
		dev_tx_to(d, SNIC_VPORT_WIRE0 + i % 2, big, len);
		dev_send(d, 0, 1, i);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->wire_count[0] + d->wire_count[1], 126);
	dev_close(d);
}

/* Segments go to where their frame is to go. */
static void test_segments(void)
{
	enum { MSS = 700, SEGS = 9 };
	struct dev *d = open_card();
	struct snic_pmd_tx_offload o = { .mss = MSS, .l3 = 14, .l4 = 34, .hdr = 54, .to = true };
	uint8_t frame[54 + MSS * SEGS] = { 0 };
	unsigned int i;

	frame[12] = 0x08;
	frame[14] = 0x45;
	frame[14 + 9] = 6;
	frame[34 + 12] = 0x50;
	d->no_score = true;
	dev_switchdev(d, true);
	for (i = 1; i <= 5; i++) {
		o.vport = i < 5 ? (uint16_t)i : SNIC_VPORT_WIRE1;
		CU_ASSERT_EQUAL(snic_pmd_tx_frame(d->pmd, 0, 0, frame, sizeof(frame), &o), 0);
		snic_pmd_tx_flush(d->pmd, 0, 0);
	}
	dev_run_ns(d, 30000);
	for (i = 1; i <= 4; i++) {
		CU_ASSERT_EQUAL(d->rx_count[i], SEGS);
		CU_ASSERT_EQUAL(dev_fstat(d, i, SNIC_FSTAT_RX_BYTES), SEGS * (54 + MSS));
	}
	CU_ASSERT_EQUAL(d->wire_count[1], SEGS);
	CU_ASSERT_EQUAL(d->wire_count[0] + d->rx_count[0], 0);
	dev_close(d);
}

/* A VF that names a vport: its queue stops, and nothing gets anywhere. */
static void test_vf_may_not(void)
{
	struct dev *d = open_card();
	struct dev_raw r;
	__u64 qw[2];

	dev_switchdev(d, true);
	raw_open(d, &r, 3, 4, -1);
	raw_tx_desc(&r, 0, r.buf_bus, 64);
	memcpy(qw, &r.tx_ring[0], sizeof(qw));
	snic_bits_set(qw, SNIC_F(TX_DESC, TO), 1);
	snic_bits_set(qw, SNIC_F(TX_DESC, DST), SNIC_VPORT_WIRE0);
	memcpy(&r.tx_ring[0], qw, sizeof(qw));
	dev_wr(d, 3, SNIC_REG_AT(TX_TAIL, 4), 1);
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_BAD_DESC);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DESC), 1);
	CU_ASSERT_EQUAL(d->wire_count[0] + d->rx_count[0], 0);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "switchdev", "misses", test_misses },
	{ "switchdev", "rules", test_rules },
	{ "switchdev", "change_under_traffic", test_change_under_traffic },
	{ "switchdev", "named", test_named },
	{ "switchdev", "segments", test_segments },
	{ "switchdev", "vf_may_not", test_vf_may_not },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
