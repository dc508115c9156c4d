/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * driver/hw register by register: each test says which accesses it expects, in order, and what reads give.
 * Any access that is not the next expected one fails the test, as does one that did not come.
 */
#include <stdlib.h>

#include "cu_main.h"
#include "snic_clock.h"
#include "snic_flow.h"
#include "snic_func.h"
#include "snic_mac.h"
#include "snic_mbox.h"
#include "snic_queue.h"
#include "snic_rss.h"
#include "snic_rule.h"
#include "snic_stats.h"

#define MAX_EXPECT 16384
#define DMA_BUS 0x123456789000ull

static struct expect {
	bool write;
	uint32_t offset;
	unsigned int size;
	uint64_t value;
} expected[MAX_EXPECT];
static unsigned int n_expected, n_done, n_wrong;
static uint64_t delay_ns;
static void (*on_delay)(void);

static char log_buf[256];
static struct snic_os_log os_log = { log_buf, sizeof(log_buf) };
static struct snic_hw hw;

static void expect(bool write, uint32_t offset, unsigned int size, uint64_t value)
{
	CU_ASSERT_TRUE_FATAL(n_expected < MAX_EXPECT);
	expected[n_expected++] = (struct expect){ write, offset, size, value };
}

static void expect_write32(uint32_t offset, uint32_t value)
{
	expect(true, offset, 4, value);
}

static void expect_write64(uint32_t offset, uint64_t value)
{
	expect(true, offset, 8, value);
}

static void expect_read32(uint32_t offset, uint32_t value)
{
	expect(false, offset, 4, value);
}

static void expect_read64(uint32_t offset, uint64_t value)
{
	expect(false, offset, 8, value);
}

static const struct expect *next(bool write, unsigned int func, uint32_t offset, unsigned int size,
				 uint64_t value)
{
	const struct expect *e = n_done < n_expected ? &expected[n_done] : NULL;

	if (!e || e->write != write || e->offset != offset || e->size != size || func != hw.func ||
	    (write && e->value != value)) {
		if (!n_wrong++) /* the rest follows from the first */
			printf("    access %u: %s%u 0x%04x 0x%llx of function %u, expected %s%u 0x%04x "
			       "0x%llx\n",
			       n_done, write ? "write" : "read", size * 8, offset, (unsigned long long)value,
			       func,
			       !e	  ? "none"
			       : e->write ? "write"
					  : "read",
			       e ? e->size * 8 : 0, e ? e->offset : 0, e ? (unsigned long long)e->value : 0);
		return NULL;
	}
	n_done++;
	return e;
}

static void mock_write(void *ctx, unsigned int func, uint32_t offset, uint64_t value, unsigned int size)
{
	(void)ctx;
	next(true, func, offset, size, value);
}

static uint64_t mock_read(void *ctx, unsigned int func, uint32_t offset, unsigned int size)
{
	const struct expect *e = next(false, func, offset, size, 0);

	(void)ctx;
	return e ? e->value : 0;
}

static void mock_delay(void *ctx, uint64_t ns)
{
	(void)ctx;
	delay_ns += ns;
	if (on_delay)
		on_delay();
}

static const struct snic_pmd_bus bus = { .write = mock_write, .read = mock_read, .delay_ns = mock_delay };

/* A function as after snic_hw_identify. */
static void begin(uint32_t func)
{
	n_expected = n_done = n_wrong = 0;
	delay_ns = 0;
	on_delay = NULL;
	log_buf[0] = 0;
	hw = (struct snic_hw){ .os = { &bus, &os_log, func },
			       .func = func,
			       .n_func = SNIC_N_FUNC,
			       .n_vec = SNIC_VEC_PER_FUNC,
			       .n_queue = SNIC_Q_PER_FUNC,
			       .n_flow = SNIC_FLOW_ENTRIES,
			       .n_rule = SNIC_RULE_ENTRIES,
			       .n_mask = SNIC_RULE_MASKS };
}

/* Everything expected so far has happened. */
static void reached(void)
{
	CU_ASSERT_EQUAL(n_wrong, 0);
	CU_ASSERT_EQUAL(n_done, n_expected);
}

#define LOGGED(text) CU_ASSERT_PTR_NOT_NULL(strstr(log_buf, text))

/* --- identity --- */

static void expect_identity(uint32_t version, uint32_t caps, uint32_t func)
{
	expect_read64(SNIC_REG_MAGIC, SNIC_MAGIC | (uint64_t)version << 32);
	expect_read64(SNIC_REG_BUILD, 0xb111d | (uint64_t)caps << 32);
	expect_read64(SNIC_REG_CAP_FLOWS, SNIC_FLOW_ENTRIES | (uint64_t)0x00101000 << 32);
	expect_read32(SNIC_REG_FUNC, func);
}

static void test_identify(void)
{
	begin(7);
	/* a smaller card, with a newer minor version that still clears its memories */
	expect_identity(1 << 16 | 9, 64 << 16 | 8 << 8 | 4, 7);
	expect_read32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	expect_read32(SNIC_REG_FUNC_CTRL, 0);
	CU_ASSERT_EQUAL(snic_hw_identify(&hw), 0);
	reached();
	CU_ASSERT_TRUE(delay_ns > 0);
	CU_ASSERT_EQUAL(hw.build, 0xb111d);
	CU_ASSERT_EQUAL(hw.n_func, 64);
	CU_ASSERT_EQUAL(hw.n_vec, 8);
	CU_ASSERT_EQUAL(hw.n_queue, 4);
	CU_ASSERT_EQUAL(hw.n_flow, 65536);
	CU_ASSERT_EQUAL(hw.n_rule, 4096);
	CU_ASSERT_EQUAL(hw.n_mask, 16);
	CU_ASSERT_EQUAL(log_buf[0], 0);
}

#define VERSION (SNIC_VERSION_MAJOR << 16 | SNIC_VERSION_MINOR)

