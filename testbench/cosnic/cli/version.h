/* SPDX-License-Identifier: BSD-2-Clause */
/* Which Cosnic this is. In an object of its own (build/gen/version.c): a commit compiles nothing else. */
#ifndef COSNIC_VERSION_H
#define COSNIC_VERSION_H

extern const char cosnic_release[];   /* the Makefile's VERSION */
extern const char cosnic_commit[64];  /* git describe, or "unknown" outside a repository */
extern const char cosnic_verilator[]; /* version of the Verilator at hand */

#endif
