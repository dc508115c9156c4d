/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes wrong on purpose (faults=, snic_sim.h): on from the start, or when
 * the guest switches it on, and again after a reset of the slot.
 */
#include "qemu/osdep.h"
#include "qapi/error.h"

#include "snic.h"
#include "trace.h"

bool snic_faults_open(SnicCard *card, Error **errp)
{
    SnicFaults *f = &card->faults;
    g_auto(GStrv) words = g_strsplit(f->text ? f->text : "", ";", -1);
    char err[256] = "the library gives no reason";
    unsigned i;

    for (i = 0; words[i]; i++) {
        if (i == SNIC_MAX_FAULTS) {
            error_setg(errp, "faults: no more than %d", SNIC_MAX_FAULTS);
            return false;
        }
        if (card->door.fault_parse(words[i], &f->list[i], err, sizeof(err))) {
            error_setg(errp, "%s", err);
            return false;
        }
    }
    f->n = i;
    memset(f->id, -1, sizeof(f->id));
    /* A lost answer is waited for as long as a completion timeout lasts. */
    if (i && !card->cfg.watchdog_cycles) {
        card->cfg.watchdog_cycles =
            SNIC_FAULTS_PATIENCE_US * (uint64_t)card->cfg.clock_mhz;
    }
    f->on = f->wait ? 0 : (1u << i) - 1;
    return true;
}

/* Into an RTL that is new. */
void snic_faults_start(SnicCard *card)
{
    SnicFaults *f = &card->faults;
    unsigned i;

    for (i = 0; i < f->n; i++) {
        f->hits[i] = 0;
        f->id[i] = -1;
        if (f->on >> i & 1) {
            f->id[i] = card->door.fault_add(card->sim, &f->list[i]);
        }
    }
}

/* Inside the door. */
void snic_faults_set(SnicCard *card, uint32_t on)
{
    SnicFaults *f = &card->faults;
    unsigned i;

    for (i = 0; i < f->n; i++) {
        bool was = f->on >> i & 1, is = on >> i & 1;

        if (is != was) {
            trace_snic_fault(i, is);
        }
        if (is && !was) {
            f->hits[i] = 0;
            f->id[i] = card->door.fault_add(card->sim, &f->list[i]);
        } else if (was && !is) {
            card->door.fault_clear(card->sim, f->id[i]);
        }
    }
    f->on = on & ((1u << f->n) - 1);
    card->used = true;
}
