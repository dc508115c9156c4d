/* SPDX-License-Identifier: BSD-2-Clause */
#include "settings.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "ethernet.h"

#define TRAFFIC_FILE "traffic.pcap"
#define POINT_BYTES 3000000u /* of frames on the wire in one point, unless it says how many frames */
#define POINT_FRAMES_MIN 1000u
#define POINT_FRAMES_MAX 25000u
/*
 * Of a mix, which ones find room on an overloaded card decides how many come through: by that, runs of 8,000 frames of three
 * sizes differ by 2.4 % (standard deviation of prediction less measurement), runs of so many by 0.8 %. Likewise where some frames wait
 * for a search and others do not: 65 B, 64 VFs, half of them searched, 2.1 % with 25,000 and 0.3 % with so many.
 */
#define POINT_FRAMES_MIX 60000u
/*
 * A function sends its first frames one by one until it has shown that its memory answers in time, and what piles up elsewhere in the
 * meantime runs off in the window of a shorter run: 255 VFs with 8 frames of 1518 B each received 4.8 % above line rate. (Not of the
 * longest frames, of which so many would take minutes.)
 */
#define POINT_FRAMES_FUNC 20u
#define POINT_BYTES_FUNC 10000000u
#define POINT_SIZE 64u
#define POINT_FLOWS 256u
#define POINT_RULES "4" /* when not every frame hits the flow cache */
#define IMIX_MEAN 360u	/* bytes with FCS; the mixes are within 10 % of each other */

