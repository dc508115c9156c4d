/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The MAC/VLAN table: which vport an address on a VLAN is at. Slots hold the whole key. Each wire port is a switch of its
 * own, so an address may be there twice: for a vport of the one and for one of the other.
 */
#ifndef SNIC_MAC_H
#define SNIC_MAC_H

#include "snic_cuckoo.h"
#include "snic_hw.h"

#define SNIC_MAC_SLOTS SNIC_CUCKOO_SLOTS(SNIC_MAC_SETS_LOG2)

struct snic_mactab {
	struct snic_hw *pf;
	struct snic_cuckoo ck;
	struct snic_ids ids;
	u32 id_fifo[SNIC_MAC_SLOTS];
	u32 slot[SNIC_MAC_SLOTS];
	struct snic_hash hash[SNIC_MAC_SLOTS];
	struct snic_mac_entry {
		u32 dw[2]; /* the key as the hash and the registers take it */
		u16 vport;
		u8 port; /* whose switch it is on */
	} entry[SNIC_MAC_SLOTS];
};

/* tab is zeroed memory; the device's table is empty (or snic_mactab_clear with `all` follows). */
void snic_mactab_init(struct snic_mactab *tab, struct snic_hw *pf);
void snic_mactab_clear(struct snic_mactab *tab, bool all);
/* The device was reset as a whole and its table is empty: as it was. */
void snic_mactab_restore(struct snic_mactab *tab);

/*
 * port: the wire port whose switch vport is on. Adding what is there already is no error. -EEXIST: it is there for another
 * vport of that switch; -ENOSPC: no slot for this address.
 */
int snic_mac_add(struct snic_mactab *tab, const u8 mac[6], u32 vid, u32 vport, u32 port);
/* -ENOENT: not there */
int snic_mac_del(struct snic_mactab *tab, const u8 mac[6], u32 vid, u32 port);

#endif
