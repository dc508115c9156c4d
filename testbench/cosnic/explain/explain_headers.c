/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <string.h>

#include "explain.h"
#include "names.h"
#include "outcap.h"

const char *explain_header_name(enum snic_ref_header kind)
{
	static const char *const names[SNIC_REF_N_HEADER] = {
		[SNIC_REF_ETHERNET] = "Ethernet",
		[SNIC_REF_VLAN] = "VLAN",
		[SNIC_REF_IPV4] = "IPv4",
		[SNIC_REF_IPV6] = "IPv6",
		[SNIC_REF_EXTENSION] = "extension",
		[SNIC_REF_TCP] = "TCP",
		[SNIC_REF_UDP] = "UDP",
		[SNIC_REF_ICMP] = "ICMP",
		[SNIC_REF_GRE] = "GRE",
		[SNIC_REF_VXLAN] = "VXLAN",
		[SNIC_REF_GENEVE] = "GENEVE",
		[SNIC_REF_MPLS] = "MPLS",
	};

	return kind < SNIC_REF_N_HEADER ? names[kind] : "?";
}

static unsigned int be16(const uint8_t *b)
{
	return (unsigned int)b[0] << 8 | b[1];
}

static unsigned int be32(const uint8_t *b)
{
	return be16(b) << 16 | be16(b + 2);
}

static void addresses(char *text, size_t size, int family, const uint8_t *from, const uint8_t *to)
{
	char a[INET6_ADDRSTRLEN], b[INET6_ADDRSTRLEN];

	inet_ntop(family, from, a, sizeof(a));
	inet_ntop(family, to, b, sizeof(b));
	snprintf(text, size, "%s to %s", a, b);
}

static void add_csum(char *text, size_t size, unsigned int verdict)
{
	if (verdict)
		snprintf(text + strlen(text), size - strlen(text), ", checksum %s", names_csum(verdict));
}

void explain_header_text(const struct explain *e, unsigned int header, char *text, size_t size)
{
	const struct snic_ref_header_at *at = &e->headers.at[header];
	const struct snic_ref_parse *p = &e->frame.parse;
	const uint8_t *h = e->frame.data + at->off;
	const unsigned int l3ok = at->level ? p->il3ok : p->l3ok, l4ok = at->level ? p->il4ok : p->l4ok;

	text[0] = 0;
	switch (at->kind) {
	case SNIC_REF_ETHERNET:
		snprintf(text, size,
			 "%02x:%02x:%02x:%02x:%02x:%02x to %02x:%02x:%02x:%02x:%02x:%02x, type 0x%04x", h[6],
			 h[7], h[8], h[9], h[10], h[11], h[0], h[1], h[2], h[3], h[4], h[5], be16(h + 12));
		break;
	case SNIC_REF_VLAN:
		snprintf(text, size, "VLAN %u, priority %u, type 0x%04x", be16(h) & 0xfff, be16(h) >> 13,
			 be16(h + 2));
		break;
	case SNIC_REF_IPV4:
		addresses(text, size, AF_INET, h + 12, h + 16);
		snprintf(text + strlen(text), size - strlen(text), ", protocol %u%s", h[9],
			 be16(h + 6) & 0x3fff ? ", fragment" : "");
		add_csum(text, size, l3ok);
		break;
	case SNIC_REF_IPV6:
		addresses(text, size, AF_INET6, h + 8, h + 24);
		snprintf(text + strlen(text), size - strlen(text), ", next header %u", h[6]);
		break;
	case SNIC_REF_EXTENSION:
		snprintf(text, size, "next header %u", h[0]);
		break;
	case SNIC_REF_TCP:
	case SNIC_REF_UDP:
		snprintf(text, size, "port %u to %u", be16(h), be16(h + 2));
		add_csum(text, size, l4ok);
		break;
	case SNIC_REF_ICMP:
		snprintf(text, size, "type %u, code %u", h[0], h[1]);
		add_csum(text, size, l4ok);
		break;
	case SNIC_REF_GRE:
		snprintf(text, size, "flags 0x%04x, protocol 0x%04x", be16(h), be16(h + 2));
		break;
	case SNIC_REF_VXLAN:
	case SNIC_REF_GENEVE:
		snprintf(text, size, "VNI %u", be32(h + 4) >> 8);
		break;
	case SNIC_REF_MPLS:
		snprintf(text, size, "label %u%s", be32(h) >> 12, h[2] & 1 ? ", bottom of the stack" : "");
		break;
	default:
		break;
	}
}

