/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The door: everything that drives the device's RTL goes through these functions, in process, plain C.
 *
 * Time is in picoseconds of device time since reset. Nothing happens between calls; snic_sim_run_until() lets the
 * core clock run. Callbacks are called from inside it, at the device time that snic_sim_now() then says.
 * Host read latency, link bandwidth and credits are applied inside: a callback reads or writes memory at once.
 * A function that returns int returns 0, or a negative errno. What the card is, snic_sim_card() says (snic_card.h).
 */
#ifndef SNIC_SIM_H
#define SNIC_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snic_card.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Changes with any function or struct here: who loads the library at run time compares it with snic_sim_abi(). */
#define SNIC_SIM_ABI 7

#define SNIC_SIM_LATENCY_MAX_NS 1000000
#define SNIC_SIM_TIME_MAX_PS (1ull << 63) /* 106 days: no run goes on beyond */
#define SNIC_SIM_FAULT_NS_MAX 4000000000u

struct snic_sim;

/* So many reads took so long. */
struct snic_sim_bin {
	uint32_t ns;
	uint64_t count;
};

enum snic_sim_fault_kind {
	/* of a read of host memory: its answer ... */
	SNIC_SIM_FAULT_LATE = 1, /* comes ns later */
	SNIC_SIM_FAULT_LOST,	 /* never comes */
	SNIC_SIM_FAULT_UR,	 /* is an error, from byte `after` on: Unsupported Request, */
	SNIC_SIM_FAULT_CA,	 /* Completer Abort, */
	SNIC_SIM_FAULT_POISON,	 /* or data that is marked as bad */
	SNIC_SIM_FAULT_SPLIT,	 /* is cut at each read completion boundary */
	SNIC_SIM_FAULT_APART,	 /* comes a piece each ns: those of other reads between them */
	/* of the links */
	SNIC_SIM_FAULT_DOWN,  /* the wire of `port` is cut */
	SNIC_SIM_FAULT_SIZES, /* MPS and MRRS are others; 0: that of the configuration */
};

/* What goes wrong on purpose, and when. Zeros leave a field out: with none but kind and func, it is every read of func. */
struct snic_sim_fault {
	uint32_t kind;
	uint32_t func, n_func;	/* reads of these functions; n_func 0: one */
	uint64_t addr, n_addr;	/* that touch this memory; n_addr 0: any */
	uint64_t nth, n_read;	/* of these the nth on, counted from 1; n_read 0: one; nth 0: each */
	uint32_t millionths;	/* of these so many of a million, by seed; 0: each */
	uint64_t from_ps, n_ps; /* in this time of the device; n_ps 0: to the end */
	uint32_t ns, after, port, mps, mrrs;
};

struct snic_sim_config {
	uint32_t clock_mhz;  /* core clock, 50..2000; default 400 */
	uint32_t wire_gbps;  /* per port: 10, 25, 40, 50, 100, 200; default 100 */
	uint32_t pcie_gen;   /* 1..5; default 4 */
	uint32_t pcie_lanes; /* 1, 2, 4, 8, 16; default 16 */
	uint32_t mps;	     /* bytes, 128..4096, power of two; default 256 */
	uint32_t mrrs;	     /* bytes, 128..4096, power of two; default 512 */
	uint32_t rcb;	     /* read completion boundary, 64 or 128; default 64 */
	uint32_t
		read_latency_ns; /* from the last bit of a read request to the first of its data; default 600 */
	uint32_t write_latency_ns; /* one way: posted writes up, MMIO down; default 250 */
	uint32_t
		read_jitter_ns; /* 0, or up to so much more per read, from seed: completions overtake each other */
	/* measured: each read's latency is drawn from these, by seed, in place of read_latency_ns; NULL: it is not */
	const struct snic_sim_bin *read_bins; /* looked at by snic_sim_create() only */
	uint32_t n_read_bins;
	uint64_t seed;
	const struct snic_sim_fault *faults; /* from the start on; looked at by snic_sim_create() only */
	uint32_t n_faults;
	/* the device's time when reset ends: it has 48 bits, and all that compares it must live with its wrap */
	uint64_t start_cycles;
	bool no_jump; /* simulate every idle cycle */
	bool loop;    /* cable port 0 to port 1 */
	bool no_gate; /* clock the blocks that are idle, too */
	uint64_t
		watchdog_cycles; /* 0 = default; busy, nothing moves and nothing is on its way for so long: an error */
};

