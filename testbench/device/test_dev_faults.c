/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Host memory and links that misbehave as PCI Express and Ethernet allow: answers that are cut small, come mixed, late, as
 * errors, or not at all; sizes that change; wires that are cut. What can be delivered is; what cannot is counted and told to the
 * one it belongs to, and no other function notices.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"

static struct dev *open_three(void)
{
	return dev_open(&(struct dev_config){
		.vfs = 3, .queues = 2, .ring_log2 = 6, .rx_buf = 9280, .jitter_ns = 200 });
}

static struct snic_sim_fault words(const char *text)
{
	struct snic_sim_fault f;
	char err[200];

	CU_ASSERT_EQUAL_FATAL(snic_sim_fault_parse(text, &f, err, sizeof(err)), 0);
	return f;
}

/* Frames of all sizes both ways and between functions; all of them come out right. */
static void traffic(struct dev *d, unsigned int rounds)
{
	static const size_t sizes[] = { 60, 61, 127, 128, 129, 256, 513, 1514, 2048 };
	static uint8_t frame[SNIC_FRAME_MAX];
	unsigned int i, f;
	size_t len;

	for (i = 0; i < rounds; i++) {
		for (f = 1; f <= 3; f++) {
			len = i % 4 ? 60 + i * 37 % 700 : sizes[(i / 4 + f) % 9];
			len = dev_frame(d, frame, f, i % 2 ? SNIC_VPORT_WIRE0 : f % 3 + 1, i, ENCAP_NONE,
					len);
			dev_tx(d, f, i % 2, frame, len);
			len = dev_frame(d, frame, SNIC_VPORT_WIRE0, f, i, ENCAP_NONE, len);
			dev_wire(d, 0, frame, len);
		}
		if (i % 8 == 7)
			dev_settle(d);
	}
	dev_settle(d);
}

/* Answers that are in order but cut and mixed as no host does it every day: nothing is lost, nothing differs. */
static void test_pieces(void)
{
	static const char *const how[] = { "split", "apart:ns=90", "apart:ns=700,p=0.3",
					   "late:ns=3500,p=0.1" }; /* from 5 us on RX drops */
	unsigned int i;

	for (i = 0; i < 4; i++) {
		struct dev *d = open_three();
		int id = dev_fault(d, words(how[i]));

		if (i == 1)
			dev_fault(d, words("split"));
		traffic(d, 24);
		CU_ASSERT(host_fault_hits(d->host, id) >= 8);
		dev_close(d);
	}
}

/*
 * A read of VF 1 that ends in an error, at once or in its middle. Of the frame's data: that frame is dropped, counted, and in
 * the write-back of its queue. Then the next one goes.
 */
static void test_data_error(void)
{
	static const char *const kinds[] = { "ur", "ca", "poison" };
	static const unsigned int after[] = { 0, 256, 1280 };
	unsigned int k, a, i;
	char text[64];

	for (k = 0; k < 3; k++) {
		struct dev *d = open_three();
		struct dev_raw r;

		d->no_score = true;
		raw_open(d, &r, 1, 2, -1);
		for (a = 0; a < 3; a++) {
			struct snic_sim_fault f;
			int id;

			snprintf(text, sizeof(text), "%s:func=1,n=1,after=%u", kinds[k], after[a] % 512);
			f = words(text);
			f.addr = r.buf_bus + after[a] / 512 * 512;
			f.n_addr = 64;
			id = dev_fault(d, f);
			dev_frame(d, r.buf, 1, SNIC_VPORT_WIRE0, a, ENCAP_NONE, 1500);
			dev_frame(d, r.buf + RAW_BUF, 1, SNIC_VPORT_WIRE0, a, ENCAP_NONE, 600);
			raw_tx_desc(&r, 2 * a, r.buf_bus, 1500);
			raw_tx_desc(&r, 2 * a + 1, r.buf_bus + RAW_BUF, 600);
			dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 2), 2 * a + 2);
			for (i = 0; i < 4; i++)
				dev_send(d, 2, 3, i);
			dev_run_ns(d, 8000);
			CU_ASSERT_EQUAL(host_fault_hits(d->host, id), 1);
			CU_ASSERT_EQUAL(d->wire_count[0], a + 1);
			CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DMA), a + 1);
			CU_ASSERT_EQUAL(RAW_WB(&r, ERRS), a + 1);
			CU_ASSERT_EQUAL(RAW_WB(&r, HEAD), 2 * a + 2);
			CU_ASSERT_EQUAL(d->rx_count[3], 4 * (a + 1));
		}
		CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR), 0);
		CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_CPL_UNEXPECTED), 0);
		dev_close_after_loss(d);
	}
}

