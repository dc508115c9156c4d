/* SPDX-License-Identifier: BSD-2-Clause */
/* The report as one HTML page that needs nothing else: style, plots' library, data and script are in it. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <jansson.h>
#include <stdio.h>

void page_write(const json_t *digest, FILE *f);

#endif
