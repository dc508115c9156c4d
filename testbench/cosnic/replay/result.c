/* SPDX-License-Identifier: BSD-2-Clause */
#include "result_parts.h"

#include <errno.h>
#include <math.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "advice.h"
#include "snic_contract.h"
#include "version.h"

static const struct {
	const char *key, *label;
} stations[SNIC_N_STATION] = {
#define STATION(name, key, label) { key, label },
#include "snic_stations.def"
#undef STATION
};

const char *result_station_key(unsigned int station)
{
	return stations[station].key;
}

const char *result_station_label(unsigned int station)
{
	return stations[station].label;
}

double result_error_pct(double predicted, double measured)
{
	return measured > 0 && predicted > 0 ? (predicted - measured) / measured * 100 : NAN;
}

json_t *result_number(double v)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "%.6g", v);
	return json_real(strtod(buf, NULL));
}

json_t *result_text(const char *text)
{
	json_t *v = json_string(text);
	char *copy, *at;

	if (v)
		return v;
	copy = strdup(text);
	for (at = copy; at && *at; at++)
		if (*at & 0x80)
			*at = '?';
	v = json_string(copy);
	free(copy);
	return v;
}

json_t *result_run(int argc, char **argv)
{
	json_t *cmd = json_array();
	time_t now = time(NULL);
	char started[32];
	int i;

	for (i = 0; i < argc; i++)
		json_array_append_new(cmd, result_text(argv[i]));
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
	return json_pack("{s:o s:s s:{s:s s:s s:s} s:s}", "command", cmd, "commit", cosnic_commit, "tools",
			 "verilator", cosnic_verilator, "compiler", __VERSION__, "libpcap",
			 pcap_lib_version(), "started", started);
}

json_t *result_json(const struct result *r)
{
	json_t *j = json_object();

	json_object_set_new(j, "run", result_run(r->argc, r->argv));
	if (r->measured) {
		const struct snic_sim_stats *s = &r->measured->sim;
		double wall = r->measured->wall_s > 0 ? r->measured->wall_s : 1e-9;

		json_object_set_new(
			j, "sim",
			json_pack("{s:o s:I s:I s:o s:o s:s}", "wall_s", result_number(r->measured->wall_s),
				  "cycles", (json_int_t)s->cycles, "cycles_simulated",
				  (json_int_t)s->cycles_run, "kcycles_per_s",
				  result_number((double)s->cycles_run / wall / 1e3), "packets_per_wall_s",
				  result_number((double)r->measured->score.compared / wall), "build",
				  r->measured->flavour));
	}
	json_object_set_new(j, "config", result_config(r->o));
	json_object_set_new(j, "trace", result_trace(r));
	json_object_set_new(j, "frames", counts_json(r->frames));
	if (r->measured)
		json_object_set_new(j, "measured", result_measured(r->measured, r->o));
	if (r->predicted)
		json_object_set_new(j, "predicted", result_predicted(r->predicted, r->o));
	if (r->measured && r->predicted)
		json_object_set_new(j, "error_pct", result_error(r));
	if (r->measured)
		json_object_set_new(j, "check", result_check(r->measured));
	return j;
}

int result_folder(const char *path)
{
	char buf[512], *p;

	if (snprintf(buf, sizeof(buf), "%s", path) >= (int)sizeof(buf))
		return -ENAMETOOLONG;
	for (p = buf + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = 0;
		if (mkdir(buf, 0777) && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	return mkdir(buf, 0777) && errno != EEXIST ? -errno : 0;
}

static int unwritable(const char *path, int err)
{
	fprintf(stderr, "cosnic: %s: %s; %s another --out\n", path, strerror(err), advice_write(err));
	return EXIT_INPUT;
}

int result_prepare(const struct options *o)
{
	int ret = result_folder(o->out_dir);

	if (!ret && access(o->out_dir, W_OK | X_OK))
		ret = -errno;
	return ret ? unwritable(o->out_dir, -ret) : EXIT_OK;
}

/* A file has its name when it is whole; what is no plain file is written as it is. */
static int write_whole(const struct result *r, const json_t *j, const char *name)
{
	char path[600], part[640];
	struct stat st;
	bool plain;
	FILE *f;
	int ret;

	snprintf(path, sizeof(path), "%s/%s", r->o->out_dir, name);
	plain = stat(path, &st) || S_ISREG(st.st_mode);
	snprintf(part, sizeof(part), "%s%s", path, plain ? ".part" : "");
	f = fopen(part, "w");
	if (!f)
		return unwritable(path, errno);
	errno = 0;
	if (j) {
		ret = json_dumpf(j, f, JSON_INDENT(2));
		ret |= fputc('\n', f) == EOF;
	} else {
		result_table(r, f);
		ret = ferror(f);
	}
	if (fclose(f) || ret || (plain && rename(part, path))) {
		ret = errno ? errno : ENOSPC;
		if (plain)
			unlink(part);
		return unwritable(path, ret);
	}
	return EXIT_OK;
}

int result_write(const struct result *r, json_t *j)
{
	int ret = write_whole(r, j, "result.json");

	return ret ? ret : write_whole(r, NULL, "result.txt");
}