/* A descriptor line that ends in an error stops its queue, and is told; the other queues and functions go on. */
static void test_descriptor_error(void)
{
	static const char *const kinds[] = { "ur", "ca", "poison" };
	unsigned int k, i;

	for (k = 0; k < 3; k++) {
		struct dev *d = open_three();
		struct snic_sim_fault f = words(kinds[k]);
		struct dev_raw r;

		d->no_score = true;
		raw_open(d, &r, 1, 2, -1);
		f.func = f.n_func = 1;
		f.addr = r.buf_bus - (uint64_t)r.buf + (uint64_t)r.tx_ring;
		f.n_addr = sizeof(struct snic_qw2) << RAW_LOG2;
		f.nth = 1;
		dev_fault(d, f);
		raw_tx_desc(&r, 0, r.buf_bus, 600);
		dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 2), 1);
		for (i = 0; i < 8; i++) {
			dev_send(d, 2, 3, i);
			dev_send(d, 1, 3, i);
			dev_send(d, SNIC_VPORT_WIRE0, 1, i);
		}
		dev_run_ns(d, 8000);
		CU_ASSERT_EQUAL(d->wire_count[0], 0);
		CU_ASSERT_EQUAL(d->rx_count[3], 16);
		CU_ASSERT_EQUAL(d->rx_count[1], 8);
		CU_ASSERT(dev_rd(d, 1, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR));
		CU_ASSERT_EQUAL(dev_rd(d, 2, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR), 0);
		/* a reset, and the function is as new */
		CU_ASSERT_EQUAL(snic_hw_reset(&d->pmd->hw[1]), 0);
		dev_restart(d, 1);
		dev_send(d, 1, 3, 0);
		dev_run_ns(d, 5000);
		CU_ASSERT_EQUAL(d->rx_count[3], 17);
		dev_close_after_loss(d);
	}
}

/* A function whose memory is slow has its frames later, and none is lost. */
static void test_slow_function(void)
{
	struct dev *d = open_three();
	uint64_t start = host_now(d->host);
	unsigned int i;

	dev_fault(d, words("late:func=1,ns=20000"));
	for (i = 0; i < 8; i++)
		dev_send(d, 1, SNIC_VPORT_WIRE0, i);
	while (d->wire_count[0] < 8 && host_now(d->host) < start + 200000000)
		dev_run_ns(d, 500);
	CU_ASSERT(host_now(d->host) >= start + 40000000); /* descriptors, then data */
	dev_close(d);
}

/* MPS and MRRS change while frames of all sizes are under way: every TLP is of the old size or the new one, no frame is lost. */
static void test_sizes(void)
{
	static const unsigned int sizes[][2] = { { 128, 128 },	{ 256, 4096 },	{ 4096, 128 }, { 512, 256 },
						 { 128, 4096 }, { 4096, 4096 }, { 256, 512 } };
	struct dev *d = open_three();
	unsigned int i;

	for (i = 0; i < 7; i++) {
		CU_ASSERT_EQUAL(host_sizes(d->host, sizes[i][0], sizes[i][1]), 0);
		traffic(d, 9);
		dev_run_ns(d, 100000); /* what was of the old size is over */
		traffic(d, 5);
	}
	CU_ASSERT_NOT_EQUAL(host_sizes(d->host, 64, 512), 0);
	CU_ASSERT_NOT_EQUAL(host_sizes(d->host, 256, 8192), 0);
	dev_close(d);
}

