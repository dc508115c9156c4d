/* SPDX-License-Identifier: BSD-2-Clause */
/* Forwarding on the whole device: ports, VLANs, groups, RSS; each frame and completion is held to the reference. */
#include <errno.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"

static size_t tagged(struct dev *d, uint8_t *buf, unsigned int src, unsigned int dst, uint16_t tci)
{
	uint8_t plain[256];
	size_t len = dev_frame(d, plain, src, dst, 7, ENCAP_NONE, 124);

	memcpy(buf, plain, 12);
	buf[12] = 0x81;
	buf[13] = 0;
	buf[14] = (uint8_t)(tci >> 8);
	buf[15] = (uint8_t)tci;
	memcpy(buf + 16, plain + 12, len - 12);
	return len + 4;
}

/* Every function to every other, and to and from both ports; 3 and 4 are on the other port's switch. */
static void test_all_pairs(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 5, .queues = 2, .ring_log2 = 6, .jitter_ns = 400 });
	unsigned int i, j, n = 0;

	dev_flag(d, 3, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	dev_flag(d, 4, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	for (i = 0; i <= 5; i++) {
		for (j = 0; j <= 5; j++, n++)
			if (i != j)
				dev_send(d, i, j, n);
		dev_send(d, i, SNIC_VPORT_WIRE0, n++);
		dev_send(d, SNIC_VPORT_WIRE0, i, n++);
		dev_send(d, SNIC_VPORT_WIRE1, i, n++);
	}
	dev_settle(d);
	/* of each: to the outside, and to the functions of the other port */
	CU_ASSERT_EQUAL(d->wire_count[0], 4 * 3);
	CU_ASSERT_EQUAL(d->wire_count[1], 2 * 5);
	for (i = 0; i <= 5; i++) {
		n = i == 3 || i == 4 ? 2 : 4; /* from its own port: the other functions, the wire */
		CU_ASSERT_EQUAL(d->rx_count[i], n);
		CU_ASSERT_EQUAL(dev_fstat(d, i, SNIC_FSTAT_RX_PKTS), n);
		CU_ASSERT_EQUAL(dev_fstat(d, i, SNIC_FSTAT_TX_PKTS), 6);
		CU_ASSERT_EQUAL(dev_fstat(d, i, SNIC_FSTAT_RX_BYTES), n * 128);
		CU_ASSERT_EQUAL(dev_fstat(d, i, SNIC_FSTAT_TX_BYTES), 6 * 128);
	}
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_P0_TX_PKTS), 12);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_P1_TX_PKTS), 10);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_P1_RX_PKTS), 6);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 2 + 4);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_CPL_UNEXPECTED), 0);
	dev_close(d);
}

/* What a function sends in loopback comes back to it, whatever the tables say, and goes nowhere else. */
static void test_loopback(void)
{
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 3, .queues = 1, .ring_log2 = 5, .spoofchk = true, .promisc_pf = true });
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 },
			     lldp[6] = { 1, 0x80, 0xc2, 0, 0, 14 };
	uint8_t frame[256];
	size_t len;

	dev_flag(d, 1, SNIC_MASK(FT_FLAGS, LOOPBACK), true);
	dev_send(d, 1, 2, 0);
	dev_send(d, 1, SNIC_VPORT_WIRE0, 1);
	dev_send(d, 1, 1, 2);
	len = dev_frame(d, frame, 1, 2, 3, ENCAP_NONE, 200);
	memcpy(frame, bcast, 6);
	dev_tx(d, 1, 0, frame, len);
	len = dev_frame(d, frame, 1, 2, 4, ENCAP_NONE, 200);
	dev_flow(
		d, frame, len, 1,
		(struct snic_actions){ { SNIC_ACTION(SNIC_ACT_FWD, SNIC_VPORT_WIRE1),
					 SNIC_ACTION(SNIC_ACT_MIRROR, 3), SNIC_ACTION(SNIC_ACT_MARK, 77) } });
	dev_tx(d, 1, 0, frame, len);
	memcpy(frame, lldp, 6); /* refused as ever */
	dev_tx(d, 1, 0, frame, len);
	dev_send(d, 2, 3, 5); /* nobody else is in loopback */
	dev_send(d, 2, 1, 6);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[1], 5 + 1);
	CU_ASSERT_EQUAL(d->rx_count[3], 1);
	CU_ASSERT_EQUAL(d->rx_count[0] + d->rx_count[2] + d->wire_count[0] + d->wire_count[1], 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_CTRL), 1);
	dev_flag(d, 1, SNIC_MASK(FT_FLAGS, LOOPBACK), false);
	dev_send(d, 1, 2, 7);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[1], 6);
	CU_ASSERT_EQUAL(d->rx_count[2], 1);
	dev_close(d);
}

