/* SPDX-License-Identifier: BSD-2-Clause */
/* Headers and checksums of one frame, as rtl/pipe/README.md says in words. Written for clarity, not for speed. */
#include "snic_ref.h"

#include <string.h>

#define MAX_STEPS 16

enum {
	ETH_VLAN = 0x8100,
	ETH_QINQ = 0x88a8,
	ETH_IPV4 = 0x0800,
	ETH_IPV6 = 0x86dd,
	ETH_MPLS = 0x8847,
	ETH_MPLS_MC = 0x8848,
	ETH_TEB = 0x6558,
	PROTO_HOPOPT = 0,
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ROUTING = 43,
	PROTO_FRAG = 44,
	PROTO_GRE = 47,
	PROTO_AH = 51,
	PROTO_ICMPV6 = 58,
	PROTO_NONE = 59,
	PROTO_DSTOPT = 60,
	OPT_LSRR = 131, /* RFC 791: loose and strict source route */
	OPT_SSRR = 137,
	OPT_HOME = 201,	 /* RFC 6275 6.3: home address, among destination options */
	OPT_WINDOW = 40, /* options are looked at up to there, from the start of their header */
};

/* One IP layer, outer or inner. */
struct layer {
	uint8_t l3, l4, l3ok, l4ok;
	uint8_t proto, tos;
	bool frag, not_first;
	bool elsewhere; /* an address of the pseudo header may stand in an option or a routing header */
	size_t end;	/* where its datagram ends in the frame */
	uint8_t sip[16], dip[16];
	size_t addr_len;
	uint16_t sport, dport;
};

struct l2 {
	uint8_t dmac[6], smac[6];
	uint16_t type, tci;
	bool has_vlan, ad;
};

struct parser {
	const uint8_t *f;
	size_t len, window, off, end; /* end: of what encloses the next header */
	unsigned int steps;
	uint8_t perr;
	struct l2 l2[2];
	struct layer ip[2];
	unsigned int level; /* 0 outer, 1 behind a tunnel */
	uint8_t tun;
	uint32_t tun_id;
	size_t in_start, in_stop; /* of the Ethernet frame in a tunnel */
	const struct snic_ref_tun_ports *ports;
	struct snic_ref_headers *headers; /* NULL: nobody asks for them */
};

static uint16_t be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

/* A header of n bytes at the current place. */
static void note(const struct parser *p, enum snic_ref_header kind, size_t n)
{
	if (p->headers && p->headers->n < SNIC_REF_MAX_HEADERS)
		p->headers->at[p->headers->n++] = (struct snic_ref_header_at){ kind, p->level, p->off, n };
}

static bool fault(struct parser *p, uint8_t perr)
{
	p->perr = perr;
	return false;
}

static bool step(struct parser *p)
{
	return ++p->steps > MAX_STEPS ? fault(p, SNIC_PERR_STEPS) : true;
}

/* n bytes of the current header can be read */
static bool need(struct parser *p, size_t n)
{
	if (p->off + n > p->end)
		return fault(p, SNIC_PERR_TRUNC);
	if (p->off + n > p->window)
		return fault(p, SNIC_PERR_WINDOW);
	return true;
}

/* Ones' complement sum (RFC 1071) of n bytes, odd tail padded with zero. Two words at a time: carries are folded in at the end. */
static uint32_t sum(const uint8_t *d, size_t n, uint32_t start)
{
	uint64_t acc = start;
	size_t i;

	for (i = 0; i + 3 < n; i += 4)
		acc += be32(d + i);
	if (n & 2)
		acc += be16(d + i);
	if (n & 1)
		acc += (uint32_t)d[n - 1] << 8;
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return (uint32_t)acc;
}

/*
 * May an option of one of two types be among the options in the bytes `at` to `n` of a header? Every byte counts,
 * an option's data, too: the device does not walk them.
 */
static bool may_have(const uint8_t *h, size_t at, size_t n, uint8_t type1, uint8_t type2)
{
	if (n > OPT_WINDOW)
		return true;
	for (; at < n; at++)
		if (h[at] == type1 || h[at] == type2)
			return true;
	return false;
}

