/* SPDX-License-Identifier: BSD-2-Clause */
/* The poll-mode driver against a software device: rings, bring-up and its failures, control plane. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "soft_dev.h"

static char err[256];

static const struct snic_pmd_config small = {
	.vfs = 3,
	.queues = 2,
	.ring_log2 = 4,
	.rx_buf = 2048,
	.tx_buf = 1600,
	.spoofchk = true,
	.strip_vlan = true,
};

static struct snic_pmd *open_or_fail(struct soft_dev *dev, const struct snic_pmd_config *cfg)
{
	struct snic_pmd *pmd = snic_pmd_open(&dev->bus, cfg, err, sizeof(err));

	if (!pmd)
		printf("    %s\n", err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pmd);
	return pmd;
}

static void finish(struct soft_dev *dev, struct snic_pmd *pmd)
{
	snic_pmd_close(pmd);
	CU_ASSERT_TRUE(soft_dev_clean(dev));
	CU_ASSERT_EQUAL(dev->breaches, 0);
	soft_dev_free(dev);
}

static void test_open(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	const uint32_t *indir = &dev->reg[2][SNIC_REG_RSS_INDIR / 4];
	uint8_t mac[6];
	unsigned int f;

	CU_ASSERT_EQUAL(err[0], 0);
	for (f = 0; f < 4; f++) {
		snic_pmd_mac(pmd, f, mac);
		CU_ASSERT_TRUE(mac[0] == 0x02 && mac[1] == 0x5c && mac[5] == f);
		CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0), (int)f);
		CU_ASSERT_EQUAL(dev->row[f].mac_lo, 0x00005c02);
		CU_ASSERT_EQUAL(dev->row[f].mac_hi, f << 8);
		CU_ASSERT_EQUAL(dev->row[f].flags, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) |
							   SNIC_MASK(FT_FLAGS, STRIP) |
							   (f ? SNIC_MASK(FT_FLAGS, SPOOFCHK) : 0u));
		CU_ASSERT_TRUE(dev->bus_master[f]);
		CU_ASSERT_EQUAL(dev->reg[f][SNIC_REG_FUNC_CTRL / 4], SNIC_MASK(FUNC_CTRL, ENABLE));
		CU_ASSERT_EQUAL(dev->q[f][1].rx_tail, 16);
	}
	CU_ASSERT_EQUAL(dev->member[0][0], 0xf);
	CU_ASSERT_EQUAL(dev->reg[0][SNIC_REG_RSS_KEY / 4], 0x6d5a56da);
	CU_ASSERT_EQUAL(dev->reg[0][SNIC_REG_RSS_KEY / 4 + 9], 0xbeac01fa);
	CU_ASSERT_EQUAL(indir[0], 0x10101010);
	CU_ASSERT_EQUAL(indir[15], 0x10101010);
	CU_ASSERT_FALSE(dev->bus_master[4]);
	finish(dev, pmd);
}

static void test_open_all(void)
{
	struct snic_pmd_config cfg = { .vfs = 255, .queues = 8, .ring_log2 = 4, .rx_buf = 64, .tx_buf = 60 };
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd;
	uint8_t mac[6];

	cfg.promisc_pf = true;
	cfg.cpl_timeout = 99;
	pmd = open_or_fail(dev, &cfg);
	snic_pmd_mac(pmd, 255, mac);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0), 255);
	CU_ASSERT_EQUAL(dev->member[0][7], 0xffffffff);
	CU_ASSERT_TRUE(dev->row[0].flags & SNIC_MASK(FT_FLAGS, PROMISC));
	CU_ASSERT_EQUAL(dev->reg[255][SNIC_REG_RSS_INDIR / 4], 0x76543210);
	CU_ASSERT_EQUAL(dev->reg[0][SNIC_REG_CPL_TIMEOUT / 4], 99);
	finish(dev, pmd);
}

static void test_bad_config(void)
{
	static const struct snic_pmd_config bad[] = {
		{ .vfs = 256, .queues = 1, .ring_log2 = 4, .rx_buf = 64, .tx_buf = 64 },
		{ .vfs = ~0u, .queues = 1, .ring_log2 = 4, .rx_buf = 64, .tx_buf = 64 },
		{ .vfs = 0, .queues = 0, .ring_log2 = 4, .rx_buf = 64, .tx_buf = 64 },
		{ .vfs = 0, .queues = 9, .ring_log2 = 4, .rx_buf = 64, .tx_buf = 64 },
		{ .vfs = 0, .queues = 1, .ring_log2 = 3, .rx_buf = 64, .tx_buf = 64 },
		{ .vfs = 0, .queues = 1, .ring_log2 = 16, .rx_buf = 64, .tx_buf = 64 },
		{ .vfs = 0, .queues = 1, .ring_log2 = 4, .rx_buf = 0, .tx_buf = 64 },
		{ .vfs = 0, .queues = 1, .ring_log2 = 4, .rx_buf = 100, .tx_buf = 64 },
		{ .vfs = 0, .queues = 1, .ring_log2 = 4, .rx_buf = 9344, .tx_buf = 64 },
		{ .vfs = 0, .queues = 1, .ring_log2 = 4, .rx_buf = 192, .tx_buf = 64, .rx_scatter = true },
		{ .vfs = 0, .queues = 1, .ring_log2 = 4, .rx_buf = 64, .tx_buf = 59 },
		{ .vfs = 0, .queues = 1, .ring_log2 = 4, .rx_buf = 64, .tx_buf = 9281 },
	};
	struct soft_dev *dev = soft_dev_new();
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CU_ASSERT_PTR_NULL(snic_pmd_open(&dev->bus, &bad[i], err, sizeof(err)));
		CU_ASSERT_PTR_NOT_NULL(strstr(err, "config"));
	}
	CU_ASSERT_PTR_NULL(snic_pmd_open(&dev->bus, &bad[0], NULL, 0));
	CU_ASSERT_EQUAL(dev->writes, 0);
	soft_dev_free(dev);
}

/* Memory ends at the i-th allocation: whatever was set up before it is taken down. */
static void test_open_no_memory(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	unsigned int n = dev->allocs, i;

	CU_ASSERT_EQUAL(n, 4 + 4 * 2 * 2);
	snic_pmd_close(pmd);
	for (i = 1; i <= n; i++) {
		dev->used = 0;
		dev->allocs_until_none = i;
		CU_ASSERT_PTR_NULL(snic_pmd_open(&dev->bus, &small, err, sizeof(err)));
		CU_ASSERT_PTR_NOT_NULL(strstr(err, "no DMA memory"));
		CU_ASSERT_TRUE(soft_dev_clean(dev));
	}
	finish(dev, NULL);
}

