/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a hostile VF can do: nothing to others. VF 1 is the villain, VF 2 the victim, VF 3 and 4 run traffic meanwhile and
 * may not notice. The host's pages have owners; DMA with a function's id into another's page is refused and counted.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

static struct dev *open_four(bool spoofchk)
{
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = 4, .queues = 1, .ring_log2 = 6, .spoofchk = spoofchk, .jitter_ns = 300 });

	return d;
}

/* Traffic of the others, among themselves and with the wire: all of it arrives. */
static void bystanders(struct dev *d)
{
	uint64_t rx3 = d->rx_count[3], rx4 = d->rx_count[4], rx2 = d->rx_count[2];
	unsigned int i;

	for (i = 0; i < 12; i++) {
		dev_send(d, 3, 4, i);
		dev_send(d, 4, 3, i);
		dev_send(d, 2, 3, i);
		dev_send(d, SNIC_VPORT_WIRE0, 3, i);
		dev_send(d, SNIC_VPORT_WIRE0, 2, i);
	}
	dev_run_ns(d, 8000);
	CU_ASSERT_EQUAL(d->rx_count[2] - rx2, 12);
	CU_ASSERT_EQUAL(d->rx_count[3] - rx3, 36);
	CU_ASSERT_EQUAL(d->rx_count[4] - rx4, 12);
}

static bool all(const void *p, uint8_t v, size_t n)
{
	const uint8_t *b = p;

	while (n && *b == v)
		b++, n--;
	return !n;
}

/* A TX descriptor that names the victim's memory: not read, nothing of it leaves. */
static void test_foreign_tx_buffer(void)
{
	struct dev *d = open_four(false);
	uint64_t secret_bus, foreign;
	uint8_t *secret = d->bus->dma_alloc(d->bus->ctx, 2, 4096, &secret_bus);
	struct dev_raw r;
	unsigned int k;

	d->no_score = true;
	dev_frame(d, secret, 1, 4, 0, ENCAP_NONE, 200);
	raw_open(d, &r, 1, 1, -1);
	for (k = 0; k < 8; k++)
		raw_tx_desc(&r, k, secret_bus, 200);
	dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 1), 8);
	bystanders(d);
	dev_run_ns(d, 12000); /* one by one: the function has not sent a frame yet */
	foreign = host_foreign_dma(d->host);
	CU_ASSERT_EQUAL(foreign, 8);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DMA), 8);
	CU_ASSERT_EQUAL(RAW_WB(&r, ERRS), 8);
	CU_ASSERT_EQUAL(dev_fstat(d, 2, SNIC_FSTAT_TX_DROP), 0);
	dev_close_after_loss(d);
}

