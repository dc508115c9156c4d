// SPDX-License-Identifier: GPL-2.0-or-later
/* A function up and down, and its rings changed while it is up. */
#include <linux/rtnetlink.h>

#include "snic.h"

/* Spread evenly, unless the user has chosen and the choice still names only queues that exist. */
void snic_default_indir(struct snic *nic)
{
	u32 i;

	for (i = 0; nic->rss_indir_set && i < SNIC_RSS_INDIR; i++)
		if (nic->rss_indir[i] >= nic->cfg.n_pair)
			nic->rss_indir_set = false;
	for (i = 0; !nic->rss_indir_set && i < SNIC_RSS_INDIR; i++)
		nic->rss_indir[i] = ethtool_rxfh_indir_default(i, nic->cfg.n_pair);
}

/*
 * How long a read of the device's may take, as Device Control 2 of the PF has it: the
 * longest of each
 * range, in us. Where it is switched off there is no bound, and the default has to do.
 */
static void learn_read_timeout(struct snic *nic)
{
	static const u32 longest_us[PCI_EXP_DEVCTL2_COMP_TIMEOUT + 1] = {
		[0x1] = 100, [0x2] = 10000, [0x5] = 55000, [0x6] = 210000,
		[0x9] = 900000, [0xa] = 3500000, [0xd] = 13000000, [0xe] = 64000000,
	};
	struct pci_dev *pf = snic_pf_of(nic->pdev);
	u16 ctl = 0;

	pcie_capability_read_word(pf ?: nic->pdev, PCI_EXP_DEVCTL2, &ctl);
	pci_dev_put(pf);
	nic->hw.read_timeout_us = ctl & PCI_EXP_DEVCTL2_COMP_TMOUT_DIS ?
				  0 : longest_us[ctl & PCI_EXP_DEVCTL2_COMP_TIMEOUT];
}

/*
 * The PF's mailbox interrupt, too, has to be set up again after it: snic_pf_mbox_start(). When it
 * fails, what the function still writes must not reach memory that is somebody else's by then.
 */
int snic_reset_function(struct snic *nic)
{
	int rc;

	if (snic_gone(nic))
		return -ENODEV;
	learn_read_timeout(nic);
	snic_fstat_keep(nic);
	rc = snic_hw_reset(&nic->hw);
	if (rc) {
		if (rc == -ENODEV && nic->pf)
			snic_mark_gone(nic, "reset");
		pci_clear_master(nic->pdev);
		return rc;
	}
	snic_fstat_go_on(nic);
	if (nic->pf)
		snic_pf_mbox_start(nic->pf);
	return 0;
}

/* The queues are off. When it fails what there is of the rings is the caller's to take down. */
static int make_rings(struct snic *nic)
{
	int rc = snic_rings_alloc(nic);

	return rc ? rc : snic_rings_start(nic);
}

static void enable_napi(struct snic *nic)
{
	u32 i;

	for (i = 0; i < nic->cfg.n_pair; i++) {
		napi_enable(&nic->pair[i].napi);
		snic_queues_napi(nic->netdev, i, &nic->pair[i].napi);
	}
}

/* Rings and forwarding are there: last the stack may send, and has what it has kept back sent. */
static void let_go(struct snic *nic)
{
	u32 i;

	set_bit(SNIC_UP, &nic->state);
	for (i = 0; i < nic->cfg.n_pair; i++)
		snic_irq_arm(nic, snic_vec_pair(nic, i), 0);
	netif_tx_wake_all_queues(nic->netdev);
}

/*
 * NAPI ends first, since it may wake a queue; then whoever sends just now is
 * waited for, XDP included.
 */
static void hold(struct snic *nic)
{
	u32 i;

	learn_read_timeout(nic);
	for (i = 0; i < nic->cfg.n_pair; i++) {
		snic_queues_napi(nic->netdev, i, NULL);
		napi_disable(&nic->pair[i].napi);
	}
	netif_tx_disable(nic->netdev);
	for (i = 0; i < nic->cfg.n_pair; i++) {
		cancel_work_sync(&nic->pair[i].dim.work);
		nic->pair[i].dim.state = DIM_START_MEASURE;
	}
}

