/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ready-made runs. Each point is a run of its own process: its traffic is generated, predicted, replayed and checked.
 *   bench rates    line rate by size and direction at the default setting: the table of the README
 *   bench matrix   predicted against measured over sizes, PCIe, VFs, cache hits and clock; fails beyond the limit
 *   bench speed    how fast the simulation runs
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cosnic.h"
#include "predict.h"
#include "progress.h"
#include "replay.h"
#include "result.h"

#define MATRIX_LIMIT_PCT 5.0
#define POINT_BYTES 3000000u /* of frames on the wire in one point */
#define POINT_FRAMES_MIN 1000u
#define POINT_FRAMES_MAX 25000u
#define POINT_FLOWS 256u

struct point {
	const char *size, *pcie;
	enum direction direction;
	unsigned int vfs, clock_mhz;
	double hit;	    /* share of frames that hit the flow cache; rules are installed when below 1 */
	unsigned int scale; /* 0: the usual length; else so many times as long */
};

struct outcome {
	int status;
	double measured[N_LANE], gbps[N_LANE], predicted[N_LANE], bound[N_LANE];
	double kcycles_per_s, packets_per_s, line_mpps;
	uint64_t drops, lost, mismatched;
	char bottleneck[48], error[512];
};

static unsigned int frames_of(const struct point *p)
{
	unsigned int size = (unsigned int)strtoul(p->size, NULL, 10), n;

	n = POINT_BYTES / ((size ? size : 360) + 20);
	n = n < POINT_FRAMES_MIN ? POINT_FRAMES_MIN : n > POINT_FRAMES_MAX ? POINT_FRAMES_MAX : n;
	return p->scale ? n * p->scale : n;
}

/* Flows of a point: as many on each function, so that every flow comes again. */
static unsigned int flows_of(const struct point *p)
{
	return (POINT_FLOWS + p->vfs - 1) / p->vfs * p->vfs;
}

/* The options of a point, by the same door as a user's. */
static int point_options(const struct point *p, const char *trace, struct options *gen, struct options *run)
{
	static char text[16][32];
	char *g[] = { "gen",   "--size", text[0], "--count", text[1], "--flows",     text[2], "--unique",
		      text[3], "--vfs",	 text[4], "--quiet", "-o",    (char *)trace, NULL };
	char *r[] = { "replay", "--quiet",     "--pcie", text[5],   "--direction", text[6],	  "--vfs",
		      text[4],	"--clock-mhz", text[7],	 "--rules", text[8],	   (char *)trace, NULL };
	unsigned int vfs = p->vfs;

	snprintf(text[0], sizeof(text[0]), "%s", p->size);
	snprintf(text[1], sizeof(text[1]), "%u", frames_of(p));
	snprintf(text[2], sizeof(text[2]), "%u", flows_of(p));
	snprintf(text[3], sizeof(text[3]), "%g", 1 - p->hit);
	snprintf(text[4], sizeof(text[4]), "%u", vfs);
	snprintf(text[5], sizeof(text[5]), "%s", p->pcie);
	snprintf(text[6], sizeof(text[6]), "%s", direction_names[p->direction]);
	snprintf(text[7], sizeof(text[7]), "%u", p->clock_mhz);
	snprintf(text[8], sizeof(text[8]), "%u", p->hit < 1 ? 4u : 0u);
	return options_parse(gen, "gen", 14, g) || options_parse(run, "replay", 13, r);
}

static void run_point(const struct point *p, struct outcome *out)
{
	static struct replay_result m;
	struct snic_predict_result pr;
	struct options gen, run;
	char trace[] = "/tmp/cosnic-bench-XXXXXX";
	unsigned int d;
	int fd = mkstemp(trace);

	if (fd < 0) {
		out->status = EXIT_INPUT;
		snprintf(out->error, sizeof(out->error), "%s: %s", trace, strerror(errno));
		return;
	}
	close(fd);
	out->status = point_options(p, trace, &gen, &run) ? EXIT_USAGE : cmd_gen(&gen);
	if (!out->status)
		out->status = replay_run(&run, &m);
	snprintf(out->error, sizeof(out->error), "%s", m.error);
	for (d = 0; d < N_LANE; d++) {
		struct meter_rate rate = replay_rate(&m, d);

		out->measured[d] = rate.mpps;
		out->gbps[d] = rate.gbps;
	}
	for (d = SNIC_STAT_DROP_FCS; d <= SNIC_STAT_DROP_TX_DESC; d++)
		out->drops += m.stats[d];
	out->lost = m.score.lost;
	out->mismatched = m.score.mismatched;
	out->kcycles_per_s = m.wall_s > 0 ? (double)m.sim.cycles_run / m.wall_s / 1e3 : 0;
	out->packets_per_s = m.wall_s > 0 ? (double)m.score.compared / m.wall_s : 0;
	out->line_mpps = run.sim.wire_gbps * 1e3 /
			 (((double)m.trace.bytes / (double)(m.trace.packets ? m.trace.packets : 1) + 24) * 8);
	if (!out->status && !predict_run(&run, replay_total(&run, &m.trace), &pr)) {
		for (d = 0; d < N_LANE; d++) {
			out->predicted[d] = pr.flow[d].mpps;
			out->bound[d] = pr.flow[d].bound_mpps;
		}
		snprintf(out->bottleneck, sizeof(out->bottleneck), "%s", pr.bottleneck);
	}
	unlink(trace);
}

