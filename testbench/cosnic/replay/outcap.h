/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --out-pcap: what came out, as a capture. An interface for each queue of a function and each port that got a frame, and one for
 * what was dropped; a comment of KEY=VALUE words says what the card said of the frame. In the order of time, as far as it is
 * known then: a copy that is lost is known later.
 */
#ifndef COSNIC_OUTCAP_H
#define COSNIC_OUTCAP_H

#include "score.h"

struct outcap;

/* NULL: err says why. */
struct outcap *outcap_open(const char *path, char *err, size_t err_size);
/*
 * A frame as it came out, and what was expected: the copy, or NULL when nothing was. cpl: of the function that got it, NULL: it
 * left by a port.
 */
void outcap_delivered(struct outcap *c, uint16_t vport, unsigned int queue, const uint8_t *data, size_t len,
		      const __u64 *cpl, const struct score_copy *copy, uint64_t out_ps);
/* A frame that did not, when it went in, and why. */
void outcap_dropped(struct outcap *c, uint16_t src_vport, const uint8_t *data, size_t len, uint64_t number,
		    uint64_t in_ps, const char *cause);
/* A copy that did not, of which the card has counted somewhere that it is lost. */
void outcap_lost(struct outcap *c, const struct score_copy *copy);
/* Nothing that is told from now on is of before; what has waited for that is written. */
void outcap_upto(struct outcap *c, uint64_t ps);
/* The name of a vport: port0, pf, vf7. */
const char *outcap_vport(char *buf, size_t size, unsigned int vport);

/* What is known of a lost copy at the end of the run, and what it may have been lost to, as text in buf; "": nothing is known. */
struct outcap_lost {
	bool from_wire, to_wire, flooded;
};
typedef void (*outcap_cause_fn)(void *ctx, const struct outcap_lost *c, char *buf, size_t size);
/* EXIT_OK, or EXIT_INPUT after one line on stderr. Lost copies get their causes, unless what is written is no plain file. */
int outcap_close(struct outcap *c, outcap_cause_fn cause, void *ctx);

#endif
