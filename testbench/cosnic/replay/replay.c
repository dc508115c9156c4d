/* SPDX-License-Identifier: BSD-2-Clause */
#include "replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "ethernet.h"
#include "home.h"
#include "host.h"
#include "inputs.h"
#include "outcap.h"
#include "predict.h"
#include "progress.h"
#include "setup.h"
#include "spool.h"

#define MAC_PAIR 12
#define QUANTUM_PS (HOST_POLL_NS * 1000ull)
#define WIRE_AHEAD 512 /* frames that wait on the wire, so that it never runs dry within a quantum */
#define RX_BURST 64
#define LEAP_PS 200000000ull /* longest step when idle cycles are simulated too: Ctrl-C is heard in between */
/* What fits 64 bits of picoseconds, with room for the drain: 2^63 ps are 106 days. */
#define SPAN_MAX_S 8.64e6
/* All frames are in, nothing has passed the card's ports for so long, and nothing is to come: what is missing is lost. */
#define DRAIN_PS 200000000ull
/* A frame in host memory is seen when its completion is: so much later it has been, unless the host is slower than any. */
#define SEEN_PS 50000000ull

struct lane {
	struct traffic *traffic;
	struct traffic_frame frame;
	bool have, done;
	int refused;		    /* the last frame had no room in its ring */
	uint64_t start_ps;	    /* traffic starts here: the card is up by now */
	uint64_t given_ps;	    /* the first frame was given to the wire or the ring */
	uint64_t first_ps, last_ps; /* when the first and last frame were offered */
};

struct replay {
	const struct options *o;
	struct replay_result *r;
	struct host *host;
	struct snic_pmd *pmd;
	struct snic_ref *ref;
	struct score *score;
	uint32_t *rule_ids;    /* of --flows, as the card numbers them */
	struct outcap *outcap; /* NULL: nobody asked for what comes out */
	struct lane lanes[N_LANE];
	uint8_t *whole;		  /* --lso: room for a frame that the card shall cut */
	uint64_t start_ps;	  /* the traffic starts */
	uint64_t last_out_ps;	  /* a frame came out */
	uint64_t moves, moved_ps; /* what has passed the card's ports, and when it was seen to */
	struct snic_sim_stats sim_start;
	uint64_t util_start[STATIONS_N_UTIL]; /* counters of utilisation when the traffic starts */
};

static void delivered(struct replay *p, enum lane_dir dir, size_t len, uint64_t in_ps, uint64_t out_ps)
{
	struct meter *m = &p->r->lanes[dir].meter;

	p->last_out_ps = out_ps;
	if (score_taken(p->score)->number < PREDICT_FRAMES)
		meter_frame(m, (uint32_t)len, out_ps);
	else
		meter_past(m, (uint32_t)len, out_ps);
	meter_latency(m, out_ps > in_ps ? out_ps - in_ps : 0);
}

static void on_wire_tx(void *ctx, unsigned int port, const void *frame, size_t len, uint64_t time_ps)
{
	struct replay *p = ctx;
	uint64_t in_ps;
	uint16_t src;
	bool right = score_wire(p->score, port, frame, len, &in_ps, &src);

	if (p->outcap)
		outcap_delivered(p->outcap, (uint16_t)(SNIC_VPORT_WIRE0 + port), 0, frame, len, NULL,
				 score_taken(p->score), time_ps);
	if (!right)
		return;
	delivered(p, lane_of(false, port), len, in_ps, time_ps);
	if (src < SNIC_N_FUNC)
		shares_frame(&p->r->from_func, src, (uint32_t)len, time_ps);
}

static void received(struct replay *p, unsigned int f, unsigned int q, const struct snic_pmd_rx *rx)
{
	unsigned int src = (unsigned int)snic_bits_get(rx->cpl, SNIC_F(RX_CPL, SRC));
	uint64_t in_ps, out_ps = host_written_ps(p->host, rx->data + rx->len - 1);
	bool wire = src >= SNIC_N_FUNC;
	bool right = score_host(p->score, f, q, rx->data, rx->len, rx->cpl, &in_ps);

	if (p->outcap)
		outcap_delivered(p->outcap, (uint16_t)f, q, rx->data, rx->len, rx->cpl, score_taken(p->score),
				 out_ps);
	if (!right)
		return;
	delivered(p, wire ? lane_of(true, src - SNIC_VPORT_WIRE0) : LANE_VF2VF, rx->len, in_ps, out_ps);
	shares_frame(&p->r->to_func, f, rx->len, out_ps);
	if (!wire)
		shares_frame(&p->r->from_func, src, rx->len, out_ps);
}

