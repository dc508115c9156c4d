/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's command line for file names that are as long as the system takes, and full of commas. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cosnic.h"
#include "cu_main.h"
#include "guest.h"
#include "snic_sim.h"

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

/* A QEMU whose help of the device is this; "" and 127: one that cannot be run. What was said of it is in `said`. */
static char said[1024];

static int checked(const char *help, int status, char *const *args)
{
	char name[] = "/tmp/cosnic-qemu-XXXXXX", err[sizeof(name) + 4];
	int fd = mkstemp(name), was = dup(STDERR_FILENO), ret;
	FILE *f = fdopen(fd, "w");

	fprintf(f,
		"#!/bin/sh\n[ \"$1 $2\" = '-device cosnic-card,help' ] || exit 3\ncat <<END\n%sEND\nexit %d\n",
		help, status);
	fclose(f);
	chmod(name, 0755);
	snprintf(err, sizeof(err), "%s.err", name);
	fflush(stderr);
	CU_ASSERT_PTR_NOT_NULL(freopen(err, "w+", stderr));
	ret = guest_check_qemu(name, args);
	fflush(stderr);
	f = fopen(err, "r");
	said[fread(said, 1, sizeof(said) - 1, f)] = 0;
	fclose(f);
	dup2(was, STDERR_FILENO);
	close(was);
	unlink(err);
	unlink(name);
	return ret;
}

#define SAYS(words)                                                                                          \
	CU_ASSERT_PTR_NOT_NULL(strstr(said, words));                                                         \
	CU_ASSERT_PTR_NOT_NULL(strstr(said, "make guest"))

/* A QEMU of another tree is named with the remedy; one of this tree, by itself or behind a script, is taken. */
static void stale_qemu(void)
{
	char *args[] = { "qemu", "-device",
			 "cosnic-card,bus=slot0,sim=/a,,b=c,vfs=3,faults=late:func=1,,ns=5", NULL };
	char door[64], help[512];
#define HELP                                                                                                 \
	"cosnic-card options:\n  faults=<str>\n  sim=<str>              - library of a card, of door %u\n"

	snprintf(door, sizeof(door), "not of door %u", SNIC_SIM_ABI);
	snprintf(help, sizeof(help), HELP "  vfs=<uint16>           -  (default: 65535)\n", SNIC_SIM_ABI);
	CU_ASSERT_EQUAL(checked(help, 0, args), EXIT_OK);
	CU_ASSERT_STRING_EQUAL(said, "");
	snprintf(help, sizeof(help), HELP "  vfs=<uint16>\n", SNIC_SIM_ABI - 1);
	CU_ASSERT_EQUAL(checked(help, 0, args), EXIT_INPUT);
	SAYS(door);
	CU_ASSERT_EQUAL(checked("  sim=<str>\n  vfs=<uint16>\n  faults=<str>\n", 0, args), EXIT_INPUT);
	SAYS(door);
	snprintf(help, sizeof(help), HELP "  vfs-of-old=<uint16>\n", SNIC_SIM_ABI);
	CU_ASSERT_EQUAL(checked(help, 0, args), EXIT_INPUT);
	SAYS("no property 'vfs'");
	CU_ASSERT_EQUAL(checked("Device 'cosnic-card' not found\n", 1, args), EXIT_INPUT);
	SAYS("no device cosnic-card");
	CU_ASSERT_EQUAL(checked("", 127, args), EXIT_OK); /* its log will say why */
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "guest_args", "long_names", long_names },
		{ "guest_args", "faults", faults },
		{ "guest_args", "stale_qemu", stale_qemu },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
