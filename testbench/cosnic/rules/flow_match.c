/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of a match, as ovs-fields(7) names them, put to those of the card's key. */
#include <string.h>
#include <strings.h>

#include "flow_text.h"

enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd, ETHERTYPE_ARP = 0x0806, ETHERTYPE_RARP = 0x8035 };
enum { PROTO_ICMP = 1, PROTO_TCP = 6, PROTO_UDP = 17, PROTO_ICMPV6 = 58, PROTO_SCTP = 132 };
enum { TCI_PCP = 0xe000, TCI_PRESENT = 0x1000, TCI_VID = 0x0fff, NO_VLAN = 0xffff };
#define KEY_ADDRESS_DW 4

/* What a field needs beside it: ovs-fields(7) calls them prerequisites. */
enum need {
	NEED_NOTHING,
	NEED_IPV4,
	NEED_IPV6,
	NEED_IP, /* of either version */
	NEED_PORTS,
	NEED_ICMP,
	NEED_MPLS,
};

enum kind {
	KIND_NUMBER, /* VALUE or VALUE/MASK */
	KIND_EXACT,  /* VALUE */
	KIND_MAC,
	KIND_IPV4,
	KIND_IPV6,
	KIND_TUN_IPV4, /* no more than 32 bits wide: no IPv6 address that ends like it */
	KIND_PORT,
	KIND_TCI,
	KIND_VID,
	KIND_DL_VLAN,
	KIND_FRAG,
	KIND_TUN_TYPE,
	KIND_TABLE,
};

