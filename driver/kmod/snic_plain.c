// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plain functions: on a host without SR-IOV, functions 1 and up are there from the start, beside
 * the PF, and are to it what VFs are. A VF that was given to a virtual machine looks the same
 * there, and has no PF beside it.
 */
#include "snic.h"

static bool is(const struct pci_dev *pdev, u16 device)
{
	return pdev->vendor == SNIC_PCI_VENDOR && pdev->device == device && !pdev->is_virtfn;
}

/* Of this PF, or of the one that this function is beside; 0: none. */
u32 snic_plain_count(struct pci_dev *pdev)
{
	struct pci_dev *dev;
	u32 n = 0;

	list_for_each_entry(dev, &pdev->bus->devices, bus_list)
		n += is(dev, SNIC_PCI_DEVICE_VF);
	return n;
}

/* The PF of a VF or a plain function, to be put back; NULL: not on this host, or this is it. */
struct pci_dev *snic_pf_of(struct pci_dev *pdev)
{
	struct pci_dev *pf;

	if (pdev->is_virtfn)
		return pci_dev_get(pci_physfn(pdev));
	if (!is(pdev, SNIC_PCI_DEVICE_VF))
		return NULL;
	pf = pci_get_slot(pdev->bus, PCI_DEVFN(0, 0));
	if (pf && is(pf, SNIC_PCI_DEVICE_PF))
		return pf;
	pci_dev_put(pf);
	return NULL;
}
