/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace reader on files that are written here byte by byte, good ones and every kind of bad one. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture.h"
#include "cu_main.h"
#include "snic_contract.h"
#include "trace.h"

static char dir[] = "/tmp/test_trace.XXXXXX";

struct file {
	char path[64];
	struct capture c;
};

static void name(struct file *f, const char *base)
{
	f->c.len = 0;
	f->c.swap = false;
	snprintf(f->path, sizeof(f->path), "%s/%s", dir, base);
}

static void save(const struct file *f)
{
	capture_save(&f->c, f->path);
}

/* What is expected of a frame: its length, its first byte, its time. */
struct want {
	size_t len;
	uint8_t first;
	uint64_t ts_ns;
};

/* Reads the files to the end; the frames must be these, in this order. */
static struct trace_counts reads(char *const *paths, int n, uint64_t loop, const struct want *want,
				 unsigned int frames)
{
	struct trace *t = trace_open(paths, n, loop, false);
	struct trace_counts counts;
	struct trace_frame f;
	unsigned int i = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	while (trace_next(t, &f)) {
		CU_ASSERT_EQUAL(f.number, i);
		if (i < frames) {
			CU_ASSERT_EQUAL(f.len, want[i].len);
			CU_ASSERT_EQUAL(f.data[0], want[i].first);
			CU_ASSERT_EQUAL(f.ts_ns, want[i].ts_ns);
		}
		i++;
	}
	CU_ASSERT_EQUAL(i, frames);
	CU_ASSERT(!trace_next(t, &f)); /* and stays so */
	counts = *trace_counted(t);
	trace_close(t);
	return counts;
}

static struct trace_counts read_one(struct file *f, const struct want *want, unsigned int frames)
{
	char *path = f->path;

	return reads(&path, 1, 1, want, frames);
}

/* This cause `n` times, and no other. */
static bool skipped(const struct trace_counts *c, enum trace_cause cause, uint64_t n)
{
	unsigned int i;

	for (i = 0; i < TRACE_N_CAUSES; i++)
		if (c->skipped[i] != (i == cause ? n : 0))
			return false;
	return true;
}

#define NONE TRACE_FILE, 0

static void pcap_formats(void)
{
	static const struct want us[] = { { 60, 1, 0 }, { 100, 7, 2000 }, { 70, 9, 1000000000 } };
	static const struct want ns[] = { { 60, 1, 0 }, { 100, 7, 2 }, { 70, 9, 1000000000 } };
	static struct file f;
	struct trace_counts c;
	unsigned int swap;

	for (swap = 0; swap < 2; swap++) {
		name(&f, "us.pcap");
		f.c.swap = swap;
		capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
		capture_record(&f.c, 1000, 5, 60, 60, 1);
		capture_record(&f.c, 1000, 7, 100, 100, 7);
		capture_record(&f.c, 1001, 5, 70, 70, 9);
		save(&f);
		c = read_one(&f, us, 3);
		CU_ASSERT(skipped(&c, NONE));
		CU_ASSERT_EQUAL(c.packets, 3);
		CU_ASSERT_EQUAL(c.bytes, 230);
		CU_ASSERT_EQUAL(c.padded, 0);
		capture_begin(&f.c, CAPTURE_NS, CAPTURE_ETHERNET);
		f.c.len = f.c.len + 16 + 60 + 16 + 100 + 16 + 70; /* the same records */
		save(&f);
		c = read_one(&f, ns, 3);
		CU_ASSERT(skipped(&c, NONE));
	}
}

static void pcapng(void)
{
	static const struct want want[] = { { 60, 1, 0 }, { 101, 7, 3 }, { 64, 9, 5000000003 } };
	static struct file f;
	struct trace_counts c;

	name(&f, "a.pcapng");
	capture_ng_begin(&f.c);
	capture_ng_interface(&f.c, CAPTURE_ETHERNET, 65535);
	capture_ng_record(&f.c, 0, 1600000000000000000, 60, 1);
	capture_ng_record(&f.c, 0, 1600000000000000003, 101, 7);
	capture_ng_record(&f.c, 0, 1600000005000000003, 64, 9);
	save(&f);
	c = read_one(&f, want, 3);
	CU_ASSERT(skipped(&c, NONE));
	f.c.len -= 20;
	save(&f);
	c = read_one(&f, want, 2);
	CU_ASSERT(skipped(&c, TRACE_TRUNCATED, 1));
}

