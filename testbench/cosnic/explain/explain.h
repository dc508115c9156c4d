/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `cosnic explain`: one frame's way through the card, found out in three ways that share nothing: what the reference says of
 * headers and tables, where the RTL had it and when, and where the timing model thinks that it is.
 */
#ifndef COSNIC_EXPLAIN_H
#define COSNIC_EXPLAIN_H

#include <stdio.h>

#include "options.h"
#include "snic_ref.h"
#include "traffic.h"

/* Where a frame is, in the order in which it comes there: EXPLAIN_ROW(NAME, "label") */
#define EXPLAIN_ROWS(X)                                                                                      \
	X(WIRE_IN, "wire in")                                                                                \
	X(DOORBELL, "doorbell")                                                                              \
	X(TX_ENGINE, "TX engine")                                                                            \
	X(TX_READ, "reads of host memory")                                                                   \
	X(PARSER, "parser")                                                                                  \
	X(PIPE, "flow table, forwarding")                                                                    \
	X(RX_ENGINE, "RX engine")                                                                            \
	X(RX_READ, "read of a descriptor")                                                                   \
	X(HOST, "writes into host memory")                                                                   \
	X(WIRE_OUT, "wire out")

enum explain_row {
#define X(name, label) ROW_##name,
	EXPLAIN_ROWS(X)
#undef X
		N_ROWS
};
extern const char *const explain_labels[N_ROWS];

#define EXPLAIN_MAX_SPANS 24
#define EXPLAIN_MAX_LINES 64
#define EXPLAIN_MAX_OUT 4 /* copies that are named; the rest is a number */

/* In ns from when the frame's first bit is on the wire, or from when the host rings the doorbell. */
struct explain_span {
	double from, to;
};

/* When the frame was in each row. */
struct explain_times {
	struct explain_span span[N_ROWS][EXPLAIN_MAX_SPANS];
	unsigned int n[N_ROWS];
	double latency; /* last bit in, or doorbell, to last byte in host memory, or last bit out; 0: it did not come out */
};

struct explain {
	const struct options *o;
	const char *file;
	uint64_t record;
	enum lane_dir dir;
	struct traffic_frame frame;
	struct snic_ref_headers headers;
	struct snic_flow_key key;
	struct {
		char table[20], text[140];
	} line[EXPLAIN_MAX_LINES];
	unsigned int n_lines;
	struct snic_ref_out out[EXPLAIN_MAX_OUT];
	unsigned int n_out;
	const char *drop; /* counter of the drop, NULL: none */
	double first_bit; /* where the wire begins, and the frame ends on it: 0 from the host */
	struct explain_times measured, predicted;
};

/* explain_run.c: the RTL. 0, or -errno with a line in err. */
int explain_measure(struct explain *e, char *err, size_t err_size);
/* explain_model.c */
int explain_predict(struct explain *e, char *err, size_t err_size);
/* Adds a span, joined with the one before when they touch (within so many ns). */
void explain_add(struct explain_times *t, enum explain_row row, double from, double to, double gap);
/* explain_headers.c: what a header says, in a line. */
const char *explain_header_name(enum snic_ref_header kind);
void explain_header_text(const struct explain *e, unsigned int header, char *text, size_t size);
/* A field of the key that is not zero, by ovs-ofctl's names where it has them; false: no more. *field counts from 0. */
bool explain_key(const struct explain *e, unsigned int *field, char *text, size_t size);
/* "vf2/q1" */
void explain_out_text(const struct snic_ref_out *o, char *text, size_t size);

void explain_text(const struct explain *e, FILE *f);
void explain_svg(const struct explain *e, FILE *f);

#endif
