/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic explain, as a user runs it: what it says of one frame, measured beside predicted, and its picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "cu_main.h"
#include "run.h"

static void says(const struct run *r, const char *words)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(r->out, words));
	if (!strstr(r->out, words))
		printf("    does not say '%s':\n%s", words, r->out);
}

/* Of a row of the table of times: when it is left, measured and predicted. They are so close: 2 %, or 15 ns. */
static void close_by(const struct run *r, const char *row)
{
	const char *at = strstr(r->out, row);
	double from, to, p_from, p_to;

	CU_ASSERT_PTR_NOT_NULL(at);
	if (!at)
		return;
	CU_ASSERT_EQUAL(sscanf(strchr(at, '|'), "| %lf %lf | %lf %lf", &from, &to, &p_from, &p_to), 4);
	CU_ASSERT(fabs(from - p_from) <= fmax(0.02 * from, 15));
	CU_ASSERT(fabs(to - p_to) <= fmax(0.02 * to, 15));
	if (fabs(from - p_from) > fmax(0.02 * from, 15) || fabs(to - p_to) > fmax(0.02 * to, 15))
		printf("    %s: measured %g to %g, predicted %g to %g\n", row, from, to, p_from, p_to);
}

static void latency_close_by(const struct run *r)
{
	const char *at = strstr(r->out, "\nlatency");
	double m = 0, p = 0;

	CU_ASSERT_PTR_NOT_NULL(at);
	CU_ASSERT(at && sscanf(strchr(at, '|'), "| %lf | %lf", &m, &p) == 2);
	CU_ASSERT(m > 500 && fabs(m - p) <= 0.02 * m);
}

static void rx(void)
{
	struct run r;

	gen("vx.pcap", "--size 600 --count 8 --flows 8 --vfs 4 --encap vxlan");
	cosnic(&r, "explain --vfs 4 --queues 2 --rules 3 vx.pcap:5");
	run_ended(&r, 0);
	CU_ASSERT_STRING_EQUAL(r.err, "");
	says(&r, "frame 5 of vx.pcap: 596 bytes from port0");
	says(&r, "\n              34     8  UDP       port ");
	says(&r, "\n              42     8  VXLAN     VNI 104");
	says(&r, "vport=port0   tun=vxlan   tun_id=104");
	says(&r, "of 3 rules, rule 0 decides");
	says(&r, "action           mark 0x51c");
	says(&r, "MAC table        02:5c:00:00:00:0");
	says(&r, "'s table: queue ");
	close_by(&r, "\nwire in");
	close_by(&r, "\nparser");
	close_by(&r, "\nflow table, forwarding");
	close_by(&r, "\nRX engine");
	close_by(&r, "\nread of a descriptor");
	close_by(&r, "\nwrites into host memory");
	latency_close_by(&r);
	run_free(&r);
}

static void tx(void)
{
	struct run r;

	gen("big.pcap", "--size 1518 --count 8 --vfs 2");
	cosnic(&r, "explain --direction tx --vfs 2 --pcie gen3x8 big.pcap");
	run_ended(&r, 0);
	says(&r, "frame 1 of big.pcap: 1514 bytes from vf");
	says(&r, "out              port0, 1514 bytes");
	close_by(&r, "\ndoorbell");
	close_by(&r, "\nTX engine");
	close_by(&r, "\nreads of host memory");
	close_by(&r, "\nwire out");
	latency_close_by(&r);
	run_free(&r);
	cosnic(&r, "explain --direction vf2vf --vfs 2 big.pcap:8");
	run_ended(&r, 0);
	close_by(&r, "\nRX engine");
	latency_close_by(&r);
	run_free(&r);
}

/* The picture is the same on every run, whole, and has what the text has. */
static void picture(void)
{
	char *first, *second;
	struct run r;

	gen("vx.pcap", "--size 600 --count 8 --flows 8 --vfs 4 --encap vxlan");
	cosnic(&r, "explain --vfs 4 --svg a.svg --quiet vx.pcap:3");
	run_ended(&r, 0);
	CU_ASSERT_STRING_EQUAL(r.out, "");
	run_free(&r);
	cosnic(&r, "explain --vfs 4 --svg b.svg vx.pcap:3");
	run_ended(&r, 0);
	run_free(&r);
	first = get("a.svg");
	second = get("b.svg");
	CU_ASSERT_STRING_EQUAL(first, second);
	CU_ASSERT(strlen(first) > 7 && !strcmp(first + strlen(first) - 7, "</svg>\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(first, ">VXLAN<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(first, ">RX engine<"));
	CU_ASSERT_PTR_NOT_NULL(strstr(first, "prefers-color-scheme: dark"));
	free(first);
	free(second);
	refused(3, "/dev/full", "choose another --svg", "explain --quiet --svg /dev/full vx.pcap");
}

/* A frame that a rule drops, one that the parser cannot read, and one with a name that is no text. */
static void odd(void)
{
	static const uint8_t group[60] = { 1, 0, 0x5e, 1, 2, 3, 2, 0, 0, 0, 0, 1, 8, 0, 0x45 };
	static struct capture c;
	struct run r;

	c.len = 0;
	capture_begin(&c, CAPTURE_NS, CAPTURE_ETHERNET);
	capture_frame(&c, group, 60, 60);
	capture_frame(&c, group, 40, 60);
	capture_save(&c, in_tmp("odd<&\033.pcap"));
	cosnic(&r, "explain --direction tx --svg odd.svg odd<&\033.pcap");
	run_ended(&r, 0);
	says(&r, "the parser gives up: bad_ip");
	says(&r, "function table   group address");
	run_free(&r);
	holds("odd.svg", "odd&lt;&amp;?.pcap");
	cosnic(&r, "explain --vfs 1 --direction vf2vf --quiet odd<&\033.pcap");
	run_ended(&r, 2);
	run_free(&r);
	cosnic(&r, "explain odd<&\033.pcap:2");
	run_ended(&r, 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.err, "40 of 60 bytes captured"));
	CU_ASSERT_PTR_NOT_NULL(strstr(r.err, "no frame to follow in record 2; the nearest is in record 1"));
	run_free(&r);
	refused(2, "goes one way", "--direction rx", "explain --direction both vx.pcap");
	refused(2, "one FILE.pcap", "help", "explain");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = { { "explain", "rx", rx },
						{ "explain", "tx", tx },
						{ "explain", "picture", picture },
						{ "explain", "odd", odd },
						{ NULL, NULL, NULL } };

	return cu_main(argc, argv, tests);
}
