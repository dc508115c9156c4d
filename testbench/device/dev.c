/* SPDX-License-Identifier: BSD-2-Clause */
#include "dev.h"

#include <CUnit/CUnit.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "snic_rss.h"
#include "traffic.h"

#define QUANTUM_NS 500
#define SETTLE_NS 100000
#define BURST 32

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "dev: %s\n", what);
	CU_ASSERT_FATAL(ok);
	abort(); /* CUnit has left the test before */
}

static void wire_out(void *ctx, unsigned int port, const void *frame, size_t len, uint64_t time_ps)
{
	struct dev *d = ctx;
	uint64_t in_ps;
	uint16_t src;

	if (!d->wire_count[port])
		d->wire_first_ps[port] = time_ps;
	d->wire_last_ps[port] = time_ps;
	d->wire_count[port]++;
	if (d->on_wire)
		d->on_wire(d, port, frame, len);
	else if (!d->no_score)
		score_wire(d->score, port, frame, len, &in_ps, &src);
}

static void row_changed(struct dev *d, unsigned int f)
{
	snic_ref_set_func(d->ref, f, &d->row[f]);
}

static void start_reference(struct dev *d, const struct dev_config *c, unsigned int rx_buf)
{
	unsigned int f, i;

	d->ref = snic_ref_create();
	d->score = score_create(d->ref);
	snic_ref_set_rss_key(d->ref, traffic_rss_key());
	for (f = 0; f <= c->vfs; f++) {
		struct snic_ref_func *row = &d->row[f];

		row->enabled = true;
		row->flags = SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) |
			     (c->strip_vlan ? SNIC_MASK(FT_FLAGS, STRIP) : 0) |
			     (!f && c->promisc_pf ? SNIC_MASK(FT_FLAGS, PROMISC) : 0) |
			     (f && c->spoofchk ? SNIC_MASK(FT_FLAGS, SPOOFCHK) : 0);
		row->rx_buf = rx_buf;
		snic_pmd_mac(d->pmd, f, row->mac);
		for (i = 0; i < SNIC_RSS_INDIR; i++)
			row->indir[i] = (uint8_t)(i % c->queues);
		row_changed(d, f);
		snic_ref_set_member(d->ref, 0, f, true);
		snic_ref_mac_add(d->ref, row->mac, 0, (uint16_t)f);
	}
}

struct dev_whole {
	uint8_t data[SNIC_FRAME_MAX + 4];
	size_t len;
};

struct dev *dev_open(const struct dev_config *c)
{
	const char *lib = getenv("COSNIC_CHECKED_LIB");
	struct snic_sim_config cfg = {
		.clock_mhz = 400,
		.wire_gbps = 100,
		.pcie_gen = c->pcie_gen ? c->pcie_gen : 4,
		.pcie_lanes = c->pcie_lanes ? c->pcie_lanes : 16,
		.mps = 256,
		.mrrs = 512,
		.rcb = 64,
		.read_latency_ns = c->read_latency_ns ? c->read_latency_ns : 600,
		.write_latency_ns = 250,
		.read_jitter_ns = c->jitter_ns,
		.loop = c->loop,
		.no_jump = c->no_jump,
		.watchdog_cycles = c->watchdog_cycles,
		.start_cycles = c->start_cycles,
		.faults = c->faults,
		.n_faults = c->n_faults,
		.no_gate = getenv("DEV_NO_GATE") != NULL,
		.seed = cu_seed(),
	};
	const struct snic_pmd_config pc = {
		.vfs = c->vfs,
		.queues = c->queues,
		.ring_log2 = c->ring_log2,
		.rx_buf = c->rx_buf ? c->rx_buf : 2048,
		.tx_buf = 2048,
		.spoofchk = c->spoofchk,
		.promisc_pf = c->promisc_pf,
		.strip_vlan = c->strip_vlan,
		.rx_scatter = c->rx_scatter,
		.storm_kcopies = c->storm_kcopies,
		.storm_burst = c->storm_burst,
	};
	struct dev *d = calloc(1, sizeof(*d));
	char err[256];

	must(d != NULL, "no memory");
	d->vfs = c->vfs;
	d->queues = c->queues;
	d->whole = calloc((size_t)(c->vfs + 1) * c->queues, sizeof(*d->whole));
	must(d->whole != NULL, "no memory");
	d->host = host_open(lib ? lib : COSNIC_CHECKED_LIB, &cfg, wire_out, d, err, sizeof(err));
	must(d->host != NULL, err);
	d->bus = host_bus(d->host);
	d->pmd = snic_pmd_open(d->bus, &pc, err, sizeof(err));
	must(d->pmd != NULL, err);
	start_reference(d, c, c->rx_scatter ? SNIC_FRAME_MAX + SNIC_BEAT_BYTES : pc.rx_buf);
	return d;
}

