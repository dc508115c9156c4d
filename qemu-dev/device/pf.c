/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The physical function: what -device snic,... makes, and with it the card. */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/module.h"
#include "qemu/range.h"
#include "migration/vmstate.h"

#include "pf.h"

enum {
    ECAP_SRIOV = 0x160,
    /* A reset in QEMU 10.0 clears four bytes behind the SR-IOV capability. */
    ECAP_DSN = 0x1a4,
    ECAP_WIRE = 0x1b0,
    WIRE_REPLAY = ECAP_WIRE + 8,
    WIRE_FAULTS = ECAP_WIRE + 12,
    WIRE_BYTES = 16,
    ECAP_ACS = 0x1c0,
    ECAP_CARD = 0x1d0, /* vendor specific, of the card */
};

#define SNIC_VFS_USUAL 8
#define SNIC_UNSET UINT16_MAX

/*
 * A vendor specific capability that only the bench has, when there is a capture
 * to replay or a fault to switch: bit p of its first register starts (1) and
 * stops (0) the replay into port p, and says whether it goes on; bit i of the
 * second one is fault i. So a script in the guest says when.
 */
static void snic_wire_cap_init(PCIDevice *dev)
{
    pcie_add_capability(dev, PCI_EXT_CAP_ID_VNDR, 1, ECAP_WIRE, WIRE_BYTES);
    /* id 1, revision 0 */
    pci_set_long(dev->config + ECAP_WIRE + 4, WIRE_BYTES << 20 | 1);
}

/* The card's serial number is the EUI-64 made of its MAC, as on cards with NVM. */
static void snic_serial_init(SnicPF *s, PCIDevice *dev)
{
    const uint8_t *m;

    if (!snic_card_has(&s->card, SNIC_CARD_DSN)) {
        return;
    }
    qemu_macaddr_default_if_unset(&s->mac);
    m = s->mac.a;
    pcie_dev_ser_num_init(dev, ECAP_DSN,
                          (uint64_t)(m[0] << 16 | m[1] << 8 | m[2]) << 40 |
                              0xfffeull << 24 | m[3] << 16 | m[4] << 8 | m[5]);
}

static bool snic_has_wire_cap(const SnicPF *s)
{
    return s->card.port[0].replay || s->card.port[1].replay || s->card.faults.n;
}

static uint32_t snic_pf_config_read(PCIDevice *dev, uint32_t addr, int len)
{
    SnicPF *s = SNIC(dev);

    if (snic_has_wire_cap(s) && ranges_overlap(addr, len, WIRE_REPLAY, 8) &&
        snic_enter(&s->card)) {
        snic_sync(&s->card);
        pci_set_long(dev->config + WIRE_REPLAY, snic_wire_replays(&s->card));
        pci_set_long(dev->config + WIRE_FAULTS, s->card.faults.on);
        snic_leave(&s->card);
    }
    return snic_config_read(dev, addr, len);
}

/* Hardware may do anything then; here there are no VFs, which needs a word. */
static void snic_check_num_vfs(PCIDevice *dev, uint32_t addr, uint32_t val,
                               int len)
{
    uint16_t total = SNIC(dev)->vfs;
    uint16_t num = pci_get_word(dev->config + ECAP_SRIOV + PCI_SRIOV_NUM_VF);
    uint32_t ctrl = ECAP_SRIOV + PCI_SRIOV_CTRL;

    if (total && range_covers_byte(addr, len, ctrl) &&
        val >> 8 * (ctrl - addr) & PCI_SRIOV_CTRL_VFE && num > total) {
        qemu_log_mask(LOG_GUEST_ERROR,
                      "snic: VF Enable with NumVFs %u above TotalVFs %u: no "
                      "VF\n",
                      num, total);
    }
}

static void snic_pf_config_write(PCIDevice *dev, uint32_t addr, uint32_t val,
                                 int len)
{
    SnicPF *s = SNIC(dev);

    if (snic_has_wire_cap(s) && ranges_overlap(addr, len, WIRE_REPLAY, 8) &&
        snic_enter(&s->card)) {
        snic_sync(&s->card);
        if (range_covers_byte(addr, len, WIRE_REPLAY)) {
            snic_wire_set_replays(&s->card, val >> 8 * (WIRE_REPLAY - addr));
        }
        if (range_covers_byte(addr, len, WIRE_FAULTS)) {
            snic_faults_set(&s->card, val >> 8 * (WIRE_FAULTS - addr));
        }
        snic_leave(&s->card);
    }
    snic_check_num_vfs(dev, addr, val, len);
    snic_config_write(dev, addr, val, len);
}

