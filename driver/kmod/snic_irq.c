// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Interrupts: a vector sends one message and is silent until it is armed again, so nothing is ever
 * masked. Arming names the least gap to the last message: that is the moderation.
 */
#include <linux/interrupt.h>

#include "snic.h"

#define VECTORS_PER_CPU 128

static irqreturn_t pair_irq(int irq, void *data)
{
	struct snic_pair *pair = data;

	pair->irqs++;
	pair->events++;
	napi_schedule_irqoff(&pair->napi);
	return IRQ_HANDLED;
}

static void moderate(struct snic_pair *pair)
{
	struct dim_sample sample = {};

	dim_update_sample(pair->events, pair->rx.stats.packets + pair->tx_done,
			  pair->rx.stats.bytes, &sample);
	net_dim(&pair->dim, sample);
}

static void dim_work(struct work_struct *work)
{
	struct dim *dim = container_of(work, struct dim, work);
	struct snic_pair *pair = container_of(dim, struct snic_pair, dim);
	struct dim_cq_moder moder = net_dim_get_rx_moderation(dim->mode, dim->profile_ix);

	WRITE_ONCE(pair->dim_gap, snic_usecs_to_gap(pair->nic, moder.usec));
	dim->state = DIM_START_MEASURE;
}

/* While down, or by RTNL's holder: takes effect when the vector is armed next. */
void snic_coal_apply(struct snic *nic)
{
	u32 usecs = net_dim_get_def_rx_moderation(DIM_CQ_PERIOD_MODE_START_FROM_EQE).usec;
	u32 i;

	WRITE_ONCE(nic->coal_gap, snic_usecs_to_gap(nic, nic->coal_usecs));
	for (i = 0; i < nic->max_pair; i++)
		WRITE_ONCE(nic->pair[i].dim_gap, snic_usecs_to_gap(nic, usecs));
}

int snic_poll(struct napi_struct *napi, int budget)
{
	struct snic_pair *pair = container_of(napi, struct snic_pair, napi);
	struct snic *nic = pair->nic;
	int done;

	pair->tx_done += snic_tx_clean(pair, budget);
	if (unlikely(!budget)) /* netpoll: TX only */
		return 0;
	done = snic_rx_poll(pair, budget);
	if (done == budget)
		return budget;
	if (napi_complete_done(napi, done)) {
		u16 gap = READ_ONCE(nic->coal_gap);

		if (READ_ONCE(nic->rx_adaptive)) {
			moderate(pair);
			gap = READ_ONCE(pair->dim_gap);
		}
		snic_irq_arm(nic, snic_vec_pair(nic, pair->index), gap);
	}
	return done;
}

static int alloc_vectors(struct snic *nic, u32 n_pair)
{
	u32 want = snic_vec_pair(nic, n_pair);
	int n = pci_alloc_irq_vectors(nic->pdev, want, want, PCI_IRQ_MSIX);

	if (n > 0)
		return 0;
	dev_err(&nic->pdev->dev, "no %u MSI-X vectors: %d; use fewer channels or VFs\n", want, n);
	return n;
}

int snic_irq_init(struct snic *nic)
{
	u32 i;
	int rc;

	nic->max_pair = min(nic->hw.n_queue, nic->hw.n_vec - 1);
	nic->pair = kcalloc(nic->max_pair, sizeof(*nic->pair), GFP_KERNEL);
	if (!nic->pair)
		return -ENOMEM;
	nic->mbox_vec = true;
	if (!nic->hw.func) {
		rc = alloc_vectors(nic, nic->max_pair);
		if (rc) {
			kfree(nic->pair);
			return rc;
		}
	}
	for (i = 0; i < nic->max_pair; i++) {
		struct snic_pair *pair = &nic->pair[i];

		pair->nic = nic;
		pair->index = i;
		pair->tx.nq = netdev_get_tx_queue(nic->netdev, i);
		u64_stats_init(&pair->tx.syncp);
		u64_stats_init(&pair->rx.syncp);
		INIT_WORK(&pair->dim.work, dim_work);
		pair->dim.mode = DIM_CQ_PERIOD_MODE_START_FROM_EQE;
		netif_napi_add(nic->netdev, &pair->napi, snic_poll);
	}
	return 0;
}

void snic_irq_exit(struct snic *nic)
{
	u32 i;

	/* one wait for all of them: many VFs may go at once */
	for (i = 0; i < nic->max_pair; i++)
		__netif_napi_del(&nic->pair[i].napi);
	synchronize_net();
	kfree(nic->pair);
	if (!nic->hw.func)
		pci_free_irq_vectors(nic->pdev);
}

/*
 * A CPU has some two hundred vectors for all devices. Where the VFs would need most of them, the
 * mailboxes do without: a notice that comes a second late is better than a VF that stays down.
 */
static bool enough_vectors(struct snic *nic)
{
	struct pci_dev *pf = snic_pf_of(nic->pdev);
	u32 vfs = pf ? pci_num_vf(pf) + snic_plain_count(pf) : 1;

	pci_dev_put(pf);

	return vfs * (1 + nic->cfg.n_pair) <= VECTORS_PER_CPU * num_online_cpus();
}

/*
 * The PF answers VFs while its netdev is down. A VF that is down needs no vector: it may be one of
 * many.
 */
int snic_vectors_get(struct snic *nic)
{
	if (!nic->vf)
		return 0;
	nic->mbox_vec = enough_vectors(nic);
	return alloc_vectors(nic, nic->cfg.n_pair);
}

void snic_vectors_put(struct snic *nic)
{
	if (nic->vf)
		pci_free_irq_vectors(nic->pdev);
}

static void free_pairs(struct snic *nic, u32 n)
{
	int irq;

	while (n--) {
		irq = pci_irq_vector(nic->pdev, snic_vec_pair(nic, n));
		irq_update_affinity_hint(irq, NULL);
		free_irq(irq, &nic->pair[n]);
	}
}

/* The pairs' interrupts; the mailbox's belongs to who reads it. */
int snic_irq_request(struct snic *nic)
{
	int irq, rc;
	u32 i, cpu;

	for (i = 0; i < nic->cfg.n_pair; i++) {
		struct snic_pair *pair = &nic->pair[i];

		irq = pci_irq_vector(nic->pdev, snic_vec_pair(nic, i));
		snprintf(pair->irq_name, sizeof(pair->irq_name), "%s-%u", nic->netdev->name, i);
		rc = request_irq(irq, pair_irq, 0, pair->irq_name, pair);
		if (rc) {
			netdev_err(nic->netdev, "queue pair %u: no interrupt: %d; use fewer channels or VFs\n",
				   i, rc);
			free_pairs(nic, i);
			return rc;
		}
		cpu = cpumask_local_spread(i, dev_to_node(&nic->pdev->dev));
		irq_set_affinity_and_hint(irq, cpumask_of(cpu));
		netif_set_xps_queue(nic->netdev, cpumask_of(cpu), i);
	}
	return 0;
}

void snic_irq_release(struct snic *nic)
{
	free_pairs(nic, nic->cfg.n_pair);
}