void dev_abandon(struct dev *d)
{
	struct snic_sim_stats s;

	host_stats(d->host, &s);
	printf("    tlp_hash %016" PRIx64 "\n", s.tlp_hash);
	snic_pmd_close(d->pmd);
	score_destroy(d->score);
	snic_ref_destroy(d->ref);
	host_close(d->host);
	free(d->whole);
	free(d);
}

void dev_close_after_loss(struct dev *d)
{
	const struct score_totals *t = score_totals(d->score);

	if (t->mismatched)
		printf("%s\n", t->first);
	CU_ASSERT_EQUAL(t->mismatched, 0);
	must(!host_run_until(d->host, host_now(d->host) + 1000), host_error(d->host));
	dev_abandon(d);
}

/* What the device counted, for a loss that nobody expected. */
static void print_drops(struct dev *d)
{
	unsigned int i;

	for (i = SNIC_STAT_DROP_FCS; i <= SNIC_STAT_DROP_RX_SLOW; i++)
		if (dev_stat(d, i))
			printf("    counter %u: %llu\n", i, (unsigned long long)dev_stat(d, i));
}

void dev_close(struct dev *d)
{
	if (score_totals(d->score)->outstanding || score_totals(d->score)->lost)
		print_drops(d);
	CU_ASSERT_EQUAL(host_foreign_dma(d->host), 0);
	CU_ASSERT_EQUAL(score_totals(d->score)->outstanding, 0);
	CU_ASSERT_EQUAL(score_totals(d->score)->lost, 0);
	dev_close_after_loss(d);
}

/* Puts a frame of several buffers together. False: it goes on. */
static bool whole(struct dev *d, unsigned int f, unsigned int q, struct snic_pmd_rx *rx)
{
	struct dev_whole *w = &d->whole[f * d->queues + q];
	bool more = snic_rx_more(rx->cpl);

	if (!more && !w->len)
		return true;
	CU_ASSERT_FATAL(w->len + rx->len <= sizeof(w->data));
	CU_ASSERT(!more || rx->len == d->pmd->rx_stride);
	memcpy(w->data + w->len, rx->data, rx->len);
	w->len += rx->len;
	if (more)
		return false;
	rx->data = w->data;
	rx->len = (uint32_t)w->len;
	snic_bits_set(rx->cpl, SNIC_F(RX_CPL, LEN), w->len);
	w->len = 0;
	return true;
}

static void poll_queue(struct dev *d, unsigned int f, unsigned int q)
{
	struct snic_pmd_rx rx[BURST];
	unsigned int n, i;
	uint64_t in_ps;

	do {
		n = snic_pmd_rx_burst(d->pmd, f, q, rx, BURST);
		for (i = 0; i < n; i++) {
			if (!whole(d, f, q, &rx[i]))
				continue;
			d->rx_count[f]++;
			if (d->on_rx)
				d->on_rx(d, f, q, &rx[i]);
			else if (!d->no_score)
				score_host(d->score, f, q, rx[i].data, rx[i].len, rx[i].cpl, &in_ps);
		}
		if (n)
			snic_pmd_rx_release(d->pmd, f, q);
	} while (n == BURST);
}

void dev_run_ns(struct dev *d, uint64_t ns)
{
	uint64_t end = host_now(d->host) + ns * 1000, next;
	unsigned int f, q;

	while (host_now(d->host) < end) {
		next = host_now(d->host) + QUANTUM_NS * 1000;
		must(!host_run_until(d->host, next < end ? next : end), host_error(d->host));
		for (f = 0; f <= d->vfs; f++)
			for (q = 0; q < d->queues && !d->muted[f]; q++)
				poll_queue(d, f, q);
	}
}

void dev_settle(struct dev *d)
{
	const struct score_totals *t = score_totals(d->score);
	uint64_t left = SETTLE_NS, was;

	while (left && t->outstanding) {
		was = t->outstanding;
		dev_run_ns(d, QUANTUM_NS);
		left = t->outstanding < was || host_wire_rx_pending(d->host, 0) ? SETTLE_NS
										: left - QUANTUM_NS;
	}
	/* what must not come out gets its chance, and counters their last events */
	dev_run_ns(d, 4000);
}

static void address(struct dev *d, unsigned int vport, uint8_t mac[6])
{
	static const uint8_t outside[6] = { 0x02, 0x99, 0, 0, 0, 0 };

	if (vport < SNIC_N_FUNC) {
		snic_pmd_mac(d->pmd, vport, mac);
		return;
	}
	memcpy(mac, outside, 6);
	mac[5] = (uint8_t)(vport - SNIC_VPORT_WIRE0);
}

