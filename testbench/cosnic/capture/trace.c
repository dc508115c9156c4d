/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capfile.h"
#include "linkhdr.h"
#include "printable.h"
#include "segment.h"
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

const char *const trace_note_keys[TRACE_N_NOTES] = {
#define X(name, key) key,
	TRACE_NOTES(X)
#undef X
};

struct trace {
	char *const *files;
	int n_files, file; /* file: the next to open */
	uint64_t loop, pass;
	bool verbose;
	enum trace_fixlen fixlen;
	struct pick_filters *pick; /* NULL: all records */
	const struct edit *edit;   /* NULL: they stay as they are */
	unsigned int mtu;	   /* 0: nothing is cut */
	uint64_t max_gap_ns;
	struct capfile *capfile;
	const char *name;	   /* of the open file */
	uint64_t record;	   /* in the open file, from 1 as Wireshark counts */
	unsigned int reported;	   /* causes reported for the open file, bit mask */
	unsigned int lines;	   /* printed so far */
	int unnamed_file, unnamed; /* last file with a cause left unprinted, how many such files */
	uint64_t number, now_ns;
	int64_t last_ns; /* stamp of the frame before */
	bool have_last;
	struct trace_counts counts;
	struct segment segment; /* of a record that is being cut */
	bool segmenting;
	uint8_t *
		made; /* a frame that is not as it lies in the file; with an MTU also one that is to be cut */
	size_t room;
	uint8_t piece[SNIC_FRAME_MAX + EDIT_GROWS]; /* that was cut off */
	trace_skip_fn on_skip;
	void *on_skip_ctx;
};

static void skip(struct trace *t, enum trace_cause cause, const char *detail)
{
	char name[512];

	t->counts.skipped[cause] += t->pass == 0;
	if (t->on_skip && t->pass == 0)
		t->on_skip(t->on_skip_ctx, t->file - 1, cause);
	if (t->verbose && t->pass == 0 && !(t->reported & 1u << cause) && t->lines == MAX_LINES) {
		t->unnamed += t->unnamed_file != t->file;
		t->unnamed_file = t->file;
	} else if (t->verbose && t->pass == 0 && !(t->reported & 1u << cause)) {
		t->lines++;
		fprintf(stderr, "cosnic: %s", printable(name, sizeof(name), t->name));
		if (t->record)
			fprintf(stderr, ": record %llu", (unsigned long long)t->record);
		fprintf(stderr, ": %s: %s\n", detail, remedies[cause]);
	}
	t->reported |= 1u << cause;
}

static void open_file(struct trace *t, const char *path)
{
	char err[256];

	t->name = path;
	t->record = 0;
	t->reported = 0;
	t->have_last = false;
	t->capfile = capfile_open(path, err, sizeof(err));
	if (!t->capfile)
		skip(t, TRACE_FILE, err);
}

