// SPDX-License-Identifier: GPL-2.0-or-later
/* What devlink's health reporters do to bring a function back. */
#include <linux/rtnetlink.h>

#include "snic.h"

/* A function that should be up, be it that an earlier recovery has failed. */
int snic_recover(struct snic *nic)
{
	int rc = 0;

	rtnl_lock();
	if (test_bit(SNIC_CLOSING, &nic->state) || test_bit(SNIC_QUIET, &nic->state))
		goto out;
	if (netif_running(nic->netdev)) {
		nic->resets++;
		snic_down(nic);
		/* FLR by somebody else's hand clears MSI-X and bus mastering; a slot reset all */
		pci_restore_state(nic->pdev);
		pci_save_state(nic->pdev);
		if (nic->pf)
			snic_pf_restore(nic->pf);
		rc = snic_up(nic);
		if (rc)
			netdev_err(nic->netdev, "not up again after a reset: %d; devlink health recover pci/%s reporter device tries again\n",
				   rc, pci_name(nic->pdev));
	}
	/* not so after a PCI reset that it did not come back from */
	if (!rc && !netif_device_present(nic->netdev))
		netif_device_attach(nic->netdev);
out:
	rtnl_unlock();
	return rc;
}
