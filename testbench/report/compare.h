/* SPDX-License-Identifier: BSD-2-Clause */
/* What changed between two folders of results, and whether that is beyond the limits; what CI systems read of it. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include <jansson.h>
#include <stdio.h>

/*
 * A comparison: { "base", "new" (paths), "contract", "exact",
 *   "summary": { "points", "same", "within", "beyond", "missing", "added", "figures" },
 *   "points": [ { "name", "verdict", "error", "changes": [ { "figure", "base", "new", "change_pct", "limit", "beyond" } ] } ] }
 * A change of latency by whole cycles of the core clock also has "change_cycles". Verdicts: same, within, beyond, missing (not in new, or did not run there), added (not in base). change_pct is null where
 * there is no percentage, limit (in print) where the figure may change as it likes. "log": the end of what a run has said that is missing.
 */

/* For people: a table on a terminal, and as Markdown. */
void compare_print(const json_t *comparison, FILE *f);
int compare_markdown(const json_t *comparison, const char *path);
/* For CI: the comparison itself, and JUnit XML with a test case a point. EXIT_OK or EXIT_INPUT after one line on stderr. */
int compare_json(const json_t *comparison, const char *path);
int compare_junit(const json_t *comparison, const char *path);
/* The same when there is nothing to compare: one test case, which failed. */
int compare_junit_refused(const char *why, const char *path);

#endif