static off_t file_size(const char *path)
{
	struct stat st;

	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	return st.st_size;
}

static void gzip(void)
{
	static const struct want want[] = { { 60, 1, 0 }, { 9000, 7, 1000 } };
	static struct file f;
	struct trace_counts c;

	name(&f, "a.pcap.gz");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&f.c, 3, 0, 60, 60, 1);
	capture_record(&f.c, 3, 1, 9000, 9000, 7);
	capture_save_gz(&f.c, f.path, false);
	c = read_one(&f, want, 2);
	CU_ASSERT(skipped(&c, NONE));
	/* cut inside the compressed stream: what can be had is had */
	CU_ASSERT_EQUAL(truncate(f.path, file_size(f.path) - 20), 0);
	c = read_one(&f, want, (unsigned int)c.packets - 1);
	CU_ASSERT(skipped(&c, TRACE_TRUNCATED, 1));
}

/* A compressed file that ends too early is said to be cut, also where its records happen to be whole. */
static void gzip_cut_between_records(void)
{
	static const struct want want[] = { { 60, 1, 0 }, { 60, 2, 1000 } };
	static struct file f;
	struct trace_counts c;

	name(&f, "between.pcap.gz");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&f.c, 3, 0, 60, 60, 1);
	capture_record(&f.c, 3, 1, 60, 60, 2);
	capture_save_gz(&f.c, f.path, true);
	c = read_one(&f, want, 2);
	CU_ASSERT(skipped(&c, TRACE_TRUNCATED, 1));
	/* only part of its checksum is missing */
	capture_save_gz(&f.c, f.path, false);
	CU_ASSERT_EQUAL(truncate(f.path, file_size(f.path) - 3), 0);
	c = read_one(&f, want, 2);
	CU_ASSERT(skipped(&c, TRACE_TRUNCATED, 1));
}

/* Interfaces of all kinds in one file: each record is read by its own. */
static void interfaces(void)
{
	/* 1.5 s by the first one, 2 s + 1 s by the second, 3.25 s in units of 2^-10 by the third */
	static const struct want want[] = {
		{ 60, 1, 0 }, { 66, 9, 1500000000 }, { 60, 3, 1750000000 }, { 60, 0x02, 1750000000 }
	};
	static struct file f;
	struct trace_counts c;
	unsigned int swap;

	for (swap = 0; swap < 2; swap++) {
		name(&f, "many.pcapng");
		f.c.swap = swap;
		capture_ng_begin(&f.c);
		capture_ng_interface_with(&f.c, CAPTURE_LINUX_SLL + 1000, 65535, 6, 0, 0); /* not usable */
		capture_ng_interface_with(&f.c, CAPTURE_ETHERNET, 65535, 9, 0, 0);
		capture_ng_interface_with(&f.c, CAPTURE_ETHERNET, 1500, 3, 1, 4);
		capture_ng_interface_with(&f.c, CAPTURE_ETHERNET, 96, 0x80 | 10, 0, 0);
		capture_ng_interface_with(&f.c, CAPTURE_RAW_IP, 96, 6, 0, 0);
		capture_ng_record(&f.c, 0, 17, 60, 1);
		capture_ng_record(&f.c, 1, 1500000000, 60, 1);
		capture_ng_record(&f.c, 2, 2000, 70, 9);
		capture_ng_record(&f.c, 3, 3250 * 1024 / 1000, 60, 3);
		capture_ng_record(&f.c, 4, 3250000, 46, 0x45);
		save(&f);
		c = read_one(&f, want, 4);
		CU_ASSERT(skipped(&c, TRACE_LINKTYPE, 1));
		CU_ASSERT_EQUAL(c.notes[TRACE_NOTE_FCS_REMOVED], 1);
		CU_ASSERT_EQUAL(c.notes[TRACE_NOTE_NEW_HEADER], 1);
	}
}