static void poll_rx(struct replay *p)
{
	struct snic_pmd_rx burst[RX_BURST];
	unsigned int f, q, n, i;

	for (f = 0; f <= p->o->vfs; f++) {
		for (q = 0; q < p->o->queues; q++) {
			do {
				n = snic_pmd_rx_burst(p->pmd, f, q, burst, RX_BURST);
				for (i = 0; i < n; i++)
					received(p, f, q, &burst[i]);
				if (n)
					snic_pmd_rx_release(p->pmd, f, q);
			} while (n == RX_BURST);
		}
	}
}

/* For want of room, time or memory: no rule of forwarding says so. */
static bool by_load(unsigned int stat)
{
	switch (stat) {
	case SNIC_STAT_DROP_BUFFER:
	case SNIC_STAT_DROP_CONGESTED:
	case SNIC_STAT_DROP_STORM:
	case SNIC_STAT_DROP_RX_DISABLED:
	case SNIC_STAT_DROP_RX_NO_DESC:
	case SNIC_STAT_DROP_RX_DMA:
	case SNIC_STAT_DROP_RX_SLOW:
	case SNIC_STAT_DROP_TX_DMA:
	case SNIC_STAT_DROP_TX_DESC:
		return true;
	default:
		return false;
	}
}

/* A copy that did not come out is known to be lost long after it went in; which of the card's counters has it, is told at the end. */
static void lost(void *ctx, const struct score_copy *c)
{
	struct replay *p = ctx;

	outcap_lost(p->outcap, c);
}

/* What a copy that did not come out may be lost to. */
static bool may_lose(unsigned int stat, const struct outcap_lost *c)
{
	switch (stat) {
	case SNIC_STAT_DROP_BUFFER:
		return c->from_wire;
	case SNIC_STAT_DROP_CONGESTED:
		return c->from_wire && !c->to_wire;
	case SNIC_STAT_DROP_STORM:
		return c->flooded;
	case SNIC_STAT_DROP_TX_DMA:
	case SNIC_STAT_DROP_TX_DESC:
		return !c->from_wire;
	default:
		return by_load(stat) && !c->to_wire;
	}
}

/* The causes that the card, or the wire, has counted, and that fit the copy: one, as a rule. */
static void lost_to(void *ctx, const struct outcap_lost *c, char *buf, size_t size)
{
	const struct replay *p = ctx;
	const struct snic_sim_stats *s = &p->r->sim;
	bool cut = (c->from_wire && s->wire_rx_lost[0] + s->wire_rx_lost[1]) ||
		   (c->to_wire && s->wire_tx_lost[0] + s->wire_tx_lost[1]);
	size_t at = (size_t)snprintf(buf, size, "%s", cut ? "link_down" : "");
	unsigned int i;

	for (i = SNIC_EVENT_BASE; i < REPLAY_N_STATS && at < size; i++)
		if (p->r->stats[i] && may_lose(i, c))
			at += (size_t)snprintf(buf + at, size - at, "%s%s", at ? "|" : "",
					       replay_stat_name(i));
}

/* The reference drops the frame that was offered last. */
static void dropped_by_rule(struct replay *p, uint16_t src, const struct traffic_frame *f, uint64_t in_ps)
{
	int cause = score_cause(p->score);

	if (p->outcap && cause)
		outcap_dropped(p->outcap, src, f->data, f->len, f->number, in_ps,
			       replay_stat_name((unsigned int)cause));
}

/* The next frame of a lane, or false when there is none. */
static bool lane_peek(struct lane *l)
{
	if (!l->have && !l->done) {
		l->have = traffic_next(l->traffic, &l->frame);
		l->done = !l->have;
		l->frame.due_ps += l->start_ps;
	}
	return l->have;
}

static void offered(struct replay *p, enum lane_dir dir, uint64_t ps)
{
	struct replay_lane *rl = &p->r->lanes[dir];
	struct lane *l = &p->lanes[dir];

	if (!rl->offered++) {
		l->first_ps = ps;
		l->given_ps = l->frame.due_ps;
	}
	rl->offered_bytes += l->frame.len;
	l->last_ps = rl->last_offered_ps = ps;
	l->have = false;
}

/* Keeps the wire supplied until `until`. */
static int feed_wire(struct replay *p, enum lane_dir dir, uint64_t until)
{
	struct lane *l = &p->lanes[dir];
	unsigned int port = lane_port(dir);
	uint64_t end_ps;
	int ret;

	while (host_wire_rx_pending(p->host, port) < WIRE_AHEAD && lane_peek(l) && l->frame.due_ps < until) {
		score_offer(p->score, (uint16_t)(SNIC_VPORT_WIRE0 + port), 0, l->frame.data, l->frame.len,
			    l->frame.number, 0);
		ret = host_wire_rx(p->host, port, l->frame.data, l->frame.len, l->frame.due_ps, &end_ps);
		if (ret)
			return ret;
		score_restamp(p->score, end_ps);
		dropped_by_rule(p, (uint16_t)(SNIC_VPORT_WIRE0 + port), &l->frame, end_ps);
		offered(p, dir, end_ps);
	}
	return 0;
}