/* One wire is cut: the card says so, what goes to it is lost and counted by the wire, the other one works; and back again. */
static void test_wire_down(void)
{
	struct dev *d = open_three();
	struct snic_sim_stats s;
	unsigned int i;
	int id;

	d->no_score = true;
	dev_flag(d, 3, SNIC_MASK(FT_FLAGS, UPLINK1), true);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_FUNC_STATUS), 0x300);
	id = dev_fault(d, words("down:port=0"));
	dev_run_ns(d, 1000);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_FUNC_STATUS), 0x200);
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_AT(LINK_SPEED, 0)), 0);
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_AT(LINK_SPEED, 1)), 100000);
	for (i = 0; i < 10; i++) {
		dev_send(d, 1, SNIC_VPORT_WIRE0, i);
		dev_send(d, SNIC_VPORT_WIRE0, 2, i);
		dev_send(d, SNIC_VPORT_WIRE1, 3, i);
		dev_send(d, 1, 2, i);
	}
	dev_run_ns(d, 8000);
	CU_ASSERT_EQUAL(d->wire_count[0], 0);
	CU_ASSERT_EQUAL(d->rx_count[2], 10);
	CU_ASSERT_EQUAL(d->rx_count[3], 10);
	host_stats(d->host, &s);
	CU_ASSERT_EQUAL(s.wire_tx_lost[0], 10);
	CU_ASSERT_EQUAL(s.wire_rx_lost[0], 10);
	CU_ASSERT_EQUAL(s.wire_rx_lost[1] + s.wire_tx_lost[1], 0);
	CU_ASSERT_EQUAL(host_fault_clear(d->host, id), 0);
	dev_run_ns(d, 1000);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_FUNC_STATUS), 0x300);
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_AT(LINK_SPEED, 0)), 100000);
	for (i = 0; i < 10; i++) {
		dev_send(d, 1, SNIC_VPORT_WIRE0, i);
		dev_send(d, SNIC_VPORT_WIRE0, 2, i);
	}
	dev_run_ns(d, 8000);
	CU_ASSERT_EQUAL(d->wire_count[0], 10);
	CU_ASSERT_EQUAL(d->rx_count[2], 20);
	dev_close_after_loss(d);
}

/* Cut in the middle of a frame, in both directions, again and again: no half frame, and the card goes on. */
static void test_wire_flaps(void)
{
	struct dev *d = open_three();
	static uint8_t frame[SNIC_FRAME_MAX];
	uint64_t rx = 0, tx = 0;
	struct snic_sim_stats s;
	unsigned int i;
	size_t len;

	d->no_score = true;
	for (i = 0; i < 40; i++) {
		struct snic_sim_fault f = words("down:port=0");

		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 2, i, ENCAP_NONE, 9000);
		dev_wire(d, 0, frame, len);
		len = dev_frame(d, frame, 1, SNIC_VPORT_WIRE0, i, ENCAP_NONE, 1500);
		dev_tx(d, 1, 0, frame, len);
		f.from_ps = host_now(d->host) + i * 41000;
		f.n_ps = 3000;
		dev_fault(d, f);
		dev_run_ns(d, 6000);
		rx++;
		tx++;
	}
	host_stats(d->host, &s);
	CU_ASSERT(s.wire_rx_lost[0] > 10 && s.wire_rx_lost[0] < 30);
	CU_ASSERT_EQUAL(d->rx_count[2] + s.wire_rx_lost[0], rx);
	CU_ASSERT_EQUAL(d->wire_count[0] + s.wire_tx_lost[0], tx);
	/* those whose head had come are frames with a bad FCS, or too short to be any */
	CU_ASSERT(dev_stat(d, SNIC_STAT_DROP_FCS) > 10);
	CU_ASSERT(dev_stat(d, SNIC_STAT_DROP_FCS) + dev_stat(d, SNIC_STAT_DROP_RUNT) <= s.wire_rx_lost[0]);
	dev_close_after_loss(d);
}

static const struct cu_test tests[] = {
	{ "faults", "pieces", test_pieces },
	{ "faults", "data_error", test_data_error },
	{ "faults", "descriptor_error", test_descriptor_error },
	{ "faults", "slow_function", test_slow_function },
	{ "faults", "sizes", test_sizes },
	{ "faults", "wire_down", test_wire_down },
	{ "faults", "wire_flaps", test_wire_flaps },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