/* The link is up while there is a card. With ACPI hot-plug, QEMU does not say so. */
static void snic_port_link(PCIDevice *dev, bool up)
{
    PCIDevice *port = pci_bridge_get_device(pci_get_bus(dev));
    uint8_t *exp;

    if (!port) {
        return;
    }
    exp = port->config + port->exp.exp_cap;
    if (!up) {
        pci_word_test_and_clear_mask(exp + PCI_EXP_LNKSTA,
                                     PCI_EXP_LNKSTA_DLLLA);
    } else if (pci_get_long(exp + PCI_EXP_LNKCAP) & PCI_EXP_LNKCAP_DLLLARC) {
        pci_word_test_and_set_mask(exp + PCI_EXP_LNKSTA, PCI_EXP_LNKSTA_DLLLA);
    }
}

/*
 * A root port at least as good as the card: QEMU's says 128 B payload, and Linux
 * then lowers the card's, which the RTL's was built with.
 */
static void snic_port_fill(PCIDevice *dev, const struct snic_sim_config *cfg)
{
    PCIDevice *port = pci_bridge_get_device(pci_get_bus(dev));
    uint32_t mps = ctz32(cfg->mps / 128);
    uint8_t *exp;

    if (!port) {
        return;
    }
    exp = port->config + port->exp.exp_cap;
    if ((pci_get_long(exp + PCI_EXP_DEVCAP) & PCI_EXP_DEVCAP_PAYLOAD) < mps) {
        pci_long_test_and_set_mask(exp + PCI_EXP_DEVCAP, mps);
        pci_word_test_and_set_mask(exp + PCI_EXP_DEVCTL, mps << 5);
    }
}

static bool snic_pf_check(SnicPF *s, PCIDevice *dev, Error **errp)
{
    PCIBus *bus = pci_get_bus(dev);

    /* QEMU's fuzzer only looks at the root bus. */
    if (!qtest_enabled() &&
        (pci_bus_is_root(bus) || !pci_bus_is_express(bus) || dev->devfn)) {
        error_setg(errp, "snic must be function 0 behind a pcie-root-port: "
                         "-device pcie-root-port,id=rp0 "
                         "-device snic,bus=rp0,...");
        return false;
    }
    s->card.free_running = !g_strcmp0(s->time, "free");
    if (s->time && !s->card.free_running && strcmp(s->time, "virtual")) {
        error_setg(errp, "time is '%s'; it must be virtual or free", s->time);
        return false;
    }
    s->card.line_rate = !g_strcmp0(s->pcap_rate, "line");
    if (s->pcap_rate && !s->card.line_rate && strcmp(s->pcap_rate, "times")) {
        error_setg(errp, "pcap-rate is '%s'; it must be times or line",
                   s->pcap_rate);
        return false;
    }
    return true;
}

/* How many VFs and plain functions: as the user wants, and the card can have. */
static bool snic_count_funcs(SnicPF *s, Error **errp)
{
    const struct snic_card *desc = &s->card.door.desc;

    if (s->plain == SNIC_UNSET) {
        s->plain = s->vfs && s->vfs != SNIC_UNSET ? 0 : desc->usual_plain;
    }
    if (s->vfs == SNIC_UNSET) {
        s->vfs = s->plain ? 0 : MIN(SNIC_VFS_USUAL, desc->total_vfs);
    }
    if (s->vfs > desc->total_vfs) {
        error_setg(errp, "vfs is %u; it must be 0..%u", s->vfs,
                   desc->total_vfs);
        return false;
    }
    if (s->plain > desc->max_plain) {
        error_setg(errp, "plain is %u; it must be 0..%u", s->plain,
                   desc->max_plain);
        return false;
    }
    if (s->vfs && s->plain) {
        error_setg(errp,
                   "vfs=%u and plain=%u: functions are VFs or plain, "
                   "not both",
                   s->vfs, s->plain);
        return false;
    }
    return true;
}

static bool snic_vfs_init(SnicPF *s, PCIDevice *dev, Error **errp)
{
    const struct snic_card *desc = &s->card.door.desc;
    unsigned i;

    if (!s->vfs) {
        return true;
    }
    if (!snic_sriov_init(dev, ECAP_SRIOV, TYPE_SNIC_VF, desc->vf.device_id,
                         s->vfs, desc->vf_offset, desc->vf_stride, errp)) {
        return false;
    }
    for (i = 0; i < SNIC_CARD_BARS; i++) {
        const struct snic_card_bar *bar = &desc->vf.bar[i];

        if (bar->size) {
            pcie_sriov_pf_init_vf_bar(dev, i, snic_bar_type(bar), bar->size);
        }
    }
    return true;
}

