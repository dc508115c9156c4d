/* SPDX-License-Identifier: BSD-2-Clause */
/* Bring-up and take-down of the PF and its VFs. */
#include "snic_pmd.h"

#include <stdlib.h>

#include "snic_pmd_priv.h"
#include "snic_rss.h"

/* One DMA block a function: self-test line, then for each queue write-back line, TX ring, RX ring, completion
 * ring. */
struct ring_block {
	uint8_t *mem;
	uint64_t bus;
};

#define TEST_BYTES SNIC_BEAT_BYTES
#define WB_BYTES SNIC_BEAT_BYTES

static struct snic_qw2 *at(const struct ring_block *b, size_t off, u64 *bus)
{
	*bus = b->bus + off;
	return (struct snic_qw2 *)(b->mem + off);
}

static int check_config(struct snic_pmd *pmd)
{
	const struct snic_pmd_config *c = &pmd->cfg;
	const struct snic_os *os = &pmd->hw[0].os;
	const unsigned int buf_max = SNIC_FRAME_MAX + SNIC_BEAT_BYTES;
	const unsigned int buf_min = c->rx_scatter ? SNIC_RX_BUF_MIN : SNIC_BEAT_BYTES;

	if (c->vfs >= SNIC_N_FUNC) {
		snic_os_err(os, "config: %u VFs; use 0..%u", c->vfs, SNIC_N_FUNC - 1);
	} else if (c->queues < 1 || c->queues > SNIC_Q_PER_FUNC) {
		snic_os_err(os, "config: %u queues; use 1..%u", c->queues, SNIC_Q_PER_FUNC);
	} else if (c->ring_log2 < SNIC_RING_LOG2_MIN || c->ring_log2 > SNIC_RING_LOG2_MAX) {
		snic_os_err(os, "config: rings of 2^%u; use 2^%u..2^%u", c->ring_log2, SNIC_RING_LOG2_MIN,
			    SNIC_RING_LOG2_MAX);
	} else if (c->rx_buf < buf_min || c->rx_buf % SNIC_BEAT_BYTES || c->rx_buf > buf_max) {
		snic_os_err(os, "config: RX buffers of %u bytes; use a multiple of %u from %u to %u",
			    c->rx_buf, SNIC_BEAT_BYTES, buf_min, buf_max);
	} else if (c->tx_buf < SNIC_FRAME_MIN || c->tx_buf > buf_max) {
		snic_os_err(os, "config: TX buffers of %u bytes; use %u..%u", c->tx_buf, SNIC_FRAME_MIN,
			    buf_max);
	} else {
		return 0;
	}
	return -EINVAL;
}

static void *dma_alloc(struct snic_pmd *pmd, unsigned int func, size_t size, uint64_t *bus)
{
	void *p = pmd->bus.dma_alloc(pmd->bus.ctx, func, size, bus);

	if (!p)
		snic_os_err(&pmd->hw[func].os,
			    "no DMA memory for %zu bytes; use fewer or smaller rings or buffers", size);
	return p;
}

/* From a function in an unknown state to one that is proven and reset. */
static int attach(struct snic_pmd *pmd, unsigned int func, struct ring_block *rings)
{
	size_t ring = sizeof(struct snic_qw2) << pmd->cfg.ring_log2;
	struct snic_hw *hw = &pmd->hw[func];
	struct snic_qw2 *test;
	u64 bus;
	int rc;

	pmd->n_attached = func + 1;
	rings->mem = dma_alloc(pmd, func, TEST_BYTES + pmd->n_queue * (WB_BYTES + 3 * ring), &rings->bus);
	if (!rings->mem)
		return -ENOMEM;
	rc = snic_hw_identify(hw);
	if (rc)
		return rc;
	if (pmd->n_func > hw->n_func || pmd->n_queue > hw->n_queue) {
		snic_os_err(&hw->os, "config: %u functions of %u queues; the card has %u of %u", pmd->n_func,
			    pmd->n_queue, hw->n_func, hw->n_queue);
		return -EINVAL;
	}
	pmd->bus.bus_master(pmd->bus.ctx, func, true);
	test = at(rings, 0, &bus);
	rc = snic_hw_selftest(hw, test, bus, NULL, NULL, 0);
	return rc ? rc : snic_hw_reset(hw);
}

