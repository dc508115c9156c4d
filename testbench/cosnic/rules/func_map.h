/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --map FILE: which function has which frames, a line each: WHAT FUNCTION[:QUEUE]. WHAT is a MAC address, an address or network (the
 * function's own: frames to it, and frames that it sends), a match as in --flows, or * for all that is left. The first
 * line that fits decides; QUEUE is the one that sends.
 */
#ifndef COSNIC_FUNC_MAP_H
#define COSNIC_FUNC_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "flow_text.h"

struct map_entry {
	struct flow_match from, to; /* of frames that the function sends, and of those for it */
	unsigned int func;
	int queue; /* -1: by the frame's hash */
	unsigned int line;
	char *text; /* as it stands in the file, without blanks around it */
};

/* VLANs on which functions get frames, a bit each; see setup.c. */
struct map_vlans {
	uint64_t func[4096][SNIC_N_FUNC / 64];
};

struct func_map {
	struct map_entry *entry;
	unsigned int n;
	const char *path;
	struct map_vlans *vlans; /* NULL: nobody has looked yet */
};

/* NULL: err says what is wrong, and where. path stays the caller's, and must last. */
struct func_map *func_map_read(const char *path, char *err, size_t err_size);
struct func_map *func_map_parse(FILE *f, const char *path, char *err, size_t err_size);
void func_map_free(struct func_map *m);
/* The line that has the frame with this key, as its sender's or as its receiver's; NULL: none. */
const struct map_entry *func_map_find(const struct func_map *m, const struct snic_flow_key *key, bool sender);

#endif
