/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What passes a port, both ways, as a capture with virtual time in ns. */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "qapi/error.h"

#include <pcap/pcap.h>

#include "wire.h"

struct SnicDump {
    pcap_t *pcap;
    pcap_dumper_t *file;
};

SnicDump *snic_dump_open(const char *path, Error **errp)
{
    SnicDump *d = g_new0(SnicDump, 1);

    d->pcap = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, 65535,
                                                   PCAP_TSTAMP_PRECISION_NANO);
    d->file = pcap_dump_open(d->pcap, path);
    if (!d->file) {
        error_setg(errp, "%s", pcap_geterr(d->pcap));
        snic_dump_close(d);
        return NULL;
    }
    return d;
}

void snic_dump_frame(SnicDump *d, const void *frame, size_t len, int64_t ns)
{
    struct pcap_pkthdr h = {
        .ts = { .tv_sec = ns / NANOSECONDS_PER_SECOND,
                .tv_usec = ns % NANOSECONDS_PER_SECOND },
        .caplen = len,
        .len = len,
    };

    pcap_dump((u_char *)d->file, &h, frame);
}

void snic_dump_close(SnicDump *d)
{
    if (!d) {
        return;
    }
    if (d->file) {
        pcap_dump_close(d->file);
    }
    pcap_close(d->pcap);
    g_free(d);
}
