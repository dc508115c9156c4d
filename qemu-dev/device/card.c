/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The RTL's life: made with the device, made anew at a reset of the slot. */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "hw/pci/pcie_aer.h"

#include "snic.h"
#include "trace.h"

/* How long the guest may go on when the device is gone: to see it and say so. */
#define SNIC_GONE_NS (100 * SCALE_MS)

static bool snic_card_create(SnicCard *card, Error **errp)
{
    char err[256];

    card->sim =
        card->door.create(&card->cfg, &snic_dma_ops, card, err, sizeof(err));
    if (!card->sim) {
        error_setg(errp, "the RTL does not start: %s", err);
        return false;
    }
    card->used = false;
    snic_time_start(card);
    return true;
}

static void snic_exit(void *opaque)
{
    exit(EXIT_FAILURE);
}

/* exit() belongs to the main loop; the guest's timers may run in a vCPU. */
static void snic_gone_over(void *opaque)
{
    aio_bh_schedule_oneshot(qemu_get_aio_context(), snic_exit, NULL);
}

bool snic_card_open(SnicCard *card, const char *library, Error **errp)
{
    char err[256];

    if (!snic_door_open(&card->door, library, errp)) {
        return false;
    }
    if (card->door.config_check(&card->cfg, err, sizeof(err))) {
        error_setg(errp, "%s", err);
        goto close_door;
    }
    card->irqs = g_array_new(false, false, sizeof(SnicIrq));
    if (!snic_time_init(card, errp)) {
        goto free_irqs;
    }
    if (!snic_card_create(card, errp)) {
        goto exit_time;
    }
    card->gone_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, snic_gone_over, card);
    return true;
exit_time:
    snic_time_exit(card);
free_irqs:
    g_array_free(card->irqs, true);
close_door:
    snic_door_close(&card->door);
    return false;
}

void snic_card_close(SnicCard *card)
{
    timer_free(card->gone_timer);
    snic_time_exit(card);
    card->door.destroy(card->sim);
    g_array_free(card->irqs, true);
    snic_door_close(&card->door);
}

/* Power-up or a reset of the slot: all of the RTL is reset, its tables too. */
void snic_card_reset(SnicCard *card)
{
    Error *err = NULL;

    card->reset_waits = card->running;
    if (card->running || !card->used || card->gone) {
        return;
    }
    trace_snic_card_reset();
    card->count.resets++;
    snic_time_stop(card);
    card->door.destroy(card->sim);
    g_array_set_size(card->irqs, 0);
    if (!snic_card_create(card, &err)) {
        error_report_err(err);
        exit(EXIT_FAILURE);
    }
}

/*
 * An assertion of the RTL, or its watchdog. For the guest the device has fallen
 * off the bus: all ones, and a fatal error from its port.
 */
void snic_card_failed(SnicCard *card)
{
    PCIEAERErr err = {
        .status = PCI_ERR_UNC_INTN,
        .source_id = pci_requester_id(card->pf),
    };

    if (card->gone) {
        return;
    }
    error_report("snic: the RTL has failed, the device is gone: %s",
                 card->door.error(card->sim));
    card->gone = true;
    snic_time_stop(card);
    pcie_aer_inject_error(card->pf, &err);
    timer_mod_ns(card->gone_timer,
                 qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + SNIC_GONE_NS);
}