/* Host side callbacks. Reads and writes of memory return 0, or nonzero for "no such address" (UR). */
struct snic_sim_ops {
	int (*mem_read)(void *ctx, uint8_t func, uint64_t addr, void *buf, size_t len);
	int (*mem_write)(void *ctx, uint8_t func, uint64_t addr, const void *buf, size_t len);
	void (*msix)(void *ctx, uint8_t func, uint8_t vector);
	/* a whole frame left wire port `port`; its last bit at `time_ps`; without FCS */
	void (*wire_tx)(void *ctx, unsigned int port, const void *frame, size_t len, uint64_t time_ps);
};

struct snic_sim_stats {
	uint64_t cycles;		   /* core clock cycles of device time */
	uint64_t cycles_run;		   /* of these, simulated (the rest were jumped) */
	uint64_t up_bytes, down_bytes;	   /* on the PCIe link, overheads included */
	uint64_t up_busy_ps, down_busy_ps; /* time the link was sending */
	uint64_t wire_rx_frames[2], wire_tx_frames[2];
	/* of these, and of those towards the device: while the wire was cut */
	uint64_t wire_rx_lost[2], wire_tx_lost[2];
	/* TLPs and beats that have passed the device's ports: while they grow, the device works */
	uint64_t moves;
	/* something is on its way and arrives then, or the device waits for then; UINT64_MAX: neither */
	uint64_t due_ps;
	uint64_t tlp_hash; /* over every TLP with its time, both directions: equal runs have equal hashes */
};

/* What is behind the door: it lives as long as the library is loaded. Who loads it checks it (snic_door.h). */
const struct snic_card *snic_sim_card(void);

/* The card's own: another card's clock or wire may differ from what is said above. */
void snic_sim_config_default(struct snic_sim_config *cfg);
/* 0, or -EINVAL with a line that names the setting and its range in err */
int snic_sim_config_check(const struct snic_sim_config *cfg, char *err, size_t err_size);
int snic_sim_fault_check(const struct snic_sim_fault *f, char *err, size_t err_size);

/*
 * Reads a histogram: lines of "ns,count", # starts a comment. 0, and the bins are the caller's to free(); or a negative
 * errno, with a line that names file, line and remedy in err.
 */
int snic_sim_histogram(const char *path, struct snic_sim_bin **bins, uint32_t *n, char *err, size_t err_size);

/* NULL: see err. The device is out of reset and its tables are cleared when this returns. */
struct snic_sim *snic_sim_create(const struct snic_sim_config *cfg, const struct snic_sim_ops *ops, void *ctx,
				 char *err, size_t err_size);
void snic_sim_destroy(struct snic_sim *s);

/* Run to time_ps (no further). -EIO: an RTL assertion, the watchdog, or a time beyond the longest run; snic_sim_error() says which block. */
int snic_sim_run_until(struct snic_sim *s, uint64_t time_ps);
const char *snic_sim_error(const struct snic_sim *s);
uint64_t snic_sim_now(const struct snic_sim *s);
/* Time of the next thing that can happen, if no one calls in; UINT64_MAX: nothing ever. */
uint64_t snic_sim_next_event(const struct snic_sim *s);
/*
 * Before this time no host memory is read or written and no MSI-X sent, if no one calls in; UINT64_MAX: never. A host with
 * a clock of its own need not run the device sooner: what is sent only later arrives later still. (wire_tx says its time.)
 */
uint64_t snic_sim_next_delivery(const struct snic_sim *s);

/*
 * MMIO. offset as the BARs' bases have it. size 1, 2, 4 or 8, aligned. A write is posted: it arrives one write latency later. A read runs the device until its
 * completion is back, and returns all ones when the device is gone.
 */
