/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who floods has no part of anybody else's traffic. VF 1 (or many) sends broadcasts beside a victim of 64 B frames: wire to
 * VF, VF to wire, VF to VF. The victim keeps 95 % of what it has without them, and loses nothing that it does not lose
 * alone; its own broadcasts arrive.
 */
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"
#include "snic_func.h"

#define LEN 60
#define TURN_NS 250
#define WARM_NS 20000
#define RUN_NS 40000
#define BURST 256 /* copies, of an attacker; used up while it warms up */

/* Frames of one kind, as fast as they go or one in gap_ns. */
struct stream {
	unsigned int src, dst; /* dst BROADCAST: to all */
	unsigned int gap_ns, len;
	uint64_t sent, due_ps;
};
#define BROADCAST 600u

struct seen {
	uint64_t frames[SNIC_N_FUNC + SNIC_N_PORT]; /* of the victim, by where they came out */
	uint64_t own[SNIC_N_FUNC];		    /* broadcasts of the victim, by receiver */
	uint64_t others;			    /* broadcasts of others */
	unsigned int victim;			    /* sends; a wire port too */
};

/* A frame names its sender by the last byte of the source address, which for wire ports is 0x99 in byte 1. */
static bool from_victim(const struct seen *s, const uint8_t *data)
{
	if (s->victim >= SNIC_N_FUNC)
		return data[7] == 0x99;
	return data[7] == 0x5c && data[11] == s->victim;
}

static void on_rx(struct dev *d, unsigned int func, unsigned int queue, const struct snic_pmd_rx *rx)
{
	struct seen *s = d->ctx;

	(void)queue;
	if (!(rx->data[0] & 1))
		s->frames[func] += from_victim(s, rx->data);
	else if (from_victim(s, rx->data))
		s->own[func]++;
	else
		s->others++;
}

static void on_wire(struct dev *d, unsigned int port, const uint8_t *frame, size_t len)
{
	struct seen *s = d->ctx;

	(void)len;
	if (!(frame[0] & 1))
		s->frames[SNIC_N_FUNC + port] += from_victim(s, frame);
}

static size_t build(struct dev *d, const struct stream *t, uint8_t *frame)
{
	size_t len = dev_frame(d, frame, t->src, t->dst == BROADCAST ? 0 : t->dst, (unsigned int)t->sent % 16,
			       ENCAP_NONE, t->len ? t->len : LEN);

	if (t->dst == BROADCAST)
		memset(frame, 0xff, 6);
	return len;
}

/* What the stream's next turn is for: all that its ring, or the wire, has room for and that is due. */
static void feed(struct dev *d, struct stream *t)
{
	uint64_t until = host_now(d->host) + TURN_NS * 1000, end;
	uint8_t frame[SNIC_FRAME_MAX], *buf;
	unsigned int port = t->src - SNIC_VPORT_WIRE0;
	size_t len;

	if (!t->due_ps)
		t->due_ps = host_now(d->host);
	for (; t->due_ps < until; t->sent++, t->due_ps += t->gap_ns * 1000) {
		if (t->src >= SNIC_N_FUNC && host_wire_rx_pending(d->host, port) >= 128)
			break;
		len = build(d, t, frame);
		if (t->src >= SNIC_N_FUNC) {
			CU_ASSERT_EQUAL_FATAL(
				host_wire_rx(d->host, port, frame, len, t->gap_ns ? t->due_ps : 0, &end), 0);
			continue;
		}
		buf = snic_pmd_tx_buf(d->pmd, t->src, 0);
		if (!buf)
			break;
		memcpy(buf, frame, len);
		snic_pmd_tx_commit(d->pmd, t->src, 0, (uint32_t)len);
	}
	if (t->src < SNIC_N_FUNC)
		snic_pmd_tx_flush(d->pmd, t->src, 0);
}

static void run(struct dev *d, struct stream *t, unsigned int n, unsigned int ns)
{
	unsigned int i;

	for (; ns; ns -= TURN_NS) {
		for (i = 0; i < n; i++)
			feed(d, &t[i]);
		dev_run_ns(d, TURN_NS);
	}
}

static uint64_t losses(struct dev *d)
{
	return dev_stat(d, SNIC_STAT_DROP_BUFFER) + dev_stat(d, SNIC_STAT_DROP_CONGESTED) +
	       dev_stat(d, SNIC_STAT_DROP_RX_NO_DESC);
}

static struct dev *open_storm(unsigned int vfs, struct seen *s, unsigned int victim)
{
	struct dev *d = dev_open(&(struct dev_config){ .vfs = vfs,
						       .queues = 1,
						       .ring_log2 = 10,
						       .storm_kcopies = SNIC_STORM_VF_KCOPIES,
						       .storm_burst = BURST });

	memset(s, 0, sizeof(*s));
	s->victim = victim;
	d->no_score = true;
	d->on_rx = on_rx;
	d->on_wire = on_wire;
	d->ctx = s;
	return d;
}

struct result {
	double mpps;		/* of the victim */
	uint64_t lost, storm;	/* by load; floods dropped */
	uint64_t early, others; /* copies of floods that came, before and in the window */
};

/* The victim's stream t[0] beside the others. */
static struct result measure(unsigned int vfs, struct stream *t, unsigned int n)
{
	unsigned int at = t->dst < SNIC_N_FUNC ? t->dst : SNIC_N_FUNC + t->dst - SNIC_VPORT_WIRE0;
	struct seen s;
	struct dev *d = open_storm(vfs, &s, t->src);
	struct result r;
	uint64_t from;

