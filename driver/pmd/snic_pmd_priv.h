/* SPDX-License-Identifier: BSD-2-Clause */
/* Inside of the poll-mode driver. */
#ifndef SNIC_PMD_PRIV_H
#define SNIC_PMD_PRIV_H

#include "snic_edit.h"
#include "snic_flow.h"
#include "snic_func.h"
#include "snic_mac.h"
#include "snic_pmd.h"
#include "snic_queue.h"
#include "snic_rule.h"

/* Entry k of a ring has buffer k for good: RX descriptors are written once, and a refill is a doorbell. */
struct pmd_queue {
	struct snic_txq tx;
	struct snic_rxq rx;
	uint8_t *tx_buf;
	uint64_t tx_bus;
	uint8_t *rx_buf;
} __attribute__((aligned(64)));

struct snic_pmd {
	/* hot path */
	struct pmd_queue *queue; /* [function][queue] */
	unsigned int n_queue;	 /* per function */
	uint32_t tx_stride, rx_stride;
	/* the rest */
	struct snic_pmd_bus bus;
	struct snic_pmd_config cfg;
	struct snic_os_log log;
	unsigned int n_func;	 /* PF and VFs */
	unsigned int n_attached; /* so far, or until close */
	struct snic_hw hw[SNIC_N_FUNC];
	struct snic_functab functab;
	struct snic_mactab mactab;
	struct snic_flowop flowop;
	struct snic_flowtab flowtab;
	struct snic_ruletab ruletab;
	struct snic_edittab edittab;
};

static inline struct pmd_queue *pmd_queue(const struct snic_pmd *pmd, unsigned int func, unsigned int queue)
{
	return &pmd->queue[func * pmd->n_queue + queue];
}

#endif
