/* SPDX-License-Identifier: BSD-2-Clause */
/* What limits a run, as the device's counters say: one case for each station that can. */
#include <stdio.h>
#include <string.h>

#include "run.h"

static double stalled(const struct run *r, const char *station, const char *by)
{
	char path[96];

	snprintf(path, sizeof(path), "measured.stations.%s.stalled.%s", station, by);
	return has(r->result, path) ? num(r->result, path) : 0;
}

static double busy(const struct run *r, const char *station)
{
	char path[96];

	snprintf(path, sizeof(path), "measured.stations.%s.busy", station);
	return num(r->result, path);
}

/* The run's line in the table begins so. */
static void table_says(const struct run *r, const char *begin)
{
	const char *line = strstr(r->out, "\nlimits  ");

	CU_ASSERT_PTR_NOT_NULL(line);
	if (line && !strncmp(line + 9, begin, strlen(begin)))
		return;
	CU_ASSERT(!"the line of the table");
	printf("    expected \"%s\", got %.80s\n", begin, line ? line + 1 : "none");
}

static void limited_by(struct run *r, const char *key)
{
	const char *got;

	if (!run_ended(r, 0))
		return;
	got = json_string_value(at(r->result, "measured.bottleneck"));
	CU_ASSERT_STRING_EQUAL(got, key);
	CU_ASSERT_EQUAL(num(r->result, "measured.bottleneck_busy"), busy(r, key));
	printf("    %s, busy %.1f %%; TX engine by tags %.1f %%\n", got, busy(r, key) * 100,
	       100 * stalled(r, "tx_engine", "dma_tags"));
}

static void small_frames(void)
{
	gen("64.pcap", "--size 64 --count 20000 --flows 256");
}

static void wires(void)
{
	struct run r;

	small_frames();
	cosnic(&r, "replay --direction rx 64.pcap");
	limited_by(&r, "wire_in");
	table_says(&r, "wire in (busy 99 %; predicted wire in ");
	CU_ASSERT(busy(&r, "wire_in") > 0.97 && busy(&r, "wire_in") <= 1);
	/* a frame takes the wire 2.688 cycles, the flow table one */
	CU_ASSERT_DOUBLE_EQUAL(busy(&r, "flow_table"), busy(&r, "wire_in") / 2.688, 1e-5);
	CU_ASSERT_EQUAL(busy(&r, "forward"), busy(&r, "flow_table"));
	run_free(&r);
	cosnic(&r, "replay --direction tx 64.pcap");
	limited_by(&r, "wire_out");
	CU_ASSERT(busy(&r, "wire_out") > 0.97 && busy(&r, "wire_out") <= 1);
	CU_ASSERT(stalled(&r, "tx_engine", "wire_out") > 0.05);
	run_free(&r);
}

/* Frames from the wire are lost because the link to the host is full; the engine that waits for it is not to blame. */
static void pcie_up(void)
{
	struct run r;

	small_frames();
	cosnic(&r, "replay --direction rx --pcie gen3x8 64.pcap");
	limited_by(&r, "pcie_up");
	table_says(&r, "PCIe up (busy 99 %; predicted PCIe up ");
	CU_ASSERT(busy(&r, "pcie_up") > 0.97 && busy(&r, "pcie_up") <= 1);
	CU_ASSERT(stalled(&r, "rx_engine", "pcie_up") > 0.6);
	CU_ASSERT(busy(&r, "rx_engine") + stalled(&r, "rx_engine", "pcie_up") <= 1);
	CU_ASSERT(stalled(&r, "wire_in", "rx_engine") > 0.3);
	CU_ASSERT_EQUAL(stalled(&r, "pcie_up", "pcie_up"), 0);
	run_free(&r);
}