size_t dev_frame(struct dev *d, uint8_t *buf, unsigned int src, unsigned int dst, unsigned int flow,
		 enum encap encap, size_t len)
{
	struct frame_spec s = { .flow = flow, .encap = encap, .len = len, .fill = d->number };

	address(d, dst, s.dmac);
	address(d, src, s.smac);
	return frame_build(&s, buf);
}

void dev_wire(struct dev *d, unsigned int port, const uint8_t *frame, size_t len)
{
	uint64_t end;

	while (host_wire_rx_pending(d->host, port) >= 64)
		dev_run_ns(d, QUANTUM_NS);
	if (!d->no_score)
		score_offer(d->score, (uint16_t)(SNIC_VPORT_WIRE0 + port), 0, frame, len, d->number,
			    host_now(d->host));
	d->number++;
	must(!host_wire_rx(d->host, port, frame, len, 0, &end), "wire full");
}

static void sent(struct dev *d, unsigned int func, unsigned int queue, const uint8_t *frame, size_t len)
{
	snic_pmd_tx_flush(d->pmd, func, queue);
	if (!d->no_score)
		score_offer(d->score, (uint16_t)func, (uint8_t)queue, frame, len, d->number,
			    host_now(d->host));
	d->number++;
}

void dev_tx(struct dev *d, unsigned int func, unsigned int queue, const uint8_t *frame, size_t len)
{
	uint8_t *buf;

	while (!(buf = snic_pmd_tx_buf(d->pmd, func, queue))) {
		must(snic_pmd_tx_pending(d->pmd, func, queue) >= 0, "TX queue stopped");
		dev_run_ns(d, QUANTUM_NS);
	}
	memcpy(buf, frame, len);
	snic_pmd_tx_commit(d->pmd, func, queue, (uint32_t)len);
	sent(d, func, queue, frame, len);
}

void dev_tx_to(struct dev *d, unsigned int vport, const uint8_t *frame, size_t len)
{
	const struct snic_pmd_tx_offload to = { .to = true, .vport = (uint16_t)vport };

	while (snic_pmd_tx_frame(d->pmd, 0, 0, frame, (uint32_t)len, &to)) {
		must(snic_pmd_tx_pending(d->pmd, 0, 0) >= 0, "TX queue stopped");
		dev_run_ns(d, QUANTUM_NS);
	}
	snic_ref_next_to(d->ref, (uint16_t)vport);
	sent(d, 0, 0, frame, len);
}

void dev_send(struct dev *d, unsigned int src, unsigned int dst, unsigned int flow)
{
	uint8_t frame[SNIC_FRAME_MAX];
	size_t len = dev_frame(d, frame, src, dst, flow, ENCAP_NONE, 128);

	if (src < SNIC_N_FUNC)
		dev_tx(d, src, 0, frame, len);
	else
		dev_wire(d, src - SNIC_VPORT_WIRE0, frame, len);
}

void dev_switchdev(struct dev *d, bool on)
{
	CU_ASSERT_EQUAL(snic_pmd_set_switchdev(d->pmd, on), 0);
	snic_ref_set_switchdev(d->ref, on);
	d->switchdev = on;
}

void dev_vtep(struct dev *d, unsigned int row, const struct snic_vtep *v)
{
	struct snic_ref_vtep ref = { .valid = v != NULL };

	CU_ASSERT_EQUAL(snic_pmd_vtep_set(d->pmd, row, v), 0);
	if (v) {
		memcpy(ref.mac, v->mac, sizeof(ref.mac));
		memcpy(ref.ip, v->ip, sizeof(ref.ip));
		ref.ports = v->ports;
		ref.v6 = v->v6;
		ref.proto = v->proto;
		ref.dport = v->dport;
		ref.tunnel = v->tunnel;
	}
	snic_ref_set_vtep(d->ref, row, &ref);
}

void dev_encap(struct dev *d, unsigned int row, const struct snic_encap *e)
{
	struct snic_ref_encap ref = { .valid = e != NULL };

	CU_ASSERT_EQUAL(snic_pmd_encap_set(d->pmd, row, e), 0);
	if (e) {
		for (ref.l3 = 14; e->hdr[ref.l3 - 2] & 0x80 && !(e->hdr[ref.l3 - 2] == 0x86); ref.l3 += 4)
			;
		memcpy(ref.hdr, e->hdr, e->len);
		ref.len = e->len;
		ref.v6 = e->hdr[ref.l3 - 2] == 0x86;
		ref.udp = e->hdr[ref.l3 + (ref.v6 ? 6 : 9)] == 17;
		ref.ttl = e->ttl;
		ref.dscp = e->dscp;
		ref.ecn = e->ecn;
		ref.max = e->max ? e->max : SNIC_FRAME_MAX;
	}
	snic_ref_set_encap(d->ref, row, &ref);
}

