/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * 1, 8 and 254 attackers of each kind beside a victim (the last VF) that receives from the wire, sends to the wire, and sends to the
 * PF. What the victim has alone is measured in the same test, with the same frames at the same times: less than its fair share of
 * the port. Beside the attackers 95 % of these frames come as soon as a bound says, none is lost that is not lost alone, and the
 * latency of 99 of 100 grows by no more than that bound.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attackers.h"
#include "cu_main.h"

#define TURN_NS 500
#define SEQ_AT 52 /* of a 60 B frame */
#define SEQ_MAGIC 0x71c7100000000000ull
#define MAX_FRAMES 4096
/* A port's 64 B frames in a turn, and the share of it that the wire leaves to whom is not the victim's concern. */
#define LINE_TURN 74
#define FAIR_PCT 90

/* What a row's size asks for. */
struct size {
	unsigned int frames,
		every; /* the victim's: so many in every so manyth turn, below what is fair when all send */
	unsigned int warm, turns, drain; /* the attackers alone, all, and what is under way comes out */
	unsigned int late_us;		 /* the victim's p99 may grow by so much */
};

enum way { FROM_WIRE, TO_WIRE, TO_PF, N_WAY };
static const char *const way_names[N_WAY] = { "wire to victim", "victim to wire", "victim to PF" };

struct victim {
	unsigned int func;
	enum way way;
	uint64_t sent, got, refused;
	uint64_t from_ps, late_ps, steady; /* frames of then or later that came in time */
	uint64_t sent_ps[MAX_FRAMES];
	uint64_t late[MAX_FRAMES]; /* latencies, ps */
};

static struct victim *watched;

static void came(struct dev *d, const uint8_t *frame, size_t len)
{
	struct victim *v = watched;
	uint64_t seq, now = host_now(d->host);

	if (!v || len < SEQ_AT + 8)
		return;
	memcpy(&seq, frame + SEQ_AT, 8);
	if ((seq & ~0xffffull) != SEQ_MAGIC || (seq &= 0xffff) >= v->sent)
		return;
	if (v->got < MAX_FRAMES)
		v->late[v->got] = now - v->sent_ps[seq];
	v->got++;
	v->steady += v->sent_ps[seq] >= v->from_ps && now <= v->sent_ps[seq] + v->late_ps;
}

static void on_rx(struct dev *d, unsigned int func, unsigned int queue, const struct snic_pmd_rx *rx)
{
	(void)func;
	(void)queue;
	came(d, rx->data, rx->len);
}

static void on_wire(struct dev *d, unsigned int port, const uint8_t *frame, size_t len)
{
	(void)port;
	came(d, frame, len);
}

/* One frame of the victim's; what its ring has no room for is refused. */
static void victim_frame(struct dev *d, struct victim *v)
{
	unsigned int src = v->way == FROM_WIRE ? SNIC_VPORT_WIRE0 : v->func;
	unsigned int dst = v->way == FROM_WIRE ? v->func : v->way == TO_WIRE ? SNIC_VPORT_WIRE0 : 0;
	uint64_t seq = SEQ_MAGIC | v->sent, end;
	uint8_t frame[60], *buf = frame;

	if (v->way != FROM_WIRE && !(buf = snic_pmd_tx_buf(d->pmd, v->func, 0))) {
		v->refused++;
		return;
	}
	dev_frame(d, buf, src, dst, (unsigned int)v->sent, ENCAP_NONE, 60);
	memcpy(buf + SEQ_AT, &seq, 8);
	v->sent_ps[v->sent++] = host_now(d->host);
	if (v->way == FROM_WIRE) {
		CU_ASSERT_EQUAL(host_wire_rx(d->host, 0, frame, 60, 0, &end), 0);
		return;
	}
	snic_pmd_tx_commit(d->pmd, v->func, 0, 60);
	snic_pmd_tx_flush(d->pmd, v->func, 0);
}

/* One frame from the wire to one of the attackers. */
static void wire_frame(struct dev *d, const struct attackers *a)
{
	uint8_t frame[60];
	uint64_t end;

	dev_frame(d, frame, SNIC_VPORT_WIRE0, 1 + (unsigned int)a->turn % a->n, 0, ENCAP_NONE, 60);
	(void)host_wire_rx(d->host, 0, frame, 60, 0, &end);
}

/*
 * Frames that were sent before wait in the buffer of the host's side: 128 KiB take 10.5 us at 100 Gb/s. With 255 functions that
 * send, a turn of the scheduler is longer than that. An attack that sends little has no such excuse.
 */
static struct size size_of(unsigned int attackers, enum attack kind)
{
	const unsigned int late_us = !attack_sends(kind) ? 10 : attackers <= 8 ? 20 : 150;