/* A card of 1.4 is one that the driver can drive, and asks nothing of 1.5 of. */
static void test_identify_older(void)
{
	for (uint32_t minor = 4; minor <= 5; minor++) {
		begin(0);
		expect_identity(1 << 16 | minor, 256 << 16 | 16 << 8 | 8, 0);
		expect_read32(SNIC_REG_FUNC_CTRL, 0);
		CU_ASSERT_EQUAL(snic_hw_identify(&hw), 0);
		reached();
		CU_ASSERT_EQUAL(hw.minor, minor);
		CU_ASSERT_EQUAL(snic_hw_has_tx_offload(&hw), minor == 5);
	}
}

static void test_identify_refuses(void)
{
	begin(0);
	expect_read64(SNIC_REG_MAGIC, ~0ull);
	CU_ASSERT_EQUAL(snic_hw_identify(&hw), -ENODEV);
	LOGGED("gone");
	reached();
	begin(0);
	expect_read64(SNIC_REG_MAGIC, 0x10000deadbeefull);
	CU_ASSERT_EQUAL(snic_hw_identify(&hw), -ENXIO);
	LOGGED("magic is 0xdeadbeef");
	reached();
	begin(0);
	expect_read64(SNIC_REG_MAGIC, SNIC_MAGIC | (uint64_t)(2 << 16 | 3) << 32);
	CU_ASSERT_EQUAL(snic_hw_identify(&hw), -EOPNOTSUPP);
	LOGGED("version 2.3");
	reached();
	/* what the driver relies on is not there yet; a newer one has it */
	begin(0);
	expect_read64(SNIC_REG_MAGIC, SNIC_MAGIC | (uint64_t)(1 << 16 | 3) << 32);
	CU_ASSERT_EQUAL(snic_hw_identify(&hw), -EOPNOTSUPP);
	LOGGED("driver needs 1.");
	reached();
	begin(3);
	expect_identity(VERSION, 256 << 16 | 16 << 8 | 8, 4);
	CU_ASSERT_EQUAL(snic_hw_identify(&hw), -ENXIO);
	LOGGED("function 3: identify: this window answers as function 4");
	reached();
	begin(0);
	expect_identity(VERSION, 256 << 16 | 16 << 8 | 9, 0);
	CU_ASSERT_EQUAL(snic_hw_identify(&hw), -EOPNOTSUPP);
	LOGGED("beyond contract");
	reached();
}

/* --- self-test --- */

static struct snic_qw2 dma_buf;
static unsigned int delays;

static void dma_arrives(void)
{
	if (++delays == 3) {
		dma_buf.qw[0] = htole64(SNIC_MAGIC | 5ull << 32);
		dma_buf.qw[1] = htole64(0x5a3ca5c3);
	}
}

static bool irq_after_4(void *ctx)
{
	return ++*(unsigned int *)ctx == 4;
}

static bool irq_never(void *ctx)
{
	++*(unsigned int *)ctx;
	return false;
}

static void expect_selftest_to_dma(void)
{
	expect_write32(SNIC_REG_TEST_SCRATCH, 0xa5c35a3c);
	expect_read32(SNIC_REG_TEST_SCRATCH, 0x5a3ca5c3);
	expect_write32(SNIC_REG_TEST_SCRATCH, 0x5a3ca5c3);
	expect_read32(SNIC_REG_TEST_SCRATCH, 0xa5c35a3c);
	expect_write32(SNIC_REG_TEST_SCRATCH, 0x5a3ca5c3);
	expect_write64(SNIC_REG_TEST_DMA_LO, DMA_BUS);
	expect_write32(SNIC_REG_TEST_GO, 1);
}

static void test_selftest(void)
{
	unsigned int asked = 0;

	begin(5);
	delays = 0;
	on_delay = dma_arrives;
	expect_selftest_to_dma();
	CU_ASSERT_EQUAL(snic_hw_selftest(&hw, &dma_buf, DMA_BUS, NULL, NULL, 0), 0);
	reached();
	CU_ASSERT_EQUAL(delays, 3);

	begin(5);
	delays = 0;
	on_delay = dma_arrives;
	expect_selftest_to_dma();
	expect_write32(SNIC_REG_TEST_GO, 0xb02);
	CU_ASSERT_EQUAL(snic_hw_selftest(&hw, &dma_buf, DMA_BUS, irq_after_4, &asked, 11), 0);
	reached();
	CU_ASSERT_EQUAL(asked, 4);
}

static void test_selftest_fails(void)
{
	unsigned int asked = 0;

	begin(5);
	expect_write32(SNIC_REG_TEST_SCRATCH, 0xa5c35a3c);
	expect_read32(SNIC_REG_TEST_SCRATCH, 0x5a3ca5c2); /* a line that sticks */
	CU_ASSERT_EQUAL(snic_hw_selftest(&hw, &dma_buf, DMA_BUS, NULL, NULL, 0), -EIO);
	LOGGED("MMIO is broken");
	reached();
	begin(5);
	expect_write32(SNIC_REG_TEST_SCRATCH, 0xa5c35a3c);
	expect_read32(SNIC_REG_TEST_SCRATCH, 0xffffffff);
	CU_ASSERT_EQUAL(snic_hw_selftest(&hw, &dma_buf, DMA_BUS, NULL, NULL, 0), -ENODEV);
	reached();
	begin(5);
	expect_selftest_to_dma();
	CU_ASSERT_EQUAL(snic_hw_selftest(&hw, &dma_buf, DMA_BUS, NULL, NULL, 0), -EIO);
	LOGGED("check bus mastering");
	reached();
	CU_ASSERT_EQUAL(delay_ns, 10000000); /* it does not wait for ever */
	begin(6);			     /* the other function's data */
	delays = 0;
	on_delay = dma_arrives;
	expect_selftest_to_dma();
	CU_ASSERT_EQUAL(snic_hw_selftest(&hw, &dma_buf, DMA_BUS, NULL, NULL, 0), -EIO);
	reached();
	begin(5);
	delays = 0;
	on_delay = dma_arrives;
	expect_selftest_to_dma();
	expect_write32(SNIC_REG_TEST_GO, 2);
	CU_ASSERT_EQUAL(snic_hw_selftest(&hw, &dma_buf, DMA_BUS, irq_never, &asked, 0), -EIO);
	LOGGED("no interrupt on vector 0");
	CU_ASSERT_EQUAL(asked, 5000);
	reached();
}