struct job {
	pid_t pid;
	int fd;
	unsigned int index;
};

static int start_job(struct job *j, const struct point *p)
{
	struct outcome out = { 0 };
	int fds[2];

	if (pipe(fds))
		return -errno;
	fflush(NULL);
	j->pid = fork();
	if (j->pid < 0)
		return -errno;
	if (j->pid == 0) {
		close(fds[0]);
		run_point(p, &out);
		_exit(write(fds[1], &out, sizeof(out)) != sizeof(out));
	}
	close(fds[1]);
	j->fd = fds[0];
	return 0;
}

static void end_job(struct job *j, struct outcome *out)
{
	int status;

	memset(out, 0, sizeof(*out));
	if (read(j->fd, out, sizeof(*out)) != sizeof(*out)) {
		out->status = EXIT_CHECK;
		snprintf(out->error, sizeof(out->error), "the run died");
	}
	close(j->fd);
	waitpid(j->pid, &status, 0);
	j->pid = 0;
}

/* Runs all points, `jobs` at a time, and calls report in order. */
static int run_points(const struct point *points, unsigned int n, unsigned int jobs, bool quiet,
		      bool (*report)(const struct point *p, const struct outcome *o, FILE *csv), FILE *csv)
{
	struct job running[16] = { { 0 } };
	unsigned int started = 0, done, failed = 0;
	struct progress progress;
	struct outcome out;

	progress_start(&progress, "bench", n, quiet);
	for (done = 0; done < n && !cosnic_interrupted; done++) {
		while (started < n && started < done + jobs) {
			if (start_job(&running[started % jobs], &points[started])) {
				perror("cosnic: bench");
				return EXIT_CHECK;
			}
			started++;
		}
		end_job(&running[done % jobs], &out);
		if (progress.shown)
			fputs("\r\033[K", stderr);
		failed += !report(&points[done], &out, csv);
		progress_at(&progress, done);
	}
	progress_end(&progress);
	printf("%u points, %u failed\n", done, failed);
	return failed || done < n ? EXIT_CHECK : EXIT_OK;
}

static void csv_header(FILE *csv)
{
	fputs("size,direction,pcie,vfs,clock_mhz,hit,lane,line_mpps,measured_mpps,measured_gbps,predicted_mpps,bound_mpps,"
	      "error_pct,bottleneck,drops,lost,mismatched,kcycles_per_s\n",
	      csv);
}

static void csv_row(const struct point *p, const struct outcome *o, unsigned int lane, FILE *csv)
{
	fprintf(csv, "%s,%s,%s,%u,%u,%g,%s,%.3f,%.3f,%.3f,%.3f,%.3f,%.2f,%s,%llu,%llu,%llu,%.0f\n", p->size,
		direction_names[p->direction], p->pcie, p->vfs, p->clock_mhz, p->hit, lane_names[lane],
		o->line_mpps, o->measured[lane], o->gbps[lane], o->predicted[lane], o->bound[lane],
		result_error_pct(o->predicted[lane], o->measured[lane]), o->bottleneck,
		(unsigned long long)o->drops, (unsigned long long)o->lost, (unsigned long long)o->mismatched,
		o->kcycles_per_s);
}

static void print_row(const struct point *p, const struct outcome *o, unsigned int lane, bool bad)
{
	printf("%-9s %-6s %-8s %4u %5u %4.0f%% %-6s %8.2f %8.2f %8.2f %+7.2f%% %8.2f  %-24s %8llu%s\n",
	       p->size, direction_names[p->direction], p->pcie, p->vfs, p->clock_mhz, p->hit * 100,
	       lane_names[lane], o->line_mpps, o->measured[lane], o->predicted[lane],
	       result_error_pct(o->predicted[lane], o->measured[lane]), o->gbps[lane], o->bottleneck,
	       (unsigned long long)o->drops, bad ? "  <-- beyond the limit" : "");
}

static void print_header(void)
{
	printf("%-9s %-6s %-8s %4s %5s %5s %-6s %8s %8s %8s %8s %8s  %-24s %8s\n", "size+FCS", "dir", "PCIe",
	       "VFs", "MHz", "hits", "lane", "line", "measured", "predict", "error", "Gb/s",
	       "limits (predicted)", "drops");
}

