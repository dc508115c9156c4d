/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * What a card is, as its library says it (snic_sim_card() of snic_sim.h): whoever loads the library makes the PCIe functions from
 * this and knows no number of any card. README.md, "Bring your own card", goes through it with an example.
 *
 * The shell (QEMU) owns configuration space, the MSI-X tables and SR-IOV; the library owns registers, DMA, when a message is sent,
 * and what happens on the wires. Function 0 is the PF, function n is VF n, or for hosts without SR-IOV the plain function n: one that is
 * there from the start, with what `vf` describes.
 */
#ifndef SNIC_CARD_H
#define SNIC_CARD_H

#include <stdbool.h>
#include <stdint.h>

#define SNIC_CARD_BARS 6
#define SNIC_CARD_FUNCS 256	    /* PF and VFs: they share a bus number */
#define SNIC_CARD_VECTORS 256	    /* of a function */
#define SNIC_CARD_PORTS 2	    /* wire ports at most */
#define SNIC_CARD_SPEEDS 8	    /* speeds of a port at most */
#define SNIC_CARD_WINDOW (1u << 28) /* offsets of the door are below */

/*
 * A memory BAR. What the host accesses at byte i of it comes to the library as offset `base` + i: the BARs of a function lie side by
 * side in one window of offsets, and that is how the library tells them apart.
 */
struct snic_card_bar {
	uint64_t size; /* bytes, a power of two, 4096 or more; 0: there is no such BAR */
	uint32_t base;
	bool is_64bit; /* takes the next BAR's place, too */
	bool prefetchable;
};

/* What PF and VFs each have. */
struct snic_card_func {
	uint16_t device_id;
	struct snic_card_bar bar[SNIC_CARD_BARS];
	/*
	 * MSI-X: so many vectors (1 to 256; 0: none), table in the lower half of BAR msix_bar, pending bits in its upper half. That BAR
	 * is the shell's: no access of it comes to the library, and its base says nothing.
	 */
	uint16_t msix_vectors;
	uint8_t msix_bar;
};

enum snic_card_cap {
	SNIC_CARD_AER = 1 << 0, /* Advanced Error Reporting */
	SNIC_CARD_ARI = 1 << 1, /* more than 8 functions need it */
	SNIC_CARD_ACS = 1 << 2,
	SNIC_CARD_DSN =
		1
		<< 3, /* serial number: EUI-64 of the MAC address that the user gives the card (pci_get_dsn()) */
	SNIC_CARD_FLR = 1 << 4, /* Function Level Reset, snic_sim_flr() */
};

/* Settings of struct snic_sim_config that a card may do without; a value other than the default is refused if it does. */
enum snic_card_setting {
	SNIC_CARD_CLOCK = 1 << 0,	 /* clock_mhz */
	SNIC_CARD_START_CYCLES = 1 << 1, /* start_cycles */
	SNIC_CARD_SIZES = 1 << 2,	 /* mps, mrrs, and changes of them while it runs */
};

struct snic_card {
	uint32_t
		size; /* sizeof(struct snic_card) of the library: what is behind was not known to it, and is 0 */
	const char *name; /* a word, for people */
	uint16_t vendor_id;
	uint16_t subsystem_vendor_id, subsystem_id; /* 0: the shell's */
	uint32_t class_code;			    /* 24 bits; 0x020000 is Ethernet */
	uint8_t revision;
	uint32_t caps;	   /* SNIC_CARD_AER and others */
	uint32_t settings; /* SNIC_CARD_CLOCK and others */
	struct snic_card_func pf, vf;
	/* VF n has routing id (PF's) + vf_offset + (n - 1) * vf_stride; total_vfs 0: no SR-IOV */
	uint16_t total_vfs, vf_offset, vf_stride;
	uint8_t n_ports;		      /* 1 or 2 */
	uint32_t wire_gbps[SNIC_CARD_SPEEDS]; /* speeds that a port can have; 0 ends them */
	/* what a run has when its user says nothing: core clock, speed of the ports, link, its sizes */
	uint32_t usual_clock_mhz, usual_wire_gbps, usual_pcie_gen, usual_pcie_lanes, usual_mps, usual_mrrs;
	uint32_t frame_max;	   /* bytes of the longest frame that it takes, without FCS */
	uint32_t vendor_cap_bytes; /* of a vendor specific capability behind all others; 0: none */
	const uint8_t *vendor_cap; /* these bytes, from behind its header of 8 */
	uint16_t vendor_cap_id;
	/* the PF's register that has the PCI Express completion timeout, in cycles of the core clock (0 there: none); 0: no such register */
	uint32_t read_timeout_reg;
	/* plain functions beside the PF, in place of VFs: at most, and when the user says nothing; 0: none */
	uint16_t max_plain, usual_plain;
};

#endif
