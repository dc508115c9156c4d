/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast traffic should go through the device, from its design and not from its RTL: a SystemC model
 * of stations, and a closed-form bound. Never links the RTL nor the door.
 */
#ifndef SNIC_PREDICT_H
#define SNIC_PREDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snic_contract.h"

#ifdef __cplusplus
extern "C" {
#endif

enum snic_predict_dir {
	SNIC_PREDICT_RX, /* wire port 0 */
	SNIC_PREDICT_TX,
	SNIC_PREDICT_VF2VF,
	SNIC_PREDICT_RX_P1, /* wire port 1 */
	SNIC_PREDICT_TX_P1,
	SNIC_PREDICT_N_DIR
};

/* So many reads took so long. */
struct snic_predict_bin {
	uint32_t ns;
	uint64_t count;
};

struct snic_predict_config {
	uint32_t clock_mhz, wire_gbps;
	uint32_t pcie_gen, pcie_lanes, mps, mrrs, rcb;
	uint32_t read_latency_ns, write_latency_ns;
	uint32_t read_jitter_ns; /* up to so much more a read */
	/* each read's latency is drawn from these, in place of read_latency_ns; NULL: it is not */
	const struct snic_predict_bin *read_bins;
	uint32_t n_read_bins;
	uint64_t seed;		       /* of what is drawn */
	uint32_t ring;		       /* descriptors of each ring, a power of two */
	uint32_t rx_stride, tx_stride; /* bytes from buffer to buffer; buffers of a queue start at a page */
	uint32_t cpl_timeout;	       /* cycles after which a part-filled completion line is written */
	uint32_t masks;		       /* masks that a search goes through, 0: no rules */
	uint32_t host_poll_ns;	       /* the host program looks at its rings every so often */
	uint32_t
		linger_ns; /* it runs on so long when the last frame is out: for the spans of what comes after */
	bool open_loop;	   /* a frame whose ring is full is dropped, and does not hold up those behind it */
};

/* A copy of a frame for a function. */
struct snic_predict_copy {
	uint16_t queue; /* id: function * 8 + queue */
	uint16_t len;
};

/* One frame that wants through, and what forwarding makes of it. */
struct snic_predict_frame {
	uint32_t len;			/* without FCS */
	uint32_t headers;		/* parser steps, see model/timing/README.md */
	uint16_t queue;			/* id of the queue that sends it, unless it comes from the wire */
	bool refused;			/* its sender may not send it: it is not looked up */
	bool flooded;			/* its functions are named by a bitmap */
	uint16_t wire_len[SNIC_N_PORT]; /* as it leaves by each wire port; 0: it does not */
	uint16_t n_copies;		/* for functions; none, and not to the wire: a rule drops it */
	const struct snic_predict_copy *copies; /* they stay until this direction's next frame is asked for */
	uint32_t flow;		/* hash of the flow key; its low bits are the set of the flow cache */
	uint64_t not_before_ps; /* pacing; 0: as fast as it goes */
	/* A segment that the card cuts off: bytes of headers, which it reads for each; 0: it is a frame of its own. */
	uint32_t head;
	uint32_t
		whole; /* of the first one: bytes of the frame that it is cut from; 0: of the same frame as the one before */
};

/* Next frame of a direction; false: no more. Called in order, one direction independent of the other. */
typedef bool (*snic_predict_next)(void *ctx, enum snic_predict_dir dir, struct snic_predict_frame *f);

/*
 * Offered is what came in this way, delivered what went out this way: copies from function to function of a frame for
 * the wire count as VF to VF.
 */
struct snic_predict_flow {
	uint64_t offered, delivered;
	uint64_t dropped;	  /* for want of room: frames at the wire, or copies for functions */
	uint64_t dropped_by_rule; /* frames that forwarding sends nowhere */
	uint64_t ring_full;	  /* of those offered, dropped by their senders */
	double mpps, gbps;	  /* steady state; Gb/s counts frame bytes with FCS */
	double offered_mpps, offered_gbps;
	double latency_ns_min, latency_ns_p50, latency_ns_p99, latency_ns_max;
	double bound_mpps; /* closed form, for the mean frame; 0: nothing goes out this way */
	const char *bound_station;
	double bound_wire_mpps,
		bound_pcie_mpps; /* of the wire and of the PCIe link alone; 0: no wire in it */
};

struct snic_predict_share {
	double mpps, gbps; /* steady state, as of the directions */
};

/*
 * A station was at work from then to then, since the start of the run; of DMA_TAGS: a read was asked for, and answered; of HOST:
 * a write is in its memory.
 */
struct snic_predict_span {
	unsigned int station; /* SNIC_N_STATION: the RX engine, with completions that it has gathered */
	double from_ps, to_ps;
};
#define SNIC_PREDICT_N_SPAN 256 /* the first of a run: enough to follow one frame */

struct snic_predict_result {
	struct snic_predict_flow flow[SNIC_PREDICT_N_DIR];
	struct snic_predict_share to_func[SNIC_N_FUNC], from_func[SNIC_N_FUNC]; /* what each got, and sent */
	/* by SNIC_STATION_*, 0..1: share of the time from the first frame to the last, see model/timing/README.md */
	double busy[SNIC_N_STATION];
	unsigned int bottleneck; /* the station that limits */
	double bound_us;	 /* run time of the closed form, microseconds */
	struct snic_predict_span spans[SNIC_PREDICT_N_SPAN];
	unsigned int n_spans;
};

/*
 * dirs: bit mask 1 << SNIC_PREDICT_*. 0; -EINVAL: a configuration that cannot be; -ETIMEDOUT: frames
 * inside that move no more for 5 ms of model time, out holds what is there; else another negative
 * errno. SystemC is started in a child process, so next is called there, and what it changes is lost
 * with it.
 */
int snic_predict(const struct snic_predict_config *cfg, unsigned int dirs, snic_predict_next next, void *ctx,
		 struct snic_predict_result *out);

/*
 * The same in two steps, so that the child can run beside its parent: what cfg and ctx point to may go once it is started. Each start
 * that returned 0 wants one wait; with out NULL that ends the child.
 */
struct snic_predict_run {
	int pid, fd;
};

/*
 * Rates of the same frames as somebody else measured them: n frames of a direction, in the order in which they came out, after the
 * first `before` of all `of`. Where the model delivers more or fewer, because others found no room, the same share of them.
 */
struct snic_predict_window {
	uint64_t before, n, of;
};

int snic_predict_start(const struct snic_predict_config *cfg, unsigned int dirs, snic_predict_next next,
		       void *ctx, struct snic_predict_run *run);
/* windows: by direction; NULL, or n of 0: the model's own, between 10 % and 95 % of what it delivers. */
int snic_predict_wait(const struct snic_predict_run *run, const struct snic_predict_window *windows,
		      struct snic_predict_result *out);

/* Published models of what PCIe carries: the link alone, and three NICs with their drivers. */
enum snic_nic {
	SNIC_NIC_LINK,	 /* reads or writes of data, nothing else */
	SNIC_NIC_SIMPLE, /* descriptor, doorbell and interrupt for each frame */
	SNIC_NIC_KERNEL, /* batches of a modern NIC (Intel 82599) with a Linux driver */
	SNIC_NIC_DPDK,	 /* the same with a driver that polls memory */
	SNIC_N_NIC
};

/* Gb/s of data: device to host alone, host to device alone, and each when both run at one rate. */
struct snic_nic_rates {
	double to_host, from_host, both;
};

/* Of cfg, only what is said of PCIe is looked at. 0, or -EINVAL: no such link, NIC or size. */
int snic_predict_nic(const struct snic_predict_config *cfg, enum snic_nic nic, unsigned int bytes,
		     struct snic_nic_rates *out);

#ifdef __cplusplus
}
#endif
#endif
