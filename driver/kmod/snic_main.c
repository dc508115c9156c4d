// SPDX-License-Identifier: GPL-2.0-or-later
/* The PCI driver: from a function on the bus to a registered netdev, and back. */
#include <linux/aer.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>

#include "snic.h"
#include "snic_tx.h"

#define BAR_REGS 0
#define COAL_USECS 8

static int map(struct snic *nic)
{
	struct pci_dev *pdev = nic->pdev;
	int rc;

	rc = pci_enable_device_mem(pdev);
	if (rc)
		return rc;
	rc = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (rc)
		goto disable;
	rc = pci_request_mem_regions(pdev, SNIC_DRV_NAME);
	if (rc)
		goto disable;
	if (pci_resource_len(pdev, BAR_REGS) < SNIC_BAR_BYTES) {
		dev_err(&pdev->dev, "BAR%d has %llu bytes, not %u; give the device its address space\n",
			BAR_REGS, (u64)pci_resource_len(pdev, BAR_REGS), SNIC_BAR_BYTES);
		rc = -ENODEV;
		goto release;
	}
	nic->hw.os.regs = pci_iomap(pdev, BAR_REGS, SNIC_BAR_BYTES);
	if (!nic->hw.os.regs) {
		rc = -ENOMEM;
		goto release;
	}
	pci_enable_pcie_error_reporting(pdev);
	pci_set_master(pdev);
	return 0;

release:
	pci_release_mem_regions(pdev);
disable:
	pci_disable_device(pdev);
	return rc;
}

static void unmap(struct snic *nic)
{
	pci_clear_master(nic->pdev);
	pci_disable_pcie_error_reporting(nic->pdev);
	pci_iounmap(nic->pdev, nic->hw.os.regs);
	pci_release_mem_regions(nic->pdev);
	/* after a PCI error that was not recovered from it is disabled already */
	if (pci_is_enabled(nic->pdev))
		pci_disable_device(nic->pdev);
}

/* Function there, ours and reset. */
static int identify(struct snic *nic)
{
	struct snic_hw *hw = &nic->hw;
	int rc;

	/* a PF is function 0; a VF asks who it is */
	hw->func = nic->pdev->is_virtfn || nic->pdev->device == SNIC_PCI_DEVICE_VF ?
			   snic_rd32(hw, SNIC_REG_FUNC) : 0;
	rc = snic_hw_identify(hw);
	if (!rc)
		rc = snic_hw_reset(hw);
	if (!rc) {
		nic->clock_khz = max_t(u32, 1, snic_hw_clock_khz(hw));
		nic->clock_mhz = max_t(u32, 1, nic->clock_khz / 1000);
	}
	return rc;
}

/* A card's serial number is the EUI-64 made of its MAC. */
static bool mac_of_serial(struct pci_dev *pdev, u8 *mac)
{
	u64 dsn = pci_get_dsn(pdev);

	u64_to_ether_addr((dsn >> 40) << 24 | (dsn & 0xffffff), mac);
	return (dsn >> 24 & 0xffff) == 0xfffe && is_valid_ether_addr(mac);
}

/* A VF's is the PF's choice. */
static bool mac_of_pf(struct snic *nic, u8 *mac)
{
	u32 dw[2] = { snic_rd32(&nic->hw, SNIC_REG_FUNC_MAC_LO),
		      snic_rd32(&nic->hw, SNIC_REG_FUNC_MAC_HI) };

	snic_msg_get_mac(dw, mac);
	return is_valid_ether_addr(mac);
}

static void choose_mac(struct snic *nic)
{
	struct net_device *netdev = nic->netdev;
	u8 mac[ETH_ALEN];

	if (nic->hw.func ? mac_of_pf(nic, mac) : mac_of_serial(nic->pdev, mac))
		eth_hw_addr_set(netdev, mac);
	else
		eth_hw_addr_random(netdev);
	ether_addr_copy(netdev->perm_addr, netdev->dev_addr);
}

static int init_role(struct snic *nic)
{
	struct snic_pf *pf;
	int rc;

	if (nic->hw.func)
		return snic_vf_init(nic);
	rc = snic_pf_init(nic);
	if (rc)
		return rc;
	pf = nic->pf;
	snic_pf_mbox_init(pf);
	mutex_lock(&pf->lock);
	rc = snic_vport_add(pf, 0, nic->netdev->dev_addr, SNIC_PF_ROWS, nic->port);
	mutex_unlock(&pf->lock);
	if (!rc)
		rc = snic_pf_mbox_irq(pf);
	if (rc)
		snic_pf_exit(nic);
	return rc;
}

