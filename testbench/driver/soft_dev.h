/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A software device behind struct snic_pmd_bus: registers, tables and rings of the contract, no timing.
 * Frames go where their first two bytes say (function, queue). It does not trust the driver: what breaks the
 * contract is counted.
 */
#ifndef SOFT_DEV_H
#define SOFT_DEV_H

#include "snic_contract.h"
#include "snic_pmd.h"

#define SOFT_ARENA (64u << 20)
#define SOFT_BUS 0x700000000ull

struct soft_queue {
	uint16_t tx_tail, tx_head, rx_tail, rx_head;
	unsigned int tx_bells, rx_bells;
};

struct soft_entry {
	struct snic_flow_key key;
	struct snic_actions act;
	uint32_t mask, priority; /* rules */
	uint64_t packets;
};

struct soft_dev {
	struct snic_pmd_bus bus;
	uint32_t reg[SNIC_N_FUNC][SNIC_BAR_BYTES / 4];
	bool bus_master[SNIC_N_FUNC];
	struct soft_queue q[SNIC_N_FUNC][SNIC_Q_PER_FUNC];
	uint8_t *arena;
	size_t used;
	/* PF tables */
	struct {
		uint32_t mac_lo, mac_hi, vlan, flags;
	} row[SNIC_N_FUNC];
	uint64_t mac_slot[2][1 << SNIC_MAC_SETS_LOG2][SNIC_MAC_WAYS];  /* {vid, mac} */
	uint16_t mac_vport[2][1 << SNIC_MAC_SETS_LOG2][SNIC_MAC_WAYS]; /* + 1; 0 invalid */
	uint32_t member[4096][8];
	struct soft_entry flow[SNIC_FLOW_ENTRIES], rule[SNIC_RULE_ENTRIES];
	uint32_t flow_slot[2][1 << SNIC_FLOW_SETS_LOG2][SNIC_FLOW_WAYS];
	uint32_t rule_slot[2][1 << SNIC_RULE_SETS_LOG2][SNIC_FLOW_WAYS];
	struct snic_flow_key mask[SNIC_RULE_MASKS];
	uint32_t mask_enable;
	uint64_t stat_packets;
	/* what was seen */
	unsigned int reads, writes, allocs, drops, breaches;
	/* what is to go wrong */
	unsigned int reads_until_gone, allocs_until_none; /* counted down; 0 at the start: never */
	bool gone, no_test_dma;
	int stuck_reset; /* function, -1 none */
	/* after each change of a slot table */
	void (*slot_hook)(struct soft_dev *dev);
};

struct soft_dev *soft_dev_new(void);
void soft_dev_free(struct soft_dev *dev);

/* Moves what the doorbells announced, at most n frames of each queue. */
void soft_dev_run(struct soft_dev *dev, unsigned int n);

/* Everything that a closed driver must have left behind it: no function on, tables empty. */
bool soft_dev_clean(const struct soft_dev *dev);

/* Lookups as the RTL does them. NULL: none. */
struct soft_entry *soft_dev_exact(struct soft_dev *dev, const struct snic_flow_key *key);
struct soft_entry *soft_dev_rule(struct soft_dev *dev, const struct snic_flow_key *key);
int soft_dev_mac(const struct soft_dev *dev, const uint8_t mac[6], uint16_t vid); /* vport, or -1 */

/* TX write-back record and RX ring registers, for tests that play the device themselves. */
void *soft_dev_mem(const struct soft_dev *dev, uint64_t bus, size_t len);
uint64_t soft_dev_reg64(const struct soft_dev *dev, unsigned int func, uint32_t reg);

#endif
