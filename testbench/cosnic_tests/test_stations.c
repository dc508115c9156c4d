/* SPDX-License-Identifier: BSD-2-Clause */
/* Which station limits: runs made up of counters. */
#include <string.h>

#include "cu_main.h"
#include "stations.h"

#define CYCLES 1000000.0

static struct stations_in in;
static struct stations s;

static void count(unsigned int index, double share)
{
	in.util[index - SNIC_UTIL_BASE] = (uint64_t)(share * CYCLES + 0.5);
}

static void begin(bool sends)
{
	memset(&in, 0, sizeof(in));
	in.cycles = CYCLES;
	in.sends = sends;
	if (sends)
		count(SNIC_STAT_BUSY_TX_RINGS, 0.97);
}

static double busy(unsigned int station)
{
	return s.use[station].busy;
}

/* All that comes goes through. Beats are a third of the cycles; the wire is full all the same. */
static void line_rate(void)
{
	begin(false);
	count(SNIC_STAT_BUSY_WIRE_IN0, 0.37);
	in.wire_in[0] = 0.99;
	count(SNIC_STAT_BUSY_RX_WRITES, 0.46);
	count(SNIC_STAT_STALL_RX_WRITES_BY_PCIE_UP, 0.04);
	in.pcie_up = 0.93; /* nearly full, and nobody waits */
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_WIRE_IN);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_WIRE_IN), 0.99, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_RX_ENGINE), 0.46, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(s.use[SNIC_STATION_RX_ENGINE].stalled[SNIC_STATION_PCIE_UP], 0.04, 1e-9);
	/* a clock so slow that the beats are what is full */
	count(SNIC_STAT_BUSY_WIRE_IN0, 1.0);
	stations_judge(&in, &s);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_WIRE_IN), 1, 1e-9);
}

/* The wire is full, but what comes is lost: who holds it up is held up itself. */
static void overload(void)
{
	begin(false);
	in.wire_in[0] = 0.999;
	count(SNIC_STAT_STALL_WIRE_IN0_BY_RX_ENGINE, 0.55);
	count(SNIC_STAT_BUSY_RX_WRITES, 0.20);
	count(SNIC_STAT_STALL_RX_WRITES_BY_PCIE_UP, 0.79);
	in.pcie_up = 0.99;
	count(SNIC_STAT_BUSY_PCIE_UP_DATA, 0.25);
	count(SNIC_STAT_STALL_PCIE_UP_DATA_BY_LINK, 0.75);
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_PCIE_UP);
	/* what its own link holds up is the link's business */
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_PCIE_UP), 0.99, 1e-9);
	CU_ASSERT_EQUAL(s.use[SNIC_STATION_PCIE_UP].stalled[SNIC_STATION_PCIE_UP], 0);
	/* a run so short that nothing was full on average */
	in.wire_in[0] = 0.5;
	in.pcie_up = 0.6;
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_PCIE_UP);
}

/* Blame goes along: parser, flow table, search. */
static void chain(void)
{
	begin(false);
	in.wire_in[0] = 0.87;
	count(SNIC_STAT_STALL_WIRE_IN0_BY_PARSER, 0.50);
	count(SNIC_STAT_BUSY_PARSER0, 0.27);
	count(SNIC_STAT_STALL_PARSER0_BY_FLOW_TABLE, 0.71);
	count(SNIC_STAT_BUSY_FLOW_TABLE, 0.12);
	count(SNIC_STAT_STALL_FLOW_TABLE_BY_RULE_SEARCH, 0.86);
	count(SNIC_STAT_BUSY_RULE_SEARCH, 0.7);
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_RULE_SEARCH);
	count(SNIC_STAT_BUSY_RULE_SEARCH, 0.99);
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_RULE_SEARCH);
}

