/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures for tests, put together byte by byte, so that they can also be wrong. */
#ifndef UNIT_CAPTURE_H
#define UNIT_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPTURE_US 0xa1b2c3d4u /* magic of pcap with microseconds */
#define CAPTURE_NS 0xa1b23c4du /* with nanoseconds */
#define CAPTURE_ETHERNET 1u
#define CAPTURE_RAW_IP 101u
#define CAPTURE_LINUX_SLL 113u

struct capture {
	uint8_t b[512 << 10];
	size_t len;
	bool swap; /* written by a machine of the other byte order */
};

void capture_put(struct capture *c, uint32_t v, unsigned int bytes);
/* n bytes: first, first + 1, ... */
void capture_fill(struct capture *c, size_t n, uint8_t first);

/* pcap. A record's bytes are data, or count up from `first`. */
void capture_begin(struct capture *c, uint32_t magic, uint32_t link_type);
void capture_record(struct capture *c, uint32_t sec, uint32_t frac, uint32_t captured, uint32_t length,
		    uint8_t first);
void capture_frame(struct capture *c, const void *data, uint32_t captured, uint32_t length);

/* pcapng: a section, interfaces that count nanoseconds, packet blocks */
void capture_ng_begin(struct capture *c);
/* with options: resolution (power of ten, or of two with bit 7), seconds to add, octets of FCS (0: not said) */
void capture_ng_interface_with(struct capture *c, uint32_t link_type, uint32_t snap_length,
			       uint8_t resolution, uint64_t offset_s, uint8_t fcs);
/* simple packet block: no stamp */
void capture_ng_simple(struct capture *c, uint32_t length, uint8_t first);
void capture_ng_interface(struct capture *c, uint32_t link_type, uint32_t snap_length);
void capture_ng_record(struct capture *c, uint32_t interface, uint64_t ns, uint32_t length, uint8_t first);

/* A failed test when it cannot be written. */
void capture_save(const struct capture *c, const char *path);
/* Compressed; cut: as if more had followed, and the file been cut there. */
void capture_save_gz(const struct capture *c, const char *path, bool cut);

#endif
