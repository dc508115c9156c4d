/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What must come out of the device: an independent statement in plain C of parsing, matching, forwarding, actions and
 * hashes. It shares only the contract's types with the RTL and the driver. No timing: frames are taken one at a time.
 */
#ifndef SNIC_REF_H
#define SNIC_REF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snic_contract.h"

/* ---- snic_ref_parse.c: headers ---- */
struct snic_ref_parse {
	struct snic_flow_key key;	     /* of the innermost headers */
	struct snic_flow_key out_key;	     /* of the outermost ones */
	uint8_t perr, l3, l4, tun, il3, il4; /* SNIC_PERR_*, SNIC_L3_*, ... */
	uint8_t l3ok, l4ok, il3ok, il4ok;    /* SNIC_CSUM_* */
	bool frag;			     /* of the innermost datagram */
	bool has_vlan;			     /* outermost tag */
	bool ad;			     /* ... is an 802.1ad one */
	uint16_t tci;
	/* the Ethernet frame in a tunnel: from start up to stop */
	struct {
		bool eth, has_vlan, ad; /* eth: there is one */
		uint16_t tci;
		size_t start, stop;
	} in;
};
/* UDP destination ports by which tunnels are told. */
struct snic_ref_tun_ports {
	uint16_t vxlan, geneve, mpls;
};
void snic_ref_parse_ports(const struct snic_ref_tun_ports *ports, const uint8_t *frame, size_t len,
			  uint16_t src_vport, struct snic_ref_parse *out);
/* ... with the ports that IANA gave them */
void snic_ref_parse(const uint8_t *frame, size_t len, uint16_t src_vport, struct snic_ref_parse *out);

/* Where the parser finds headers, for people: in the order in which it comes to them. */
enum snic_ref_header {
	SNIC_REF_ETHERNET,
	SNIC_REF_VLAN,
	SNIC_REF_IPV4,
	SNIC_REF_IPV6,
	SNIC_REF_EXTENSION, /* of IPv6 */
	SNIC_REF_TCP,
	SNIC_REF_UDP,
	SNIC_REF_ICMP,
	SNIC_REF_GRE,
	SNIC_REF_VXLAN,
	SNIC_REF_GENEVE,
	SNIC_REF_MPLS, /* a label */
	SNIC_REF_N_HEADER
};
#define SNIC_REF_MAX_HEADERS 24 /* more than the parser takes steps */
struct snic_ref_headers {
	unsigned int n;
	struct snic_ref_header_at {
		enum snic_ref_header kind;
		unsigned int level; /* 1: behind a tunnel */
		size_t off, len;
	} at[SNIC_REF_MAX_HEADERS];
};
void snic_ref_headers(const uint8_t *frame, size_t len, struct snic_ref_headers *out);

/* ---- snic_ref_rss.c: Toeplitz ---- */
#define SNIC_REF_RSS_NIBBLES 72 /* of the longest input: two IPv6 addresses and two ports */
struct snic_ref_rss_key {
	uint32_t nibble[SNIC_REF_RSS_NIBBLES][16];
};
void snic_ref_rss_key(struct snic_ref_rss_key *t, const uint8_t key[40]);
uint32_t snic_ref_rss(const struct snic_ref_rss_key *key, const struct snic_ref_parse *p);

/* ---- snic_ref_hash.c: of flow keys, n >= 1 words ---- */
uint32_t snic_ref_hash(const uint32_t *k, unsigned int n, uint32_t seed);

/* ---- snic_ref_tx.c: checksums and segments that a sender leaves to the card (TX_DESC.CSUM, TX_CTX) ---- */
void snic_ref_tx_csum(uint8_t *frame, size_t len, size_t start, size_t off);
struct snic_ref_tx_cut {
	size_t mss, hdr, l3, l4, ol3;
	bool ip6, udp, fixid, oip4;
};
size_t snic_ref_tx_segments(const struct snic_ref_tx_cut *c, size_t len);
/* Segment k into out, which has room for the headers, MSS and a shortest frame; its length. */
size_t snic_ref_tx_segment(const struct snic_ref_tx_cut *c, const uint8_t *frame, size_t len, size_t k,
			   uint8_t *out);

/* ---- snic_ref.c: the whole device ---- */
struct snic_ref;
struct snic_ref *snic_ref_create(void);
void snic_ref_destroy(struct snic_ref *r);

