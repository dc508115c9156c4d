/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --out-pcap, read back by tshark: every copy that the reference expects is there once, byte for byte, at the right
 * interface and with the right words; every frame that it drops is among the dropped, with the cause; nothing else.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture.h"
#include "cosnic.h"
#include "cu_main.h"
#include "frame.h"
#include "pcapng.h"
#include "replay.h"
#include "setup.h"
#include "traffic.h"

#define MAX_LINES 4096
#define N_FRAMES 600

volatile int cosnic_interrupted;

static char dir[] = "/tmp/test_outcap.XXXXXX";

/* Lines of what is expected, and of what there is, to be compared as sorted lists. */
struct list {
	char *line[MAX_LINES];
	unsigned int n;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add(struct list *l, const char *text)
{
	CU_ASSERT_FATAL(l->n < MAX_LINES);
	l->line[l->n++] = strdup(text);
}

static void same(struct list *want, struct list *got)
{
	unsigned int i, shown = 0;

	qsort(want->line, want->n, sizeof(want->line[0]), by_text);
	qsort(got->line, got->n, sizeof(got->line[0]), by_text);
	CU_ASSERT_EQUAL(want->n, got->n);
	for (i = 0; i < want->n && i < got->n && shown < 5; i++) {
		if (!strcmp(want->line[i], got->line[i]))
			continue;
		shown++;
		CU_FAIL("lines differ");
		printf("    want %s\n    got  %s\n", want->line[i], got->line[i]);
	}
	for (i = 0; i < want->n; i++)
		free(want->line[i]);
	for (i = 0; i < got->n; i++)
		free(got->line[i]);
}

static const char *md5(const uint8_t *data, size_t len)
{
	static char hex[33];
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned int n = 0, i;

	EVP_Digest(data, len, sum, &n, EVP_md5(), NULL);
	for (i = 0; i < n && i < 16; i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
	return hex;
}

/* Frames of all kinds, each 20th to a group that nobody asked for, some cut short or changed somewhere in their headers. */
static void make_capture(const char *path)
{
	static struct capture c;
	static uint8_t buf[FRAME_MTU_MAX];
	uint64_t state = cu_seed() + 1;
	unsigned int i;

	c.len = 0;
	capture_begin(&c, CAPTURE_NS, CAPTURE_ETHERNET);
	for (i = 0; i < N_FRAMES; i++) {
		const enum encap encap = (enum encap)(i % (ENCAP_MPLSOGRE + 1));
		struct frame_spec s = { .dmac = { 0x02, 0x5c, 0, 0, 0, (uint8_t)(i % 4) },
					.smac = { 0x02, 0, 0, 0, 0, 1 },
					.flow = i % 40,
					.encap = encap,
					.len = frame_min(encap) + cu_rand(&state) % 400,
					.fill = i };
		size_t len;

		if (i % 20 == 0)
			memcpy(s.dmac, "\x01\x00\x5e\x01\x02\x03", 6);
		len = frame_build(&s, buf);
		if (i % 7 == 0)
			buf[14 + cu_rand(&state) % 60] ^= (uint8_t)(1 + cu_rand(&state) % 255);
		capture_frame(&c, buf, (uint32_t)len, (uint32_t)len);
	}
	capture_save(&c, path);
}

static const char *vport_name(char *buf, unsigned int v)
{
	sprintf(buf, v == 256 ? "port0" : v == 257 ? "port1" : v ? "vf%u" : "pf", v);
	return buf;
}

/* What the words say of a parser's result, typed here anew. */
static void say_parse(char *text, const struct snic_ref_parse *p)
{
	static const char *const l3[] = { "none", "ipv4", "ipv6" };
	static const char *const l4[] = { "none", "tcp", "udp", "icmp", "fragment", "other" };
	static const char *const csum[] = { "none", "ok", "bad" };
	static const char *const tun[] = { "none",  "vxlan",	"geneve",   "gre",
					   "nvgre", "mplsogre", "mplsoudp", "mpls" };
	static const char *const perr[] = { "none",    "truncated", "bad_ip", "bad_l4",
					    "bad_tun", "window",    "steps" };
	char *at = text + strlen(text);

	if (p->l3)
		at += sprintf(at, " l3=%s", l3[p->l3]);
	if (p->l3ok)
		at += sprintf(at, " l3_csum=%s", csum[p->l3ok]);
	if (p->l4)
		at += sprintf(at, " l4=%s", l4[p->l4]);
	if (p->l4ok)
		at += sprintf(at, " l4_csum=%s", csum[p->l4ok]);
	if (p->tun)
		at += sprintf(at, " tun=%s", tun[p->tun]);
	if (p->il3)
		at += sprintf(at, " inner_l3=%s", l3[p->il3]);
	if (p->il3ok)
		at += sprintf(at, " inner_l3_csum=%s", csum[p->il3ok]);
	if (p->il4)
		at += sprintf(at, " inner_l4=%s", l4[p->il4]);
	if (p->il4ok)
		at += sprintf(at, " inner_l4_csum=%s", csum[p->il4ok]);
	if (p->frag)
		at += sprintf(at, " frag=yes");
	if (p->perr)
		sprintf(at, " parse_error=%s", perr[p->perr]);
}

static void expect_frame(struct list *want, struct snic_ref *ref, enum lane_dir d,
			 const struct traffic_frame *f)
{
	static struct snic_ref_out out[SNIC_N_FUNC + SNIC_N_PORT];
	const uint16_t src = (uint16_t)(d == LANE_RX ? SNIC_VPORT_WIRE0 : f->src_func);
	int cause,
		n = snic_ref_packet(ref, src, f->data, f->len, false, out, SNIC_N_FUNC + SNIC_N_PORT, &cause),
		i;
	char text[600], name[16], queue[8] = "";

	if (d != LANE_RX)
		sprintf(queue, "/q%u", f->src_queue);
	if (!n) {
		sprintf(text, "dropped %s src=%s drop=%s frame=%llu", md5(f->data, f->len),
			vport_name(name, src), replay_stat_name((unsigned int)cause),
			(unsigned long long)f->number);
		add(want, text);
	}
	for (i = 0; i < n; i++) {
		const struct snic_ref_out *o = &out[i];
		bool host = o->vport < SNIC_N_FUNC;

		sprintf(text, "%s", vport_name(name, o->vport));
		if (host)
			sprintf(text + strlen(text), "/q%u", o->queue);
		sprintf(text + strlen(text), " %s src=%s%s", md5(o->data, o->len), vport_name(name, src),
			queue);
		if (host)
			sprintf(text + strlen(text), " rss=0x%08x", o->rss);
		say_parse(text, o->parse);
		sprintf(text + strlen(text), " flow=%s", o->hit == SNIC_HIT_RULE ? "rule" : "none");
		if (o->rule >= 0)
			sprintf(text + strlen(text), " rule=%d", o->rule);
		if (o->mark)
			sprintf(text + strlen(text), " mark=0x%x", o->mark);
		sprintf(text + strlen(text), " frame=%llu", (unsigned long long)f->number);
		add(want, text);
	}
}

static void expect(struct list *want, const struct options *o)
{
	static struct traffic_frame f;
	struct snic_ref *ref = setup_reference(o);
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		struct traffic *t;

		if (!(traffic_lanes(o) & 1u << d))
			continue;
		t = traffic_open(o, (enum lane_dir)d, false);
		while (traffic_next(t, &f))
			expect_frame(want, ref, (enum lane_dir)d, &f);
		traffic_close(t);
	}
	snic_ref_destroy(ref);
}

/* Latency is a matter of time, and so is whether a rule came from the cache. */
static void normalize(char *text)
{
	char *at = strstr(text, " latency_ns="), *cache = strstr(text, "flow=cache");

	if (at)
		memmove(at, strchr(at + 1, ' '), strlen(strchr(at + 1, ' ')) + 1);
	if (cache) {
		static const char rule[] = { 'r', 'u', 'l', 'e' };

		memcpy(cache + 5, rule, sizeof(rule));
		memmove(cache + 9, cache + 10, strlen(cache + 10) + 1);
	}
}

static void read_back(struct list *got, const char *path)
{
	char line[1024], text[1024], command[256];
	double last = 0;
	FILE *p;

	snprintf(command, sizeof(command),
		 "tshark -r %s -o frame.generate_md5_hash:TRUE -T fields -E separator=, -e frame.time_epoch "
		 "-e frame.interface_name -e frame.md5_hash -e frame.comment 2>/dev/null",
		 path);
	p = popen(command, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	while (fgets(line, sizeof(line), p)) {
		char *save = NULL, *time = strtok_r(line, ",", &save), *name = strtok_r(NULL, ",", &save);
		char *hash = strtok_r(NULL, ",", &save), *comment = strtok_r(NULL, "\n", &save);

		CU_ASSERT_FATAL(time && name && hash && comment);
		CU_ASSERT(atof(time) >= last);
		last = atof(time);
		snprintf(text, sizeof(text), "%s %s %s", name, hash, comment);
		normalize(text);
		add(got, text);
	}
	CU_ASSERT_EQUAL(pclose(p), 0);
}

static void replayed(const char *direction)
{
	static struct replay_result r;
	struct list want = { .n = 0 }, got = { .n = 0 };
	char in[64], out[64], name[16];
	char *argv[] = { "replay",  "--direction", name,      "--vfs", "3",	     "--queues", "2",
			 "--rules", "2",	   "--quiet", in,      "--out-pcap", out,	 NULL };
	struct options o;
	struct stat st;

	snprintf(name, sizeof(name), "%s", direction);
	snprintf(in, sizeof(in), "%s/in.pcap", dir);
	snprintf(out, sizeof(out), "%s/%s.pcapng", dir, direction);
	make_capture(in);
	CU_ASSERT_EQUAL_FATAL(options_parse(&o, "replay", 13, argv), 0);
	CU_ASSERT_EQUAL(replay_begin(&o, &r), EXIT_OK);
	CU_ASSERT_EQUAL(replay_run(&o, &r), EXIT_OK);
	CU_ASSERT_STRING_EQUAL(r.error, "");
	counts_free(r.frames);
	expect(&want, &o);
	read_back(&got, out);
	CU_ASSERT(want.n >= N_FRAMES);
	same(&want, &got);
	snprintf(out, sizeof(out), "%s/%s.pcapng.part", dir, direction);
	CU_ASSERT(stat(out, &st));
}

static void rx(void)
{
	replayed("rx");
}

static void tx(void)
{
	replayed("tx");
}

static void both(void)
{
	replayed("both");
}

static void vf2vf(void)
{
	replayed("vf2vf");
}

/* A capture that does not fit leaves nothing, and the one that had its name is as it was. */
static void full(void)
{
	static const uint8_t frame[1000];
	struct pcapng_packet p = { .data = frame, .len = sizeof(frame), .id = UINT64_MAX, .queue = -1 };
	struct rlimit was, small;
	char path[64], part[72], err[256], old[8] = "";
	struct pcapng *w;
	struct stat st;
	FILE *f;
	int i;

	snprintf(path, sizeof(path), "%s/full.pcapng", dir);
	snprintf(part, sizeof(part), "%s.part", path);
	f = fopen(path, "w");
	fputs("older", f);
	fclose(f);
	getrlimit(RLIMIT_FSIZE, &was);
	small = was;
	small.rlim_cur = 50000;
	w = pcapng_create(path, err, sizeof(err));
	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	pcapng_interface(w, "port0", "");
	setrlimit(RLIMIT_FSIZE, &small);
	for (i = 0; i < 100; i++)
		pcapng_write(w, &p);
	CU_ASSERT_EQUAL(pcapng_error(w), EFBIG);
	CU_ASSERT_EQUAL(pcapng_close(w), -EFBIG);
	setrlimit(RLIMIT_FSIZE, &was);
	CU_ASSERT(stat(part, &st));
	f = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL(fgets(old, sizeof(old), f));
	CU_ASSERT_STRING_EQUAL(old, "older");
	fclose(f);
	w = pcapng_create("/dev/full", err, sizeof(err));
	CU_ASSERT_PTR_NOT_NULL_FATAL(w);
	CU_ASSERT_EQUAL(pcapng_close(w), -ENOSPC);
	snprintf(path, sizeof(path), "%s/none/x", dir);
	CU_ASSERT_PTR_NULL(pcapng_create(path, err, sizeof(err)));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, path));
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = { { "out_pcap", "rx", rx },     { "out_pcap", "tx", tx },
						{ "out_pcap", "both", both }, { "out_pcap", "vf2vf", vf2vf },
						{ "pcapng", "full", full },   { NULL, NULL, NULL } };
	char command[64];
	int ret;

	if (!mkdtemp(dir))
		return 1;
	setenv("COSNIC_LIB", "build", 0);
	ret = cu_main(argc, argv, tests);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) ? 1 : ret;
}
