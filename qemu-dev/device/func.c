/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One PCIe function: capabilities, BARs, configuration accesses. */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "hw/pci/msix.h"
#include "hw/pci/pcie_aer.h"

#include "snic.h"
#include "trace.h"

enum {
    CAP_PM = 0x40,
    CAP_MSIX = 0x50,
    CAP_EXP = 0x60,
    ECAP_AER = 0x100,
    MSIX_TABLE = 0,
    MSIX_PBA = 0x800,
};

/* D3hot: a function off; only its configuration space answers. */
static bool snic_is_on(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);

    return !(pci_get_word(dev->config + CAP_PM + PCI_PM_CTRL) &
             PCI_PM_CTRL_STATE_MASK);
}

static uint64_t snic_regs_read(void *opaque, hwaddr addr, unsigned size)
{
    return snic_is_on(opaque) ? snic_read(opaque, addr, size) : UINT64_MAX;
}

static void snic_regs_write(void *opaque, hwaddr addr, uint64_t value,
                            unsigned size)
{
    if (snic_is_on(opaque)) {
        snic_write(opaque, addr, value, size);
    }
}

static const MemoryRegionOps snic_regs_ops = {
    .read = snic_regs_read,
    .write = snic_regs_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 8 },
    .impl = { .min_access_size = 4, .max_access_size = 8 },
};

uint32_t snic_config_read(PCIDevice *dev, uint32_t addr, int len)
{
    SnicFunc *f = SNIC_FUNC(dev);
    uint32_t value = pci_default_read_config(dev, addr, len);

    snic_charge_config(f->card);
    return f->card->gone ? UINT32_MAX >> (32 - 8 * len) : value;
}

/* MPS and MRRS are the card's, so the PF's count. The write has been done. */
static void snic_set_sizes(SnicFunc *f, PCIDevice *dev, uint32_t addr, int len)
{
    SnicCard *card = f->card;
    uint16_t ctl = pci_get_word(dev->config + CAP_EXP + PCI_EXP_DEVCTL);
    uint32_t mps = 128 << ((ctl & PCI_EXP_DEVCTL_PAYLOAD) >> 5);
    uint32_t mrrs = 128 << ((ctl & PCI_EXP_DEVCTL_READRQ) >> 12);

    if (f->number || !ranges_overlap(addr, len, CAP_EXP + PCI_EXP_DEVCTL, 2) ||
        (mps == (card->mps ? card->mps : card->cfg.mps) &&
         mrrs == (card->mrrs ? card->mrrs : card->cfg.mrrs)) ||
        !snic_enter(card)) {
        return;
    }
    snic_sync(card);
    trace_snic_sizes(mps, mrrs);
    if (mps > card->cfg.mps || card->door.sizes(card->sim, mps, mrrs)) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "snic: the guest sets MPS %u and MRRS %u; the card has "
                      "MPS up to %u, MRRS up to 4096\n",
                      mps, mrrs, card->cfg.mps);
    } else {
        card->mps = mps;
        card->mrrs = mrrs;
        card->used = true;
    }
    snic_leave(card);
}

void snic_config_write(PCIDevice *dev, uint32_t addr, uint32_t val, int len)
{
    SnicFunc *f = SNIC_FUNC(dev);
    SnicCard *card = f->card;

    if (card->gone) {
        return;
    }
    if (card->running) {
        card->count.reentrant_refused++;
        qemu_log_mask(LOG_GUEST_ERROR, "snic: configuration write by the "
                                       "device's own DMA refused\n");
        return;
    }
    pci_default_write_config(dev, addr, val, len);
    pcie_aer_write_config(dev, addr, val, len);
    pcie_cap_flr_write_config(dev, addr, val, len);
    snic_set_sizes(f, dev, addr, len);
    snic_set_bus_master(f, pci_get_word(dev->config + PCI_COMMAND) &
                               PCI_COMMAND_MASTER);
    snic_charge_config(card);
}

static int snic_pm_init(PCIDevice *dev, Error **errp)
{
    int pos =
        pci_add_capability(dev, PCI_CAP_ID_PM, CAP_PM, PCI_PM_SIZEOF, errp);

    if (pos < 0) {
        return pos;
    }
    pci_set_word(dev->config + pos + PCI_PM_PMC, 3); /* PCI PM 1.2 */
    /* D3hot to D0 keeps the function's state. */
    pci_set_word(dev->config + pos + PCI_PM_CTRL, PCI_PM_CTRL_NO_SOFT_RESET);
    pci_set_word(dev->wmask + pos + PCI_PM_CTRL, PCI_PM_CTRL_STATE_MASK);
    return 0;
}

