/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A TX queue is switched off in the middle of its frames, and its owner uses the memory for something else. When the queue is
 * not busy any more, nothing of it is read: no frame leaves with a byte that was written after that.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define FRAMES 16
#define LEN 1500

static unsigned int frames, torn, foreign;

static void look(struct dev *d, unsigned int port, const uint8_t *frame, size_t len)
{
	const uint8_t *first = d->ctx;
	unsigned int k;

	(void)port;
	frames++;
	if (len > 1400 && frame[1400] == 0xaa)
		foreign++;
	for (k = 0; k < FRAMES; k++)
		if (len == LEN && !memcmp(frame, first + (size_t)k * LEN, LEN))
			return;
	torn++;
}

static void stop_after(uint32_t ns)
{
	static uint8_t sent[FRAMES * LEN];
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	struct dev_raw r;
	unsigned int k, before;

	frames = torn = foreign = 0;
	d->no_score = true;
	d->on_wire = look;
	d->ctx = sent;
	raw_open(d, &r, 1, 1, -1);
	for (k = 0; k < FRAMES; k++) {
		raw_tx_desc(&r, k, r.buf_bus + k * RAW_BUF,
			    (unsigned int)dev_frame(d, r.buf + k * RAW_BUF, 1, SNIC_VPORT_WIRE0, k,
						    ENCAP_NONE, LEN));
		memcpy(sent + (size_t)k * LEN, r.buf + k * RAW_BUF, LEN);
	}
	dev_wr(d, 1, SNIC_REG_AT(TX_TAIL, 1), FRAMES);
	dev_run_ns(d, ns);
	CU_ASSERT_EQUAL(snic_txq_stop(&r.tx), 0);
	before = (unsigned int)(dev_fstat(d, 1, SNIC_FSTAT_TX_PKTS) - dev_fstat(d, 1, SNIC_FSTAT_TX_DROP));
	memset(r.buf, 0xaa, FRAMES * RAW_BUF);
	memset(r.tx_ring, 0xff, 16 * FRAMES);
	dev_run_ns(d, 20000);
	CU_ASSERT_EQUAL(frames, before);
	CU_ASSERT_EQUAL(torn, 0);
	CU_ASSERT_EQUAL(foreign, 0);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_FUNC_STATUS) & SNIC_MASK(FUNC_STATUS, QERR), 0);
	dev_close_after_loss(d);
}

static void test_stop(void)
{
	uint32_t ns;

	for (ns = 200; ns < 3000; ns += 133)
		stop_after(ns);
}

static const struct cu_test tests[] = { { "stop", "tx_queue", test_stop }, { 0 } };

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