/*
 * VEPA: all that a function sends goes to its wire, and the bridge there sends it back. Its own frame does not come back to it; frames
 * of a function that is not VEPA's, and of the other port, go as ever.
 */
static void test_vepa(void)
{
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 5, .queues = 1, .ring_log2 = 5, .spoofchk = true, .promisc_pf = true });
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 };
	uint8_t frame[256];
	unsigned int i;
	size_t len;

	for (i = 1; i <= 3; i++)
		dev_flag(d, i, SNIC_MASK(FT_FLAGS, VEPA), true);
	dev_flag(d, 5, SNIC_MASK(FT_FLAGS, UPLINK1) | SNIC_MASK(FT_FLAGS, VEPA), true);
	dev_send(d, 1, 2, 0);
	dev_send(d, 1, 4, 1);
	len = dev_frame(d, frame, 1, 2, 2, ENCAP_NONE, 200);
	memcpy(frame, bcast, 6);
	dev_tx(d, 1, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->wire_count[0], 3);
	for (i = 0; i <= 5; i++)
		CU_ASSERT_EQUAL(d->rx_count[i], 0);
	/* reflected: the broadcast to all but its sender, unicast, one that is for its sender */
	dev_wire(d, 0, frame, len);
	len = dev_frame(d, frame, 1, 2, 3, ENCAP_NONE, 200);
	dev_wire(d, 0, frame, len);
	len = dev_frame(d, frame, 1, 1, 4, ENCAP_NONE, 200);
	dev_wire(d, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[1], 0);
	CU_ASSERT_EQUAL(d->rx_count[2], 2);
	CU_ASSERT_EQUAL(d->rx_count[3] + d->rx_count[4] + d->rx_count[0], 3);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 1);
	/* the other port's function has its address there; 4 is a bridge's port */
	len = dev_frame(d, frame, 5, 2, 5, ENCAP_NONE, 200);
	memcpy(frame, bcast, 6);
	dev_wire(d, 1, frame, len);
	dev_wire(d, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[5], 0);
	CU_ASSERT_EQUAL(d->rx_count[1], 1);
	dev_send(d, 4, 1, 6);
	dev_send(d, 1, SNIC_VPORT_WIRE0, 7);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[1], 2);
	CU_ASSERT_EQUAL(d->wire_count[0], 4);
	dev_close(d);
}

/* What function `func` got in test_port_split: from whom, and over which way. */
static struct {
	unsigned int inside[SNIC_N_FUNC], wire[SNIC_N_FUNC], wrong;
} split;

static bool on_port1(unsigned int func)
{
	return func == 1 || func == 3;
}

static void split_rx(struct dev *d, unsigned int func, unsigned int queue, const struct snic_pmd_rx *rx)
{
	unsigned int src = (unsigned int)snic_bits_get(rx->cpl, SNIC_F(RX_CPL, SRC)), f;
	uint8_t mac[6];

	(void)queue;
	for (f = 0; f <= d->vfs; f++) {
		snic_pmd_mac(d->pmd, f, mac);
		if (!memcmp(rx->data + 6, mac, 6))
			break;
	}
	if (on_port1(f) == on_port1(func)) {
		split.inside[func]++;
		split.wrong += src != f;
	} else {
		split.wire[func]++;
		split.wrong += src != (on_port1(func) ? SNIC_VPORT_WIRE1 : SNIC_VPORT_WIRE0);
	}
	split.wrong += rx->len != 128;
}