/* Opens the next file that can be read; false after the last pass over the last. */
static bool next_file(struct trace *t)
{
	while (!t->capfile) {
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

/*
 * Time goes on from frame to frame, over files and passes: what counts is the gap to the frame before. A clock that stepped
 * back, and a record without a stamp, make no gap.
 */
static void stamp(struct trace *t, const struct capfile_record *r)
{
	bool first = t->pass == 0;
	uint64_t gap = 0;

	if (!r->has_time) {
		t->counts.notes[TRACE_NOTE_NO_TIME] += first;
		return;
	}
	if (t->have_last && r->ns < t->last_ns)
		t->counts.notes[TRACE_NOTE_STEPS_BACK] += first;
	else if (t->have_last)
		gap = (uint64_t)r->ns - (uint64_t)t->last_ns;
	t->have_last = true;
	t->last_ns = r->ns;
	if (first && gap > t->counts.longest_gap_ns) {
		t->counts.longest_gap_ns = gap;
		t->counts.longest_gap_file = t->name;
		t->counts.longest_gap_record = t->record;
	}
	if (gap > t->max_gap_ns) {
		t->counts.notes[TRACE_NOTE_GAPS_CUT] += first;
		gap = t->max_gap_ns;
	}
	if (__builtin_add_overflow(t->now_ns, gap, &t->now_ns))
		t->now_ns = UINT64_MAX;
}

/* The frame of a record, in f->data and f->len, and how long it was on the wire; false: it is skipped. */
static bool usable(struct trace *t, const struct capfile_record *r, struct trace_frame *f, size_t *whole)
{
	uint32_t wire = r->len > r->fcs ? r->len - r->fcs : 0;
	uint32_t here = r->fcs && r->caplen > wire ? wire : r->caplen;
	const char *why;
	char detail[96];

	if (here < wire && t->fixlen == TRACE_FIXLEN_NONE) {
		snprintf(detail, sizeof(detail), "%u of %u bytes captured", r->caplen, r->len);
		skip(t, TRACE_SNAPLEN, detail);
		return false;
	}
	f->data = r->data;
	f->len = here;
	if (r->link_type != LINK_ETHERNET) {
		why = linkhdr_ethernet(r, here, t->made, t->room, &f->len);
		if (why) {
			snprintf(detail, sizeof(detail), "link type %u, %s", r->link_type, why);
			skip(t, TRACE_LINKTYPE, detail);
			return false;
		}
		f->data = t->made;
	}
	*whole = here < wire ? wire + f->len - here : f->len;
	if (f->len < ETH_HDR) {
		snprintf(detail, sizeof(detail), "%u bytes", r->caplen);
		skip(t, TRACE_RUNT, detail);
		return false;
	}
	if ((t->fixlen == TRACE_FIXLEN_PAD ? *whole : f->len) >
	    (t->mtu ? CAPFILE_MAX_RECORD : SNIC_FRAME_MAX)) {
		snprintf(detail, sizeof(detail), "%u bytes", r->len);
		skip(t, TRACE_OVERSIZE, detail);
		return false;
	}
	return true;
}

/* The frame's bytes, to be changed. */
static uint8_t *writable(struct trace *t, struct trace_frame *f)
{
	if (f->data == t->piece)
		return t->piece;
	if (f->data != t->made)
		memcpy(t->made, f->data, f->len);
	f->data = t->made;
	return t->made;
}

/* At least so many bytes, zeros behind what is there. */
static void pad(struct trace *t, struct trace_frame *f, size_t len)
{
	memset(writable(t, f) + f->len, 0, len - f->len);
	f->len = len;
}

/* Changes the frame as asked for and hands it out; false: it is none for the wire. */
static bool hand_out(struct trace *t, struct trace_frame *f)
{
	struct trace_counts *c = &t->counts;
	uint64_t fixed = 0;
	char detail[96];

	if (t->edit && f->len <= SNIC_FRAME_MAX)
		f->len = edit_frame(t->edit, writable(t, f), f->len, &fixed);
	if (f->len > SNIC_FRAME_MAX) {
		snprintf(detail, sizeof(detail), "%zu bytes", f->len);
		skip(t, TRACE_OVERSIZE, detail);
		return false;
	}
	if (f->len < SNIC_FRAME_MIN) {
		c->padded += t->pass == 0;
		pad(t, f, SNIC_FRAME_MIN);
	}
	f->ts_ns = t->now_ns;
	f->number = t->number++;
	if (t->pass == 0) {
		c->notes[TRACE_NOTE_FIXED_CSUM] += fixed;
		c->packets++;
		c->bytes += f->len;
		c->span_ns = t->now_ns;
	}
	return true;
}

/* The next record that gives frames: f holds it whole. */
static bool next_record(struct trace *t, struct trace_frame *f)
{
	struct capfile_record r;
	enum capfile_status s;
	char err[256];
	size_t whole;

	while (next_file(t)) {
		uint64_t *notes = t->counts.notes;

		s = capfile_next(t->capfile, &r, err, sizeof(err));
		t->record++;
		if (s != CAPFILE_RECORD) {
			if (s != CAPFILE_END)
				skip(t, TRACE_TRUNCATED, err);
			capfile_close(t->capfile);
			t->capfile = NULL;
			continue;
		}
		if (t->pick && !pick_wants(t->pick, t->record, &r)) {
			notes[TRACE_NOTE_FILTERED] += t->pass == 0;
			continue;
		}
		if (!usable(t, &r, f, &whole))
			continue;
		notes[TRACE_NOTE_FIXED_LEN] += t->pass == 0 && f->len < whole;
		if (t->fixlen == TRACE_FIXLEN_PAD && f->len < whole)
			pad(t, f, whole);
		stamp(t, &r);
		notes[TRACE_NOTE_FCS_REMOVED] += t->pass == 0 && r.fcs && r.caplen > r.len - r.fcs;
		notes[TRACE_NOTE_NEW_HEADER] += t->pass == 0 && r.link_type != LINK_ETHERNET;
		return true;
	}
	return false;
}

bool trace_next(struct trace *t, struct trace_frame *f)
{
	for (;;) {
		if (t->segmenting) {
			f->len = segment_next(&t->segment, t->piece);
			f->data = t->piece;
			f->cut = &t->segment;
			t->segmenting = f->len != 0;
			if (t->segmenting && hand_out(t, f))
				return true;
		} else if (!next_record(t, f)) {
			return false;
		} else if (t->mtu && segment_begin(&t->segment, f->data, f->len, t->mtu)) {
			t->segmenting = true;
			t->counts.notes[TRACE_NOTE_SEGMENTED] += t->pass == 0;
		} else {
			f->cut = NULL;
			if (hand_out(t, f))
				return true;
		}
	}
}

/* Room for a frame, or for a whole record that is to be cut. */
static bool make_room(struct trace *t, size_t room)
{
	uint8_t *made = realloc(t->made, room + EDIT_GROWS);

	if (!made)
		return false;
	t->made = made;
	t->room = room;
	return true;
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
	t->max_gap_ns = UINT64_MAX;
	if (!make_room(t, SNIC_FRAME_MAX)) {
		free(t);
		return NULL;
	}
	return t;
}

void trace_close(struct trace *t)
{
	if (!t)
		return;
	capfile_close(t->capfile);
	pick_close(t->pick);
	free(t->made);
	free(t);
}

void trace_fixlen(struct trace *t, enum trace_fixlen how)
{
	t->fixlen = how;
}

bool trace_pick(struct trace *t, const struct pick *pick)
{
	if (pick->n_range || pick->filter) {
		t->pick = pick_open(pick);
		return t->pick;
	}
	return true;
}

void trace_edit(struct trace *t, const struct edit *edit)
{
	t->edit = edit_any(edit) ? edit : NULL;
}

bool trace_segment(struct trace *t, unsigned int mtu)
{
	t->mtu = mtu;
	return !mtu || make_room(t, CAPFILE_MAX_RECORD + ETH_HDR);
}

void trace_max_gap(struct trace *t, uint64_t ns)
{
	t->max_gap_ns = ns;
}

void trace_on_skip(struct trace *t, trace_skip_fn fn, void *ctx)
{
	t->on_skip = fn;
	t->on_skip_ctx = ctx;
}

uint64_t trace_record(const struct trace *t)
{
	return t->record;
}

const struct trace_counts *trace_counted(const struct trace *t)
{
	return &t->counts;
}

void trace_counts_add(struct trace_counts *c, const struct trace_counts *other)
{
	unsigned int i;

	c->packets += other->packets;
	c->bytes += other->bytes;
	c->padded += other->padded;
	for (i = 0; i < TRACE_N_NOTES; i++)
		c->notes[i] += other->notes[i];
	for (i = 0; i < TRACE_N_CAUSES; i++)
		c->skipped[i] += other->skipped[i];
	if (other->span_ns > c->span_ns)
		c->span_ns = other->span_ns;
	if (other->longest_gap_ns <= c->longest_gap_ns)
		return;
	c->longest_gap_ns = other->longest_gap_ns;
	c->longest_gap_file = other->longest_gap_file;
	c->longest_gap_record = other->longest_gap_record;
}

bool trace_sha256(const char *path, char hex[65])
{
	unsigned char buf[1 << 16], sum[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	FILE *f = fopen(capfile_path(path), "rb");
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
