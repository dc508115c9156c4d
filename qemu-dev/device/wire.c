/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The two ports. Nothing on a wire leads back into the door: what leaves is kept
 * until the RTL has returned, then handed on.
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qapi/error.h"

#include "snic.h"
#include "trace.h"

/* Frames that wait at the RTL's port: enough to keep the wire busy. */
#define SNIC_WIRE_QUEUE 512

typedef struct SnicFrame {
    unsigned port;
    size_t len;
    uint8_t data[];
} SnicFrame;

void snic_wire_tx(void *ctx, unsigned int port, const void *frame, size_t len,
                  uint64_t time_ps)
{
    SnicCard *card = ctx;
    SnicPort *p = &card->port[port];
    SnicFrame *f;

    trace_snic_wire_tx(port, len, time_ps);
    if (p->dump) {
        snic_dump_frame(p->dump, frame, len, snic_ns(card, time_ps));
    }
    if (!p->nic) {
        return;
    }
    f = g_malloc(sizeof(*f) + len);
    f->port = port;
    f->len = len;
    memcpy(f->data, frame, len);
    g_queue_push_tail(&card->frames, f);
}

/* False: no room, or the RTL is gone. */
static bool snic_wire_rx(SnicPort *p, const uint8_t *frame, size_t len,
                         uint64_t time_ps)
{
    SnicCard *card = p->card;
    uint64_t end_ps;

    if (card->door.wire_rx(card->sim, p->number, frame, len, false, time_ps,
                           &end_ps)) {
        return false;
    }
    card->used = true;
    trace_snic_wire_rx(p->number, len, end_ps);
    if (p->dump) {
        snic_dump_frame(p->dump, frame, len, snic_ns(card, end_ps));
    }
    return true;
}

static bool snic_wire_room(SnicPort *p)
{
    return p->card->door.wire_rx_pending(p->card->sim, p->number) <
           SNIC_WIRE_QUEUE;
}

static void snic_wire_feed(SnicPort *p)
{
    const uint8_t *frame;
    uint64_t time_ps;
    size_t len;

    while (snic_wire_room(p) &&
           snic_replay_peek(p->replay, &frame, &len, &time_ps)) {
        if (!snic_wire_rx(p, frame, len, time_ps)) {
            snic_replay_stop(p->replay);
            return;
        }
        snic_replay_next(p->replay);
    }
}

void snic_wire_poll(SnicCard *card)
{
    SnicFrame *f;
    unsigned i;

    while ((f = g_queue_pop_head(&card->frames))) {
        qemu_send_packet(qemu_get_queue(card->port[f->port].nic), f->data,
                         f->len);
        g_free(f);
    }
    if (card->gone) {
        return;
    }
    for (i = 0; i < SNIC_CARD_PORTS; i++) {
        SnicPort *p = &card->port[i];

        if (p->replay && snic_replay_running(p->replay)) {
            snic_wire_feed(p);
        }
        if (p->blocked && snic_wire_room(p)) {
            p->blocked = false;
            qemu_flush_queued_packets(qemu_get_queue(p->nic));
        }
    }
}

static ssize_t snic_nic_receive(NetClientState *nc, const uint8_t *buf,
                                size_t len)
{
    SnicPort *p = qemu_get_nic_opaque(nc);
    uint8_t padded[SNIC_FRAME_MIN] = {};

    if (!snic_enter(p->card)) {
        return len;
    }
    if (!snic_wire_room(p)) {
        p->blocked = true;
        return 0;
    }
    if (len < SNIC_FRAME_MIN) {
        memcpy(padded, buf, len);
        buf = padded;
    }
    snic_sync(p->card);
    snic_wire_rx(p, buf, MAX(len, SNIC_FRAME_MIN),
                 p->card->door.now(p->card->sim));
    snic_leave(p->card);
    return len;
}

static NetClientInfo snic_nic_info = {
    .type = NET_CLIENT_DRIVER_NIC,
    .size = sizeof(NICState),
    .receive = snic_nic_receive,
};

static bool snic_port_open(SnicPort *p, Error **errp)
{
    SnicCard *card = p->card;
    DeviceState *dev = DEVICE(card->pf);

    if (p->number >= card->door.desc.n_ports) {
        if (p->conf.peers.ncs[0] || p->replay_path || p->dump_path) {
            error_setg(errp, "netdev%u, pcap%u, dump%u: the card %s has no "
                             "port %u",
                       p->number, p->number, p->number, card->door.desc.name,
                       p->number);
            return false;
        }
        return true;
    }
    if (card->cfg.loop && (p->conf.peers.ncs[0] || p->replay_path)) {
        error_setg(errp, "loop=on cables the ports together: no netdev or pcap "
                         "can be on them");
        return false;
    }
    if (p->replay_path) {
        p->replay = snic_replay_open(p->replay_path, card->door.desc.frame_max,
                                     errp);
        if (!p->replay) {
            return false;
        }
    }
    if (p->dump_path) {
        p->dump = snic_dump_open(p->dump_path, errp);
        if (!p->dump) {
            return false;
        }
    }
    if (p->conf.peers.ncs[0]) {
        /* Addresses are the driver's matter; QEMU wants one to name. */
        qemu_macaddr_default_if_unset(&p->conf.macaddr);
        p->nic = qemu_new_nic(&snic_nic_info, &p->conf, TYPE_SNIC, dev->id,
                              &dev->mem_reentrancy_guard, p);
    }
    return true;
}

void snic_wire_close(SnicCard *card)
{
    unsigned i;

    for (i = 0; i < SNIC_CARD_PORTS; i++) {
        SnicPort *p = &card->port[i];

        if (p->nic) {
            qemu_del_nic(p->nic);
        }
        snic_replay_close(p->replay);
        snic_dump_close(p->dump);
        p->nic = NULL;
        p->replay = NULL;
        p->dump = NULL;
    }
    g_queue_foreach(&card->frames, (GFunc)g_free, NULL);
    g_queue_clear(&card->frames);
}

bool snic_wire_open(SnicCard *card, Error **errp)
{
    unsigned i;

    g_queue_init(&card->frames);
    for (i = 0; i < SNIC_CARD_PORTS; i++) {
        card->port[i].card = card;
        card->port[i].number = i;
        if (!snic_port_open(&card->port[i], errp)) {
            snic_wire_close(card);
            return false;
        }
    }
    return true;
}

/* Over when its last frame has been on the wire. */
uint32_t snic_wire_replays(SnicCard *card)
{
    uint32_t ports = 0;
    unsigned i;

    for (i = 0; i < SNIC_CARD_PORTS; i++) {
        SnicPort *p = &card->port[i];

        if (p->replay && (snic_replay_running(p->replay) ||
                          card->door.wire_rx_pending(card->sim, i))) {
            ports |= 1u << i;
        }
    }
    return ports;
}

void snic_wire_set_replays(SnicCard *card, uint32_t ports)
{
    uint64_t now = card->door.now(card->sim);
    unsigned i;

    for (i = 0; i < SNIC_CARD_PORTS; i++) {
        SnicReplay *r = card->port[i].replay;
        bool on = ports >> i & 1;

        if (r && on != snic_replay_running(r)) {
            trace_snic_replay(i, on);
            if (on) {
                snic_replay_start(r, now, card->line_rate);
            } else {
                snic_replay_stop(r);
            }
        }
    }
}
