/* SPDX-License-Identifier: BSD-2-Clause */
#include "xml.h"

#include <string.h>

void xml_text(FILE *f, const char *s)
{
	for (; *s; s++) {
		/* U+FFFE and U+FFFF, which XML does not have */
		if (!strncmp(s, "\xef\xbf\xbe", 3) || !strncmp(s, "\xef\xbf\xbf", 3)) {
			fputc('?', f);
			s += 2;
			continue;
		}
		switch (*s) {
		case '&':
			fputs("&amp;", f);
			break;
		case '<':
			fputs("&lt;", f);
			break;
		case '>':
			fputs("&gt;", f);
			break;
		case '"':
			fputs("&quot;", f);
			break;
		default:
			/* XML has no way to write other control characters */
			fputc((unsigned char)*s < ' ' && *s != '\n' && *s != '\t' ? '?' : *s, f);
		}
	}
}