/* The device goes away at the i-th register read. */
static void test_open_gone(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	unsigned int n = dev->reads, i, f;

	snic_pmd_close(pmd);
	for (i = 1; i <= n; i++) {
		dev->used = 0;
		dev->reads_until_gone = i;
		pmd = snic_pmd_open(&dev->bus, &small, err, sizeof(err));
		/* one read is not checked: the RSS key; all ones there only means that the tables get cleared
		 */
		CU_ASSERT_PTR_NULL(pmd);
		CU_ASSERT_PTR_NOT_NULL(strstr(err, "gone"));
		for (f = 0; f < 4; f++)
			CU_ASSERT_FALSE(dev->bus_master[f]);
		snic_pmd_close(pmd);
		dev->gone = false;
	}
	soft_dev_free(dev);
}

static void test_open_broken(void)
{
	struct soft_dev *dev = soft_dev_new();

	dev->no_test_dma = true;
	CU_ASSERT_PTR_NULL(snic_pmd_open(&dev->bus, &small, err, sizeof(err)));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "function 0: self-test: DMA"));
	dev->no_test_dma = false;
	CU_ASSERT_TRUE(soft_dev_clean(dev));
	dev->stuck_reset = 2;
	CU_ASSERT_PTR_NULL(snic_pmd_open(&dev->bus, &small, err, sizeof(err)));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "function 2: reset"));
	CU_ASSERT_TRUE(soft_dev_clean(dev));
	finish(dev, NULL);
}

/* --- datapath --- */

static void send(struct snic_pmd *pmd, unsigned int func, unsigned int queue, uint8_t to_func,
		 uint8_t to_queue, uint32_t number, uint32_t len)
{
	uint8_t *b = snic_pmd_tx_buf(pmd, func, queue);

	CU_ASSERT_PTR_NOT_NULL_FATAL(b);
	memset(b, (int)(number * 7), len);
	b[0] = to_func;
	b[1] = to_queue;
	memcpy(b + 2, &number, 4);
	snic_pmd_tx_commit(pmd, func, queue, len);
}

static bool frame_ok(const struct snic_pmd_rx *r, uint32_t number, uint32_t len)
{
	uint32_t i;

	if (r->len != len || memcmp(r->data + 2, &number, 4) ||
	    snic_bits_get(r->cpl, SNIC_F(RX_CPL, RSS)) != len)
		return false;
	for (i = 6; i < len; i++)
		if (r->data[i] != (uint8_t)(number * 7))
			return false;
	return true;
}

/* Function 1, queue 0 -> function 2, queue 1, in bursts of any size; counts wrap their 16 bits, phases turn.
 */
