/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of any origin for a terminal: control bytes are shown as '?', so that none of them acts on it. */
#ifndef COSNIC_PRINTABLE_H
#define COSNIC_PRINTABLE_H

#include <stddef.h>

/* In buf, cut to its size. Returns buf. */
static inline const char *printable(char *buf, size_t size, const char *s)
{
	size_t i;

	for (i = 0; s[i] && i + 1 < size; i++)
		buf[i] = (unsigned char)s[i] < 0x20 || s[i] == 0x7f ? '?' : s[i];
	buf[i] = 0;
	return buf;
}

#endif