static const struct field {
	const char *name;
	enum kind kind;
	enum need need;
	unsigned int lsb, width; /* of the key */
	unsigned int shift;	 /* where the value stands in the field, */
	unsigned int bits;	 /* and how wide it is; 0: all of the field */
} fields[] = {
	{ "in_port", KIND_PORT, NEED_NOTHING, SNIC_K(VPORT), 0, 0 },
	{ "dl_src", KIND_MAC, NEED_NOTHING, SNIC_K(SMAC), 0, 0 },
	{ "eth_src", KIND_MAC, NEED_NOTHING, SNIC_K(SMAC), 0, 0 },
	{ "dl_dst", KIND_MAC, NEED_NOTHING, SNIC_K(DMAC), 0, 0 },
	{ "eth_dst", KIND_MAC, NEED_NOTHING, SNIC_K(DMAC), 0, 0 },
	{ "dl_type", KIND_EXACT, NEED_NOTHING, SNIC_K(ETHERTYPE), 0, 0 },
	{ "eth_type", KIND_EXACT, NEED_NOTHING, SNIC_K(ETHERTYPE), 0, 0 },
	{ "dl_vlan", KIND_DL_VLAN, NEED_NOTHING, SNIC_K(VLAN), 0, 12 },
	{ "dl_vlan_pcp", KIND_EXACT, NEED_NOTHING, SNIC_K(VLAN), 13, 3 },
	{ "vlan_pcp", KIND_EXACT, NEED_NOTHING, SNIC_K(VLAN), 13, 3 },
	{ "vlan_tci", KIND_TCI, NEED_NOTHING, SNIC_K(VLAN), 0, 16 },
	{ "vlan_vid", KIND_VID, NEED_NOTHING, SNIC_K(VLAN), 0, 13 },
	{ "nw_src", KIND_IPV4, NEED_IPV4, SNIC_K(SIP), 0, 0 },
	{ "ip_src", KIND_IPV4, NEED_IPV4, SNIC_K(SIP), 0, 0 },
	{ "nw_dst", KIND_IPV4, NEED_IPV4, SNIC_K(DIP), 0, 0 },
	{ "ip_dst", KIND_IPV4, NEED_IPV4, SNIC_K(DIP), 0, 0 },
	{ "ipv6_src", KIND_IPV6, NEED_IPV6, SNIC_K(SIP), 0, 0 },
	{ "ipv6_dst", KIND_IPV6, NEED_IPV6, SNIC_K(DIP), 0, 0 },
	{ "nw_proto", KIND_EXACT, NEED_IP, SNIC_K(IP_PROTO), 0, 0 },
	{ "ip_proto", KIND_EXACT, NEED_IP, SNIC_K(IP_PROTO), 0, 0 },
	{ "nw_tos", KIND_EXACT, NEED_IP, SNIC_K(DSCP), 2, 6 }, /* given with its two low bits, which are 0 */
	{ "ip_dscp", KIND_EXACT, NEED_IP, SNIC_K(DSCP), 2, 6 },
	{ "nw_ecn", KIND_EXACT, NEED_IP, SNIC_K(DSCP), 0, 2 },
	{ "ip_ecn", KIND_EXACT, NEED_IP, SNIC_K(DSCP), 0, 2 },
	{ "nw_frag", KIND_FRAG, NEED_IP, SNIC_K(FRAG), 0, 0 },
	{ "ip_frag", KIND_FRAG, NEED_IP, SNIC_K(FRAG), 0, 0 },
	{ "tp_src", KIND_NUMBER, NEED_PORTS, SNIC_K(SPORT), 0, 0 },
	{ "tcp_src", KIND_NUMBER, NEED_PORTS, SNIC_K(SPORT), 0, 0 },
	{ "udp_src", KIND_NUMBER, NEED_PORTS, SNIC_K(SPORT), 0, 0 },
	{ "tp_dst", KIND_NUMBER, NEED_PORTS, SNIC_K(DPORT), 0, 0 },
	{ "tcp_dst", KIND_NUMBER, NEED_PORTS, SNIC_K(DPORT), 0, 0 },
	{ "udp_dst", KIND_NUMBER, NEED_PORTS, SNIC_K(DPORT), 0, 0 },
	{ "icmp_type", KIND_EXACT, NEED_ICMP, SNIC_K(SPORT), 8, 8 },
	{ "icmp_code", KIND_EXACT, NEED_ICMP, SNIC_K(SPORT), 0, 8 },
	{ "icmpv6_type", KIND_EXACT, NEED_ICMP, SNIC_K(SPORT), 8, 8 },
	{ "icmpv6_code", KIND_EXACT, NEED_ICMP, SNIC_K(SPORT), 0, 8 },
	{ "mpls_label", KIND_EXACT, NEED_MPLS, SNIC_K(TUN_ID), 0, 20 },
	{ "tun_id", KIND_NUMBER, NEED_NOTHING, SNIC_K(TUN_ID), 0, 0 },
	{ "tunnel_id", KIND_NUMBER, NEED_NOTHING, SNIC_K(TUN_ID), 0, 0 },
	{ "tun_src", KIND_TUN_IPV4, NEED_NOTHING, SNIC_K(TUN_SIP), 0, 0 },
	{ "tun_dst", KIND_TUN_IPV4, NEED_NOTHING, SNIC_K(TUN_DIP), 0, 0 },
	{ "tun_ipv6_src", KIND_IPV6, NEED_NOTHING, SNIC_K(TUN_SIP), 0, 0 },
	{ "tun_ipv6_dst", KIND_IPV6, NEED_NOTHING, SNIC_K(TUN_DIP), 0, 0 },
	{ "tun_type", KIND_TUN_TYPE, NEED_NOTHING, SNIC_K(TUN), 0, 0 }, /* the card's own */
	{ "table", KIND_TABLE, NEED_NOTHING, 0, 0, 0, 0 },
};