static void exit_role(struct snic *nic)
{
	if (nic->vf) {
		snic_vf_exit(nic);
		return;
	}
	snic_pf_mbox_stop(nic->pf);
	snic_pf_mbox_irq_free(nic->pf);
	snic_pf_exit(nic);
}

static void init_netdev(struct snic *nic)
{
	struct net_device *netdev = nic->netdev;

	netdev->netdev_ops = &snic_netdev_ops;
	netdev->ethtool_ops = &snic_ethtool_ops;
	netdev->min_mtu = ETH_MIN_MTU;
	netdev->max_mtu = SNIC_MTU_MAX;
	netdev->hw_features = NETIF_F_RXCSUM | NETIF_F_RXHASH | SNIC_F_VLAN_RX | SNIC_F_VLAN_FILTER;
	/* in switchdev mode the PF's is that of wire port 0; a VF's is asked for, and refuses */
	netdev->hw_features |= NETIF_F_HW_TC;
	nic->tc_port = (struct snic_tc_port){
		.nic = nic, .netdev = netdev, .vport = SNIC_VPORT_WIRE0
	};
	netdev->features = netdev->hw_features | NETIF_F_HIGHDMA;
	netdev->hw_features |= NETIF_F_LOOPBACK;
	netdev->vlan_features = NETIF_F_HIGHDMA | NETIF_F_RXCSUM;
	snic_tx_offload_init(&nic->hw, netdev);
	netdev->priv_flags |= IFF_UNICAST_FLT | IFF_LIVE_ADDR_CHANGE;
	netdev->watchdog_timeo = 5 * HZ;
	snic_set_xdp_features(netdev);
	snic_set_stat_ops(netdev);
	netif_carrier_off(netdev); /* the watchdog finds the link when it is up */
	nic->cfg.n_pair = min_t(u32, nic->max_pair, num_online_cpus());
	nic->cfg.tx_log2 = SNIC_RING_LOG2_DEFAULT;
	nic->cfg.rx_log2 = SNIC_RING_LOG2_DEFAULT;
	nic->cfg.mtu = netdev->mtu;
	nic->rx_adaptive = true;
	nic->coal_usecs = COAL_USECS;
	snic_coal_apply(nic);
	snic_default_indir(nic);
}

static void init_nic(struct snic *nic)
{
	nic->msg_enable = NETIF_MSG_LINK | NETIF_MSG_TX_ERR;
	spin_lock_init(&nic->stat_lock);
	mutex_init(&nic->filter_lock);
	INIT_DELAYED_WORK(&nic->watchdog, snic_watchdog);
	INIT_WORK(&nic->rx_mode_work, snic_filter_work);
	INIT_DELAYED_WORK(&nic->reset_work, snic_reset_work);
}

static int start(struct snic *nic)
{
	int rc;

	rc = snic_irq_init(nic);
	if (rc)
		return rc;
	choose_mac(nic);
	rc = init_role(nic);
	if (rc)
		goto irq;
	init_netdev(nic);
	rc = snic_ptp_init(nic);
	if (rc)
		goto role;
	rc = snic_devlink_init(nic);
	if (rc)
		goto ptp;
	if (nic->pf) {
		rc = snic_sriov_adopt(nic);
		if (rc)
			goto devlink;
		snic_pf_mbox_start(nic->pf);
	}
	rc = netif_set_real_num_queues(nic->netdev, nic->cfg.n_pair, nic->cfg.n_pair);
	if (!rc)
		rc = register_netdev(nic->netdev);
	if (rc)
		goto devlink;
	snic_devlink_register(nic);
	return 0;

devlink:
	if (nic->pf)
		snic_pf_mbox_stop(nic->pf); /* it reports to devlink */
	snic_devlink_exit(nic);
ptp:
	snic_ptp_exit(nic);
role:
	exit_role(nic);
irq:
	snic_irq_exit(nic);
	return rc;
}

/*
 * The PF suspends after its VFs and resumes before them: the bus alone would have them do so side
 * by side. The PF of a VF in a virtual machine is not there.
 */
