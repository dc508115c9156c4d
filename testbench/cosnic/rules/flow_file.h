/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --flows FILE: masked rules, a line each, as ovs-ofctl add-flows reads them: priority=N,MATCH,actions=ACTIONS. What
 * ovs-ofctl dump-flows prints beside (counters, ages) is passed over. The higher priority wins, 32768 unless given.
 */
#ifndef COSNIC_FLOW_FILE_H
#define COSNIC_FLOW_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "snic_contract.h"

struct flow_rule {
	struct snic_flow_key key, mask;
	struct snic_actions act; /* an EDIT's id is its place in flow_rules.edit */
	uint16_t priority;
	uint64_t cookie;
	unsigned int line;
	char *text; /* as it stands in the file, without blanks around it */
};

struct flow_rules {
	struct flow_rule *rule;
	unsigned int n, n_masks, n_edits;
	struct snic_edit *edit; /* what the rules write, each once */
	unsigned int max_func;	/* the highest function that a rule names */
	unsigned int max_line;	/* ... and where */
	const char *path;
};

/* NULL: err says what is wrong, and where. path stays the caller's, and must last. */
struct flow_rules *flow_rules_read(const char *path, char *err, size_t err_size);
struct flow_rules *flow_rules_parse(FILE *f, const char *path, char *err, size_t err_size);
void flow_rules_free(struct flow_rules *r);

#endif
