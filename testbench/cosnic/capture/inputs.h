/* SPDX-License-Identifier: BSD-2-Clause */
/* Captures are read several times in a run: what was counted at first must be what was replayed, and what was predicted. */
#ifndef COSNIC_INPUTS_H
#define COSNIC_INPUTS_H

#include "options.h"

/* Remembers the files as they are now. */
void inputs_note(const struct options *o);
/* The name of one that was written to or replaced since; NULL: none. */
const char *inputs_changed(const struct options *o);

#endif