/* --- function --- */

static void test_reset(void)
{
	unsigned int i;

	begin(1);
	expect_write32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	expect_read32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	expect_read32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	expect_read32(SNIC_REG_FUNC_CTRL, 0);
	expect_write32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, ENABLE));
	expect_write32(SNIC_REG_FUNC_CTRL, 0);
	CU_ASSERT_EQUAL(snic_hw_reset(&hw), 0);
	CU_ASSERT_EQUAL(delay_ns, 4000);
	snic_hw_enable(&hw, true);
	snic_hw_enable(&hw, false);
	reached();

	begin(1);
	expect_write32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	expect_read32(SNIC_REG_FUNC_CTRL, 0xffffffff);
	CU_ASSERT_EQUAL(snic_hw_reset(&hw), -ENODEV);
	reached();

	/* a reset that never ends */
	begin(1);
	expect_write32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	for (i = 0; i < 5285; i++)
		expect_read32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	CU_ASSERT_EQUAL(snic_hw_reset(&hw), -ETIMEDOUT);
	LOGGED("function 1: reset: not ready after 66800 us");
	reached();

	/* and one that may take longer, since reads may */
	begin(1);
	hw.read_timeout_us = 900000;
	expect_write32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	for (i = 0; i < 9000; i++)
		expect_read32(SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	expect_read32(SNIC_REG_FUNC_CTRL, 0);
	CU_ASSERT_EQUAL(snic_hw_reset(&hw), 0);
	reached();
}

static void test_time_and_sync(void)
{
	begin(0);
	expect_read32(SNIC_REG_TIME_LO, 0x89abcdef);
	expect_read32(SNIC_REG_TIME_HI, 0x1234);
	CU_ASSERT_EQUAL(snic_hw_time(&hw), 0x123489abcdefull);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	CU_ASSERT_EQUAL(snic_hw_sync(&hw), 0);
	expect_read32(SNIC_REG_MAGIC, 0xffffffff);
	CU_ASSERT_EQUAL(snic_hw_sync(&hw), -ENODEV);
	reached();
}

static void test_ptp(void)
{
	begin(0);
	expect_read32(SNIC_REG_PTP_TIME_LO + 8, 0x89abcdef);
	expect_read32(SNIC_REG_PTP_TIME_HI + 8, 0x187d0000);
	CU_ASSERT_EQUAL(snic_ptp_time(&hw, 1), 0x187d000089abcdefull);
	expect_write64(SNIC_REG_PTP_ARG_LO, 0x187d000012345678ull);
	expect_write32(SNIC_REG_PTP_OP, SNIC_PTPOP_SET);
	snic_ptp_set(&hw, 0, 0x187d000012345678ull);
	expect_write64(SNIC_REG_PTP_ARG_LO + 0x10, -3ull);
	expect_write32(SNIC_REG_PTP_OP + 0x10, SNIC_PTPOP_ADD);
	snic_ptp_add(&hw, 1, -3ull);
	expect_write64(SNIC_REG_PTP_ARG_LO, 0x280000000ull);
	expect_write32(SNIC_REG_PTP_OP, SNIC_PTPOP_RATE);
	snic_ptp_set_rate(&hw, 0, snic_ptp_nominal_rate(400000));
	CU_ASSERT_EQUAL(snic_ptp_nominal_rate(250000), 4ull << 32);
	reached();
}

static void expect_row(uint32_t func, uint32_t lo, uint32_t hi, uint32_t vlan, uint32_t flags)
{
	expect_write32(SNIC_REG_FT_SEL, func);
	expect_write32(SNIC_REG_FT_MAC_LO, lo);
	expect_write32(SNIC_REG_FT_MAC_HI, hi);
	expect_write32(SNIC_REG_FT_VLAN, vlan);
	expect_write32(SNIC_REG_FT_FLAGS, flags);
}

static void expect_members(uint32_t vid, uint32_t word, uint32_t members)
{
	expect_write32(SNIC_REG_VLAN_SEL, vid << 3 | word);
	expect_write32(SNIC_REG_VLAN_MEMBERS, members);
}

static void test_function_table(void)
{
	static const struct snic_func_row row = { { 0xf0, 0xe1, 0xd2, 0xc3, 0xb4, 0xa5 }, 0, 0x105 };
	struct snic_functab *tab = calloc(1, sizeof(*tab));

	begin(0);
	snic_functab_init(tab, &hw);
	expect_row(200, 0xc3d2e1f0, 0xa5b4, 0, 0x105);
	snic_func_set(tab, 200, &row);
	reached();
	expect_members(0, 6, 1 << 8);
	CU_ASSERT_EQUAL(snic_vlan_member(tab, 0, 200, true), 0);
	CU_ASSERT_EQUAL(snic_vlan_member(tab, 0, 200, true), 0); /* is one already: nothing to write */
	expect_members(0, 6, 1 << 8 | 1 << 9);
	CU_ASSERT_EQUAL(snic_vlan_member(tab, 0, 201, true), 0);
	reached();
	/* port VLAN: member of the new one first, of the old one last */
	expect_members(100, 6, 1 << 8);
	expect_row(200, 0xc3d2e1f0, 0xa5b4, 0xa064, 0x105);
	expect_members(0, 6, 1 << 9);
	CU_ASSERT_EQUAL(snic_func_set_port_vlan(tab, 200, 0xa064), 0);
	reached();
	CU_ASSERT_EQUAL(snic_vlan_member(tab, 4096, 0, true), -EINVAL);
	CU_ASSERT_EQUAL(snic_vlan_member(tab, 1, 256, true), -EINVAL);
	/* clearing writes what is in use, and only that */
	expect_row(200, 0, 0, 0, 0);
	expect_members(0, 6, 0);
	expect_members(100, 6, 0);
	snic_functab_clear(tab, false);
	reached();
	snic_functab_clear(tab, false);
	reached();
	free(tab);
}

