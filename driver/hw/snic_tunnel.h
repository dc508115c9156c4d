/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* Tunnels: the ends that the card has itself (VTEP table), and the UDP ports that tunnels are told by. Only the PF may. */
#ifndef SNIC_TUNNEL_H
#define SNIC_TUNNEL_H

#include "snic_hw.h"

/*
 * In switchdev mode a frame from one of `ports` (a bit a wire port) with this outer destination comes from vport VPORT_TUNNEL + tunnel,
 * and rules see its inner headers. ip as in the key (struct snic_flow_key): dword 0 is the least significant, IPv4 is in it.
 */
struct snic_vtep {
	bool used;
	u8 mac[6];
	u8 ports;
	bool v6;
	u32 ip[4];
	u8 proto;  /* 17 or 47 */
	u16 dport; /* of UDP */
	u8 tunnel;
};

/* 0: nobody has it. */
struct snic_tun_ports {
	u16 vxlan, geneve, mpls;
};

/*
 * Headers that ENCAP puts in front of what leaves by a wire port: Ethernet with two tags at most, IPv4 without options or IPv6, and UDP or
 * GRE with the tunnel's own behind it. The card writes lengths, the IPv4 header checksum and UDP's source port; UDP's checksum stays 0 (in
 * IPv6: RFC 6935, RFC 6936).
 */
struct snic_encap {
	u8 hdr[SNIC_ENCAP_BYTES];
	u32 len;
	bool ttl, dscp, ecn; /* those of the frame, where it is IP */
	u32 max;	     /* longest frame with these headers; 0: FRAME_MAX */
};

/* Functions below that return an error: -EOPNOTSUPP, too, where the card is of a contract before 1.9. */
struct snic_tuntab {
	struct snic_hw *pf;
	struct snic_tun_ports ports;
	struct snic_vtep vtep[SNIC_VTEP_ENTRIES];
	struct snic_encap encap[SNIC_ENCAP_ENTRIES]; /* len 0: none */
};

/* tab is zeroed memory; the device's tables are empty (or snic_tuntab_clear with `all` follows). */
void snic_tuntab_init(struct snic_tuntab *tab, struct snic_hw *pf);
/* No tunnel ends here, ports are IANA's. `all`: also what the copy does not know of. */
void snic_tuntab_clear(struct snic_tuntab *tab, bool all);
void snic_tuntab_restore(struct snic_tuntab *tab);

/*
 * Row of the VTEP table; NULL empties it. Of several that fit the lowest counts. -EINVAL: no such row, tunnel or wire port, a group's or no
 * address, an IPv4 address with more than 32 bits, a protocol that is no tunnel's, a UDP port that is none's or of no known tunnel.
 */
int snic_vtep_set(struct snic_tuntab *tab, u32 row, const struct snic_vtep *v);
/*
 * Template; NULL takes it away (rules that name it then miss). May be written anew under traffic: a frame has the old headers or the new
 * ones. -EINVAL: no such row, or what snic_encap_wrong() says.
 */
int snic_encap_set(struct snic_tuntab *tab, u32 row, const struct snic_encap *e);
/* What is wrong with a template, for people; NULL: nothing. */
const char *snic_encap_wrong(const struct snic_encap *e);
/* -EINVAL: one port for two. */
int snic_tun_ports_set(struct snic_tuntab *tab, const struct snic_tun_ports *p);

#endif