static void loop(unsigned int ring_log2, uint32_t frames, uint32_t max_len)
{
	struct snic_pmd_config cfg = small;
	struct soft_dev *dev = soft_dev_new();
	unsigned int ring = 1u << ring_log2, n, i, held = 0, bad = 0;
	uint32_t sent = 0, got = 0, *lens;
	uint64_t rnd = cu_seed();
	struct snic_pmd_rx rx[64];
	struct snic_pmd *pmd;

	cfg.vfs = 2;
	cfg.ring_log2 = ring_log2;
	cfg.rx_buf = cfg.tx_buf = (max_len + 63) / 64 * 64;
	lens = calloc(frames, sizeof(*lens));
	pmd = open_or_fail(dev, &cfg);
	dev->reads = dev->writes = 0;
	while (got < frames) {
		/* never more on the way than the receiver surely has posted: nothing may be dropped */
		for (n = cu_rand(&rnd) % 40; n && sent < frames && sent - got + held < ring - ring / 4;
		     n--, sent++) {
			lens[sent] = 60 + (uint32_t)(cu_rand(&rnd) % (max_len - 59));
			send(pmd, 1, 0, 2, 1, sent, lens[sent]);
		}
		snic_pmd_tx_flush(pmd, 1, 0);
		soft_dev_run(dev, 1 + cu_rand(&rnd) % 16);
		n = snic_pmd_rx_burst(pmd, 2, 1, rx, 1 + cu_rand(&rnd) % 64);
		for (i = 0; i < n; i++, got++)
			bad += !frame_ok(&rx[i], got, lens[got]);
		held += n;
		if (cu_rand(&rnd) % 3) {
			snic_pmd_rx_release(pmd, 2, 1);
			held = 0;
		}
	}
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(dev->drops, 0);
	CU_ASSERT_EQUAL(dev->reads, 0);
	CU_ASSERT_EQUAL(snic_pmd_tx_pending(pmd, 1, 0), 0);
	CU_ASSERT_EQUAL(snic_pmd_rx_burst(pmd, 2, 1, rx, 64), 0);
	CU_ASSERT_EQUAL(snic_pmd_rx_burst(pmd, 2, 0, rx, 64), 0);
	/* whole descriptor lines, and not a doorbell a frame */
	CU_ASSERT_EQUAL(dev->q[2][1].rx_tail % 4, 0);
	CU_ASSERT_TRUE(dev->q[2][1].rx_bells <= frames / (ring < 128 ? ring / 4 : 32) + 1);
	free(lens);
	finish(dev, pmd);
}

static void test_loop_small_ring(void)
{
	loop(4, 200000, 200);
}

static void test_loop_large_ring(void)
{
	loop(11, 100000, 128);
}

static void test_loop_max_ring(void)
{
	struct snic_pmd_config cfg = { .queues = 1, .ring_log2 = 15, .rx_buf = 64, .tx_buf = 64 };
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &cfg);
	struct snic_pmd_rx rx[64];
	uint32_t round, i, n, got, bad = 0;

	/* a whole ring at once, five times: a full ring is not taken for an empty one, and all pass bits turn
	 */
	for (round = 0; round < 5; round++) {
		for (i = 0; i < 32768; i++)
			send(pmd, 0, 0, 0, 0, round * 32768 + i, 64);
		CU_ASSERT_PTR_NULL(snic_pmd_tx_buf(pmd, 0, 0));
		CU_ASSERT_EQUAL(snic_pmd_tx_pending(pmd, 0, 0), 32768);
		snic_pmd_tx_flush(pmd, 0, 0);
		soft_dev_run(dev, 32768);
		CU_ASSERT_EQUAL(snic_pmd_tx_pending(pmd, 0, 0), 0);
		for (got = 0; (n = snic_pmd_rx_burst(pmd, 0, 0, rx, 64)) != 0; got += n)
			for (i = 0; i < n; i++)
				bad += !frame_ok(&rx[i], round * 32768 + got + i, 64);
		CU_ASSERT_EQUAL(got, 32768);
		snic_pmd_rx_release(pmd, 0, 0);
	}
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(dev->drops, 0);
	finish(dev, pmd);
}

static void test_tx_full(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	unsigned int i;

	for (i = 0; i < 16; i++)
		send(pmd, 1, 1, 0, 0, i, 60);
	CU_ASSERT_PTR_NULL(snic_pmd_tx_buf(pmd, 1, 1));
	CU_ASSERT_EQUAL(dev->q[1][1].tx_bells, 0);
	snic_pmd_tx_flush(pmd, 1, 1);
	snic_pmd_tx_flush(pmd, 1, 1);
	CU_ASSERT_EQUAL(dev->q[1][1].tx_bells, 1);
	CU_ASSERT_EQUAL(dev->q[1][1].tx_tail, 16);
	soft_dev_run(dev, 3);
	CU_ASSERT_EQUAL(snic_pmd_tx_pending(pmd, 1, 1), 13);
	/* asking twice without a commit gives the same buffer */
	CU_ASSERT_PTR_EQUAL(snic_pmd_tx_buf(pmd, 1, 1), snic_pmd_tx_buf(pmd, 1, 1));
	for (i = 0; i < 3; i++)
		send(pmd, 1, 1, 0, 0, i, 60);
	CU_ASSERT_PTR_NULL(snic_pmd_tx_buf(pmd, 1, 1));
	finish(dev, pmd);
}

