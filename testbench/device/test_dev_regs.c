/* SPDX-License-Identifier: BSD-2-Clause */
/* The register map as the whole device has it, from snic_regs.def: reset values, access, scope, holes; PF and VFs. */
#include <stdio.h>

#include "cu_main.h"
#include "dev.h"

enum access { RO, RW, WO, W1C };
enum scope { ANY, PF };

struct reg {
	const char *name;
	uint32_t offset, count, stride, reset;
	enum access access;
	enum scope scope;
};

static const struct reg regs[] = {
#define REG(name, off, access, reset, scope, why) { #name, off, 1, 4, reset, access, scope },
#define REG_ARRAY(name, off, n, stride, access, scope, why) { #name, off, n, stride, 0, access, scope },
#include "snic_regs.def"
};
#define N_REGS (sizeof(regs) / sizeof(regs[0]))

/* Registers that tell of something else than what was written there. */
static bool lives(uint32_t off)
{
	return (off >= SNIC_REG_LINK_SPEED && off <= SNIC_REG_CLOCK_KHZ) || off == SNIC_REG_BUILD ||
	       off == SNIC_REG_FUNC || off == SNIC_REG_TIME_LO || off == SNIC_REG_TIME_HI ||
	       SNIC_IS_REG(PTP_TIME_LO, off) || SNIC_IS_REG(PTP_TIME_HI, off) ||
	       off == SNIC_REG_FUNC_STATUS || off == SNIC_REG_FUNC_CTRL || off == SNIC_REG_FUNC_MAC_LO ||
	       off == SNIC_REG_FUNC_MAC_HI || off == SNIC_REG_STAT_LO || off == SNIC_REG_STAT_HI;
}

/* What is written is the one message, what is read the other: test_dev_mbox. */
static bool mailbox(uint32_t off)
{
	return off >= SNIC_REG_MBOX_DATA && off <= SNIC_REG_MBOX_CTRL;
}

/* What reads back after v was written: a cost that 16 bits do not hold is the highest that they do. */
static uint32_t reads_back(uint32_t off, uint32_t v)
{
	if (off >= SNIC_REG_STORM_COST && off < SNIC_REG_STORM_LIMIT)
		return v > 0xffff ? 0xffff : v;
	return v & snic_reg_kept(off);
}

static struct dev *bare(unsigned int vfs)
{
	return dev_open(&(struct dev_config){ .vfs = vfs, .queues = 1, .ring_log2 = 4 });
}

/* A function that no driver has touched. */
static void test_reset_values(void)
{
	static const unsigned int funcs[] = { 1, 7, 128, 255 };
	struct dev *d = bare(0);
	unsigned int i, f, k;

	for (f = 0; f < 4; f++) {
		for (i = 0; i < N_REGS; i++) {
			for (k = 0; k < regs[i].count; k++) {
				uint32_t off = regs[i].offset + k * regs[i].stride,
					 got = dev_rd(d, funcs[f], off);

				if (lives(off))
					continue;
				CU_ASSERT_EQUAL(
					got, regs[i].scope == PF || regs[i].access == WO ? 0 : regs[i].reset);
			}
		}
		CU_ASSERT_EQUAL(dev_rd(d, funcs[f], SNIC_REG_FUNC), funcs[f]);
		CU_ASSERT_EQUAL(dev_rd(d, funcs[f], SNIC_REG_BUILD), dev_rd(d, 0, SNIC_REG_BUILD));
		CU_ASSERT_EQUAL(dev_rd(d, funcs[f], SNIC_REG_FUNC_CTRL), 0);
		CU_ASSERT_EQUAL(dev_rd(d, funcs[f], SNIC_REG_FUNC_STATUS) & ~0x300u, 0);
	}
	CU_ASSERT(dev_rd(d, 0, SNIC_REG_BUILD) != 0);
	dev_close(d);
}

/* Configuration that does nothing by being written. Queues of function 9, which is off, and the PF's staging. */
static bool harmless(const struct reg *r)
{
	return r->access == RW && !mailbox(r->offset) && r->offset != SNIC_REG_FUNC_CTRL &&
	       r->offset != SNIC_REG_TXQ_CFG && r->offset != SNIC_REG_RXQ_CFG &&
	       r->offset != SNIC_REG_TEST_SCRATCH && r->offset != SNIC_REG_FT_FLAGS &&
	       r->offset != SNIC_REG_FT_SEL && r->offset != SNIC_REG_CPL_TIMEOUT;
}

static void write_all(struct dev *d, unsigned int func, uint64_t seed, bool check)
{
	uint64_t rnd = seed;
	unsigned int i, k;

	for (i = 0; i < N_REGS; i++) {
		for (k = 0; k < regs[i].count; k++) {
			uint32_t off = regs[i].offset + k * regs[i].stride,
				 v = (uint32_t)(cu_rand(&rnd) >> 20);
			uint32_t got;

			if (!harmless(&regs[i]) || (func && regs[i].scope == PF))
				continue;
			if (!check) {
				dev_wr(d, func, off, v);
				continue;
			}
			got = dev_rd(d, func, off);
			if (got != reads_back(off, v))
				printf("    %u: %s[%u] is 0x%08x after 0x%08x\n", func, regs[i].name, k, got,
				       v);
			CU_ASSERT_EQUAL(got, reads_back(off, v));
		}
	}
}

