/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture as a stream of frames for a port. What no wire carries is skipped
 * and counted: frames cut by the snap length, without an Ethernet header, or
 * longer than the card takes. Short ones are padded, as a sending NIC does.
 */
#include "qemu/osdep.h"
#include "qemu/error-report.h"
#include "qemu/timer.h"
#include "qapi/error.h"

#include <pcap/pcap.h>
#include <zlib.h>

#include "wire.h"

struct SnicReplay {
    char *path;
    pcap_t *pcap;
    bool running, line_rate;
    uint64_t start_ps;
    int64_t first_ns;

    bool have; /* the frame below is next */
    uint64_t time_ps;
    size_t len, frame_max;
    uint8_t *frame;

    SnicReplayCounts count;
};

static ssize_t snic_gz_read(void *cookie, char *buf, size_t size)
{
    return gzread(cookie, buf, size);
}

static int snic_gz_close(void *cookie)
{
    return gzclose(cookie);
}

/* pcap or pcapng, micro- or nanoseconds; compressed by gzip or not. */
static pcap_t *snic_pcap_open(const char *path, Error **errp)
{
    char err[PCAP_ERRBUF_SIZE];
    gzFile gz = gzopen(path, "rb");
    FILE *file;
    pcap_t *pcap;

    if (!gz) {
        error_setg_file_open(errp, errno, path);
        return NULL;
    }
    file = fopencookie(gz, "rb",
                       (cookie_io_functions_t){ .read = snic_gz_read,
                                                .close = snic_gz_close });
    if (!file) {
        error_setg_file_open(errp, errno, path);
        gzclose(gz);
        return NULL;
    }
    pcap = pcap_fopen_offline_with_tstamp_precision(
        file, PCAP_TSTAMP_PRECISION_NANO, err);
    if (!pcap) {
        error_setg(errp, "%s: not a capture: %s", path, err);
        fclose(file);
        return NULL;
    }
    if (pcap_datalink(pcap) != DLT_EN10MB) {
        error_setg(errp, "%s: its link type is %s: only Ethernet is replayed",
                   path, pcap_datalink_val_to_name(pcap_datalink(pcap)));
        pcap_close(pcap);
        return NULL;
    }
    return pcap;
}

SnicReplay *snic_replay_open(const char *path, size_t frame_max, Error **errp)
{
    pcap_t *pcap = snic_pcap_open(path, errp);
    SnicReplay *r;

    if (!pcap) {
        return NULL;
    }
    r = g_new0(SnicReplay, 1);
    r->path = g_strdup(path);
    r->pcap = pcap;
    r->frame_max = frame_max;
    r->frame = g_malloc(frame_max);
    return r;
}

void snic_replay_close(SnicReplay *r)
{
    if (!r) {
        return;
    }
    if (r->pcap) {
        pcap_close(r->pcap);
    }
    g_free(r->path);
    g_free(r->frame);
    g_free(r);
}

/* From the first frame. */
void snic_replay_start(SnicReplay *r, uint64_t now_ps, bool line_rate)
{
    Error *err = NULL;

    if (!r->pcap) {
        r->pcap = snic_pcap_open(r->path, &err);
        if (!r->pcap) {
            error_report_err(err);
            return;
        }
    }
    r->running = true;
    r->line_rate = line_rate;
    r->start_ps = now_ps;
    r->first_ns = -1;
    r->have = false;
}

void snic_replay_stop(SnicReplay *r)
{
    if (r->pcap) {
        pcap_close(r->pcap);
    }
    r->pcap = NULL;
    r->running = false;
}

bool snic_replay_running(const SnicReplay *r)
{
    return r->running;
}

/* False: no frame for a wire. */
static bool snic_replay_take(SnicReplay *r, const struct pcap_pkthdr *h,
                             const u_char *data)
{
    if (h->caplen < h->len || h->len < 14 || h->len > r->frame_max) {
        r->count.skipped++;
        return false;
    }
    memcpy(r->frame, data, h->len);
    r->len = h->len;
    if (r->len < SNIC_FRAME_MIN) {
        memset(r->frame + r->len, 0, SNIC_FRAME_MIN - r->len);
        r->len = SNIC_FRAME_MIN;
        r->count.padded++;
    }
    return true;
}

bool snic_replay_peek(SnicReplay *r, const uint8_t **frame, size_t *len,
                      uint64_t *time_ps)
{
    struct pcap_pkthdr *h;
    const u_char *data;
    int64_t ns;
    int got;

    while (r->running && !r->have) {
        got = pcap_next_ex(r->pcap, &h, &data);
        if (got != 1) {
            if (got == PCAP_ERROR) {
                warn_report("snic: %s: replay ends after %" PRIu64
                            " frames: %s",
                            r->path, r->count.frames, pcap_geterr(r->pcap));
            }
            snic_replay_stop(r);
            return false;
        }
        /* tv_usec: nanoseconds, as asked for when it was opened */
        ns = h->ts.tv_sec * NANOSECONDS_PER_SECOND + h->ts.tv_usec;
        if (r->first_ns < 0) {
            r->first_ns = ns;
        }
        r->time_ps = r->start_ps;
        if (!r->line_rate && ns > r->first_ns) {
            r->time_ps += (uint64_t)(ns - r->first_ns) * 1000;
        }
        r->have = snic_replay_take(r, h, data);
    }
    *frame = r->frame;
    *len = r->len;
    *time_ps = r->time_ps;
    return r->have;
}

void snic_replay_next(SnicReplay *r)
{
    r->count.frames++;
    r->count.bytes += r->len;
    r->have = false;
}

SnicReplayCounts snic_replay_counts(const SnicReplay *r)
{
    return r ? r->count : (SnicReplayCounts){};
}