static void test_tx_pad(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	static const uint8_t zero[60];
	struct snic_pmd_rx rx;
	uint8_t *b = snic_pmd_tx_buf(pmd, 0, 0);

	memset(b, 0xff, 64);
	memset(b, 0, 14);
	snic_pmd_tx_commit(pmd, 0, 0, 14);
	snic_pmd_tx_flush(pmd, 0, 0);
	soft_dev_run(dev, 1);
	CU_ASSERT_EQUAL_FATAL(snic_pmd_rx_burst(pmd, 0, 0, &rx, 1), 1);
	CU_ASSERT_EQUAL(rx.len, 60);
	CU_ASSERT_EQUAL(memcmp(rx.data, zero, 60), 0);
	finish(dev, pmd);
}

/* A frame over several buffers, with a context and with a checksum: what the descriptors say. */
static void test_tx_frame(void)
{
	static const struct snic_pmd_tx_offload csum = { .csum = true, .csum_start = 34, .csum_off = 6 };
	static const struct snic_pmd_tx_offload lso = {
		.mss = 1448, .hdr = 86, .l3 = 14, .l4 = 54, .ip6 = true
	};
	static uint8_t f[33 * 1600];
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	const uint64_t *d = soft_dev_mem(dev, soft_dev_reg64(dev, 0, SNIC_REG_TXQ_BASE_LO), 16 * 16);
	unsigned int i;

	for (i = 0; i < sizeof(f); i++)
		f[i] = (uint8_t)(i * 7);
	CU_ASSERT_EQUAL(snic_pmd_tx_frame(pmd, 0, 0, f, 3300, &csum), 0);
	CU_ASSERT_EQUAL(snic_pmd_tx_frame(pmd, 0, 0, f, 9700, &lso), 0);
	for (i = 0; i < 11; i++) {
		static const unsigned int lens[] = { 1600, 1600, 100,  0,    1600, 1600,
						     1600, 1600, 1600, 1600, 100 };
		const __u64 qw[2] = { d[2 * i], d[2 * i + 1] };

		if (i == 3) {
			CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(TX_CTX, CTX)), 1);
			CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(TX_CTX, MSS)), 1448);
			CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(TX_CTX, HDR)), 86);
			CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(TX_CTX, L3)), 14);
			CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(TX_CTX, L4)), 54);
			CU_ASSERT_EQUAL(qw[1], 1ull << (SNIC_TX_CTX_CTX_LSB - 64) |
						       1ull << (SNIC_TX_CTX_IP6_LSB - 64));
			continue;
		}
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(TX_DESC, LEN)), lens[i]);
		CU_ASSERT_EQUAL(snic_bits_get(qw, SNIC_F(TX_DESC, EOP)), i == 2 || i == 10);
		CU_ASSERT_EQUAL(qw[1] >> (SNIC_TX_DESC_CTX_LSB - 64), i ? 0 : 2 | 34ull << 15 | 6ull << 23);
		CU_ASSERT_EQUAL(
			memcmp(soft_dev_mem(dev, qw[0], lens[i]), f + (i < 3 ? i : i - 4) * 1600, lens[i]),
			0);
	}
	/* no room for it, and never room */
	CU_ASSERT_EQUAL(snic_pmd_tx_frame(pmd, 0, 0, f, 6 * 1600, NULL), -EAGAIN);
	CU_ASSERT_EQUAL(snic_pmd_tx_frame(pmd, 0, 0, f, 17 * 1600, NULL), -EINVAL);
	CU_ASSERT_EQUAL(snic_pmd_tx_frame(pmd, 0, 0, f, sizeof(f), NULL), -EINVAL);
	CU_ASSERT_EQUAL(snic_pmd_tx_frame(pmd, 0, 0, f, 0, NULL), -EINVAL);
	CU_ASSERT_EQUAL(snic_pmd_tx_frame(pmd, 0, 0, f, 5 * 1600, NULL), 0);
	finish(dev, pmd);
}

static void test_tx_stopped(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	uint64_t *wb = soft_dev_mem(dev, soft_dev_reg64(dev, 0, SNIC_REG_TXQ_WB_LO), 16);
	unsigned int i;

	for (i = 0; i < 16; i++)
		send(pmd, 0, 0, 0, 0, i, 60);
	wb[0] = 4 | SNIC_QSTAT_BAD_DESC << SNIC_TX_WB_STATUS_LSB;
	CU_ASSERT_EQUAL(snic_pmd_tx_pending(pmd, 0, 0), -EIO);
	wb[0] = 17; /* more than was sent */
	CU_ASSERT_EQUAL(snic_pmd_tx_pending(pmd, 0, 0), -EIO);
	wb[0] = 3; /* backwards */
	CU_ASSERT_EQUAL(snic_pmd_tx_pending(pmd, 0, 0), -EIO);
	wb[0] = 5;
	CU_ASSERT_EQUAL(snic_pmd_tx_pending(pmd, 0, 0), 11);
	finish(dev, pmd);
}

