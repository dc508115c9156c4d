/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Captures as one stream of frames: files in turn, `loop` times, read as they are needed (capfile.h says which). What cannot be replayed is skipped, counted by cause, and reported once per file and cause.
 */
#ifndef COSNIC_TRACE_H
#define COSNIC_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edit.h"
#include "pick.h"
#include "segment.h"
#include "snic_contract.h"

/* TRACE_CAUSE(enum, "key under trace.skipped", "remedy") */
#define TRACE_CAUSES(X)                                                                                      \
	X(FILE, "unreadable_file", "check the path and that it is a pcap or pcapng file")                    \
	X(LINKTYPE, "link_type", "neither Ethernet nor IP in a header that can be exchanged for one")        \
	X(TRUNCATED, "truncated_file", "the records before it are replayed; copy the file again")            \
	X(SNAPLEN, "cut_by_snaplen", "--fixlen pad or trunc, or capture with tcpdump -s 0")                  \
	X(RUNT, "no_ethernet_header", "shorter than 14 bytes: nothing to forward")                           \
	X(OVERSIZE, "over_9216", "larger than any frame of the wire (GSO): capture with GRO/TSO off")

enum trace_cause {
#define X(name, key, remedy) TRACE_##name,
	TRACE_CAUSES(X)
#undef X
		TRACE_N_CAUSES
};
extern const char *const trace_cause_keys[TRACE_N_CAUSES];
/* It is of a whole file, not of a record. */
static inline bool trace_cause_of_file(enum trace_cause cause)
{
	return cause == TRACE_FILE || cause == TRACE_TRUNCATED;
}

/* A frame has to fit with 14 bytes of Ethernet and a tag. */
#define TRACE_MTU_MIN 576u
#define TRACE_MTU_MAX (SNIC_FRAME_MAX - 18u)

struct trace_frame {
	const uint8_t *data; /* valid until the next trace_next() */
	size_t len;	     /* without FCS, 60..9216: shorter ones are padded with zeros */
	uint64_t number;     /* counts frames handed out, from 0 */
	uint64_t ts_ns; /* capture time since the first frame, never going back; UINT64_MAX: more than fits */
	const struct segment *cut; /* the longer frame that it is of, or NULL; valid until its last one */
};

/* What was done to frames, or found in them, that a reader of results may want to know: X(enum, "key under trace") */
#define TRACE_NOTES(X)                                                                                       \
	X(FIXED_LEN, "fixed_len")     /* padded or cut, since the capture had cut them */                    \
	X(FCS_REMOVED, "fcs_removed") /* had an FCS in the file */                                           \
	X(NEW_HEADER, "new_header")   /* given an Ethernet header for one of another link type */            \
	X(STEPS_BACK, "steps_back")   /* the capture's clock stepped back before them */                     \
	X(NO_TIME, "no_time")	      /* without a time stamp */                                             \
	X(GAPS_CUT, "gaps_cut")	      /* after a gap over the limit */                                       \
	X(FILTERED, "filtered")	      /* not asked for */                                                    \
	X(SEGMENTED, "segmented")     /* longer than the MTU, and cut */                                     \
	X(FIXED_CSUM, "fixed_csum")   /* had a wrong checksum, which was repaired */

enum trace_note {
#define X(name, key) TRACE_NOTE_##name,
	TRACE_NOTES(X)
#undef X
		TRACE_N_NOTES
};
extern const char *const trace_note_keys[TRACE_N_NOTES];

/* What becomes of frames that were cut when they were captured. */
enum trace_fixlen {
	TRACE_FIXLEN_NONE, /* skipped */
	TRACE_FIXLEN_PAD,  /* zeros up to their length on the wire */
	TRACE_FIXLEN_TRUNC /* sent as they are in the file */
};

/* Of one pass. */
struct trace_counts {
	uint64_t packets, bytes; /* handed out */
	uint64_t padded;	 /* of these, padded to 60 bytes */
	uint64_t notes[TRACE_N_NOTES];
	uint64_t span_ns;	 /* time from first to last */
	uint64_t longest_gap_ns; /* as in the file */
	const char *longest_gap_file;
	uint64_t longest_gap_record;
	uint64_t skipped[TRACE_N_CAUSES];
};

/* Of another stream beside it. */
void trace_counts_add(struct trace_counts *c, const struct trace_counts *other);

struct trace;

/* verbose: print a line per file and cause. NULL: out of memory. */
struct trace *trace_open(char *const *files, int n_files, uint64_t loop, bool verbose);
void trace_close(struct trace *t);
/* Before the first trace_next(). */
void trace_fixlen(struct trace *t, enum trace_fixlen how);
/* Which records, what is changed in them, and the MTU that longer ones are cut to (0: they stay). They must last. false: out of memory. */
bool trace_pick(struct trace *t, const struct pick *pick);
void trace_edit(struct trace *t, const struct edit *edit);
bool trace_segment(struct trace *t, unsigned int mtu);
/* A longer gap between two frames counts as one of so many ns. */
void trace_max_gap(struct trace *t, uint64_t ns);
/* fn is told of what is skipped in the first pass: of which file, and why. */
typedef void (*trace_skip_fn)(void *ctx, int file, enum trace_cause cause);
void trace_on_skip(struct trace *t, trace_skip_fn fn, void *ctx);
/* false: no more frames */
bool trace_next(struct trace *t, struct trace_frame *f);
/* Number of the last frame's record in its file, from 1 as Wireshark counts. */
uint64_t trace_record(const struct trace *t);
const struct trace_counts *trace_counted(const struct trace *t);
/* hex SHA-256 of a file; false when it cannot be read */
bool trace_sha256(const char *path, char hex[65]);

#endif
