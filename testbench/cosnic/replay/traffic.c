/* SPDX-License-Identifier: BSD-2-Clause */
#include "traffic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ethernet.h"

const char *const lane_names[N_LANE] = { "rx", "tx", "vf2vf", "rx_p1", "tx_p1" };
static const uint8_t outside_mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };

/* The Toeplitz key of the published verification suite, which the driver loads too. */
static const uint8_t rss_key[40] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

struct traffic {
	const struct options *o;
	enum lane_dir dir;
	struct trace *trace;
	struct snic_ref_rss_key rss_key;
	uint64_t offered, bytes;
	uint64_t *mapped;  /* by line of --map; NULL: none */
	uint64_t segments; /* that the card cuts off, still to come */
};

unsigned int traffic_lanes(const struct options *o)
{
	unsigned int lanes = 0, port;

	if (o->direction == DIR_VF2VF)
		return 1u << LANE_VF2VF;
	for (port = 0; port < o->ports; port++) {
		if (o->direction != DIR_TX)
			lanes |= 1u << lane_of(true, port);
		if (o->direction != DIR_RX)
			lanes |= 1u << lane_of(false, port);
	}
	return lanes;
}

unsigned int traffic_func_port(const struct options *o, unsigned int func)
{
	return o->ports > 1 && func ? (func - 1) % o->ports : 0;
}

const uint8_t *traffic_rss_key(void)
{
	return rss_key;
}

void traffic_func_mac(unsigned int func, uint8_t mac[6])
{
	const uint8_t m[6] = { 0x02, 0x5c, 0, 0, 0, (uint8_t)func };

	memcpy(mac, m, 6);
}

/* A frame already addressed to one of the functions on its port keeps it; others are spread by their RSS hash. */
static unsigned int pick_func(const struct traffic *t, const struct traffic_frame *f)
{
	unsigned int vfs = t->o->vfs, step = t->o->ports, port = lane_port(t->dir), n;
	uint8_t mac[6];

	traffic_func_mac(f->data[5], mac);
	if (!memcmp(f->data, mac, 6) && f->data[5] <= vfs && traffic_func_port(t->o, f->data[5]) == port)
		return f->data[5];
	n = (vfs + step - 1 - port) / step; /* VFs on it */
	return n ? 1 + port + step * (f->rss % n) : 0;
}

/* Who has the frame by --map; what it says nothing of stays as it is, and so does what it gives to the other port. */
static void map(struct traffic *t, struct traffic_frame *f)
{
	const struct func_map *m = t->o->map;
	bool sender = !lane_from_wire(t->dir);
	const struct map_entry *e = func_map_find(m, &f->parse.key, sender), *to;

	if (e && t->dir != LANE_VF2VF && traffic_func_port(t->o, e->func) != lane_port(t->dir))
		e = NULL;
	t->mapped[e ? (size_t)(e - m->entry) : m->n]++;
	if (e) {
		f->src_func = f->dst_func = e->func;
		if (e->queue >= 0)
			f->src_queue = (unsigned int)e->queue;
	}
	if (t->dir != LANE_VF2VF)
		return;
	to = func_map_find(m, &f->parse.key, false);
	if (to && to->func != f->src_func)
		f->dst_func = to->func;
	else if (e)
		f->dst_func = f->src_func % t->o->vfs + 1;
}

static void rewrite(const struct traffic *t, struct traffic_frame *f)
{
	if (t->o->keep_macs)
		return;
	if (!lane_from_wire(t->dir))
		traffic_func_mac(f->src_func, f->data + 6);
	if (f->data[0] & 1)
		return; /* group addresses stay what they are */
	if (t->dir == LANE_TX || t->dir == LANE_TX_P1)
		memcpy(f->data, outside_mac, 6);
	else
		traffic_func_mac(f->dst_func, f->data);
}

/* What 64 bits hold: a run that would last longer is refused before it begins. */
static uint64_t whole_ps(double ps)
{
	return ps < 0x1p64 ? (uint64_t)ps : UINT64_MAX;
}

static uint64_t due_ps(struct traffic *t, const struct trace_frame *tf)
{
	switch (t->o->pacing) {
	case PACE_PPS:
		return whole_ps((double)t->offered * 1e12 / t->o->pace);
	case PACE_MBPS:
		return whole_ps((double)t->bytes * 8e6 / t->o->pace);
	case PACE_LOAD:
		return whole_ps((double)(t->bytes + (ETH_FCS + ETH_WIRE) * t->offered) * 8e5 /
				t->o->sim.wire_gbps / t->o->pace);
	case PACE_MULTIPLIER:
		return whole_ps((double)tf->ts_ns * 1e3 / t->o->pace);
	default:
		return 0;
	}
}

