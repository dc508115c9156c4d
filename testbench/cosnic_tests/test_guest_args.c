/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's command line for file names that are as long as the system takes, and full of commas. */
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "guest.h"

#define LONGEST 4095 /* PATH_MAX without its end */

static char capture[2][5 + LONGEST + 1]; /* pcap:FILE */

static void commas(char *path, size_t len)
{
	memset(path, ',', len);
	path[0] = '/';
	path[len] = 0;
}

/* How many of c are in s behind the place where `key` ends; -1: no key. */
static long run_of(const char *s, const char *key, char c)
{
	const char *at = strstr(s, key);

	return at ? (long)strspn(at + strlen(key), (char[]){ c, 0 }) : -1;
}

static void long_names(void)
{
	static struct options o;
	static struct guest_run g;
	const char *card = NULL;
	char **args;
	size_t i;

	g.o = &o;
	o.guest.n_wire = 2;
	g.card.n_ports = 2;
	o.guest.dump = true;
	for (i = 0; i < 2; i++) {
		memcpy(capture[i], "pcap:", 5);
		commas(capture[i] + 5, LONGEST);
		o.guest.wire[i] = capture[i];
		commas(g.paths.wire[i], GUEST_PATH - 1);
	}
	o.guest.mac = "02:00:00:00:00:01";
	args = guest_args(&g);
	for (i = 0; args[i]; i++)
		if (!strncmp(args[i], "cosnic-card,", 12))
			card = args[i];
	CU_ASSERT_PTR_NOT_NULL_FATAL(card);
	/* doubled, and one that parts it from the next property */
	CU_ASSERT_EQUAL(run_of(card, ",pcap0=/", ','), 2 * (LONGEST - 1) + 1);
	CU_ASSERT_EQUAL(run_of(card, ",pcap1=/", ','), 2 * (LONGEST - 1) + 1);
	CU_ASSERT_EQUAL(run_of(card, ",dump0=/", ','), 2 * (GUEST_PATH - 2) + 1);
	CU_ASSERT_EQUAL(run_of(card, ",dump1=/", ','), 2 * (GUEST_PATH - 2) + 1);
	CU_ASSERT_STRING_EQUAL(card + strlen(card) - 22, ",mac=02:00:00:00:00:01");
	guest_free_args(args);
}

/* Faults are one property: a semicolon between them, their own commas doubled. */
static void faults(void)
{
	static struct options o;
	static struct guest_run g;
	char **args;
	size_t i;

	g.o = &o;
	o.fault_text[0] = "late:func=1,ns=5000";
	o.fault_text[1] = "lost";
	o.sim.n_faults = 2;
	o.sim.start_cycles = 7;
	o.guest.faults_wait = true;
	args = guest_args(&g);
	for (i = 0; args[i] && strncmp(args[i], "cosnic-card,", 12); i++)
		;
	CU_ASSERT_PTR_NOT_NULL_FATAL(args[i]);
	CU_ASSERT_PTR_NOT_NULL(
		strstr(args[i], ",start-cycles=7,faults=late:func=1,,ns=5000;lost,faults-wait=on"));
	guest_free_args(args);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "guest_args", "long_names", long_names },
		{ "guest_args", "faults", faults },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