static int start_queue(struct snic_pmd *pmd, unsigned int func, unsigned int queue,
		       const struct ring_block *rings)
{
	size_t n = (size_t)1 << pmd->cfg.ring_log2, ring = n * sizeof(struct snic_qw2), i;
	size_t off = TEST_BYTES + queue * (WB_BYTES + 3 * ring);
	struct pmd_queue *q = pmd_queue(pmd, func, queue);
	struct snic_hw *hw = &pmd->hw[func];
	struct snic_ring_mem tx, rx;
	uint64_t rx_bus;
	int rc;

	q->tx_buf = dma_alloc(pmd, func, n * pmd->tx_stride, &q->tx_bus);
	if (!q->tx_buf)
		return -ENOMEM;
	q->rx_buf = dma_alloc(pmd, func, n * pmd->rx_stride, &rx_bus);
	if (!q->rx_buf)
		return -ENOMEM;
	tx.report = at(rings, off, &tx.report_bus);
	tx.ring = at(rings, off + WB_BYTES, &tx.ring_bus);
	rx.ring = at(rings, off + WB_BYTES + ring, &rx.ring_bus);
	rx.report = at(rings, off + WB_BYTES + 2 * ring, &rx.report_bus);
	rc = snic_txq_start(&q->tx, hw, queue, &tx, pmd->cfg.ring_log2, -1);
	if (!rc)
		rc = (pmd->cfg.rx_scatter ? snic_rxq_start_scatter : snic_rxq_start)(
			&q->rx, hw, queue, &rx, pmd->cfg.ring_log2, pmd->rx_stride, -1);
	if (rc)
		return rc;
	for (i = 0; i < n; i++)
		snic_rxq_post(&q->rx, rx_bus + i * pmd->rx_stride);
	return 0;
}

/* Queues run and have buffers before the function table lets frames through to the function. */
static int start(struct snic_pmd *pmd, unsigned int func, const struct ring_block *rings)
{
	struct snic_func_row row = { .flags = SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) };
	struct snic_hw *hw = &pmd->hw[func];
	unsigned int i;
	int rc;

	snic_rss_spread(hw, pmd->n_queue);
	for (i = 0; i < pmd->n_queue; i++) {
		rc = start_queue(pmd, func, i, rings);
		if (rc)
			return rc;
	}
	snic_hw_enable(hw, true);
	for (i = 0; i < pmd->n_queue; i++)
		snic_rxq_kick(&pmd_queue(pmd, func, i)->rx);

	snic_pmd_mac(pmd, func, row.mac);
	if (func && pmd->cfg.spoofchk)
		row.flags |= SNIC_MASK(FT_FLAGS, SPOOFCHK);
	if (!func && pmd->cfg.promisc_pf)
		row.flags |= SNIC_MASK(FT_FLAGS, PROMISC);
	if (pmd->cfg.strip_vlan)
		row.flags |= SNIC_MASK(FT_FLAGS, STRIP);
	rc = snic_vlan_member(&pmd->functab, 0, func, true);
	if (!rc)
		rc = snic_mac_add(&pmd->mactab, row.mac, 0, func, 0);
	if (!rc)
		snic_func_set(&pmd->functab, func, &row);
	return rc;
}

/* All are told before one is waited for. A queue that does not end is the function reset's. */
static void stop_queues(struct snic_pmd *pmd, unsigned int func)
{
	unsigned int i;
	int rc = 0;

	for (i = 0; i < pmd->n_queue; i++) {
		snic_txq_off(&pmd_queue(pmd, func, i)->tx);
		snic_rxq_off(&pmd_queue(pmd, func, i)->rx);
	}
	for (i = 0; !rc && i < pmd->n_queue; i++) {
		rc = snic_txq_stop(&pmd_queue(pmd, func, i)->tx);
		if (!rc)
			rc = snic_rxq_stop(&pmd_queue(pmd, func, i)->rx);
	}
}

static void clear_tables(struct snic_pmd *pmd, bool all)
{
	snic_functab_clear(&pmd->functab, all); /* first: nothing is forwarded to functions any more */
	snic_mactab_clear(&pmd->mactab, all);
	snic_ruletab_clear(&pmd->ruletab, all);
	snic_flowtab_clear(&pmd->flowtab, all);
	snic_edittab_clear(&pmd->edittab);
}