/* A section has interfaces, and a byte order, of its own; a simple block has no stamp. */
static void sections(void)
{
	static const struct want want[] = { { 60, 1, 0 }, { 61, 2, 0 }, { 62, 3, 7 } };
	static struct file f;
	static struct capture second;
	struct trace_counts c;

	name(&f, "sections.pcapng");
	capture_ng_begin(&f.c);
	capture_ng_interface(&f.c, CAPTURE_ETHERNET, 65535);
	capture_ng_record(&f.c, 0, 100, 60, 1);
	capture_ng_simple(&f.c, 61, 2);
	second.swap = true;
	capture_ng_begin(&second);
	capture_ng_interface(&second, CAPTURE_ETHERNET, 65535);
	capture_ng_record(&second, 0, 107, 62, 3);
	memcpy(f.c.b + f.c.len, second.b, second.len);
	f.c.len += second.len;
	save(&f);
	c = read_one(&f, want, 3);
	CU_ASSERT(skipped(&c, NONE));
	CU_ASSERT_EQUAL(c.notes[TRACE_NOTE_NO_TIME], 1);
	/* the interfaces of the section before are gone */
	f.c.len -= second.len;
	second.swap = false;
	capture_ng_begin(&second);
	capture_ng_record(&second, 0, 107, 62, 3);
	memcpy(f.c.b + f.c.len, second.b, second.len);
	f.c.len += second.len;
	save(&f);
	c = read_one(&f, want, 2);
	CU_ASSERT(skipped(&c, TRACE_TRUNCATED, 1));
}

