/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a point is made of: the program (with driver, reference and timing model in it), the RTL library, the contents of all
 * files that it reads, its settings. A result is as good as new while all of these are the same, and only then.
 */
#ifndef BENCH_KEY_H
#define BENCH_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#define KEY_HEX 65 /* a SHA-256 in print */

/*
 * Adds `made_of` ({program, library, inputs: {path: hash}}) and `key` to a specification ({settings, files, predict_only,
 * contract}). A file that cannot be read has null for a hash: the run will say why.
 */
void key_add(json_t *spec);
/* The key of a specification; "": none. */
const char *key_of(const json_t *spec);
/* Which of the things is not the same in two of them, in text; "": none. */
void key_difference(const json_t *a, const json_t *b, char *text, size_t size);
void key_bytes(const void *bytes, size_t n, char hex[KEY_HEX]);

#endif