/* Rings, write-back and completion ring in the victim's pages. */
static void test_foreign_rings(void)
{
	struct dev *d = open_four(false);
	uint64_t bus;
	uint8_t *mem = d->bus->dma_alloc(d->bus->ctx, 2, 4 * 4096, &bus);
	struct dev_raw r, v;
	uint32_t reg;
	unsigned int i;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	raw_open(d, &v, 2, 1, -1);
	memset(mem, 0x5a, 4 * 4096);
	/* TX: everything the victim's */
	reg = SNIC_REG_AT(TXQ_BASE_LO, 2);
	for (i = 0; i < 2; i++)
		d->bus->write(d->bus->ctx, 1, reg + 8 * i, bus + 4096 * i, 8);
	dev_wr(d, 1, SNIC_REG_AT(TXQ_CFG, 2), SNIC_MASK(TXQ_CFG, ENABLE) | 4);
	dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 2), 4);
	/* own TX ring, the victim's write-back */
	d->bus->write(d->bus->ctx, 1, SNIC_REG_AT(TXQ_WB_LO, 1), bus + 4096, 8);
	dev_wr(d, 1, SNIC_REG_AT(TXQ_CFG, 1), 0);
	dev_wr(d, 1, SNIC_REG_AT(TXQ_CFG, 1), SNIC_MASK(TXQ_CFG, ENABLE) | 4);
	dev_frame(d, r.buf, 1, 4, 0, ENCAP_NONE, 200);
	raw_tx_desc(&r, 0, r.buf_bus, 200);
	dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 1), 1);
	dev_run_ns(d, 8000);
	CU_ASSERT_EQUAL(d->rx_count[4], 1);
	/* RX: own ring, the victim's buffers and completion ring */
	for (i = 0; i < 16; i++)
		raw_rx_desc(&r, i, bus + 2 * 4096);
	dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1), 0);
	d->bus->write(d->bus->ctx, 1, SNIC_REG_AT(RXQ_CPL_LO, 1), bus + 3 * 4096, 8);
	dev_wr(d, 1, SNIC_REG_AT(RXQ_CFG, 1),
	       SNIC_MASK(RXQ_CFG, ENABLE) | SNIC_PUT(RXQ_CFG, BUFSIZE, RAW_BUF / 64) | RAW_LOG2);
	dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), 16);
	for (i = 0; i < SNIC_COUNT_RSS_INDIR; i++)
		dev_wr(d, 1, SNIC_REG_AT(RSS_INDIR, i), 0x11111111);
	/* and the self-test's DMA */
	d->bus->write(d->bus->ctx, 1, SNIC_REG_TEST_DMA_LO, bus, 8);
	dev_wr(d, 1, SNIC_REG_TEST_GO, 1);
	dev_run_ns(d, 2000);
	for (i = 0; i < 8; i++)
		dev_send(d, SNIC_VPORT_WIRE0, 1, i);
	bystanders(d);
	CU_ASSERT(host_foreign_dma(d->host) >= 1 + 1 + 1 + 8 + 2 + 1);
	CU_ASSERT(all(mem, 0x5a, 4 * 4096));
	CU_ASSERT(dev_rd(d, 1, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR));
	CU_ASSERT(!(dev_rd(d, 2, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR)));
	dev_close_after_loss(d);
}

/* Doorbells and registers of a window reach the queues of its function only. */
static void test_foreign_windows(void)
{
	struct dev *d = open_four(false);
	struct dev_raw v;
	uint64_t rnd = cu_seed(), refused = dev_stat(d, SNIC_STAT_DOORBELL_REFUSED);
	unsigned int q, i;
	uint32_t off;

	d->no_score = true;
	raw_open(d, &v, 2, 1, -1); /* the victim's queue 1: enabled, descriptors in place, not rung */
	for (i = 0; i < 16; i++) {
		dev_frame(d, v.buf, 2, 4, 0, ENCAP_NONE, 100);
		raw_tx_desc(&v, i, v.buf_bus, 100);
		raw_rx_desc(&v, i, v.buf_bus + i * RAW_BUF);
	}
	for (q = 1; q < SNIC_Q_PER_FUNC; q++) {
		dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, q), 5);
		dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, q), 5);
	}
	dev_run_ns(d, 3000);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DOORBELL_REFUSED) - refused, 14);
	CU_ASSERT_EQUAL(d->rx_count[4], 0);
	CU_ASSERT_EQUAL(RAW_WB(&v, HEAD), 0);
	/* random writes all over the villain's window, but for its own queues' enables, its reset and test DMA */
	for (i = 0; i < 4000; i++) {
		off = (uint32_t)(cu_rand(&rnd) >> 20) % (SNIC_BAR_BYTES / 4) * 4;
		if (off == SNIC_REG_FUNC_CTRL || off == SNIC_REG_TEST_GO ||
		    (off >= SNIC_REG_TXQ_BASE_LO && off < SNIC_REG_TX_TAIL))
			continue;
		dev_wr(d, 1, off, (uint32_t)(cu_rand(&rnd) >> 16));
		if (i % 256 == 0)
			dev_run_ns(d, 500);
	}
	bystanders(d);
	CU_ASSERT_EQUAL(RAW_WB(&v, HEAD), 0);
	CU_ASSERT_EQUAL(dev_rd(d, 2, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR), 0);
	/* the victim's own doorbell works */
	dev_wr(d, 2, SNIC_REG_AT(TX_TAIL, 1), 3);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(RAW_WB(&v, HEAD), 3);
	CU_ASSERT_EQUAL(host_foreign_dma(d->host), 0);
	dev_close_after_loss(d);
}

