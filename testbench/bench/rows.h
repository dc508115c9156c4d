/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of a suite, flat JSON objects: how figures get into them, and out as CSV and as a table for people. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include <stdio.h>

#include <jansson.h>

/* A figure as in all results, or a whole number. What is not known, NaN, is left out of the row. */
void row_number(json_t *row, const char *key, double v);
void row_count(json_t *row, const char *key, double v);
/* All keys of all rows, in the order in which they first come. */
void rows_csv(const json_t *rows, FILE *f);
/* These keys, separated by blanks, of those rows that have one of them; a key that no row has is left out. */
void rows_table(const json_t *rows, const char *keys, FILE *f);

#endif
