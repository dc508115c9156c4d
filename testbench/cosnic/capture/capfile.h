/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records of one capture file, with all that the file says of them: pcap (libpcap's pcap-savefile(5): micro- and
 * nanoseconds, either byte order) and pcapng (draft-ietf-opsawg-pcapng), plain or compressed by gzip. libpcap reads both, but
 * hides what replay needs: octets of FCS, records longer than the snap length that the head of the file gives, interfaces
 * of different kinds, sections of different byte order, records without a stamp.
 */
#ifndef COSNIC_CAPFILE_H
#define COSNIC_CAPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* LINKTYPE_ values of tcpdump.org/linktypes.html */
enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_PPP_HDLC = 50,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_LINUX_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_LINUX_SLL2 = 276,
};

/* Longer ones are taken for damage, as libpcap does. */
#define CAPFILE_MAX_RECORD 262144u

struct capfile_record {
	const uint8_t *data;  /* valid until the next call */
	uint32_t caplen, len; /* bytes here, bytes on the wire; FCS included when fcs is not 0 */
	uint32_t fcs;	      /* octets of frame check sequence at the end of the frame */
	uint16_t link_type;
	bool has_time;
	bool little; /* byte order of the machine that wrote it: LINK_NULL's family is in it */
	int64_t ns;  /* since 1970, when has_time */
};

enum capfile_status {
	CAPFILE_RECORD,
	CAPFILE_END,
	CAPFILE_CUT,	/* the file ends within a record, or its compressed data too early */
	CAPFILE_DAMAGED /* what comes next is no record */
};

struct capfile;

/* From now on the file of this name is read from path: a copy of what can be read only once. false: out of memory. */
bool capfile_alias(const char *name, const char *path);
/* Where a file of this name is read from. */
const char *capfile_path(const char *name);
/* NULL: err says why. */
struct capfile *capfile_open(const char *path, char *err, size_t err_size);
/* With CUT and DAMAGED, err says what is wrong; then there is nothing more to come. */
enum capfile_status capfile_next(struct capfile *c, struct capfile_record *r, char *err, size_t err_size);
void capfile_close(struct capfile *c);

#endif
