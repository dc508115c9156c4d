/* SPDX-License-Identifier: BSD-2-Clause */
/* A digest as CSV, a line for each run and direction, and as Markdown. */
#ifndef REPORT_TABLES_H
#define REPORT_TABLES_H

#include <jansson.h>
#include <stdio.h>

void tables_csv(const json_t *digest, FILE *f);
void tables_markdown(const json_t *digest, FILE *f);
/* Text for a cell of a Markdown table, which is also HTML. */
void tables_cell(FILE *f, const char *s);

#endif