/* A frame for the card to cut, as a host's stack leaves it: with the addresses that its segments have been given, and the sum of
 * the pseudo header without the length in the checksum's place. */
static int send_whole(struct replay *p, const struct traffic_frame *f)
{
	const struct segment *s = f->cut;
	const struct packet *k = &s->packet;
	bool udp = k->proto == PACKET_UDP, ip6 = k->version == 6;
	uint16_t pseudo =
		(uint16_t)~packet_fold(packet_sum(s->frame + k->l3 + (ip6 ? 8 : 12), ip6 ? 32 : 8, k->proto));
	const struct snic_pmd_tx_offload how = { .mss = (uint16_t)s->payload,
						 .hdr = (uint16_t)s->head,
						 .l3 = (uint8_t)k->l3,
						 .l4 = (uint8_t)k->l4,
						 .ip6 = ip6,
						 .udp = udp };

	memcpy(p->whole, s->frame, k->end);
	memcpy(p->whole, f->data, MAC_PAIR);
	packet_put16(p->whole + k->l4 + (udp ? 6 : 16), pseudo);
	return snic_pmd_tx_frame(p->pmd, f->src_func, f->src_queue, p->whole, (uint32_t)k->end, &how);
}

/* -EAGAIN: the ring is full. */
static int send(struct replay *p, const struct traffic_frame *f)
{
	uint8_t *buf;

	if (f->cut)
		return send_whole(p, f);
	buf = snic_pmd_tx_buf(p->pmd, f->src_func, f->src_queue);
	if (!buf)
		return -EAGAIN;
	memcpy(buf, f->data, f->len);
	snic_pmd_tx_commit(p->pmd, f->src_func, f->src_queue, (uint32_t)f->len);
	return 0;
}

/* Posts what is due by now into the rings of the functions; one doorbell per queue and turn. */
static int feed_functions(struct replay *p, enum lane_dir dir, uint64_t now)
{
	static bool touched[SNIC_N_QUEUE];
	unsigned int list[SNIC_N_QUEUE], n = 0, i;
	struct lane *l = &p->lanes[dir];
	struct traffic_frame *f = &l->frame;
	int ret = 0;

	/* segments are offered with their frame */
	while (lane_peek(l) && (f->due_ps <= now || (f->cut && !f->cut_first))) {
		unsigned int qid = f->src_func * SNIC_Q_PER_FUNC + f->src_queue;

		if (!f->cut || f->cut_first)
			l->refused = send(p, f);
		if (l->refused) {
			ret = l->refused == -EAGAIN ? snic_pmd_tx_pending(p->pmd, f->src_func, f->src_queue)
						    : l->refused;
			if (ret < 0 || !p->o->open_loop)
				break;
			p->r->lanes[dir].ring_full++;
			p->r->func_offered[f->src_func]++;
			if (p->outcap)
				outcap_dropped(p->outcap, (uint16_t)f->src_func, f->data, f->len, f->number,
					       now, "ring_full");
			offered(p, dir, now);
			continue;
		}
		score_offer(p->score, (uint16_t)f->src_func, (uint8_t)f->src_queue, f->data, f->len,
			    f->number, now);
		dropped_by_rule(p, (uint16_t)f->src_func, f, now);
		if (!touched[qid]) {
			touched[qid] = true;
			list[n++] = qid;
		}
		p->r->func_offered[f->src_func]++;
		offered(p, dir, now);
	}
	for (i = 0; i < n; i++) {
		snic_pmd_tx_flush(p->pmd, list[i] / SNIC_Q_PER_FUNC, list[i] % SNIC_Q_PER_FUNC);
		touched[list[i]] = false;
	}
	return ret < 0 ? ret : 0;
}

static bool all_offered(struct replay *p)
{
	unsigned int d;

	for (d = 0; d < N_LANE; d++)
		if (p->lanes[d].traffic && lane_peek(&p->lanes[d]))
			return false;
	return true;
}

static int fail(struct replay *p, const char *fmt, const char *detail)
{
	p->r->failed = true;
	if (!p->r->error[0])
		snprintf(p->r->error, sizeof(p->r->error), fmt, detail);
	return EXIT_CHECK;
}

/* Where time goes next: one quantum on, or straight to what is due next when that is later. */
static uint64_t next_turn(struct replay *p, uint64_t now)
{
	uint64_t next = host_next_event(p->host), due;
	unsigned int d;

	if (next <= now + QUANTUM_PS)
		return now + QUANTUM_PS;
	for (d = 0; d < N_LANE; d++) {
		if (!p->lanes[d].traffic || !lane_peek(&p->lanes[d]))
			continue;
		due = p->lanes[d].frame.due_ps;
		if (due < next)
			next = due;
	}
	if (next == UINT64_MAX || next <= now + QUANTUM_PS)
		return now + QUANTUM_PS;
	if (p->o->sim.no_jump && next > now + LEAP_PS)
		next = now + LEAP_PS;
	return next - next % QUANTUM_PS;
}

