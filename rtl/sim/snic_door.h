/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A card's library, loaded at run time: the one way for QEMU, cosnic and tests. */
#ifndef SNIC_DOOR_H
#define SNIC_DOOR_H

#include "snic_sim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* clang-format off */
/* The functions of snic_sim.h, by their names without prefix. */
#define SNIC_DOOR_FUNCTIONS(X) X(card) SNIC_DOOR_OTHERS(X)
#define SNIC_DOOR_OTHERS(X) \
	X(config_default) X(config_check) X(fault_check) X(histogram) X(create) X(destroy) X(run_until) X(error) X(now) \
	X(next_event) X(next_delivery) X(mmio_write) X(mmio_read) X(bus_master) X(flr) X(sizes) X(fault_parse) X(fault_add) \
	X(fault_clear) X(fault_hits) X(wire_rx) X(wire_rx_pending) X(wave) X(stats) X(activity) X(flavour)

/* The numbers of struct snic_sim_config that a user may set: SETTING(name on a command line, field). */
#define SNIC_SIM_SETTINGS(SETTING) \
	SETTING("clock-mhz", clock_mhz) SETTING("wire-gbps", wire_gbps) SETTING("pcie-gen", pcie_gen) \
	SETTING("pcie-lanes", pcie_lanes) SETTING("mps", mps) SETTING("mrrs", mrrs) SETTING("rcb", rcb) \
	SETTING("read-latency-ns", read_latency_ns) SETTING("write-latency-ns", write_latency_ns) \
	SETTING("read-jitter-ns", read_jitter_ns)
/* clang-format on */

/* A setting that nobody has set: the library's default. */
#define SNIC_SIM_UNSET UINT32_MAX

struct snic_door {
	void *library;
	struct snic_card desc; /* as the library says it, checked */
#define X(name) __typeof__(&snic_sim_##name) name;
	SNIC_DOOR_FUNCTIONS(X)
#undef X
};

/* 0, or a negative errno and a line in err that names library, fault and remedy. */
int snic_door_open(struct snic_door *door, const char *path, char *err, size_t err_size);
void snic_door_close(struct snic_door *door);

/* The settings that are SNIC_SIM_UNSET become the library's own. */
void snic_door_settings(const struct snic_door *door, struct snic_sim_config *cfg);

/* A description that a shell can build functions from: 0, or -EINVAL with a line in err. */
int snic_card_check(const struct snic_card *card, char *err, size_t err_size);

#ifdef __cplusplus
}
#endif
#endif