void snic_sim_mmio_write(struct snic_sim *s, uint8_t func, uint32_t offset, uint64_t value,
			 unsigned int size);
uint64_t snic_sim_mmio_read(struct snic_sim *s, uint8_t func, uint32_t offset, unsigned int size);

/* Config space events of a function. */
void snic_sim_bus_master(struct snic_sim *s, uint8_t func, bool on);
void snic_sim_flr(struct snic_sim *s, uint8_t func);

/* MPS and MRRS from now on, as a host sets them in Device Control; -EINVAL: no power of two from 128 to 4096. */
int snic_sim_sizes(struct snic_sim *s, uint32_t mps, uint32_t mrrs);

/*
 * A fault in words: KIND[:KEY=VALUE,...], such as "late:func=1-8,ns=5000" or "down:port=0,from=20000,to=30000". README.md has
 * the table. 0, or -EINVAL with a line in err.
 */
int snic_sim_fault_parse(const char *text, struct snic_sim_fault *f, char *err, size_t err_size);
/*
 * Faults while the device runs, from now on: a number for the other two, or -EINVAL. Clearing -1 clears all, those of the
 * configuration (which are 0, 1, ...) too. Hits are the reads that a fault has changed, also of one that was cleared.
 */
int snic_sim_fault_add(struct snic_sim *s, const struct snic_sim_fault *f);
int snic_sim_fault_clear(struct snic_sim *s, int id);
uint64_t snic_sim_fault_hits(const struct snic_sim *s, int id);

/*
 * A frame (without FCS; bad_fcs marks one that arrives damaged) onto the wire towards `port`: its first bit not before
 * time_ps nor before the frame before it has ended with its gap. Returns the time of its last bit in *end_ps.
 * -ENOSPC: more than 4096 frames wait; run the device first.
 */
int snic_sim_wire_rx(struct snic_sim *s, unsigned int port, const void *frame, size_t len, bool bad_fcs,
		     uint64_t time_ps, uint64_t *end_ps);
size_t snic_sim_wire_rx_pending(const struct snic_sim *s, unsigned int port);

/* Waveform (FST) between two times; needs the trace build of the library. -ENOTSUP otherwise. */
int snic_sim_wave(struct snic_sim *s, const char *path, uint64_t from_ps, uint64_t to_ps);

void snic_sim_stats(const struct snic_sim *s, struct snic_sim_stats *out);

/*
 * For who follows a frame from edge to edge: a bit for each block that has or holds work now (0 to 15, as the device says
 * it), and above them one for each of the device's ports at which something has passed since the last call.
 */
enum snic_sim_activity {
	SNIC_SIM_BUSY_WIRE_RX,
	SNIC_SIM_BUSY_PKT_BUF = 2, /* three: wire port 0, 1, functions */
	SNIC_SIM_BUSY_PARSER = 5,  /* three */
	SNIC_SIM_BUSY_PIPE = 8,
	SNIC_SIM_BUSY_WIRE_TX,
	SNIC_SIM_BUSY_TX_ENGINE = 11,
	SNIC_SIM_BUSY_RX_ENGINE,
	SNIC_SIM_BUSY_RD_ARB,
	SNIC_SIM_BUSY_UP_ARB,
	SNIC_SIM_BUSY_REGS,
	SNIC_SIM_PASSED_UP,	 /* a beat of a TLP with data */
	SNIC_SIM_PASSED_READ,	 /* a read request */
	SNIC_SIM_PASSED_CPL,	 /* a beat of an answer */
	SNIC_SIM_PASSED_MMIO,	 /* an access of a register */
	SNIC_SIM_PASSED_RX,	 /* two: a beat from wire port 0, 1 */
	SNIC_SIM_PASSED_TX = 22, /* two: a beat to wire port 0, 1 */
	SNIC_SIM_N_ACTIVITY = 24
};
uint32_t snic_sim_activity(struct snic_sim *s);
/* What was built: "fast", "checked" (assertions), "trace" or "coverage". */
const char *snic_sim_flavour(void);
unsigned int snic_sim_abi(void);

#ifdef __cplusplus
}
#endif
#endif