/* Rate and burst become cycles, and are written again for a device that has lost them. */
static void test_storm(void)
{
	struct snic_functab *tab = calloc(1, sizeof(*tab));
	unsigned int i;

	begin(0);
	snic_functab_init(tab, &hw);
	for (i = 0; i < 2; i++) {
		expect_read32(SNIC_REG_CLOCK_KHZ, 400000);
		expect_write32(SNIC_REG_AT(STORM_LIMIT, 0), 102400);
		expect_write32(SNIC_REG_AT(STORM_COST, 0), 100);
		if (!i)
			snic_func_set_storm(
				tab, SNIC_STORM_VF,
				&(struct snic_storm){ SNIC_STORM_VF_KCOPIES, SNIC_STORM_VF_BURST });
		else
			snic_functab_restore(tab);
		reached();
	}
	/* never more than asked for, and what the registers cannot hold is the most that they can */
	expect_read32(SNIC_REG_CLOCK_KHZ, 400000);
	expect_write32(SNIC_REG_AT(STORM_LIMIT, 2), 30 * 134);
	expect_write32(SNIC_REG_AT(STORM_COST, 2), 134);
	snic_func_set_storm(tab, SNIC_STORM_WIRE0, &(struct snic_storm){ 3000, 30 });
	expect_read32(SNIC_REG_CLOCK_KHZ, 400000);
	expect_write32(SNIC_REG_AT(STORM_LIMIT, 2), 0xffffffff);
	expect_write32(SNIC_REG_AT(STORM_COST, 2), 0xffff);
	snic_func_set_storm(tab, SNIC_STORM_WIRE0, &(struct snic_storm){ 1, 100000 });
	reached();
	for (i = 0; i <= 2; i += 2) {
		expect_write32(SNIC_REG_AT(STORM_LIMIT, i), 0);
		expect_write32(SNIC_REG_AT(STORM_COST, i), 0);
	}
	snic_functab_clear(tab, false);
	reached();
	free(tab);
}

/* The mode is written again for a device that has lost it, and goes with the tables. */
static void test_switchdev(void)
{
	struct snic_functab *tab = calloc(1, sizeof(*tab));

	begin(0);
	snic_functab_init(tab, &hw);
	expect_write32(SNIC_REG_ESWITCH, SNIC_ESWITCH_SWITCHDEV);
	snic_func_set_switchdev(tab, true);
	expect_write32(SNIC_REG_ESWITCH, SNIC_ESWITCH_SWITCHDEV);
	snic_functab_restore(tab);
	expect_write32(SNIC_REG_ESWITCH, SNIC_ESWITCH_LEGACY);
	snic_functab_clear(tab, false);
	snic_functab_clear(tab, false);
	snic_functab_restore(tab);
	reached();
	free(tab);
}

static void test_mbox_vf(void)
{
	struct snic_mbox_msg msg, got;
	unsigned int i;

	begin(9);
	/* a VF never touches the selector */
	for (i = 0; i < SNIC_MBOX_DWORDS; i++)
		msg.dw[i] = 0x11 * i;
	for (i = 0; i < SNIC_MBOX_DWORDS; i += 2)
		expect_write64(SNIC_REG_AT(MBOX_DATA, i), (uint64_t)msg.dw[i + 1] << 32 | msg.dw[i]);
	expect_write32(SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
	snic_mbox_send(&hw, &msg);
	expect_read32(SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, UNTAKEN) | SNIC_MASK(MBOX_CTRL, WAITS));
	CU_ASSERT_EQUAL(snic_mbox_flags(&hw), SNIC_MASK(MBOX_CTRL, UNTAKEN) | SNIC_MASK(MBOX_CTRL, WAITS));
	for (i = 0; i < SNIC_MBOX_DWORDS; i += 2)
		expect_read64(SNIC_REG_AT(MBOX_DATA, i), (uint64_t)msg.dw[i + 1] << 32 | msg.dw[i]);
	snic_mbox_read(&hw, &got);
	CU_ASSERT_FALSE(memcmp(&msg, &got, sizeof(msg)));
	expect_write32(SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, TAKEN));
	snic_mbox_taken(&hw);
	expect_write32(SNIC_REG_MBOX_VEC, SNIC_MASK(MBOX_VEC, IRQ) | 7);
	snic_mbox_irq(&hw, 7);
	expect_write32(SNIC_REG_MBOX_VEC, 0);
	snic_mbox_irq(&hw, -1);
	reached();
}

static void test_mbox_pf(void)
{
	begin(0);
	expect_write32(SNIC_REG_MBOX_SEL, 255);
	snic_mbox_select(&hw, 255);
	expect_read32(SNIC_REG_AT(VF_RESET, 7), 0x80000002);
	CU_ASSERT_EQUAL(snic_mbox_resets(&hw, 7), 0x80000002);
	expect_write32(SNIC_REG_AT(VF_RESET, 7), 2);
	snic_mbox_reset_seen(&hw, 7, 2);
	expect_read32(SNIC_REG_AT(MBOX_PEND, 1), 0x10);
	CU_ASSERT_EQUAL(snic_mbox_pending(&hw, 1), 0x10);
	expect_read32(SNIC_REG_AT(FUNC_ERR, 7), 0x80000003);
	CU_ASSERT_EQUAL(snic_func_errors(&hw, 7), 0x80000003);
	expect_write32(SNIC_REG_AT(FUNC_ERR, 7), 3);
	snic_func_errors_seen(&hw, 7, 3);
	reached();
}

