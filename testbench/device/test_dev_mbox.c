/* SPDX-License-Identifier: BSD-2-Clause */
/* Mailbox between VFs and the PF on the whole device, by driver/hw: both ways, interrupts, resets, isolation. */
#include <string.h>

#include "cu_main.h"
#include "dev.h"
#include "snic_mbox.h"

#define VFS 5
#define PF_VEC 3
#define VF_VEC 7

static unsigned int irqs[SNIC_N_FUNC], wrong_vec;

static void on_irq(void *ctx, unsigned int func, unsigned int vector)
{
	(void)ctx;
	irqs[func]++;
	wrong_vec += vector != (func ? VF_VEC : PF_VEC);
}

static void arm(struct dev *d, unsigned int func)
{
	dev_wr(d, func, SNIC_REG_AT(INT_ARM, func ? VF_VEC : PF_VEC), 0);
}

/* Every function wants interrupts, armed; resets of the driver's own start are dealt with. */
static struct dev *start(void)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = VFS, .queues = 1, .ring_log2 = 4 });
	unsigned int f, i;

	memset(irqs, 0, sizeof(irqs));
	wrong_vec = 0;
	for (i = 0; i < SNIC_COUNT_VF_RESET; i++)
		snic_mbox_reset_seen(&d->pmd->hw[0], i, snic_mbox_resets(&d->pmd->hw[0], i));
	for (f = 0; f <= VFS; f++) {
		snic_mbox_irq(&d->pmd->hw[f], f ? VF_VEC : PF_VEC);
		arm(d, f);
	}
	host_on_interrupt(d->host, on_irq, d);
	dev_run_ns(d, 2000);
	CU_ASSERT_EQUAL(irqs[0], 0);
	return d;
}

static void stop(struct dev *d)
{
	CU_ASSERT_EQUAL(wrong_vec, 0);
	dev_close(d);
}

/* A message that tells `seed` in all of its dwords. */
static struct snic_mbox_msg saying(uint32_t seed)
{
	struct snic_mbox_msg m;
	unsigned int i;

	for (i = 0; i < SNIC_MBOX_DWORDS; i++)
		m.dw[i] = seed * 0x9e3779b1u + i;
	return m;
}

static void say(struct dev *d, unsigned int func, uint32_t seed)
{
	struct snic_mbox_msg m = saying(seed);

	snic_mbox_send(&d->pmd->hw[func], &m);
}

/* What it reads is just that. */
static bool hears(struct dev *d, unsigned int func, uint32_t seed)
{
	struct snic_mbox_msg m, want = saying(seed);

	snic_mbox_read(&d->pmd->hw[func], &m);
	return !memcmp(&m, &want, sizeof(m));
}

/* All VFs ask at once; the PF answers each; every step wakes who it is for, and nobody else. */
static void test_both_ways(void)
{
	struct dev *d = start();
	struct snic_hw *pf = &d->pmd->hw[0];
	unsigned int v, round, i;

	for (round = 0; round < 3; round++) {
		memset(irqs, 0, sizeof(irqs));
		for (v = 1; v <= VFS; v++) {
			say(d, v, round * 100 + v);
			CU_ASSERT_EQUAL(snic_mbox_flags(&d->pmd->hw[v]), SNIC_MASK(MBOX_CTRL, UNTAKEN));
			say(d, v, 999); /* not before the last one is taken */
		}
		dev_run_ns(d, 2000);
		CU_ASSERT_EQUAL(irqs[0], 1); /* the others found it disarmed */
		arm(d, 0);
		dev_run_ns(d, 2000);
		CU_ASSERT_EQUAL(irqs[0], 2);
		arm(d, 0);
		CU_ASSERT_EQUAL(snic_mbox_pending(pf, 0), ((1u << VFS) - 1) << 1);
		for (i = 1; i < SNIC_COUNT_MBOX_PEND; i++)
			CU_ASSERT_EQUAL(snic_mbox_pending(pf, i), 0);
		for (v = VFS; v; v--) {
			snic_mbox_select(pf, v);
			CU_ASSERT_EQUAL(snic_mbox_flags(pf), SNIC_MASK(MBOX_CTRL, WAITS));
			CU_ASSERT(hears(d, 0, round * 100 + v));
			snic_mbox_taken(pf);
			say(d, 0, round * 100 + 50 + v);
			CU_ASSERT_EQUAL(snic_mbox_flags(pf), SNIC_MASK(MBOX_CTRL, UNTAKEN));
		}
		CU_ASSERT_EQUAL(snic_mbox_pending(pf, 0), 0);
		dev_run_ns(d, 2000);
		for (v = 1; v <= VFS; v++) {
			CU_ASSERT_EQUAL(irqs[v], 1);
			arm(d, v);
			dev_run_ns(d, 2000);
			CU_ASSERT_EQUAL(irqs[v], 2); /* taken, and answered */
			arm(d, v);
			CU_ASSERT_EQUAL(snic_mbox_flags(&d->pmd->hw[v]), SNIC_MASK(MBOX_CTRL, WAITS));
			CU_ASSERT(hears(d, v, round * 100 + 50 + v));
			snic_mbox_taken(&d->pmd->hw[v]);
		}
		dev_run_ns(d, 2000);
		CU_ASSERT_EQUAL(irqs[0], 3); /* taken */
		arm(d, 0);
		dev_run_ns(d, 2000); /* those that came while it was disarmed */
		arm(d, 0);
	}
	stop(d);
}

