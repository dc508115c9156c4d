/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scoreboard: every frame that goes in is put to model/reference, every frame that comes out is compared with what
 * the reference said: bytes, destination, queue and completion fields, and order within (source queue, destination queue).
 */
#ifndef COSNIC_SCORE_H
#define COSNIC_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snic_ref.h"

#define SCORE_N_CAUSES 64 /* SNIC_STAT_* of the reference's drops */

struct score_totals {
	uint64_t offered;    /* frames */
	uint64_t expected;   /* copies that should come out */
	uint64_t compared;   /* copies that came out and were looked at */
	uint64_t mismatched; /* of these, not as expected; the first is in `first` */
	uint64_t lost;	     /* copies that did not come out (the device must have counted why) */
	uint64_t lost_alone; /* of these, the only copy of their frame */
	uint64_t
		lost_mirrors; /* of these, of frames that are in `dropped` too: a mirror gets what a rule drops */
	uint64_t outstanding;		  /* copies that may still come */
	uint64_t dropped[SCORE_N_CAUSES]; /* frames that the reference drops, by SNIC_STAT_DROP_* */
	char first[256];		  /* first mismatch: packet number, field, expected, got */
};

/* A copy that should come out. */
struct score_copy {
	uint64_t number, in_ps;
	uint32_t len;
	uint8_t *data;
	uint32_t rss, mark;
	int rule; /* as in snic_ref_out */
	uint16_t src, dst, tci;
	uint8_t src_queue, dst_queue, hit, perr, l3, l4, tun, il3, il4, l3ok, l4ok, il3ok, il4ok;
	bool frag, vlan_popped, ad, flooded;
};

struct score;

struct score *score_create(struct snic_ref *ref);
void score_destroy(struct score *s);

/* A frame goes in at time_ps. src_queue: TX queue of the function, 0 for a wire port. Returns the copies expected. */
int score_offer(struct score *s, uint16_t src_vport, uint8_t src_queue, const uint8_t *frame, size_t len,
		uint64_t number, uint64_t time_ps);
/* When the frame was complete at the device's edge, if that is known only later (wire: its last bit). */
void score_restamp(struct score *s, uint64_t time_ps);

/* A frame came out. *in_ps: when it went in, *src_vport: where. false: it was not expected, and counted as a mismatch. */
bool score_host(struct score *s, unsigned int func, unsigned int queue, const uint8_t *data, size_t len,
		const __u64 cpl[2], uint64_t *in_ps);
bool score_wire(struct score *s, unsigned int port, const uint8_t *data, size_t len, uint64_t *in_ps,
		uint16_t *src_vport);

/* SNIC_STAT_DROP_* that the last frame offered is dropped by; 0: by none. */
int score_cause(const struct score *s);
/* The copy that the last frame was that came out; NULL: none that was expected. It stays until the next offer. */
const struct score_copy *score_taken(const struct score *s);
/* fn is told of copies that did not come out, as that becomes known: when a later one of their order has, or at the end. */
typedef void (*score_lost_fn)(void *ctx, const struct score_copy *c);
void score_on_lost(struct score *s, score_lost_fn fn, void *ctx);

/* What is still outstanding is lost. */
void score_finish(struct score *s);
const struct score_totals *score_totals(const struct score *s);

#endif
