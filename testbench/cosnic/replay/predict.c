/* SPDX-License-Identifier: BSD-2-Clause */
#include "predict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "progress.h"
#include "setup.h"

_Static_assert((int)LANE_RX == SNIC_PREDICT_RX && (int)LANE_TX == SNIC_PREDICT_TX &&
		       (int)LANE_VF2VF == SNIC_PREDICT_VF2VF && (int)LANE_RX_P1 == SNIC_PREDICT_RX_P1 &&
		       (int)LANE_TX_P1 == SNIC_PREDICT_TX_P1,
	       "one order of directions");

/* What registers hold that nobody writes. */
enum {
#define REG(name, offset, access, reset, scope, what) RESET_##name = (reset),
#include "snic_regs.def"
};

#define MAX_COPIES (SNIC_N_FUNC + SNIC_N_PORT)

/* A frame alone waits for others to share its completion line: longer than that. */
#define LINGER_NS 20000

struct source {
	struct traffic *lanes[N_LANE];
	struct traffic_frame frame;
	struct snic_ref *ref; /* what becomes of a frame is for the reference to say, not for the device */
	struct snic_ref_out out[MAX_COPIES];
	struct snic_predict_copy copies[N_LANE][MAX_COPIES];
	struct progress progress;
	uint64_t done;
	unsigned int open; /* lanes with frames left */
};

static uint32_t parser_steps(const struct traffic_frame *f)
{
	const struct snic_ref_parse *p = &f->parse;

	return 1 + p->has_vlan + (p->l3 != SNIC_L3_NONE) + (p->l4 != SNIC_L4_NONE) +
	       2 * (p->tun != SNIC_TUN_NONE) + (p->il3 != SNIC_L3_NONE) + (p->il4 != SNIC_L4_NONE);
}

static uint32_t source_vport(unsigned int dir, const struct traffic_frame *f)
{
	return lane_from_wire(dir) ? SNIC_VPORT_WIRE0 + lane_port(dir) : f->src_func;
}

/* Where the frame goes. */
static void forward(struct source *s, enum lane_dir dir, struct snic_predict_frame *p)
{
	const struct traffic_frame *f = &s->frame;
	struct snic_predict_copy *copies = s->copies[dir];
	int cause, n, i;

	n = snic_ref_packet(s->ref, (uint16_t)source_vport(dir, f), f->data, f->len, false, s->out,
			    MAX_COPIES, &cause);
	p->copies = copies;
	for (i = 0; i < n; i++) {
		const struct snic_ref_out *o = &s->out[i];

		p->flooded |= o->flooded;
		if (o->vport >= SNIC_N_FUNC)
			p->wire_len[o->vport - SNIC_VPORT_WIRE0] = (uint16_t)o->len;
		else
			copies[p->n_copies++] =
				(struct snic_predict_copy){ (uint16_t)(o->vport * SNIC_Q_PER_FUNC + o->queue),
							    (uint16_t)o->len };
	}
	p->refused = !n && (cause == SNIC_STAT_DROP_TX_CTRL || cause == SNIC_STAT_DROP_SPOOF_MAC ||
			    cause == SNIC_STAT_DROP_SPOOF_VLAN);
}

/* The frame that is in s, as the model wants it. */
static void describe(struct source *s, enum lane_dir dir, struct snic_predict_frame *out)
{
	const struct traffic_frame *f = &s->frame;

	memset(out, 0, sizeof(*out));
	out->len = (uint32_t)f->len;
	out->headers = parser_steps(f);
	out->not_before_ps = f->due_ps;
	out->head = f->cut ? (uint32_t)f->cut->head : 0;
	out->whole = f->cut && f->cut_first ? (uint32_t)f->cut->packet.end : 0;
	if (!lane_from_wire(dir))
		out->queue = (uint16_t)(f->src_func * SNIC_Q_PER_FUNC + f->src_queue);
	forward(s, dir, out);
	/* what picks the set of the flow cache */
	out->flow = snic_ref_hash(snic_ref_key(s->ref)->dw, SNIC_KEY_DWORDS, SNIC_JHASH_SEED_FLOW);
}

static bool next(void *ctx, enum snic_predict_dir dir, struct snic_predict_frame *out)
{
	struct source *s = ctx;

	if (cosnic_interrupted || !traffic_next(s->lanes[dir], &s->frame)) {
		/* The model runs in a process of its own: here is the end that it can see. */
		if (!--s->open)
			progress_end(&s->progress);
		return false;
	}
	progress_at(&s->progress, ++s->done);
	describe(s, (enum lane_dir)dir, out);
	return true;
}

/* The histogram of --read-latency, as the model wants it. */
static struct snic_predict_bin *read_bins(const struct options *o)
{
	struct snic_predict_bin *bins = calloc(o->sim.n_read_bins + 1, sizeof(*bins));
	uint32_t i;

	for (i = 0; bins && i < o->sim.n_read_bins; i++)
		bins[i] = (struct snic_predict_bin){ o->sim.read_bins[i].ns, o->sim.read_bins[i].count };
	return bins;
}

