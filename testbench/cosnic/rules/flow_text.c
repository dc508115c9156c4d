/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE /* getline() */
#include "flow_text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAX_LINE 65536

bool flow_fail(const struct flow_line *line, const char *at, const char *fmt, ...)
{
	int n = snprintf(line->err, line->err_size, "%s:%u:%zu: ", line->path, line->number,
			 (size_t)(at - line->text) + 1);
	va_list ap;

	if (n < 0 || (size_t)n >= line->err_size)
		return false;
	va_start(ap, fmt);
	vsnprintf(line->err + n, line->err_size - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

/* false: nothing is left. */
static bool trim(char *text, const char **start)
{
	char *end;

	text[strcspn(text, "#\r\n")] = 0;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		*--end = 0;
	for (*start = text; isspace((unsigned char)**start); (*start)++)
		;
	return **start != 0;
}

bool flow_lines(FILE *f, const char *path, char *err, size_t err_size, flow_line_fn fn, void *ctx)
{
	struct flow_line line = { .path = path, .err = err, .err_size = err_size };
	char *text = NULL;
	const char *start;
	size_t room = 0;
	bool ok = true;
	ssize_t n;

	while (ok && (n = getline(&text, &room, f)) >= 0) {
		line.number++;
		line.text = text;
		if ((size_t)n != strlen(text))
			ok = flow_fail(&line, text + strlen(text), "a zero byte: is this a text file?");
		else if (n >= MAX_LINE)
			ok = flow_fail(&line, text, "longer than %d characters: is this a text file?",
				       MAX_LINE);
		else if (trim(text, &start))
			ok = fn(ctx, &line, start);
	}
	free(text);
	if (ok && ferror(f)) {
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
		ok = false;
	}
	return ok;
}

static bool parts(char c)
{
	return c == ',' || isspace((unsigned char)c);
}

/* Where the value that begins at `at` ends; commas in brackets are its own. */
static const char *value_end(const char *at, const char *end)
{
	int depth = 0;

	for (; at < end; at++) {
		if (*at == '(' || *at == '[')
			depth++;
		else if (depth && (*at == ')' || *at == ']'))
			depth--;
		else if (!depth && parts(*at))
			break;
	}
	return at;
}

bool flow_next_word(const char **at, const char *end, struct flow_word *key, struct flow_word *value)
{
	const char *p = *at;

	while (p < end && parts(*p))
		p++;
	key->at = p;
	while (p < end && !parts(*p) && *p != '=' && *p != ':' && *p != '(')
		p++;
	key->len = (size_t)(p - key->at);
	value->at = NULL;
	value->len = 0;
	if (p < end && !parts(*p)) {
		value->at = *p == '(' ? p : p + 1;
		p = value_end(value->at, end);
		value->len = (size_t)(p - value->at);
	}
	*at = p;
	return key->len || value->at;
}

bool flow_word_is(const struct flow_word *w, const char *name)
{
	return w->len == strlen(name) && !strncasecmp(w->at, name, w->len);
}

/* As a string, for what reads strings; false: too long for any value. */
static bool copy(const struct flow_word *w, char *buf, size_t size)
{
	if (!w->at || !w->len || w->len >= size)
		return false;
	memcpy(buf, w->at, w->len);
	buf[w->len] = 0;
	return true;
}

bool flow_number(const struct flow_word *w, uint64_t max, uint64_t *out)
{
	unsigned int base = 10;
	uint64_t v = 0;
	size_t i = 0;

	if (!w->at || !w->len)
		return false;
	if (w->len > 2 && w->at[0] == '0' && (w->at[1] == 'x' || w->at[1] == 'X')) {
		base = 16;
		i = 2;
	}
	for (; i < w->len; i++) {
		int c = tolower((unsigned char)w->at[i]);
		unsigned int digit = isdigit(c) ? (unsigned int)(c - '0')
				     : c >= 'a' ? (unsigned int)(c - 'a') + 10
						: 99;

		if (digit >= base || v > (max - digit) / base || digit > max)
			return false;
		v = v * base + digit;
	}
	*out = v;
	return true;
}

bool flow_mac(const struct flow_word *w, uint64_t *out)
{
	size_t i;

	*out = 0;
	if (!w->at || w->len != 17)
		return false;
	for (i = 0; i < 17; i++) {
		int c = tolower((unsigned char)w->at[i]);

		if (i % 3 == 2 ? c != ':' : !isxdigit(c))
			return false;
		if (i % 3 != 2)
			*out = *out << 4 | (unsigned int)(isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	return true;
}

bool flow_address(const struct flow_word *w, int family, uint32_t dw[4])
{
	char text[INET6_ADDRSTRLEN];
	uint8_t b[16] = { 0 };
	unsigned int i;

	if (!copy(w, text, sizeof(text)) ||
	    inet_pton(family == 4 ? AF_INET : AF_INET6, text, family == 4 ? b + 12 : b) != 1)
		return false;
	for (i = 0; i < 4; i++)
		dw[i] = (uint32_t)b[12 - 4 * i] << 24 | (uint32_t)b[13 - 4 * i] << 16 |
			(uint32_t)b[14 - 4 * i] << 8 | b[15 - 4 * i];
	return true;
}

bool flow_network(const struct flow_word *w, int family, uint32_t dw[4], uint32_t mask[4])
{
	const char *slash = w->at ? memchr(w->at, '/', w->len) : NULL;
	struct flow_word address = *w, length = { NULL, 0 };
	uint64_t bits = family == 4 ? 32 : 128;
	unsigned int i;

	if (slash) {
		address.len = (size_t)(slash - w->at);
		length = (struct flow_word){ slash + 1, w->len - address.len - 1 };
	}
	if (!flow_address(&address, family, dw))
		return false;
	if (!slash || flow_number(&length, bits, &bits)) {
		unsigned int clear = (family == 4 ? 32 : 128) - (unsigned int)bits; /* of the low bits */

		for (i = 0; i < 4; i++) {
			mask[i] = clear >= 32 ? 0 : ~0u << clear;
			clear -= clear >= 32 ? 32 : clear;
			if (family == 4 && i)
				mask[i] = 0;
		}
	} else if (!flow_address(&length, family, mask)) {
		return false;
	}
	for (i = 0; i < 4; i++)
		dw[i] &= mask[i];
	return true;
}

bool flow_port(const struct flow_word *w, uint16_t *vport)
{
	struct flow_word digits = { w->at + 2, w->len - 2 }, behind = { w->at + 6, w->len - 6 };
	uint64_t v;

	if (!w->at)
		return false;
	if (flow_word_is(w, "p0") || flow_word_is(w, "p1"))
		v = (uint64_t)SNIC_VPORT_WIRE0 + (uint64_t)(w->at[1] - '0');
	else if (flow_word_is(w, "pf") || flow_word_is(w, "LOCAL"))
		v = 0;
	else if (w->len > 2 && !strncasecmp(w->at, "vf", 2)) {
		if (!flow_number(&digits, SNIC_N_FUNC - 1, &v) || !v)
			return false;
	} else if (w->len > 6 && !strncasecmp(w->at, "tunnel", 6)) {
		if (!flow_number(&behind, SNIC_N_TUNNEL - 1, &v))
			return false;
		v += SNIC_VPORT_TUNNEL;
	} else if (!flow_number(w, SNIC_VPORT_WIRE1, &v)) {
		return false;
	}
	*vport = (uint16_t)v;
	return true;
}