/* Where results go, and what is shown, is for bench to say. */
static bool reserved(const char *name)
{
	static const char *const names[] = { "out", "output", "json", "quiet", "wave", "out-pcap" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool alias(const char *name)
{
	return !strcmp(name, "hit") || !strcmp(name, "latency") || !strcmp(name, "packets") ||
	       !strcmp(name, "load");
}

bool settings_known(const char *name)
{
	return alias(name) || (!reserved(name) && (option_find("replay", name) || option_find("gen", name)));
}

bool settings_flag(const char *name)
{
	const struct option_row *run = option_find("replay", name), *gen = option_find("gen", name);

	return (run && !run->value) || (gen && !gen->value);
}

/* A number without zeros that say nothing, in buf; its length, 0: it is none. */
static size_t plain(const char *text, size_t n, char *buf)
{
	size_t whole = strspn(text, "0123456789"), zeros = strspn(text, "0");
	size_t part = text[whole] == '.' ? 1 + strspn(text + whole + 1, "0123456789") : 0, len;

	if (!whole || whole + part != n || n >= 64)
		return 0;
	zeros -= zeros == whole;
	len = n - zeros;
	memcpy(buf, text + zeros, len);
	while (part && (buf[len - 1] == '0' || buf[len - 1] == '.') && part--)
		len--;
	buf[len] = 0;
	return len;
}

static const char *plain_number(const char *name, const char *value, char *buf)
{
	const char *to = strchr(value, '-');
	char last[64];
	size_t n;

	if (!to)
		return plain(value, strlen(value), buf) ? buf : value;
	if (strcmp(name, "size") != 0)
		return value;
	n = plain(value, (size_t)(to - value), buf);
	if (!n || !plain(to + 1, strlen(to + 1), last))
		return value;
	if (strcmp(buf, last) != 0) /* a range */
		snprintf(buf + n, 66, "-%s", last);
	return buf;
}

const char *settings_value(const char *name, const char *value, char *buf)
{
	bool file = !strcmp(name, "library") || !strcmp(name, "latency") || !strcmp(name, "read-latency") ||
		    !strcmp(name, "flows");
	bool number = *value >= '0' && *value <= '9' && strspn(value, "0123456789") == strlen(value);

	if (file && !number && realpath(value, buf))
		return buf;
	return plain_number(name, value, buf);
}

static int wrong(const char *name, const char *value, const char *why)
{
	fprintf(stderr, "cosnic: bench: %s=%s: %s\n", name, value, why);
	return EXIT_USAGE;
}

/* Puts an alias in the words of the options. value of `to` is that of `name` by the line a + b * value. */
static int resolve_alias(json_t *all, const char *name, const char *to, double a, double b)
{
	const char *value = json_string_value(json_object_get(all, name));
	char *end, text[32];
	double v;

	if (!value)
		return EXIT_OK;
	if (json_object_get(all, to))
		return wrong(name, value, "contradicts another name of the same setting; give one of them");
	if (*value == '/') { /* a file in place of a number */
		json_object_set(all, to, json_object_get(all, name));
		json_object_del(all, name);
		return EXIT_OK;
	}
	v = strtod(value, &end);
	if (end == value || *end || v < 0)
		return wrong(name, value, "must be a number from 0");
	snprintf(text, sizeof(text), "%.9g", a + b * v);
	json_object_set_new(all, to, json_string(text));
	json_object_del(all, name);
	return EXIT_OK;
}

static unsigned long value_of(const json_t *all, const char *name)
{
	const char *value = json_string_value(json_object_get(all, name));

	return value ? strtoul(value, NULL, 10) : 0;
}

static void set_default(json_t *all, const char *name, unsigned long value)
{
	char text[32];

	if (json_object_get(all, name))
		return;
	snprintf(text, sizeof(text), "%lu", value);
	json_object_set_new(all, name, json_string(text));
}

/* Mean frame with FCS; a size that is no number is a mix. */
static unsigned long mean_size(const json_t *all)
{
	unsigned long size = json_object_get(all, "size") ? value_of(all, "size") : POINT_SIZE;

	return size ? size : IMIX_MEAN;
}

double settings_line_mpps(const json_t *settings)
{
	unsigned long gbps = value_of(settings, "wire-gbps");
	struct snic_sim_config usual;

	snic_sim_config_default(&usual);
	return eth_line_mpps(gbps ? (double)gbps : usual.wire_gbps, (double)mean_size(settings));
}

/* What generated traffic needs and the point does not say. */
static void defaults(json_t *all)
{
	const char *unique = json_string_value(json_object_get(all, "unique"));
	bool searched = unique && strtod(unique, NULL) > 0;
	unsigned long vfs = value_of(all, "vfs"), most, n;

	set_default(all, "size", POINT_SIZE);
	most = POINT_BYTES_FUNC / (mean_size(all) + ETH_WIRE);
	n = POINT_BYTES * (searched ? 2 : 1) / (mean_size(all) + ETH_WIRE);
	if (n > (searched ? POINT_FRAMES_MIX : POINT_FRAMES_MAX))
		n = searched ? POINT_FRAMES_MIX : POINT_FRAMES_MAX;
	if (n < vfs * POINT_FRAMES_FUNC)
		n = vfs * POINT_FRAMES_FUNC < most ? vfs * POINT_FRAMES_FUNC : most;
	if (n < POINT_FRAMES_MIN)
		n = POINT_FRAMES_MIN;
	set_default(all, "count", value_of(all, "size") ? n : POINT_FRAMES_MIX);
	/* as many on each function, so that every flow comes again */
	set_default(all, "flows", vfs ? (POINT_FLOWS + vfs - 1) / vfs * vfs : POINT_FLOWS);
}

static void word(struct settings *s, char **argv, int *argc, const char *fmt, const char *a, const char *b)
{
	char *at = s->words[s->n_words++];

	snprintf(at, sizeof(s->words[0]), fmt, a, b);
	argv[(*argc)++] = at;
}

/* An option goes to each command that takes it; flows are a number of gen's, or a file of rules for captures that are given. */
static int put(struct settings *s, const char *name, const char *value)
{
	const bool to_gen = s->made && option_find("gen", name),
		   to_run = option_find("replay", name) && !(to_gen && !strcmp(name, "flows"));

	if (!settings_known(name))
		return wrong(name, value, "no such setting");
	if (strlen(name) + strlen(value) + 4 > sizeof(s->words[0]))
		return wrong(name, value, "too long");
	if (!to_gen && !to_run)
		return wrong(name, value, "shapes generated traffic, but captures are given");
	if (settings_flag(name)) {
		if (strcmp(value, "on") && strcmp(value, "off"))
			return wrong(name, value, "must be on or off");
		if (!strcmp(value, "on"))
			word(s, s->run_argv, &s->run_argc, "--%s%s", name, "");
		return EXIT_OK;
	}
	if (to_gen)
		word(s, s->gen_argv, &s->gen_argc, "--%s=%s", name, value);
	if (to_run)
		word(s, s->run_argv, &s->run_argc, "--%s=%s", name, value);
	return EXIT_OK;
}

static int parse(struct settings *s, const json_t *all, const json_t *files, const char *command)
{
	const char *name;
	json_t *value, *file;
	size_t i;
	int ret;

	word(s, s->gen_argv, &s->gen_argc, "%s%s", "gen", "");
	word(s, s->gen_argv, &s->gen_argc, "%s%s", "--quiet", "");
	word(s, s->run_argv, &s->run_argc, "%s%s", "cosnic", "");
	word(s, s->run_argv, &s->run_argc, "%s%s", command, "");
	word(s, s->run_argv, &s->run_argc, "%s%s", "--quiet", "");
	word(s, s->run_argv, &s->run_argc, "%s%s", "--out=.", "");
	json_object_foreach((json_t *)all, name, value)
	{
		if (s->n_words + 6 > 2 * SETTINGS_MAX || s->run_argc + 4 > SETTINGS_MAX)
			return wrong(name, json_string_value(value), "too many settings");
		ret = put(s, name, json_string_value(value));
		if (ret)
			return ret;
	}
	if (s->made) {
		word(s, s->gen_argv, &s->gen_argc, "-o%s%s", TRAFFIC_FILE, "");
		word(s, s->run_argv, &s->run_argc, "%s%s", TRAFFIC_FILE, "");
		ret = options_parse(&s->gen, "gen", s->gen_argc, s->gen_argv);
		if (!ret)
			ret = gen_check(&s->gen);
		if (ret)
			return ret;
		s->run.traffic = &s->gen;
	}
	json_array_foreach(files, i, file)
	{
		if (s->n_words == 2 * SETTINGS_MAX || s->run_argc == SETTINGS_MAX)
			return wrong("captures", json_string_value(file), "too many; join them by mergecap");
		if (strlen(json_string_value(file)) >= sizeof(s->words[0]))
			return wrong("captures", json_string_value(file), "the path is too long");
		word(s, s->run_argv, &s->run_argc, "%s%s", json_string_value(file), "");
	}
	ret = options_parse(&s->run, command, s->run_argc - 1, s->run_argv + 1);
	s->run.traffic = s->made ? &s->gen : NULL;
	return ret;
}

/* Whether these are texts, as they are when the command line was read; a file may have been written by hand. */
static int check_texts(const json_t *settings, const json_t *files)
{
	const char *name;
	json_t *v;
	size_t i;

	json_object_foreach((json_t *)settings, name, v)
	{
		if (!json_is_string(v))
			return usage_error("bench", "%s: must be text", name);
	}
	json_array_foreach(files, i, v)
	{
		if (!json_is_string(v))
			return usage_error("bench", "captures: must be text");
	}
	return EXIT_OK;
}

int settings_resolve(struct settings *s, const json_t *settings, const json_t *files, bool predict_only)
{
	const char *hit = json_string_value(json_object_get(settings, "hit"));
	json_t *all;
	int ret;

	memset(s, 0, sizeof(*s));
	if (check_texts(settings, files))
		return EXIT_USAGE;
	all = json_deep_copy(settings);
	s->made = !json_array_size(files);
	if (hit && !(strtod(hit, NULL) <= 1))
		ret = wrong("hit", hit, "must be a share from 0 to 1");
	else
		ret = resolve_alias(all, "hit", "unique", 1, -1);
	if (!ret)
		ret = resolve_alias(all, "latency", "read-latency", 0, 1);
	/* a capture that is made has the stamps of line rate; of one that is given they say nothing of it */
	if (!ret)
		ret = resolve_alias(all, "packets", s->made ? "count" : "limit", 0, 1);
	if (!ret && s->made)
		ret = resolve_alias(all, "load", "multiplier", 0, 0.01);
	if (!ret && hit && strtod(hit, NULL) < 1 && !json_object_get(all, "rules"))
		json_object_set_new(all, "rules", json_string(POINT_RULES));
	if (!ret && s->made)
		defaults(all);
	if (!ret)
		ret = parse(s, all, files, predict_only ? "predict" : "replay");
	json_decref(all);
	return ret;
}