/* One frame at a time through the smallest ring: the device always has three quarters of it, less what is
 * held. */
static void test_rx_never_starves(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	struct snic_pmd_rx rx;
	unsigned int i, least = 16;

	for (i = 0; i < 1000; i++) {
		const struct soft_queue *q = &dev->q[0][0];

		send(pmd, 0, 0, 0, 0, i, 60);
		snic_pmd_tx_flush(pmd, 0, 0);
		soft_dev_run(dev, 1);
		CU_ASSERT_EQUAL_FATAL(snic_pmd_rx_burst(pmd, 0, 0, &rx, 1), 1);
		snic_pmd_rx_release(pmd, 0, 0);
		if ((uint16_t)(q->rx_tail - q->rx_head) < least)
			least = (uint16_t)(q->rx_tail - q->rx_head);
	}
	CU_ASSERT_EQUAL(least, 13);
	CU_ASSERT_EQUAL(dev->q[0][0].rx_bells, 1 + 1000 / 4);
	finish(dev, pmd);
}

/* A frame longer than its buffer can only be a fault of the device: nobody reads beyond the buffer. */
static void test_rx_bad_len(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	uint64_t *cpl = soft_dev_mem(dev, soft_dev_reg64(dev, 0, SNIC_REG_RXQ_CPL_LO), 16);
	struct snic_pmd_rx rx[4];

	cpl[1] = 1ull << 63 | 9000;
	CU_ASSERT_EQUAL_FATAL(snic_pmd_rx_burst(pmd, 0, 0, rx, 4), 1);
	CU_ASSERT_EQUAL(rx[0].len, 2048);
	CU_ASSERT_EQUAL(snic_bits_get(rx[0].cpl, SNIC_F(RX_CPL, LEN)), 9000);
	finish(dev, pmd);
}

/* --- control plane --- */

static void test_functions(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	uint8_t mac[6];

	CU_ASSERT_EQUAL(snic_pmd_set_promisc(pmd, 1, true), 0);
	CU_ASSERT_EQUAL(snic_pmd_set_allmulti(pmd, 1, true), 0);
	CU_ASSERT_EQUAL(snic_pmd_set_spoofchk(pmd, 1, false), 0);
	CU_ASSERT_EQUAL(dev->row[1].flags, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) |
						   SNIC_MASK(FT_FLAGS, STRIP) | SNIC_MASK(FT_FLAGS, PROMISC) |
						   SNIC_MASK(FT_FLAGS, ALLMULTI));
	CU_ASSERT_EQUAL(snic_pmd_set_promisc(pmd, 1, false), 0);
	CU_ASSERT_FALSE(dev->row[1].flags & SNIC_MASK(FT_FLAGS, PROMISC));
	CU_ASSERT_EQUAL(dev->row[1].mac_hi, 0x100);
	CU_ASSERT_EQUAL(snic_pmd_set_promisc(pmd, 4, true), -EINVAL);

	/* port VLAN: membership and MAC follow it, there and back */
	snic_pmd_mac(pmd, 2, mac);
	CU_ASSERT_EQUAL(snic_pmd_set_port_vlan(pmd, 2, 0x2064), 0);
	CU_ASSERT_EQUAL(dev->row[2].vlan, 0x2064);
	CU_ASSERT_EQUAL(dev->member[0x64][0], 4);
	CU_ASSERT_EQUAL(dev->member[0][0], 0xb);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0x64), 2);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0), -1);
	CU_ASSERT_EQUAL(snic_pmd_set_port_vlan(pmd, 2, 0x4064), 0);
	CU_ASSERT_EQUAL(dev->row[2].vlan, 0x4064);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0x64), 2);
	CU_ASSERT_EQUAL(snic_pmd_set_port_vlan(pmd, 2, 0xfff), -EINVAL);
	CU_ASSERT_EQUAL(snic_pmd_set_port_vlan(pmd, 2, 0x1000), -EINVAL);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0), -1);
	CU_ASSERT_EQUAL(snic_pmd_set_port_vlan(pmd, 4, 5), -EINVAL);
	CU_ASSERT_EQUAL(snic_pmd_set_port_vlan(pmd, 2, 0), 0);
	CU_ASSERT_EQUAL(dev->member[0][0], 0xf);
	CU_ASSERT_EQUAL(dev->member[0x64][0], 0);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0), 2);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0x64), -1);

	CU_ASSERT_EQUAL(snic_pmd_vlan_member(pmd, 4095, 3, true), 0);
	CU_ASSERT_EQUAL(dev->member[4095][0], 8);
	CU_ASSERT_EQUAL(snic_pmd_vlan_member(pmd, 4096, 3, true), -EINVAL);
	CU_ASSERT_EQUAL(snic_pmd_vlan_member(pmd, 4095, 3, false), 0);
	CU_ASSERT_EQUAL(dev->member[4095][0], 0);

	mac[0] = 6;
	CU_ASSERT_EQUAL(snic_pmd_mac_add(pmd, mac, 7, SNIC_VPORT_WIRE1), 0);
	CU_ASSERT_EQUAL(snic_pmd_mac_add(pmd, mac, 7, SNIC_VPORT_WIRE1), 0);
	CU_ASSERT_EQUAL(snic_pmd_mac_add(pmd, mac, 7, 1), 0); /* on the other port's switch */
	CU_ASSERT_EQUAL(snic_pmd_mac_add(pmd, mac, 7, 2), -EEXIST);
	CU_ASSERT_EQUAL(snic_pmd_mac_del(pmd, mac, 7, 2), 0);
	CU_ASSERT_EQUAL(snic_pmd_mac_add(pmd, mac, 8, 258), -EINVAL);
	CU_ASSERT_EQUAL(snic_pmd_mac_add(pmd, mac, 4095, 1), -EINVAL);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 7), SNIC_VPORT_WIRE1);
	CU_ASSERT_EQUAL(snic_pmd_mac_del(pmd, mac, 7, SNIC_VPORT_WIRE1), 0);
	CU_ASSERT_EQUAL(snic_pmd_mac_del(pmd, mac, 7, SNIC_VPORT_WIRE1), -ENOENT);
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 7), -1);
	dev->gone = true;
	CU_ASSERT_EQUAL(snic_pmd_set_promisc(pmd, 1, true), -ENODEV);
	CU_ASSERT_EQUAL(snic_pmd_mac_add(pmd, mac, 9, 1), -ENODEV);
	snic_pmd_close(pmd);
	soft_dev_free(dev);
}