void dev_flag(struct dev *d, unsigned int func, uint32_t flag, bool on)
{
	struct snic_func_row row = d->pmd->functab.row[func];

	row.flags = on ? row.flags | flag : row.flags & ~flag;
	snic_func_set(&d->pmd->functab, func, &row);
	CU_ASSERT_EQUAL(snic_hw_sync(&d->pmd->hw[0]), 0);
	d->row[func].flags = (uint16_t)row.flags;
	row_changed(d, func);
}

void dev_port_vlan(struct dev *d, unsigned int func, uint16_t tci)
{
	CU_ASSERT_EQUAL(snic_pmd_set_port_vlan(d->pmd, func, tci), 0);
	/* the reference has no delete: the newest entry counts */
	snic_ref_mac_add(d->ref, d->row[func].mac, d->row[func].port_vlan & 0xfff, SNIC_VPORT_NONE);
	snic_ref_set_member(d->ref, d->row[func].port_vlan & 0xfff, func, false);
	d->row[func].port_vlan = tci;
	snic_ref_set_member(d->ref, tci & 0xfff, func, true);
	snic_ref_mac_add(d->ref, d->row[func].mac, tci & 0xfff, (uint16_t)func);
	row_changed(d, func);
}

void dev_member(struct dev *d, uint16_t vid, unsigned int func, bool on)
{
	CU_ASSERT_EQUAL(snic_pmd_vlan_member(d->pmd, vid, func, on), 0);
	snic_ref_set_member(d->ref, vid, func, on);
}

uint32_t dev_flow(struct dev *d, const uint8_t *frame, size_t len, unsigned int src, struct snic_actions act)
{
	const struct snic_flow_key *key;
	struct snic_ref_parse p;
	uint32_t id = ~0u;

	snic_ref_parse(frame, len, (uint16_t)src, &p);
	key = d->switchdev ? &p.out_key : &p.key;
	CU_ASSERT_EQUAL_FATAL(snic_pmd_flow_add(d->pmd, key, &act, &id, 1), 1);
	CU_ASSERT_EQUAL_FATAL(snic_ref_flow_add(d->ref, key, &act), 0);
	return id;
}

uint32_t dev_rule(struct dev *d, const struct snic_flow_key *key, const struct snic_flow_key *mask,
		  uint16_t priority, struct snic_actions act)
{
	uint32_t id = ~0u;

	CU_ASSERT_EQUAL_FATAL(snic_pmd_rule_add(d->pmd, key, mask, priority, &act, &id), 0);
	CU_ASSERT(snic_ref_rule_add(d->ref, key, mask, priority, &act) >= 0);
	return id;
}

uint32_t dev_edit(struct dev *d, const struct snic_edit *e)
{
	uint32_t id = 0;

	CU_ASSERT_EQUAL_FATAL(snic_pmd_edit_add(d->pmd, e, &id), 0);
	snic_ref_edit_set(d->ref, id, e);
	return id;
}

void dev_restart(struct dev *d, unsigned int func)
{
	struct snic_hw *hw = &d->pmd->hw[func];
	unsigned int q, k;

	for (q = 0; q < d->queues; q++) {
		struct pmd_queue *p = pmd_queue(d->pmd, func, q);
		/* one arena: the distance in memory is that on the bus */
		uint64_t to_bus = p->tx_bus - (uint64_t)p->tx_buf;
		struct snic_ring_mem tx = { p->tx.desc, (uint64_t)p->tx.desc + to_bus,
					    (struct snic_qw2 *)p->tx.wb, (uint64_t)p->tx.wb + to_bus };
		struct snic_ring_mem rx = { p->rx.desc, (uint64_t)p->rx.desc + to_bus,
					    (struct snic_qw2 *)p->rx.cpl, (uint64_t)p->rx.cpl + to_bus };
		unsigned int log2 = p->rx.size_log2;

		CU_ASSERT_EQUAL(snic_txq_start(&p->tx, hw, q, &tx, log2, -1), 0);
		CU_ASSERT_EQUAL((d->pmd->cfg.rx_scatter ? snic_rxq_start_scatter : snic_rxq_start)(
					&p->rx, hw, q, &rx, log2, d->pmd->rx_stride, -1),
				0);
		d->whole[func * d->queues + q].len = 0;
		for (k = 0; k < 1u << log2; k++)
			snic_rxq_post(&p->rx, (uint64_t)p->rx_buf + to_bus + k * d->pmd->rx_stride);
	}
	snic_rss_spread(hw, d->queues);
	snic_hw_enable(hw, true);
	for (q = 0; q < d->queues; q++)
		snic_rxq_kick(&pmd_queue(d->pmd, func, q)->rx);
	CU_ASSERT_EQUAL(snic_hw_sync(hw), 0);
}

