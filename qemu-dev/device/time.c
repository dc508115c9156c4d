/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time. The RTL stands at the guest's now whenever the guest can look: each
 * access first lets it run up to there, and a timer wakes it when something
 * arrives at the host. In between it need not run: what it has not sent yet
 * cannot arrive within one link latency (snic_sim_next_delivery()). A read costs
 * the guest what it costs on the link; a write is posted.
 *
 * Free running, device time follows the same clock, but falls behind it while
 * the RTL is busy.
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "hw/core/cpu.h"

#include "snic.h"
#include "trace.h"

/*
 * Free running: how long a turn may hold the main loop, how far the RTL goes
 * between two looks at the clock, and how long others get to run in between.
 */
#define SNIC_FREE_SLICE_NS (200 * SCALE_US)
#define SNIC_FREE_STEP_PS 500000
#define SNIC_FREE_PAUSE_NS (10 * SCALE_US)

static int64_t snic_virtual_ns(void)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* Device time of a virtual time, and back; back rounds up. */
uint64_t snic_ps(const SnicCard *card, int64_t ns)
{
    return card->epoch_ps + (uint64_t)(ns - card->epoch_ns) * 1000;
}

int64_t snic_ns(const SnicCard *card, uint64_t ps)
{
    return card->epoch_ns + (ps - card->epoch_ps + 999) / 1000;
}

bool snic_enter(SnicCard *card)
{
    if (card->gone) {
        return false;
    }
    if (card->running) {
        card->count.reentrant_refused++;
        qemu_log_mask(LOG_GUEST_ERROR,
                      "snic: access by the device's own DMA refused\n");
        return false;
    }
    return true;
}

static void snic_run(SnicCard *card, uint64_t until_ps)
{
    int64_t start = get_clock();

    card->running = true;
    card->door.run_until(card->sim, until_ps);
    card->running = false;
    card->wall_ns += get_clock() - start;
}

void snic_sync(SnicCard *card)
{
    uint64_t now = snic_ps(card, snic_virtual_ns());

    if (now <= card->door.now(card->sim)) {
        return;
    }
    /* Free running, a busy RTL catches up in the timer; an idle one leaps. */
    if (card->free_running && card->door.next_event(card->sim) <= now) {
        return;
    }
    snic_run(card, now);
}

/* Free running: towards now, as far as one turn of the main loop allows. */
static void snic_run_slice(SnicCard *card)
{
    uint64_t now = snic_ps(card, snic_virtual_ns()), at;
    int64_t end = get_clock() + SNIC_FREE_SLICE_NS;

    while ((at = card->door.now(card->sim)) < now &&
           !*card->door.error(card->sim) && get_clock() < end) {
        snic_run(card, MIN(now, MAX(at, card->door.next_event(card->sim)) +
                                    SNIC_FREE_STEP_PS));
    }
}

static void snic_arm(SnicCard *card)
{
    uint64_t next;

    if (card->free_running) {
        next = card->door.next_event(card->sim);
    } else {
        next = card->door.next_delivery(card->sim);
    }
    if (next == UINT64_MAX) {
        timer_del(card->timer);
    } else if (card->free_running) {
        timer_mod_ns(card->timer, MAX(snic_ns(card, next),
                                      snic_virtual_ns() + SNIC_FREE_PAUSE_NS));
    } else {
        timer_mod_ns(card->timer, snic_ns(card, next));
    }
}

void snic_leave(SnicCard *card)
{
    if (*card->door.error(card->sim)) {
        snic_card_failed(card);
    }
    if (card->reset_waits) {
        snic_card_reset(card);
    }
    snic_raise_interrupts(card);
    snic_errors_look(card);
    snic_wire_poll(card);
    if (!card->gone) {
        snic_arm(card);
    }
}

static void snic_timer(void *opaque)
{
    SnicCard *card = opaque;

    card->count.timer_wakes++;
    if (!snic_enter(card)) {
        return;
    }
    if (card->free_running) {
        snic_run_slice(card);
    } else {
        snic_sync(card);
    }
    snic_leave(card);
}

/* The vCPU that is in this access waits. Others that look in (a monitor) do not. */
static void snic_charge(SnicCard *card, int64_t ns)
{
    if (ns > 0 && icount_enabled() && current_cpu) {
        icount_stall(ns);
    }
}

/* Configuration requests are not posted, reads and writes alike. */
void snic_charge_config(SnicCard *card)
{
    if (!card->free_running) {
        snic_charge(card, 2 * (int64_t)card->cfg.write_latency_ns);
    }
}

uint64_t snic_read(SnicFunc *f, hwaddr addr, unsigned size)
{
    SnicCard *card = f->card;
    uint64_t value;
    int64_t start;

    if (!snic_enter(card)) {
        return UINT64_MAX;
    }
    card->count.mmio_reads++;
    snic_sync(card);
    start = get_clock();
    card->running = true;
    value = card->door.mmio_read(card->sim, f->number, addr, size);
    card->running = false;
    card->wall_ns += get_clock() - start;
    snic_charge(card,
                snic_ns(card, card->door.now(card->sim)) - snic_virtual_ns());
    snic_leave(card);
    trace_snic_read(f->number, addr, size, value);
    return value;
}

/* What is posted starts at the guest's now. */
static bool snic_post_begin(SnicFunc *f)
{
    if (!snic_enter(f->card)) {
        return false;
    }
    f->used = f->card->used = true;
    snic_sync(f->card);
    return true;
}

void snic_write(SnicFunc *f, hwaddr addr, uint64_t value, unsigned size)
{
    if (!snic_post_begin(f)) {
        return;
    }
    f->card->count.mmio_writes++;
    trace_snic_write(f->number, addr, size, value);
    f->card->door.mmio_write(f->card->sim, f->number, addr, value, size);
    snic_leave(f->card);
}

void snic_set_bus_master(SnicFunc *f, bool on)
{
    if (on == f->bus_master) {
        return;
    }
    f->bus_master = on;
    if (!snic_post_begin(f)) {
        return;
    }
    trace_snic_bus_master(f->number, on);
    f->card->door.bus_master(f->card->sim, f->number, on);
    snic_leave(f->card);
}

void snic_flr(SnicFunc *f)
{
    if (!snic_post_begin(f)) {
        return;
    }
    trace_snic_flr(f->number);
    f->card->door.flr(f->card->sim, f->number);
    f->used = false;
    snic_leave(f->card);
}

/* The RTL has just come out of reset: its clock starts at the guest's now. */
void snic_time_start(SnicCard *card)
{
    card->epoch_ns = snic_virtual_ns();
    card->epoch_ps = card->door.now(card->sim);
    snic_arm(card);
}

void snic_time_stop(SnicCard *card)
{
    timer_del(card->timer);
}

bool snic_time_init(SnicCard *card, Error **errp)
{
    if (!card->free_running && icount_enabled() != 1 && !qtest_enabled()) {
        error_setg(errp, "time=virtual needs -icount shift=0,sleep=off,"
                         "align=off; time=free does without");
        return false;
    }
    card->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, snic_timer, card);
    return true;
}

void snic_time_exit(SnicCard *card)
{
    timer_free(card->timer);
}
