/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VFs that share a port, each with a load of its own (--open-loop): what a greedy one can take. Shares are of bytes, as the
 * card's scheduler counts them: without FCS.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run.h"

#define FCS 4
#define VFS 8

/* What a VF sent, in Gb/s without FCS. */
static double share(const json_t *vf)
{
	return num(vf, "gbps_tx") - num(vf, "mpps_tx") * FCS * 8e-3;
}

/* The least and the largest share of VFs from..to, in % of an equal one. */
static void spread(const struct run *r, const char *side, unsigned int from, unsigned int to, double *least,
		   double *most)
{
	json_t *vfs = at(r->result, side), *vf;
	double all = 0, pct;
	size_t i;

	*least = INFINITY;
	*most = 0;
	json_array_foreach(vfs, i, vf)
	{
		all += share(vf);
	}
	for (i = from - 1; i < to; i++) {
		pct = share(json_array_get(vfs, i)) * (double)json_array_size(vfs) / all * 100;
		*least = fmin(*least, pct);
		*most = fmax(*most, pct);
	}
}

/* Percent of an equal share, measured and predicted. */
struct bounds {
	double greedy_least, greedy_most, others_least;
};

static void shares_are(const struct run *r, const char *lane, unsigned int vfs, const struct bounds want[2])
{
	static const char *const sides[] = { "measured.per_vf", "predicted.per_vf" };
	double least, most, greedy;
	char path[32];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		spread(r, sides[i], 1, 1, &greedy, &greedy);
		spread(r, sides[i], 2, vfs, &least, &most);
		printf("    %s: greedy %.2f %%, others %.2f to %.2f %% of an equal share\n", sides[i], greedy,
		       least, most);
		CU_ASSERT(greedy > want[i].greedy_least && greedy < want[i].greedy_most);
		CU_ASSERT(least > want[i].others_least);
	}
	snprintf(path, sizeof(path), "error_pct.%s.gbps", lane);
	CU_ASSERT(fabs(num(r->result, path)) < 2);
}

/* Each of the others has its share, to so many percent, and the greedy one no more than its own. */
static void equal(const struct run *r, const char *lane, unsigned int vfs, double tolerance)
{
	const struct bounds b = { 0, 100 + tolerance, 100 - tolerance };

	shares_are(r, lane, vfs, (const struct bounds[2]){ b, b });
}

/* What the card did not take was dropped before it, and counted; the card itself dropped nothing. */
static void accounted(const struct run *r)
{
	json_t *tx = at(r->result, "measured.tx"), *vfs = at(r->result, "measured.per_vf"), *vf;
	double offered = 0;
	size_t i;

	json_array_foreach(vfs, i, vf)
	{
		offered += num(vf, "tx_offered");
	}
	CU_ASSERT_EQUAL(offered, num(r->result, "trace.packets"));
	CU_ASSERT_EQUAL(offered, num(tx, "offered"));
	CU_ASSERT_EQUAL(num(tx, "packets") + num(tx, "ring_full"), offered);
	CU_ASSERT_EQUAL(sum(r->result, "measured.drops"), 0);
	CU_ASSERT_EQUAL(json_is_true(at(r->result, "config.open_loop")), 1);
}

/* Ten times the frames of each other VF. All offer more than their share, so all have the same. */
static void ten_times_the_load(void)
{
	double greedy, most;
	struct run r;

	gen("ten.pcap", "--size 64 --count 100000 --vfs 8 --flows 64 --greedy 10");
	cosnic(&r, "replay --direction tx --vfs 8 --open-loop -x 2.5 ten.pcap");
	if (run_ended(&r, 0)) {
		equal(&r, "tx", VFS, 1);
		accounted(&r);
		CU_ASSERT_DOUBLE_EQUAL(num(r.result, "measured.tx.mpps"), 148.8, 0.1);
	}
	run_free(&r);
	/* where the sender waits for a full ring, all behind it wait too, and shares are those of the capture */
	cosnic(&r, "replay --direction tx --vfs 8 -x 2.5 -L 20000 ten.pcap");
	if (run_ended(&r, 0)) {
		spread(&r, "measured.per_vf", 1, 1, &greedy, &most);
		CU_ASSERT_DOUBLE_EQUAL(greedy, VFS * 10 / 17. * 100, 10);
		CU_ASSERT(!has(r.result, "measured.tx.ring_full"));
	}
	run_free(&r);
}

