/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU from its start to its end: output passed on, limits kept, and what went wrong said with the console's end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "cosnic.h"
#include "guest.h"
#include "progress.h"

#define BOOT_LIMIT_S 120  /* CPU time from start to NIC up, on a slow machine */
#define BOOT_LIMIT_VF_S 2 /* each VF more */
#define BOOT_WALL 5	  /* wall time of that many times as much, on a busy machine */
#define STOP_LIMIT_S 10	  /* from SIGTERM, after which QEMU writes its statistics, to SIGKILL */
#define TURN_MS 20
#define TAIL_LINES 12

struct watch {
	struct guest_run *g;
	pid_t pid;
	int wait_status;
	double started;
	FILE *out, *err; /* what the script wrote, as it comes */
	char *control;	 /* what init wrote so far */
	size_t heard;	 /* of it: whole lines */
	int news;	 /* inotify of that file */
	bool archive;	 /* init has said its last line */
	bool shown;
};

/* The whole of a file, "" when there is none; ended by a 0 of its own. */
static char *slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb"), *m;
	char buf[4096], *text = NULL;
	size_t n;

	m = open_memstream(&text, size);
	if (!m)
		abort();
	while (f && (n = fread(buf, 1, sizeof(buf), f)))
		fwrite(buf, 1, n, m);
	if (f)
		fclose(f);
	fclose(m);
	return text;
}

/* The last lines of a log, without what is not text. */
static void show_tail(const char *path)
{
	size_t size, from, lines = 0;
	char *text = slurp(path, &size);

	while (size && (text[size - 1] == '\n' || text[size - 1] == '\r'))
		size--;
	for (from = size; from && lines < TAIL_LINES; from--)
		lines += text[from - 1] == '\n';
	if (lines == TAIL_LINES)
		from++;
	if (size)
		fputs("  | ", stderr);
	for (; from < size; from++) {
		if (text[from] == '\n')
			fputs("\n  | ", stderr);
		else if ((unsigned char)text[from] >= ' ' || text[from] == '\t')
			fputc(text[from], stderr);
	}
	if (size)
		fputc('\n', stderr);
	free(text);
}

static void clear_progress(struct watch *w)
{
	if (w->shown)
		fprintf(stderr, "\r%*s\r", 60, "");
	w->shown = false;
}

