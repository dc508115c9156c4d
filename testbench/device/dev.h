/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The card on the bench: the poll-mode driver on the checked RTL library, and the reference told the same. Frames go in
 * by dev_wire() and dev_tx(); whatever comes out is held to the reference (or, where a test says so, to the test's own
 * handler). An RTL assertion or a hang fails the test at once.
 */
#ifndef DEV_H
#define DEV_H

#include "frame.h"
#include "host.h"
#include "score.h"
#include "snic_pmd_priv.h"

struct dev_config {
	unsigned int vfs, queues, ring_log2;
	bool spoofchk, promisc_pf, strip_vlan;
	bool loop;		/* port 0 cabled to port 1 */
	unsigned int jitter_ns; /* completions overtake each other */
	unsigned int rx_buf;	/* 0: 2048 */
	bool rx_scatter;
	unsigned int read_latency_ns; /* 0: 600 */
	uint64_t watchdog_cycles;     /* 0: the harness's own */
	uint64_t start_cycles;	      /* the device's time when reset ends */
	const struct snic_sim_fault *faults;
	unsigned int n_faults;
	unsigned int pcie_gen, pcie_lanes;	 /* 0: gen4 x16 */
	unsigned int storm_kcopies, storm_burst; /* limit of what a VF floods; 0: none */
	bool no_jump;
};

struct dev;
typedef void (*dev_rx_fn)(struct dev *d, unsigned int func, unsigned int queue, const struct snic_pmd_rx *rx);
typedef void (*dev_wire_fn)(struct dev *d, unsigned int port, const uint8_t *frame, size_t len);

struct dev {
	struct host *host;
	const struct snic_pmd_bus *bus;
	struct snic_pmd *pmd;
	struct snic_ref *ref;
	struct score *score;
	struct snic_ref_func row[SNIC_N_FUNC];
	unsigned int vfs, queues;
	uint64_t number; /* frames put in: the fill of the next one */
	uint64_t rx_count[SNIC_N_FUNC], wire_count[SNIC_N_PORT];
	uint64_t wire_first_ps[SNIC_N_PORT],
		wire_last_ps[SNIC_N_PORT]; /* when the first and the last of them were out */
	bool muted[SNIC_N_FUNC];	   /* nobody takes its frames */
	struct dev_whole
		*whole; /* frames in several buffers, of which the last has not come: [function][queue] */
	bool no_score;
	bool switchdev;
	dev_rx_fn on_rx; /* instead of the reference */
	dev_wire_fn on_wire;
	void *ctx; /* of the handlers */
};

struct dev *dev_open(const struct dev_config *c);
/* Fails the test when a frame did not come out as the reference says, or DMA went where it must not. */
void dev_close(struct dev *d);
/* As dev_close(), for a test that provoked such DMA or loss; nothing may come out wrong all the same. */
void dev_close_after_loss(struct dev *d);
/* After an error of the device. */
void dev_abandon(struct dev *d);

void dev_run_ns(struct dev *d, uint64_t ns);
/* Until all that the reference expects is out, or 100 us of device time have brought nothing. */
void dev_settle(struct dev *d);

/* A UDP frame from src to dst (functions, or wire ports: an address of the outside); flow picks its addresses and ports. */
size_t dev_frame(struct dev *d, uint8_t *buf, unsigned int src, unsigned int dst, unsigned int flow,
		 enum encap encap, size_t len);
void dev_wire(struct dev *d, unsigned int port, const uint8_t *frame, size_t len);
/* Waits for room in the ring; rings the doorbell. */
void dev_tx(struct dev *d, unsigned int func, unsigned int queue, const uint8_t *frame, size_t len);
/* ... of the PF, of any length, to a vport that its descriptor names. */
void dev_tx_to(struct dev *d, unsigned int vport, const uint8_t *frame, size_t len);
/* dev_frame() and dev_wire() or dev_tx(), 128 B, queue 0. */
void dev_send(struct dev *d, unsigned int src, unsigned int dst, unsigned int flow);

/* How the card switches, for card and reference. */
void dev_switchdev(struct dev *d, bool on);
/* End of a tunnel on the card, likewise; NULL: none any more. */
struct snic_vtep;
struct snic_encap;
void dev_encap(struct dev *d, unsigned int row, const struct snic_encap *e);
void dev_vtep(struct dev *d, unsigned int row, const struct snic_vtep *v);
/* Function table row and VLAN membership, likewise. */
void dev_flag(struct dev *d, unsigned int func, uint32_t flag, bool on);
void dev_port_vlan(struct dev *d, unsigned int func, uint16_t tci);
void dev_member(struct dev *d, uint16_t vid, unsigned int func, bool on);
/* Exact flow with the key of this frame, and a masked rule; ids of the card. */
uint32_t dev_flow(struct dev *d, const uint8_t *frame, size_t len, unsigned int src, struct snic_actions act);
uint32_t dev_rule(struct dev *d, const struct snic_flow_key *key, const struct snic_flow_key *mask,
		  uint16_t priority, struct snic_actions act);

/* An edit, in the card under the id that it returns, and in the reference. */
uint32_t dev_edit(struct dev *d, const struct snic_edit *e);

/* After a reset: the rings of the driver from descriptor 0, function on. */
void dev_restart(struct dev *d, unsigned int func);

/* A fault from now on; its number, for host_fault_clear() and host_fault_hits(). */
int dev_fault(struct dev *d, struct snic_sim_fault f);

uint64_t dev_stat(struct dev *d, unsigned int index);
uint64_t dev_fstat(struct dev *d, unsigned int func, unsigned int index);
uint32_t dev_rd(struct dev *d, unsigned int func, uint32_t reg);
void dev_wr(struct dev *d, unsigned int func, uint32_t reg, uint32_t v);

/* A queue pair whose descriptors the test writes itself, in pages of the function; 16 descriptors, 2 KiB buffers. */
struct dev_raw {
	struct snic_txq tx;
	struct snic_rxq rx;
	struct snic_qw2 *tx_ring, *rx_ring, *cpl;
	const struct snic_qw2 *wb;
	uint8_t *buf;
	uint64_t buf_bus, wb_bus;
	unsigned int func, queue;
};
#define RAW_LOG2 4
#define RAW_BUF 2048u
void raw_open(struct dev *d, struct dev_raw *r, unsigned int func, unsigned int queue, int vector);
/* Stops and starts both rings, from descriptor 0. */
void raw_restart(struct dev *d, struct dev_raw *r, int vector);
void raw_tx_desc(struct dev_raw *r, unsigned int k, uint64_t addr, unsigned int len);
void raw_rx_desc(struct dev_raw *r, unsigned int k, uint64_t addr);
uint64_t raw_wb(const struct dev_raw *r, unsigned int lsb, unsigned int width);
#define RAW_WB(r, f) raw_wb(r, SNIC_F(TX_WB, f))

#endif