/* Words that stand for fields and their values. */
static const struct {
	const char *name;
	uint8_t l3, proto, tun;
	uint16_t ethertype;
} words[] = {
	{ "ip", SNIC_L3_IPV4, 0, 0, 0 },
	{ "ipv6", SNIC_L3_IPV6, 0, 0, 0 },
	{ "icmp", SNIC_L3_IPV4, PROTO_ICMP, 0, 0 },
	{ "icmp6", SNIC_L3_IPV6, PROTO_ICMPV6, 0, 0 },
	{ "tcp", SNIC_L3_IPV4, PROTO_TCP, 0, 0 },
	{ "tcp6", SNIC_L3_IPV6, PROTO_TCP, 0, 0 },
	{ "udp", SNIC_L3_IPV4, PROTO_UDP, 0, 0 },
	{ "udp6", SNIC_L3_IPV6, PROTO_UDP, 0, 0 },
	{ "sctp", SNIC_L3_IPV4, PROTO_SCTP, 0, 0 },
	{ "sctp6", SNIC_L3_IPV6, PROTO_SCTP, 0, 0 },
	{ "arp", 0, 0, 0, ETHERTYPE_ARP },
	{ "rarp", 0, 0, 0, ETHERTYPE_RARP },
	{ "mpls", 0, 0, SNIC_TUN_MPLS, 0 },
};

static const struct {
	const char *name;
	uint8_t tun;
} tun_types[] = {
	{ "none", SNIC_TUN_NONE },	   { "vxlan", SNIC_TUN_VXLAN }, { "geneve", SNIC_TUN_GENEVE },
	{ "gre", SNIC_TUN_GRE },	   { "nvgre", SNIC_TUN_NVGRE }, { "mplsogre", SNIC_TUN_MPLSOGRE },
	{ "mplsoudp", SNIC_TUN_MPLSOUDP }, { "mpls", SNIC_TUN_MPLS },
};

/* Fields and words that Open vSwitch has and the card's key has not; a trailing * stands for any end. */
static const char *const not_here[] = {
	"tcp_flags", "nw_ttl",	     "arp_*",	 "nd_*",	"ct_*",		 "reg*",
	"xreg*",     "xxreg*",	     "metadata", "pkt_mark",	"recirc_id",	 "ipv6_label",
	"mpls_*",    "mplsm",	     "tun_*",	 "nsh*",	"dp_hash",	 "packet_type",
	"conj_id",   "skb_priority", "sctp_*",	 "in_port_oxm", "actset_output",
};

#define ANY(list) for (i = 0; i < sizeof(list) / sizeof((list)[0]); i++)

static bool known_elsewhere(const struct flow_word *w)
{
	size_t i, n;

	ANY(not_here)
	{
		n = strlen(not_here[i]);
		if (not_here[i][n - 1] == '*' ? w->len >= n - 1 && !strncasecmp(w->at, not_here[i], n - 1)
					      : flow_word_is(w, not_here[i]))
			return true;
	}
	return false;
}

/* A dword of the key; bits that were given before must be the same. */
static bool put_dw(struct flow_match *m, unsigned int dw, uint32_t value, uint32_t mask)
{
	if ((m->key.dw[dw] ^ value) & m->mask.dw[dw] & mask)
		return false;
	m->mask.dw[dw] |= mask;
	m->key.dw[dw] |= value & mask;
	return true;
}

/* A field of up to 48 bits, which does not cross two dwords' end. */
static bool put(struct flow_match *m, unsigned int lsb, unsigned int width, uint64_t value, uint64_t mask)
{
	struct snic_flow_key k = { 0 }, n = { 0 };
	unsigned int i;

	snic_key_set(&k, lsb, width, value);
	snic_key_set(&n, lsb, width, mask);
	for (i = 0; i < SNIC_KEY_DWORDS; i++)
		if (n.dw[i] && !put_dw(m, i, k.dw[i], n.dw[i]))
			return false;
	return true;
}

#define PUT(m, F, value) put(m, SNIC_K(F), value, ~0ull >> (64 - SNIC_KEY_##F##_W))

static bool twice(const struct flow_line *line, const struct flow_word *key)
{
	return flow_fail(line, key->at, "%.*s contradicts what stands before it: nothing could match",
			 (int)key->len, key->at);
}

