/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Poll-mode datapath over driver/hw: one process drives the PF and its VFs. Errors are negative errno.
 */
#ifndef SNIC_PMD_H
#define SNIC_PMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snic_contract.h"

struct snic_pmd;

/* How this process reaches the card: VFIO, UIO, or whatever maps BARs and memory. */
struct snic_pmd_bus {
	void *ctx;
	void (*write)(void *ctx, unsigned int func, uint32_t offset, uint64_t value, unsigned int size);
	uint64_t (*read)(void *ctx, unsigned int func, uint32_t offset, unsigned int size);
	/* DMA-able, zeroed, 4 KiB aligned; *bus is what the device uses. NULL: none left. Freed all at once by the owner. */
	void *(*dma_alloc)(void *ctx, unsigned int func, size_t size, uint64_t *bus);
	void (*bus_master)(void *ctx, unsigned int func, bool on);
	void (*delay_ns)(void *ctx, uint64_t ns);
};

struct snic_pmd_config {
	unsigned int vfs;	  /* 0..255; functions 1..vfs are brought up beside the PF */
	unsigned int queues;	  /* pairs per function, 1..8 */
	unsigned int ring_log2;	  /* descriptors of each ring, 4..15 */
	unsigned int rx_buf;	  /* bytes of an RX buffer, multiple of 64, up to 9216 + 64 */
	unsigned int tx_buf;	  /* bytes of a TX buffer */
	unsigned int cpl_timeout; /* cycles, 0: leave the device's default */
	bool promisc_pf;	  /* PF takes unicast that no function owns */
	bool spoofchk;		  /* VFs */
	bool strip_vlan;
	bool rx_scatter; /* a frame longer than rx_buf, which is 256 or more, comes in several buffers */
	/* What a VF may flood: thousand copies a second, and copies at once. 0: no limit, for whoever replays at line rate what
	 * came in at another; SNIC_STORM_VF_KCOPIES and _BURST are what the kernel's driver sets. */
	unsigned int storm_kcopies, storm_burst;
};

/* A received frame, or with rx_scatter a part of one: the next one goes on with it where RX_CPL.MORE says so. Valid until
 * snic_pmd_rx_release() of its queue. */
struct snic_pmd_rx {
	const uint8_t *data;
	uint32_t len;
	__u64 cpl[2]; /* RX_CPL in host order: snic_bits_get(cpl, SNIC_F(RX_CPL, ...)) */
};

/* What the card does to a frame as it leaves. */
struct snic_pmd_tx_offload {
	bool csum; /* insert a checksum */
	uint8_t csum_start, csum_off;
	/* as in TX_CTX; mss 0: the frame is not cut */
	uint16_t mss, hdr;
	uint8_t l3, l4, ol3;
	bool ip6, udp, fixid, oip4;
	bool to; /* of the PF: to this vport, a function or wire port, and no rule or table is asked */
	uint16_t vport;
};

struct snic_pmd_fstats {
	uint64_t v[SNIC_N_FSTAT]; /* by SNIC_FSTAT_* */
};

/*
 * Checks identity, runs the self-test, resets, enables `vfs`, sets MAC 02:5c:00:00:00:<func> for each function (function
 * number in the last byte; PF 0), VLAN 0 membership, RSS (default Toeplitz key, queue = entry modulo queues), MAC table, rings; posts all
 * RX buffers. On failure nothing is left enabled and err holds one line.
 */
struct snic_pmd *snic_pmd_open(const struct snic_pmd_bus *bus, const struct snic_pmd_config *cfg, char *err,
			       size_t err_size);
void snic_pmd_close(struct snic_pmd *pmd);
void snic_pmd_mac(const struct snic_pmd *pmd, unsigned int func, uint8_t mac[6]);

/* TX: get a buffer (NULL: ring full), fill it, commit it; flush rings the doorbell once for all committed. */
uint8_t *snic_pmd_tx_buf(struct snic_pmd *pmd, unsigned int func, unsigned int queue);
void snic_pmd_tx_commit(struct snic_pmd *pmd, unsigned int func, unsigned int queue, uint32_t len);
/* A frame of any length that 32 TX buffers hold, copied into as many as it takes; offload may be NULL. -EAGAIN: no room in the ring
 * now; -EINVAL: it takes more than 32, or than the ring has. */
int snic_pmd_tx_frame(struct snic_pmd *pmd, unsigned int func, unsigned int queue, const uint8_t *frame,
		      uint32_t len, const struct snic_pmd_tx_offload *offload);
void snic_pmd_tx_flush(struct snic_pmd *pmd, unsigned int func, unsigned int queue);
/* Frames committed and not yet read by the device; -EIO when the queue stopped on an error. */
int snic_pmd_tx_pending(struct snic_pmd *pmd, unsigned int func, unsigned int queue);