static void read_util(struct replay *p, uint64_t util[STATIONS_N_UTIL])
{
	unsigned int i;

	for (i = 0; i < STATIONS_N_UTIL; i++)
		util[i] = snic_pmd_stat(p->pmd, SNIC_UTIL_BASE + i);
}

/* All that can still come out has. How long that takes is no matter: memory may be slow, and the link narrow. */
static bool drained(struct replay *p, uint64_t now)
{
	uint64_t next = host_next_event(p->host);
	struct snic_sim_stats s;

	if (host_wire_rx_pending(p->host, 0) || host_wire_rx_pending(p->host, 1))
		return false;
	if (!score_totals(p->score)->outstanding || next == UINT64_MAX)
		return true;
	host_stats(p->host, &s);
	if (s.moves != p->moves) {
		p->moves = s.moves;
		p->moved_ps = now;
	}
	if (s.due_ps != UINT64_MAX && s.due_ps > now)
		p->moved_ps = now;
	return now > p->moved_ps + DRAIN_PS;
}

/* --link-down counts from the start of the traffic. */
static int cut_links(struct replay *p, uint64_t start_ps)
{
	unsigned int i;

	p->start_ps = start_ps;
	for (i = 0; i < p->o->n_link_down; i++) {
		const struct link_down *l = &p->o->link_down[i];
		const struct snic_sim_fault f = { .kind = SNIC_SIM_FAULT_DOWN,
						  .port = l->port,
						  .from_ps = start_ps + l->from_ps,
						  .n_ps = l->to_ps - l->from_ps };
		int ret = host_fault_add(p->host, &f);

		if (ret < 0)
			return ret;
	}
	return 0;
}

static int run(struct replay *p, const uint64_t total[SNIC_N_PORT])
{
	struct progress progress;
	uint64_t now, done;
	unsigned int d;
	int ret = 0;

	for (done = 0, d = 0; d < N_LANE; d++)
		done += p->lanes[d].traffic ? total[lane_port(d)] : 0;
	progress_start(&progress, "replay", done, p->o->quiet || p->o->json);
	read_util(p, p->util_start);
	host_stats(p->host, &p->sim_start);
	now = host_now(p->host);
	now += QUANTUM_PS - now % QUANTUM_PS;
	/* what is posted now must not reach the card before its time */
	if (host_run_until(p->host, now))
		return fail(p, "the device stopped: %s", host_error(p->host));
	p->last_out_ps = now;
	for (d = 0; d < N_LANE; d++)
		p->lanes[d].start_ps = now;
	if (cut_links(p, now))
		return fail(p, "%s", "no memory for --link-down");
	while (!cosnic_interrupted) {
		for (d = 0; d < N_LANE && !ret; d++) {
			if (!p->lanes[d].traffic)
				continue;
			ret = lane_from_wire(d) ? feed_wire(p, (enum lane_dir)d, now + 2 * QUANTUM_PS)
						: feed_functions(p, (enum lane_dir)d, now);
		}
		if (ret)
			return fail(p, "the driver stopped: %s", strerror(-ret));
		now = next_turn(p, now);
		if (host_run_until(p->host, now))
			return fail(p, "the device stopped: %s", host_error(p->host));
		poll_rx(p);
		if (p->outcap && now > SEEN_PS)
			outcap_upto(p->outcap, now - SEEN_PS);
		for (done = 0, d = 0; d < N_LANE; d++)
			done += p->r->lanes[d].offered;
		progress_at(&progress, done);
		if (!all_offered(p))
			continue;
		if (drained(p, now))
			break;
	}
	progress_end(&progress);
	p->r->partial = cosnic_interrupted;
	return EXIT_OK;
}

/* Of what the wire carries in so long; a frame takes preamble, FCS and gap beside its bytes. */
static double wire_share(const struct replay *p, uint64_t packets, uint64_t bytes, double ps)
{
	return (double)(bytes + (ETH_FCS + ETH_WIRE) * packets) * 8e3 / p->o->sim.wire_gbps / ps;
}

