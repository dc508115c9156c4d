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

/* A waveform of each RTL: the one after a reset gets a file of its own. */
static bool snic_card_wave(SnicCard *card, Error **errp)
{
    g_autofree char *path = NULL;
    uint64_t to = UINT64_MAX;
    int r;

    if (!card->wave_path) {
        return true;
    }
    path = card->count.resets ? g_strdup_printf("%s.%" PRIu64, card->wave_path,
                                                card->count.resets)
                              : g_strdup(card->wave_path);
    if (card->wave_to_ns) {
        to = snic_ps(card, card->wave_to_ns);
    }
    r = card->door.wave(card->sim, path, snic_ps(card, card->wave_from_ns), to);
    if (r == -ENOTSUP) {
        error_setg(errp,
                   "the %s library writes no waveform: name the trace "
                   "one, sim=build/trace/libsnic_sim.so",
                   card->door.flavour());
    } else if (r) {
        error_setg_file_open(errp, -r, path);
    }
    return !r;
}

static bool snic_card_create(SnicCard *card, Error **errp)
{
    char err[256] = "the library gives no reason";

    card->sim =
        card->door.create(&card->cfg, &snic_dma_ops, card, err, sizeof(err));
    if (!card->sim) {
        error_setg(errp, "the RTL does not start: %s", err);
        return false;
    }
    card->used = false;
    if (card->mps) {
        card->door.sizes(card->sim, card->mps, card->mrrs);
    }
    snic_faults_start(card);
    snic_time_start(card);
    if (!snic_card_wave(card, errp)) {
        snic_time_stop(card);
        card->door.destroy(card->sim);
        card->sim = NULL;
        return false;
    }
    return true;
}

static void snic_exit(void *opaque)
{
    exit(EXIT_FAILURE);
}

/* exit() belongs to the main loop; this may run in a vCPU. */
static void snic_gone_over(void *opaque)
{
    aio_bh_schedule_oneshot(qemu_get_aio_context(), snic_exit, NULL);
}

/*
 * QEMU ends without unplugging anything. Its own exit notifiers come too late:
 * what the library made is destroyed before what was there before it. So each
 * library that is loaded is followed by an atexit() of ours.
 */
static NotifierList snic_exits = NOTIFIER_LIST_INITIALIZER(snic_exits);

static void snic_run_exits(void)
{
    notifier_list_notify(&snic_exits, NULL);
}

static void snic_card_at_exit(Notifier *n, void *data)
{
    SnicCard *card = container_of(n, SnicCard, exit_notifier);
    unsigned i;

    notifier_remove(n);
    snic_stats_write(card);
    for (i = 0; i < SNIC_CARD_PORTS; i++) {
        snic_dump_close(card->port[i].dump);
        card->port[i].dump = NULL;
    }
    card->door.destroy(card->sim); /* ends its waveform */
    card->gone = true;
}

/* Kept for as long as the card is there: it is created anew at a reset. */
static bool snic_card_histogram(SnicCard *card, Error **errp)
{
    struct snic_sim_bin *bins;
    char err[512] = "the library gives no reason";

    if (!card->read_latency_file) {
        return true;
    }
    if (card->door.histogram(card->read_latency_file, &bins,
                             &card->cfg.n_read_bins, err, sizeof(err))) {
        error_setg(errp, "read-latency-file: %s", err);
        return false;
    }
    card->cfg.read_bins = bins;
    return true;
}

bool snic_card_has(const SnicCard *card, enum snic_card_cap cap)
{
    return card->door.desc.caps & cap;
}

bool snic_card_open(SnicCard *card, const char *library, Error **errp)
{
    char err[512] = "the library gives no reason";

    if (!library) {
        error_setg(errp, "sim is not set: name the card's library, such as "
                         "sim=build/fast/libsnic_sim.so");
        return false;
    }
    if (snic_door_open(&card->door, library, err, sizeof(err))) {
        error_setg(errp, "%s", err);
        return false;
    }
    snic_door_settings(&card->door, &card->cfg);
    if (!snic_card_histogram(card, errp) || !snic_faults_open(card, errp)) {
        goto close_door;
    }
    if (card->door.config_check(&card->cfg, err, sizeof(err))) {
        error_setg(errp, "%s", err);
        goto close_door;
    }
    card->irqs = g_array_new(false, false, sizeof(SnicIrq));
    if (!snic_time_init(card, errp)) {
        goto free_irqs;
    }
    if (!snic_wire_open(card, errp)) {
        goto exit_time;
    }
    if (!snic_card_create(card, errp)) {
        goto close_wire;
    }
    card->exit_notifier.notify = snic_card_at_exit;
    notifier_list_add(&snic_exits, &card->exit_notifier);
    atexit(snic_run_exits);
    card->gone_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, snic_gone_over, card);
    return true;
close_wire:
    snic_wire_close(card);
exit_time:
    snic_time_exit(card);
free_irqs:
    g_array_free(card->irqs, true);
close_door:
    free((void *)card->cfg.read_bins);
    card->cfg.read_bins = NULL;
    snic_door_close(&card->door);
    return false;
}

void snic_card_close(SnicCard *card)
{
    snic_stats_write(card);
    notifier_remove(&card->exit_notifier);
    timer_free(card->gone_timer);
    snic_wire_close(card);
    snic_time_exit(card);
    card->door.destroy(card->sim);
    free((void *)card->cfg.read_bins);
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
    snic_stats_fold(card);
    card->door.destroy(card->sim);
    g_array_set_size(card->irqs, 0);
    if (!snic_card_create(card, &err)) {
        error_report_err(err);
        card->gone = true;
        snic_gone_over(card);
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