static void order_after_pf(struct pci_dev *pdev, bool on)
{
	struct pci_dev *pf = snic_pf_of(pdev);

	if (!pf)
		return;
	if (on)
		device_link_add(&pdev->dev, &pf->dev, DL_FLAG_STATELESS);
	else
		device_link_remove(&pdev->dev, &pf->dev);
	pci_dev_put(pf);
}

static int snic_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct net_device *netdev;
	struct snic *nic;
	int rc;

	netdev = alloc_etherdev_mqs(sizeof(*nic), SNIC_Q_PER_FUNC, SNIC_Q_PER_FUNC);
	if (!netdev)
		return -ENOMEM;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	nic = netdev_priv(netdev);
	nic->netdev = netdev;
	nic->pdev = pdev;
	nic->hw.os.dev = &pdev->dev;
	pci_set_drvdata(pdev, nic);
	init_nic(nic);
	nic->wq = alloc_workqueue("snic-%s", WQ_UNBOUND | WQ_MEM_RECLAIM, 0, pci_name(pdev));
	if (!nic->wq) {
		rc = -ENOMEM;
		goto free;
	}
	rc = map(nic);
	if (rc)
		goto wq;
	rc = identify(nic);
	if (!rc)
		rc = start(nic);
	if (rc)
		goto unmap;
	pci_save_state(pdev);
	order_after_pf(pdev, true);
	netdev_info(netdev, "%s %u, contract %u.x, build %08x, clock %u MHz, MAC %pM, up to %u queue pairs\n",
		    nic->pf ? "PF" : "VF", nic->hw.func, SNIC_VERSION_MAJOR, nic->hw.build,
		    nic->clock_mhz, netdev->dev_addr, nic->max_pair);
	return 0;

unmap:
	unmap(nic);
wq:
	destroy_workqueue(nic->wq);
free:
	free_netdev(netdev);
	return rc;
}

static void snic_remove(struct pci_dev *pdev)
{
	struct snic *nic = pci_get_drvdata(pdev);

	order_after_pf(pdev, false);
	if (nic->pf && snic_sriov_disable(nic))
		snic_pf_mbox_bye(nic->pf);
	set_bit(SNIC_CLOSING, &nic->state);
	cancel_delayed_work_sync(&nic->reset_work);
	snic_devlink_unregister(nic);
	if (nic->pf)
		snic_eswitch_exit(nic);
	unregister_netdev(nic->netdev);
	cancel_delayed_work_sync(&nic->reset_work);
	cancel_work_sync(&nic->rx_mode_work);
	if (nic->pf)
		snic_pf_mbox_stop(nic->pf); /* it reports to devlink */
	snic_devlink_exit(nic);
	snic_ptp_exit(nic);
	exit_role(nic);
	snic_irq_exit(nic);
	snic_hw_reset(&nic->hw);
	unmap(nic);
	destroy_workqueue(nic->wq);
	free_netdev(nic->netdev);
}

/* The next kernel finds a device that does nothing. */
static void snic_shutdown(struct pci_dev *pdev)
{
	struct snic *nic = pci_get_drvdata(pdev);

	set_bit(SNIC_CLOSING, &nic->state);
	rtnl_lock();
	netif_device_detach(nic->netdev);
	snic_down(nic);
	rtnl_unlock();
	if (nic->pf)
		snic_pf_mbox_stop(nic->pf);
	pci_clear_master(pdev);
}

static const struct pci_device_id snic_ids[] = {
	{ PCI_DEVICE(SNIC_PCI_VENDOR, SNIC_PCI_DEVICE_PF) },
	{ PCI_DEVICE(SNIC_PCI_VENDOR, SNIC_PCI_DEVICE_VF) },
	{}
};
MODULE_DEVICE_TABLE(pci, snic_ids);

static struct pci_driver snic_driver = {
	.name = SNIC_DRV_NAME,
	.id_table = snic_ids,
	.probe = snic_probe,
	.remove = snic_remove,
	.shutdown = snic_shutdown,
	.sriov_configure = snic_sriov_configure,
	.err_handler = &snic_err_handlers,
	.driver.pm = pm_sleep_ptr(&snic_pm_ops),
};
module_pci_driver(snic_driver);

MODULE_DESCRIPTION("Cosnic SR-IOV SmartNIC, PF and VF");
MODULE_AUTHOR("Cosnic maintainers");
MODULE_LICENSE("GPL");