	run(d, t, n, WARM_NS);
	from = s.frames[at];
	r.early = s.others;
	run(d, t, n, RUN_NS);
	r.mpps = (double)(s.frames[at] - from) * 1e3 / RUN_NS;
	r.others = s.others - r.early;
	r.lost = losses(d);
	r.storm = dev_stat(d, SNIC_STAT_DROP_STORM);
	dev_run_ns(d, 20000);
	CU_ASSERT_EQUAL(host_foreign_dma(d->host), 0);
	dev_close_after_loss(d);
	return r;
}

/* gap_ns of the attacker's broadcasts; 200: 5 Mpps */
static void beside(const char *what, unsigned int vfs, struct stream victim, unsigned int gap_ns)
{
	struct stream alone[] = { victim }, both[] = { victim, { 1, BROADCAST, gap_ns, 0, 0, 0 } };
	struct result a = measure(vfs, alone, 1), b = measure(vfs, both, 2);
	double theirs;

	printf("    %s, floods to %u functions, one in %u ns: %.2f Mpps, alone %.2f; lost %llu, alone %llu; "
	       "%llu floods dropped, %llu copies came\n",
	       what, vfs, gap_ns, b.mpps, a.mpps, (unsigned long long)b.lost, (unsigned long long)a.lost,
	       (unsigned long long)b.storm, (unsigned long long)b.others);
	/* The host egress is full by a victim that sends to another: copies that the allowance lets through are the attacker's part of it. */
	theirs = victim.dst < SNIC_N_FUNC && victim.src < SNIC_N_FUNC ? (double)b.others * 1e3 / RUN_NS : 0;
	CU_ASSERT(a.mpps > 50);
	CU_ASSERT(b.mpps >= (a.mpps - theirs) * 0.95);
	CU_ASSERT(b.lost <= a.lost);
	CU_ASSERT(b.early > 0);
	/* a few percent of the host egress: what its allowance says, and what a burst leaves of it */
	CU_ASSERT(b.others <= SNIC_STORM_VF_KCOPIES / 1000 * RUN_NS / 1000 + BURST + 2 * vfs);
}

static void test_wire_to_vf(void)
{
	static const unsigned int vfs[] = { 2, 64, 255 };
	unsigned int i;

	for (i = 0; i < 3; i++)
		beside("wire to VF", vfs[i], (struct stream){ .src = SNIC_VPORT_WIRE0, .dst = 2 }, 200);
}

static void test_vf_to_wire(void)
{
	static const unsigned int vfs[] = { 2, 64, 255 };
	unsigned int i;

	for (i = 0; i < 3; i++)
		beside("VF to wire", vfs[i], (struct stream){ .src = 2, .dst = SNIC_VPORT_WIRE0 }, 200);
}

static void test_vf_to_vf(void)
{
	static const unsigned int vfs[] = { 3, 64, 255 };
	unsigned int i;

	for (i = 0; i < 3; i++)
		beside("VF to VF", vfs[i], (struct stream){ .src = 2, .dst = 3 }, 200);
}

/* As fast as it can: its frames go to the wire as well, so a victim that sends has the other half. */
static void test_line_rate(void)
{
	beside("wire to VF", 64, (struct stream){ .src = SNIC_VPORT_WIRE0, .dst = 2 }, 0);
	beside("wire to VF", 255, (struct stream){ .src = SNIC_VPORT_WIRE0, .dst = 2 }, 0);
}

/*
 * A victim that sends a broadcast now and then: each comes to everybody, however many flood all the time. It waits for
 * those of all others, 254 in places of their own and those in the shared part.
 */
static void own_broadcasts(unsigned int attackers)
{
	enum { VFS = 255, RECEIVERS = 16, GAP_NS = 100000 };
	struct stream t[VFS];
	struct seen s;
	struct dev *d = open_storm(VFS, &s, VFS);
	unsigned int i, missed = 0;

	for (i = RECEIVERS; i <= VFS; i++)
		dev_flag(d, i, SNIC_MASK(FT_FLAGS, BCAST), false);
	memset(t, 0, sizeof(t));
	t[0] = (struct stream){ .src = VFS, .dst = BROADCAST, .gap_ns = GAP_NS };
	for (i = 1; i <= attackers; i++)
		t[i] = (struct stream){ .src = i, .dst = BROADCAST, .gap_ns = attackers > 8 ? 2000 : 0 };
	run(d, t + 1, attackers, WARM_NS);
	run(d, t, attackers + 1, 2 * GAP_NS);
	for (i = 0; i < RECEIVERS; i++)
		missed += s.own[i] != t[0].sent;
	printf("    %u attackers: %llu broadcasts of the victim, %u functions that miss some; %llu floods dropped\n",
	       attackers, (unsigned long long)t[0].sent, missed,
	       (unsigned long long)dev_stat(d, SNIC_STAT_DROP_STORM));
	CU_ASSERT_EQUAL(t[0].sent, 2);
	CU_ASSERT_EQUAL(missed, 0);
	CU_ASSERT(dev_stat(d, SNIC_STAT_DROP_STORM) > 0);
	CU_ASSERT_EQUAL(dev_fstat(d, VFS, SNIC_FSTAT_TX_DROP), 0);
	CU_ASSERT(dev_fstat(d, 1, SNIC_FSTAT_TX_DROP) > 0);
	dev_close_after_loss(d);
}

static void test_own_broadcasts(void)
{
	own_broadcasts(1);
	own_broadcasts(8);
	own_broadcasts(254);
}

static const struct cu_test tests[] = {
	{ "storm", "wire_to_vf", test_wire_to_vf },
	{ "storm", "vf_to_wire", test_vf_to_wire },
	{ "storm", "vf_to_vf", test_vf_to_vf },
	{ "storm", "line_rate", test_line_rate },
	{ "storm", "own_broadcasts", test_own_broadcasts },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
