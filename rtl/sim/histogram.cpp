// SPDX-License-Identifier: BSD-2-Clause
// Histograms of read latency from files: "ns,count" lines.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#pragma GCC visibility push(default)
#include "snic_sim.h"
#pragma GCC visibility pop

namespace {
constexpr unsigned long kBinsMax = 65536;
constexpr unsigned long long kCountMax = 1000000000000ull;

/* A whole, unsigned number without a sign, and what is behind it. */
bool number(char **s, unsigned long long max, unsigned long long *out)
{
	*s += strspn(*s, " \t");
	if (**s < '0' || **s > '9')
		return false;
	errno = 0;
	*out = strtoull(*s, s, 10);
	*s += strspn(*s, " \t");
	return !errno && *out <= max;
}

bool parse(char *line, snic_sim_bin *bin)
{
	unsigned long long ns, count;

	if (!number(&line, SNIC_SIM_LATENCY_MAX_NS, &ns) || *line++ != ',' ||
	    !number(&line, kCountMax, &count) || !count || *line)
		return false;
	*bin = { static_cast<uint32_t>(ns), count };
	return true;
}

int read_bins(FILE *f, const char *path, std::vector<snic_sim_bin> *bins, char *err, size_t size)
{
	char line[256];

	for (unsigned long n = 1; fgets(line, sizeof(line), f); n++) {
		const bool whole = strchr(line, '\n') || feof(f);
		snic_sim_bin bin;

		line[strcspn(line, "#\r\n")] = 0;
		if (whole && !line[strspn(line, " \t")])
			continue;
		if (!whole || !parse(line, &bin)) {
			snprintf(err, size,
				 "%s:%lu: want \"NS,COUNT\", NS 0..%d, COUNT 1..%llu; # starts a comment",
				 path, n, SNIC_SIM_LATENCY_MAX_NS, kCountMax);
			return -EINVAL;
		}
		if (bins->size() == kBinsMax) {
			snprintf(err, size, "%s:%lu: more than %lu lines; make the bins wider", path, n,
				 kBinsMax);
			return -EINVAL;
		}
		bins->push_back(bin);
	}
	if (ferror(f)) {
		const int e = errno;

		snprintf(err, size, "%s: %s; name a file of \"NS,COUNT\" lines", path, strerror(e));
		return -e;
	}
	if (bins->empty()) {
		snprintf(err, size, "%s: no \"NS,COUNT\" line in it", path);
		return -EINVAL;
	}
	return 0;
}
} // namespace

int snic_sim_histogram(const char *path, struct snic_sim_bin **out, uint32_t *n, char *err, size_t err_size)
{
	std::vector<snic_sim_bin> bins;
	FILE *f = fopen(path, "r");
	int ret;

	if (!f) {
		ret = -errno;
		snprintf(err, err_size, "%s: %s; name a file of \"NS,COUNT\" lines", path, strerror(-ret));
		return ret;
	}
	ret = read_bins(f, path, &bins, err, err_size);
	fclose(f);
	if (ret)
		return ret;
	*out = static_cast<snic_sim_bin *>(malloc(bins.size() * sizeof(bins[0])));
	if (!*out)
		return -ENOMEM;
	memcpy(*out, bins.data(), bins.size() * sizeof(bins[0]));
	*n = static_cast<uint32_t>(bins.size());
	return 0;
}