static bool bad_value(const struct flow_line *line, const struct flow_word *key,
		      const struct flow_word *value, const char *must)
{
	return flow_fail(line, value->at ? value->at : key->at, "%.*s%s%.*s: must be %s", (int)key->len,
			 key->at, value->at ? "=" : "", (int)value->len, value->at ? value->at : "", must);
}

/* VALUE or VALUE/MASK of so many bits */
static bool masked(const struct flow_word *w, uint64_t max, uint64_t *value, uint64_t *mask)
{
	const char *slash = w->at ? memchr(w->at, '/', w->len) : NULL;
	struct flow_word v = *w, m;

	*mask = max;
	if (slash) {
		v.len = (size_t)(slash - w->at);
		m = (struct flow_word){ slash + 1, w->len - v.len - 1 };
		if (!flow_number(&m, max, mask))
			return false;
	}
	return flow_number(&v, max, value);
}

static bool mac_field(const struct flow_line *line, struct flow_match *m, const struct field *f,
		      const struct flow_word *key, const struct flow_word *value)
{
	const char *slash = value->at ? memchr(value->at, '/', value->len) : NULL;
	struct flow_word v = *value, w;
	uint64_t mac, mask = 0xffffffffffffull;

	if (slash) {
		v.len = (size_t)(slash - value->at);
		w = (struct flow_word){ slash + 1, value->len - v.len - 1 };
		if (!flow_mac(&w, &mask))
			return bad_value(
				line, key, value,
				"ADDRESS or ADDRESS/MASK, such as 01:00:00:00:00:00/01:00:00:00:00:00");
	}
	if (!flow_mac(&v, &mac))
		return bad_value(line, key, value, "an address such as 52:54:00:12:34:56");
	return put(m, f->lsb, f->width, mac & mask, mask) || twice(line, key);
}

static bool address_field(const struct flow_line *line, struct flow_match *m, const struct field *f,
			  const struct flow_word *key, const struct flow_word *value)
{
	int family = f->kind == KIND_IPV6 ? 6 : 4;
	uint32_t dw[KEY_ADDRESS_DW], mask[KEY_ADDRESS_DW];
	unsigned int i;

	if (!flow_network(value, family, dw, mask))
		return bad_value(line, key, value,
				 family == 4
					 ? "an address such as 10.0.0.1, 10.0.0.0/8 or 10.0.0.1/255.0.0.255"
					 : "an address such as 2001:db8::1 or 2001:db8::/32");
	for (i = 0; i < KEY_ADDRESS_DW; i++) {
		if (f->kind == KIND_TUN_IPV4 && i)
			mask[i] = ~0u;
		if (!put_dw(m, f->lsb / 32 + i, dw[i], mask[i]))
			return twice(line, key);
	}
	return true;
}

/* Bit 12 of what is written says that there is a tag; in the card's key that is a field of its own. */
static bool tci_field(const struct flow_line *line, struct flow_match *m, const struct field *f,
		      const struct flow_word *key, const struct flow_word *value)
{
	uint64_t v, mask;

	if (!masked(value, f->bits == 16 ? 0xffff : 0x1fff, &v, &mask))
		return bad_value(line, key, value,
				 "a number, or NUMBER/MASK, with 0x1000 for a tag that is there");
	v &= mask;
	if (v && !(v & TCI_PRESENT))
		return bad_value(
			line, key, value,
			"0, or have 0x1000 in it, which says that there is a tag (or write dl_vlan=VID)");
	if (mask & TCI_PRESENT && !PUT(m, HAS_VLAN, v >> 12 & 1))
		return twice(line, key);
	mask &= (uint64_t)~TCI_PRESENT;
	return put(m, f->lsb, f->width, v & mask, mask) || twice(line, key);
}

