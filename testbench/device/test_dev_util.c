/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Utilisation on the whole device, against what the bench put in: beats, frames and reads are counted one by one. What
 * holds up whom is in testbench/system/test_limits.c.
 */
#include <string.h>

#include "cu_main.h"
#include "dev.h"

static uint64_t base[64];

static void begin(struct dev *d)
{
	unsigned int i;

	for (i = 0; i < 64; i++)
		base[i] = dev_stat(d, SNIC_UTIL_BASE + i);
}

static uint64_t counted(struct dev *d, unsigned int index)
{
	return dev_stat(d, index) - base[index - SNIC_UTIL_BASE];
}

static void send(struct dev *d, unsigned int src, unsigned int dst, unsigned int n, size_t len)
{
	uint8_t frame[SNIC_FRAME_MAX];
	unsigned int i;

	for (i = 0; i < n; i++) {
		len = dev_frame(d, frame, src, dst, i, ENCAP_NONE, len);
		if (src < SNIC_N_FUNC)
			dev_tx(d, src, 0, frame, len);
		else
			dev_wire(d, src - SNIC_VPORT_WIRE0, frame, len);
	}
}

static void test_exact(void)
{
	struct dev *d =
		dev_open(&(struct dev_config){ .vfs = 2, .queues = 1, .ring_log2 = 6, .jitter_ns = 300 });
	unsigned int round;

	begin(d);
	for (round = 1; round <= 3; round++) {
		send(d, SNIC_VPORT_WIRE0, 1, 37, 128);
		send(d, SNIC_VPORT_WIRE1, 2, 5, 65);
		send(d, 2, SNIC_VPORT_WIRE0, 23, 300);
		send(d, 1, 2, 11, 200);
		dev_settle(d);
		CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_WIRE_IN0), round * 37 * 2);
		CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_WIRE_IN1), round * 5 * 2);
		CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_WIRE_OUT0), round * 23 * 5);
		CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_WIRE_OUT1), 0);
		/* port 1 is a switch of its own, and VF 2 is not on it: its frames are decided on, and dropped */
		CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_FLOW_TABLE), round * (37 + 5 + 23 + 11));
		CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_FORWARD), round * (37 + 5 + 23 + 11));
		CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_TX_READS), round * (23 + 11));
		CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_RULE_SEARCH), 0);
	}
	CU_ASSERT(counted(d, SNIC_STAT_BUSY_RX_COPIES) >= 3 * (37 + 11));
	/* beats of payload, and a completion line for each four */
	CU_ASSERT(counted(d, SNIC_STAT_BUSY_RX_WRITES) >= 3 * (37 * 2 + 11 * 4 + (37 + 11) / 4));
	CU_ASSERT(counted(d, SNIC_STAT_BUSY_PCIE_UP_DATA) >= counted(d, SNIC_STAT_BUSY_RX_WRITES));
	CU_ASSERT(counted(d, SNIC_STAT_BUSY_PCIE_DOWN) >= 3 * (23 * 5 + 11 * 4));
	dev_close(d);
}

/* An engine works on a frame of one beat and three headers for 7 cycles; with 6 engines that counts 7/6. */
static void test_engines(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 1, .queues = 1, .ring_log2 = 6 });
	unsigned int round;
	uint64_t busy;

	begin(d);
	for (round = 0; round < 10; round++) {
		send(d, SNIC_VPORT_WIRE0, 1, 60, 60);
		dev_settle(d);
	}
	busy = counted(d, SNIC_STAT_BUSY_PARSER0);
	CU_ASSERT(busy >= 600 && busy <= 800);
	CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_PARSER1), 0);
	CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_PARSER2), 0);
	dev_close(d);
}

/* Frames one after the other: each has one read under way for the latency of the link, 600 ns and the ways. */
static void test_levels(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 1, .queues = 1, .ring_log2 = 6 });
	const unsigned int n = 64, cycles_per_us = dev_rd(d, 0, SNIC_REG_CLOCK_KHZ) / 1000;
	unsigned int i;
	uint64_t tags, bytes;

	begin(d);
	for (i = 0; i < n; i++) {
		send(d, 1, SNIC_VPORT_WIRE0, 1, 512);
		dev_settle(d);
	}
	tags = counted(d, SNIC_STAT_BUSY_TAGS_TX_DATA) * 256;
	CU_ASSERT(tags >= n * 600 * cycles_per_us / 1000 && tags <= n * 800 * cycles_per_us / 1000);
	/* 512 B of 32 KiB: 1/64, where a tag is 1/256 */
	bytes = counted(d, SNIC_STAT_BUSY_BYTES_TX_DATA) * 64;
	CU_ASSERT(bytes >= tags - 256 && bytes <= tags + n * 60 * cycles_per_us / 1000 + 256);
	tags = counted(d, SNIC_STAT_BUSY_TAGS_TX_DESC) * 64;
	CU_ASSERT(tags >= n * 600 * cycles_per_us / 1000 && tags <= n * 800 * cycles_per_us / 1000);
	CU_ASSERT_EQUAL(counted(d, SNIC_STAT_BUSY_TAGS_RX_DESC), 0);
	dev_close(d);
}

/* The card's: none of a VF's business. */
static void test_scope(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = 1, .queues = 1, .ring_log2 = 6 });

	send(d, SNIC_VPORT_WIRE0, 1, 3, 128);
	dev_settle(d);
	dev_wr(d, 1, SNIC_REG_STAT_SEL, SNIC_STAT_BUSY_WIRE_IN0);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_STAT_LO), 0);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_BUSY_WIRE_IN0), 6);
	CU_ASSERT_EQUAL(dev_stat(d, SNIC_UTIL_BASE + 63), 0);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "util", "exact", test_exact },
	{ "util", "engines", test_engines },
	{ "util", "levels", test_levels },
	{ "util", "scope", test_scope },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
