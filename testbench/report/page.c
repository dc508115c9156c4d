/* SPDX-License-Identifier: BSD-2-Clause */
#include "page.h"

#include <stdlib.h>
#include <string.h>

/* page.S */
extern const char page_html[], page_style[], page_script[], page_library[], page_licence[];

static void put_raw(FILE *f, const char *text)
{
	fputs(text, f);
}

static void put_escaped(FILE *f, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", f);
		else if (*text == '&')
			fputs("&amp;", f);
		else
			fputc(*text, f);
	}
}

/* JSON inside of a script element: nothing in it may look like markup. Outside of strings these signs do not occur. */
static void put_data(FILE *f, const json_t *digest)
{
	char *text = json_dumps(digest, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(7)), *at;

	for (at = text; *at; at++) {
		if (*at == '<' || *at == '>' || *at == '&')
			fprintf(f, "\\u%04x", (unsigned int)*at);
		else
			fputc(*at, f);
	}
	free(text);
}

void page_write(const json_t *digest, FILE *f)
{
	static const struct {
		const char *name, *text;
		void (*put)(FILE *f, const char *text);
	} parts[] = {
		{ "style", page_style, put_raw },
		{ "library", page_library, put_raw },
		{ "script", page_script, put_raw },
		{ "licence", page_licence, put_escaped },
	};
	const char *at = page_html, *mark, *end;
	size_t i;

	/* @@name@@ stands for a part */
	while ((mark = strstr(at, "@@")) && (end = strstr(mark + 2, "@@"))) {
		fwrite(at, 1, (size_t)(mark - at), f);
		if (!strncmp(mark, "@@data@@", 8))
			put_data(f, digest);
		for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (strlen(parts[i].name) == (size_t)(end - mark - 2) &&
			    !strncmp(parts[i].name, mark + 2, (size_t)(end - mark - 2)))
				parts[i].put(f, parts[i].text);
		at = end + 2;
	}
	fputs(at, f);
}