static void test_mbox_content(void)
{
	const struct snic_mbox_state was = {
		.version = 3, .mac = { 0xf2, 1, 2, 3, 4, 0xf5 }, .port = 1, .flags = 6, .quota = 77
	};
	struct snic_mbox_msg msg = { { 0 } };
	struct snic_mbox_state now;

	memset(&now, 0xff, sizeof(now));
	msg.dw[0] = snic_msg_head(SNIC_MSG_HELLO | SNIC_MSG_REPLY, SNIC_MSG_EPERM, 0xfedc);
	CU_ASSERT_EQUAL(snic_msg_op(&msg), SNIC_MSG_HELLO | SNIC_MSG_REPLY);
	CU_ASSERT_EQUAL(snic_msg_status(&msg), SNIC_MSG_EPERM);
	CU_ASSERT_EQUAL(snic_msg_seq(&msg), 0xfedc);
	snic_msg_put_state(&msg, &was);
	snic_msg_get_state(&msg, &now);
	CU_ASSERT_EQUAL(now.version, was.version);
	CU_ASSERT_FALSE(memcmp(now.mac, was.mac, sizeof(was.mac)));
	CU_ASSERT_EQUAL(now.port, was.port);
	CU_ASSERT_EQUAL(now.flags, was.flags);
	CU_ASSERT_EQUAL(now.quota, was.quota);
	CU_ASSERT_EQUAL(snic_msg_op(&msg), SNIC_MSG_HELLO | SNIC_MSG_REPLY); /* the head is not touched */
}

static void test_rss(void)
{
	static const uint32_t key[10] = { 0x6d5a56da, 0x255b0ec2, 0x4167253d, 0x43a38fb0, 0xd0ca2bcb,
					  0xae7b30b4, 0x77cb2da3, 0x8030f20c, 0x6a42b73b, 0xbeac01fa };
	unsigned int i;

	begin(0);
	for (i = 0; i < 10; i++)
		expect_write32(0x4040 + 4 * i, key[i]);
	snic_rss_set_key(&hw, snic_rss_default_key);
	for (i = 0; i < 16; i++) /* modulo 3 turns with each register */
		expect_write32(0x200 + 4 * i, ((uint32_t[]){ 0x10210210, 0x02102102, 0x21021021 })[i % 3]);
	snic_rss_spread(&hw, 3);
	expect_read32(0x4040, 0);
	CU_ASSERT_FALSE(snic_rss_key_loaded(&hw));
	expect_read32(0x4040, 1);
	CU_ASSERT_TRUE(snic_rss_key_loaded(&hw));
	reached();
}

static void test_stats(void)
{
	begin(0);
	expect_write32(SNIC_REG_STAT_SEL, 13);
	expect_read32(SNIC_REG_STAT_LO, 5);
	expect_read32(SNIC_REG_STAT_HI, 6);
	CU_ASSERT_EQUAL(snic_stat_read(&hw, SNIC_STAT_DROP_NO_MATCH), 0x600000005ull);
	expect_write32(SNIC_REG_STAT_SEL, 0x80ff0002);
	expect_read32(SNIC_REG_STAT_LO, 1);
	expect_read32(SNIC_REG_STAT_HI, 0);
	CU_ASSERT_EQUAL(snic_fstat_read(&hw, 255, SNIC_FSTAT_TX_PKTS), 1);
	reached();
	CU_ASSERT_EQUAL(snic_stat_names[12].index, SNIC_STAT_DROP_CONGESTED);
	CU_ASSERT_STRING_EQUAL(snic_stat_names[12].name, "rx_drop_congested");
	CU_ASSERT_STRING_EQUAL(snic_fstat_names[5].name, "tx_drops");
}

/* --- queues --- */

static void test_stop(void)
{
	static struct snic_qw2 ring[64], report[64];
	const struct snic_ring_mem mem = { ring, 0x1000, report, 0x2000 };
	struct snic_txq tx = { 0 };
	struct snic_rxq rx = { 0 };
	u32 i;

	/* never started: nothing is asked */
	begin(9);
	CU_ASSERT_EQUAL(snic_txq_stop(&tx), 0);
	CU_ASSERT_EQUAL(snic_rxq_stop(&rx), 0);
	reached();

	expect_write64(SNIC_REG_TXQ_BASE_LO + 0xc0, mem.ring_bus);
	expect_write64(SNIC_REG_TXQ_WB_LO + 0xc0, mem.report_bus);
	expect_write32(SNIC_REG_TXQ_CFG + 0xc0, 0x80000006);
	CU_ASSERT_EQUAL(snic_txq_start(&tx, &hw, 3, &mem, 6, -1), 0);
	expect_write32(SNIC_REG_TXQ_CFG + 0xc0, 0);
	for (i = 0; i < 3; i++)
		expect_read32(SNIC_REG_TXQ_CFG + 0xc0, SNIC_QCFG_BUSY);
	expect_read32(SNIC_REG_TXQ_CFG + 0xc0, 0);
	CU_ASSERT_EQUAL(snic_txq_stop(&tx), 0);
	CU_ASSERT_EQUAL(delay_ns, 6000);
	reached();

	/* it does not end; then the device is gone */
	begin(9);
	expect_write32(SNIC_REG_TXQ_CFG + 0xc0, 0);
	for (i = 0; i < 5285; i++)
		expect_read32(SNIC_REG_TXQ_CFG + 0xc0, SNIC_QCFG_BUSY);
	CU_ASSERT_EQUAL(snic_txq_stop(&tx), -EIO);
	LOGGED("function 9: TX queue: busy 66800 us after it was switched off; reset the function");
	expect_write32(SNIC_REG_TXQ_CFG + 0xc0, 0);
	expect_read32(SNIC_REG_TXQ_CFG + 0xc0, 0xffffffff);
	CU_ASSERT_EQUAL(snic_txq_stop(&tx), -ENODEV);
	reached();
}

