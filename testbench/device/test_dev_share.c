/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a VF can send beside one that misbehaves: VF 1 is the victim, VF 2 the other. Both keep their rings full towards wire
 * port 0, and half of the port is what the victim is to have, whatever the other's memory and doorbells are like.
 */
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define VFS 34
#define STEP_NS 200
#define FLOOR_PERCENT 95

static size_t len_of[3];
static uint8_t frame[3][SNIC_FRAME_MAX];
static bool storm;

static struct dev *open_two(size_t len)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = VFS, .queues = 1, .ring_log2 = 10 });
	unsigned int f;

	d->no_score = true;
	storm = false;
	for (f = 1; f <= 2; f++)
		len_of[f] = dev_frame(d, frame[f], f, SNIC_VPORT_WIRE0, f, ENCAP_NONE, len);
	return d;
}

/* Frames of the victim in a microsecond, over this time. */
static double run(struct dev *d, unsigned int functions, uint64_t ns)
{
	uint64_t before = dev_fstat(d, 1, SNIC_FSTAT_TX_PKTS), t;
	unsigned int f;
	uint8_t *buf;

	for (t = 0; t < ns; t += STEP_NS) {
		for (f = 1; f <= functions; f++) {
			while ((buf = snic_pmd_tx_buf(d->pmd, f, 0))) {
				memcpy(buf, frame[f], len_of[f]);
				snic_pmd_tx_commit(d->pmd, f, 0, (uint32_t)len_of[f]);
			}
			snic_pmd_tx_flush(d->pmd, f, 0);
		}
		for (f = 3; storm && f <= VFS; f++)
			dev_wr(d, f, SNIC_REG_AT(TX_TAIL, 0), 1);
		dev_run_ns(d, STEP_NS);
	}
	return (double)(dev_fstat(d, 1, SNIC_FSTAT_TX_PKTS) - before) * 1000 / (double)ns;
}

static void share(const char *what, double fair, double got)
{
	printf("    %-28s %6.2f Mpps, its share is %6.2f\n", what, got, fair);
	CU_ASSERT(got >= FLOOR_PERCENT * fair / 100);
}

static void slow_memory(size_t len, uint32_t late_ns)
{
	struct dev *d = open_two(len);
	double fair;
	char what[64];
	int id;

	run(d, 2, 20000);
	fair = run(d, 2, 30000);
	id = dev_fault(d, (struct snic_sim_fault){ .kind = SNIC_SIM_FAULT_LATE, .func = 2, .ns = late_ns });
	run(d, 2, 4 * late_ns); /* it has cost what it may */
	snprintf(what, sizeof(what), "%zu B, memory of %u ns", len, late_ns);
	share(what, fair, run(d, 2, 60 * (uint64_t)late_ns));
	CU_ASSERT(dev_fstat(d, 2, SNIC_FSTAT_TX_PKTS) > 0);
	CU_ASSERT_EQUAL(host_fault_clear(d->host, id), 0);
	dev_abandon(d);
}

static void test_slow_memory(void)
{
	slow_memory(60, 5000);
	slow_memory(1514, 5000);
}

static void test_doorbells(void)
{
	struct dev *d = open_two(60);
	double alone;
	unsigned int f;

	for (f = 3; f <= VFS; f++)
		dev_send(d, f, SNIC_VPORT_WIRE0, 0);
	run(d, 1, 20000);
	alone = run(d, 1, 30000);
	storm = true;
	run(d, 1, 5000);
	share("beside 32 that ring", alone, run(d, 1, 30000));
	dev_abandon(d);
}

static const struct cu_test tests[] = {
	{ "share", "slow_memory", test_slow_memory },
	{ "share", "doorbells", test_doorbells },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