	if (attackers == 1)
		return (struct size){ 25, 1, 40, 100, 80, late_us }; /* 50 Mpps */
	if (attackers <= 8)
		return (struct size){ 7, 1, 40, 100, 80, late_us }; /* 14 Mpps */
	return (struct size){ 1, (attackers + 1) * 100 / (LINE_TURN * FAIR_PCT) + 1, 200, 300, 300, late_us };
}

static void run(struct victim *v, enum attack kind, struct size z, unsigned int n, enum way way)
{
	/* as many functions with and without attackers */
	struct dev *d = dev_open(&(struct dev_config){
		.vfs = n + 1, .queues = 1, .ring_log2 = n <= 8 ? 10 : 7, .spoofchk = true });
	struct attackers a;
	unsigned int t, i;

	*v = (struct victim){ .func = n + 1, .way = way };
	d->no_score = true;
	d->on_rx = on_rx;
	d->on_wire = on_wire;
	watched = v;
	attack_begin(&a, d, kind, n);
	for (t = 0; t < z.warm; t++) {
		attack_turn(&a);
		dev_run_ns(d, TURN_NS);
	}
	v->from_ps = host_now(d->host) + z.turns * TURN_NS * 400ull;
	v->late_ps = z.late_us * 1000000ull;
	for (t = 0; t < z.turns; t++) {
		for (i = 0; i < z.frames && t % z.every == 0; i++)
			victim_frame(d, v);
		if (attack_wants_frames(&a))
			wire_frame(d, &a);
		attack_turn(&a);
		dev_run_ns(d, TURN_NS);
	}
	for (t = 0; t < z.drain; t++)
		dev_run_ns(d, TURN_NS);
	attack_end(&a);
	watched = NULL;
	/* gone at once: a card that is stuck would have its driver wait for each reset */
	(void)host_run_until(d->host, SNIC_SIM_TIME_MAX_PS + 1);
	dev_abandon(d);
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double p99_us(struct victim *v)
{
	const uint64_t n = v->got < MAX_FRAMES ? v->got : MAX_FRAMES, at = n * 99 / 100;

	qsort(v->late, n, sizeof(v->late[0]), by_value);
	return n ? (double)v->late[at] / 1e6 : 1e9;
}

static void row(enum attack kind, unsigned int n)
{
	static struct victim alone, beside;
	const struct size z = size_of(n, kind);
	double was, is;
	unsigned int w;

	for (w = 0; w < N_WAY; w++) {
		run(&alone, ATTACK_NONE, z, n, (enum way)w);
		run(&beside, kind, z, n, (enum way)w);
		was = p99_us(&alone);
		is = p99_us(&beside);
		printf("    %s x %u, %s: %" PRIu64 " of %" PRIu64 " in time, %" PRIu64 " lost, %" PRIu64
		       " refused, p99 %.1f us (alone %" PRIu64 ", %" PRIu64 ", %" PRIu64 ", %.1f us)\n",
		       attack_names[kind], n, way_names[w], beside.steady, alone.steady,
		       beside.sent - beside.got, beside.refused, is, alone.steady, alone.sent - alone.got,
		       alone.refused, was);
		CU_ASSERT(alone.steady >= 25);
		CU_ASSERT(100 * beside.steady >= 95 * alone.steady);
		CU_ASSERT(beside.sent - beside.got <= alone.sent - alone.got);
		CU_ASSERT(beside.refused <= alone.refused);
		CU_ASSERT(is <= was + z.late_us);
	}
}

#define ROW(name, kind, n)                                                                                   \
	static void name##_##n(void)                                                                         \
	{                                                                                                    \
		row(kind, n);                                                                                \
	}
#define ROWS(name, kind) ROW(name, kind, 1) ROW(name, kind, 8) ROW(name, kind, 254)
#define TEST(name, n)                                                                                        \
	{                                                                                                    \
		"attack" #n, #name, name##_##n                                                               \
	}
#define ALL(X)                                                                                               \
	X(flood, ATTACK_FLOOD)                                                                               \
	X(lengths, ATTACK_LENGTHS)                                                                           \
	X(broadcast, ATTACK_BROADCAST)                                                                       \
	X(doorbells, ATTACK_DOORBELLS)                                                                       \
	X(config, ATTACK_CONFIG)                                                                             \
	X(descriptors, ATTACK_DESC)                                                                          \
	X(slow, ATTACK_SLOW)                                                                                 \
	X(lost, ATTACK_LOST)                                                                                 \
	X(errors, ATTACK_ERRORS) X(resets, ATTACK_RESETS) X(mailbox, ATTACK_MAILBOX) X(msix, ATTACK_MSIX)

ALL(ROWS)

#define TEST_1(name, kind) TEST(name, 1),
#define TEST_8(name, kind) TEST(name, 8),
#define TEST_254(name, kind) TEST(name, 254),

static const struct cu_test tests[] = { ALL(TEST_1) ALL(TEST_8) ALL(TEST_254){ 0 } };

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