static void test_queues(void)
{
	static struct snic_qw2 ring[256], report[256];
	const struct snic_ring_mem mem = { ring, 0x1122334400ull, report, 0x5566778840ull };
	struct snic_ring_mem crooked = mem;
	struct snic_txq tx;
	struct snic_rxq rx;
	u64 cpl[2];
	u32 i;

	/* as an earlier use may have left them */
	memset(ring, 0xff, sizeof(ring));
	memset(report, 0xff, sizeof(report));
	begin(9);
	expect_write64(SNIC_REG_TXQ_BASE_LO + 0xc0, mem.ring_bus);
	expect_write64(SNIC_REG_TXQ_WB_LO + 0xc0, mem.report_bus);
	expect_write32(SNIC_REG_TXQ_CFG + 0xc0, 0x80000006);
	CU_ASSERT_EQUAL(snic_txq_start(&tx, &hw, 3, &mem, 6, -1), 0);
	reached();
	CU_ASSERT_EQUAL(snic_txq_room(&tx), 64);
	CU_ASSERT_EQUAL(snic_txq_reap(&tx), 0);
	snic_txq_kick(&tx); /* nothing put: no doorbell */
	snic_txq_put(&tx, 0xabcdef0123456789ull, 9216);
	snic_txq_put(&tx, 64, 60);
	CU_ASSERT_EQUAL(le64toh(ring[0].qw[0]), 0xabcdef0123456789ull);
	CU_ASSERT_EQUAL(le64toh(ring[0].qw[1]), 0x12400);
	CU_ASSERT_EQUAL(le64toh(ring[1].qw[1]), 0x1003c);
	snic_txq_put_buf(&tx, 64, 60, true, snic_tx_to(SNIC_VPORT_WIRE1));
	CU_ASSERT_EQUAL(le64toh(ring[2].qw[1]), 0x1003c | 1ull << 48 | 257ull << 49);
	tx.tail--;
	expect_write32(SNIC_REG_TX_TAIL + 24, 2);
	snic_txq_kick(&tx);
	snic_txq_kick(&tx);
	reached();
	CU_ASSERT_EQUAL(snic_txq_room(&tx), 62);
	report[0].qw[0] = htole64(1);
	CU_ASSERT_EQUAL(snic_txq_reap(&tx), 0);
	CU_ASSERT_EQUAL(snic_txq_room(&tx), 63);

	memset(report, 0xff, sizeof(report));
	expect_write64(SNIC_REG_RXQ_BASE_LO + 0x1c0, mem.ring_bus);
	expect_write64(SNIC_REG_RXQ_CPL_LO + 0x1c0, mem.report_bus);
	expect_write32(SNIC_REG_RXQ_CFG + 0x1c0, 0x80201c06); /* 2 KiB buffers, vector 12 */
	CU_ASSERT_EQUAL(snic_rxq_start(&rx, &hw, 7, &mem, 6, 2048, 12), 0);
	reached();
	CU_ASSERT_FALSE(snic_rxq_next(&rx, cpl));
	for (i = 0; i < 15; i++)
		snic_rxq_post(&rx, 0x10000 + i * 2048);
	snic_rxq_kick(&rx); /* less than a quarter: not yet */
	for (; i < 19; i++)
		snic_rxq_post(&rx, 0x10000 + i * 2048);
	CU_ASSERT_EQUAL(le64toh(ring[18].qw[0]), 0x10000 + 18 * 2048);
	CU_ASSERT_EQUAL(ring[18].qw[1], 0);
	expect_write32(SNIC_REG_RX_TAIL + 56, 16); /* whole lines */
	snic_rxq_kick(&rx);
	snic_rxq_kick(&rx);
	reached();
	report[0].qw[0] = htole64(0x1111);
	report[0].qw[1] = htole64(1ull << 63 | 60);
	CU_ASSERT_TRUE(snic_rxq_next(&rx, cpl));
	CU_ASSERT_TRUE(cpl[0] == 0x1111 && cpl[1] == (1ull << 63 | 60));
	CU_ASSERT_FALSE(snic_rxq_next(&rx, cpl));

	/* in a large ring a batch is worth a doorbell long before a quarter is */
	expect_write64(SNIC_REG_RXQ_BASE_LO, mem.ring_bus);
	expect_write64(SNIC_REG_RXQ_CPL_LO, mem.report_bus);
	expect_write32(SNIC_REG_RXQ_CFG, 0x80000008 | SNIC_PUT(RXQ_CFG, BUFSIZE, 9280 / 64));
	CU_ASSERT_EQUAL(snic_rxq_start(&rx, &hw, 0, &mem, 8, SNIC_FRAME_MAX + 64, -1), 0);
	for (i = 0; i < 31; i++)
		snic_rxq_post(&rx, 0x10000);
	snic_rxq_kick(&rx);
	reached();
	snic_rxq_post(&rx, 0x10000);
	expect_write32(SNIC_REG_RX_TAIL, 32);
	snic_rxq_kick(&rx);
	reached();

	CU_ASSERT_EQUAL(snic_txq_start(&tx, &hw, 8, &mem, 6, -1), -EINVAL);
	LOGGED("TX queue 8");
	CU_ASSERT_EQUAL(snic_txq_start(&tx, &hw, 0, &mem, 3, -1), -EINVAL);
	CU_ASSERT_EQUAL(snic_txq_start(&tx, &hw, 0, &mem, 16, -1), -EINVAL);
	crooked.report_bus += 16;
	CU_ASSERT_EQUAL(snic_rxq_start(&rx, &hw, 0, &crooked, 6, 2048, -1), -EINVAL);
	crooked = mem;
	crooked.ring_bus += 32;
	CU_ASSERT_EQUAL(snic_txq_start(&tx, &hw, 0, &crooked, 6, -1), -EINVAL);
	CU_ASSERT_EQUAL(snic_rxq_start(&rx, &hw, 0, &mem, 6, 2000, -1), -EINVAL);
	CU_ASSERT_EQUAL(snic_rxq_start(&rx, &hw, 0, &mem, 6, 0, -1), -EINVAL);
	CU_ASSERT_EQUAL(snic_rxq_start(&rx, &hw, 0, &mem, 6, SNIC_FRAME_MAX + 128, -1), -EINVAL);

	hw.minor = 6;
	CU_ASSERT_EQUAL(snic_rxq_start_scatter(&rx, &hw, 0, &mem, 6, 256, -1), -EOPNOTSUPP);
	hw.minor = 7;
	CU_ASSERT_EQUAL(snic_rxq_start_scatter(&rx, &hw, 0, &mem, 6, 192, -1), -EINVAL);
	reached();
	memset(report, 0xff, sizeof(report));
	expect_write64(SNIC_REG_RXQ_BASE_LO, mem.ring_bus);
	expect_write64(SNIC_REG_RXQ_CPL_LO, mem.report_bus);
	expect_write32(SNIC_REG_RXQ_CFG, 0x90040006); /* 256 B buffers */
	CU_ASSERT_EQUAL(snic_rxq_start_scatter(&rx, &hw, 0, &mem, 6, 256, -1), 0);
	report[0].qw[1] = htole64(1ull << 63 | 1ull << 62 | 256);
	CU_ASSERT_TRUE(snic_rxq_next(&rx, cpl) && snic_rx_more(cpl));
	report[1].qw[1] = htole64(1ull << 63 | 10);
	CU_ASSERT_TRUE(snic_rxq_next(&rx, cpl) && !snic_rx_more(cpl));
	reached();
}