int dev_fault(struct dev *d, struct snic_sim_fault f)
{
	int id = host_fault_add(d->host, &f);

	CU_ASSERT_FATAL(id >= 0);
	return id;
}

uint64_t dev_stat(struct dev *d, unsigned int index)
{
	return snic_pmd_stat(d->pmd, index);
}

uint64_t dev_fstat(struct dev *d, unsigned int func, unsigned int index)
{
	return snic_pmd_fstat(d->pmd, func, index);
}

uint32_t dev_rd(struct dev *d, unsigned int func, uint32_t reg)
{
	return (uint32_t)d->bus->read(d->bus->ctx, func, reg, 4);
}

void dev_wr(struct dev *d, unsigned int func, uint32_t reg, uint32_t v)
{
	d->bus->write(d->bus->ctx, func, reg, v, 4);
}

static struct snic_qw2 *ring_alloc(struct dev *d, unsigned int func, uint64_t *bus)
{
	return d->bus->dma_alloc(d->bus->ctx, func, sizeof(struct snic_qw2) << RAW_LOG2, bus);
}

static void raw_start(struct dev *d, struct dev_raw *r, int vector, uint64_t tx_bus, uint64_t rx_bus,
		      uint64_t cpl_bus)
{
	struct snic_ring_mem tx = { r->tx_ring, tx_bus, (struct snic_qw2 *)r->wb, r->wb_bus };
	struct snic_ring_mem rx = { r->rx_ring, rx_bus, r->cpl, cpl_bus };
	const struct snic_hw *hw = &d->pmd->hw[r->func];

	CU_ASSERT_EQUAL(snic_txq_start(&r->tx, hw, r->queue, &tx, RAW_LOG2, vector), 0);
	CU_ASSERT_EQUAL(snic_rxq_start(&r->rx, hw, r->queue, &rx, RAW_LOG2, RAW_BUF, vector), 0);
}

void raw_open(struct dev *d, struct dev_raw *r, unsigned int func, unsigned int queue, int vector)
{
	uint64_t tx_bus, rx_bus, cpl_bus;

	memset(r, 0, sizeof(*r));
	r->func = func;
	r->queue = queue;
	r->tx_ring = ring_alloc(d, func, &tx_bus);
	r->rx_ring = ring_alloc(d, func, &rx_bus);
	r->cpl = ring_alloc(d, func, &cpl_bus);
	r->wb = ring_alloc(d, func, &r->wb_bus);
	r->buf = d->bus->dma_alloc(d->bus->ctx, func, RAW_BUF << RAW_LOG2, &r->buf_bus);
	raw_start(d, r, vector, tx_bus, rx_bus, cpl_bus);
}

void raw_restart(struct dev *d, struct dev_raw *r, int vector)
{
	uint64_t to_bus = r->buf_bus - (uint64_t)r->buf;

	CU_ASSERT_EQUAL(snic_txq_stop(&r->tx), 0);
	CU_ASSERT_EQUAL(snic_rxq_stop(&r->rx), 0);
	raw_start(d, r, vector, (uint64_t)r->tx_ring + to_bus, (uint64_t)r->rx_ring + to_bus,
		  (uint64_t)r->cpl + to_bus);
}

void raw_tx_desc(struct dev_raw *r, unsigned int k, uint64_t addr, unsigned int len)
{
	__u64 qw[2] = { addr, 0 };

	snic_bits_set(qw, SNIC_F(TX_DESC, LEN), len);
	snic_bits_set(qw, SNIC_F(TX_DESC, EOP), 1);
	memcpy(&r->tx_ring[k & ((1u << RAW_LOG2) - 1)], qw, sizeof(qw));
}

void raw_rx_desc(struct dev_raw *r, unsigned int k, uint64_t addr)
{
	r->rx_ring[k & ((1u << RAW_LOG2) - 1)] = (struct snic_qw2){ { addr, 0 } };
}

uint64_t raw_wb(const struct dev_raw *r, unsigned int lsb, unsigned int width)
{
	__u64 qw[2];

	memcpy(qw, r->wb, sizeof(qw));
	return snic_bits_get(qw, lsb, width);
}
