/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Errors of the link, as the PCIe port of a card reports them (PCI Express Base
 * Specification, 6.2): to the function's status registers, by AER to the root
 * port, and so to the guest. What the RTL makes of them is its own affair.
 */
#include "qemu/osdep.h"
#include "hw/pci/pcie_aer.h"

#include "snic.h"
#include "trace.h"

enum {
    REPORTING = PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE |
                PCI_EXP_DEVCTL_FERE | PCI_EXP_DEVCTL_URRE,
    UNCORRECTABLE = PCI_EXP_DEVCTL_NFERE | PCI_EXP_DEVCTL_FERE,
};

/*
 * A VF reports as its PF is set (SR-IOV 1.1, 3.4.1.3, 3.5.4, 4.2.3), and SERR#
 * or Device Control is enough to enable it (PCI Express, 6.2.6). QEMU goes by
 * the function's own, and wants both: for the time of the call they are so.
 */
static void snic_report(SnicFunc *f, uint32_t status)
{
    PCIDevice *dev = PCI_DEVICE(f), *pf = f->card->pf;
    uint8_t *cmd = dev->config + PCI_COMMAND;
    uint8_t *ctl = dev->config + dev->exp.exp_cap + PCI_EXP_DEVCTL;
    uint8_t *aer = dev->config + dev->exp.aer_cap;
    const uint8_t *pf_aer = pf->config + pf->exp.aer_cap;
    uint16_t old_cmd = pci_get_word(cmd), old_ctl = pci_get_word(ctl);
    uint32_t old_mask = pci_get_long(aer + PCI_ERR_UNCOR_MASK);
    uint32_t old_severity = pci_get_long(aer + PCI_ERR_UNCOR_SEVER);
    uint16_t serr = pci_get_word(pf->config + PCI_COMMAND) & PCI_COMMAND_SERR;
    uint16_t reporting =
        pci_get_word(pf->config + pf->exp.exp_cap + PCI_EXP_DEVCTL) & REPORTING;
    PCIEAERErr err = {
        .status = status,
        .source_id = pci_requester_id(dev),
    };

    if (serr) {
        reporting |= UNCORRECTABLE;
    }
    if (reporting & UNCORRECTABLE) {
        serr = PCI_COMMAND_SERR;
    }
    pci_set_word(cmd, old_cmd | serr);
    pci_set_word(ctl, (old_ctl & ~REPORTING) | reporting);
    pci_set_long(aer + PCI_ERR_UNCOR_MASK,
                 pci_get_long(pf_aer + PCI_ERR_UNCOR_MASK));
    pci_set_long(aer + PCI_ERR_UNCOR_SEVER,
                 pci_get_long(pf_aer + PCI_ERR_UNCOR_SEVER));
    pcie_aer_inject_error(dev, &err);
    pci_set_long(aer + PCI_ERR_UNCOR_SEVER, old_severity);
    pci_set_long(aer + PCI_ERR_UNCOR_MASK, old_mask);
    pci_set_word(ctl, old_ctl);
    pci_set_word(cmd, old_cmd);
}

static void snic_aer(SnicFunc *f, uint32_t status)
{
    trace_snic_error(f->number, status);
    if (snic_card_has(f->card, SNIC_CARD_AER)) {
        snic_report(f, status);
    }
}

static void snic_given_up(void *opaque)
{
    SnicFunc *f = opaque;

    if (!f->card->gone) {
        snic_aer(f, PCI_ERR_UNC_COMP_TIME);
    }
}

/* Reported when it is given up; what is lost until then goes with it. */
static void snic_lost(SnicFunc *f)
{
    uint64_t ns = snic_devctl2_timeout_ns(f->card);

    if (ns && !timer_pending(f->lost_timer)) {
        timer_mod_ns(f->lost_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + ns);
    }
}

/* An error completion has no place in the requester's AER, only in its status. */
static void snic_abort(SnicFunc *f, uint16_t status)
{
    pci_word_test_and_set_mask(PCI_DEVICE(f)->config + PCI_STATUS, status);
}

static void snic_error(SnicCard *card, const struct snic_sim_fault *fault)
{
    /* who of many has sent the read is not known: then it is the PF's */
    SnicFunc *f = fault->n_func > 1 ? NULL : card->func[fault->func];
    uint64_t timeout_ns = snic_devctl2_timeout_ns(card);

    if (!f) {
        f = card->func[0];
    }
    switch (fault->kind) {
    case SNIC_SIM_FAULT_LOST:
        snic_lost(f);
        break;
    case SNIC_SIM_FAULT_LATE:
        if (timeout_ns && fault->ns > timeout_ns) {
            snic_lost(f);
        }
        break;
    case SNIC_SIM_FAULT_UR:
        snic_abort(f, PCI_STATUS_REC_MASTER_ABORT);
        break;
    case SNIC_SIM_FAULT_CA:
        snic_abort(f, PCI_STATUS_REC_TARGET_ABORT);
        break;
    case SNIC_SIM_FAULT_POISON:
        snic_abort(f, PCI_STATUS_DETECTED_PARITY);
        snic_aer(f, PCI_ERR_UNC_POISON_TLP);
        break;
    default:
        break;
    }
}

/* Outside the door, after each turn of it. */
void snic_errors_look(SnicCard *card)
{
    SnicFaults *f = &card->faults;
    unsigned i;

    for (i = 0; i < f->n && !card->gone; i++) {
        uint64_t hits =
            f->id[i] < 0 ? 0 : card->door.fault_hits(card->sim, f->id[i]);

        if (hits != f->hits[i]) {
            f->hits[i] = hits;
            snic_error(card, &f->list[i]);
        }
    }
}

void snic_errors_init(SnicFunc *f)
{
    f->lost_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, snic_given_up, f);
}

/* A reset forgets the reads that were under way. */
void snic_errors_reset(SnicFunc *f)
{
    timer_del(f->lost_timer);
}

void snic_errors_exit(SnicFunc *f)
{
    timer_free(f->lost_timer);
    f->lost_timer = NULL;
}