/* The L4 checksum of a layer whose L4 header starts at `at`. */
static uint8_t check_l4(const struct parser *p, const struct layer *ip, size_t at)
{
	size_t n = ip->end - at;
	uint8_t pseudo[40];
	uint32_t acc = 0;

	if (ip->frag || (p->len > p->window && ip->end != p->len))
		return SNIC_CSUM_NONE;
	if (ip->l4 == SNIC_L4_UDP && (be16(p->f + at + 6) == 0 || be16(p->f + at + 4) != n))
		return SNIC_CSUM_NONE;
	if (ip->proto == PROTO_ICMP) {
		/* modulo ffff, nothing but zeros (wrong) is the same as words that add up to ffff */
		if (!be32(p->f + at))
			return SNIC_CSUM_NONE;
	} else {
		if (ip->elsewhere)
			return SNIC_CSUM_NONE;
		memset(pseudo, 0, sizeof(pseudo));
		memcpy(pseudo, ip->sip, 16);
		memcpy(pseudo + 16, ip->dip, 16);
		pseudo[34] = (uint8_t)(n >> 8);
		pseudo[35] = (uint8_t)n;
		pseudo[39] = ip->proto;
		acc = sum(pseudo, sizeof(pseudo), 0);
	}
	return sum(p->f + at, n, acc) % 0xffff ? SNIC_CSUM_BAD : SNIC_CSUM_OK;
}

static bool parse_eth(struct parser *p)
{
	struct l2 *l = &p->l2[p->level];
	const uint8_t *h = p->f + p->off;

	if (!step(p) || !need(p, 14))
		return false;
	memcpy(l->dmac, h, 6);
	memcpy(l->smac, h + 6, 6);
	l->type = be16(h + 12);
	if (p->level) {
		p->in_start = p->off;
		p->in_stop = p->end;
	}
	note(p, SNIC_REF_ETHERNET, 14);
	p->off += 14;
	while (l->type == ETH_VLAN || l->type == ETH_QINQ) {
		h = p->f + p->off;
		if (!step(p) || !need(p, 4))
			return false;
		if (!l->has_vlan) {
			l->tci = be16(h);
			l->ad = l->type == ETH_QINQ;
		}
		l->has_vlan = true;
		l->type = be16(h + 2);
		note(p, SNIC_REF_VLAN, 4);
		p->off += 4;
	}
	return true;
}

static bool parse_ipv4(struct parser *p)
{
	struct layer *ip = &p->ip[p->level];
	const uint8_t *h = p->f + p->off;
	size_t hl, total;
	uint16_t frag;

	if (!step(p) || !need(p, 20))
		return false;
	hl = (size_t)(h[0] & 15) * 4;
	total = be16(h + 2);
	if (h[0] >> 4 != 4 || hl < 20 || total < hl)
		return fault(p, SNIC_PERR_BAD_IP);
	if (!need(p, hl))
		return false;
	frag = be16(h + 6);
	ip->l3 = SNIC_L3_IPV4;
	ip->l3ok = sum(h, hl, 0) == 0xffff ? SNIC_CSUM_OK : SNIC_CSUM_BAD;
	ip->tos = h[1];
	ip->proto = h[9];
	ip->frag = frag & 0x3fff;
	ip->not_first = frag & 0x1fff;
	ip->addr_len = 4;
	memcpy(ip->sip + 12, h + 12, 4);
	memcpy(ip->dip + 12, h + 16, 4);
	ip->elsewhere = may_have(h, 20, hl, OPT_LSRR, OPT_SSRR);
	note(p, SNIC_REF_IPV4, hl);
	if (p->off + total > p->end)
		return fault(p, SNIC_PERR_TRUNC);
	p->end = ip->end = p->off + total;
	p->off += hl;
	return true;
}

static bool is_extension(uint8_t proto)
{
	return proto == PROTO_HOPOPT || proto == PROTO_ROUTING || proto == PROTO_DSTOPT ||
	       proto == PROTO_AH || proto == PROTO_FRAG;
}

static bool parse_ipv6(struct parser *p)
{
	struct layer *ip = &p->ip[p->level];
	const uint8_t *h = p->f + p->off;
	size_t payload, n;

	if (!step(p) || !need(p, 40))
		return false;
	payload = be16(h + 4);
	if (h[0] >> 4 != 6 || (!payload && h[6] == PROTO_HOPOPT))
		return fault(p, SNIC_PERR_BAD_IP);
	ip->l3 = SNIC_L3_IPV6;
	ip->tos = (uint8_t)(be16(h) >> 4);
	ip->proto = h[6];
	ip->addr_len = 16;
	memcpy(ip->sip, h + 8, 16);
	memcpy(ip->dip, h + 24, 16);
	note(p, SNIC_REF_IPV6, 40);
	if (p->off + 40 + payload > p->end)
		return fault(p, SNIC_PERR_TRUNC);
	p->end = ip->end = p->off + 40 + payload;
	p->off += 40;
	while (is_extension(ip->proto) && !ip->not_first) {
		h = p->f + p->off;
		if (!step(p) || !need(p, 8))
			return false;
		n = ip->proto == PROTO_FRAG ? 8
		    : ip->proto == PROTO_AH ? ((size_t)h[1] + 2) * 4
					    : ((size_t)h[1] + 1) * 8;
		if (!need(p, n))
			return false;
		if (ip->proto == PROTO_FRAG) {
			ip->frag = be16(h + 2) & 0xfff9;
			ip->not_first = be16(h + 2) & 0xfff8;
		}
		if (ip->proto == PROTO_ROUTING && h[3]) /* segments left */
			ip->elsewhere = true;
		if (ip->proto == PROTO_DSTOPT && may_have(h, 2, n, OPT_HOME, OPT_HOME))
			ip->elsewhere = true;
		note(p, SNIC_REF_EXTENSION, n);
		ip->proto = h[0];
		p->off += n;
	}
	return true;
}

