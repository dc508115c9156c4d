/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writes pcapng (draft-ietf-opsawg-pcapng), one section, Ethernet, stamps in nanoseconds. libpcap, which reads it, writes pcap
 * only: no interfaces, no comments. A file takes its name when it is whole; what is no plain file (a pipe) is written as it comes.
 */
#ifndef COSNIC_PCAPNG_H
#define COSNIC_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pcapng;

struct pcapng_packet {
	unsigned int interface;
	uint64_t ns;
	const uint8_t *data;
	uint32_t len;
	bool out;	     /* it left by this interface: else it was received there */
	const char *comment; /* NULL: none */
	uint64_t id;	     /* the same in all copies of a frame; UINT64_MAX: none */
	int queue;	     /* -1: none */
	bool has_hash;
	uint32_t toeplitz;
};

/* NULL: err says why. */
struct pcapng *pcapng_create(const char *path, char *err, size_t err_size);
/* Any time before its first packet. Its number: they count from 0. */
unsigned int pcapng_interface(struct pcapng *w, const char *name, const char *description);
/* What cannot be written is remembered, and told by pcapng_close(). */
void pcapng_write(struct pcapng *w, const struct pcapng_packet *p);
/* fn may change each packet's comment, not its length, and says whether it did. A pipe's are out of reach. */
typedef bool (*pcapng_comment_fn)(void *ctx, char *comment, size_t len);
void pcapng_comments(struct pcapng *w, pcapng_comment_fn fn, void *ctx);
/* The errno of the first write that failed; 0: all well. */
int pcapng_error(const struct pcapng *w);
/* Ends the file. 0; or a negative errno, and there is no file. */
int pcapng_close(struct pcapng *w);

#endif