static void pcie_down(void)
{
	struct run r;

	small_frames();
	cosnic(&r, "replay --direction tx --pcie gen3x8 64.pcap");
	limited_by(&r, "pcie_down");
	CU_ASSERT(busy(&r, "pcie_down") > 0.97 && busy(&r, "pcie_down") <= 1);
	CU_ASSERT(stalled(&r, "tx_engine", "dma_tags") > 0.5);
	run_free(&r);
}

/*
 * A host so far away that the tags run out. RX has tags for more lines of descriptors than frames may wait for: there it is the
 * host that limits.
 */
static void dma_tags(void)
{
	struct run r;

	small_frames();
	cosnic(&r, "replay --direction tx --read-latency 3000 64.pcap");
	limited_by(&r, "dma_tags");
	CU_ASSERT(busy(&r, "dma_tags") > 0.75 && busy(&r, "dma_tags") <= 1);
	/* the function has its share of them, and its lines are parked */
	CU_ASSERT(stalled(&r, "tx_engine", "dma_tags") > 0.3);
	run_free(&r);
	cosnic(&r, "replay --direction rx --read-latency 15000 64.pcap");
	limited_by(&r, "host");
	CU_ASSERT(stalled(&r, "rx_engine", "host") > 0.3);
	run_free(&r);
	/* large frames: fewer tags, all the bytes that may be under way */
	gen("1518.pcap", "--size 1518 --count 3000 --flows 256");
	cosnic(&r, "replay --direction tx --read-latency 4000 1518.pcap");
	limited_by(&r, "dma_tags");
	CU_ASSERT(busy(&r, "dma_tags") > 0.75 && busy(&r, "dma_tags") <= 1);
	run_free(&r);
}

/* Every frame a new flow, eight masks: a frame takes the search eight cycles, and those behind wait. */
static void rule_search(void)
{
	struct run r;

	gen("new.pcap", "--size 64 --count 20000 --flows 256 --unique 1");
	cosnic(&r, "replay --direction rx --rules 8 new.pcap");
	limited_by(&r, "rule_search");
	CU_ASSERT(busy(&r, "rule_search") > 0.95 && busy(&r, "rule_search") <= 1);
	/* 1/8 of the cycles admit a frame, nearly all others wait for the search */
	CU_ASSERT_DOUBLE_EQUAL(busy(&r, "flow_table"), 0.125, 0.005);
	CU_ASSERT(stalled(&r, "flow_table", "rule_search") > 0.8);
	CU_ASSERT(stalled(&r, "parser", "flow_table") > 0.5);
	run_free(&r);
}

/* A host that sends less than anything could carry. */
static void host(void)
{
	struct run r;

	small_frames();
	cosnic(&r, "replay --direction tx --pps 1000000 -L 500 64.pcap");
	limited_by(&r, "host");
	CU_ASSERT(busy(&r, "host") > 0.9);
	run_free(&r);
}

/*
 * A write for each frame and one for each completion: the root port's posted headers, 128 that are away for 200 ns, are what
 * limits. The prediction waits for them as the link does.
 */
static void posted_headers(void)
{
	const double headers_per_us = 128 / 0.2;
	struct run r;

	gen("vfs.pcap", "--size 64 --count 20000 --flows 2048 --vfs 255");
	cosnic(&r,
	       "replay --direction both --vfs 255 --wire-gbps 200 --pcie gen5x16 --clock-mhz 1000 vfs.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT(num(r.result, "measured.rx.mpps") * 2 < headers_per_us);
		CU_ASSERT_DOUBLE_EQUAL(num(r.result, "predicted.rx.mpps") / num(r.result, "measured.rx.mpps"),
				       1, 0.01);
	}
	run_free(&r);
}

static const struct cu_test tests[] = {
	{ "limits", "wires", wires },
	{ "limits", "pcie_up", pcie_up },
	{ "limits", "pcie_down", pcie_down },
	{ "limits", "dma_tags", dma_tags },
	{ "limits", "rule_search", rule_search },
	{ "limits", "host", host },
	{ "limits", "posted_headers", posted_headers },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