/* --- MAC table --- */

static void test_mac(void)
{
	static const u8 mac[6] = { 0x02, 0x5c, 0x11, 0x22, 0x33, 0x44 };
	const u32 key[2] = { 0x11223344, 0x0064025c };
	struct snic_hash h = snic_jhash2(key, 2, SNIC_JHASH_SEED_MAC);
	struct snic_mactab *tab = calloc(1, sizeof(*tab));

	begin(0);
	snic_mactab_init(tab, &hw);
	expect_write64(SNIC_REG_MACT_KEY_LO, 0x0064025c11223344ull);
	expect_write32(SNIC_REG_MACT_SLOT, (h.c & 0xff) << 11 | 1 << 9 | 0x101);
	CU_ASSERT_EQUAL(snic_mac_add(tab, mac, 100, SNIC_VPORT_WIRE1, 1), 0);
	CU_ASSERT_EQUAL(snic_mac_add(tab, mac, 100, SNIC_VPORT_WIRE1, 1), 0);
	CU_ASSERT_EQUAL(snic_mac_add(tab, mac, 100, 0, 1), -EEXIST);
	CU_ASSERT_EQUAL(snic_mac_add(tab, mac, 100, 0, 2), -EINVAL);
	reached();
	/* the other port's switch */
	expect_write64(SNIC_REG_MACT_KEY_LO, 0x0064025c11223344ull);
	expect_write32(SNIC_REG_MACT_SLOT, (h.c & 0xff) << 11 | 1 << 19 | 1 << 9);
	CU_ASSERT_EQUAL(snic_mac_add(tab, mac, 100, 0, 0), 0);
	reached();
	expect_write32(SNIC_REG_MACT_SLOT, (h.c & 0xff) << 11);
	CU_ASSERT_EQUAL(snic_mac_del(tab, mac, 100, 1), 0);
	CU_ASSERT_EQUAL(snic_mac_del(tab, mac, 100, 1), -ENOENT);
	reached();
	expect_write32(SNIC_REG_MACT_SLOT, (h.c & 0xff) << 11 | 1 << 19);
	CU_ASSERT_EQUAL(snic_mac_del(tab, mac, 100, 0), 0);
	reached();
	free(tab);
}

/* --- flows and rules --- */

static struct snic_flowop op;

static void expect_key(const struct snic_flow_key *key)
{
	u32 i;

	for (i = 0; i < 24; i += 2)
		expect_write64(0x4100 + 4 * i, key->dw[i] | (uint64_t)key->dw[i + 1] << 32);
}

static void expect_actions(const struct snic_actions *act)
{
	expect_write64(0x4160, act->a[0] | (uint64_t)act->a[1] << 32);
	expect_write64(0x4168, act->a[2] | (uint64_t)act->a[3] << 32);
}

static void expect_op(uint32_t flop, uint32_t arg, uint32_t slot)
{
	expect_write64(0x4170, slot | (uint64_t)(flop << 24 | arg) << 32);
}

static void test_flow(void)
{
	struct snic_flowtab *tab = calloc(1, sizeof(*tab));
	static const struct snic_actions act = { { 0x10102, 0x707, 0, 0 } };
	struct snic_flow_counters c;
	struct snic_flow_key key = { { 0x3001, 0x0800, 3, 4, 5, 6, 7, 8, 9, 10 } };
	struct snic_hash h;
	u32 id;

	begin(0);
	snic_flowop_init(&op, &hw);
	snic_flowtab_init(tab, &op);
	h = snic_jhash2(key.dw, 24, 0);
	expect_key(&key);
	expect_actions(&act);
	expect_op(SNIC_FLOP_ENTRY_SET, 0, 0);
	expect_op(SNIC_FLOP_SLOT_SET, (h.c & 0x3fff) << 3, 1u << 31 | (h.b >> 16 & 0x7fff) << 16 | 0);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	CU_ASSERT_EQUAL(snic_flow_add(tab, &key, &act, &id, 1), 1);
	CU_ASSERT_EQUAL(id, 0);
	reached();
	/* of the next key only what differs is staged */
	key.dw[9] = 11;
	h = snic_jhash2(key.dw, 24, 0);
	expect_write64(0x4120, 9 | 11ull << 32);
	expect_actions(&act);
	expect_op(SNIC_FLOP_ENTRY_SET, 1, 0);
	expect_op(SNIC_FLOP_SLOT_SET, (h.c & 0x3fff) << 3, 1u << 31 | (h.b >> 16 & 0x7fff) << 16 | 1);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	CU_ASSERT_EQUAL(snic_flow_add(tab, &key, &act, &id, 1), 1);
	reached();
	expect_op(SNIC_FLOP_STAT_READ, 1, 0);
	expect_read64(0x4180, 0x800000000001);
	expect_read64(0x4188, 2);
	expect_read64(0x4190, 3);
	CU_ASSERT_EQUAL(snic_flow_query(tab, 1, &c), 0);
	CU_ASSERT_TRUE(c.packets == 0x800000000001 && c.bytes == 2 && c.last_seen == 3);
	reached();
	expect_op(SNIC_FLOP_SLOT_SET, (h.c & 0x3fff) << 3, 0);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	id = 1;
	CU_ASSERT_EQUAL(snic_flow_del(tab, &id, 1), 1);
	CU_ASSERT_EQUAL(snic_flow_query(tab, 1, &c), -ENOENT);
	reached();
	free(tab);
}

