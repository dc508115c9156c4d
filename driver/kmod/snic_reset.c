// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When something has gone wrong: the watchdog that sees it, PCI errors and
 * resets, suspend and resume.
 */
#include <linux/aer.h>
#include <linux/rtnetlink.h>

#include "snic_rep.h"

/* A second: link, and what sends no interrupt. */
#define WATCHDOG_PERIOD HZ
/* A reset of the PF takes the VFs away for some hundred ms. */
#define AWAY_PERIOD (HZ / 10)
#define AWAY_MAX 50

void snic_reset_work(struct work_struct *work)
{
	struct snic *nic = container_of(to_delayed_work(work), struct snic, reset_work);

	snic_health_report(nic, READ_ONCE(nic->reset_why), READ_ONCE(nic->reset_queue));
}

/* Of a VF pci_device_is_present() would say whether its PF is there. */
static bool on_bus(struct pci_dev *pdev)
{
	u16 cap;

	pci_read_config_word(pdev, pdev->msix_cap, &cap);
	return (cap & 0xff) == PCI_CAP_ID_MSIX;
}

/*
 * No answer, which the host makes all ones or zero of. A function that is on the bus has lost its
 * configuration, and recovery restores it. A VF may be away while its PF is reset.
 */
static void no_answer(struct snic *nic)
{
	if (on_bus(nic->pdev)) {
		nic->misses = 0;
		snic_request_reset(nic, SNIC_RESET_DEVICE, 0);
	} else if (nic->pf || ++nic->misses > AWAY_MAX) {
		snic_mark_gone(nic, "watchdog");
	}
	netif_carrier_off(nic->netdev);
}

static void look(struct snic *nic)
{
	u32 status = snic_rd32(&nic->hw, SNIC_REG_FUNC_STATUS);

	nic->misses = 0;
	if (nic->vf)
		snic_vf_watch(nic);
	snic_link_look(nic, status);
	if (nic->pf)
		snic_rep_carrier(nic, SNIC_VPORT_WIRE1, snic_hw_link(status, 1));
	if (status & SNIC_MASK(FUNC_STATUS, QERR))
		snic_request_reset(nic, SNIC_RESET_QUEUE_ERROR, 0);
	else if (!(snic_rd32(&nic->hw, SNIC_REG_FUNC_CTRL) & SNIC_MASK(FUNC_CTRL, ENABLE)))
		snic_request_reset(nic, SNIC_RESET_DEVICE, 0);
}

void snic_watchdog(struct work_struct *work)
{
	struct snic *nic = container_of(to_delayed_work(work), struct snic, watchdog);

	if (snic_rd32(&nic->hw, SNIC_REG_MAGIC) == SNIC_MAGIC)
		look(nic);
	else
		no_answer(nic);
	if (!snic_gone(nic))
		queue_delayed_work(nic->wq, &nic->watchdog,
				   nic->misses ? AWAY_PERIOD : WATCHDOG_PERIOD);
}

/* Up again is what the netdev was: netif_running(). */
void snic_quiesce(struct snic *nic)
{
	rtnl_lock();
	set_bit(SNIC_QUIET, &nic->state);
	netif_device_detach(nic->netdev);
	snic_down(nic);
	rtnl_unlock();
	if (nic->pf)
		snic_pf_mbox_stop(nic->pf);
}

int snic_revive(struct snic *nic)
{
	int rc;

	clear_bit(SNIC_GONE, &nic->state);
	clear_bit(SNIC_QUIET, &nic->state);
	rc = snic_hw_identify(&nic->hw);
	if (!rc)
		rc = snic_hw_reset(&nic->hw);
	if (rc) {
		snic_health_up(nic, false);
		return rc;
	}
	if (nic->pf) {
		snic_pf_restore(nic->pf);
		snic_pf_mbox_start(nic->pf);
	}
	rtnl_lock();
	if (netif_running(nic->netdev))
		rc = snic_up(nic);
	if (!rc)
		netif_device_attach(nic->netdev);
	rtnl_unlock();
	return rc;
}

/* The PCI core saves and restores the configuration, and puts the function into D3hot and back. */
static int snic_suspend(struct device *dev)
{
	snic_quiesce(pci_get_drvdata(to_pci_dev(dev)));
	return 0;
}

static int snic_resume(struct device *dev)
{
	struct pci_dev *pdev = to_pci_dev(dev);
	int rc;

	pci_save_state(pdev); /* the core has used up what was saved */
	pci_set_master(pdev);
	rc = snic_revive(pci_get_drvdata(pdev));
	if (rc)
		dev_err(dev, "not up after a suspend: %d; devlink health recover, or reload the driver\n",
			rc);
	return rc;
}

DEFINE_SIMPLE_DEV_PM_OPS(snic_pm_ops, snic_suspend, snic_resume);

/*
 * An error that is not fatal is one of a function's transactions, and all functions of the card
 * hear of it. The card has ended that transaction: a frame is dropped, or a queue stopped, which
 * its watchdog sees, as it sees one that does not answer. So nobody's traffic is touched.
 */
static pci_ers_result_t error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct snic *nic = pci_get_drvdata(pdev);

	if (state == pci_channel_io_normal)
		return PCI_ERS_RESULT_CAN_RECOVER;
	dev_warn(&pdev->dev, "PCI error, channel state %d\n", state);
	/* reads would only time out, so nobody tries; and it must write no more */
	set_bit(SNIC_GONE, &nic->state);
	pci_clear_master(pdev);
	snic_quiesce(nic);
	if (state == pci_channel_io_perm_failure)
		return PCI_ERS_RESULT_DISCONNECT;
	pci_disable_device(pdev);
	return PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t slot_reset(struct pci_dev *pdev)
{
	int rc = pci_enable_device_mem(pdev);

	if (rc) {
		dev_err(&pdev->dev, "not back after a slot reset: %d; remove and rescan it\n", rc);
		return PCI_ERS_RESULT_DISCONNECT;
	}
	pci_restore_state(pdev);
	pci_save_state(pdev);
	pci_set_master(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static void error_resume(struct pci_dev *pdev)
{
	struct snic *nic = pci_get_drvdata(pdev);
	int rc;

	if (!test_bit(SNIC_QUIET, &nic->state)) /* it was not fatal */
		return;
	rc = snic_revive(nic);
	if (rc)
		dev_err(&pdev->dev, "not up after a PCI error: %d; reload the driver\n", rc);
}

static void reset_prepare(struct pci_dev *pdev)
{
	snic_quiesce(pci_get_drvdata(pdev));
}

static void reset_done(struct pci_dev *pdev)
{
	int rc;

	pci_save_state(pdev); /* the core has used up what was saved */
	rc = snic_revive(pci_get_drvdata(pdev));

	if (rc)
		dev_err(&pdev->dev, "not up after a function reset: %d; reload the driver\n", rc);
}

const struct pci_error_handlers snic_err_handlers = {
	.error_detected = error_detected,
	.slot_reset = slot_reset,
	.resume = error_resume,
	.reset_prepare = reset_prepare,
	.reset_done = reset_done,
};
