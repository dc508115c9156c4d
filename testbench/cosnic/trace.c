/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "trace.h"

#include <errno.h>
#include <openssl/evp.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "snic_contract.h"

#define ETH_HDR 14
#define MAX_LINES 10 /* of skips; the rest is a number */

const char *const trace_cause_keys[TRACE_N_CAUSES] = {
#define X(name, key, remedy) key,
	TRACE_CAUSES(X)
#undef X
};
static const char *const remedies[TRACE_N_CAUSES] = {
#define X(name, key, remedy) remedy,
	TRACE_CAUSES(X)
#undef X
};

struct trace {
	char *const *files;
	int n_files, file; /* file: the next to open */
	uint64_t loop, pass;
	bool verbose;
	gzFile gz; /* under pcap */
	bool gz_cut;
	pcap_t *pcap;
	const char *name;	   /* of the open file */
	uint64_t record;	   /* in the open file, from 1 as Wireshark counts */
	unsigned int reported;	   /* causes reported for the open file, bit mask */
	unsigned int lines;	   /* printed so far */
	int unnamed_file, unnamed; /* last file with a cause left unprinted, how many such files */
	uint64_t number, last_ns, base_ns;
	bool have_base;
	struct trace_counts counts;
	uint8_t padded[SNIC_FRAME_MIN];
};

static ssize_t gz_cookie_read(void *cookie, char *buf, size_t n)
{
	struct trace *t = cookie;
	int ret = gzread(t->gz, buf, (unsigned int)n), err;

	gzerror(t->gz, &err);
	/* the end of the file, but not of what was compressed */
	t->gz_cut = t->gz_cut || err == Z_BUF_ERROR;
	return ret;
}

static int gz_cookie_close(void *cookie)
{
	struct trace *t = cookie;

	return gzclose(t->gz) == Z_OK ? 0 : EOF;
}

/* gzread() passes plain files through, so every file goes this way. */
static FILE *open_maybe_gz(struct trace *t, const char *path)
{
	const cookie_io_functions_t io = { .read = gz_cookie_read, .close = gz_cookie_close };
	FILE *f;

	t->gz_cut = false;
	t->gz = gzopen(path, "rb");
	if (!t->gz)
		return NULL;
	f = fopencookie(t, "r", io);
	if (!f)
		gzclose(t->gz);
	return f;
}

static void skip(struct trace *t, enum trace_cause cause, const char *detail)
{
	t->counts.skipped[cause] += t->pass == 0;
	if (t->verbose && t->pass == 0 && !(t->reported & 1u << cause) && t->lines == MAX_LINES) {
		t->unnamed += t->unnamed_file != t->file;
		t->unnamed_file = t->file;
	} else if (t->verbose && t->pass == 0 && !(t->reported & 1u << cause)) {
		t->lines++;
		fprintf(stderr, "cosnic: %s", t->name);
		if (t->record)
			fprintf(stderr, ": record %llu", (unsigned long long)t->record);
		fprintf(stderr, ": %s: %s\n", detail, remedies[cause]);
	}
	t->reported |= 1u << cause;
}

static void open_file(struct trace *t, const char *path)
{
	char err[PCAP_ERRBUF_SIZE];
	FILE *f;

	t->name = path;
	t->record = 0;
	t->reported = 0;
	t->have_base = false;
	errno = 0;
	f = open_maybe_gz(t, path);
	if (!f) {
		skip(t, TRACE_FILE, errno ? strerror(errno) : "out of memory");
		return;
	}
	t->pcap = pcap_fopen_offline_with_tstamp_precision(f, PCAP_TSTAMP_PRECISION_NANO, err);
	if (!t->pcap) {
		skip(t, TRACE_FILE, err);
		fclose(f);
		return;
	}
	if (pcap_datalink(t->pcap) != DLT_EN10MB) {
		const char *name = pcap_datalink_val_to_name(pcap_datalink(t->pcap));
		char detail[64];

		snprintf(detail, sizeof(detail), "link type %s", name ? name : "unknown");
		skip(t, TRACE_LINKTYPE, detail);
		pcap_close(t->pcap);
		t->pcap = NULL;
	}
}

