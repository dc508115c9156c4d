/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VF 1 writes its registers as fast as a machine of many cores may, 300 million a second. VF 2 gets a frame now and then
 * and wants an interrupt for each: it gets as many as when it is alone, as soon, but for what the register accesses
 * before its own take.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define VEC 5
#define VICTIM 2
#define FRAMES 100
#define FRAME_NS 2000
#define QUANTUM_NS 500
#define WRITES 150 /* of the villain, a quantum */

static struct dev_raw raw;
static struct {
	struct dev *d;
	unsigned int n;
	uint64_t sent_ps, latency_ps, most_ps;
} irq;

static void on_irq(void *ctx, unsigned int func, unsigned int vector)
{
	struct dev *d = ctx;
	const uint64_t ps = host_now(d->host) - irq.sent_ps;

	if (func != VICTIM || vector != VEC)
		return;
	irq.n++;
	irq.latency_ps += ps;
	irq.most_ps = ps > irq.most_ps ? ps : irq.most_ps;
	dev_wr(d, VICTIM, SNIC_REG_AT(INT_ARM, VEC), 0);
}

/* One quantum's writes; k counts them. */
typedef void (*attack_fn)(struct dev *d, unsigned int k);

static void scratch(struct dev *d, unsigned int k)
{
	dev_wr(d, 1, SNIC_REG_TEST_SCRATCH, k);
}

static void test_dma(struct dev *d, unsigned int k)
{
	dev_wr(d, 1, SNIC_REG_TEST_GO, 1 | (k & 15) << 8);
}

static void test_message(struct dev *d, unsigned int k)
{
	dev_wr(d, 1, SNIC_REG_TEST_GO, 3 | (k & 15) << 8);
}

static void arm(struct dev *d, unsigned int k)
{
	dev_wr(d, 1, SNIC_REG_AT(INT_ARM, k & 15), k & 1 ? 0 : 0xffff);
}

static void mailbox(struct dev *d, unsigned int k)
{
	dev_wr(d, 1, k & 1 ? SNIC_REG_MBOX_CTRL : SNIC_REG_MBOX_DATA, k & 1 ? 3 : k);
}

static void stat_select(struct dev *d, unsigned int k)
{
	dev_wr(d, 1, SNIC_REG_STAT_SEL, SNIC_MASK(STAT_SEL, PER_FUNC) | k % 6);
}

static void run(attack_fn attack)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6 });
	unsigned int i, k, n = 0;
	uint64_t bus;

	d->no_score = true;
	raw_open(d, &raw, VICTIM, 1, VEC);
	for (i = 0; i < 16; i++)
		raw_rx_desc(&raw, i, raw.buf_bus + i * RAW_BUF);
	dev_wr(d, VICTIM, SNIC_REG_AT(RX_TAIL, 1), 16);
	for (i = 0; i < SNIC_COUNT_RSS_INDIR; i++)
		dev_wr(d, VICTIM, SNIC_REG_AT(RSS_INDIR, i), 0x11111111);
	d->bus->dma_alloc(d->bus->ctx, 1, 4096, &bus);
	d->bus->write(d->bus->ctx, 1, SNIC_REG_TEST_DMA_LO, bus, 8);
	host_on_interrupt(d->host, on_irq, d);
	dev_wr(d, VICTIM, SNIC_REG_AT(INT_ARM, VEC), 0);
	dev_run_ns(d, 1000);
	memset(&irq, 0, sizeof(irq));
	for (i = 0; i < FRAMES * FRAME_NS / QUANTUM_NS; i++) {
		if (i % (FRAME_NS / QUANTUM_NS) == 0) {
			irq.sent_ps = host_now(d->host);
			dev_send(d, SNIC_VPORT_WIRE0, VICTIM, i);
			dev_wr(d, VICTIM, SNIC_REG_AT(RX_TAIL, 1), 16 + i / 4);
		}
		for (k = 0; attack && k < WRITES; k++)
			attack(d, n++);
		dev_run_ns(d, QUANTUM_NS);
	}
	dev_run_ns(d, 5000);
	dev_close(d);
}

static void test_attacks(void)
{
	static const struct {
		const char *name;
		attack_fn fn;
	} attacks[] = {
		{ "scratch register", scratch },
		{ "test DMA", test_dma },
		{ "test DMA and messages", test_message },
		{ "interrupt arming", arm },
		{ "mailbox", mailbox },
		{ "choice of a counter", stat_select },
	};
	uint64_t alone, mean;
	unsigned int i;

	run(NULL);
	CU_ASSERT_EQUAL(irq.n, FRAMES);
	alone = irq.latency_ps / FRAMES;
	printf("    %-24s %u interrupts, after %.0f ns, at most %.0f\n", "alone", irq.n, (double)alone / 1000,
	       (double)irq.most_ps / 1000);
	for (i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		run(attacks[i].fn);
		mean = irq.n ? irq.latency_ps / irq.n : 0;
		printf("    %-24s %u interrupts, after %.0f ns, at most %.0f\n", attacks[i].name, irq.n,
		       (double)mean / 1000, (double)irq.most_ps / 1000);
		CU_ASSERT(irq.n >= FRAMES * 95 / 100);
		CU_ASSERT(mean <= alone + alone / 20);
	}
}

static const struct cu_test tests[] = {
	{ "mmio", "writes_of_another", test_attacks },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
