/* SPDX-License-Identifier: BSD-2-Clause */
/* What goes into the guest: found before the run, packed into its initramfs. */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cpio.h"
#include "guest.h"
#include "home.h"
#include "replay.h"
#include "result.h"
#include "snic_door.h"

static void path(char *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void path(char *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(out, GUEST_PATH, fmt, ap);
	va_end(ap);
}

static bool is_dir(const char *p)
{
	struct stat st;

	return !stat(p, &st) && S_ISDIR(st.st_mode);
}

/* A file of the user's, or the one that make builds. */
static int find(char *out, const char *given, const char *built, const char *what, const char *target,
		int mode)
{
	path(out, "%s", given ? given : built);
	if (!access(out, mode) && !is_dir(out))
		return EXIT_OK;
	fprintf(stderr, "cosnic: %s: no %s there: %s; ", out, what,
		is_dir(out) ? "a folder" : strerror(errno));
	fprintf(stderr, given ? "give the path of a file that can be %s\n" : "`make %s` builds it\n",
		given ? (mode & X_OK ? "run" : "read") : target);
	return EXIT_INPUT;
}

/* What the card is, and whether it can be as the options want it. */
static int find_card(struct guest_run *g)
{
	struct snic_door door;
	char err[512] = "the library gives no reason";
	int ret;

	if (snic_door_open(&door, g->paths.sim, err, sizeof(err))) {
		fprintf(stderr, "cosnic: %s\n", err);
		return EXIT_INPUT;
	}
	g->card = door.desc;
	g->card.name = NULL; /* it goes with the library */
	g->card.vendor_cap = NULL;
	g->sim = g->o->sim;
	snic_door_settings(&door, &g->sim);
	ret = door.config_check(&g->sim, err, sizeof(err));
	if (!ret && g->o->vfs > g->card.total_vfs) {
		snprintf(err, sizeof(err), "--vfs %u: the card %s has %u at most", g->o->vfs, door.desc.name,
			 g->card.total_vfs);
		ret = -EINVAL;
	}
	g->plain = g->o->guest.plain != SNIC_SIM_UNSET ? g->o->guest.plain
		   : g->o->vfs			       ? 0
						       : g->card.usual_plain;
	if (!ret && g->plain > g->card.max_plain) {
		snprintf(err, sizeof(err), "--plain %u: the card %s has %u at most", g->plain, door.desc.name,
			 g->card.max_plain);
		ret = -EINVAL;
	}
	if (!ret && g->plain && g->o->vfs) {
		snprintf(err, sizeof(err), "--vfs %u and --plain %u: functions are VFs or plain, not both",
			 g->o->vfs, g->plain);
		ret = -EINVAL;
	}
	if (ret)
		fprintf(stderr, "cosnic: %s\n", err);
	snic_door_close(&door);
	return ret ? EXIT_USAGE : EXIT_OK;
}

int guest_find(struct guest_run *g)
{
	const struct guest_options *go = &g->o->guest;
	struct guest_paths *p = &g->paths;
	const char *dir = home_lib(), *out = g->o->out_dir;
	char built[GUEST_PATH], lib[512];
	unsigned int i;
	int ret;

	path(p->root, "%s/guest/root", dir);
	if (!is_dir(p->root)) {
		fprintf(stderr,
			"cosnic: %s: the guest's root is not there; `make guest` fetches and builds it\n",
			p->root);
		return EXIT_INPUT;
	}
	path(built, "%s/guest/modules", dir);
	if (go->all_modules && !is_dir(built)) {
		fprintf(stderr,
			"cosnic: --modules all: no %s; `make guest` makes it, or Debian package cosnic-guest-modules has it\n",
			built);
		return EXIT_INPUT;
	}
	path(built, "%s/qemu/qemu-system-x86_64", dir);
	if (find(p->qemu, go->qemu, built, "QEMU", "guest", X_OK))
		return EXIT_INPUT;
	path(built, "%s/guest/vmlinux", dir);
	if (find(p->kernel, go->kernel, built, "kernel", "guest", R_OK))
		return EXIT_INPUT;
	path(built, "%s/kmod/snic.ko", dir);
	if (find(p->module, go->module, built, "driver", "guest", R_OK))
		return EXIT_INPUT;
	if (find(p->sim, g->o->library, replay_library(g->o, lib, sizeof(lib)), "RTL library",
		 g->o->wave_path ? "build/trace/libsnic_sim.so" : "all", R_OK))
		return EXIT_INPUT;
	ret = find_card(g);
	if (ret)
		return ret;
	if (go->script && (access(go->script, R_OK) || is_dir(go->script))) {
		fprintf(stderr, "cosnic: --run %s: %s\n", go->script,
			is_dir(go->script) ? "a folder, not a script" : strerror(errno));
		return EXIT_INPUT;
	}
	for (i = 0; i < go->n_wire; i++) {
		if (!strncmp(go->wire[i], "pcap:", 5) && access(go->wire[i] + 5, R_OK)) {
			fprintf(stderr, "cosnic: --wire %s: %s\n", go->wire[i], strerror(errno));
			return EXIT_INPUT;
		}
	}
	if (result_prepare(g->o))
		return EXIT_INPUT;
	path(p->initramfs, "%s/initramfs.cpio", out);
	path(p->console, "%s/console.log", out);
	path(p->out, "%s/stdout.txt", out);
	path(p->err, "%s/stderr.txt", out);
	path(p->control, "%s/control", out);
	path(p->qemu_log, "%s/qemu.log", out);
	path(p->device, "%s/device.json", out);
	path(p->files, "%s/files", out);
	for (i = 0; i < 2; i++)
		path(p->wire[i], "%s/wire%u.pcap", out, i);
	return EXIT_OK;
}

/* 'it'\''s': a word that the shell reads back as it was */
static void quoted(FILE *f, const char *s)
{
	fputc('\'', f);
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", f);
		else
			fputc(*s, f);
	}
	fputs("' ", f);
}

