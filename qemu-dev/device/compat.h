/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between QEMU 7.2 (Debian 12) and 10.0: headers, properties, the
 * SR-IOV interface. The rest of the device is written for both.
 */
#ifndef SNIC_COMPAT_H
#define SNIC_COMPAT_H

#include "qemu/osdep.h"

#if QEMU_VERSION_MAJOR >= 10
#include "hw/pci/pci_device.h"
#include "system/cpu-timers.h"
#include "system/qtest.h"
#include "system/runstate.h"
#include "system/system.h"
#else
#include "sysemu/cpu-timers.h"
#include "sysemu/qtest.h"
#include "sysemu/runstate.h"
#include "sysemu/sysemu.h"
#endif
#include "hw/pci/pci.h"
#include "hw/pci/pci_bridge.h"
#include "hw/pci/pci_bus.h"
#include "hw/pci/pcie.h"
#include "hw/pci/pcie_sriov.h"
#include "hw/qdev-properties-system.h"
#include "hw/qdev-properties.h"
#include "qapi/error.h"

#if QEMU_VERSION_MAJOR >= 10
#define SNIC_PROP_CONST const
#define snic_class_reset device_class_set_legacy_reset
/* Property tables have no end mark. */
#define SNIC_PROP_END

static inline void snic_ari_init(PCIDevice *dev, uint16_t offset)
{
    pcie_ari_init(dev, offset);
}

static inline bool snic_sriov_init(PCIDevice *dev, uint16_t offset,
                                   const char *vf, uint16_t vf_dev_id,
                                   uint16_t total, uint16_t vf_offset,
                                   uint16_t vf_stride, Error **errp)
{
    return pcie_sriov_pf_init(dev, offset, vf, vf_dev_id, total, total,
                              vf_offset, vf_stride, errp);
}

/* VFs are realized with the PF, and only those below NumVFs exist. */
static inline void snic_sriov_vf_bar(PCIDevice *dev, int n, uint8_t type,
                                     MemoryRegion *mr)
{
    pci_register_bar(dev, n, type, mr);
}

static inline void snic_sriov_reset(PCIDevice *dev)
{
    pcie_sriov_pf_reset(dev);
}
#else
#define SNIC_PROP_CONST

static inline void snic_class_reset(DeviceClass *dc, DeviceReset reset)
{
    dc->reset = reset;
}

#define SNIC_PROP_END DEFINE_PROP_END_OF_LIST(),

static inline void snic_ari_init(PCIDevice *dev, uint16_t offset)
{
    pcie_ari_init(dev, offset, 0);
}

static inline bool snic_sriov_init(PCIDevice *dev, uint16_t offset,
                                   const char *vf, uint16_t vf_dev_id,
                                   uint16_t total, uint16_t vf_offset,
                                   uint16_t vf_stride, Error **errp)
{
    pcie_sriov_pf_init(dev, offset, vf, vf_dev_id, total, total, vf_offset,
                       vf_stride);
    return true;
}

static inline void snic_sriov_vf_bar(PCIDevice *dev, int n, uint8_t type,
                                     MemoryRegion *mr)
{
    pcie_sriov_vf_register_bar(dev, n, mr);
}

/* 7.2 takes the VFs down but leaves VF Enable set: nobody would enable them again. */
static inline void snic_sriov_reset(PCIDevice *dev)
{
    uint8_t *cap = dev->config + dev->exp.sriov_cap;

    pcie_sriov_pf_disable_vfs(dev);
    pci_set_word(cap + PCI_SRIOV_CTRL, 0);
    pci_set_word(cap + PCI_SRIOV_NUM_VF, 0);
}
#endif

#endif