static bool parse_ip(struct parser *p, bool v6)
{
	return v6 ? parse_ipv6(p) : parse_ipv4(p);
}

static bool parse_tcp(struct parser *p, struct layer *ip)
{
	const uint8_t *h = p->f + p->off;

	if (!step(p) || !need(p, 20))
		return false;
	if (h[12] >> 4 < 5)
		return fault(p, SNIC_PERR_BAD_L4);
	/* The options must be there, but nobody reads them: they may lie past the window. */
	if (p->off + (size_t)(h[12] >> 4) * 4 > p->end)
		return fault(p, SNIC_PERR_TRUNC);
	ip->l4 = SNIC_L4_TCP;
	note(p, SNIC_REF_TCP, (size_t)(h[12] >> 4) * 4);
	ip->sport = be16(h);
	ip->dport = be16(h + 2);
	ip->l4ok = check_l4(p, ip, p->off);
	return true;
}

static bool parse_udp(struct parser *p, struct layer *ip)
{
	const uint8_t *h = p->f + p->off;

	if (!step(p) || !need(p, 8))
		return false;
	/* A first fragment carries the length of the whole datagram. */
	if (be16(h + 4) < 8 || (!ip->frag && be16(h + 4) > p->end - p->off))
		return fault(p, SNIC_PERR_BAD_L4);
	ip->l4 = SNIC_L4_UDP;
	note(p, SNIC_REF_UDP, 8);
	ip->sport = be16(h);
	ip->dport = be16(h + 2);
	ip->l4ok = check_l4(p, ip, p->off);
	if (!ip->frag) /* a tunnel ends with it */
		p->end = p->off + be16(h + 4);
	p->off += 8;
	return true;
}

static bool parse_icmp(struct parser *p, struct layer *ip)
{
	const uint8_t *h = p->f + p->off;

	if (!step(p) || !need(p, 4))
		return false;
	ip->l4 = SNIC_L4_ICMP;
	note(p, SNIC_REF_ICMP, 4);
	ip->sport = be16(h);
	ip->l4ok = check_l4(p, ip, p->off);
	return true;
}

static void enter(struct parser *p, uint8_t tun, uint32_t id)
{
	p->tun = tun;
	p->tun_id = id;
	p->level = 1;
}

/* Label stack: the first label is the tunnel's id. */
static void parse_mpls(struct parser *p, uint8_t tun)
{
	bool first = true, bottom = false;
	const uint8_t *h;

	for (; !bottom; first = false) {
		h = p->f + p->off;
		if (!step(p) || !need(p, 4))
			return;
		if (first)
			enter(p, tun, be32(h) >> 12);
		bottom = h[2] & 1;
		note(p, SNIC_REF_MPLS, 4);
		p->off += 4;
	}
}

static void parse_l4(struct parser *p);

static void parse_inner_ip(struct parser *p, bool v6)
{
	if (parse_ip(p, v6))
		parse_l4(p);
}

/* What is behind the bottom label is told by its first nibble, which counts as part of the next header. */
static void parse_after_mpls(struct parser *p)
{
	uint8_t nibble;

	if (p->perr)
		return;
	if (p->steps == MAX_STEPS) {
		fault(p, SNIC_PERR_STEPS);
		return;
	}
	if (!need(p, 1))
		return;
	nibble = p->f[p->off] >> 4;
	if (nibble == 4 || nibble == 6)
		parse_inner_ip(p, nibble == 6);
}

/* By Ethernet type, inside a tunnel: no MPLS, no second tunnel. */
static void parse_inner_type(struct parser *p, uint16_t type)
{
	if (type == ETH_IPV4 || type == ETH_IPV6)
		parse_inner_ip(p, type == ETH_IPV6);
}