#define MANY 20000
static struct snic_flow_key keys[MANY];
static struct snic_actions acts[MANY];
static uint32_t ids[MANY];
static unsigned int n_present, n_lost;
static uint64_t hook_rnd;

/* After each slot write: a few of the flows that are there must be found, and be the right ones. */
static void sample_present(struct soft_dev *dev)
{
	unsigned int i, k;

	for (i = 0; n_present && i < 4; i++) {
		struct soft_entry *e;

		k = (unsigned int)(cu_rand(&hook_rnd) % n_present);
		e = soft_dev_exact(dev, &keys[k]);
		if (!e || e->act.a[0] != acts[k].a[0])
			n_lost++;
	}
}

static void random_key(struct snic_flow_key *k, uint64_t *rnd)
{
	unsigned int i;

	memset(k, 0, sizeof(*k));
	for (i = 6; i < 16; i++)
		k->dw[i] = (uint32_t)cu_rand(rnd);
	snic_key_set(k, SNIC_K(L3), SNIC_L3_IPV4);
	snic_key_set(k, SNIC_K(ETHERTYPE), 0x0800);
}

static void test_flows(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	struct snic_flow_stats st[2];
	uint64_t rnd = cu_seed();
	struct soft_entry *e;
	unsigned int i, step, bad = 0;
	uint32_t id;

	dev->slot_hook = sample_present;
	hook_rnd = cu_seed() + 1;
	for (i = 0; i < MANY; i++) {
		random_key(&keys[i], &rnd);
		acts[i].a[0] = SNIC_ACTION(SNIC_ACT_MARK, i);
	}
	for (n_present = 0; n_present < MANY; n_present += step) {
		step = 1 + (unsigned int)(cu_rand(&rnd) % 100);
		if (step > MANY - n_present)
			step = MANY - n_present;
		CU_ASSERT_EQUAL_FATAL(
			snic_pmd_flow_add(pmd, &keys[n_present], &acts[n_present], &ids[n_present], step),
			(int)step);
	}
	for (i = 0; i < MANY; i++) {
		e = soft_dev_exact(dev, &keys[i]);
		if (!e || e != &dev->flow[ids[i]] || e->act.a[0] != acts[i].a[0])
			bad++;
		else
			e->packets = i;
	}
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(n_lost, 0);
	CU_ASSERT_EQUAL(snic_pmd_flow_add(pmd, &keys[5], &acts[5], &id, 1), -EEXIST);
	CU_ASSERT_EQUAL(snic_pmd_flow_query(pmd, &ids[MANY - 2], st, 2), 2);
	CU_ASSERT_TRUE(st[0].packets == MANY - 2 && st[1].packets == MANY - 1);
	/* the upper half goes; the lower stays */
	n_present = MANY / 2;
	CU_ASSERT_EQUAL(snic_pmd_flow_del(pmd, &ids[MANY / 2], MANY / 2), MANY / 2);
	CU_ASSERT_EQUAL(snic_pmd_flow_del(pmd, &ids[MANY - 1], 1), -ENOENT);
	CU_ASSERT_EQUAL(snic_pmd_flow_query(pmd, &ids[MANY - 1], st, 1), -ENOENT);
	for (i = 0; i < MANY; i++)
		bad += !soft_dev_exact(dev, &keys[i]) != (i >= MANY / 2);
	CU_ASSERT_EQUAL(bad, 0);
	CU_ASSERT_EQUAL(n_lost, 0);
	/* a batch stops at what cannot be done, and says how far it came */
	keys[MANY - 1].dw[0] |= 1u << SNIC_KEY_RSVD0_LSB;
	CU_ASSERT_EQUAL(snic_pmd_flow_add(pmd, &keys[MANY - 3], &acts[0], ids, 3), 2);
	CU_ASSERT_EQUAL(snic_pmd_flow_add(pmd, &keys[MANY - 1], &acts[0], ids, 1), -EINVAL);
	acts[0].a[3] = SNIC_ACTION(SNIC_ACT_FWD, 258);
	CU_ASSERT_EQUAL(snic_pmd_flow_add(pmd, &keys[MANY - 4], &acts[0], ids, 1), -EINVAL);
	acts[0].a[3] = SNIC_ACTION(99, 0);
	CU_ASSERT_EQUAL(snic_pmd_flow_add(pmd, &keys[MANY - 4], &acts[0], ids, 1), -EINVAL);
	dev->slot_hook = NULL;
	dev->gone = true;
	CU_ASSERT_EQUAL(snic_pmd_flow_add(pmd, &keys[MANY - 4], &acts[1], ids, 1), -ENODEV);
	CU_ASSERT_EQUAL(snic_pmd_flow_query(pmd, &ids[1000], st, 1), -ENODEV);
	dev->gone = false;
	finish(dev, pmd);
}

