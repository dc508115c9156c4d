/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of a suite, flat JSON objects, as CSV and as a table for people. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stdio.h>

#include <jansson.h>

/* All keys of all rows, in the order in which they first come. */
void rows_csv(const json_t *rows, FILE *f);
/* These keys, separated by blanks, of those rows that have one of them; a key that no row has is left out. */
void rows_table(const json_t *rows, const char *keys, FILE *f);

#endif