/* What the guest's init reads: settings, and the script's arguments as its own. */
static char *settings(const struct guest_run *g)
{
	const char *script = g->o->guest.script;
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	int i;

	if (!f)
		return NULL;
	fprintf(f, "VFS=%u\nSCRIPT=", g->o->vfs);
	quoted(f, script ? strrchr(script, '/') ? strrchr(script, '/') + 1 : script : "");
	fputs("\nset -- ", f);
	for (i = 0; script && i < g->o->n_files; i++)
		quoted(f, g->o->files[i]);
	fputc('\n', f);
	fclose(f);
	return text;
}

/* A Debian package and what it depends on, unpacked once below the guest's folder. */
static int fetch_package(const char *name, char *dir)
{
	char script[GUEST_PATH], state[GUEST_PATH];
	int status;
	pid_t pid;

	if (strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789+-.") != strlen(name)) {
		fprintf(stderr, "cosnic: --with %s: neither a folder nor the name of a Debian package\n",
			name);
		return EXIT_INPUT;
	}
	path(dir, "%s/guest/with/%s", home_cache(), name);
	if (is_dir(dir))
		return EXIT_OK;
	path(script, "%s/testbench/guest/with.sh", home_scripts());
	path(state, "%s/apt", home_cache());
	fflush(NULL);
	pid = fork();
	if (!pid) {
		dup2(STDERR_FILENO, STDOUT_FILENO);
		execl(script, script, dir, state, name, (char *)NULL);
		_exit(127);
	}
	if (pid > 0 && waitpid(pid, &status, 0) == pid && !status)
		return EXIT_OK;
	fprintf(stderr, "cosnic: --with %s: the package cannot be had from Debian: see the lines above\n",
		name);
	return EXIT_INPUT;
}

static int add_with(struct cpio *c, const char *with)
{
	char dir[GUEST_PATH];

	if (is_dir(with))
		return cpio_tree(c, with, true);
	if (fetch_package(with, dir))
		return EXIT_INPUT;
	return cpio_tree(c, dir, true);
}

int guest_pack(struct guest_run *g)
{
	const struct guest_options *go = &g->o->guest;
	char name[GUEST_PATH], *conf = settings(g);
	const char *base;
	struct cpio c;
	unsigned int i;
	int ret;

	cpio_open(&c, g->paths.initramfs);
	cpio_tree(&c, g->paths.root, false);
	cpio_file(&c, "usr/share/cosnic/snic.ko", g->paths.module);
	ret = conf ? cpio_text(&c, "etc/cosnic.conf", conf) : -1;
	free(conf);
	if (go->all_modules && !ret) {
		path(name, "%s/guest/modules", home_lib());
		ret = cpio_tree(&c, name, true);
	}
	for (i = 0; i < go->n_with && !ret; i++)
		ret = add_with(&c, go->with[i]);
	if (go->script && !ret) {
		base = strrchr(go->script, '/');
		path(name, "root/%s", base ? base + 1 : go->script);
		cpio_file(&c, name, go->script);
	}
	cpio_close(&c);
	if (c.err[0])
		fprintf(stderr, "cosnic: %s\n", c.err);
	return ret || c.err[0] ? EXIT_INPUT : EXIT_OK;
}