/* Two are full in a run both ways: the one that has more to do, else the first. */
static void two_full(void)
{
	begin(true);
	in.wire_in[0] = 0.97;
	in.wire_out[0] = 0.99;
	count(SNIC_STAT_BUSY_TX_READS, 0.37);
	count(SNIC_STAT_STALL_TX_READS_BY_WIRE_OUT, 0.24);
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_WIRE_OUT);
	in.wire_in[0] = 0.989;
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_WIRE_IN);
}

/* A host that hardly sends is no limit of what comes in at line rate. */
static void idle_host(void)
{
	begin(true);
	count(SNIC_STAT_BUSY_TX_RINGS, 0.01);
	in.wire_in[0] = 0.97;
	stations_judge(&in, &s);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_HOST), 0.99, 1e-9);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_WIRE_IN);
}

static void latency(void)
{
	begin(true);
	count(SNIC_STAT_BUSY_TX_READS, 0.18);
	count(SNIC_STAT_STALL_TX_READS_BY_DMA_TAGS, 0.58);
	count(SNIC_STAT_BUSY_TAGS_TX_DATA, 0.97);
	in.pcie_down = 0.3;
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_DMA_TAGS);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_DMA_TAGS), 0.97, 1e-9);
	/* tags are out because the link that brings the data is full */
	in.pcie_down = 0.99;
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_PCIE_DOWN);
	/* both ways until the wire has sent all, then from the host alone: neither is full on average */
	in.pcie_down = 0.86;
	count(SNIC_STAT_BUSY_TAGS_TX_DATA, 0.62);
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_PCIE_DOWN);
	in.pcie_down = 0.6;
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_DMA_TAGS);
}

/* Nobody waits, nothing is full: no more came. */
static void source(void)
{
	begin(true);
	count(SNIC_STAT_BUSY_TX_READS, 0.30);
	count(SNIC_STAT_STALL_TX_READS_BY_WIRE_OUT, 0.02);
	in.wire_out[0] = 0.6;
	count(SNIC_STAT_BUSY_TX_RINGS, 0.32);
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_HOST);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_HOST), 0.68, 1e-9);
	begin(false);
	in.wire_in[0] = 0.4;
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_WIRE_IN);
	CU_ASSERT_EQUAL(busy(SNIC_STATION_HOST), 0);
	/* copies without a descriptor */
	count(SNIC_STAT_BUSY_RX_COPIES, 0.2);
	count(SNIC_STAT_STALL_RX_COPIES_BY_HOST, 0.3);
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(s.limit, SNIC_STATION_HOST);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_HOST), 0.3, 1e-9);
}

/* Of several units the one that is least idle; ports and parsers are units, and so are parts of an engine. */
static void units(void)
{
	begin(true);
	count(SNIC_STAT_BUSY_PARSER0, 0.5);
	count(SNIC_STAT_BUSY_PARSER2, 0.4);
	count(SNIC_STAT_STALL_PARSER2_BY_FLOW_TABLE, 0.2);
	in.wire_out[1] = 0.7;
	in.wire_out[0] = 0.1;
	stations_judge(&in, &s);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_PARSER), 0.4, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(s.use[SNIC_STATION_PARSER].stalled[SNIC_STATION_FLOW_TABLE], 0.2, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(busy(SNIC_STATION_WIRE_OUT), 0.7, 1e-9);
	/* no time, no shares */
	in.cycles = 0;
	stations_judge(&in, &s);
	CU_ASSERT_EQUAL(busy(SNIC_STATION_PARSER), 0);
	CU_ASSERT_EQUAL(s.limit, STATIONS_UNKNOWN);
}

static const struct cu_test tests[] = {
	{ "stations", "line_rate", line_rate },
	{ "stations", "overload", overload },
	{ "stations", "chain", chain },
	{ "stations", "two_full", two_full },
	{ "stations", "idle_host", idle_host },
	{ "stations", "latency", latency },
	{ "stations", "source", source },
	{ "stations", "units", units },
	{ 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