static void finish_stations(struct replay *p)
{
	const uint64_t *s = p->r->stats;
	struct stations_in in = { .sends = p->o->direction != DIR_RX };
	uint64_t first_ps = p->last_out_ps;
	unsigned int i;
	double ps;

	for (i = 0; i < N_LANE; i++)
		if (p->r->lanes[i].offered && p->lanes[i].given_ps < first_ps)
			first_ps = p->lanes[i].given_ps;
	ps = (double)(p->last_out_ps - first_ps);
	if (ps <= 0)
		return;
	read_util(p, in.util);
	for (i = 0; i < STATIONS_N_UTIL; i++)
		in.util[i] -= p->util_start[i];
	in.cycles = ps * p->o->sim.clock_mhz / 1e6;
	in.wire_in[0] = wire_share(p, s[SNIC_STAT_P0_RX_PKTS], s[SNIC_STAT_P0_RX_BYTES], ps);
	in.wire_in[1] = wire_share(p, s[SNIC_STAT_P1_RX_PKTS], s[SNIC_STAT_P1_RX_BYTES], ps);
	in.wire_out[0] = wire_share(p, s[SNIC_STAT_P0_TX_PKTS], s[SNIC_STAT_P0_TX_BYTES], ps);
	in.wire_out[1] = wire_share(p, s[SNIC_STAT_P1_TX_PKTS], s[SNIC_STAT_P1_TX_BYTES], ps);
	in.pcie_up = (double)(p->r->sim.up_busy_ps - p->sim_start.up_busy_ps) / ps;
	in.pcie_down = (double)(p->r->sim.down_busy_ps - p->sim_start.down_busy_ps) / ps;
	stations_judge(&in, &p->r->stations);
}

static void finish_lanes(struct replay *p)
{
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		struct replay_lane *rl = &p->r->lanes[d];
		double ps = (double)(p->lanes[d].last_ps - p->lanes[d].first_ps);

		if (ps > 0) {
			rl->offered_mpps = (double)(rl->offered - 1) / ps * 1e6;
			rl->offered_gbps = (double)(rl->offered_bytes + ETH_FCS * rl->offered) * 8e3 / ps;
		}
	}
}

struct meter_window replay_window(const struct replay_result *r, unsigned int lane)
{
	const struct meter *own = &r->lanes[lane].meter, *used[N_LANE];
	struct meter_window all;
	unsigned int d, n = 0;

	for (d = 0; d < N_LANE; d++)
		if (r->lanes[d].used)
			used[n++] = &r->lanes[d].meter;
	all = meter_common(used, n);
	return all.to_ps > all.from_ps ? all : meter_window(own);
}

struct meter_window replay_shares_window(const struct replay_result *r, unsigned int lane)
{
	const struct replay_lane *l = &r->lanes[lane];

	return meter_shares(&l->meter, replay_window(r, lane), l->last_offered_ps);
}

struct meter_rate replay_rate(const struct replay_result *r, unsigned int lane)
{
	return meter_rate(&r->lanes[lane].meter, replay_window(r, lane));
}

void replay_windows(const struct replay_result *r, struct snic_predict_window windows[N_LANE])
{
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		const struct meter_rate rate = replay_rate(r, d);

		windows[d] =
			(struct snic_predict_window){ rate.before, rate.frames, r->lanes[d].meter.metered };
	}
}

const char *replay_stat_name(unsigned int stat)
{
	switch (stat) {
#define STAT_GLOBAL(name, index, str, why)                                                                   \
	case index:                                                                                          \
		return str;
#include "snic_stats.def"
	default:
		return "";
	}
}

/*
 * What the device counted against what is missing. A frame that a rule drops is counted by that rule, unless it was
 * lost to load before. Each further drop by load takes one copy, or a frame with all its copies.
 */
static void check_drops(struct replay *p)
{
	const struct score_totals *t = &p->r->score;
	const struct snic_sim_stats *s = &p->r->sim;
	/* lost on a wire that was cut; of those towards the card it may have seen the head */
	uint64_t cut = s->wire_rx_lost[0] + s->wire_rx_lost[1];
	uint64_t load = cut + s->wire_tx_lost[0] + s->wire_tx_lost[1], before_rule = 0;
	char detail[200];
	unsigned int i;

	for (i = SNIC_EVENT_BASE; i < REPLAY_N_STATS; i++) {
		uint64_t want = t->dropped[i], got = p->r->stats[i];

		if ((i == SNIC_STAT_DROP_FCS || i == SNIC_STAT_DROP_RUNT) && got > want &&
		    got - want <= cut) {
			cut -= got - want;
		} else if (by_load(i)) {
			load += got;
		} else if (got <= want) {
			before_rule += want - got;
		} else {
			snprintf(detail, sizeof(detail),
				 "%s: the reference drops %llu frames, the device counted %llu",
				 replay_stat_name(i), (unsigned long long)want, (unsigned long long)got);
			fail(p, "%s", detail);
		}
	}
	if (load >= before_rule + t->lost_alone && load <= before_rule + t->lost &&
	    (load > before_rule || t->lost <= t->lost_mirrors))
		return;
	snprintf(
		detail, sizeof(detail),
		"%llu copies did not come out, %llu drops by rule were not counted: not the %llu drops by load",
		(unsigned long long)t->lost, (unsigned long long)before_rule, (unsigned long long)load);
	fail(p, "%s", detail);
}