static void start_tables(struct snic_pmd *pmd)
{
	struct snic_hw *pf = &pmd->hw[0];

	snic_functab_init(&pmd->functab, pf);
	snic_mactab_init(&pmd->mactab, pf);
	snic_flowop_init(&pmd->flowop, pf);
	snic_flowtab_init(&pmd->flowtab, &pmd->flowop);
	snic_ruletab_init(&pmd->ruletab, &pmd->flowop);
	snic_edittab_init(&pmd->edittab, &pmd->flowop);
	if (snic_rss_key_loaded(pf))
		clear_tables(pmd, true);
	snic_rss_set_key(pf, snic_rss_default_key);
	if (pmd->cfg.storm_kcopies)
		snic_func_set_storm(&pmd->functab, SNIC_STORM_VF,
				    &(struct snic_storm){ pmd->cfg.storm_kcopies, pmd->cfg.storm_burst });
	if (pmd->cfg.cpl_timeout)
		snic_wr32(pf, SNIC_REG_CPL_TIMEOUT, pmd->cfg.cpl_timeout);
}

static int bring_up(struct snic_pmd *pmd, struct ring_block *rings)
{
	unsigned int func;
	int rc = check_config(pmd);

	if (rc)
		return rc;
	pmd->queue =
		aligned_alloc(_Alignof(struct pmd_queue), pmd->n_func * pmd->n_queue * sizeof(*pmd->queue));
	if (!pmd->queue)
		return -ENOMEM;
	memset(pmd->queue, 0, pmd->n_func * pmd->n_queue * sizeof(*pmd->queue));
	for (func = 0; !rc && func < pmd->n_func; func++)
		rc = attach(pmd, func, &rings[func]);
	if (rc)
		return rc;
	start_tables(pmd);
	for (func = 0; !rc && func < pmd->n_func; func++)
		rc = start(pmd, func, &rings[func]);
	return rc ? rc : snic_hw_sync(&pmd->hw[0]);
}

struct snic_pmd *snic_pmd_open(const struct snic_pmd_bus *bus, const struct snic_pmd_config *cfg, char *err,
			       size_t err_size)
{
	struct ring_block rings[SNIC_N_FUNC];
	struct snic_pmd *pmd = calloc(1, sizeof(*pmd));
	unsigned int func;
	int rc;

	if (err_size)
		err[0] = 0;
	if (!pmd) {
		snprintf(err, err_size, "snic: no memory for the driver's tables");
		return NULL;
	}
	pmd->bus = *bus;
	pmd->cfg = *cfg;
	pmd->n_queue = cfg->queues;
	pmd->n_func = cfg->vfs + 1;
	pmd->tx_stride = (cfg->tx_buf + SNIC_BEAT_BYTES - 1) / SNIC_BEAT_BYTES * SNIC_BEAT_BYTES;
	pmd->rx_stride = cfg->rx_buf;
	pmd->log = (struct snic_os_log){ .buf = err, .size = err_size };
	for (func = 0; func < SNIC_N_FUNC; func++) {
		pmd->hw[func].func = func;
		pmd->hw[func].os = (struct snic_os){ .bus = &pmd->bus, .log = &pmd->log, .func = func };
	}
	rc = bring_up(pmd, rings);
	if (rc) /* for what has no message of its own */
		snic_os_err(&pmd->hw[0].os, "bring-up: %s", strerror(-rc));
	pmd->log.size = 0; /* err belongs to the caller again */
	if (rc) {
		snic_pmd_close(pmd);
		return NULL;
	}
	return pmd;
}

void snic_pmd_close(struct snic_pmd *pmd)
{
	unsigned int func;

	if (!pmd)
		return;
	if (pmd->functab.pf) {
		const uint32_t none[SNIC_RSS_KEY_DWORDS] = { 0 };

		clear_tables(pmd, false);
		snic_rss_set_key(&pmd->hw[0], none);
	}
	/* What is under way comes to its end, and is counted. */
	for (func = 0; pmd->queue && func < pmd->n_func; func++)
		stop_queues(pmd, func);
	/* A function that does not come out of its reset may still do DMA: bus mastering off is what stops
	 * it. */
	for (func = 0; func < pmd->n_attached; func++) {
		snic_hw_reset(&pmd->hw[func]);
		pmd->bus.bus_master(pmd->bus.ctx, func, false);
	}
	free(pmd->queue);
	free(pmd);
}