/*
 * The stack is held. Queues are stopped before the reset, so that what they still do is
 * counted; the
 * reset ends what does not stop.
 */
static void take_down(struct snic *nic)
{
	cancel_delayed_work_sync(&nic->watchdog);
	snic_filter_stop(nic);
	/* the PF's last notice may have had it on */
	netif_carrier_off(nic->netdev);
	snic_irq_release(nic);
	snic_rings_stop(nic);
	snic_reset_function(nic);
	snic_rings_free(nic);
	snic_vectors_put(nic);
}

/*
 * Order: queues have buffers, the function runs, then the forwarding plane lets frames through to
 * it, and last the stack may send.
 */
static int bring_up(struct snic *nic)
{
	int rc;

	rc = netif_set_real_num_queues(nic->netdev, nic->cfg.n_pair, nic->cfg.n_pair);
	if (rc)
		return rc;
	rc = snic_reset_function(nic);
	if (rc)
		return rc;
	pci_set_master(nic->pdev);
	rc = snic_vectors_get(nic);
	if (rc)
		return rc;
	snic_default_indir(nic);
	snic_rss_set_indir(&nic->hw, nic->rss_indir);
	rc = make_rings(nic);
	if (rc)
		goto rings;
	rc = snic_irq_request(nic);
	if (rc)
		goto rings;
	enable_napi(nic);
	snic_hw_enable(&nic->hw, true);
	rc = snic_filter_start(nic);
	if (rc)
		goto stop;
	let_go(nic);
	queue_delayed_work(nic->wq, &nic->watchdog, 0);
	return 0;

stop:
	hold(nic);
	snic_irq_release(nic);
rings:
	snic_rings_stop(nic);
	snic_reset_function(nic);
	snic_rings_free(nic);
	snic_vectors_put(nic);
	return rc;
}

int snic_up(struct snic *nic)
{
	int rc = bring_up(nic);

	snic_health_up(nic, !rc);
	return rc;
}

/* Nothing is up: no error. */
void snic_down(struct snic *nic)
{
	if (!test_and_clear_bit(SNIC_UP, &nic->state))
		return;
	hold(nic);
	take_down(nic);
}

static void take_config(struct snic *nic, const struct snic_config *cfg)
{
	nic->cfg = *cfg;
	nic->netdev->mtu = cfg->mtu;
}

/*
 * Held. Other rings for a function that goes on: its queues stop and start, and nobody else hears
 * of it. The PF keeps what it has granted, a VF its conversation. -EAGAIN: not so.
 */
static int swap_rings(struct snic *nic, const struct snic_config *cfg)
{
	/* another number of vectors is for a function that is down */
	if (cfg->n_pair != nic->cfg.n_pair || snic_rings_stop(nic))
		return -EAGAIN;
	snic_rings_free(nic);
	take_config(nic, cfg);
	if (make_rings(nic))
		return -EAGAIN;
	enable_napi(nic);
	let_go(nic);
	return 0;
}

/* When it fails, with what it was before. */
int snic_set_config(struct snic *nic, const struct snic_config *cfg)
{
	struct snic_config was = nic->cfg;
	int rc;

	ASSERT_RTNL();
	if (cfg->n_pair < 1 || cfg->n_pair > nic->max_pair || cfg->tx_log2 < SNIC_RING_LOG2_MIN ||
	    cfg->tx_log2 > SNIC_RING_LOG2_MAX || cfg->rx_log2 < SNIC_RING_LOG2_MIN ||
	    cfg->rx_log2 > SNIC_RING_LOG2_MAX)
		return -EINVAL;
	if (!test_and_clear_bit(SNIC_UP, &nic->state)) {
		take_config(nic, cfg);
		snic_default_indir(nic);
		return 0;
	}
	hold(nic);
	if (!swap_rings(nic, cfg))
		return 0;
	take_down(nic);
	take_config(nic, cfg);
	rc = snic_up(nic);
	if (rc) {
		take_config(nic, &was);
		if (snic_up(nic))
			netdev_err(nic->netdev, "not up again after a change of rings, channels or MTU failed; set the link down and up\n");
	}
	return rc;
}