static struct snic_predict_config config(const struct options *o, const struct snic_predict_bin *bins)
{
	return (struct snic_predict_config){
		.clock_mhz = o->sim.clock_mhz,
		.wire_gbps = o->sim.wire_gbps,
		.pcie_gen = o->sim.pcie_gen,
		.pcie_lanes = o->sim.pcie_lanes,
		.mps = o->sim.mps,
		.mrrs = o->sim.mrrs,
		.rcb = o->sim.rcb,
		.read_latency_ns = o->sim.read_latency_ns,
		.read_jitter_ns = o->sim.read_jitter_ns,
		.read_bins = bins,
		.n_read_bins = o->sim.n_read_bins,
		.seed = o->sim.seed,
		.write_latency_ns = o->sim.write_latency_ns,
		.ring = 1u << setup_ring_log2(o),
		.masks = setup_masks(o),
		.host_poll_ns = HOST_POLL_NS,
		.open_loop = o->open_loop,
		.rx_stride = SETUP_BUF_BYTES,
		.tx_stride = SETUP_BUF_BYTES,
		.cpl_timeout = RESET_CPL_TIMEOUT,
	};
}

/* Of the frames of a direction, those that are looked at. */
static uint64_t looked_at(const uint64_t total[SNIC_N_PORT], unsigned int dir)
{
	uint64_t n = total[lane_port(dir)];

	return n > PREDICT_FRAMES ? PREDICT_FRAMES : n;
}

static int start(const struct options *o, const uint64_t total[SNIC_N_PORT], bool quiet,
		 struct snic_predict_run *run)
{
	struct snic_predict_bin *bins = read_bins(o);
	const struct snic_predict_config cfg = config(o, bins);
	struct source *s = calloc(1, sizeof(*s));
	unsigned int dirs = traffic_lanes(o), d;
	struct options first = *o;
	uint64_t frames = 0;
	int ret = 0;

	if (!s || !bins) {
		free(s);
		free(bins);
		return -ENOMEM;
	}
	if (!first.limit || first.limit > PREDICT_FRAMES)
		first.limit = PREDICT_FRAMES;
	s->open = (unsigned int)__builtin_popcount(dirs);
	s->ref = setup_reference(o);
	if (!s->ref)
		ret = -ENOMEM;
	for (d = 0; d < N_LANE; d++)
		frames += dirs & 1u << d ? looked_at(total, d) : 0;
	progress_start(&s->progress, "predict", frames, quiet || o->quiet || o->json);
	for (d = 0; d < N_LANE && !ret; d++) {
		if (!(dirs & 1u << d))
			continue;
		s->lanes[d] = traffic_open(&first, (enum lane_dir)d, false);
		if (!s->lanes[d])
			ret = -ENOMEM;
	}
	if (!ret)
		ret = snic_predict_start(&cfg, dirs, next, s, run);
	for (d = 0; d < N_LANE; d++)
		traffic_close(s->lanes[d]);
	snic_ref_destroy(s->ref);
	free(s);
	free(bins);
	return ret;
}

int predict_start(const struct options *o, const uint64_t total[SNIC_N_PORT], struct snic_predict_run *run)
{
	return start(o, total, true, run);
}

int predict_wait(const struct options *o, const uint64_t total[SNIC_N_PORT],
		 const struct snic_predict_run *run, const struct snic_predict_window *windows,
		 struct snic_predict_result *out)
{
	int ret = snic_predict_wait(run, windows, out);
	unsigned int d;

	/* frames that were there when they were counted */
	for (d = 0; d < N_LANE && !ret; d++)
		if (traffic_lanes(o) & 1u << d && out->flow[d].offered != looked_at(total, d))
			ret = -ESTALE;
	return cosnic_interrupted ? -EINTR : ret;
}

int predict_run(const struct options *o, const uint64_t total[SNIC_N_PORT],
		const struct snic_predict_window *windows, struct snic_predict_result *out)
{
	struct snic_predict_run run;
	int ret = start(o, total, false, &run);

	return ret ? ret : predict_wait(o, total, &run, windows, out);
}

/* The frame in s, once. */
static bool next_one(void *ctx, enum snic_predict_dir dir, struct snic_predict_frame *out)
{
	struct source *s = ctx;

	if (s->done++)
		return false;
	describe(s, (enum lane_dir)dir, out);
	return true;
}

int predict_one(const struct options *o, enum lane_dir dir, const struct traffic_frame *f,
		struct snic_predict_result *out)
{
	struct snic_predict_bin *bins = read_bins(o);
	struct source *s = calloc(1, sizeof(*s));
	int ret = -ENOMEM;

	if (s && bins)
		s->ref = setup_reference(o);
	if (s && s->ref) {
		struct snic_predict_config cfg = config(o, bins);

		cfg.linger_ns = LINGER_NS;
		s->frame = *f;
		s->frame.due_ps = 0;
		ret = snic_predict(&cfg, 1u << dir, next_one, s, out);
		snic_ref_destroy(s->ref);
	}
	free(s);
	free(bins);
	return ret;
}