/* Table 1 comes into play when the set of table 0 has the tag already: its ARG and its tag. */
static void test_flow_second_table(void)
{
	struct snic_flowtab *tab = calloc(1, sizeof(*tab));
	static const struct snic_actions act = { { 0 } };
	struct snic_flow_key key = { { 0x3001 } };
	struct snic_hash h = snic_jhash2(key.dw, 24, 0);
	u32 id;

	begin(0);
	snic_flowop_init(&op, &hw);
	snic_flowtab_init(tab, &op);
	/* an entry with the same tag, made up, in the set of table 0 */
	tab->hash[77] = h;
	tab->slot[(h.c & 0x3fff) * 4 + 2] = 78;
	expect_key(&key);
	expect_actions(&act);
	expect_op(SNIC_FLOP_ENTRY_SET, 0, 0);
	expect_op(SNIC_FLOP_SLOT_SET, 1u << 17 | (h.b & 0x3fff) << 3,
		  1u << 31 | (h.c >> 16 & 0x7fff) << 16 | 0);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	CU_ASSERT_EQUAL(snic_flow_add(tab, &key, &act, &id, 1), 1);
	reached();
	free(tab);
}

static void test_rule(void)
{
	struct snic_ruletab *tab = calloc(1, sizeof(*tab));
	static const struct snic_actions act = { { SNIC_ACT_DROP } };
	const struct snic_flow_key mask = { { 0, 0xffff, 0, 0, 0, 0, 0, 0, 0xffffff00 } };
	struct snic_flow_key key = { { 5, 0x0800, 0, 0, 0, 0, 0, 0, 0x0a000063 } };
	const struct snic_flow_key masked = { { 0, 0x0800, 0, 0, 0, 0, 0, 0, 0x0a000000 } };
	struct snic_hash h = snic_jhash2(masked.dw, 24, 0);
	struct snic_flow_counters c;
	u32 id, id2;

	begin(0);
	snic_flowop_init(&op, &hw);
	snic_ruletab_init(tab, &op);
	/* a new mask: mask, rule, slot, and only then is the mask searched */
	expect_key(&mask);
	expect_op(SNIC_FLOP_MASK_SET, 0, 0);
	expect_write64(0x4100, 0x080000000000);
	expect_write64(0x4120, 0x0a000000);
	expect_actions(&act);
	expect_op(SNIC_FLOP_RULE_SET, 0, 0xbeef0000);
	expect_op(SNIC_FLOP_RULE_SLOT_SET, (h.c & 0x3ff) << 3, 1u << 31 | (h.b >> 16 & 0x7fff) << 16);
	expect_op(SNIC_FLOP_MASK_ENABLE, 0, 1);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	CU_ASSERT_EQUAL(snic_rule_add(tab, &key, &mask, 0xbeef, &act, &id), 0);
	reached();
	CU_ASSERT_EQUAL(snic_rule_add(tab, &key, &mask, 1, &act, &id2), -EEXIST);
	/* the second with this mask: no MASK_SET, no MASK_ENABLE */
	key.dw[8] = 0x0a000100;
	h = snic_jhash2((const u32[24]){ 0, 0x0800, 0, 0, 0, 0, 0, 0, 0x0a000100 }, 24, 0);
	expect_write64(0x4120, 0x0a000100);
	expect_actions(&act);
	expect_op(SNIC_FLOP_RULE_SET, 1, 0x00010000);
	expect_op(SNIC_FLOP_RULE_SLOT_SET, (h.c & 0x3ff) << 3, 1u << 31 | (h.b >> 16 & 0x7fff) << 16 | 1);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	CU_ASSERT_EQUAL(snic_rule_add(tab, &key, &mask, 1, &act, &id2), 0);
	reached();
	expect_op(SNIC_FLOP_STAT_READ, 65537, 0);
	expect_read64(0x4180, 1);
	expect_read64(0x4188, 2);
	expect_read64(0x4190, ~0ull);
	CU_ASSERT_EQUAL(snic_rule_query(tab, id2, &c), -ENODEV);
	reached();
	/* the mask goes with its last rule */
	expect_op(SNIC_FLOP_RULE_SLOT_SET, (h.c & 0x3ff) << 3, 0);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	CU_ASSERT_EQUAL(snic_rule_del(tab, id2), 0);
	reached();
	h = snic_jhash2(masked.dw, 24, 0);
	expect_op(SNIC_FLOP_RULE_SLOT_SET, (h.c & 0x3ff) << 3, 0);
	expect_op(SNIC_FLOP_MASK_ENABLE, 0, 0);
	expect_read32(SNIC_REG_MAGIC, SNIC_MAGIC);
	CU_ASSERT_EQUAL(snic_rule_del(tab, id), 0);
	reached();
	free(tab);
}

static const struct cu_test tests[] = {
	{ "hw", "identify", test_identify },
	{ "hw", "identify_older", test_identify_older },
	{ "hw", "identify_refuses", test_identify_refuses },
	{ "hw", "selftest", test_selftest },
	{ "hw", "selftest_fails", test_selftest_fails },
	{ "hw", "reset", test_reset },
	{ "hw", "time_and_sync", test_time_and_sync },
	{ "hw", "ptp", test_ptp },
	{ "hw", "function_table", test_function_table },
	{ "hw", "storm_control", test_storm },
	{ "hw", "switchdev", test_switchdev },
	{ "hw", "mailbox_of_a_vf", test_mbox_vf },
	{ "hw", "mailbox_of_the_pf", test_mbox_pf },
	{ "hw", "mailbox_content", test_mbox_content },
	{ "hw", "rss", test_rss },
	{ "hw", "stats", test_stats },
	{ "queue", "setup_and_doorbells", test_queues },
	{ "queue", "stop", test_stop },
	{ "mac", "add_and_delete", test_mac },
	{ "flow", "add_query_delete", test_flow },
	{ "flow", "second_table", test_flow_second_table },
	{ "flow", "rules_and_masks", test_rule },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
