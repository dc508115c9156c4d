/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is on the two wires: a cable, QEMU netdevs, captures. */
#ifndef SNIC_WIRE_H
#define SNIC_WIRE_H

#include "net/net.h"

/* Shortest frame, without FCS (IEEE 802.3 clause 3.2.7). */
#define SNIC_FRAME_MIN 60

typedef struct SnicCard SnicCard;
typedef struct SnicReplay SnicReplay;
typedef struct SnicDump SnicDump;

typedef struct SnicPort {
    SnicCard *card;
    unsigned number;

    /* netdevN= */
    NICConf conf;
    NICState *nic;
    bool blocked; /* the peer waits for room on the wire */

    /* pcapN=, and which of its frames comes when */
    char *replay_path;
    SnicReplay *replay;

    /* dumpN= */
    char *dump_path;
    SnicDump *dump;
} SnicPort;

/* replay.c */
/* frame_max: longer ones are skipped. */
SnicReplay *snic_replay_open(const char *path, size_t frame_max, Error **errp);
void snic_replay_close(SnicReplay *r);
void snic_replay_start(SnicReplay *r, uint64_t now_ps, bool line_rate);
void snic_replay_stop(SnicReplay *r);
bool snic_replay_running(const SnicReplay *r);
/* The frame that is next, and its time; false: that was all. */
bool snic_replay_peek(SnicReplay *r, const uint8_t **frame, size_t *len,
                      uint64_t *time_ps);
void snic_replay_next(SnicReplay *r);
typedef struct SnicReplayCounts {
    uint64_t frames, bytes, padded, skipped;
} SnicReplayCounts;
SnicReplayCounts snic_replay_counts(const SnicReplay *r);

/* dump.c */
SnicDump *snic_dump_open(const char *path, Error **errp);
void snic_dump_frame(SnicDump *d, const void *frame, size_t len, int64_t ns);
void snic_dump_close(SnicDump *d);

/* wire.c */
bool snic_wire_open(SnicCard *card, Error **errp);
void snic_wire_close(SnicCard *card);
/* From inside the door: a frame has left a port. */
void snic_wire_tx(void *ctx, unsigned int port, const void *frame, size_t len,
                  uint64_t time_ps);
/* Outside the door: hand on what has left, put on the wire what waits. */
void snic_wire_poll(SnicCard *card);
/* The ports whose capture is being replayed, a bit each; to start and stop. */
uint32_t snic_wire_replays(SnicCard *card);
void snic_wire_set_replays(SnicCard *card, uint32_t ports);

#endif
