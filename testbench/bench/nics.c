/* SPDX-License-Identifier: BSD-2-Clause */
#include "nics.h"

#include <string.h>

#include "cosnic.h"
#include "ethernet.h"
#include "rows.h"
#include "settings.h"
#include "snic_predict.h"
#include "suite.h"

#define SMALLEST 64
#define LARGEST 1518
#define STEP 4 /* PCIe carries whole dwords: each step of the curves is there */

static const char *const names[SNIC_N_NIC] = { "link", "simple", "kernel", "dpdk" };

static int refused(const struct bench *b)
{
	static const char *const known[] = { "pcie", "mps", "mrrs", "rcb", "wire-gbps" };
	const char *name;
	json_t *value;
	size_t i;

	json_object_foreach(b->base, name, value)
	{
		for (i = 0; i < sizeof(known) / sizeof(known[0]) && strcmp(name, known[i]); i++)
			;
		if (i < sizeof(known) / sizeof(known[0]))
			continue;
		return usage_error(
			"bench", "pcie: --%s says nothing here; give pcie, mps, mrrs, rcb, wire-gbps", name);
	}
	if (!b->axes && !json_array_size(b->files))
		return EXIT_OK;
	return usage_error("bench",
			   "pcie: it is arithmetic over frame sizes; --over and captures say nothing here");
}

static void add(json_t *row, const char *nic, const char *dir, double gbps)
{
	char key[32];

	snprintf(key, sizeof(key), "%s_%s_gbps", nic, dir);
	json_object_set_new(row, key, json_real(gbps));
}

static json_t *row_of(const struct snic_predict_config *cfg, unsigned int size)
{
	json_t *row = json_pack("{s:i s:f}", "size", size, "wire_gbps",
				cfg->wire_gbps * (double)(size - ETH_FCS) / (size + ETH_WIRE));
	struct snic_nic_rates r;
	unsigned int n;

	for (n = 0; n < SNIC_N_NIC; n++) {
		if (snic_predict_nic(cfg, (enum snic_nic)n, size - ETH_FCS, &r))
			continue;
		add(row, names[n], "rx", r.to_host);
		add(row, names[n], "tx", r.from_host);
		add(row, names[n], "both", r.both);
	}
	return row;
}

int nics_run(struct bench *b)
{
	static struct settings s;
	json_t *shown = json_array(), *row;
	struct snic_predict_config cfg = { 0 };
	struct suite *suite = NULL;
	unsigned int size;
	int ret;

	b->predict_only = true;
	ret = refused(b);
	if (!ret)
		ret = settings_resolve(&s, b->base, b->files, true);
	if (!ret) {
		suite = suite_open(b, NULL);
		ret = suite ? EXIT_OK : EXIT_INPUT;
	}
	if (ret) {
		json_decref(shown);
		return ret;
	}
	cfg.wire_gbps = s.run.sim.wire_gbps;
	cfg.pcie_gen = s.run.sim.pcie_gen;
	cfg.pcie_lanes = s.run.sim.pcie_lanes;
	cfg.mps = s.run.sim.mps;
	cfg.mrrs = s.run.sim.mrrs;
	cfg.rcb = s.run.sim.rcb;
	for (size = SMALLEST; size < LARGEST + STEP; size += STEP) {
		row = row_of(&cfg, size < LARGEST ? size : LARGEST);
		json_array_append_new(suite->rows, row);
		if (!(size & (size - 1)) || size >= LARGEST)
			json_array_append(shown, row);
	}
	puts("Gb/s of data over PCIe: the link alone, and with a NIC's descriptors, doorbells and interrupts; rx to the host,\n"
	     "tx from it, each alone, or both at once (Neugebauer et al., SIGCOMM 2018)");
	rows_table(
		shown,
		"size wire_gbps link_rx_gbps link_tx_gbps link_both_gbps simple_rx_gbps simple_tx_gbps simple_both_gbps "
		"kernel_rx_gbps kernel_tx_gbps kernel_both_gbps dpdk_rx_gbps dpdk_tx_gbps dpdk_both_gbps",
		stdout);
	json_decref(shown);
	return suite_close(suite, EXIT_OK);
}