static bool dl_vlan_field(const struct flow_line *line, struct flow_match *m, const struct flow_word *key,
			  const struct flow_word *value)
{
	uint64_t v;

	if (!flow_number(value, NO_VLAN, &v) || (v > TCI_VID && v != NO_VLAN))
		return bad_value(line, key, value,
				 "a VLAN from 0 to 4095, or 0xffff for frames without a tag");
	if (v == NO_VLAN)
		return PUT(m, HAS_VLAN, 0) || twice(line, key);
	return (PUT(m, HAS_VLAN, 1) && put(m, SNIC_K(VLAN), v, TCI_VID)) || twice(line, key);
}

static bool frag_field(const struct flow_line *line, struct flow_match *m, const struct flow_word *key,
		       const struct flow_word *value)
{
	if (flow_word_is(value, "yes") || flow_word_is(value, "no"))
		return PUT(m, FRAG, flow_word_is(value, "yes")) || twice(line, key);
	if (flow_word_is(value, "later"))
		return PUT(m, L4, SNIC_L4_FRAG) || twice(line, key);
	return bad_value(line, key, value,
			 "yes, no or later (the card's key does not tell first from not_later)");
}

static bool tun_type_field(const struct flow_line *line, struct flow_match *m, const struct flow_word *key,
			   const struct flow_word *value)
{
	size_t i;

	ANY(tun_types)
	{
		if (flow_word_is(value, tun_types[i].name))
			return PUT(m, TUN, tun_types[i].tun) || twice(line, key);
	}
	return bad_value(line, key, value, "none, vxlan, geneve, gre, nvgre, mplsogre, mplsoudp or mpls");
}

static bool number_field(const struct flow_line *line, struct flow_match *m, const struct field *f,
			 const struct flow_word *key, const struct flow_word *value)
{
	unsigned int bits = f->bits ? f->bits : f->width;
	uint64_t max = ~0ull >> (64 - bits), v, mask = max;
	bool tos = flow_word_is(key, "nw_tos");
	bool ok;

	if (f->kind == KIND_NUMBER)
		ok = masked(value, max, &v, &mask);
	else
		ok = flow_number(value, tos ? 0xff : max, &v);
	if (tos && ok) {
		ok = !(v & 3);
		v >>= 2;
	}
	if (!ok)
		return flow_fail(line, value->at ? value->at : key->at, "%.*s: must be a number up to %llu%s",
				 (int)key->len, key->at, (unsigned long long)(tos ? 252 : max),
				 tos			  ? " whose two low bits are 0 (they are nw_ecn)"
				 : f->kind == KIND_NUMBER ? ", or NUMBER/MASK"
							  : "");
	if (f->lsb == SNIC_KEY_VLAN_LSB && !PUT(m, HAS_VLAN, 1))
		return twice(line, key);
	return put(m, f->lsb, f->width, (v & mask) << f->shift, mask << f->shift) || twice(line, key);
}

/* The field that a prerequisite asks for is matched, and has this value. */
static bool has(const struct flow_match *m, unsigned int lsb, unsigned int width, uint64_t value)
{
	uint64_t all = ~0ull >> (64 - width);

	return snic_key_get(&m->mask, lsb, width) == all && snic_key_get(&m->key, lsb, width) == value;
}

static bool is_ip(struct flow_match *m, uint8_t l3)
{
	/* by its type alone: from here on it is one whose header the parser has read */
	if (has(m, SNIC_K(ETHERTYPE), l3 == SNIC_L3_IPV4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6))
		PUT(m, L3, l3);
	return has(m, SNIC_K(L3), l3);
}

