/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The physical function: what -device snic,... makes, and with it the card. */
#include "qemu/osdep.h"
#include "qemu/module.h"
#include "migration/vmstate.h"

#include "pf.h"

enum { ECAP_SRIOV = 0x160 };

/*
 * A root port at least as good as the card: QEMU's says 128 B payload, and Linux
 * then lowers the card's, which the RTL's was built with.
 */
static void snic_port_fill(PCIDevice *dev, const struct snic_sim_config *cfg)
{
    PCIDevice *port = pci_bridge_get_device(pci_get_bus(dev));
    uint8_t *exp = port->config + port->exp.exp_cap;
    uint32_t mps = ctz32(cfg->mps / 128);

    if ((pci_get_long(exp + PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_PAYLOAD) < mps) {
        pci_long_test_and_set_mask(exp + PCI_EXP_DEVCAP, mps);
        pci_word_test_and_set_mask(exp + PCI_EXP_DEVCTL, mps << 5);
    }
}

static bool snic_pf_check(SnicPF *s, PCIDevice *dev, Error **errp)
{
    PCIBus *bus = pci_get_bus(dev);

    if (pci_bus_is_root(bus) || !pci_bus_is_express(bus) || dev->devfn) {
        error_setg(errp, "snic must be function 0 behind a pcie-root-port: "
                         "-device pcie-root-port,id=rp0 "
                         "-device snic,bus=rp0,...");
        return false;
    }
    if (s->vfs >= SNIC_N_FUNC) {
        error_setg(errp, "vfs is %u; it must be 0..%u", s->vfs,
                   SNIC_N_FUNC - 1);
        return false;
    }
    s->card.free_running = !g_strcmp0(s->time, "free");
    if (s->time && !s->card.free_running && strcmp(s->time, "virtual")) {
        error_setg(errp, "time is '%s'; it must be virtual or free", s->time);
        return false;
    }
    return true;
}

static void snic_pf_realize(PCIDevice *dev, Error **errp)
{
    SnicPF *s = SNIC(dev);
    SnicCard *card = &s->card;

    if (!snic_pf_check(s, dev, errp)) {
        return;
    }
    card->pf = dev;
    if (!snic_card_open(card, s->sim, errp)) {
        return;
    }
    if (!snic_func_realize(&s->func, card, 0, errp)) {
        snic_card_close(card);
        return;
    }
    snic_ari_init(dev, SNIC_ECAP_ARI);
    if (s->vfs) {
        if (!snic_sriov_init(dev, ECAP_SRIOV, TYPE_SNIC_VF, SNIC_PCI_DEVICE_VF,
                             s->vfs, errp)) {
            snic_func_exit(&s->func);
            snic_card_close(card);
            return;
        }
        pcie_sriov_pf_init_vf_bar(dev, 0, SNIC_BAR_TYPE, SNIC_BAR_BYTES);
        pcie_sriov_pf_init_vf_bar(dev, 2, SNIC_BAR_TYPE, SNIC_MSIX_BAR_BYTES);
    }
    snic_port_fill(dev, &card->cfg);
}

static void snic_pf_exit(PCIDevice *dev)
{
    SnicPF *s = SNIC(dev);

    if (s->vfs) {
        pcie_sriov_pf_exit(dev);
    }
    snic_func_exit(&s->func);
    snic_card_close(&s->card);
}

static void snic_pf_reset(DeviceState *qdev)
{
    SnicPF *s = SNIC(qdev);

    if (s->vfs) {
        snic_sriov_reset(PCI_DEVICE(qdev));
    }
    if (snic_func_reset(&s->func)) {
        snic_set_bus_master(&s->func, false);
        snic_flr(&s->func);
    } else {
        s->func.bus_master = false;
        snic_card_reset(&s->card);
    }
}

static SNIC_CLASS_CONST Property snic_pf_properties[] = {
    DEFINE_PROP_STRING("sim", SnicPF, sim),
    DEFINE_PROP_UINT16("vfs", SnicPF, vfs, 8),
    DEFINE_PROP_UINT32("clock-mhz", SnicPF, card.cfg.clock_mhz, 400),
    DEFINE_PROP_UINT32("wire-gbps", SnicPF, card.cfg.wire_gbps, 100),
    DEFINE_PROP_UINT32("pcie-gen", SnicPF, card.cfg.pcie_gen, 4),
    DEFINE_PROP_UINT32("pcie-lanes", SnicPF, card.cfg.pcie_lanes, 16),
    DEFINE_PROP_UINT32("mps", SnicPF, card.cfg.mps, 256),
    DEFINE_PROP_UINT32("mrrs", SnicPF, card.cfg.mrrs, 512),
    DEFINE_PROP_UINT32("rcb", SnicPF, card.cfg.rcb, 64),
    DEFINE_PROP_UINT32("read-latency-ns", SnicPF, card.cfg.read_latency_ns,
                       600),
    DEFINE_PROP_UINT32("write-latency-ns", SnicPF, card.cfg.write_latency_ns,
                       250),
    DEFINE_PROP_UINT32("read-jitter-ns", SnicPF, card.cfg.read_jitter_ns, 0),
    DEFINE_PROP_UINT64("seed", SnicPF, card.cfg.seed, 0),
    DEFINE_PROP_BOOL("loop", SnicPF, card.cfg.loop, false),
    DEFINE_PROP_STRING("time", SnicPF, time),
    SNIC_PROP_END
};

static const VMStateDescription snic_vmstate = {
    .name = TYPE_SNIC, .unmigratable = 1, /* the RTL's state has no way out */
};

static void snic_pf_class_init(ObjectClass *klass, SNIC_CLASS_DATA)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

    dc->desc = "Cosnic SR-IOV NIC, from its RTL";
    dc->vmsd = &snic_vmstate;
    snic_class_reset(dc, snic_pf_reset);
    set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
    device_class_set_props(dc, snic_pf_properties);
    pc->device_id = SNIC_PCI_DEVICE_PF;
    pc->realize = snic_pf_realize;
    pc->exit = snic_pf_exit;
}

static const TypeInfo snic_pf_info = {
    .name = TYPE_SNIC,
    .parent = TYPE_SNIC_FUNC,
    .instance_size = sizeof(SnicPF),
    .class_init = snic_pf_class_init,
};

static void snic_pf_register(void)
{
    type_register_static(&snic_pf_info);
}
type_init(snic_pf_register)
