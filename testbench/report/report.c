/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic report [DIR...] -o report.html: one page, and the same as CSV and Markdown beside it. */
#include "report.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cosnic.h"
#include "csit.h"
#include "digest.h"
#include "page.h"
#include "result.h"
#include "results.h"
#include "tables.h"
#include "trend.h"

#define HISTORY "results/history"

struct report_options {
	const char *html, *csit, *history;
	bool quiet;
	char **dirs;
	int n_dirs;
};

static int parse(struct report_options *o, int argc, char **argv)
{
	static char *usual[] = { "results" };
	const char *dot;
	int c;

	o->html = "results/report.html";
	optind = 0;
	while ((c = options_next("report", argc, argv)) != -1) {
		switch (c) {
		case OPT_PAGE:
			o->html = optarg;
			break;
		case OPT_HISTORY:
			o->history = optarg;
			break;
		case OPT_CSIT:
			o->csit = optarg;
			break;
		case OPT_REPORT_QUIET:
			o->quiet = true;
			break;
		default:
			return EXIT_USAGE;
		}
	}
	dot = strrchr(o->html, '.');
	if (!dot || strcmp(dot, ".html") != 0 || strlen(o->html) > PATH_MAX - 8)
		return usage_error("report", "%s: must be a file named .html", o->html);
	o->dirs = optind < argc ? argv + optind : usual;
	o->n_dirs = optind < argc ? argc - optind : 1;
	return EXIT_OK;
}

/* One of the files, whose name is that of the page with another ending. */
static int write_one(const struct report_options *o, const char *ending, const json_t *digest,
		     void (*write)(const json_t *digest, FILE *f))
{
	char path[PATH_MAX];
	FILE *f;
	int bad;

	snprintf(path, sizeof(path), "%.*s%s", (int)(strlen(o->html) - strlen(".html")), o->html, ending);
	f = fopen(path, "w");
	if (f) {
		write(digest, f);
		bad = ferror(f);
		bad |= fclose(f) != 0;
	}
	if (f && !bad) {
		if (!o->quiet)
			printf("report  %s\n", path);
		return EXIT_OK;
	}
	results_complain(NULL, "%s: %s; choose another -o", path, strerror(errno ? errno : ENOSPC));
	return EXIT_INPUT;
}

/* That of the page. */
static int make_folder(const char *html)
{
	const char *leaf = strrchr(html, '/');
	char dir[PATH_MAX];
	int ret;

	if (!leaf || leaf == html)
		return EXIT_OK;
	snprintf(dir, sizeof(dir), "%.*s", (int)(leaf - html), html);
	ret = result_folder(dir);
	if (ret)
		results_complain(NULL, "%s: %s; choose another -o", dir, strerror(-ret));
	return ret ? EXIT_INPUT : EXIT_OK;
}

int cmd_report(int argc, char **argv)
{
	struct report_options o = { 0 };
	struct results r = { 0 }, before = { 0 };
	json_t *digest;
	int ret, i;

	ret = parse(&o, argc, argv);
	if (!ret && !o.history && !access(HISTORY, F_OK))
		o.history = HISTORY;
	if (!ret && o.history)
		ret = results_add(&before, o.history);
	r.apart = &before;
	/* one of several that holds nothing is told, and is no reason to keep the others back */
	for (i = 0; !ret && i < o.n_dirs; i++)
		ret = results_add(&r, o.dirs[i]) && o.n_dirs == 1 ? EXIT_INPUT : EXIT_OK;
	if (!ret && !r.n)
		ret = EXIT_INPUT; /* all that was there was refused, and said so */
	if (!ret)
		ret = make_folder(o.html);
	if (ret) {
		results_free(&r);
		results_free(&before);
		return ret;
	}
	digest = digest_make(&r);
	trend_add(digest, &r, &before);
	if (write_one(&o, ".html", digest, page_write) || write_one(&o, ".csv", digest, tables_csv) ||
	    write_one(&o, ".md", digest, tables_markdown) || (o.csit && csit_write(&r, o.csit)))
		ret = EXIT_INPUT;
	json_decref(digest);
	results_free(&r);
	results_free(&before);
	return ret;
}