/* What was counted at first is what was run. */
static void check_offered(struct replay *p, const uint64_t total[SNIC_N_PORT])
{
	char detail[160];
	unsigned int d;

	for (d = 0; d < N_LANE; d++) {
		if (!p->r->lanes[d].used || p->r->lanes[d].offered == total[lane_port(d)])
			continue;
		snprintf(detail, sizeof(detail),
			 "%s: %llu frames were there at first, %llu when they were replayed", lane_names[d],
			 (unsigned long long)total[lane_port(d)], (unsigned long long)p->r->lanes[d].offered);
		fail(p, "the captures changed during the run: %s", detail);
	}
}

/* A run shows something by a copy that came out, or else by drops that the card counted as the reference did. */
static void check_compared(struct replay *p)
{
	const struct score_totals *t = &p->r->score;
	char detail[96];

	if (t->compared || !t->expected)
		return;
	snprintf(detail, sizeof(detail), "none of %llu copies came out", (unsigned long long)t->expected);
	fail(p, "nothing was compared with the reference: %s", detail);
}

/* Reads that were not answered, or with an error: what was lost by that no counter of the card tells. */
static bool reads_failed(const struct options *o)
{
	unsigned int i;

	for (i = 0; i < o->sim.n_faults; i++)
		if (o->sim.faults[i].kind >= SNIC_SIM_FAULT_LOST &&
		    o->sim.faults[i].kind <= SNIC_SIM_FAULT_POISON)
			return true;
	return false;
}

/*
 * The card's counters of each rule against the reference's. What is lost to load on its way to the rules is not counted by the
 * card; no other difference is right.
 */
static void check_rules(struct replay *p, bool whole)
{
	const struct flow_rules *rules = p->o->flow_rules;
	struct snic_flow_stats s;
	char detail[200];
	uint64_t before = 0, missing = 0;
	unsigned int i;

	for (i = SNIC_EVENT_BASE; i < REPLAY_N_STATS; i++)
		before += by_load(i) ? p->r->stats[i] : 0;
	for (i = 0; rules && i < rules->n; i++) {
		struct replay_rule *r = &p->r->rules[i];

		snic_ref_rule_counters(p->ref, i, &r->ref_packets, &r->ref_bytes);
		if (snic_pmd_rule_query(p->pmd, p->rule_ids[i], &s))
			return; /* the device is gone, which is said elsewhere */
		r->packets = s.packets;
		r->bytes = s.bytes;
		missing += r->ref_packets - r->packets;
		if (!whole || (r->packets <= r->ref_packets && r->bytes <= r->ref_bytes && missing <= before))
			continue;
		snprintf(detail, sizeof(detail),
			 "line %u: %llu frames, %llu bytes; by the reference %llu and %llu",
			 rules->rule[i].line, (unsigned long long)r->packets, (unsigned long long)r->bytes,
			 (unsigned long long)r->ref_packets, (unsigned long long)r->ref_bytes);
		fail(p, "a rule's counters are wrong: %s", detail);
	}
}

/* alive: the device still answers. */
static void finish(struct replay *p, bool alive, const uint64_t total[SNIC_N_PORT])
{
	bool whole = alive && !p->r->partial;
	unsigned int i;

	for (i = 0; alive && i < SNIC_EVENT_BASE; i++) /* what the wires carried */
		p->r->stats[i] = snic_pmd_stat(p->pmd, i);
#define STAT_DROP(name, index, str, why)                                                                     \
	if (alive)                                                                                           \
		p->r->stats[index] = snic_pmd_stat(p->pmd, index);
#include "snic_stats.def"
	if (alive)
		finish_stations(p);
	if (alive)
		check_rules(p, whole && !reads_failed(p->o));
	/* What is under way when a run is cut short is not lost. */
	if (whole)
		score_finish(p->score);
	p->r->score = *score_totals(p->score);
	p->r->foreign_dma = host_foreign_dma(p->host);
	finish_lanes(p);
	if (p->r->score.mismatched)
		fail(p, "mismatch: %s", p->r->score.first);
	if (p->r->foreign_dma)
		fail(p, "a function's DMA went to memory that it does not own%s", "");
	if (whole) {
		if (!reads_failed(p->o))
			check_drops(p);
		check_offered(p, total);
		check_compared(p);
	}
}

const char *replay_library(const struct options *o, char *buf, size_t size)
{
	if (o->library)
		return o->library;
	snprintf(buf, size, "%s/%s/libsnic_sim.so", home_lib(), o->wave_path ? "trace" : "fast");
	return buf;
}