static bool report_common(const struct point *p, const struct outcome *o, FILE *csv, bool matrix)
{
	unsigned int lanes = traffic_lanes(p->direction), d;
	bool ok = o->status == EXIT_OK;

	if (!ok)
		printf("%s %s %s %u VFs %u MHz: %s\n", p->size, direction_names[p->direction], p->pcie,
		       p->vfs, p->clock_mhz, o->error);
	for (d = 0; d < N_LANE; d++) {
		bool bad;

		if (!(lanes & 1u << d))
			continue;
		bad = matrix && fabs(result_error_pct(o->predicted[d], o->measured[d])) > MATRIX_LIMIT_PCT;
		if (matrix && (o->predicted[d] <= 0 || o->measured[d] <= 0))
			bad = true;
		print_row(p, o, d, bad);
		csv_row(p, o, d, csv);
		ok = ok && !bad;
	}
	return ok;
}

static bool report_matrix(const struct point *p, const struct outcome *o, FILE *csv)
{
	return report_common(p, o, csv, true);
}

static bool report_rates(const struct point *p, const struct outcome *o, FILE *csv)
{
	return report_common(p, o, csv, false);
}

static bool report_speed(const struct point *p, const struct outcome *o, FILE *csv)
{
	bool ok = report_common(p, o, csv, false);

	printf("speed     %.0f kcycles/s, %.0f packets/s of wall time, one core, checks included\n",
	       o->kcycles_per_s, o->packets_per_s);
	return ok;
}

static const char *const sizes[] = { "64", "65", "69", "128", "256", "512", "1024", "1518", "9018", "imix" };
#define N_SIZES (sizeof(sizes) / sizeof(sizes[0]))

static unsigned int matrix_points(struct point *p)
{
	static const char *const links[] = { "gen3x8", "gen4x16" };
	static const unsigned int vfs[] = { 1, 8, 64, 255 }, clocks[] = { 250, 400 };
	static const double hits[] = { 1, 0.5 };
	unsigned int n = 0, s, l, v, h, c;

	for (s = 0; s < N_SIZES; s++)
		for (l = 0; l < 2; l++)
			for (v = 0; v < 4; v++)
				for (h = 0; h < 2; h++)
					for (c = 0; c < 2; c++)
						p[n++] =
							(struct point){ sizes[s],  links[l], DIR_BOTH, vfs[v],
									clocks[c], hits[h],  0 };
	return n;
}

static unsigned int rates_points(struct point *p)
{
	static const enum direction dirs[] = { DIR_RX, DIR_TX, DIR_BOTH };
	unsigned int n = 0, s, d;

	for (d = 0; d < 3; d++)
		for (s = 0; s < N_SIZES; s++)
			p[n++] = (struct point){ sizes[s], "gen4x16", dirs[d], 1, 400, 1, 0 };
	p[n++] = (struct point){ "64", "gen4x16", DIR_BOTH, 255, 400, 1, 0 };
	p[n++] = (struct point){ "64", "gen4x16", DIR_VF2VF, 2, 400, 1, 0 };
	p[n++] = (struct point){ "64", "gen4x16", DIR_VF2VF, 255, 400, 1, 0 };
	p[n++] = (struct point){ "64", "gen3x8", DIR_RX, 1, 400, 1, 0 };
	p[n++] = (struct point){ "64", "gen3x8", DIR_TX, 1, 400, 1, 0 };
	return n;
}

static unsigned int speed_points(struct point *p)
{
	p[0] = (struct point){ "64", "gen4x16", DIR_RX, 1, 400, 1, 8 };
	p[1] = (struct point){ "64", "gen4x16", DIR_BOTH, 1, 400, 1, 8 };
	p[2] = (struct point){ "64", "gen4x16", DIR_BOTH, 255, 400, 1, 8 };
	return 3;
}

int cmd_bench(int argc, char **argv)
{
	static const struct {
		const char *name;
		unsigned int (*points)(struct point *p);
		bool (*report)(const struct point *p, const struct outcome *o, FILE *csv);
		bool alone; /* one at a time: wall time counts */
	} suites[] = {
		{ "matrix", matrix_points, report_matrix, false },
		{ "rates", rates_points, report_rates, false },
		{ "speed", speed_points, report_speed, true },
	};
	static struct point points[512];
	unsigned int i, n, jobs;
	char path[64];
	FILE *csv;
	int ret;

	for (i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		if (argc != 2 || strcmp(argv[1], suites[i].name))
			continue;
		n = suites[i].points(points);
		jobs = suites[i].alone ? 1 : (unsigned int)sysconf(_SC_NPROCESSORS_ONLN);
		jobs = jobs < 1 ? 1 : jobs > 16 ? 16 : jobs;
		snprintf(path, sizeof(path), "results/bench-%s.csv", suites[i].name);
		csv = fopen(path, "w");
		if (!csv) {
			fprintf(stderr, "cosnic: %s: %s; run it where results/ can be written\n", path,
				strerror(errno));
			return EXIT_INPUT;
		}
		csv_header(csv);
		print_header();
		ret = run_points(points, n, jobs, false, suites[i].report, csv);
		if (fclose(csv)) {
			fprintf(stderr, "cosnic: %s: %s; free some space\n", path, strerror(errno));
			return EXIT_INPUT;
		}
		printf("results %s\n", path);
		return ret;
	}
	fprintf(stderr, "cosnic: bench: give one of matrix, rates, speed\n");
	return EXIT_USAGE;
}