/* Segments of a longer frame for the card, by its first one; 0: it cannot cut it. Headers lie in the first 256 bytes, each segment
 * gets a checksum, and all of them are wanted. */
static uint64_t by_card(const struct traffic *t, const struct segment *s)
{
	const struct packet *p = &s->packet;
	bool no_csum = p->proto == PACKET_UDP && p->version == 4 && !packet_get16(s->frame + p->l4 + 6);
	uint64_t n = (p->end - s->head + s->payload - 1) / s->payload;

	if (!t->o->lso || lane_from_wire(t->dir) || edit_any(&t->o->edit) || s->at > s->head + s->payload ||
	    s->head > SNIC_TX_HDR_MAX || p->routed || no_csum || p->end > SNIC_TX_LSO_BYTES ||
	    n > SNIC_TX_LSO_SEGS || (t->o->limit && n > t->o->limit - t->offered))
		return 0;
	return n;
}

bool traffic_next(struct traffic *t, struct traffic_frame *f)
{
	struct trace_frame tf;
	unsigned int func;

	if ((t->o->limit && t->offered >= t->o->limit) || !trace_next(t->trace, &tf))
		return false;
	f->cut_first = !t->segments && tf.cut && (t->segments = by_card(t, tf.cut)) != 0;
	f->cut = t->segments ? tf.cut : NULL;
	t->segments -= t->segments != 0;
	memcpy(f->data, tf.data, tf.len);
	f->len = tf.len;
	f->number = tf.number;
	f->due_ps = due_ps(t, &tf);
	snic_ref_parse(f->data, f->len, 0, &f->parse);
	f->rss = snic_ref_rss(&t->rss_key, &f->parse);
	func = pick_func(t, f);
	f->src_func = f->dst_func = func;
	if (t->dir == LANE_VF2VF) {
		f->src_func = func ? func : 1;
		f->dst_func = f->src_func % t->o->vfs + 1;
	}
	/* The device spreads by indirection entry rss % 128, and the driver fills entry i with i % queues. */
	f->src_queue = f->dst_queue = f->rss % SNIC_RSS_INDIR % t->o->queues;
	if (t->mapped)
		map(t, f);
	rewrite(t, f);
	t->offered++;
	t->bytes += f->len;
	return true;
}

bool traffic_own_files(const struct options *o)
{
	return o->ports > 1 && o->n_files > 1;
}

struct trace *traffic_trace(const struct options *o, unsigned int port, uint64_t loop, bool verbose)
{
	bool own = traffic_own_files(o);
	struct trace *t = trace_open(o->files + (own ? port : 0), own ? 1 : o->n_files, loop, verbose);

	if (!t)
		return NULL;
	trace_fixlen(t, o->fixlen);
	trace_edit(t, &o->edit);
	if (!trace_pick(t, &o->pick) || !trace_segment(t, o->mtu)) {
		trace_close(t);
		return NULL;
	}
	/* the limit is on the gap that the card sees */
	if (o->pacing == PACE_MULTIPLIER && o->max_gap_ms)
		trace_max_gap(t, (uint64_t)fmin((double)o->max_gap_ms * 1e6 * o->pace, 9e18));
	return t;
}

struct traffic *traffic_open(const struct options *o, enum lane_dir dir, bool verbose)
{
	struct traffic *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->o = o;
	t->dir = dir;
	snic_ref_rss_key(&t->rss_key, rss_key);
	t->trace = traffic_trace(o, lane_port(dir), o->loop, verbose);
	if (o->map)
		t->mapped = calloc(o->map->n + 1, sizeof(*t->mapped));
	if (!t->trace || (o->map && !t->mapped)) {
		trace_close(t->trace);
		free(t->mapped);
		free(t);
		return NULL;
	}
	return t;
}

void traffic_close(struct traffic *t)
{
	if (!t)
		return;
	trace_close(t->trace);
	free(t->mapped);
	free(t);
}

const uint64_t *traffic_mapped(const struct traffic *t)
{
	return t->mapped;
}

uint64_t traffic_record(const struct traffic *t)
{
	return trace_record(t->trace);
}

const struct trace_counts *traffic_counts(const struct traffic *t)
{
	return trace_counted(t->trace);
}