/* The link as it is: width, speed and sizes are the RTL's. */
static void snic_exp_fill(PCIDevice *dev, const struct snic_sim_config *cfg)
{
    uint8_t *exp = dev->config + dev->exp.exp_cap;
    uint32_t width = cfg->pcie_lanes << PCI_EXP_LNK_MLW_SHIFT;

    /* The RTL has more than 32 reads under way, whatever it is told. */
    pci_long_test_and_set_mask(exp + PCI_EXP_DEVCAP,
                               ctz32(cfg->mps / 128) | PCI_EXP_DEVCAP_EXT_TAG);
    pci_word_test_and_set_mask(exp + PCI_EXP_DEVCTL,
                               ctz32(cfg->mps / 128) << 5 |
                                   ctz32(cfg->mrrs / 128) << 12 |
                                   PCI_EXP_DEVCTL_EXT_TAG);
    pci_word_test_and_set_mask(dev->wmask + dev->exp.exp_cap + PCI_EXP_DEVCTL,
                               PCI_EXP_DEVCTL_PAYLOAD |
                                   PCI_EXP_DEVCTL_READRQ);
    pci_set_long(exp + PCI_EXP_LNKCAP, width | cfg->pcie_gen);
    pci_set_word(exp + PCI_EXP_LNKSTA, width | cfg->pcie_gen);
    pci_set_long(exp + PCI_EXP_LNKCAP2, (2 << cfg->pcie_gen) - 2);
    pci_set_word(exp + PCI_EXP_LNKCTL2, cfg->pcie_gen);
}

bool snic_func_realize(SnicFunc *f, SnicCard *card, uint8_t number,
                       Error **errp)
{
    PCIDevice *dev = PCI_DEVICE(f);
    int i;

    f->card = card;
    f->number = number;
    memory_region_init_io(&f->regs, OBJECT(f), &snic_regs_ops, f, "snic-regs",
                          SNIC_BAR_BYTES);
    memory_region_init(&f->msix, OBJECT(f), "snic-msix", SNIC_MSIX_BAR_BYTES);
    if (number) {
        snic_sriov_vf_bar(dev, 0, &f->regs);
        snic_sriov_vf_bar(dev, 2, &f->msix);
    } else {
        pci_register_bar(dev, 0, SNIC_BAR_TYPE, &f->regs);
        pci_register_bar(dev, 2, SNIC_BAR_TYPE, &f->msix);
    }
    if (snic_pm_init(dev, errp) < 0 ||
        pcie_endpoint_cap_init(dev, CAP_EXP) < 0 ||
        msix_init(dev, SNIC_VEC_PER_FUNC, &f->msix, 2, MSIX_TABLE, &f->msix, 2,
                  MSIX_PBA, CAP_MSIX, errp) < 0 ||
        pcie_aer_init(dev, PCI_ERR_VER, ECAP_AER, PCI_ERR_SIZEOF, errp) < 0) {
        return false;
    }
    for (i = 0; i < SNIC_VEC_PER_FUNC; i++) {
        msix_vector_use(dev, i);
    }
    pcie_cap_flr_init(dev);
    pcie_cap_deverr_init(dev);
    snic_exp_fill(dev, &card->cfg);
    card->func[number] = f;
    return true;
}

void snic_func_exit(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);

    f->card->func[f->number] = NULL;
    pcie_aer_exit(dev);
    pcie_cap_exit(dev);
    msix_unuse_all_vectors(dev);
    msix_uninit(dev, &f->msix, &f->msix);
}

bool snic_func_reset(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);
    uint16_t ctl = pci_get_word(dev->config + CAP_EXP + PCI_EXP_DEVCTL);

    pcie_cap_deverr_reset(dev);
    pci_word_test_and_clear_mask(dev->config + CAP_PM + PCI_PM_CTRL,
                                 PCI_PM_CTRL_STATE_MASK);
    return ctl & PCI_EXP_DEVCTL_BCR_FLR;
}

static void snic_func_class_init(ObjectClass *klass, void *data)
{
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

    pc->vendor_id = SNIC_PCI_VENDOR;
    pc->class_id = PCI_CLASS_NETWORK_ETHERNET;
    pc->revision = SNIC_VERSION_MAJOR;
    pc->config_read = snic_config_read;
    pc->config_write = snic_config_write;
}

static const TypeInfo snic_func_info = {
    .name = TYPE_SNIC_FUNC,
    .parent = TYPE_PCI_DEVICE,
    .instance_size = sizeof(SnicFunc),
    .abstract = true,
    .class_init = snic_func_class_init,
    .interfaces = (InterfaceInfo[]){ { INTERFACE_PCIE_DEVICE }, {} },
};

static void snic_func_register(void)
{
    type_register_static(&snic_func_info);
}
type_init(snic_func_register)
