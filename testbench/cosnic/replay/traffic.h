/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A capture as traffic of one direction: which function and queue sends or receives each frame, with the MAC addresses
 * rewritten so that it goes there, and when it is due. Replay and prediction both read this.
 */
#ifndef COSNIC_TRAFFIC_H
#define COSNIC_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"
#include "snic_ref.h"
#include "trace.h"

/* Directions; of those that end at wire port 1, each is one of its own. */
enum lane_dir { LANE_RX, LANE_TX, LANE_VF2VF, LANE_RX_P1, LANE_TX_P1, N_LANE };
extern const char *const lane_names[N_LANE];

static inline bool lane_from_wire(unsigned int d)
{
	return d == LANE_RX || d == LANE_RX_P1;
}

static inline unsigned int lane_port(unsigned int d)
{
	return d == LANE_RX_P1 || d == LANE_TX_P1;
}

static inline enum lane_dir lane_of(bool from_wire, unsigned int port)
{
	return from_wire ? (port ? LANE_RX_P1 : LANE_RX) : (port ? LANE_TX_P1 : LANE_TX);
}

struct traffic_frame {
	uint8_t data[SNIC_FRAME_MAX];
	size_t len;
	uint64_t number;
	uint64_t due_ps;		  /* pacing; 0 at top speed */
	unsigned int src_func, src_queue; /* LANE_TX, LANE_VF2VF */
	unsigned int dst_func, dst_queue; /* LANE_RX, LANE_VF2VF */
	struct snic_ref_parse parse;
	uint32_t rss;
	/* The longer frame that the card shall cut, of which this is the first segment, or a later one: valid until the last one. */
	const struct segment *cut;
	bool cut_first;
};

struct traffic;

/* Frames by the line of --map that has them, as far as they were handed out; the last: those that none has. NULL: no map. */
const uint64_t *traffic_mapped(const struct traffic *t);

/* The captures for a port as the options say; NULL: out of memory. */
struct trace *traffic_trace(const struct options *o, unsigned int port, uint64_t loop, bool verbose);
/* Each port has a file of its own. */
bool traffic_own_files(const struct options *o);
/* verbose: report skips (one direction of a run does) */
struct traffic *traffic_open(const struct options *o, enum lane_dir dir, bool verbose);
void traffic_close(struct traffic *t);
bool traffic_next(struct traffic *t, struct traffic_frame *f);
uint64_t traffic_record(const struct traffic *t); /* as trace_record() */
const struct trace_counts *traffic_counts(const struct traffic *t);

/* The lanes of a --direction, as a bit mask. */
unsigned int traffic_lanes(const struct options *o);
/* The wire port that a function is on: with --ports 2 the odd VFs on port 0, the even ones on port 1. */
unsigned int traffic_func_port(const struct options *o, unsigned int func);
/* The Toeplitz key of a run, 40 bytes. */
const uint8_t *traffic_rss_key(void);
/* The MAC that the driver gives to a function. */
void traffic_func_mac(unsigned int func, uint8_t mac[6]);

#endif
