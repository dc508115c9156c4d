/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads of VF 1 that are answered too late or never: each ends with an error when READ_TIMEOUT is over, the function's reset ends,
 * and what comes after all is nobody's.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define TIMEOUT_CYCLES 20000
#define TIMEOUT_NS (TIMEOUT_CYCLES * 5 / 2)	/* 400 MHz */
#define GIVEN_UP_NS (TIMEOUT_NS * 4 / 3 + 6000) /* and what a sweep over the tags takes */

static struct dev *open_three(void)
{
	struct dev *d = dev_open(
		&(struct dev_config){ .vfs = 3, .queues = 1, .ring_log2 = 6, .watchdog_cycles = 400000 });

	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_READ_TIMEOUT), 4000000); /* 10 ms */
	dev_wr(d, 0, SNIC_REG_READ_TIMEOUT, TIMEOUT_CYCLES);
	return d;
}

/* The nth read of VF 1 from now on, and n in all. */
static int fault(struct dev *d, uint32_t kind, uint64_t nth, uint64_t n, uint32_t ns)
{
	return dev_fault(
		d, (struct snic_sim_fault){ .kind = kind, .func = 1, .nth = nth, .n_read = n, .ns = ns });
}

/* VF 2 and 3 send to each other and get from the wire. */
static void others(struct dev *d)
{
	uint64_t got[2] = { d->rx_count[2], d->rx_count[3] };
	unsigned int k;

	for (k = 0; k < 10; k++) {
		dev_send(d, 2, 3, k);
		dev_send(d, 3, 2, k);
		dev_send(d, SNIC_VPORT_WIRE0, 3, k);
	}
	dev_run_ns(d, 10000);
	CU_ASSERT_EQUAL(d->rx_count[2] - got[0], 10);
	CU_ASSERT_EQUAL(d->rx_count[3] - got[1], 20);
}

static void flr(struct dev *d, unsigned int func)
{
	host_flr(d->host, func);
	dev_run_ns(d, 20000);
	CU_ASSERT_EQUAL(dev_rd(d, func, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, RESETTING), 0);
}

static void raw_frames(struct dev *d, struct dev_raw *r, unsigned int n, unsigned int len)
{
	unsigned int k;

	for (k = 0; k < n; k++)
		raw_tx_desc(r, k, r->buf_bus + k * RAW_BUF,
			    (unsigned int)dev_frame(d, r->buf + k * RAW_BUF, 1, SNIC_VPORT_WIRE0, k,
						    ENCAP_NONE, len));
	dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 1), n);
}

/* One piece of a frame is lost: the frame is dropped, the queue goes on. */
static void test_frame(void)
{
	struct dev *d = open_three();
	struct dev_raw r;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	fault(d, SNIC_SIM_FAULT_LOST, 4, 1,
	      0); /* line, three pieces of 1500 B: the last of the first frame */
	raw_frames(d, &r, 3, 1500);
	dev_run_ns(d, TIMEOUT_NS - 5000);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_CPL_TIMEOUT), 0);
	dev_run_ns(d, GIVEN_UP_NS - TIMEOUT_NS + 5000);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_CPL_TIMEOUT), 1);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_TX_DMA), 1);
	CU_ASSERT_EQUAL(dev_fstat(d, 1, SNIC_FSTAT_TX_DROP), 1);
	CU_ASSERT_EQUAL(RAW_WB(&r, HEAD), 3);
	CU_ASSERT_EQUAL(RAW_WB(&r, ERRS), 1);
	CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_OK);
	CU_ASSERT_EQUAL(d->wire_count[0], 2);
	others(d);
	flr(d, 1);
	flr(d, 2);
	dev_close_after_loss(d);
}

/* A descriptor line is lost: the queue stops, as on any error of the read. */
static void test_line(void)
{
	struct dev *d = open_three();
	struct dev_raw r;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	fault(d, SNIC_SIM_FAULT_LOST, 1, 1, 0);
	raw_frames(d, &r, 3, 200);
	dev_run_ns(d, GIVEN_UP_NS);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_CPL_TIMEOUT), 1);
	CU_ASSERT_EQUAL(RAW_WB(&r, STATUS), SNIC_QSTAT_DMA_ERR);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR),
			SNIC_MASK(FUNC_STATUS, QERR));
	CU_ASSERT_EQUAL(d->wire_count[0], 0);
	others(d);
	flr(d, 1);
	dev_close_after_loss(d);
}

/* A reset while reads are out that are never answered. */
static void test_reset(void)
{
	struct dev *d = open_three();
	struct dev_raw r;

	d->no_score = true;
	raw_open(d, &r, 1, 1, -1);
	fault(d, SNIC_SIM_FAULT_LOST, 2, 1000, 0);
	raw_frames(d, &r, 4, 1000);
	dev_run_ns(d, 5000);
	host_flr(d->host, 1);
	dev_run_ns(d, GIVEN_UP_NS + 5000);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, RESETTING), 0);
	flr(d, 2);
	dev_close_after_loss(d);
}

/* Answers that come when the read was given up long ago, and its tag is in use by others: none of them gets any of it. */
static void test_late(void)
{
	struct dev *d = open_three();
	struct dev_raw r;
	unsigned int k;
	int id;

	raw_open(d, &r, 1, 1, -1);
	dev_send(d, 1, 2, 0); /* after a frame that came well it may have much under way */
	dev_settle(d);
	id = fault(d, SNIC_SIM_FAULT_LATE, 2, 8, 2 * TIMEOUT_NS);
	memset(r.buf, 0xaa, 8 * RAW_BUF);
	for (k = 0; k < 8; k++)
		raw_tx_desc(&r, k, r.buf_bus + k * RAW_BUF, 600);
	dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 1), 8);
	dev_run_ns(d, GIVEN_UP_NS);
	CU_ASSERT(dev_stat(d, SNIC_STAT_CPL_TIMEOUT) >= 8);
	/* the tags go round many times while the late ones come */
	for (k = 0; k < 1500; k++) {
		dev_send(d, 2, 3, k);
		dev_run_ns(d, 50);
	}
	dev_settle(d);
	CU_ASSERT(host_fault_hits(d->host, (unsigned int)id) >= 8);
	CU_ASSERT(dev_stat(d, SNIC_STAT_CPL_LATE) >= 8);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_CPL_UNEXPECTED), 0);
	dev_close_after_loss(d);
}

/* An RX descriptor that does not come: the frame is dropped, the others of the function and the others' are not. */
static void test_rx_line(void)
{
	struct dev *d = open_three();

	d->no_score = true;
	fault(d, SNIC_SIM_FAULT_LOST, 1, 1, 0);
	dev_send(d, SNIC_VPORT_WIRE0, 1, 0);
	dev_run_ns(d, GIVEN_UP_NS);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_CPL_TIMEOUT), 1);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_DROP_RX_DMA), 1);
	others(d);
	flr(d, 1);
	dev_close_after_loss(d);
}

static const struct cu_test tests[] = {
	{ "lost", "frame", test_frame }, { "lost", "line", test_line },	      { "lost", "reset", test_reset },
	{ "lost", "late", test_late },	 { "lost", "rx_line", test_rx_line }, { 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