/*
 * Frames of 1518 B from all eight queues against frames of 64 B from one. A ring of 128 (64 rings there are) has to be enough for a share of
 * the port, so no more may stand between ring and write-back than memory's latency asks for: see tx_room and the lines of tx_share.
 */
static void large_frames_on_all_queues(void)
{
	struct run r;

	gen("large.pcap", "--size 64 --count 250000 --vfs 8 --flows 256 --greedy 1 --greedy-size 1518");
	cosnic(&r, "replay --direction tx --vfs 8 --queues 8 --open-loop -x 5 large.pcap");
	if (run_ended(&r, 0)) {
		equal(&r, "tx", VFS, 1);
		accounted(&r);
	}
	run_free(&r);
}

/* The others ask for less than their share: they get all of it, and the greedy one all that is left. */
static void what_is_left(void)
{
	json_t *vf;
	struct run r;
	unsigned int i;

	gen("left.pcap", "--size 64 --count 60000 --vfs 8 --flows 64 --greedy 20");
	cosnic(&r, "replay --direction tx --vfs 8 --open-loop -x 1.2 left.pcap");
	if (run_ended(&r, 0)) {
		accounted(&r);
		for (i = 1; i < VFS; i++) {
			vf = json_array_get(at(r.result, "measured.per_vf"), i);
			CU_ASSERT_EQUAL(num(vf, "tx_packets"), num(vf, "tx_offered"));
		}
		CU_ASSERT(num(r.result, "measured.tx.ring_full") > 0);
		CU_ASSERT_DOUBLE_EQUAL(num(r.result, "measured.tx.mpps"), 148.8, 0.1);
		CU_ASSERT(fabs(num(r.result, "error_pct.tx.mpps")) < 2);
		CU_ASSERT_DOUBLE_EQUAL(num(r.result, "predicted.tx.ring_full"),
				       num(r.result, "measured.tx.ring_full"), 100);
	}
	run_free(&r);
}

/* All VFs that there are. A share is some 30 turns of 2048 bytes here, and a turn more or less is 3 % of it. */
static void all_vfs(void)
{
	struct run r;

	gen("all.pcap", "--size 64 --count 400000 --vfs 255 --flows 255 --greedy 10");
	cosnic(&r, "replay --direction tx --vfs 255 --open-loop -x 1.5 all.pcap");
	if (run_ended(&r, 0)) {
		/* predicted a little further off than the 10 % that the card keeps */
		shares_are(&r, "tx", 255, (const struct bounds[2]){ { 0, 110, 90 }, { 0, 110, 89 } });
		accounted(&r);
		CU_ASSERT(r.max_rss_kb < 500 * 1000);
	}
	run_free(&r);
}

/* From function to function, where PCIe limits; and while the wire sends too. */
static void other_directions(void)
{
	struct run r;

	gen("ten.pcap", "--size 64 --count 100000 --vfs 8 --flows 64 --greedy 10");
	cosnic(&r, "replay --direction vf2vf --vfs 8 --open-loop -x 4 ten.pcap");
	if (run_ended(&r, 0))
		equal(&r, "vf2vf", VFS, 2);
	run_free(&r);
	cosnic(&r, "replay --direction both --vfs 8 --open-loop -x 2.5 ten.pcap");
	if (run_ended(&r, 0))
		equal(&r, "tx", VFS, 2);
	run_free(&r);
}

/* Frames of the PF alone: there are no shares of VFs to be told. */
static void no_vf_sends(void)
{
	struct run r;

	gen("pf.pcap", "--size 64 --count 200");
	cosnic(&r, "replay --direction tx --vfs 2 --open-loop -x 3 pf.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT_PTR_NOT_NULL(strstr(r.out, "found a full ring; no VF sent anything\n"));
		CU_ASSERT_PTR_NULL(strstr(r.out, "sent least"));
	}
	run_free(&r);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "fair", "ten_times_the_load", ten_times_the_load },
		{ "fair", "large_frames_on_all_queues", large_frames_on_all_queues },
		{ "fair", "what_is_left", what_is_left },
		{ "fair", "all_vfs", all_vfs },
		{ "fair", "other_directions", other_directions },
		{ "fair", "no_vf_sends", no_vf_sends },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
