/* SPDX-License-Identifier: BSD-2-Clause */
/* --over "size=64,128;latency=400:1000:200": settings and the values that each goes through. */
#ifndef BENCH_OVER_H
#define BENCH_OVER_H

#include <jansson.h>

#define OVER_MAX_POINTS 10000u

/* [{"name": ..., "values": [...]}, ...], or NULL after one line on stderr. */
json_t *over_parse(const char *text);
/* How many points the axes span: 1 when there is none. */
size_t over_points(const json_t *axes);
/* Settings of point i, the last axis turning fastest. */
json_t *over_point(const json_t *axes, size_t i);

#endif
