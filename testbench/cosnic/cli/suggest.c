/* SPDX-License-Identifier: BSD-2-Clause */
#include "suggest.h"

#include <string.h>

#define MAX_WORD 32

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* Letters to insert, drop, change or swap with their neighbour. */
static unsigned int distance(const char *a, size_t n, const char *b, size_t m)
{
	unsigned int d[MAX_WORD + 1][MAX_WORD + 1];
	size_t i, k;

	for (i = 0; i <= n; i++)
		d[i][0] = (unsigned int)i;
	for (k = 0; k <= m; k++)
		d[0][k] = (unsigned int)k;
	for (i = 1; i <= n; i++) {
		for (k = 1; k <= m; k++) {
			d[i][k] = least(d[i - 1][k] + 1, d[i][k - 1] + 1);
			d[i][k] = least(d[i][k], d[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	}
	return d[n][m];
}

void suggest(struct suggestion *s, const char *word, const char *candidate)
{
	size_t n = strlen(word), m = strlen(candidate);
	unsigned int far;

	if (n < 2 || n > MAX_WORD || m > MAX_WORD)
		return;
	far = distance(word, n, candidate, m);
	if (far > 1 + n / 4 || (s->best && far >= s->distance))
		return;
	s->best = candidate;
	s->distance = far;
}