static void test_rules(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	struct snic_flow_key key = { { 0 } }, mask = { { 0 } }, probe = { { 0 } };
	struct snic_actions act = { { 0 } };
	struct snic_flow_stats st;
	uint32_t id[17], any, id2;
	unsigned int i, n;
	int rc;

	/* one mask a prefix length, longer prefixes win; key bits beyond the mask are the driver's to clear
	 */
	key.dw[8] = probe.dw[8] = 0xffffffff;
	for (i = 0; i < 15; i++) {
		mask.dw[8] = ~0u << (31 - i * 2);
		act.a[0] = SNIC_ACTION(SNIC_ACT_MARK, i);
		CU_ASSERT_EQUAL_FATAL(snic_pmd_rule_add(pmd, &key, &mask, (uint16_t)i, &act, &id[i]), 0);
		CU_ASSERT_PTR_EQUAL(soft_dev_rule(dev, &probe), &dev->rule[id[i]]);
	}
	CU_ASSERT_EQUAL(snic_pmd_rule_add(pmd, &key, &mask, 99, &act, &id2), -EEXIST);
	mask.dw[8] = 0;
	CU_ASSERT_EQUAL(snic_pmd_rule_add(pmd, &key, &mask, 0, &act, &any), 0);
	CU_ASSERT_EQUAL(dev->mask_enable, 0xffff);
	mask.dw[9] = 1;
	CU_ASSERT_EQUAL(snic_pmd_rule_add(pmd, &key, &mask, 0, &act, &id2), -ENOSPC);
	probe.dw[8] = 0;
	CU_ASSERT_PTR_EQUAL(soft_dev_rule(dev, &probe), &dev->rule[any]);
	probe.dw[8] = key.dw[8];
	dev->rule[id[14]].packets = 77;
	CU_ASSERT_EQUAL(snic_pmd_rule_query(pmd, id[14], &st), 0);
	CU_ASSERT_EQUAL(st.packets, 77);
	CU_ASSERT_EQUAL(snic_pmd_rule_del(pmd, id[14]), 0);
	CU_ASSERT_EQUAL(snic_pmd_rule_del(pmd, id[14]), -ENOENT);
	CU_ASSERT_EQUAL(snic_pmd_rule_query(pmd, id[14], &st), -ENOENT);
	CU_ASSERT_PTR_EQUAL(soft_dev_rule(dev, &probe), &dev->rule[id[13]]);
	CU_ASSERT_EQUAL(dev->mask_enable, 0xffff & ~(1u << 14));

	/* thousands of rules under one mask: it is counted, and given back with the last of them */
	for (n = 0, rc = 0; !rc; n++) {
		key.dw[9] = n;
		mask.dw[8] = 0;
		mask.dw[9] = ~0u;
		rc = snic_pmd_rule_add(pmd, &key, &mask, 500, &act, &id2);
	}
	CU_ASSERT_EQUAL(rc, -ENOSPC);
	CU_ASSERT_EQUAL(n - 1, SNIC_RULE_ENTRIES - 15);
	CU_ASSERT_EQUAL(dev->mask_enable, 0xffff);
	probe.dw[9] = 1234;
	CU_ASSERT_EQUAL(soft_dev_rule(dev, &probe)->priority, 500);
	finish(dev, pmd);
}