/* How a field of the key is shown. */
enum show { HEX, DECIMAL, MAC, ADDRESS, NAME_TUN, NAME_L3, NAME_L4, NAME_VPORT };

static const struct {
	const char *name;
	unsigned int lsb, width;
	enum show show;
} fields[] = {
#define FIELD(text, F, how)                                                                                  \
	{                                                                                                    \
		text, SNIC_K(F), how                                                                         \
	}
	FIELD("vport", VPORT, NAME_VPORT),  FIELD("tun", TUN, NAME_TUN),
	FIELD("tun_id", TUN_ID, DECIMAL),   FIELD("tun_src", TUN_SIP, ADDRESS),
	FIELD("tun_dst", TUN_DIP, ADDRESS), FIELD("dl_dst", DMAC, MAC),
	FIELD("dl_src", SMAC, MAC),	    FIELD("vlan_tci", VLAN, HEX),
	FIELD("dl_type", ETHERTYPE, HEX),   FIELD("l3", L3, NAME_L3),
	FIELD("nw_src", SIP, ADDRESS),	    FIELD("nw_dst", DIP, ADDRESS),
	FIELD("nw_tos", DSCP, HEX),	    FIELD("nw_proto", IP_PROTO, DECIMAL),
	FIELD("nw_frag", FRAG, DECIMAL),    FIELD("l4", L4, NAME_L4),
	FIELD("tp_src", SPORT, DECIMAL),    FIELD("tp_dst", DPORT, DECIMAL),
#undef FIELD
};

static void show(enum show how, unsigned long long v, char *text, size_t size)
{
	switch (how) {
	case MAC:
		snprintf(text, size, "%02llx:%02llx:%02llx:%02llx:%02llx:%02llx", v >> 40, v >> 32 & 255,
			 v >> 24 & 255, v >> 16 & 255, v >> 8 & 255, v & 255);
		break;
	case NAME_TUN:
		snprintf(text, size, "%s", names_tun((unsigned int)v));
		break;
	case NAME_L3:
		snprintf(text, size, "%s", names_l3((unsigned int)v));
		break;
	case NAME_L4:
		snprintf(text, size, "%s", names_l4((unsigned int)v));
		break;
	case NAME_VPORT:
		outcap_vport(text, size, (unsigned int)v);
		break;
	default:
		snprintf(text, size, how == DECIMAL ? "%llu" : "0x%llx", v);
	}
}

bool explain_key(const struct explain *e, unsigned int *field, char *text, size_t size)
{
	const struct snic_flow_key *k = &e->key;

	for (; *field < sizeof(fields) / sizeof(fields[0]); (*field)++) {
		const unsigned int lsb = fields[*field].lsb, width = fields[*field].width;
		const uint32_t *w = &k->dw[lsb / 32];
		const unsigned long long v =
			width > 64 ? w[0] | w[1] | w[2] | w[3] : snic_key_get(k, lsb, width);
		size_t at;

		if (!v && fields[*field].show != NAME_VPORT)
			continue;
		at = (size_t)snprintf(text, size, "%s=", fields[*field].name);
		if (fields[*field].show == ADDRESS)
			names_address(w, text + at, size - at);
		else
			show(fields[*field].show, v, text + at, size - at);
		(*field)++;
		return true;
	}
	return false;
}

void explain_out_text(const struct snic_ref_out *o, char *text, size_t size)
{
	outcap_vport(text, size, o->vport);
	if (o->vport < SNIC_N_FUNC)
		snprintf(text + strlen(text), size - strlen(text), "/q%u", o->queue);
}