static void parse_inner_eth(struct parser *p)
{
	if (parse_eth(p))
		parse_inner_type(p, p->l2[1].type);
}

static void parse_gre(struct parser *p)
{
	const uint8_t *h = p->f + p->off;
	uint16_t flags, type;
	uint32_t key = 0;
	size_t n = 4;

	if (!step(p) || !need(p, n))
		return;
	flags = be16(h);
	type = be16(h + 2);
	if (flags & 7 || flags & 0x4000) {
		fault(p, SNIC_PERR_BAD_TUN);
		return;
	}
	/* checksum, key and sequence number, four bytes each */
	n += (flags & 0x8000 ? 4 : 0) + (flags & 0x2000 ? 4 : 0) + (flags & 0x1000 ? 4 : 0);
	if (!need(p, n))
		return;
	if (flags & 0x2000)
		key = be32(h + (flags & 0x8000 ? 8 : 4));
	note(p, SNIC_REF_GRE, n);
	p->off += n;
	if (type == ETH_TEB) {
		/* NVGRE has a key, neither checksum nor sequence number; with other flags it is Ethernet in GRE */
		enter(p, flags >> 12 == 2 ? SNIC_TUN_NVGRE : SNIC_TUN_GRE, key);
		parse_inner_eth(p);
	} else if (type == ETH_MPLS || type == ETH_MPLS_MC) {
		enter(p, SNIC_TUN_MPLSOGRE, key);
		parse_mpls(p, SNIC_TUN_MPLSOGRE);
		parse_after_mpls(p);
	} else {
		enter(p, SNIC_TUN_GRE, key);
		parse_inner_type(p, type);
	}
}

static void parse_vxlan(struct parser *p)
{
	const uint8_t *h = p->f + p->off;

	if (!step(p) || !need(p, 8) || !(h[0] & 0x08))
		return;
	note(p, SNIC_REF_VXLAN, 8);
	p->off += 8;
	enter(p, SNIC_TUN_VXLAN, be32(h + 4) >> 8);
	parse_inner_eth(p);
}

static void parse_geneve(struct parser *p)
{
	const uint8_t *h = p->f + p->off;
	size_t n;

	if (!step(p) || !need(p, 8))
		return;
	if (h[0] >> 6) {
		fault(p, SNIC_PERR_BAD_TUN);
		return;
	}
	n = 8 + (size_t)(h[0] & 63) * 4;
	if (!need(p, n))
		return;
	note(p, SNIC_REF_GENEVE, n);
	p->off += n;
	enter(p, SNIC_TUN_GENEVE, be32(h + 4) >> 8);
	if (be16(h + 2) == ETH_TEB)
		parse_inner_eth(p);
	else
		parse_inner_type(p, be16(h + 2));
}

static void parse_l4(struct parser *p)
{
	struct layer *ip = &p->ip[p->level];
	bool outer = p->level == 0;

	if (ip->not_first) {
		ip->l4 = SNIC_L4_FRAG;
	} else if (ip->proto == PROTO_TCP) {
		parse_tcp(p, ip);
	} else if (ip->proto == PROTO_UDP) {
		if (!parse_udp(p, ip) || !outer || ip->frag)
			return;
		if (!ip->dport)
			return;
		if (ip->dport == p->ports->vxlan) {
			parse_vxlan(p);
		} else if (ip->dport == p->ports->geneve) {
			parse_geneve(p);
		} else if (ip->dport == p->ports->mpls) {
			parse_mpls(p, SNIC_TUN_MPLSOUDP);
			parse_after_mpls(p);
		}
	} else if (ip->proto == (ip->l3 == SNIC_L3_IPV6 ? PROTO_ICMPV6 : PROTO_ICMP)) {
		parse_icmp(p, ip);
	} else if (ip->proto == PROTO_GRE && outer && !ip->frag) {
		parse_gre(p);
	} else if (ip->l3 != SNIC_L3_IPV6 || ip->proto != PROTO_NONE) {
		ip->l4 = SNIC_L4_OTHER;
	}
}

static void parse_frame(struct parser *p)
{
	if (!parse_eth(p))
		return;
	switch (p->l2[0].type) {
	case ETH_IPV4:
	case ETH_IPV6:
		if (parse_ip(p, p->l2[0].type == ETH_IPV6))
			parse_l4(p);
		break;
	case ETH_MPLS:
	case ETH_MPLS_MC:
		parse_mpls(p, SNIC_TUN_MPLS);
		parse_after_mpls(p);
		break;
	default:
		break;
	}
}

