/* SPDX-License-Identifier: BSD-2-Clause */
/* What to do about a file that cannot be written. */
#ifndef COSNIC_ADVICE_H
#define COSNIC_ADVICE_H

/* By the errno: "free some space or choose" when there is none, else "choose". */
const char *advice_write(int err);

#endif