/*
 * Both ports cabled together: functions of one port meet those of the other over the wire, and only there; broadcasts reach each
 * of them once.
 */
static void test_port_split(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 4, .queues = 1, .ring_log2 = 6, .loop = true });
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 };
	unsigned int i, j;
	uint8_t frame[128];

	memset(&split, 0, sizeof(split));
	d->no_score = true; /* the reference knows of no cable */
	d->on_rx = split_rx;
	dev_flag(d, 1, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	dev_flag(d, 3, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	for (i = 0; i <= 4; i++)
		for (j = 0; j <= 4; j++)
			if (i != j)
				dev_send(d, i, j, i * 5 + j);
	dev_run_ns(d, 10000);
	for (i = 0; i <= 4; i++) {
		CU_ASSERT_EQUAL(split.inside[i], on_port1(i) ? 1 : 2);
		CU_ASSERT_EQUAL(split.wire[i], on_port1(i) ? 3 : 2);
	}
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_P0_TX_PKTS), 6);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_P1_TX_PKTS), 6);
	for (i = 0; i <= 4; i++) {
		dev_frame(d, frame, i, 0, i, ENCAP_NONE, sizeof(frame));
		memcpy(frame, bcast, 6);
		dev_tx(d, i, 0, frame, sizeof(frame));
	}
	dev_run_ns(d, 10000);
	for (i = 0; i <= 4; i++) {
		CU_ASSERT_EQUAL(split.inside[i], 2 * (on_port1(i) ? 1 : 2));
		CU_ASSERT_EQUAL(split.wire[i], 2 * (on_port1(i) ? 3 : 2));
	}
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_P0_TX_PKTS), 6 + 3);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_P1_TX_PKTS), 6 + 2);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 0);
	CU_ASSERT_EQUAL(split.wrong, 0);
	dev_close(d);
}

static void test_groups(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 4, .queues = 1, .ring_log2 = 5, .promisc_pf = true });
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 }, mcast[6] = { 1, 0, 0x5e, 0, 0, 9 },
			     nobody[6] = { 2, 0x77, 0, 0, 0, 1 };
	const uint8_t *const dst[] = { bcast, mcast, nobody };
	unsigned int i, src;
	uint8_t frame[256];
	size_t len;

	dev_flag(d, 2, SNIC_MASK(FT_FLAGS, BCAST), false);
	dev_flag(d, 3, SNIC_MASK(FT_FLAGS, ALLMULTI), true);
	for (i = 0; i < 3; i++) {
		for (src = 0; src < 3; src++) {
			len = dev_frame(d, frame, src, 1, i, ENCAP_NONE, 200);
			memcpy(frame, dst[i], 6);
			dev_tx(d, src, 0, frame, len);
		}
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, i, ENCAP_NONE, 200);
		memcpy(frame, dst[i], 6);
		dev_wire(d, 0, frame, len);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->wire_count[0], 9);
	CU_ASSERT_EQUAL(d->rx_count[4], 4); /* broadcasts of three functions and the wire */
	CU_ASSERT_EQUAL(d->rx_count[3], 8); /* and multicasts */
	CU_ASSERT_EQUAL(d->rx_count[2], 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 0);
	dev_close(d);
}

