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
    ECAP_ARI = 0x150,
};

/* D3hot: a function off; only its configuration space answers. */
static bool snic_is_on(const SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);

    return !(pci_get_word(dev->config + CAP_PM + PCI_PM_CTRL) &
             PCI_PM_CTRL_STATE_MASK);
}

static uint64_t snic_regs_read(void *opaque, hwaddr addr, unsigned size)
{
    const SnicBar *bar = opaque;

    return snic_is_on(bar->func) ? snic_read(bar->func, bar->base + addr, size)
                                 : UINT64_MAX;
}

static void snic_regs_write(void *opaque, hwaddr addr, uint64_t value,
                            unsigned size)
{
    const SnicBar *bar = opaque;

    if (snic_is_on(bar->func)) {
        snic_write(bar->func, bar->base + addr, value, size);
    }
}

static const MemoryRegionOps snic_regs_ops = {
    .read = snic_regs_read,
    .write = snic_regs_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 8 },
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
    if (snic_card_has(card, SNIC_CARD_AER)) {
        pcie_aer_write_config(dev, addr, val, len);
    }
    pcie_cap_flr_write_config(dev, addr, val, len);
    snic_set_sizes(f, dev, addr, len);
    snic_devctl2_written(f);
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

uint8_t snic_bar_type(const struct snic_card_bar *bar)
{
    return (bar->is_64bit ? PCI_BASE_ADDRESS_MEM_TYPE_64 : 0) |
           (bar->prefetchable ? PCI_BASE_ADDRESS_MEM_PREFETCH : 0);
}

static const struct snic_card_func *snic_func_desc(const SnicFunc *f)
{
    const struct snic_card *desc = &f->card->door.desc;

    return f->number ? &desc->vf : &desc->pf;
}

static void snic_bar_init(SnicFunc *f, unsigned i)
{
    PCIDevice *dev = PCI_DEVICE(f);
    const struct snic_card_func *desc = snic_func_desc(f);
    const struct snic_card_bar *d = &desc->bar[i];
    SnicBar *bar = &f->bar[i];

    if (!d->size) {
        return;
    }
    bar->func = f;
    bar->base = d->base;
    if (desc->msix_vectors && desc->msix_bar == i) {
        memory_region_init(&bar->region, OBJECT(f), "snic-msix", d->size);
    } else {
        memory_region_init_io(&bar->region, OBJECT(f), &snic_regs_ops, bar,
                              "snic-regs", d->size);
    }
    if (pci_is_vf(dev)) {
        snic_sriov_vf_bar(dev, i, snic_bar_type(d), &bar->region);
    } else {
        pci_register_bar(dev, i, snic_bar_type(d), &bar->region);
    }
}

static bool snic_msix_init(SnicFunc *f, Error **errp)
{
    PCIDevice *dev = PCI_DEVICE(f);
    const struct snic_card_func *desc = snic_func_desc(f);
    uint8_t n = desc->msix_bar;
    MemoryRegion *bar = &f->bar[n].region;
    unsigned i;

    if (!desc->msix_vectors) {
        return true;
    }
    if (msix_init(dev, desc->msix_vectors, bar, n, 0, bar, n,
                  desc->bar[n].size / 2, CAP_MSIX, errp) < 0) {
        return false;
    }
    for (i = 0; i < desc->msix_vectors; i++) {
        msix_vector_use(dev, i);
    }
    return true;
}

/* Who the function is. Of a VF, vendor and device are the PF's affair. */
static void snic_id_init(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);
    const struct snic_card *desc = &f->card->door.desc;

    if (!pci_is_vf(dev)) {
        pci_config_set_vendor_id(dev->config, desc->vendor_id);
        pci_config_set_device_id(dev->config, snic_func_desc(f)->device_id);
    }
    pci_config_set_class(dev->config, desc->class_code >> 8);
    pci_config_set_prog_interface(dev->config, desc->class_code);
    pci_config_set_revision(dev->config, desc->revision);
    if (desc->subsystem_vendor_id || desc->subsystem_id) {
        pci_set_word(dev->config + PCI_SUBSYSTEM_VENDOR_ID,
                     desc->subsystem_vendor_id);
        pci_set_word(dev->config + PCI_SUBSYSTEM_ID, desc->subsystem_id);
    }
}

bool snic_func_realize(SnicFunc *f, SnicCard *card, uint8_t number,
                       Error **errp)
{
    PCIDevice *dev = PCI_DEVICE(f);
    unsigned i;

    f->card = card;
    f->number = number;
    snic_id_init(f);
    for (i = 0; i < SNIC_CARD_BARS; i++) {
        snic_bar_init(f, i);
    }
    if (snic_pm_init(dev, errp) < 0 ||
        pcie_endpoint_cap_init(dev, CAP_EXP) < 0 || !snic_msix_init(f, errp)) {
        return false;
    }
    if (snic_card_has(card, SNIC_CARD_AER) &&
        pcie_aer_init(dev, PCI_ERR_VER, ECAP_AER, PCI_ERR_SIZEOF, errp) < 0) {
        return false;
    }
    if (snic_card_has(card, SNIC_CARD_AER) && !number) {
        /* QEMU 7.2 has the register, and nobody can write it */
        pci_set_long(dev->wmask + ECAP_AER + PCI_ERR_UNCOR_MASK,
                     PCI_ERR_UNC_SUPPORTED);
    }
    if (snic_card_has(card, SNIC_CARD_FLR)) {
        pcie_cap_flr_init(dev);
    }
    pcie_cap_deverr_init(dev);
    snic_exp_fill(dev, &card->cfg);
    snic_devctl2_init(f);
    snic_errors_init(f);
    card->func[number] = f;
    return true;
}

void snic_ari(SnicFunc *f, uint8_t next)
{
    PCIDevice *dev = PCI_DEVICE(f);

    if (snic_card_has(f->card, SNIC_CARD_ARI)) {
        snic_ari_init(dev, ECAP_ARI);
        pci_set_byte(dev->config + ECAP_ARI + PCI_ARI_CAP + 1, next);
    }
}

void snic_func_exit(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);

    MemoryRegion *bar = &f->bar[snic_func_desc(f)->msix_bar].region;

    f->card->func[f->number] = NULL;
    snic_errors_exit(f);
    if (snic_card_has(f->card, SNIC_CARD_AER)) {
        pcie_aer_exit(dev);
    }
    pcie_cap_exit(dev);
    if (msix_present(dev)) {
        msix_unuse_all_vectors(dev);
        msix_uninit(dev, bar, bar);
    }
}

bool snic_func_reset(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);
    uint16_t ctl = pci_get_word(dev->config + CAP_EXP + PCI_EXP_DEVCTL);

    pcie_cap_deverr_reset(dev);
    snic_devctl2_reset(f);
    snic_errors_reset(f);
    pci_word_test_and_clear_mask(dev->config + CAP_PM + PCI_PM_CTRL,
                                 PCI_PM_CTRL_STATE_MASK);
    return ctl & PCI_EXP_DEVCTL_BCR_FLR;
}

static void snic_func_class_init(ObjectClass *klass, void *data)
{
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

    pc->class_id = PCI_CLASS_NETWORK_ETHERNET; /* until the card says */
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