/* A VF rings for more than its ring has: the PF is told, and knows whose queue it is. */
static void test_queue_error(void)
{
	struct dev *d = start();
	struct snic_hw *pf = &d->pmd->hw[0];

	dev_wr(d, 2, SNIC_REG_TX_TAIL, 0x7fff);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(irqs[0], 1);
	CU_ASSERT_EQUAL(snic_func_errors(pf, 0), 1u << 2);
	/* a VF neither sees nor clears it; its reset does not clear it either */
	CU_ASSERT_EQUAL(dev_rd(d, 2, SNIC_REG_FUNC_ERR), 0);
	dev_wr(d, 2, SNIC_REG_FUNC_ERR, ~0u);
	CU_ASSERT_EQUAL(snic_hw_reset(&d->pmd->hw[2]), 0);
	CU_ASSERT_EQUAL(snic_func_errors(pf, 0), 1u << 2);
	snic_func_errors_seen(pf, 0, 1u << 2);
	CU_ASSERT_EQUAL(snic_func_errors(pf, 0), 0);
	dev_restart(d, 2);
	stop(d);
}

/* Interrupts come with bus mastering, whether the function is enabled or not; switched off, none come. */
static void test_interrupt(void)
{
	struct dev *d = start();
	struct snic_hw *pf = &d->pmd->hw[0], *vf = &d->pmd->hw[2];

	snic_hw_enable(vf, false);
	snic_hw_enable(pf, false);
	snic_mbox_select(pf, 2);
	say(d, 0, 1);
	dev_run_ns(d, 2000);
	CU_ASSERT_EQUAL(irqs[2], 1);
	snic_mbox_taken(vf);
	dev_run_ns(d, 2000);
	CU_ASSERT_EQUAL(irqs[0], 1);
	arm(d, 0);
	arm(d, 2);
	snic_mbox_irq(vf, -1);
	say(d, 0, 2);
	dev_run_ns(d, 2000);
	CU_ASSERT(hears(d, 2, 2));
	CU_ASSERT_EQUAL(irqs[2], 1);
	CU_ASSERT_EQUAL(irqs[1] + irqs[3] + irqs[4] + irqs[5], 0);
	snic_hw_enable(vf, true);
	snic_hw_enable(pf, true);
	stop(d);
}

enum how { OWN, BY_PF, FLR };

/*
 * A VF changes hands by each kind of reset, with a message on its way each way: the PF is told, both messages and what they
 * said are gone, and an answer to the last owner does not reach the next.
 */
static void change_hands(enum how how)
{
	struct dev *d = start();
	struct snic_hw *pf = &d->pmd->hw[0], *vf = &d->pmd->hw[3];
	unsigned int i;

	say(d, 3, 1);
	say(d, 4, 4);
	snic_mbox_select(pf, 3);
	say(d, 0, 2);
	CU_ASSERT(hears(d, 0, 1));
	dev_run_ns(d, 2000);
	CU_ASSERT_EQUAL(irqs[3], 1);
	arm(d, 3);
	arm(d, 0);
	dev_run_ns(d, 2000);
	arm(d, 0);
	memset(irqs, 0, sizeof(irqs));

	if (how == OWN)
		dev_wr(d, 3, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
	else if (how == BY_PF)
		dev_wr(d, 0, SNIC_REG_FT_RESET, 3);
	else
		host_flr(d->host, 3);
	dev_run_ns(d, 5000);
	CU_ASSERT_EQUAL(irqs[0], 1);
	CU_ASSERT_EQUAL(irqs[3], 0);
	CU_ASSERT_EQUAL(dev_rd(d, 3, SNIC_REG_MBOX_VEC), 0);
	CU_ASSERT_EQUAL(snic_mbox_flags(vf), 0);
	for (i = 0; i < SNIC_MBOX_DWORDS; i++) {
		CU_ASSERT_EQUAL(dev_rd(d, 3, SNIC_REG_AT(MBOX_DATA, i)), 0);
		CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_AT(MBOX_DATA, i)), 0);
	}
	CU_ASSERT_EQUAL(snic_mbox_pending(pf, 0), 1u << 4);

	/* the next owner asks while the PF still answers the last one */
	say(d, 3, 33);
	snic_mbox_taken(pf);
	say(d, 0, 66);
	CU_ASSERT_EQUAL(snic_mbox_flags(vf), SNIC_MASK(MBOX_CTRL, UNTAKEN));
	CU_ASSERT_EQUAL(snic_mbox_resets(pf, 0), 1u << 3);
	snic_mbox_reset_seen(pf, 0, 1u << 3);
	CU_ASSERT_EQUAL(snic_mbox_resets(pf, 0), 0);
	CU_ASSERT_EQUAL(snic_mbox_pending(pf, 0), 1u << 4 | 1u << 3);
	CU_ASSERT(hears(d, 0, 33));
	snic_mbox_taken(pf);
	say(d, 0, 67);
	CU_ASSERT_EQUAL(snic_mbox_flags(vf), SNIC_MASK(MBOX_CTRL, WAITS));
	CU_ASSERT(hears(d, 3, 67));
	/* and another VF's message was not touched */
	snic_mbox_select(pf, 4);
	CU_ASSERT(hears(d, 0, 4));
	stop(d);
}