/* Opens the next file that can be read; false after the last pass over the last. */
static bool next_file(struct trace *t)
{
	while (!t->pcap) {
		if (t->file == t->n_files) {
			t->file = 0;
			if (t->unnamed && t->pass == 0)
				fprintf(stderr, "cosnic: %d more files: see trace.skipped\n", t->unnamed);
			/* A pass that gave nothing will not give anything next time. */
			t->pass = t->counts.packets ? t->pass + 1 : t->loop;
		}
		if (t->pass == t->loop)
			return false;
		open_file(t, t->files[t->file++]);
	}
	return true;
}

/* The file has no more records: why, if not because that is all. */
static void ended(struct trace *t, bool error)
{
	const char *why = pcap_geterr(t->pcap);

	/* libpcap has one link type and one snap length for a file */
	if (error && strstr(why, "different from the") && strstr(why, "of the first interface"))
		skip(t, TRACE_INTERFACES, why);
	else if (error)
		skip(t, TRACE_TRUNCATED, why);
	else if (t->gz_cut)
		skip(t, TRACE_TRUNCATED, "the compressed data end too early");
	pcap_close(t->pcap);
	t->pcap = NULL;
}

static uint64_t stamp(struct trace *t, const struct pcap_pkthdr *h)
{
	uint64_t ns = (uint64_t)h->ts.tv_sec * 1000000000ull + (uint64_t)h->ts.tv_usec;

	/* Each file, and each pass, goes on where the one before ended; clocks that step back stand still. */
	if (!t->have_base) {
		t->base_ns = ns - t->last_ns;
		t->have_base = true;
	}
	if (ns - t->base_ns > t->last_ns && ns - t->base_ns < UINT64_MAX / 2)
		t->last_ns = ns - t->base_ns;
	return t->last_ns;
}

static bool usable(struct trace *t, const struct pcap_pkthdr *h)
{
	char detail[96];

	if (h->caplen < h->len) {
		snprintf(detail, sizeof(detail), "%u of %u bytes captured", h->caplen, h->len);
		skip(t, TRACE_SNAPLEN, detail);
		return false;
	}
	if (h->caplen < ETH_HDR) {
		snprintf(detail, sizeof(detail), "%u bytes", h->caplen);
		skip(t, TRACE_RUNT, detail);
		return false;
	}
	if (h->caplen > SNIC_FRAME_MAX) {
		snprintf(detail, sizeof(detail), "%u bytes", h->caplen);
		skip(t, TRACE_OVERSIZE, detail);
		return false;
	}
	return true;
}

bool trace_next(struct trace *t, struct trace_frame *f)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	int ret;

	while (next_file(t)) {
		ret = pcap_next_ex(t->pcap, &h, &data);
		t->record++;
		if (ret != 1) {
			ended(t, ret == PCAP_ERROR);
			continue;
		}
		if (!usable(t, h))
			continue;
		f->ts_ns = stamp(t, h);
		f->data = data;
		f->len = h->caplen;
		if (f->len < SNIC_FRAME_MIN) {
			memset(t->padded, 0, sizeof(t->padded));
			memcpy(t->padded, data, f->len);
			f->data = t->padded;
			f->len = SNIC_FRAME_MIN;
			t->counts.padded += t->pass == 0;
		}
		f->number = t->number++;
		if (t->pass == 0) {
			t->counts.packets++;
			t->counts.bytes += f->len;
		}
		return true;
	}
	return false;
}

struct trace *trace_open(char *const *files, int n_files, uint64_t loop, bool verbose)
{
	struct trace *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->files = files;
	t->n_files = n_files;
	t->loop = loop;
	t->verbose = verbose;
	return t;
}

void trace_close(struct trace *t)
{
	if (t && t->pcap)
		pcap_close(t->pcap);
	free(t);
}

const struct trace_counts *trace_counted(const struct trace *t)
{
	return &t->counts;
}

bool trace_sha256(const char *path, char hex[65])
{
	unsigned char buf[1 << 16], sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	FILE *f = fopen(path, "rb");
	unsigned int len = 0, i;
	size_t n;
	bool ok = ctx && f && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);

	while (ok && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		ok = EVP_DigestUpdate(ctx, buf, n);
	ok = ok && !ferror(f) && EVP_DigestFinal_ex(ctx, sum, &len);
	if (f)
		fclose(f);
	EVP_MD_CTX_free(ctx);
	for (i = 0; ok && i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
	return ok;
}