/* IEEE 802.1Q table 8-1: between the PF and its neighbour on the wire, past everybody who takes all groups. */
static void test_link_local(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 5 });
	uint8_t frame[256], dst[6] = { 1, 0x80, 0xc2, 0, 0, 0 };
	unsigned int i;
	size_t len;

	dev_flag(d, 1,
		 SNIC_MASK(FT_FLAGS, PROMISC) | SNIC_MASK(FT_FLAGS, ALLMULTI) | SNIC_MASK(FT_FLAGS, TRUSTED),
		 true);
	dev_flag(d, 2, SNIC_MASK(FT_FLAGS, UPLINK1) | SNIC_MASK(FT_FLAGS, ALLMULTI), true);
	for (i = 0; i < 16; i++) {
		dst[5] = (uint8_t)i;
		len = dev_frame(d, frame, 0, 1, i, ENCAP_NONE, 128);
		memcpy(frame, dst, 6);
		dev_tx(d, 0, 0, frame, len);
		len = dev_frame(d, frame, 1, 0, i, ENCAP_NONE, 128);
		memcpy(frame, dst, 6);
		dev_tx(d, 1, 0, frame, len);
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, i, ENCAP_NONE, 128);
		memcpy(frame, dst, 6);
		dev_wire(d, 0, frame, len);
		dev_wire(d, 1, frame, len);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->wire_count[0], 16);
	CU_ASSERT_EQUAL(d->rx_count[0], 16);
	CU_ASSERT_EQUAL(d->rx_count[1] + d->rx_count[2] + d->wire_count[1], 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_CTRL), 16);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 16); /* no PF on port 1 */
	/* the next address is that of a group like others */
	dst[5] = 16;
	memcpy(frame, dst, 6);
	dev_wire(d, 0, frame, len);
	dev_wire(d, 1, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[0], 16);
	CU_ASSERT_EQUAL(d->rx_count[1] + d->rx_count[2], 2);
	dev_close(d);
}

/* One address on both ports' switches: each finds its own. */
static void test_same_mac(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 4, .queues = 1, .ring_log2 = 5 });
	static const uint8_t mac[6] = { 2, 0x77, 0, 0, 0, 1 };
	unsigned int i, src[] = { SNIC_VPORT_WIRE0, SNIC_VPORT_WIRE1, 1, 3 };
	uint8_t frame[256];
	size_t len;

	dev_flag(d, 3, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	dev_flag(d, 4, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	for (i = 2; i <= 4; i += 2) {
		CU_ASSERT_EQUAL(snic_pmd_mac_add(d->pmd, mac, 0, (uint16_t)i), 0);
		snic_ref_mac_add(d->ref, mac, 0, (uint16_t)i);
	}
	CU_ASSERT_EQUAL(snic_pmd_mac_add(d->pmd, mac, 0, 1), -EEXIST);
	for (i = 0; i < 4; i++) {
		len = dev_frame(d, frame, src[i], 2, i, ENCAP_NONE, 128);
		memcpy(frame, mac, 6);
		if (src[i] < SNIC_N_FUNC)
			dev_tx(d, src[i], 0, frame, len);
		else
			dev_wire(d, src[i] - SNIC_VPORT_WIRE0, frame, len);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[2], 2);
	CU_ASSERT_EQUAL(d->rx_count[4], 2);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 0);
	dev_close(d);
}

/* Port VLAN: what the function sends is tagged, what it gets is not; it reaches its VLAN's members and no one else. */
static void test_port_vlan(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 4, .queues = 1, .ring_log2 = 5, .spoofchk = true });
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 };
	uint8_t frame[256];
	size_t len;

	dev_port_vlan(d, 1, 0x2064);
	dev_port_vlan(d, 2, 0x2064);
	dev_send(d, 1, 2, 1);
	dev_send(d, 1, 3, 2); /* not on its VLAN: to the uplink, tagged */
	len = tagged(d, frame, SNIC_VPORT_WIRE0, 1, 0x0064);
	dev_wire(d, 0, frame, len);
	dev_send(d, SNIC_VPORT_WIRE0, 1, 3);  /* untagged: nobody's */
	len = tagged(d, frame, 1, 2, 0x0064); /* may not tag by itself */
	dev_tx(d, 1, 0, frame, len);
	len = dev_frame(d, frame, 1, 2, 4, ENCAP_NONE, 128);
	memcpy(frame, bcast, 6);
	dev_tx(d, 1, 0, frame, len);
	len = tagged(d, frame, 1, 2, 0xf000); /* a priority tag is none (802.1Q 6.9.1), its priority stays */
	dev_tx(d, 1, 0, frame, len);
	memcpy(frame, bcast, 6);
	dev_tx(d, 1, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[1], 1);
	CU_ASSERT_EQUAL(d->rx_count[2], 4);
	CU_ASSERT_EQUAL(d->rx_count[3] + d->rx_count[4], 0);
	CU_ASSERT_EQUAL(d->wire_count[0], 3);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_SPOOF_VLAN), 1);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_NO_MATCH), 1);
	dev_close(d);
}

