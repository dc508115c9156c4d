/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run leaves: the script's files, its figures and the device's, in result.json. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "advice.h"
#include "guest.h"
#include "result.h"
#include "version.h"

static int run_wait(char *const argv[])
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && !status ? 0 : -1;
}

/* The archive begins after init's last line, the one with the status. */
static long archive_at(FILE *f)
{
	char line[256];

	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, "status ", 7))
			return ftell(f);
	return -1;
}

static int unpack(const struct guest_run *g)
{
	char archive[GUEST_PATH + 8], buf[65536];
	char *const clear[] = { "rm", "-rf", (char *)g->paths.files, NULL };
	char *const make[] = { "mkdir", (char *)g->paths.files, NULL };
	char *const tar[] = { "tar", "-xf", archive, "-C", (char *)g->paths.files, "--no-same-owner", NULL };
	FILE *in = fopen(g->paths.control, "rb"), *out;
	size_t n, total = 0;
	int ret = 0;

	run_wait(clear);
	if (!in)
		return -1;
	if (archive_at(in) >= 0) {
		snprintf(archive, sizeof(archive), "%s.tar", g->paths.files);
		out = fopen(archive, "wb");
		while (out && (n = fread(buf, 1, sizeof(buf), in)))
			total += fwrite(buf, 1, n, out);
		if (!out || fclose(out))
			ret = -1;
		else if (total)
			ret = run_wait(make) || run_wait(tar) ? -1 : 0;
		unlink(archive);
	}
	fclose(in);
	if (ret)
		fprintf(stderr, "cosnic: %s: what the script left in /out cannot be unpacked\n",
			g->paths.files);
	unlink(g->paths.control);
	return ret;
}

/* Lines of "name value", written by the script (see figure in testbench/guest/lib.sh). */
static json_t *figures(const struct guest_run *g)
{
	char path[GUEST_PATH + 16], line[512], name[256], value[256], *end;
	json_t *j = json_object();
	double v;
	FILE *f;

	snprintf(path, sizeof(path), "%s/figures", g->paths.files);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%255s %255s", name, value) != 2)
			continue;
		v = strtod(value, &end);
		json_object_set_new(j, name, *end ? json_string(value) : json_real(v));
	}
	if (f)
		fclose(f);
	return j;
}

static json_t *config(const struct guest_run *g)
{
	const struct snic_sim_config *c = &g->sim;
	const struct guest_options *go = &g->o->guest;
	json_t *wire = json_array(), *j;
	unsigned int i;
	char pcie[16];

	for (i = 0; i < go->n_wire; i++)
		json_array_append_new(wire, json_string(go->wire[i]));
	snprintf(pcie, sizeof(pcie), "gen%ux%u", c->pcie_gen, c->pcie_lanes);
	j = json_pack("{s:i s:i s:s s:i s:i s:i s:i s:i s:i s:I s:i s:s s:o s:i s:i}", "clock_mhz",
		      c->clock_mhz, "wire_gbps", c->wire_gbps, "pcie", pcie, "mps", c->mps, "mrrs", c->mrrs,
		      "rcb", c->rcb, "read_latency_ns", c->read_latency_ns, "write_latency_ns",
		      c->write_latency_ns, "read_jitter_ns", c->read_jitter_ns, "seed", (json_int_t)c->seed,
		      "vfs", g->o->vfs, "time", go->time == TIME_FREE ? "free" : "virtual", "wire", wire,
		      "memory_mb", go->memory_mb, "cpus", go->cpus);
	if (g->plain)
		json_object_set_new(j, "plain", json_integer(g->plain));
	if (c->n_faults)
		json_object_set_new(j, "faults", result_faults(g->o));
	if (c->start_cycles)
		json_object_set_new(j, "start_cycles", json_integer((json_int_t)c->start_cycles));
	return j;
}

/* What QEMU wrote of the device as it ended: its counters, and what it says of wall time. */
static json_t *device(const struct guest_run *g, const char *part)
{
	json_t *j = json_load_file(g->paths.device, 0, NULL), *found = json_incref(json_object_get(j, part));

	json_decref(j);
	return found ? found : json_object();
}

int guest_result(const struct guest_run *g)
{
	const struct guest_options *go = &g->o->guest;
	char path[GUEST_PATH], started[32];
	time_t now = time(NULL);
	json_t *j, *sim;
	int ret = unpack(g);
	FILE *f;

	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	sim = device(g, "sim");
	json_object_set_new(sim, "run_wall_s", json_real(g->wall_s));
	json_object_set_new(sim, "boot_wall_s", json_real(g->boot_wall_s));
	json_object_set_new(sim, "speed", guest_speed_json(g));
	j = json_pack("{s:{s:s s:s s:s s:s s:s s:s} s:o s:o s:{s:f s:f s:i} s:{s:o s:o}}", "run", "script",
		      go->script, "commit", cosnic_commit, "kernel", g->paths.kernel, "module",
		      g->paths.module, "ended", started, "library", g->paths.sim, "sim", sim, "config",
		      config(g), "guest", "up_s", g->up_s, "end_s", g->end_s, "status", g->status, "measured",
		      "figures", figures(g), "device", device(g, "device"));
	guest_compare(g, j);
	if (!g->o->quiet)
		guest_compare_show(g, j);
	snprintf(path, sizeof(path), "%s/result.json", g->o->out_dir);
	f = fopen(path, "w");
	if (!f || !j || json_dumpf(j, f, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) || fputc('\n', f) == EOF)
		ret = -1;
	if (f && fclose(f))
		ret = -1;
	if (ret)
		fprintf(stderr, "cosnic: %s: %s; %s another --out\n", path, strerror(errno),
			advice_write(errno));
	json_decref(j);
	return ret;
}