/* Bytes that the card wants software to find. */
static void snic_card_cap_init(PCIDevice *dev, const struct snic_card *desc)
{
    uint32_t bytes = 8 + desc->vendor_cap_bytes;

    if (!desc->vendor_cap_bytes) {
        return;
    }
    pcie_add_capability(dev, PCI_EXT_CAP_ID_VNDR, 1, ECAP_CARD, bytes);
    pci_set_long(dev->config + ECAP_CARD + 4,
                 bytes << 20 | desc->vendor_cap_id);
    memcpy(dev->config + ECAP_CARD + 8, desc->vendor_cap,
           desc->vendor_cap_bytes);
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
    if (!snic_count_funcs(s, errp) ||
        !snic_func_realize(&s->func, card, 0, errp)) {
        snic_card_close(card);
        return;
    }
    snic_ari(&s->func, s->plain ? 1 : 0);
    if (!snic_vfs_init(s, dev, errp) || !snic_plain_init(s, errp)) {
        snic_func_exit(&s->func);
        snic_card_close(card);
        return;
    }
    snic_serial_init(s, dev);
    if (snic_has_wire_cap(s)) {
        snic_wire_cap_init(dev);
    }
    if (snic_card_has(card, SNIC_CARD_ACS)) {
        pcie_acs_init(dev, ECAP_ACS);
    }
    snic_card_cap_init(dev, &card->door.desc);
    snic_port_fill(dev, &card->cfg);
    snic_port_link(dev, true);
}

static void snic_pf_exit(PCIDevice *dev)
{
    SnicPF *s = SNIC(dev);

    snic_port_link(dev, false);
    snic_plain_exit(s);
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

static SNIC_PROP_CONST Property snic_pf_properties[] = {
    DEFINE_PROP_STRING("sim", SnicPF, sim),
    DEFINE_PROP_UINT16("vfs", SnicPF, vfs, SNIC_UNSET),
    DEFINE_PROP_UINT16("plain", SnicPF, plain, SNIC_UNSET),
    DEFINE_PROP_MACADDR("mac", SnicPF, mac),
#define SETTING(name, field)                                                   \
    DEFINE_PROP_UINT32(name, SnicPF, card.cfg.field, SNIC_SIM_UNSET),
    SNIC_SIM_SETTINGS(SETTING)
#undef SETTING
        DEFINE_PROP_STRING("read-latency-file", SnicPF, card.read_latency_file),
    DEFINE_PROP_UINT64("seed", SnicPF, card.cfg.seed, 0),
    DEFINE_PROP_UINT64("start-cycles", SnicPF, card.cfg.start_cycles, 0),
    DEFINE_PROP_STRING("faults", SnicPF, card.faults.text),
    DEFINE_PROP_BOOL("faults-wait", SnicPF, card.faults.wait, false),
    DEFINE_PROP_UINT64("watchdog-cycles", SnicPF, card.cfg.watchdog_cycles, 0),
    DEFINE_PROP_BOOL("loop", SnicPF, card.cfg.loop, false),
    DEFINE_PROP_STRING("time", SnicPF, time),
    DEFINE_PROP_NETDEV("netdev0", SnicPF, card.port[0].conf.peers),
    DEFINE_PROP_NETDEV("netdev1", SnicPF, card.port[1].conf.peers),
    DEFINE_PROP_STRING("pcap0", SnicPF, card.port[0].replay_path),
    DEFINE_PROP_STRING("pcap1", SnicPF, card.port[1].replay_path),
    DEFINE_PROP_STRING("pcap-rate", SnicPF, pcap_rate),
    DEFINE_PROP_STRING("dump0", SnicPF, card.port[0].dump_path),
    DEFINE_PROP_STRING("dump1", SnicPF, card.port[1].dump_path),
    DEFINE_PROP_STRING("stats", SnicPF, card.stats_path),
    DEFINE_PROP_STRING("wave", SnicPF, card.wave_path),
    DEFINE_PROP_UINT64("wave-from-ns", SnicPF, card.wave_from_ns, 0),
    DEFINE_PROP_UINT64("wave-to-ns", SnicPF, card.wave_to_ns, 0),
    SNIC_PROP_END
};

static const VMStateDescription snic_vmstate = {
    .name = TYPE_SNIC, .unmigratable = 1, /* the RTL's state has no way out */
};

static void snic_pf_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

    dc->desc = "Cosnic: a card from its RTL";
    dc->vmsd = &snic_vmstate;
    snic_class_reset(dc, snic_pf_reset);
    set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
    device_class_set_props(dc, snic_pf_properties);
    /* cosnic asks for it: a QEMU of another tree is named before it is run */
    object_class_property_set_description(
        klass, "sim", "library of a card, of door " stringify(SNIC_SIM_ABI));
    pc->config_read = snic_pf_config_read;
    pc->config_write = snic_pf_config_write;
    pc->realize = snic_pf_realize;
    pc->exit = snic_pf_exit;
}

static const TypeInfo snic_pf_info = {
    .name = TYPE_SNIC,
    .parent = TYPE_SNIC_FUNC,
    .instance_size = sizeof(SnicPF),
    .class_init = snic_pf_class_init,
};

/* The same by the name of what it is: any card, whose library says what it is. */
static const TypeInfo cosnic_card_info = {
    .name = TYPE_COSNIC_CARD,
    .parent = TYPE_SNIC,
};

static void snic_pf_register(void)
{
    type_register_static(&snic_pf_info);
    type_register_static(&cosnic_card_info);
}
type_init(snic_pf_register)