static void test_own_reset(void)
{
	change_hands(OWN);
}

static void test_reset_by_pf(void)
{
	change_hands(BY_PF);
}

static void test_flr(void)
{
	change_hands(FLR);
}

/* The PF's reset ends all conversations. */
static void test_pf_reset(void)
{
	struct dev *d = start();
	struct snic_hw *pf = &d->pmd->hw[0];
	unsigned int v;

	for (v = 1; v <= VFS; v++) {
		say(d, v, v);
		snic_mbox_select(pf, v);
		say(d, 0, v);
	}
	CU_ASSERT_EQUAL(snic_hw_reset(pf), 0);
	CU_ASSERT_EQUAL(snic_mbox_pending(pf, 0), 0);
	CU_ASSERT_EQUAL(snic_mbox_resets(pf, 0), 0); /* the VFs were not */
	for (v = 1; v <= VFS; v++)
		CU_ASSERT_EQUAL(snic_mbox_flags(&d->pmd->hw[v]), 0);
	dev_restart(d, 0);
	stop(d);
}

/* A hostile VF: whatever it writes wherever, other VFs' messages, and what the PF is reading, stay as they are. */
static void test_isolation(void)
{
	struct dev *d = start();
	struct snic_hw *pf = &d->pmd->hw[0];
	uint32_t off;
	unsigned int v, i, k;

	for (v = 2; v <= VFS; v++) {
		say(d, v, v);
		snic_mbox_select(pf, v);
		say(d, 0, 100 + v);
	}
	say(d, 1, 1);
	/* the PF has its own selection while the VF tries every number in the PF's registers */
	snic_mbox_select(pf, 2);
	for (k = 0; k < SNIC_N_FUNC; k += 15) {
		dev_wr(d, 1, SNIC_REG_MBOX_SEL, k);
		for (i = 0; i < SNIC_COUNT_VF_RESET; i++)
			dev_wr(d, 1, SNIC_REG_AT(VF_RESET, i), ~0u);
		for (off = SNIC_REG_MBOX_DATA; off < SNIC_REG_MBOX_CTRL; off += 4) {
			CU_ASSERT_EQUAL(dev_rd(d, 1, off), 0); /* nothing was sent to it */
			dev_wr(d, 1, off, 0xbad00000 + k);
		}
		dev_wr(d, 1, SNIC_REG_MBOX_CTRL, ~0u);
	}
	for (off = SNIC_REG_MBOX_SEL; off < SNIC_REG_MBOX_PEND + 32; off += 4)
		CU_ASSERT_EQUAL(dev_rd(d, 1, off), 0);
	CU_ASSERT_EQUAL(dev_rd(d, 0, SNIC_REG_MBOX_SEL), 2);
	for (v = 2; v <= VFS; v++) {
		CU_ASSERT(hears(d, v, 100 + v));
		CU_ASSERT_EQUAL(snic_mbox_flags(&d->pmd->hw[v]),
				SNIC_MASK(MBOX_CTRL, UNTAKEN) | SNIC_MASK(MBOX_CTRL, WAITS));
	}
	/* its own, too, stays as it was sent until the PF has taken it */
	for (v = 1; v <= VFS; v++) {
		snic_mbox_select(pf, v);
		CU_ASSERT(hears(d, 0, v));
	}
	stop(d);
}

static const struct cu_test tests[] = {
	{ "mbox", "both_ways", test_both_ways },
	{ "mbox", "queue_error", test_queue_error },
	{ "mbox", "interrupt", test_interrupt },
	{ "mbox", "own_reset", test_own_reset },
	{ "mbox", "reset_by_pf", test_reset_by_pf },
	{ "mbox", "flr", test_flr },
	{ "mbox", "pf_reset", test_pf_reset },
	{ "mbox", "isolation", test_isolation },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
