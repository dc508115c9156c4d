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

/* libpcap reads only interfaces of one kind: what it has read until another comes is replayed. */
static void interfaces(void)
{
	static const struct want want[] = { { 60, 1, 0 }, { 70, 2, 5 } };
	static struct file f;
	struct trace_counts c;
	unsigned int i;

	name(&f, "two.pcapng");
	for (i = 0; i < 3; i++) {
		capture_ng_begin(&f.c);
		capture_ng_interface(&f.c, CAPTURE_ETHERNET, 65535);
		capture_ng_record(&f.c, 0, 10, 60, 1);
		/* the same kind; another link type; another snap length */
		capture_ng_interface(&f.c, i == 1 ? CAPTURE_RAW_IP : CAPTURE_ETHERNET, i == 2 ? 1500 : 65535);
		capture_ng_record(&f.c, 1, 15, 70, 2);
		save(&f);
		c = read_one(&f, want, i ? 1 : 2);
		CU_ASSERT(skipped(&c, TRACE_INTERFACES, i ? 1 : 0));
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
	capture_record(&f.c, 0, 0, 60, 60, 1);
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
		{ "bad", "gzip_cut_between_records", gzip_cut_between_records },
		{ "bad", "interfaces", interfaces },
		{ "bad", "truncated", truncated },
		{ "bad", "unusable", unusable },
		{ "bad", "messages", messages },
		{ "frames", "sizes", sizes },
		{ "frames", "many", many },
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
