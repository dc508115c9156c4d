/* SPDX-License-Identifier: BSD-2-Clause */
#include "cu_main.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <CUnit/TestRun.h>

#define JUNIT_DIR "results/junit"

static uint64_t seed;

/*
 * Asked for by the address sanitizer, where a test is built with it: a pointer into a stack frame that is gone is an error too. Weak: a
 * test for which that cannot be has one of its own.
 */
__attribute__((weak)) const char *
__asan_default_options(void); /* NOLINT(bugprone-reserved-identifier): its name */

const char *__asan_default_options(void) /* NOLINT(bugprone-reserved-identifier) */
{
	return "detect_stack_use_after_return=1";
}

uint64_t cu_seed(void)
{
	return seed;
}

uint64_t cu_rand(uint64_t *state)
{
	uint64_t x = *state + 0x9e3779b97f4a7c15ull;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1dull;
}

static void xml_text(FILE *f, const char *s)
{
	for (; *s; s++) {
		if (*s == '<')
			fputs("&lt;", f);
		else if (*s == '&')
			fputs("&amp;", f);
		else if (*s == '"')
			fputs("&quot;", f);
		else
			fputc(*s, f);
	}
}

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static bool wanted(const struct cu_test *t, int argc, char **argv, int first)
{
	char full[256];
	int i;

	if (first >= argc)
		return true;
	snprintf(full, sizeof(full), "%s.%s", t->suite, t->name);
	for (i = first; i < argc; i++)
		if (!strcmp(argv[i], t->suite) || !strcmp(argv[i], full))
			return true;
	return false;
}

static void print_failures(FILE *xml)
{
	CU_pFailureRecord r;

	for (r = CU_get_failure_list(); r; r = r->pNext) {
		printf("    %s:%u: %s\n", r->strFileName, r->uiLineNumber, r->strCondition);
		if (xml) {
			fprintf(xml, "<failure message=\"");
			xml_text(xml, r->strFileName);
			fprintf(xml, ":%u: ", r->uiLineNumber);
			xml_text(xml, r->strCondition);
			fprintf(xml, "\"/>");
		}
	}
}

static FILE *open_xml(const char *program)
{
	const char *base = strrchr(program, '/');
	char path[512];

	if ((mkdir("results", 0777) && errno != EEXIST) || (mkdir(JUNIT_DIR, 0777) && errno != EEXIST))
		return NULL;
	snprintf(path, sizeof(path), JUNIT_DIR "/%s.xml", base ? base + 1 : program);
	return fopen(path, "w");
}

int cu_main(int argc, char **argv, const struct cu_test *tests)
{
	unsigned int passed = 0, failed = 0;
	const struct cu_test *t;
	CU_pSuite suite = NULL;
	int first = 1;
	FILE *xml;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc > 1 && !strcmp(argv[1], "--list")) {
		for (t = tests; t->fn; t++)
			printf("%s.%s\n", t->suite, t->name);
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "--seed")) {
		seed = strtoull(argv[2], NULL, 0);
		first = 3;
	}
	printf("%s: seed %llu\n", argv[0], (unsigned long long)seed);
	if (CU_initialize_registry() != CUE_SUCCESS) {
		fprintf(stderr, "%s: %s\n", argv[0], CU_get_error_msg());
		return 1;
	}
	xml = open_xml(argv[0]);
	if (!xml)
		fprintf(stderr, "%s: cannot write " JUNIT_DIR ": %s\n", argv[0], strerror(errno));
	else
		fprintf(xml, "<?xml version=\"1.0\"?>\n<testsuite name=\"%s\">\n", argv[0]);
	for (t = tests; t->fn; t++) {
		double start = now_s();
		CU_pTest ct;
		bool ok;

		if (!wanted(t, argc, argv, first))
			continue;
		if (!suite || strcmp(suite->pName, t->suite))
			suite = CU_add_suite(t->suite, NULL, NULL);
		ct = CU_add_test(suite, t->name, t->fn);
		/* CU_run_test() forgets earlier failures: each test starts from none. */
		ok = ct && CU_run_test(suite, ct) == CUE_SUCCESS && CU_get_number_of_failures() == 0;
		printf("  %s %s.%s (%.2f s)\n", ok ? "ok  " : "FAIL", t->suite, t->name, now_s() - start);
		if (xml)
			fprintf(xml, "<testcase classname=\"%s\" name=\"%s\" time=\"%.3f\">", t->suite,
				t->name, now_s() - start);
		print_failures(xml);
		if (!ok && xml && CU_get_number_of_failures() == 0)
			fprintf(xml, "<failure message=\"could not run\"/>");
		if (xml)
			fprintf(xml, "</testcase>\n");
		if (ok)
			passed++;
		else
			failed++;
	}
	if (xml) {
		fprintf(xml, "</testsuite>\n");
		fclose(xml);
	}
	CU_cleanup_registry();
	printf("%u passed, %u failed\n", passed, failed);
	return failed || !passed;
}