/* The FCS that the head of the file tells of, in octet pairs, is no part of the frame; also of one that lacks just that. */
static void fcs(void)
{
	static const struct want want[] = { { 60, 1, 0 }, { 60, 2, 0 }, { 60, 3, 0 } };
	static struct file f;
	struct trace_counts c;

	name(&f, "fcs.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET | 1u << 26 | 2u << 28);
	capture_record(&f.c, 0, 0, 64, 64, 1);
	capture_record(&f.c, 0, 0, 60, 64, 2);
	capture_record(&f.c, 0, 0, 62, 64, 3);
	capture_record(&f.c, 0, 0, 59, 64, 4);
	save(&f);
	c = read_one(&f, want, 3);
	CU_ASSERT(skipped(&c, TRACE_SNAPLEN, 1));
	CU_ASSERT_EQUAL(c.notes[TRACE_NOTE_FCS_REMOVED], 2);
}

/* What the head says of the snap length does not matter: the records hold what they hold. */
static void snap_length(void)
{
	static const struct want want[] = { { 1514, 1, 0 } };
	static struct file f;
	struct trace_counts c;

	name(&f, "snap.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	memset(f.c.b + 16, 0, 4);
	f.c.b[16] = 96;
	capture_record(&f.c, 0, 0, 1514, 1514, 1);
	save(&f);
	c = read_one(&f, want, 1);
	CU_ASSERT(skipped(&c, NONE));
}

/* IP under other link layers comes in an Ethernet header with the type that is right. */
static void link_layers(void)
{
	static const struct {
		uint32_t link_type;
		uint8_t head[20], n, ip, want[2];
	} cases[] = {
		{ 101, { 0 }, 0, 0x45, { 0x08, 0x00 } },
		{ 101, { 0 }, 0, 0x60, { 0x86, 0xdd } },
		{ 228, { 0 }, 0, 0x45, { 0x08, 0x00 } },
		{ 229, { 0 }, 0, 0x60, { 0x86, 0xdd } },
		{ 0, { 2, 0, 0, 0 }, 4, 0x45, { 0x08, 0x00 } },
		{ 0, { 30, 0, 0, 0 }, 4, 0x60, { 0x86, 0xdd } },
		{ 108, { 0, 0, 0, 24 }, 4, 0x60, { 0x86, 0xdd } },
		{ 9, { 0xff, 0x03, 0x00, 0x21 }, 4, 0x45, { 0x08, 0x00 } },
		{ 9, { 0x57 }, 1, 0x60, { 0x86, 0xdd } },
		{ 50, { 0xff, 0x03, 0x00, 0x57 }, 4, 0x60, { 0x86, 0xdd } },
		{ 113, { 0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0x08, 0x06 }, 16, 0, { 0x08, 0x06 } },
		{ 276,
		  { 0x88, 0xf7, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0 },
		  20,
		  0,
		  { 0x88, 0xf7 } },
	};
	static struct file f;
	struct trace_frame frame;
	struct trace *t;
	char *path = f.path;
	uint8_t data[80];
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		name(&f, "link.pcap");
		capture_begin(&f.c, CAPTURE_US, cases[i].link_type);
		memset(data, 0xee, sizeof(data));
		memcpy(data, cases[i].head, cases[i].n);
		data[cases[i].n] = cases[i].ip;
		capture_frame(&f.c, data, cases[i].n + 50u, cases[i].n + 50u);
		save(&f);
		t = trace_open(&path, 1, 1, false);
		CU_ASSERT_FATAL(t && trace_next(t, &frame));
		CU_ASSERT_EQUAL(frame.len, 64);
		CU_ASSERT(!memcmp(frame.data + 12, cases[i].want, 2));
		CU_ASSERT_EQUAL(frame.data[14], cases[i].ip);
		if (cases[i].n >= 16)
			CU_ASSERT(!memcmp(frame.data + 6, "\1\2\3\4\5\6", 6));
		trace_close(t);
	}
}

/* Frames that the capture cut: padded with zeros, or sent as they are. */
static void fixlen(void)
{
	static struct file f;
	struct trace_frame frame;
	char *path = f.path;
	enum trace_fixlen how;
	struct trace *t;

	name(&f, "short.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&f.c, 0, 0, 100, 1514, 1);
	capture_record(&f.c, 0, 0, 100, 9217, 2);
	save(&f);
	for (how = TRACE_FIXLEN_PAD; how <= TRACE_FIXLEN_TRUNC; how++) {
		t = trace_open(&path, 1, 1, false);
		CU_ASSERT_PTR_NOT_NULL_FATAL(t);
		trace_fixlen(t, how);
		CU_ASSERT_FATAL(trace_next(t, &frame));
		CU_ASSERT_EQUAL(frame.len, how == TRACE_FIXLEN_PAD ? 1514 : 100);
		CU_ASSERT_EQUAL(frame.data[99], 100);
		if (how == TRACE_FIXLEN_PAD)
			CU_ASSERT(frame.data[100] == 0 && !memcmp(frame.data + 100, frame.data + 101, 1413));
		CU_ASSERT_EQUAL(trace_next(t, &frame), how == TRACE_FIXLEN_TRUNC);
		CU_ASSERT_EQUAL(trace_counted(t)->notes[TRACE_NOTE_FIXED_LEN],
				how == TRACE_FIXLEN_PAD ? 1 : 2);
		CU_ASSERT_EQUAL(trace_counted(t)->skipped[TRACE_OVERSIZE], how == TRACE_FIXLEN_PAD);
		trace_close(t);
	}
}

/* Gaps count from the frame before: a clock that steps back costs no gap, and the gaps behind it are whole; long ones have a limit. */
static void gaps(void)
{
	static const uint64_t want[] = { 0, 10000, 10000, 20000, 30000, 1030000, 1040000 };
	static struct file f;
	struct trace_frame frame;
	char *path = f.path;
	struct trace *t;
	unsigned int i;

	name(&f, "gaps.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&f.c, 100, 0, 60, 60, 1);
	capture_record(&f.c, 100, 10, 60, 60, 1);
	capture_record(&f.c, 99, 20, 60, 60, 1);
	capture_record(&f.c, 99, 30, 60, 60, 1);
	capture_record(&f.c, 99, 40, 60, 60, 1);
	capture_record(&f.c, 4000000000u, 0, 60, 60, 1);
	capture_record(&f.c, 4000000000u, 10, 60, 60, 1);
	save(&f);
	t = trace_open(&path, 1, 1, false);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	trace_max_gap(t, 1000000);
	for (i = 0; i < 7; i++) {
		CU_ASSERT_FATAL(trace_next(t, &frame));
		CU_ASSERT_EQUAL(frame.ts_ns, want[i]);
	}
	CU_ASSERT(!trace_next(t, &frame));
	CU_ASSERT_EQUAL(trace_counted(t)->notes[TRACE_NOTE_STEPS_BACK], 1);
	CU_ASSERT_EQUAL(trace_counted(t)->notes[TRACE_NOTE_GAPS_CUT], 1);
	CU_ASSERT_EQUAL(trace_counted(t)->span_ns, 1040000);
	CU_ASSERT_EQUAL(trace_counted(t)->longest_gap_record, 6);
	CU_ASSERT_EQUAL(trace_counted(t)->longest_gap_ns, (4000000000ull - 99) * 1000000000 - 40000);
	trace_close(t);
}

/* A hole behind the head of a file is not read for ever. */
static void hole(void)
{
	static struct file f;
	struct trace_counts c;

	name(&f, "hole.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	save(&f);
	CU_ASSERT_EQUAL(truncate(f.path, 1ll << 40), 0);
	c = read_one(&f, NULL, 0);
	CU_ASSERT_EQUAL(c.skipped[TRACE_TRUNCATED], 1);
}

/* Seeded damage: whatever a file holds, it is read to an end, and every frame fits. Sanitizers look on. */
static void damaged(void)
{
	static struct file whole[2], f;
	struct trace_frame frame;
	char *path = f.path;
	unsigned int i, k;
	uint64_t seed = cu_seed();
	struct trace *t;

	capture_begin(&whole[0].c, CAPTURE_NS, CAPTURE_ETHERNET);
	capture_ng_begin(&whole[1].c);
	capture_ng_interface_with(&whole[1].c, CAPTURE_ETHERNET, 65535, 9, 5, 4);
	for (i = 0; i < 12; i++) {
		capture_record(&whole[0].c, i, i, 60 + i, 60 + i, (uint8_t)i);
		capture_ng_record(&whole[1].c, 0, i, 60 + i, (uint8_t)i);
		capture_ng_simple(&whole[1].c, 60 + i, (uint8_t)i);
	}
	name(&f, "damaged.pcap");
	for (i = 0; i < 400; i++) {
		f.c = whole[i % 2].c;
		for (k = 0; k < 1 + i % 5; k++)
			f.c.b[cu_rand(&seed) % f.c.len] =
				(uint8_t)(cu_rand(&seed) % 3 ? cu_rand(&seed) : cu_rand(&seed) % 2 * 0xff);
		if (i % 7 == 0)
			f.c.len = cu_rand(&seed) % f.c.len;
		save(&f);
		t = trace_open(&path, 1, 1, false);
		CU_ASSERT_PTR_NOT_NULL_FATAL(t);
		trace_fixlen(t, (enum trace_fixlen)(i % 3));
		while (trace_next(t, &frame))
			CU_ASSERT(frame.len >= SNIC_FRAME_MIN && frame.len <= SNIC_FRAME_MAX);
		trace_close(t);
	}
}

static void truncated(void)
{
	static const struct want want[] = { { 60, 1, 0 }, { 60, 2, 0 } };
	static struct file f;
	struct trace_counts c;
	size_t whole;

	name(&f, "cut.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&f.c, 0, 0, 60, 60, 1);
	capture_record(&f.c, 0, 0, 60, 60, 2);
	whole = f.c.len;
	/* in the second record's bytes, in its header, between the records, in the file's header */
	f.c.len = whole - 1;
	save(&f);
	c = read_one(&f, want, 1);
	CU_ASSERT(skipped(&c, TRACE_TRUNCATED, 1));
	f.c.len = whole - 70;
	save(&f);
	c = read_one(&f, want, 1);
	CU_ASSERT(skipped(&c, TRACE_TRUNCATED, 1));
	f.c.len = whole - 76;
	save(&f);
	c = read_one(&f, want, 1);
	CU_ASSERT(skipped(&c, NONE));
	f.c.len = 20;
	save(&f);
	c = read_one(&f, NULL, 0);
	CU_ASSERT(skipped(&c, TRACE_FILE, 1));
	/* a record that claims to be enormous */
	f.c.len = whole;
	capture_record(&f.c, 0, 0, 60, 60, 3);
	f.c.b[whole + 11] = 0x7f;
	save(&f);
	c = read_one(&f, want, 2);
	CU_ASSERT(skipped(&c, TRACE_TRUNCATED, 1));
}

static void unusable(void)
{
	static struct file f;
	struct trace_counts c;

	name(&f, "missing.pcap");
	c = read_one(&f, NULL, 0);
	CU_ASSERT(skipped(&c, TRACE_FILE, 1));
	name(&f, "empty.pcap");
	save(&f);
	c = read_one(&f, NULL, 0);
	CU_ASSERT(skipped(&c, TRACE_FILE, 1));
	name(&f, "text.pcap");
	capture_fill(&f.c, 500, 'a');
	save(&f);
	c = read_one(&f, NULL, 0);
	CU_ASSERT(skipped(&c, TRACE_FILE, 1));
	name(&f, ".");
	c = read_one(&f, NULL, 0);
	CU_ASSERT(skipped(&c, TRACE_FILE, 1));
	name(&f, "raw.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_RAW_IP);
	capture_record(&f.c, 0, 0, 60, 60, 1); /* neither IPv4 nor IPv6 */
	save(&f);
	c = read_one(&f, NULL, 0);
	CU_ASSERT(skipped(&c, TRACE_LINKTYPE, 1));
	/* a capture of nothing is a capture */
	name(&f, "none.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	save(&f);
	c = read_one(&f, NULL, 0);
	CU_ASSERT(skipped(&c, NONE));
	CU_ASSERT_EQUAL(c.packets, 0);
}

static void sizes(void)
{
	static const struct want want[] = { { 60, 3, 0 }, { 60, 4, 0 }, { 60, 5, 0 }, { 9216, 6, 0 } };
	char *path;
	static struct file f;
	struct trace_frame frame;
	struct trace *t;
	struct trace_counts c;
	unsigned int i;

	path = f.path;
	name(&f, "sizes.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&f.c, 0, 0, 80, 81, 1);
	capture_record(&f.c, 0, 0, 0, 0, 1);
	capture_record(&f.c, 0, 0, 13, 13, 2);
	capture_record(&f.c, 0, 0, 59, 59, 3);
	capture_record(&f.c, 0, 0, 14, 14, 4);
	capture_record(&f.c, 0, 0, 60, 60, 5);
	capture_record(&f.c, 0, 0, 9216, 9216, 6);
	capture_record(&f.c, 0, 0, 9217, 9217, 7);
	save(&f);
	c = read_one(&f, want, 4);
	CU_ASSERT_EQUAL(c.skipped[TRACE_SNAPLEN], 1);
	CU_ASSERT_EQUAL(c.skipped[TRACE_RUNT], 2);
	CU_ASSERT_EQUAL(c.skipped[TRACE_OVERSIZE], 1);
	CU_ASSERT_EQUAL(c.padded, 2);
	CU_ASSERT_EQUAL(c.packets, 4);
	CU_ASSERT_EQUAL(c.bytes, 3 * 60 + 9216);
	/* padding is zeros behind what was captured, not what the frame before left there */
	t = trace_open(&path, 1, 1, false);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT_FATAL(trace_next(t, &frame));
	CU_ASSERT_EQUAL(frame.data[58], 3 + 58);
	CU_ASSERT_EQUAL(frame.data[59], 0);
	CU_ASSERT_FATAL(trace_next(t, &frame));
	CU_ASSERT_EQUAL(frame.data[13], 4 + 13);
	for (i = 14; i < 60; i++)
		CU_ASSERT_EQUAL(frame.data[i], 0);
	trace_close(t);
}

/* Files and passes go on in time where the one before ended, whatever their clocks say; skips count once. */
static void many(void)
{
	static const struct want want[] = { { 60, 1, 0 },    { 60, 2, 2000 }, { 60, 3, 2000 },
					    { 60, 4, 2000 }, { 60, 5, 3000 }, { 60, 1, 3000 },
					    { 60, 2, 5000 }, { 60, 3, 5000 }, { 60, 4, 5000 },
					    { 60, 5, 6000 } };
	static struct file a, b, c;
	char *paths[] = { a.path, b.path, c.path };
	struct trace_counts n;

	name(&a, "a.pcap");
	capture_begin(&a.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&a.c, 5000, 0, 60, 60, 1);
	capture_record(&a.c, 5000, 2, 60, 60, 2);
	capture_record(&a.c, 4999, 0, 60, 60, 3); /* its clock stepped back */
	save(&a);
	name(&b, "b.pcap"); /* is not there */
	name(&c, "c.pcap");
	capture_begin(&c.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&c.c, 9000, 0, 60, 61, 1); /* not replayed: the next one starts the file's time */
	capture_record(&c.c, 9000, 4, 60, 60, 4);
	capture_record(&c.c, 9000, 5, 60, 60, 5);
	save(&c);
	n = reads(paths, 3, 2, want, 10);
	CU_ASSERT_EQUAL(n.packets, 5);
	CU_ASSERT_EQUAL(n.bytes, 300);
	CU_ASSERT_EQUAL(n.skipped[TRACE_FILE], 1);
	CU_ASSERT_EQUAL(n.skipped[TRACE_SNAPLEN], 1);
	/* Passes without number over nothing end at once. */
	n = reads(paths + 1, 1, UINT64_MAX, NULL, 0);
	CU_ASSERT(skipped(&n, TRACE_FILE, 1));
}

/* One line for a file and cause: which file, which record, what to do. */
static void messages(void)
{
	static struct file f;
	struct trace_frame frame;
	char *path = f.path, text[2048] = "", *line;
	FILE *tmp = tmpfile();
	unsigned int lines = 0;
	int err = dup(2);
	struct trace *t;

	name(&f, "said.pcap");
	capture_begin(&f.c, CAPTURE_US, CAPTURE_ETHERNET);
	capture_record(&f.c, 0, 0, 60, 60, 1);
	capture_record(&f.c, 0, 0, 5, 5, 2);
	capture_record(&f.c, 0, 0, 6, 6, 2);
	capture_record(&f.c, 0, 0, 60, 1500, 2);
	save(&f);
	CU_ASSERT_FATAL(tmp && err >= 0);
	fflush(stderr);
	dup2(fileno(tmp), 2);
	t = trace_open(&path, 1, 3, true);
	while (t && trace_next(t, &frame))
		;
	trace_close(t);
	fflush(stderr);
	dup2(err, 2);
	close(err);
	rewind(tmp);
	CU_ASSERT(fread(text, 1, sizeof(text) - 1, tmp) > 0);
	fclose(tmp);
	for (line = text; *line; line = strchr(line, '\n') + 1)
		lines++;
	CU_ASSERT_EQUAL(lines, 2);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "said.pcap: record 2: 5 bytes: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "said.pcap: record 4: 60 of 1500 bytes captured: "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "tcpdump -s 0"));
}

/* FIPS 180-2, example B.1 */
static void sha256(void)
{
	static struct file f;
	char hex[65];

	name(&f, "abc");
	capture_fill(&f.c, 3, 'a');
	save(&f);
	CU_ASSERT(trace_sha256(f.path, hex));
	CU_ASSERT_STRING_EQUAL(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	name(&f, "missing");
	CU_ASSERT(!trace_sha256(f.path, hex));
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "formats", "pcap", pcap_formats },
		{ "formats", "pcapng", pcapng },
		{ "formats", "gzip", gzip },
		{ "formats", "interfaces", interfaces },
		{ "formats", "sections", sections },
		{ "formats", "fcs", fcs },
		{ "formats", "snap_length", snap_length },
		{ "formats", "link_layers", link_layers },
		{ "bad", "gzip_cut_between_records", gzip_cut_between_records },
		{ "bad", "truncated", truncated },
		{ "bad", "unusable", unusable },
		{ "bad", "messages", messages },
		{ "bad", "hole", hole },
		{ "bad", "damaged", damaged },
		{ "frames", "sizes", sizes },
		{ "frames", "many", many },
		{ "frames", "fixlen", fixlen },
		{ "frames", "gaps", gaps },
		{ "files", "sha256", sha256 },
		{ NULL, NULL, NULL },
	};
	char command[64];
	int ret;

	if (!mkdtemp(dir)) {
		perror(dir);
		return 1;
	}
	ret = cu_main(argc, argv, tests);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) ? 1 : ret;
}