/* Says what went wrong, with the end of the log that tells why. */
static int failed(struct watch *w, const char *log, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int failed(struct watch *w, const char *log, const char *fmt, ...)
{
	va_list ap;

	clear_progress(w);
	fputs("cosnic: guest: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; %s ends with\n", log);
	show_tail(log);
	return EXIT_CHECK;
}

/* A line of init's: "up 1.23" gives " 1.23". */
static const char *told(const struct watch *w, const char *word)
{
	const char *line = w->control;
	size_t len = strlen(word);

	while (line && *line) {
		if (!strncmp(line, word, len) && (line[len] == ' ' || line[len] == '\n'))
			return strchr(line, '\n') ? line + len : NULL;
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	return NULL;
}

static void pass_on(FILE *from, FILE *to)
{
	char buf[65536];
	size_t n;

	if (!from)
		return;
	while ((n = fread(buf, 1, sizeof(buf), from)))
		fwrite(buf, 1, n, to);
	clearerr(from);
	fflush(to);
}

/* CPU time of QEMU so far. */
static double cpu_seconds(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		return 0;
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Lines that have come since the last look; behind the last one, "status", is an archive. */
static void hear(struct watch *w)
{
	double wall = wall_seconds() - w->started, cpu = cpu_seconds(w->pid);
	const char *line, *end;

	while (!w->archive && (end = strchr(line = w->control + w->heard, '\n'))) {
		guest_speed_hear(w->g, line, wall, cpu);
		w->archive = !strncmp(line, "status ", 7);
		w->heard = (size_t)(end + 1 - w->control);
	}
}

static void look(struct watch *w)
{
	size_t size;

	free(w->control);
	w->control = slurp(w->g->paths.control, &size);
	hear(w);
	if (!w->g->up_s && told(w, "up")) {
		w->g->up_s = strtod(told(w, "up"), NULL);
		w->g->boot_wall_s = wall_seconds() - w->started;
	}
	if (w->g->o->guest.script) {
		pass_on(w->out, stdout);
		pass_on(w->err, stderr);
	}
}

static void show_progress(struct watch *w, double now)
{
	const char *script = w->g->o->guest.script;

	if (!script || w->g->o->quiet || !isatty(STDERR_FILENO) || isatty(STDOUT_FILENO) || now < 2)
		return;
	w->shown = true;
	fprintf(stderr, "\rguest: %s, %.0f s ", w->g->up_s ? script : "booting", now);
	fflush(stderr);
}

static int spawn(struct watch *w, char **args)
{
	int log = open(w->g->paths.qemu_log, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
	bool script = w->g->o->guest.script;
	pid_t parent = getpid();

	if (log < 0) {
		fprintf(stderr, "cosnic: %s: %s\n", w->g->paths.qemu_log, strerror(errno));
		return EXIT_INPUT;
	}
	fflush(NULL);
	w->pid = fork();
	if (!w->pid) {
		/* However this program ends, QEMU ends with it. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(127);
		signal(SIGINT, SIG_DFL);
		if (script) {
			setpgid(0, 0);
			close(STDIN_FILENO);
			open("/dev/null", O_RDONLY);
			dup2(log, STDOUT_FILENO);
		}
		dup2(log, STDERR_FILENO);
		execv(args[0], args);
		dprintf(STDERR_FILENO, "%s: %s\n", args[0], strerror(errno));
		_exit(127);
	}
	close(log);
	if (w->pid < 0) {
		fprintf(stderr, "cosnic: QEMU cannot be started: %s\n", strerror(errno));
		return EXIT_INPUT;
	}
	return EXIT_OK;
}

static bool ended(struct watch *w)
{
	return waitpid(w->pid, &w->wait_status, WNOHANG) == w->pid;
}

/* Until init says something, whose time may be of interest; not for each byte of its archive. */
static void turn(struct watch *w)
{
	struct pollfd news = { w->archive ? -1 : w->news, POLLIN, 0 };
	char events[4096];

	if (poll(&news, 1, TURN_MS) > 0 && read(w->news, events, sizeof(events)) < 0)
		w->news = -1;
}

/* QEMU is asked to end, and made to when it does not. */
static void stop(struct watch *w)
{
	double asked = wall_seconds();

	kill(w->pid, SIGTERM);
	while (!ended(w)) {
		if (wall_seconds() - asked > STOP_LIMIT_S) {
			kill(w->pid, SIGKILL);
			waitpid(w->pid, &w->wait_status, 0);
			return;
		}
		turn(w);
	}
}

/* QEMU has ended: had the guest done its work? */
static int verdict(struct watch *w)
{
	const struct guest_paths *p = &w->g->paths;
	const char *status = told(w, "status"), *why = told(w, "fail");
	char *end;

	if (why)
		return failed(w, p->console, "the driver or the NIC did not come up:%.*s",
			      (int)strcspn(why, "\n"), why);
	if (WIFSIGNALED(w->wait_status))
		return failed(w, p->qemu_log, "QEMU was ended by signal %d", WTERMSIG(w->wait_status));
	if (WEXITSTATUS(w->wait_status))
		return failed(w, p->qemu_log, "QEMU ended with status %d", WEXITSTATUS(w->wait_status));
	if (!w->g->up_s)
		return failed(w, p->console, "it ended before the NIC was up");
	if (!w->g->o->guest.script)
		return EXIT_OK;
	if (!status)
		return failed(w, p->console, "it ended before %s did", w->g->o->guest.script);
	w->g->status = (int)strtol(status, &end, 10);
	w->g->end_s = strtod(end, NULL);
	if (w->g->status && !w->g->o->quiet)
		failed(w, p->console, "%s ended with status %d", w->g->o->guest.script, w->g->status);
	return EXIT_OK;
}

static int follow(struct watch *w)
{
	const struct guest_options *go = &w->g->o->guest;
	double boot_limit = BOOT_LIMIT_S + BOOT_LIMIT_VF_S * w->g->o->vfs, now;
	double boot_wall = BOOT_WALL * boot_limit > go->timeout_s ? go->timeout_s : BOOT_WALL * boot_limit;

	while (!ended(w)) {
		turn(w);
		look(w);
		now = wall_seconds() - w->started;
		show_progress(w, now);
		if (cosnic_interrupted) {
			stop(w);
			clear_progress(w);
			fputs("cosnic: guest: interrupted\n", stderr);
			return EXIT_CHECK;
		}
		if (!w->g->up_s && (now > boot_wall || cpu_seconds(w->pid) > boot_limit)) {
			stop(w);
			return failed(w, w->g->paths.console, "it did not come up in %.0f s", now);
		}
		if (go->script && now > go->timeout_s) {
			stop(w);
			return failed(w, w->g->paths.console, "%s was not done after %u s (--timeout)",
				      go->script, go->timeout_s);
		}
	}
	look(w);
	return verdict(w);
}

int guest_watch(struct guest_run *g, char **args)
{
	struct watch w = { .g = g, .started = wall_seconds() };
	const char *fresh[] = { g->paths.console, g->paths.out, g->paths.err, g->paths.control,
				g->paths.device };
	struct termios terminal;
	bool tty = !tcgetattr(STDIN_FILENO, &terminal);
	size_t i;
	int ret;

	for (i = 0; i < sizeof(fresh) / sizeof(fresh[0]); i++) {
		FILE *f = fopen(fresh[i], "w");

		if (f)
			fclose(f);
	}
	w.out = fopen(g->paths.out, "rb");
	w.err = fopen(g->paths.err, "rb");
	w.news = inotify_init1(IN_CLOEXEC);
	inotify_add_watch(w.news, g->paths.control, IN_MODIFY);
	ret = spawn(&w, args);
	if (!ret) {
		ret = follow(&w);
		clear_progress(&w);
		if (tty)
			tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
	}
	g->wall_s = wall_seconds() - w.started;
	if (w.news >= 0)
		close(w.news);
	if (w.out)
		fclose(w.out);
	if (w.err)
		fclose(w.err);
	free(w.control);
	return ret;
}