static int open_all(struct replay *p, char *err, size_t err_size)
{
	unsigned int lanes = traffic_lanes(p->o), d;
	char path[512];

	p->ref = setup_reference(p->o);
	p->score = p->ref ? score_create(p->ref) : NULL;
	if (!p->score) {
		snprintf(err, err_size, "out of memory");
		return EXIT_CHECK;
	}
	for (d = 0; d < N_LANE; d++) {
		meter_init(&p->r->lanes[d].meter);
		if (!(lanes & 1u << d))
			continue;
		p->r->lanes[d].used = true;
		p->lanes[d].traffic = traffic_open(p->o, (enum lane_dir)d, false);
		if (!p->lanes[d].traffic) {
			snprintf(err, err_size, "out of memory");
			return EXIT_CHECK;
		}
	}
	p->host =
		host_open(replay_library(p->o, path, sizeof(path)), &p->o->sim, on_wire_tx, p, err, err_size);
	if (!p->host)
		return EXIT_INPUT;
	if (p->o->wave_path && host_wave(p->host, p->o->wave_path, p->o->wave_from_ps, p->o->wave_to_ps)) {
		snprintf(err, err_size,
			 "%s: no waveform: cannot be written, or the library is not the trace build",
			 p->o->wave_path);
		return EXIT_INPUT;
	}
	if (p->o->out_pcap) {
		p->outcap = outcap_open(p->o->out_pcap, err, err_size);
		if (!p->outcap)
			return EXIT_INPUT;
		score_on_lost(p->score, lost, p);
	}
	if (p->o->map) {
		p->r->mapped = calloc(p->o->map->n + 1, sizeof(*p->r->mapped));
		if (!p->r->mapped) {
			snprintf(err, err_size, "out of memory");
			return EXIT_CHECK;
		}
	}
	if (p->o->flow_rules) {
		p->rule_ids = calloc(p->o->flow_rules->n, sizeof(*p->rule_ids));
		p->r->rules = calloc(p->o->flow_rules->n, sizeof(*p->r->rules));
		if (!p->rule_ids || !p->r->rules) {
			snprintf(err, err_size, "out of memory");
			return EXIT_CHECK;
		}
	}
	p->pmd = setup_driver(p->o, host_bus(p->host), p->rule_ids, err, err_size);
	return p->pmd ? EXIT_OK : EXIT_CHECK;
}

/* One line that says why there is nothing to replay, unless the line about the one file has said it. */
static void nothing_usable(const struct options *o, const struct trace_counts *counts, char *err,
			   size_t err_size)
{
	char why[256] = "", *at = why;
	unsigned int i;

	for (i = 0; i < TRACE_N_CAUSES; i++)
		if (counts->skipped[i])
			at += snprintf(at, (size_t)(why + sizeof(why) - at), "%s%s %llu",
				       at == why ? ": " : ", ", trace_cause_keys[i],
				       (unsigned long long)counts->skipped[i]);
	if (o->n_files == 1 && at > why && !o->quiet)
		return;
	snprintf(err, err_size, "%s%s: no frame that can be replayed%s; give a capture of Ethernet frames",
		 o->files[0], o->n_files == 1 ? "" : " and the other files", why);
}

/* Frames that a run offers per direction, from what one pass counted. */
static uint64_t replay_total(const struct options *o, const struct trace_counts *counts)
{
	uint64_t total = counts->packets * o->loop;

	return o->limit && o->limit < total ? o->limit : total;
}

/* The run's time in seconds, by the clock that the options set. */
static double span_s(const struct options *o, const struct trace_counts *c)
{
	switch (o->pacing) {
	case PACE_PPS:
		return (double)replay_total(o, c) / o->pace;
	case PACE_MBPS:
		return (double)c->bytes * (double)o->loop * 8 / (o->pace * 1e6);
	case PACE_LOAD: /* a frame takes at least so long */
		return (double)replay_total(o, c) * SNIC_FRAME_MIN * 8e-7 / o->sim.wire_gbps / o->pace;
	case PACE_MULTIPLIER:
		return (double)c->span_ns * (double)o->loop / 1e9 / o->pace;
	default:
		return 0;
	}
}

/* Time is in picoseconds: a run that would outlast them is refused, not run wrong. */
static bool too_long(const struct options *o, const struct trace_counts *c, char *err, size_t err_size)
{
	double s = span_s(o, c);

	if (s <= SPAN_MAX_S)
		return false;
	if (o->pacing == PACE_MULTIPLIER)
		snprintf(
			err, err_size,
			"the frames span %.0f days, a run at most %.0f; the longest gap, %.0f s, is before record %llu "
			"of %s: give --maxsleep, a larger -x or --limit",
			s / 86400, SPAN_MAX_S / 86400, (double)c->longest_gap_ns / 1e9,
			(unsigned long long)c->longest_gap_record, c->longest_gap_file);
	else
		snprintf(err, err_size,
			 "%s %g: that takes %.0f days, a run at most %.0f: give a higher rate or --limit",
			 o->pacing_name, o->pace, s / 86400, SPAN_MAX_S / 86400);
	return true;
}