/* One masked key under every mask: the mask's number is in the hash, so they do not crowd one set. */
static void test_rules_same_masked_key(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *pmd = open_or_fail(dev, &small);
	struct snic_flow_key key = { { 0 } }, mask[SNIC_RULE_MASKS] = { { { 0 } } };
	struct snic_actions act = { { 0 } };
	uint32_t id[SNIC_RULE_MASKS], i;

	key.dw[8] = 0x0a000000;
	for (i = 0; i < SNIC_RULE_MASKS; i++) {
		mask[i].dw[8] = ~0u << (24 - i);
		CU_ASSERT_EQUAL_FATAL(snic_pmd_rule_add(pmd, &key, &mask[i], (uint16_t)i, &act, &id[i]), 0);
		CU_ASSERT_PTR_EQUAL(soft_dev_rule(dev, &key), &dev->rule[id[i]]);
	}
	for (i = SNIC_RULE_MASKS - 1; i; i--) {
		CU_ASSERT_EQUAL(snic_pmd_rule_del(pmd, id[i]), 0);
		CU_ASSERT_PTR_EQUAL(soft_dev_rule(dev, &key), &dev->rule[id[i - 1]]);
	}
	finish(dev, pmd);
}

/* The process that had the card died. The next one finds tables full of its entries, and clears them. */
static void test_open_after_crash(void)
{
	struct soft_dev *dev = soft_dev_new();
	struct snic_pmd *dead = open_or_fail(dev, &small), *pmd;
	static const struct snic_actions drop = { { SNIC_ACTION(SNIC_ACT_DROP, 0) } };
	struct snic_flow_key mask = { { 0 } };
	uint8_t mac[6] = { 2, 1, 2, 3, 4, 5 };
	uint32_t id;
	uint64_t rnd = cu_seed();

	random_key(&keys[0], &rnd);
	mask.dw[8] = ~0u;
	CU_ASSERT_EQUAL(snic_pmd_flow_add(dead, keys, &drop, &id, 1), 1);
	CU_ASSERT_EQUAL(snic_pmd_rule_add(dead, keys, &mask, 1, &drop, &id), 0);
	CU_ASSERT_EQUAL(snic_pmd_mac_add(dead, mac, 9, 3), 0);
	CU_ASSERT_EQUAL(snic_pmd_vlan_member(dead, 9, 3, true), 0);
	pmd = open_or_fail(dev, &small);
	CU_ASSERT_PTR_NULL(soft_dev_exact(dev, &keys[0]));
	CU_ASSERT_PTR_NULL(soft_dev_rule(dev, &keys[0]));
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 9), -1);
	CU_ASSERT_EQUAL(dev->member[9][0], 0);
	mac[1] = 0x5c;
	mac[2] = mac[3] = mac[4] = 0;
	mac[5] = 3;
	CU_ASSERT_EQUAL(soft_dev_mac(dev, mac, 0), 3);
	snic_pmd_close(pmd);
	CU_ASSERT_TRUE(soft_dev_clean(dev));
	snic_pmd_close(dead);
	soft_dev_free(dev);
}

static const struct cu_test tests[] = {
	{ "open", "state", test_open },
	{ "open", "all_functions", test_open_all },
	{ "open", "bad_config", test_bad_config },
	{ "open", "no_memory", test_open_no_memory },
	{ "open", "gone", test_open_gone },
	{ "open", "broken", test_open_broken },
	{ "open", "after_crash", test_open_after_crash },
	{ "data", "small_ring", test_loop_small_ring },
	{ "data", "large_ring", test_loop_large_ring },
	{ "data", "max_ring", test_loop_max_ring },
	{ "data", "tx_full", test_tx_full },
	{ "data", "tx_pad", test_tx_pad },
	{ "data", "tx_frame", test_tx_frame },
	{ "data", "tx_stopped", test_tx_stopped },
	{ "data", "rx_never_starves", test_rx_never_starves },
	{ "data", "rx_bad_len", test_rx_bad_len },
	{ "control", "functions", test_functions },
	{ "control", "flows", test_flows },
	{ "control", "rules", test_rules },
	{ "control", "rules_same_masked_key", test_rules_same_masked_key },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
