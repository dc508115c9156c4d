/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a QEMU has this program's device: what it says of cosnic-card, before anything is packed for it. */
#define _GNU_SOURCE /* memmem */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cosnic.h"
#include "guest.h"
#include "snic_sim.h"

#define CARD GUEST_CARD ","

/* What `QEMU -device cosnic-card,help` prints, to be freed; NULL: it cannot be run. */
static char *device_help(const char *qemu)
{
	char buf[4096], *text = NULL;
	size_t size;
	FILE *all;
	int to[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe(to))
		return NULL;
	all = open_memstream(&text, &size);
	if (!all)
		abort();
	fflush(NULL);
	pid = fork();
	if (!pid) {
		dup2(to[1], STDOUT_FILENO);
		dup2(to[1], STDERR_FILENO);
		close(to[0]);
		close(to[1]);
		execl(qemu, qemu, "-device", CARD "help", (char *)NULL);
		_exit(127);
	}
	close(to[1]);
	while (pid > 0 && ((n = read(to[0], buf, sizeof(buf))) > 0 || (n < 0 && errno == EINTR)))
		fwrite(buf, 1, n > 0 ? (size_t)n : 0, all);
	close(to[0]);
	fclose(all);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || (WIFEXITED(status) && WEXITSTATUS(status) == 127)) {
		free(text);
		return NULL;
	}
	return text;
}

/* A line "  name=<type> ..." of the help. */
static const char *property(const char *help, const char *name, size_t len)
{
	for (; help; help = strchr(help, '\n')) {
		help += strspn(help, "\n ");
		if (!strncmp(help, name, len) && help[len] == '=')
			return help;
	}
	return NULL;
}

static int stale(const char *qemu, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int stale(const char *qemu, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "cosnic: %s: this QEMU", qemu);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputs("; `make guest` builds the one of this tree\n", stderr);
	return EXIT_INPUT;
}

int guest_check_qemu(const char *qemu, char *const *args)
{
	const char *name, *at;
	int ret = EXIT_OK, len;
	char *help, door[32];

	while (*args && strncmp(*args, CARD, strlen(CARD)))
		args++;
	help = *args ? device_help(qemu) : NULL;
	if (!help)
		return EXIT_OK; /* it says itself why it cannot be run */
	at = property(help, "sim", 3);
	snprintf(door, sizeof(door), "of door %u", SNIC_SIM_ABI);
	if (!at)
		ret = stale(qemu, " has no device " GUEST_CARD);
	else if (!memmem(at, strcspn(at, "\n"), door, strlen(door)))
		ret = stale(qemu, "'s device is not %s, which this program has", door);
	/* each name=value of ours; commas in values are doubled, and bus= is of every device */
	for (name = *args + strlen(CARD); !ret && *name; name = *at ? at + 1 : at) {
		len = (int)strcspn(name, "=");
		if (strncmp(name, "bus=", 4) && !property(help, name, (size_t)len))
			ret = stale(qemu, "'s device has no property '%.*s'", len, name);
		for (at = name + len; *at && (*at != ',' || at[1] == ','); at++)
			at += *at == ',';
	}
	free(help);
	return ret;
}
