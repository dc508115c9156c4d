/* SPDX-License-Identifier: BSD-2-Clause */
/* What a word that does not exist was meant to be. */
#ifndef COSNIC_SUGGEST_H
#define COSNIC_SUGGEST_H

struct suggestion {
	const char *best; /* NULL: nothing is near */
	unsigned int distance;
};

/* Keeps the candidate when it is nearer to the word than what was kept, and near enough to be meant. */
void suggest(struct suggestion *s, const char *word, const char *candidate);

#endif