/* A VF can read its own counters, whatever function it names, and nothing of the card's. */
static void test_counters(void)
{
	struct dev *d = open_four(false);
	unsigned int i;

	for (i = 0; i < 5; i++)
		dev_send(d, 1, 2, i);
	dev_settle(d);
	dev_wr(d, 1, SNIC_REG_STAT_SEL, SNIC_MASK(STAT_SEL, PER_FUNC) | 2u << 16 | SNIC_FSTAT_RX_PKTS);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_STAT_LO), 0);
	dev_wr(d, 1, SNIC_REG_STAT_SEL, SNIC_MASK(STAT_SEL, PER_FUNC) | 2u << 16 | SNIC_FSTAT_TX_PKTS);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_STAT_LO), 5);
	dev_wr(d, 2, SNIC_REG_STAT_SEL, SNIC_STAT_MSIX_SENT);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_STAT_LO), 5);
	for (i = 0; i < 64; i++) {
		dev_wr(d, 1, SNIC_REG_STAT_SEL, i);
		CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_STAT_LO), 0);
	}
	dev_close(d);
}

/* Foreign source addresses, foreign VLANs and link-local destinations do not leave a VF. */
static void test_spoof(void)
{
	struct dev *d = open_four(true);
	static const uint8_t pause[6] = { 1, 0x80, 0xc2, 0, 0, 1 }, extra[6] = { 2, 0x77, 0, 0, 0, 1 };
	uint8_t frame[256];
	size_t len;
	unsigned int i;

	for (i = 0; i < 5; i++) {
		len = dev_frame(d, frame, 2, 3, i, ENCAP_NONE, 150); /* the victim's address */
		dev_tx(d, 1, 0, frame, len);
		len = dev_frame(d, frame, 1, 3, i, ENCAP_VLAN, 150);
		frame[15] = 100; /* no member */
		dev_tx(d, 1, 0, frame, len);
		len = dev_frame(d, frame, 1, 3, i, ENCAP_NONE, 150);
		memcpy(frame, pause, 6);
		frame[5] = (uint8_t)(3 * i);
		dev_tx(d, 1, 0, frame, len);
		dev_flag(d, 1, SNIC_MASK(FT_FLAGS, TRUSTED), i & 1);
	}
	dev_settle(d);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_SPOOF_MAC), 5);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_SPOOF_VLAN), 5);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_CTRL), 5);
	CU_ASSERT_EQUAL(d->rx_count[3] + d->wire_count[0], 0);
	/* an address that the PF has granted it passes, on that VLAN; nobody else's does, nor another one's grant */
	CU_ASSERT_EQUAL(snic_pmd_mac_add(d->pmd, extra, 0, 1), 0);
	snic_ref_mac_add(d->ref, extra, 0, 1);
	for (i = 1; i <= 2; i++) {
		len = dev_frame(d, frame, i, 3, i, ENCAP_NONE, 150);
		memcpy(frame + 6, extra, 6);
		dev_tx(d, i, 0, frame, len);
		frame[11]++;
		dev_tx(d, i, 0, frame, len);
	}
	len = dev_frame(d, frame, 1, 3, i, ENCAP_VLAN, 150);
	frame[15] = 100;
	memcpy(frame + 6, extra, 6);
	dev_tx(d, 1, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[3], 1);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_SPOOF_MAC), 5 + 4);
	/* without the check, the address goes; link-local does not */
	dev_flag(d, 1, SNIC_MASK(FT_FLAGS, SPOOFCHK), false);
	len = dev_frame(d, frame, 2, 3, 0, ENCAP_NONE, 150);
	dev_tx(d, 1, 0, frame, len);
	memcpy(frame, pause, 6);
	dev_tx(d, 1, 0, frame, len);
	dev_settle(d);
	CU_ASSERT_EQUAL(d->rx_count[3], 2);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_CTRL), 6);
	dev_close(d);
}

