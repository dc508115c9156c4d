/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame alone through the RTL, from clock edge to clock edge: who has it, and what passes the device's ports. */
#include <errno.h>
#include <string.h>

#include "ethernet.h"
#include "explain.h"
#include "host.h"
#include "predict.h"
#include "replay.h"
#include "setup.h"

/* A frame that is not out by then is lost. */
#define LONGEST_PS 1000000000ull

struct run {
	struct explain *e;
	struct host *host;
	struct snic_pmd *pmd;
	double start, cycle;  /* ps */
	double in, out;	      /* ps; out 0: not yet */
	double since[N_ROWS]; /* ps; 0: not there */
	double asked;	      /* ps; 0: no read is under way */
};

static void span(struct run *r, enum explain_row row, double from_ps, double to_ps)
{
	explain_add(&r->e->measured, row, (from_ps - r->start) / 1e3, (to_ps - r->start) / 1e3,
		    2 * r->cycle / 1e3);
}

static void on_wire_tx(void *ctx, unsigned int port, const void *frame, size_t len, uint64_t ps)
{
	struct run *r = ctx;
	const double byte = 8e3 / r->e->o->sim.wire_gbps;

	(void)port;
	(void)frame;
	r->out = (double)ps;
	span(r, ROW_WIRE_OUT, (double)ps - (ETH_PREAMBLE + (double)len + ETH_FCS) * byte, (double)ps);
}

static void on_write(void *ctx, uint64_t ps)
{
	struct run *r = ctx;

	span(r, ROW_HOST, (double)ps, (double)ps);
}

static void poll(struct run *r)
{
	struct snic_pmd_rx rx;
	unsigned int f, q;

	for (f = 0; f <= r->e->o->vfs; f++) {
		for (q = 0; q < r->e->o->queues; q++) {
			if (!snic_pmd_rx_burst(r->pmd, f, q, &rx, 1))
				continue;
			if (!r->out)
				r->out = (double)host_written_ps(r->host, rx.data + rx.len - 1);
			snic_pmd_rx_release(r->pmd, f, q);
		}
	}
}

static void busy(struct run *r, enum explain_row row, bool on, double now)
{
	if (on && !r->since[row])
		r->since[row] = now - r->cycle;
	if (!on && r->since[row]) {
		span(r, row, r->since[row], now);
		r->since[row] = 0;
	}
}

static void look(struct run *r, double now)
{
	const uint32_t a = host_activity(r->host);
	const enum explain_row read = r->e->dir == LANE_RX ? ROW_RX_READ : ROW_TX_READ;
#define BIT(name) (a >> SNIC_SIM_##name & 1)

	busy(r, ROW_PARSER, a >> SNIC_SIM_BUSY_PARSER & 7, now);
	busy(r, ROW_PIPE, BIT(BUSY_PIPE), now);
	busy(r, ROW_TX_ENGINE, BIT(BUSY_TX_ENGINE), now);
	busy(r, ROW_RX_ENGINE, BIT(BUSY_RX_ENGINE), now);
	if (BIT(PASSED_MMIO) && r->e->dir != LANE_RX)
		span(r, ROW_DOORBELL, r->start, now);
	if (BIT(PASSED_READ) && !r->asked)
		r->asked = now - r->cycle;
	/* an answer ends what is under way: reads of one frame are asked for together */
	if (BIT(PASSED_CPL) && r->asked) {
		span(r, read, r->asked, now);
		r->asked = 0;
	} else if (BIT(PASSED_CPL)) {
		span(r, read, now - r->cycle, now);
	}
#undef BIT
}

static int offer(struct run *r)
{
	const struct traffic_frame *f = &r->e->frame;
	const double byte = 8e3 / r->e->o->sim.wire_gbps;
	uint64_t end;
	uint8_t *buf;
	int ret;

	if (r->e->dir == LANE_RX) {
		ret = host_wire_rx(r->host, 0, f->data, f->len, host_now(r->host), &end);
		if (ret)
			return ret;
		r->in = (double)end;
		r->start = r->in - (ETH_PREAMBLE + (double)f->len + ETH_FCS) * byte;
		span(r, ROW_WIRE_IN, r->start, r->in);
		return 0;
	}
	buf = snic_pmd_tx_buf(r->pmd, f->src_func, f->src_queue);
	if (!buf)
		return -ENOSPC;
	memcpy(buf, f->data, f->len);
	snic_pmd_tx_commit(r->pmd, f->src_func, f->src_queue, (uint32_t)f->len);
	snic_pmd_tx_flush(r->pmd, f->src_func, f->src_queue);
	r->start = r->in = (double)host_now(r->host);
	return 0;
}

static int step(struct run *r)
{
	const uint64_t from = host_now(r->host);
	uint64_t next, now = from;

	while (now - from < LONGEST_PS) {
		next = host_next_event(r->host);
		if (next == UINT64_MAX)
			break;
		now = next > now + (uint64_t)r->cycle ? next : now + (uint64_t)r->cycle;
		if (host_run_until(r->host, now))
			return -EIO;
		look(r, (double)now);
		poll(r);
	}
	return 0;
}

int explain_measure(struct explain *e, char *err, size_t err_size)
{
	struct run r = { .e = e, .cycle = 1e6 / e->o->sim.clock_mhz };
	char path[512];
	uint64_t now;
	int ret = -EIO;

	r.host = host_open(replay_library(e->o, path, sizeof(path)), &e->o->sim, on_wire_tx, &r, err,
			   err_size);
	if (!r.host)
		return -EIO;
	r.pmd = setup_driver(e->o, host_bus(r.host), NULL, err, err_size);
	if (r.pmd) {
		/* what was posted has arrived, and what waited for a timeout is out */
		now = host_now(r.host) + 20 * HOST_POLL_NS * 1000ull;
		ret = host_run_until(r.host, now - now % (HOST_POLL_NS * 1000ull));
		host_activity(r.host);
		host_on_write(r.host, on_write, &r);
		if (!ret)
			ret = offer(&r);
		if (!ret)
			ret = step(&r);
		if (ret)
			snprintf(err, err_size, "the device stopped: %s", host_error(r.host));
		e->measured.latency = r.out ? (r.out - r.in) / 1e3 : 0;
		e->first_bit = (r.in - r.start) / 1e3;
	}
	snic_pmd_close(r.pmd);
	host_close(r.host);
	return ret;
}
