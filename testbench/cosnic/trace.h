/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Captures as one stream of frames: files in turn, `loop` times, read as they are needed (pcap and pcapng, micro- and
 * nanoseconds, gzip too). What cannot be replayed is skipped, counted by cause, and reported once per file and cause.
 */
#ifndef COSNIC_TRACE_H
#define COSNIC_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* TRACE_CAUSE(enum, "key under trace.skipped", "remedy") */
#define TRACE_CAUSES(X)                                                                                      \
	X(FILE, "unreadable_file", "check the path and that it is a pcap or pcapng file")                    \
	X(LINKTYPE, "link_type", "only Ethernet is replayed; convert the capture")                           \
	X(TRUNCATED, "truncated_file", "the records before it are replayed; copy the file again")            \
	X(INTERFACES, "mixed_interfaces",                                                                    \
	  "the records before it are replayed; give each interface a file of its own")                       \
	X(SNAPLEN, "cut_by_snaplen", "capture with a larger snap length (tcpdump -s 0)")                     \
	X(RUNT, "no_ethernet_header", "shorter than 14 bytes: nothing to forward")                           \
	X(OVERSIZE, "over_9216", "larger than any frame of the wire (GSO): capture with GRO/TSO off")

enum trace_cause {
#define X(name, key, remedy) TRACE_##name,
	TRACE_CAUSES(X)
#undef X
		TRACE_N_CAUSES
};
extern const char *const trace_cause_keys[TRACE_N_CAUSES];

struct trace_frame {
	const uint8_t *data; /* valid until the next trace_next() */
	size_t len;	     /* without FCS, 60..9216: shorter ones are padded with zeros */
	uint64_t number;     /* counts frames handed out, from 0 */
	uint64_t ts_ns;	     /* capture time since the first frame, never going back */
};

struct trace_counts {
	uint64_t packets, bytes; /* handed out in one pass */
	uint64_t padded;	 /* of these, padded to 60 bytes */
	uint64_t skipped[TRACE_N_CAUSES];
};

struct trace;

/* verbose: print a line per file and cause. NULL: out of memory. */
struct trace *trace_open(char *const *files, int n_files, uint64_t loop, bool verbose);
void trace_close(struct trace *t);
/* false: no more frames */
bool trace_next(struct trace *t, struct trace_frame *f);
const struct trace_counts *trace_counted(const struct trace *t);
/* hex SHA-256 of a file; false when it cannot be read */
bool trace_sha256(const char *path, char hex[65]);

#endif