/* Of which file of the run is what a trace says of its own. */
struct skips {
	struct counts *counts;
	int first_file;
};

static void skipped(void *ctx, int file, enum trace_cause cause)
{
	const struct skips *s = ctx;

	counts_skip(s->counts, s->first_file + file, cause);
}

/* One pass over the files of a port. */
static bool count_port(const struct options *o, unsigned int port, struct trace_counts *counts,
		       struct counts *frames, char *err, size_t err_size)
{
	struct trace *t = traffic_trace(o, port, 1, !o->quiet);
	struct skips skips = { frames, traffic_own_files(o) ? (int)port : 0 };
	struct trace_frame f;

	if (!t) {
		snprintf(err, err_size, "out of memory");
		return false;
	}
	trace_on_skip(t, skipped, &skips);
	while (!cosnic_interrupted && trace_next(t, &f))
		counts_frame(frames, f.data, f.len);
	*counts = *trace_counted(t);
	trace_close(t);
	if (!counts->packets) {
		if (cosnic_interrupted)
			snprintf(err, err_size, "interrupted");
		else
			nothing_usable(o, counts, err, err_size);
		return false;
	}
	return !too_long(o, counts, err, err_size);
}

bool replay_count(const struct options *o, struct trace_counts *counts, struct counts *frames,
		  uint64_t total[SNIC_N_PORT], char *err, size_t err_size)
{
	struct trace_counts of_port;
	unsigned int port;

	memset(counts, 0, sizeof(*counts));
	if (spool_files(o, err, err_size))
		return false;
	inputs_note(o);
	counts_files(frames, o->n_files);
	if (!count_port(o, 0, counts, frames, err, err_size))
		return false;
	for (port = 0; port < SNIC_N_PORT; port++)
		total[port] = replay_total(o, counts);
	if (traffic_own_files(o)) {
		if (!count_port(o, 1, &of_port, frames, err, err_size))
			return false;
		total[1] = replay_total(o, &of_port);
		trace_counts_add(counts, &of_port);
	}
	return true;
}

void replay_free(struct replay_result *r)
{
	free(r->rules);
	free(r->mapped);
	r->rules = NULL;
	r->mapped = NULL;
}

int replay_begin(const struct options *o, struct replay_result *r)
{
	memset(r, 0, sizeof(*r));
	r->stations.limit = STATIONS_UNKNOWN;
	shares_init(&r->to_func);
	shares_init(&r->from_func);
	r->frames = counts_create();
	if (!r->frames) {
		snprintf(r->error, sizeof(r->error), "out of memory");
		return EXIT_CHECK;
	}
	return replay_count(o, &r->trace, r->frames, r->total, r->error, sizeof(r->error)) ? EXIT_OK
											   : EXIT_INPUT;
}

int replay_run(const struct options *o, struct replay_result *r)
{
	struct replay p = { .o = o, .r = r };
	double started;
	unsigned int d, i;
	int ret;

	ret = open_all(&p, r->error, sizeof(r->error));
	if (!ret && o->lso) {
		p.whole = malloc(SNIC_TX_LSO_BYTES);
		if (!p.whole) {
			snprintf(r->error, sizeof(r->error), "out of memory");
			ret = EXIT_CHECK;
		}
	}
	if (!ret) {
		started = wall_seconds();
		ret = run(&p, r->total);
		r->wall_s = wall_seconds() - started;
		host_stats(p.host, &r->sim);
		r->flavour = host_flavour(p.host)[0] == 'f'   ? "fast"
			     : host_flavour(p.host)[0] == 't' ? "trace"
							      : "checked";
		finish(&p, !ret, r->total);
		ret = r->failed || r->partial ? EXIT_CHECK : EXIT_OK;
	} else {
		r->failed = true;
	}
	if (p.outcap && outcap_close(p.outcap, lost_to, &p) && ret == EXIT_OK)
		ret = EXIT_INPUT;
	for (d = 0; d < N_LANE; d++) {
		if (p.lanes[d].traffic && r->mapped)
			for (i = 0; i <= o->map->n; i++)
				r->mapped[i] += traffic_mapped(p.lanes[d].traffic)[i];
		traffic_close(p.lanes[d].traffic);
	}
	free(p.rule_ids);
	free(p.whole);
	snic_pmd_close(p.pmd);
	host_close(p.host);
	score_destroy(p.score);
	snic_ref_destroy(p.ref);
	return ret;
}
