/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stats=FILE: one JSON object. Under "device" all is the same when a run in
 * virtual time is repeated, under "sim" it need not be.
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"

#include "snic.h"

/* The RTL is about to be replaced: keep what it counted. */
void snic_stats_fold(SnicCard *card)
{
    struct snic_sim_stats now, *past = &card->past;
    unsigned i;

    card->door.stats(card->sim, &now);
    past->cycles += now.cycles;
    past->cycles_run += now.cycles_run;
    past->up_bytes += now.up_bytes;
    past->down_bytes += now.down_bytes;
    past->up_busy_ps += now.up_busy_ps;
    past->down_busy_ps += now.down_busy_ps;
    for (i = 0; i < SNIC_CARD_PORTS; i++) {
        past->wire_rx_frames[i] += now.wire_rx_frames[i];
        past->wire_tx_frames[i] += now.wire_tx_frames[i];
    }
    past->tlp_hash = past->tlp_hash * 31 + now.tlp_hash;
}

static void snic_stats_ports(SnicCard *card, FILE *f)
{
    unsigned i;

    for (i = 0; i < card->door.desc.n_ports; i++) {
        SnicReplayCounts r = snic_replay_counts(card->port[i].replay);

        fprintf(f,
                "%s\n    { \"rx_frames\": %" PRIu64 ", \"tx_frames\": %" PRIu64
                ", \"replayed_frames\": %" PRIu64
                ", \"replayed_bytes\": %" PRIu64 ", \"replay_padded\": %" PRIu64
                ", \"replay_skipped\": %" PRIu64 " }",
                i ? "," : "", card->past.wire_rx_frames[i],
                card->past.wire_tx_frames[i], r.frames, r.bytes, r.padded,
                r.skipped);
    }
}

static void snic_stats_print(SnicCard *card, FILE *f)
{
    const struct snic_sim_stats *p = &card->past;
    const SnicCounts *c = &card->count;
    g_autofree char *error = g_strescape(card->door.error(card->sim), NULL);
    double wall = card->wall_ns / 1e9;

    fprintf(f,
            "{\n \"device\": {\n"
            "  \"cycles\": %" PRIu64 ", \"cycles_simulated\": %" PRIu64 ",\n"
            "  \"pcie_up_bytes\": %" PRIu64 ", \"pcie_down_bytes\": %" PRIu64
            ",\n"
            "  \"pcie_up_busy_ps\": %" PRIu64
            ", \"pcie_down_busy_ps\": %" PRIu64 ",\n"
            "  \"tlp_hash\": \"%016" PRIx64 "\",\n",
            p->cycles, p->cycles_run, p->up_bytes, p->down_bytes, p->up_busy_ps,
            p->down_busy_ps, p->tlp_hash);
#define SNIC_COUNT(name) fprintf(f, "  \"%s\": %" PRIu64 ",\n", #name, c->name)
    SNIC_COUNT(mmio_reads);
    SNIC_COUNT(mmio_writes);
    SNIC_COUNT(dma_reads);
    SNIC_COUNT(dma_writes);
    SNIC_COUNT(dma_failed);
    SNIC_COUNT(dma_refused);
    SNIC_COUNT(interrupts);
    SNIC_COUNT(interrupts_refused);
    SNIC_COUNT(reentrant_refused);
    SNIC_COUNT(timer_wakes);
    SNIC_COUNT(resets);
#undef SNIC_COUNT
    fprintf(f, "  \"ports\": [");
    snic_stats_ports(card, f);
    fprintf(f,
            " ],\n  \"error\": \"%s\"\n },\n"
            " \"sim\": { \"build\": \"%s\", \"wall_s\": %.3f, "
            "\"kcycles_per_s\": %.0f }\n}\n",
            error, card->door.flavour(), wall,
            wall > 0 ? p->cycles_run / wall / 1000 : 0);
}

void snic_stats_write(SnicCard *card)
{
    FILE *f;

    if (!card->stats_path || card->stats_written || !card->sim) {
        return;
    }
    card->stats_written = true;
    snic_stats_fold(card);
    f = fopen(card->stats_path, "w");
    if (!f) {
        error_report("snic: stats=%s: %s", card->stats_path, strerror(errno));
        return;
    }
    snic_stats_print(card, f);
    if (ferror(f) | fclose(f)) {
        error_report("snic: stats=%s: %s", card->stats_path, strerror(errno));
    }
}
