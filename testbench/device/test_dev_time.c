/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device time has 48 bits: 8 days and 3.5 hours at 400 MHz. What goes by it, before, over and after its wrap: interrupt
 * moderation, part-filled completion lines, the time registers, when a flow was seen.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define VEC 5
#define WRAP (1ull << 48)
#define CYCLE_PS 2500ull
#define DAY_PS (86400ull * 1000000000000ull)

static struct dev_raw raw;
static unsigned int n_irq;
static uint64_t irq_ps;
static struct dev *irq_dev;

static void on_irq(void *ctx, unsigned int func, unsigned int vector)
{
	(void)ctx;
	CU_ASSERT(func == 1 && vector == VEC);
	n_irq++;
	irq_ps = host_now(irq_dev->host);
}

static uint64_t cycles(const struct dev *d)
{
	return host_now(d->host) / CYCLE_PS;
}

/* The card as the driver leaves it after its start, when device time has yet `ahead` cycles to the wrap. */
static struct dev *start(uint64_t ahead)
{
	struct dev_config c = { .vfs = 2, .queues = 1, .ring_log2 = 6 };
	struct dev *d = dev_open(&c);

	c.start_cycles = WRAP - ahead - cycles(d);
	dev_close(d);
	return dev_open(&c);
}

static void start_irq(struct dev *d)
{
	unsigned int i;

	d->no_score = true;
	raw_open(d, &raw, 1, 1, VEC);
	for (i = 0; i < 16; i++)
		raw_rx_desc(&raw, i, raw.buf_bus + i * RAW_BUF);
	dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), 16);
	for (i = 0; i < SNIC_COUNT_RSS_INDIR; i++)
		dev_wr(d, 1, SNIC_REG_AT(RSS_INDIR, i), 0x11111111);
	irq_dev = d;
	n_irq = 0;
	host_on_interrupt(d->host, on_irq, d);
	dev_run_ns(d, 1000);
}

/* One frame, armed with a gap: its completion within the timeout of its line, its message when the gap is over. */
static void frame_and_message(struct dev *d, unsigned int k, unsigned int gap, uint64_t last_ps)
{
	const uint64_t gap_ps = gap * 16 * CYCLE_PS, t0 = host_now(d->host);
	const unsigned int before = n_irq;
	uint64_t due;

	dev_wr(d, 1, SNIC_REG_AT(INT_ARM, VEC), gap);
	dev_send(d, SNIC_VPORT_WIRE0, 1, k);
	dev_run_ns(d, 4000);
	CU_ASSERT(raw.cpl[k % 16].qw[1] >> 63 == !(k / 16 & 1)); /* phase */
	dev_wr(d, 1, SNIC_REG_AT(RX_TAIL, 1), 17 + k);
	dev_run_ns(d, gap_ps / 1000);
	CU_ASSERT_EQUAL(n_irq - before, 1);
	due = last_ps && last_ps + gap_ps > t0 ? last_ps + gap_ps : t0;
	CU_ASSERT(irq_ps + 50000 > due && irq_ps < due + 4000000);
}

/* Frame by frame over the wrap, each message with the gap to the one before: the wrap comes at any place in between. */
static void test_moderation(void)
{
	static const unsigned int gaps[] = { 0, 100, 400, 1000 };
	unsigned int g, k;
	struct dev *d;

	for (g = 0; g < 4; g++) {
		/* the rings take some 2 us to set up */
		d = start(8000 + 16 * gaps[g]);
		start_irq(d);
		for (k = 0; k < 12; k++)
			frame_and_message(d, k, gaps[g], irq_ps * !!k);
		CU_ASSERT(dev_rd(d, 1, SNIC_REG_TIME_HI) == 0);
		CU_ASSERT(snic_pmd_time(d->pmd) < WRAP / 2); /* it did wrap */
		dev_close(d);
	}
}

/* Days in which nothing happens: interrupts go on, and no gap of days ago holds one up. */
static void test_days(void)
{
	static const unsigned int days[] = { 0, 3, 6, 8, 9, 13, 17, 40 };
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	unsigned int k;

	start_irq(d);
	for (k = 0; k < 8; k++) {
		if (k)
			CU_ASSERT_EQUAL_FATAL(host_run_until(d->host, days[k] * DAY_PS), 0);
		frame_and_message(d, k, 200, 0);
		CU_ASSERT_EQUAL(snic_pmd_time(d->pmd) >> 32, (cycles(d) % WRAP) >> 32);
	}
	dev_close(d);
}

/* Time as one number, over the wrap of its low half and of the whole, read by halves and in one access. */
static void test_registers(void)
{
	static const uint64_t ahead[] = { 3000, (1ull << 47) + 3000, WRAP - (1ull << 32) + 3000 };
	uint64_t t, prev, host;
	unsigned int i, k;
	struct dev *d;

	for (i = 0; i < 3; i++) {
		d = start(ahead[i]);
		prev = snic_pmd_time(d->pmd);
		for (k = 0; k < 20; k++) {
			host = cycles(d);
			t = k & 1 ? d->bus->read(d->bus->ctx, 1, SNIC_REG_TIME_LO, 8) : snic_pmd_time(d->pmd);
			CU_ASSERT(t < WRAP);
			/* the two register reads of the driver take under 2 us */
			CU_ASSERT((t - prev) % WRAP > 0 && (t - prev) % WRAP < 2000);
			CU_ASSERT(cycles(d) - host < 1000);
			prev = t;
		}
		CU_ASSERT((t - (WRAP - ahead[i])) % WRAP > 3000);
		dev_close(d);
	}
}

/* Seen means seen, at whatever time: 0 is never. */
static void test_flow_seen(void)
{
	static const struct snic_actions none = { { 0 } };
	const uint64_t lead = 3000;
	uint8_t frame[256];
	uint64_t seen = 0, at = lead;
	struct snic_flow_stats st;
	struct dev *d;
	uint32_t id;
	size_t len;
	int step;

	/* the first run says when the frame is counted; the others have the wrap just there */
	for (step = -3; step < 3; step++) {
		d = start(at);
		len = dev_frame(d, frame, SNIC_VPORT_WIRE0, 1, 0, ENCAP_NONE, 128);
		id = dev_flow(d, frame, len, SNIC_VPORT_WIRE0, none);
		dev_wire(d, 0, frame, len);
		dev_settle(d);
		CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &id, &st, 1), 1);
		CU_ASSERT_EQUAL(st.packets, 1);
		CU_ASSERT_NOT_EQUAL(st.last_seen, 0);
		if (at == lead)
			seen = (st.last_seen + lead) % WRAP; /* cycles after start */
		else
			CU_ASSERT_EQUAL(st.last_seen, step ? (WRAP + step) % WRAP : 1);
		at = seen - step - 1;
		dev_close(d);
	}
}

static const struct cu_test tests[] = {
	{ "time", "moderation_over_the_wrap", test_moderation },
	{ "time", "days", test_days },
	{ "time", "registers", test_registers },
	{ "time", "flow_seen", test_flow_seen },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