/* RX: up to n buffers; release posts all that were handed out so far again. */
unsigned int snic_pmd_rx_burst(struct snic_pmd *pmd, unsigned int func, unsigned int queue,
			       struct snic_pmd_rx *out, unsigned int n);
void snic_pmd_rx_release(struct snic_pmd *pmd, unsigned int func, unsigned int queue);

/* Control plane (thin over driver/hw) */
int snic_pmd_set_promisc(struct snic_pmd *pmd, unsigned int func, bool on);
int snic_pmd_set_allmulti(struct snic_pmd *pmd, unsigned int func, bool on);
int snic_pmd_set_spoofchk(struct snic_pmd *pmd, unsigned int func, bool on);
/* The wire port whose switch the function is on, 0 or 1; its MAC on VLAN 0 moves with it. */
int snic_pmd_set_uplink(struct snic_pmd *pmd, unsigned int func, unsigned int port);
/* One switch for all functions and both wire ports, by rules; what they do not decide goes to the PF (snic_func.h). */
int snic_pmd_set_switchdev(struct snic_pmd *pmd, bool on);
/* Ends of tunnels that the card has, and their UDP ports (snic_tunnel.h). */
struct snic_vtep;
struct snic_tun_ports;
struct snic_encap;
/*
 * A tunnel port of the card: VPORT_TUNNEL + number, row and template of that number. What comes on `port` for its outer address is opened by
 * DECAP; with headers (len), ENCAP puts them in front. *why: what is wrong with them, or NULL.
 */
struct snic_pmd_tunnel {
	unsigned int number, port;
	uint8_t mac[6];
	bool v6;
	uint32_t local[4]; /* as in the key */
	uint8_t proto;
	uint16_t dport;
	uint8_t hdr[SNIC_ENCAP_BYTES];
	unsigned int len;
	bool ttl, tos; /* those of the frame */
};
int snic_pmd_tunnel_set(struct snic_pmd *pmd, const struct snic_pmd_tunnel *t, const char **why);
int snic_pmd_encap_set(struct snic_pmd *pmd, unsigned int row, const struct snic_encap *e);
int snic_pmd_vtep_set(struct snic_pmd *pmd, unsigned int row, const struct snic_vtep *v);
int snic_pmd_tun_ports_set(struct snic_pmd *pmd, const struct snic_tun_ports *p);
int snic_pmd_set_port_vlan(struct snic_pmd *pmd, unsigned int func, uint16_t tci);
int snic_pmd_vlan_member(struct snic_pmd *pmd, uint16_t vid, unsigned int func, bool on);
int snic_pmd_mac_add(struct snic_pmd *pmd, const uint8_t mac[6], uint16_t vid, uint16_t vport);
int snic_pmd_mac_del(struct snic_pmd *pmd, const uint8_t mac[6], uint16_t vid, uint16_t vport);

/* Exact flows, in batches: ids[i] gets the flow id; returns how many were done, or the error of the first. */
int snic_pmd_flow_add(struct snic_pmd *pmd, const struct snic_flow_key *keys, const struct snic_actions *acts,
		      uint32_t *ids, unsigned int n);
int snic_pmd_flow_del(struct snic_pmd *pmd, const uint32_t *ids, unsigned int n);
struct snic_flow_stats {
	uint64_t packets, bytes, last_seen; /* last_seen: device cycles modulo 2^48, 0 never */
};
int snic_pmd_flow_query(struct snic_pmd *pmd, const uint32_t *ids, struct snic_flow_stats *out,
			unsigned int n);
/*
 * What the action EDIT of a flow or rule is to write (rtl/contract/snic_edit.def): its id goes into the action's argument (EDIT_ARG).
 * Before the entries that name it, which it outlives: -EBUSY else.
 */
int snic_pmd_edit_add(struct snic_pmd *pmd, const struct snic_edit *edit, uint32_t *id);
int snic_pmd_edit_del(struct snic_pmd *pmd, uint32_t id);
/* Masked rule: key is masked by the driver; the higher priority number wins. */
int snic_pmd_rule_add(struct snic_pmd *pmd, const struct snic_flow_key *key, const struct snic_flow_key *mask,
		      uint16_t priority, const struct snic_actions *act, uint32_t *id);
int snic_pmd_rule_del(struct snic_pmd *pmd, uint32_t id);
int snic_pmd_rule_query(struct snic_pmd *pmd, uint32_t id, struct snic_flow_stats *out);

uint64_t snic_pmd_stat(struct snic_pmd *pmd, unsigned int index);		      /* SNIC_STAT_* */
uint64_t snic_pmd_fstat(struct snic_pmd *pmd, unsigned int func, unsigned int index); /* SNIC_FSTAT_* */
uint64_t snic_pmd_time(struct snic_pmd *pmd); /* device cycles, modulo 2^48 */

#endif