static bool needs_met(const struct flow_line *line, struct flow_match *m, const struct field *f,
		      const struct flow_word *key)
{
	bool v4 = is_ip(m, SNIC_L3_IPV4), v6 = is_ip(m, SNIC_L3_IPV6), ok = true;
	const char *what = "";

	switch (f->need) {
	case NEED_NOTHING:
		break;
	case NEED_IPV4:
		ok = v4;
		what = "ip (or tcp, udp, icmp)";
		break;
	case NEED_IPV6:
		ok = v6;
		what = "ipv6 (or tcp6, udp6, icmp6)";
		break;
	case NEED_IP:
		ok = v4 || v6;
		what = "ip or ipv6";
		break;
	case NEED_PORTS:
		ok = has(m, SNIC_K(IP_PROTO), PROTO_TCP) || has(m, SNIC_K(IP_PROTO), PROTO_UDP);
		what = "tcp, udp, tcp6 or udp6";
		break;
	case NEED_ICMP:
		ok = has(m, SNIC_K(IP_PROTO), PROTO_ICMP) || has(m, SNIC_K(IP_PROTO), PROTO_ICMPV6);
		what = "icmp or icmp6";
		break;
	case NEED_MPLS:
		ok = has(m, SNIC_K(TUN), SNIC_TUN_MPLS);
		what = "mpls";
		break;
	}
	return ok || flow_fail(line, key->at, "%.*s: write %s before it, as ovs-ofctl wants it",
			       (int)key->len, key->at, what);
}

static bool parse_field(const struct flow_line *line, struct flow_match *m, const struct field *f,
			const struct flow_word *key, const struct flow_word *value)
{
	uint16_t vport;
	uint64_t v;

	switch (f->kind) {
	case KIND_MAC:
		return mac_field(line, m, f, key, value);
	case KIND_IPV4:
	case KIND_IPV6:
	case KIND_TUN_IPV4:
		return address_field(line, m, f, key, value);
	case KIND_PORT:
		if (!flow_port(value, &vport))
			return bad_value(line, key, value, "p0, p1, pf or vf1 to vf255");
		return PUT(m, VPORT, vport) || twice(line, key);
	case KIND_TCI:
	case KIND_VID:
		return tci_field(line, m, f, key, value);
	case KIND_DL_VLAN:
		return dl_vlan_field(line, m, key, value);
	case KIND_FRAG:
		return frag_field(line, m, key, value);
	case KIND_TUN_TYPE:
		return tun_type_field(line, m, key, value);
	case KIND_TABLE:
		return (flow_number(value, 0, &v)) ||
		       bad_value(line, key, value, "0: the card has one table");
	default:
		return number_field(line, m, f, key, value);
	}
}

static bool word(const struct flow_line *line, struct flow_match *m, const struct flow_word *key, bool *known)
{
	bool ok = true;
	size_t i;

	ANY(words)
	{
		if (!flow_word_is(key, words[i].name))
			continue;
		*known = true;
		if (words[i].l3)
			ok = PUT(m, L3, words[i].l3);
		if (ok && words[i].proto)
			ok = PUT(m, IP_PROTO, words[i].proto);
		if (ok && words[i].tun)
			ok = PUT(m, TUN, words[i].tun);
		if (ok && words[i].ethertype)
			ok = PUT(m, ETHERTYPE, words[i].ethertype);
		return ok || twice(line, key);
	}
	*known = false;
	return true;
}

bool flow_match_field(const struct flow_line *line, struct flow_match *m, const struct flow_word *key,
		      const struct flow_word *value)
{
	bool known = false;
	size_t i;

	ANY(fields)
	{
		if (!flow_word_is(key, fields[i].name))
			continue;
		if (!value->at || !value->len)
			return flow_fail(line, key->at, "%.*s: the value is missing: write %s=VALUE",
					 (int)key->len, key->at, fields[i].name);
		return needs_met(line, m, &fields[i], key) && parse_field(line, m, &fields[i], key, value);
	}
	if (!value->at && !word(line, m, key, &known))
		return false;
	if (known)
		return true;
	if (known_elsewhere(key))
		return flow_fail(
			line, key->at,
			"%.*s: not in the card's key: leave it out (fields: rtl/contract/snic_key.def)",
			(int)key->len, key->at);
	return flow_fail(line, key->at, "%.*s: no such field (ovs-fields(7) lists them)", (int)key->len,
			 key->at);
}