static void test_read_back(void)
{
	struct dev *d = bare(0);

	/* all written before any is read: registers that share a place show */
	write_all(d, 0, cu_seed() + 1, false);
	write_all(d, 9, cu_seed() + 2, false);
	write_all(d, 200, cu_seed() + 3, false);
	write_all(d, 0, cu_seed() + 1, true);
	write_all(d, 9, cu_seed() + 2, true);
	write_all(d, 200, cu_seed() + 3, true);
	dev_wr(d, 0, SNIC_REG_CPL_TIMEOUT, 1000);
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_CPL_TIMEOUT), 1000);
	dev_wr(d, 0, SNIC_REG_CPL_TIMEOUT, 1u << 20); /* as long as it can */
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_CPL_TIMEOUT), 0xffff);
	dev_wr(d, 9, SNIC_REG_TEST_SCRATCH, 0x12345678);
	CU_ASSERT_EQUAL(dev_rd(d, 9, SNIC_REG_TEST_SCRATCH), ~0x12345678u);
	CU_ASSERT_EQUAL(dev_rd(d, 10, SNIC_REG_TEST_SCRATCH), 0);
	dev_close(d);
}

/* Read-only registers and holes take no write; holes read 0. */
static void test_read_only_and_holes(void)
{
	static const unsigned int funcs[] = { 0, 3 };
	struct dev *d = bare(3);
	unsigned int i, f, off;

	for (f = 0; f < 2; f++) {
		for (i = 0; i < N_REGS; i++) {
			uint32_t before = dev_rd(d, funcs[f], regs[i].offset);

			if (regs[i].access != RO || regs[i].offset == SNIC_REG_TIME_LO)
				continue;
			dev_wr(d, funcs[f], regs[i].offset, ~before);
			CU_ASSERT_EQUAL(dev_rd(d, funcs[f], regs[i].offset), before);
		}
		for (off = 0; off < SNIC_BAR_BYTES; off += 4) {
			if (snic_reg_exists(off))
				continue;
			dev_wr(d, funcs[f], off, ~0u);
			CU_ASSERT_EQUAL(dev_rd(d, funcs[f], off), 0);
		}
	}
	/* and nothing happened by it */
	dev_send(d, 1, 2, 0);
	dev_send(d, SNIC_VPORT_WIRE0, 3, 1);
	dev_settle(d);
	dev_close(d);
}

/* A VF at the PF's registers: reads 0, writes change nothing that the PF set. */
static void test_pf_scope(void)
{
	struct dev *d = bare(2);
	unsigned int i, k;
	uint64_t rnd = cu_seed();

	for (i = 0; i < N_REGS; i++) {
		if (regs[i].scope != PF)
			continue;
		for (k = 0; k < regs[i].count; k++) {
			uint32_t off = regs[i].offset + k * regs[i].stride, was = dev_rd(d, 0, off);

			dev_wr(d, 1, off, (uint32_t)(cu_rand(&rnd) >> 20) | 1);
			CU_ASSERT_EQUAL(dev_rd(d, 1, off), 0);
			CU_ASSERT_EQUAL(dev_rd(d, 0, off), was);
		}
	}
	dev_wr(d, 1, SNIC_REG_FT_SEL, 2);
	dev_wr(d, 1, SNIC_REG_FT_FLAGS, 0);
	dev_wr(d, 1, SNIC_REG_FT_RESET, 2);
	dev_send(d, 1, 2, 0);
	dev_send(d, 2, 1, 1);
	dev_send(d, SNIC_VPORT_WIRE0, 2, 2);
	dev_settle(d);
	dev_close(d);
}

/* 64-bit accesses are two registers. */
static void test_wide(void)
{
	struct dev *d = bare(1);

	d->bus->write(d->bus->ctx, 1, SNIC_REG_TEST_DMA_LO, 0x123456789abcdef0, 8);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_TEST_DMA_LO), 0x9abcdef0);
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_TEST_DMA_HI), 0x12345678);
	CU_ASSERT_EQUAL(d->bus->read(d->bus->ctx, 1, SNIC_REG_TEST_DMA_LO, 8), 0x123456789abcdef0);
	CU_ASSERT_EQUAL(d->bus->read(d->bus->ctx, 1, SNIC_REG_MAGIC, 8),
			(uint64_t)SNIC_VERSION_MAJOR << 48 | (uint64_t)SNIC_VERSION_MINOR << 32 | SNIC_MAGIC);
	dev_close(d);
}

/* What the shell says of links and clock, the same in every window. */
static void test_shell(void)
{
	struct dev *d = bare(1);
	unsigned int f;

	for (f = 0; f < 2; f++) {
		CU_ASSERT_EQUAL(snic_hw_link_mbps(&d->pmd->hw[f], 0), 100000);
		CU_ASSERT_EQUAL(snic_hw_link_mbps(&d->pmd->hw[f], 1), 100000);
		CU_ASSERT_EQUAL(snic_hw_clock_khz(&d->pmd->hw[f]), 400000);
		CU_ASSERT_EQUAL(dev_rd(d, f, SNIC_REG_PCIE_LINK),
				SNIC_PUT(PCIE_LINK, GEN, 4) | SNIC_PUT(PCIE_LINK, LANES, 16));
	}
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "regs", "reset_values", test_reset_values },
	{ "regs", "read_back", test_read_back },
	{ "regs", "read_only_and_holes", test_read_only_and_holes },
	{ "regs", "pf_scope", test_pf_scope },
	{ "regs", "wide", test_wide },
	{ "regs", "shell", test_shell },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
