/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic card-test: the checks one after another, each in a process of its own; table, JSON, JUnit. */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "advice.h"
#include "card.h"
#include "cosnic.h"
#include "progress.h"
#include "result.h"
#include "xml.h"

#define LIMIT_S 300 /* of a check, unless --limit says: a card that hangs */
#define CHECKS 64

struct card_test {
	const char *library, *stimulus, *out, *only;
	uint32_t limit_s;
	bool quiet;
	struct snic_door door;
	struct snic_sim_config cfg;
	struct script *script;
	const struct check_row *row[CHECKS];
	struct check check[CHECKS];
	unsigned int n, count[3];
};

static const char *const verdicts[] = { "passed", "failed", "skipped" };

/* ---- a check, in a process */

static void in_child(const struct check_row *row, struct check *k, int to)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	row->fn(k);
	_exit(write(to, k, sizeof(*k)) != sizeof(*k));
}

/* What the process said, or how it ended. */
static void take(struct check *k, int from, pid_t pid, uint32_t limit_s)
{
	struct pollfd p = { from, POLLIN, 0 };
	const double limit = wall_seconds() + limit_s;
	struct check got;
	ssize_t n = -1;
	int status = 0;
	bool late;

	while (poll(&p, 1, 200) <= 0 && wall_seconds() < limit && !cosnic_interrupted)
		;
	late = !(p.revents & (POLLIN | POLLHUP));
	if (!late)
		n = read(from, &got, sizeof(got));
	if (n != sizeof(got))
		kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	if (n == sizeof(got)) {
		k->verdict = got.verdict;
		memcpy(k->what, got.what, sizeof(k->what));
		memcpy(k->rule, got.rule, sizeof(k->rule));
		return;
	}
	snprintf(k->rule, sizeof(k->rule), "%s", card_rules[RULE_ALIVE].name);
	if (late)
		check_says(k, FAILED, "no end within %u s: the library or the card hangs", limit_s);
	else if (WIFSIGNALED(status))
		check_says(k, FAILED, "the library ended the process by signal %d (%s)", WTERMSIG(status),
			   strsignal(WTERMSIG(status)));
	else
		check_says(k, FAILED, "the library ended the process with status %d", WEXITSTATUS(status));
}

static int run_check(struct card_test *t, unsigned int i)
{
	struct check *k = &t->check[i];
	int pipes[2];
	pid_t pid;

	k->door = &t->door;
	k->cfg = &t->cfg;
	k->script = t->script;
	if (t->row[i]->stimulated && !t->script) {
		check_says(k, SKIPPED, "it needs a stimulus: --stimulus FILE");
		return 0;
	}
	fflush(NULL);
	if (pipe(pipes) || (pid = fork()) < 0) {
		fprintf(stderr, "cosnic: card-test: %s; close some programs\n", strerror(errno));
		return EXIT_INPUT;
	}
	if (!pid) {
		close(pipes[0]);
		in_child(t->row[i], k, pipes[1]);
	}
	close(pipes[1]);
	take(k, pipes[0], pid, t->limit_s);
	close(pipes[0]);
	return 0;
}

/* ---- what is said */

static const struct card_rule_row *rule_of(const struct check *k)
{
	unsigned int i;

	for (i = 0; i < N_RULES && strcmp(card_rules[i].name, k->rule) != 0; i++)
		;
	return i < N_RULES ? &card_rules[i] : NULL;
}

static void show(const struct card_test *t, unsigned int i)
{
	static const char *const words[] = { "ok", "FAIL", "-" };
	const struct check *k = &t->check[i];
	const struct card_rule_row *rule = rule_of(k);

	printf("%-5s %-13s %s\n", words[k->verdict], t->row[i]->name, k->what);
	if (k->verdict == FAILED && rule)
		printf("      %-13s rule: %s\n      %-13s look at: %s\n", "", rule->text, "", rule->look);
	fflush(stdout);
}

static void show_head(const struct card_test *t)
{
	const struct snic_card *d = &t->door.desc;

	printf("%s (%s): %04x:%04x, PF and %u VFs, %u port%s; %u MHz, %u Gb/s, PCIe gen%ux%u, MPS %u, MRRS %u\n\n",
	       d->name, t->library, d->vendor_id, d->pf.device_id, d->total_vfs, d->n_ports,
	       d->n_ports == 1 ? "" : "s", t->cfg.clock_mhz, t->cfg.wire_gbps, t->cfg.pcie_gen,
	       t->cfg.pcie_lanes, t->cfg.mps, t->cfg.mrrs);
}

static FILE *result_file(const struct card_test *t, const char *name)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", t->out, name);
	f = fopen(path, "w");
	if (!f)
		fprintf(stderr, "cosnic: %s: %s; %s another place with --out\n", path, strerror(errno),
			advice_write(errno));
	return f;
}

static int close_result(const struct card_test *t, const char *name, FILE *f)
{
	const bool bad = ferror(f);

	if (!fclose(f) && !bad)
		return 0;
	fprintf(stderr, "cosnic: %s/%s: %s; %s another place with --out\n", t->out, name, strerror(errno),
		advice_write(errno));
	return EXIT_INPUT;
}