/* A trunk: tags of the VLANs it is a member of, and only those; stripped into the completion or left in the frame. */
static void trunk(bool strip)
{
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 3, .queues = 1, .ring_log2 = 5, .spoofchk = true, .strip_vlan = strip });
	static const uint8_t bcast[6] = { 255, 255, 255, 255, 255, 255 };
	unsigned int vid;
	uint8_t frame[256], mac[6];
	size_t len;

	dev_member(d, 10, 1, true);
	dev_member(d, 10, 2, true);
	dev_member(d, 11, 1, true);
	snic_pmd_mac(d->pmd, 2, mac);
	CU_ASSERT_EQUAL(snic_pmd_mac_add(d->pmd, mac, 10, 2), 0);
	snic_ref_mac_add(d->ref, mac, 10, 2);
	for (vid = 10; vid < 13; vid++) {
		len = tagged(d, frame, 1, 2, (uint16_t)(0x6000 | vid));
		dev_tx(d, 1, 0, frame, len);
		memcpy(frame, bcast, 6);
		dev_tx(d, 1, 0, frame, len);
	}
	len = tagged(d, frame, SNIC_VPORT_WIRE0, 2, 10);
	dev_wire(d, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[2], 3);
	CU_ASSERT_EQUAL(d->rx_count[3], 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_SPOOF_VLAN), 2);
	/* no member any more */
	dev_member(d, 10, 1, false);
	len = tagged(d, frame, 1, 2, 10);
	dev_tx(d, 1, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[2], 3);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_SPOOF_VLAN), 3);
	dev_close(d);
}

static void test_trunk(void)
{
	trunk(false);
}

static void test_trunk_strip(void)
{
	trunk(true);
}

static unsigned int per_queue[SNIC_Q_PER_FUNC];

static void rss_rx(struct dev *d, unsigned int func, unsigned int queue, const struct snic_pmd_rx *rx)
{
	uint64_t in_ps;

	per_queue[queue]++;
	score_host(d->score, func, queue, rx->data, rx->len, rx->cpl, &in_ps);
}

/* 8 queues, flows of every encapsulation: the reference says which queue, and none is idle. */
static void test_rss(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 1, .queues = 8, .ring_log2 = 7 });
	unsigned int i;
	uint8_t frame[SNIC_FRAME_MAX];
	size_t len;

	memset(per_queue, 0, sizeof(per_queue));
	d->on_rx = rss_rx;
	for (i = 0; i < 800; i++) {
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, i, (enum encap)(i % (ENCAP_MPLSOGRE + 1)),
				60 + i);
		memcpy(frame, d->row[1].mac, 6);
		if (i % (ENCAP_MPLSOGRE + 1) == ENCAP_VLAN || i % (ENCAP_MPLSOGRE + 1) == ENCAP_QINQ)
			len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, i, ENCAP_NONE, 60 + i);
		dev_wire(d, 0, frame, len);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[1], 800);
	for (i = 0; i < SNIC_Q_PER_FUNC; i++)
		CU_ASSERT(per_queue[i] > 50);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "forward", "all_pairs", test_all_pairs },
	{ "forward", "loopback", test_loopback },
	{ "forward", "vepa", test_vepa },
	{ "forward", "port_split", test_port_split },
	{ "forward", "groups", test_groups },
	{ "forward", "link_local", test_link_local },
	{ "forward", "same_mac", test_same_mac },
	{ "vlan", "port_vlan", test_port_vlan },
	{ "vlan", "trunk", test_trunk },
	{ "vlan", "trunk_strip", test_trunk_strip },
	{ "rss", "eight_queues", test_rss },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
