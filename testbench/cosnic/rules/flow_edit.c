/* SPDX-License-Identifier: BSD-2-Clause */
/* Actions that write a field: mod_nw_src:10.0.0.1, set_field:10.0.0.1->ip_src. */
#include <string.h>

#include "flow_text.h"

enum { PROTO_TCP = 6, PROTO_UDP = 17 };

enum kind { MAC, IPV4, IPV6, PORT };

static const struct writable {
	const char *action, *field; /* names; NULL: there is none of that sort */
	enum kind kind;
	unsigned int lsb, proto; /* of struct snic_edit; the match must say so, 0: TCP or UDP */
} writable[] = {
	{ "mod_dl_src", "eth_src", MAC, SNIC_EDIT_SMAC_LSB, 0 },
	{ "mod_dl_dst", "eth_dst", MAC, SNIC_EDIT_DMAC_LSB, 0 },
	{ NULL, "dl_src", MAC, SNIC_EDIT_SMAC_LSB, 0 },
	{ NULL, "dl_dst", MAC, SNIC_EDIT_DMAC_LSB, 0 },
	{ "mod_nw_src", "ip_src", IPV4, SNIC_EDIT_SIP_LSB, 0 },
	{ "mod_nw_dst", "ip_dst", IPV4, SNIC_EDIT_DIP_LSB, 0 },
	{ NULL, "nw_src", IPV4, SNIC_EDIT_SIP_LSB, 0 },
	{ NULL, "nw_dst", IPV4, SNIC_EDIT_DIP_LSB, 0 },
	{ NULL, "ipv6_src", IPV6, SNIC_EDIT_SIP_LSB, 0 },
	{ NULL, "ipv6_dst", IPV6, SNIC_EDIT_DIP_LSB, 0 },
	{ "mod_tp_src", "tp_src", PORT, SNIC_EDIT_SPORT_LSB, 0 },
	{ "mod_tp_dst", "tp_dst", PORT, SNIC_EDIT_DPORT_LSB, 0 },
	{ NULL, "tcp_src", PORT, SNIC_EDIT_SPORT_LSB, PROTO_TCP },
	{ NULL, "tcp_dst", PORT, SNIC_EDIT_DPORT_LSB, PROTO_TCP },
	{ NULL, "udp_src", PORT, SNIC_EDIT_SPORT_LSB, PROTO_UDP },
	{ NULL, "udp_dst", PORT, SNIC_EDIT_DPORT_LSB, PROTO_UDP },
};

bool flow_match_is_ip(const struct flow_match *m, unsigned int l3)
{
	uint64_t is = snic_key_get(&m->key, SNIC_K(L3));

	return snic_key_get(&m->mask, SNIC_K(L3)) == 3 &&
	       (l3 == SNIC_L3_NONE ? is != SNIC_L3_NONE : is == l3);
}

bool flow_match_is_proto(const struct flow_match *m, unsigned int proto)
{
	return snic_key_get(&m->mask, SNIC_K(IP_PROTO)) == 0xff &&
	       snic_key_get(&m->key, SNIC_K(IP_PROTO)) == proto;
}

/* As ovs-ofctl asks for the prerequisites of a field. */
static const char *missing(const struct flow_match *m, const struct writable *f)
{
	switch (f->kind) {
	case IPV4:
		return flow_match_is_ip(m, SNIC_L3_IPV4) ? NULL : "ip";
	case IPV6:
		return flow_match_is_ip(m, SNIC_L3_IPV6) ? NULL : "ipv6";
	case PORT:
		if (f->proto)
			return flow_match_is_proto(m, f->proto) ? NULL
			       : f->proto == PROTO_TCP		? "tcp"
								: "udp";
		return flow_match_is_proto(m, PROTO_TCP) || flow_match_is_proto(m, PROTO_UDP) ? NULL
											      : "tcp or udp";
	default:
		return NULL;
	}
}

static void write_bits(struct snic_edit *e, unsigned int lsb, unsigned int width, const uint32_t *value,
		       const uint32_t *mask)
{
	unsigned int i;
	uint32_t bit;

	for (i = 0; i < width; i++) {
		bit = 1u << (lsb + i) % 32;
		if (!(mask[i / 32] >> i % 32 & 1))
			continue;
		e->mask[(lsb + i) / 32] |= bit;
		e->value[(lsb + i) / 32] &= ~bit;
		if (value[i / 32] >> i % 32 & 1)
			e->value[(lsb + i) / 32] |= bit;
	}
}

static bool read_value(const struct flow_word *value, enum kind kind, uint32_t dw[4], uint32_t mask[4],
		       unsigned int *width, const char **what)
{
	uint64_t v = 0;
	bool ok;

	memset(mask, 0xff, 4 * sizeof(*mask));
	switch (kind) {
	case IPV4:
	case IPV6:
		*what = kind == IPV4 ? "an IPv4 address" : "an IPv6 address";
		*width = kind == IPV4 ? 32 : 128;
		return flow_network(value, kind == IPV4 ? 4 : 6, dw, mask);
	case MAC:
		*what = "a MAC address";
		*width = 48;
		ok = flow_mac(value, &v);
		break;
	default:
		*what = "a port from 0 to 65535";
		*width = 16;
		ok = flow_number(value, 0xffff, &v);
	}
	dw[0] = (uint32_t)v;
	dw[1] = (uint32_t)(v >> 32);
	return ok;
}

bool flow_edit_field(const struct flow_line *line, const struct flow_match *m, const struct flow_word *name,
		     const struct flow_word *value, bool by_field, struct snic_edit *e, uint32_t *arg,
		     bool *known)
{
	uint32_t dw[4] = { 0 }, mask[4];
	const struct writable *f = writable;
	const char *what, *want;
	unsigned int width;

	for (;; f++) {
		if (f == writable + sizeof(writable) / sizeof(writable[0]))
			return true;
		want = by_field ? f->field : f->action;
		if (want && flow_word_is(name, want))
			break;
	}
	*known = true;
	want = missing(m, f);
	if (want)
		return flow_fail(line, name->at, "%.*s: needs a match of %s", (int)name->len, name->at, want);
	if (!value->at || !read_value(value, f->kind, dw, mask, &width, &what))
		return flow_fail(line, value->at ? value->at : name->at, "%.*s: must be %s", (int)name->len,
				 name->at, value->at ? what : "given a value, as in mod_nw_src:10.0.0.1");
	write_bits(e, f->lsb, width, dw, mask);
	*arg |= f->kind == IPV4	  ? SNIC_MASK(EDIT_ARG, IPV4)
		: f->kind == IPV6 ? SNIC_MASK(EDIT_ARG, IPV6)
		: f->kind == PORT ? SNIC_MASK(EDIT_ARG, PORTS)
				  : 0;
	return true;
}