/* Configuration, as the PF would set it. */
struct snic_ref_func {
	bool enabled; /* FUNC_CTRL and its RX queues; that floods reach it is SNIC_MASK(FT_FLAGS, ENABLE) in flags */
	uint8_t mac[6];
	uint16_t port_vlan;
	uint16_t flags; /* SNIC_FT_* */
	uint8_t indir[SNIC_RSS_INDIR];
	uint32_t rx_buf; /* bytes */
};
void snic_ref_set_func(struct snic_ref *r, unsigned int func, const struct snic_ref_func *f);
void snic_ref_set_rss_key(struct snic_ref *r, const uint8_t key[40]);
/* One switch for all: the flow table decides, and the PF gets the rest (ESWITCH). */
void snic_ref_set_switchdev(struct snic_ref *r, bool on);
/* Ends of tunnels that the card has; in switchdev mode it opens what comes for them from the wire. */
struct snic_ref_vtep {
	bool valid;
	uint8_t mac[6], ports; /* ports: a bit a wire port */
	bool v6;
	uint32_t ip[4]; /* as in the key */
	uint8_t proto;
	uint16_t dport, tunnel;
};
void snic_ref_set_vtep(struct snic_ref *r, unsigned int row, const struct snic_ref_vtep *v);
/* What ENCAP puts in front of a frame: headers with IPv4 total length, UDP length and IPv4 checksum of any value. */
struct snic_ref_encap {
	bool valid;
	uint8_t hdr[SNIC_ENCAP_BYTES];
	size_t len, l3;	     /* bytes; where the IP header begins */
	bool v6, udp;	     /* the IP header is IPv6's; UDP's is behind it */
	bool ttl, dscp, ecn; /* as in the frame, where that is IP */
	size_t max;	     /* longest frame with it */
};
void snic_ref_set_encap(struct snic_ref *r, unsigned int row, const struct snic_ref_encap *e);
void snic_ref_set_tun_ports(struct snic_ref *r, const struct snic_ref_tun_ports *p);
void snic_ref_set_member(struct snic_ref *r, uint16_t vid, unsigned int func, bool on);
int snic_ref_mac_add(struct snic_ref *r, const uint8_t mac[6], uint16_t vid, uint16_t vport);
int snic_ref_flow_add(struct snic_ref *r, const struct snic_flow_key *key, const struct snic_actions *a);
int snic_ref_rule_add(struct snic_ref *r, const struct snic_flow_key *key, const struct snic_flow_key *mask,
		      uint16_t priority, const struct snic_actions *a);
/* What the action EDIT with this id writes. */
void snic_ref_edit_set(struct snic_ref *r, unsigned int id, const struct snic_edit *e);
/* What a rule's entry has counted: rules are numbered from 0 as they were added. */
void snic_ref_rule_counters(const struct snic_ref *r, unsigned int rule, uint64_t *packets, uint64_t *bytes);

/* The next frame that the PF sends goes to this vport: its descriptor says so (TX_DESC.TO), and no rule or table is asked. */
void snic_ref_next_to(struct snic_ref *r, uint16_t vport);

/* fn is told each step of a decision, in a line for people; NULL: nobody is. */
typedef void (*snic_ref_say_fn)(void *ctx, const char *table, const char *line);
void snic_ref_say(struct snic_ref *r, snic_ref_say_fn fn, void *ctx);

/* One copy of a frame as it leaves. */
struct snic_ref_out {
	uint16_t vport;	     /* function, or wire port */
	uint8_t queue;	     /* function: RSS queue */
	const uint8_t *data; /* valid until the next snic_ref_packet() */
	uint32_t len;
	/* for a function, the completion's fields */
	uint32_t rss, mark;
	uint8_t hit;	      /* SNIC_HIT_NONE, _EXACT, or _RULE (the device may say _CACHE instead) */
	int rule;	      /* which masked rule, in the order of snic_ref_rule_add(); -1: none */
	bool vlan_popped, ad; /* ad: the popped tag is an 802.1ad one */
	uint16_t tci;
	uint16_t src;
	bool flooded; /* one of several functions that forwarding found: these have an order of their own */
	const struct snic_ref_parse *parse;
};
/*
 * Frame from src_vport (a function, or a wire port). Returns the number of copies (0: dropped, *cause is the
 * SNIC_STAT_DROP_* that must count it). bad_fcs: as it arrived on the wire.
 */
int snic_ref_packet(struct snic_ref *r, uint16_t src_vport, const uint8_t *frame, size_t len, bool bad_fcs,
		    struct snic_ref_out *out, unsigned int max_out, int *cause);
/* What the flow table was asked for, of the last frame. */
const struct snic_flow_key *snic_ref_key(const struct snic_ref *r);
#endif
