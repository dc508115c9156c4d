/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Figures: what of a result must not change by itself, flat: {"measured.rx.mpps": 148.81, ...}. Of a folder, or kept in a
 * file, they are
 *   { "contract": "1.2", "count": points, "points": [ { "name", "status", "error", "figures": {...} } ] }
 * where the name is made of the settings, so that points find each other. Of a folder each point has its "speed" too, which
 * is the machine's, and the end of its "log" when it has no result.
 */
#ifndef REPORT_FIGURES_H
#define REPORT_FIGURES_H

#include <jansson.h>

/* Figures of a folder of results, a result.json or a file of figures; NULL after one line on stderr. */
json_t *figures_load(const char *path);
/* Writes a file of figures, a line each, so that a version control shows what changed. EXIT_OK or EXIT_INPUT. */
int figures_save(const json_t *figures, const char *path);

#endif