static uint64_t mac_number(const uint8_t m[6])
{
	return (uint64_t)be16(m) << 32 | be32(m + 2);
}

/* An address as the key holds it: a 128-bit number in four dwords, the least significant first. */
static void set_addr(struct snic_flow_key *k, unsigned int lsb, const uint8_t a[16])
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		k->dw[lsb / 32 + i] = be32(a + 12 - 4 * i);
}

static void set_key(const struct parser *p, unsigned int level, uint16_t src_vport, struct snic_flow_key *k)
{
	/* behind labels on Ethernet there is no other frame: they are this one's */
	const bool tun = level == p->level || p->tun == SNIC_TUN_MPLS;
	const struct layer *ip = &p->ip[level];
	const struct l2 *l = &p->l2[level];

	memset(k, 0, sizeof(*k));
	snic_key_set(k, SNIC_K(VPORT), src_vport);
	snic_key_set(k, SNIC_K(TUN), tun ? p->tun : SNIC_TUN_NONE);
	snic_key_set(k, SNIC_K(L3), ip->l3);
	snic_key_set(k, SNIC_K(L4), ip->l4);
	snic_key_set(k, SNIC_K(FRAG), ip->frag);
	snic_key_set(k, SNIC_K(HAS_VLAN), l->has_vlan);
	snic_key_set(k, SNIC_K(IP_PROTO), ip->proto);
	snic_key_set(k, SNIC_K(ETHERTYPE), l->type);
	snic_key_set(k, SNIC_K(VLAN), l->tci);
	snic_key_set(k, SNIC_K(DMAC), mac_number(l->dmac));
	snic_key_set(k, SNIC_K(DSCP), ip->tos);
	snic_key_set(k, SNIC_K(SMAC), mac_number(l->smac));
	snic_key_set(k, SNIC_K(SPORT), ip->sport);
	snic_key_set(k, SNIC_K(DPORT), ip->dport);
	snic_key_set(k, SNIC_K(TUN_ID), tun ? p->tun_id : 0);
	set_addr(k, SNIC_KEY_SIP_LSB, ip->sip);
	set_addr(k, SNIC_KEY_DIP_LSB, ip->dip);
	if (level) {
		set_addr(k, SNIC_KEY_TUN_SIP_LSB, p->ip[0].sip);
		set_addr(k, SNIC_KEY_TUN_DIP_LSB, p->ip[0].dip);
	}
}

static const struct snic_ref_tun_ports iana = { 4789, 6081, 6635 };

void snic_ref_headers(const uint8_t *frame, size_t len, struct snic_ref_headers *out)
{
	struct parser p = { .f = frame, .len = len, .end = len, .ports = &iana, .headers = out };

	out->n = 0;
	p.window = len < SNIC_HDR_WINDOW ? len : SNIC_HDR_WINDOW;
	parse_frame(&p);
}

void snic_ref_parse(const uint8_t *frame, size_t len, uint16_t src_vport, struct snic_ref_parse *out)
{
	snic_ref_parse_ports(&iana, frame, len, src_vport, out);
}

void snic_ref_parse_ports(const struct snic_ref_tun_ports *ports, const uint8_t *frame, size_t len,
			  uint16_t src_vport, struct snic_ref_parse *out)
{
	struct parser p = { .f = frame, .len = len, .end = len, .ports = ports };

	p.window = len < SNIC_HDR_WINDOW ? len : SNIC_HDR_WINDOW;
	parse_frame(&p);
	memset(out, 0, sizeof(*out));
	set_key(&p, p.level, src_vport, &out->key);
	set_key(&p, 0, src_vport, &out->out_key);
	out->in.eth = p.in_stop != 0;
	out->in.start = p.in_start;
	out->in.stop = p.in_stop;
	out->in.has_vlan = p.l2[1].has_vlan;
	out->in.ad = p.l2[1].ad;
	out->in.tci = p.l2[1].tci;
	out->perr = p.perr;
	out->tun = p.tun;
	out->l3 = p.ip[0].l3;
	out->l4 = p.ip[0].l4;
	out->l3ok = p.ip[0].l3ok;
	out->l4ok = p.ip[0].l4ok;
	out->il3 = p.ip[1].l3;
	out->il4 = p.ip[1].l4;
	out->il3ok = p.ip[1].l3ok;
	out->il4ok = p.ip[1].l4ok;
	out->has_vlan = p.l2[0].has_vlan;
	out->frag = p.ip[p.level].frag;
	out->ad = p.l2[0].ad;
	out->tci = p.l2[0].tci;
}
