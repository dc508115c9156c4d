/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device Control 2: the completion timeout. The PF's is the card's (SR-IOV 1.1,
 * 3.5.9 and 3.5.10: a VF has the PF's ranges and none of the control).
 */
#include "qemu/osdep.h"
#include "hw/pci/pcie_aer.h"

#include "snic.h"
#include "trace.h"

enum {
    RANGES = 0xf, /* A to D */
    DISABLE_SUPPORTED = 0x10,
    VALUE = 0xf,
    DISABLE = 0x10,
};

/*
 * In us, by the value. A read is given up after one timeout at the soonest and
 * four thirds at the latest; both are in the range that the value stands for
 * (PCI Express Base Specification, Device Control 2 Register).
 */
static const uint32_t timeout_us[VALUE + 1] = {
    [0x0] = 10000,   /* 50 us to 50 ms */
    [0x1] = 60,      /* 50 us to 100 us */
    [0x2] = 4000,    /* 1 ms to 10 ms */
    [0x5] = 30000,   /* 16 ms to 55 ms */
    [0x6] = 120000,  /* 65 ms to 210 ms */
    [0x9] = 500000,  /* 260 ms to 900 ms */
    [0xa] = 2000000, /* 1 s to 3.5 s */
    [0xd] = 6000000, /* 4 s to 13 s */
    [0xe] = 20000000 /* 17 s to 64 s */
};

static uint16_t snic_devctl2(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);

    return pci_get_word(dev->config + dev->exp.exp_cap + PCI_EXP_DEVCTL2);
}

void snic_devctl2_init(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);

    if (!f->card->door.desc.read_timeout_reg) {
        return;
    }
    pci_long_test_and_set_mask(dev->config + dev->exp.exp_cap + PCI_EXP_DEVCAP2,
                               RANGES | DISABLE_SUPPORTED);
    if (!f->number) {
        pci_word_test_and_set_mask(
            dev->wmask + dev->exp.exp_cap + PCI_EXP_DEVCTL2, VALUE | DISABLE);
    }
}

/* Into the card, in cycles of its clock; its register has 32 bits of them. */
static void snic_devctl2_tell(SnicFunc *f)
{
    uint16_t ctl = snic_devctl2(f);
    uint64_t cycles =
        (uint64_t)timeout_us[ctl & VALUE] * f->card->cfg.clock_mhz;

    if (ctl & DISABLE) {
        cycles = 0;
    } else if (!timeout_us[ctl & VALUE]) { /* reserved */
        return;
    }
    f->card->devctl2 = ctl;
    cycles = MIN(cycles, UINT32_MAX);
    trace_snic_completion_timeout(cycles);
    snic_write(f, f->card->door.desc.read_timeout_reg, cycles, 4);
}

uint64_t snic_devctl2_timeout_ns(const SnicCard *card)
{
    return card->devctl2 & DISABLE
               ? 0
               : timeout_us[card->devctl2 & VALUE] * UINT64_C(4000) / 3;
}

/* The write has been done. */
void snic_devctl2_written(SnicFunc *f)
{
    if (!f->number && snic_devctl2(f) != f->card->devctl2) {
        snic_devctl2_tell(f);
    }
}

/* A function reset has put the control back, and leaves the card's register. */
void snic_devctl2_reset(SnicFunc *f)
{
    PCIDevice *dev = PCI_DEVICE(f);

    pci_word_test_and_clear_mask(
        dev->config + dev->exp.exp_cap + PCI_EXP_DEVCTL2, VALUE | DISABLE);
    snic_devctl2_written(f);
}