static int write_json(const struct card_test *t)
{
	json_t *list = json_array(), *j;
	FILE *f = result_file(t, "card-test.json");
	unsigned int i;

	for (i = 0; i < t->n; i++) {
		const struct check *k = &t->check[i];
		const struct card_rule_row *rule = rule_of(k);

		j = json_pack("{ss ss ss ss}", "name", t->row[i]->name, "question", t->row[i]->question,
			      "verdict", verdicts[k->verdict], "what", k->what);
		if (rule)
			json_object_update_new(j, json_pack("{ss ss ss}", "rule", rule->name, "asked",
							    rule->text, "look_at", rule->look));
		json_array_append_new(list, j);
	}
	j = json_pack("{ss ss so? si si si so}", "card", t->door.desc.name, "library", t->library, "stimulus",
		      t->stimulus ? json_string(t->stimulus) : NULL, "passed", t->count[PASSED], "failed",
		      t->count[FAILED], "skipped", t->count[SKIPPED], "checks", list);
	if (f)
		json_dumpf(j, f, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	json_decref(j);
	return f ? close_result(t, "card-test.json", f) : EXIT_INPUT;
}

static int write_xml(const struct card_test *t)
{
	FILE *f = result_file(t, "card-test.xml");
	unsigned int i;

	if (!f)
		return EXIT_INPUT;
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"card-test.");
	xml_text(f, t->door.desc.name);
	fprintf(f, "\" tests=\"%u\" failures=\"%u\" skipped=\"%u\">\n", t->n, t->count[FAILED],
		t->count[SKIPPED]);
	for (i = 0; i < t->n; i++) {
		const struct check *k = &t->check[i];
		const struct card_rule_row *rule = rule_of(k);

		fprintf(f, "<testcase classname=\"card-test\" name=\"%s\">", t->row[i]->name);
		if (k->verdict == FAILED) {
			fputs("<failure message=\"", f);
			xml_text(f, k->what);
			fputs("\">", f);
			xml_text(f, rule ? rule->text : "");
			fputs("</failure>", f);
		} else if (k->verdict == SKIPPED) {
			fputs("<skipped message=\"", f);
			xml_text(f, k->what);
			fputs("\"/>", f);
		}
		fputs("</testcase>\n", f);
	}
	fputs("</testsuite>\n</testsuites>\n", f);
	return close_result(t, "card-test.xml", f);
}

/* ---- */

static void add_rows(struct card_test *t, const struct check_row *row)
{
	for (; row->name; row++)
		if (!t->only || !strcmp(t->only, row->name))
			t->row[t->n++] = row;
}

static int arguments(struct card_test *t, int argc, char **argv)
{
	int c;

	t->out = "results/card-test";
	t->limit_s = LIMIT_S;
	optind = 0;
	while ((c = options_next("card-test", argc, argv)) != -1)
		switch (c) {
		case OPT_STIMULUS:
			t->stimulus = optarg;
			break;
		case OPT_CARD_OUT:
			t->out = optarg;
			break;
		case OPT_CARD_CHECK:
			t->only = optarg;
			break;
		case OPT_CARD_LIMIT:
			if (parse_u32("--limit", optarg, 1, 86400, &t->limit_s))
				return EXIT_USAGE;
			break;
		case OPT_CARD_QUIET:
			t->quiet = true;
			break;
		default:
			return EXIT_USAGE;
		}
	if (argc - optind != 1)
		return usage_error("card-test", "%s",
				   optind == argc ? "the card is missing: give its library"
						  : "one library at a time");
	t->library = argv[optind];
	add_rows(t, plain_checks);
	add_rows(t, traffic_checks);
	return t->n ? EXIT_OK : usage_error("card-test", "--check %s: no such check", t->only);
}

static int open_card(struct card_test *t)
{
	struct snic_sim_config *c = &t->cfg;
	char err[512], path[PATH_MAX];

	/* dlopen() looks for a name without a slash elsewhere */
	snprintf(path, sizeof(path), "%s%s", strchr(t->library, '/') ? "" : "./", t->library);
	if (snic_door_open(&t->door, path, err, sizeof(err))) {
		fprintf(stderr, "cosnic: %s\n", err);
		return EXIT_INPUT;
	}
	t->door.config_default(c);
	c->seed = 1;
	if (t->stimulus) {
		t->script = script_read(t->stimulus);
		if (!t->script)
			return EXIT_INPUT;
	}
	errno = -result_folder(t->out);
	if (!errno)
		return EXIT_OK;
	fprintf(stderr, "cosnic: %s: %s; %s another place with --out\n", t->out, strerror(errno),
		advice_write(errno));
	return EXIT_INPUT;
}

int cmd_card_test(int argc, char **argv)
{
	static struct card_test t;
	struct progress progress;
	unsigned int i;
	int ret = arguments(&t, argc, argv);

	if (!ret)
		ret = open_card(&t);
	if (ret)
		return ret;
	if (!t.quiet)
		show_head(&t);
	progress_start(&progress, "checks", t.n, t.quiet || isatty(STDOUT_FILENO));
	for (i = 0; i < t.n && !ret && !cosnic_interrupted; i++) {
		progress_at(&progress, i);
		ret = run_check(&t, i);
		t.count[t.check[i].verdict]++;
		if (!ret && !t.quiet && !cosnic_interrupted)
			show(&t, i);
	}
	progress_end(&progress);
	script_free(t.script);
	if (cosnic_interrupted) {
		fputs("cosnic: card-test: interrupted\n", stderr);
		return EXIT_CHECK;
	}
	if (ret || write_json(&t) || write_xml(&t))
		return EXIT_INPUT;
	if (!t.quiet)
		printf("\n%u passed, %u failed, %u skipped; %s/card-test.json, card-test.xml\n",
		       t.count[PASSED], t.count[FAILED], t.count[SKIPPED], t.out);
	return t.count[FAILED] ? EXIT_CHECK : EXIT_OK;
}