/* Bus mastering off in the middle of traffic: no DMA of that function any more, each refusal counted; and on again. */
static void test_bus_master(void)
{
	struct dev *d = open_four(false);
	struct pmd_queue *q = pmd_queue(d->pmd, 1, 0);
	uint64_t refused, dma;
	unsigned int i;

	d->no_score = true;
	/* the card has descriptors of VF 1 for the next frame, so nothing but the check keeps it from writing */
	dev_send(d, SNIC_VPORT_WIRE0, 1, 0);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(d->rx_count[1], 1);
	memset(q->rx_buf, 0xee, 64 * 2048);
	d->bus->bus_master(d->bus->ctx, 1, false);
	dev_run_ns(d, 1000);
	dma = host_dma_count(d->host, 1);
	dev_send(d, SNIC_VPORT_WIRE0, 1, 0);
	dev_run_ns(d, 5000);
	CU_ASSERT(all(q->rx_buf, 0xee, 64 * 2048));
	CU_ASSERT_EQUAL(host_dma_count(d->host, 1), dma);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_RX_DISABLED), 1);
	d->bus->bus_master(d->bus->ctx, 1, true);
	CU_ASSERT_EQUAL(snic_hw_reset(&d->pmd->hw[1]), 0);
	dev_restart(d, 1);
	/* and in the middle of traffic */
	for (i = 0; i < 20; i++) {
		dev_send(d, 1, 2, i);
		dev_send(d, SNIC_VPORT_WIRE0, 1, i);
	}
	d->bus->bus_master(d->bus->ctx, 1, false);
	dev_run_ns(d, 6000);
	dma = host_dma_count(d->host, 1);
	d->muted[1] = true;
	memset(q->rx_buf, 0xee, 64 * 2048);
	for (i = 0; i < 4; i++) {
		dev_send(d, SNIC_VPORT_WIRE0, 1, i);
		dev_send(d, 1, 4, i); /* not read: no frame */
	}
	bystanders(d);
	CU_ASSERT(all(q->rx_buf, 0xee, 64 * 2048));
	CU_ASSERT_EQUAL(host_dma_count(d->host, 1), dma);
	CU_ASSERT(dev_stat(d, SNIC_STAT_DMA_REFUSED) > 0);
	/* on again, after a reset as any driver does */
	d->bus->bus_master(d->bus->ctx, 1, true);
	CU_ASSERT_EQUAL(snic_hw_reset(&d->pmd->hw[1]), 0);
	d->muted[1] = false;
	dev_restart(d, 1);
	refused = dev_stat(d, SNIC_STAT_DMA_REFUSED);
	d->rx_count[1] = d->rx_count[4] = 0;
	for (i = 0; i < 4; i++) {
		dev_send(d, SNIC_VPORT_WIRE0, 1, i);
		dev_send(d, 1, 4, i);
	}
	dev_run_ns(d, 6000);
	CU_ASSERT_EQUAL(d->rx_count[1], 4);
	CU_ASSERT_EQUAL(d->rx_count[4], 4);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DMA_REFUSED), refused);
	CU_ASSERT_EQUAL(host_foreign_dma(d->host), 0);
	dev_close_after_loss(d);
}

static const struct cu_test tests[] = {
	{ "isolation", "foreign_tx_buffer", test_foreign_tx_buffer },
	{ "isolation", "foreign_rings", test_foreign_rings },
	{ "isolation", "foreign_windows", test_foreign_windows },
	{ "isolation", "counters", test_counters },
	{ "isolation", "spoof", test_spoof },
	{ "isolation", "bus_master", test_bus_master },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
