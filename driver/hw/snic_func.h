/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What the PF decides about each function: its row in the function table, the VLANs it is a member of, how much it may
 * flood.
 */
#ifndef SNIC_FUNC_H
#define SNIC_FUNC_H

#include "snic_tunnel.h"

#define SNIC_N_VLAN 4096

struct snic_func_row {
	u8 mac[6];
	u16 vlan;  /* port VLAN TCI, 0 none */
	u32 flags; /* SNIC_FT_* */
};

/* Storm control: sources whose floods have a limit of their own; VFs share the value, not the allowance. */
enum snic_storm_source { SNIC_STORM_VF, SNIC_STORM_PF, SNIC_STORM_WIRE0, SNIC_STORM_WIRE1 };

struct snic_storm {
	u32 kcopies; /* thousand copies a second, 0: no limit; a flood to n functions is n copies */
	u32 burst;   /* copies that may come at once */
};

/*
 * For VFs: 2 % of the 187 million small copies a second that PCI Express Gen4 x16 carries, and a burst of four broadcasts
 * to 255 functions.
 */
#define SNIC_STORM_VF_KCOPIES 4000u
#define SNIC_STORM_VF_BURST 1024u

/* The device's tables cannot be read: this is the copy. */
struct snic_functab {
	struct snic_hw *pf;
	struct snic_storm storm[SNIC_COUNT_STORM_COST];
	bool switchdev;
	struct snic_tuntab tun;
	struct snic_func_row row[SNIC_N_FUNC];
	u32 member[SNIC_N_VLAN][SNIC_N_FUNC / 32];
};

/* tab is zeroed memory; the device's tables are empty (or snic_functab_clear with `all` follows). */
void snic_functab_init(struct snic_functab *tab, struct snic_hw *pf);

/*
 * All functions off, no member of any VLAN, no storm control, no tunnels, not in switchdev mode. `all`: also what the copy does not know of (an
 * earlier driver's).
 */
void snic_functab_clear(struct snic_functab *tab, bool all);

/* The device was reset as a whole and its tables are empty: as they were. */
void snic_functab_restore(struct snic_functab *tab);

void snic_func_set(struct snic_functab *tab, u32 func, const struct snic_func_row *row);

void snic_func_set_storm(struct snic_functab *tab, enum snic_storm_source source, const struct snic_storm *s);

/*
 * How the card switches (ESWITCH). In switchdev mode the flow table decides for all functions and both wire ports, and the PF gets
 * what it does not decide, with the vport it came from in the completion. Rows, VLANs and MAC table stay and wait; but a port
 * VLAN still pops tags of what its function gets: take port VLANs off first.
 */
void snic_func_set_switchdev(struct snic_functab *tab, bool on);

int snic_vlan_member(struct snic_functab *tab, u32 vid, u32 func, bool on);

/*
 * Port VLAN (0: none). Membership of the port VLAN takes the place of that of the last one (VLAN 0 when there
 * was none): member first, so that no frame falls between.
 */
int snic_func_set_port_vlan(struct snic_functab *tab, u32 func, u16 tci);

/*
 * Bitmap of 32 functions, number `word` of them: a queue of the function stopped on an error. A read bit is cleared
 * by snic_func_errors_seen(). Each new one raises the interrupt of snic_mbox_irq().
 */
u32 snic_func_errors(const struct snic_hw *pf, u32 word);
void snic_func_errors_seen(const struct snic_hw *pf, u32 word, u32 bits);

#endif
