// SPDX-License-Identifier: GPL-2.0-or-later
/* What a flower rule asks of a frame, as key and mask of the card's. */
#include "snic_tc.h"

#define NO "the card has no match for "
#define CANNOT KBUILD_MODNAME ": " NO

/* Those that have no place in the key, by the dissector's name */
static const char * const cannot[FLOW_DISSECTOR_KEY_MAX] = {
	[FLOW_DISSECTOR_KEY_PORTS_RANGE] = CANNOT "a range of ports",
	[FLOW_DISSECTOR_KEY_TIPC] = CANNOT "TIPC",
	[FLOW_DISSECTOR_KEY_ARP] = CANNOT "fields of ARP",
	[FLOW_DISSECTOR_KEY_FLOW_LABEL] = CANNOT "a flow label",
	[FLOW_DISSECTOR_KEY_GRE_KEYID] = CANNOT "a GRE key",
	[FLOW_DISSECTOR_KEY_MPLS_ENTROPY] = CANNOT "MPLS",
	[FLOW_DISSECTOR_KEY_ENC_KEYID] = CANNOT "a tunnel's key",
	[FLOW_DISSECTOR_KEY_ENC_IPV4_ADDRS] = CANNOT "a tunnel's addresses",
	[FLOW_DISSECTOR_KEY_ENC_IPV6_ADDRS] = CANNOT "a tunnel's addresses",
	[FLOW_DISSECTOR_KEY_ENC_CONTROL] = CANNOT "a tunnel's headers",
	[FLOW_DISSECTOR_KEY_ENC_PORTS] = CANNOT "a tunnel's ports",
	[FLOW_DISSECTOR_KEY_MPLS] = CANNOT "MPLS",
	[FLOW_DISSECTOR_KEY_TCP] = CANNOT "TCP flags",
	[FLOW_DISSECTOR_KEY_CVLAN] = CANNOT "a second tag",
	[FLOW_DISSECTOR_KEY_ENC_IP] = CANNOT "a tunnel's TOS and TTL",
	[FLOW_DISSECTOR_KEY_ENC_OPTS] = CANNOT "a tunnel's options",
	[FLOW_DISSECTOR_KEY_CT] = CANNOT "connections",
	[FLOW_DISSECTOR_KEY_HASH] = CANNOT "a hash",
	[FLOW_DISSECTOR_KEY_NUM_OF_VLANS] = CANNOT "a number of tags",
	[FLOW_DISSECTOR_KEY_PPPOE] = CANNOT "PPPoE",
	[FLOW_DISSECTOR_KEY_L2TPV3] = CANNOT "L2TP",
};

static const u64 can = BIT_ULL(FLOW_DISSECTOR_KEY_CONTROL) | BIT_ULL(FLOW_DISSECTOR_KEY_BASIC) |
		       BIT_ULL(FLOW_DISSECTOR_KEY_IPV4_ADDRS) |
		       BIT_ULL(FLOW_DISSECTOR_KEY_IPV6_ADDRS) | BIT_ULL(FLOW_DISSECTOR_KEY_PORTS) |
		       BIT_ULL(FLOW_DISSECTOR_KEY_ICMP) | BIT_ULL(FLOW_DISSECTOR_KEY_ETH_ADDRS) |
		       BIT_ULL(FLOW_DISSECTOR_KEY_VLAN) | BIT_ULL(FLOW_DISSECTOR_KEY_IP) |
		       BIT_ULL(FLOW_DISSECTOR_KEY_META);

struct match {
	const struct flow_rule *rule;
	struct netlink_ext_ack *extack;
	struct snic_flow_key *key, *mask;
};

static void set(struct match *m, u32 lsb, u32 width, u64 key, u64 mask)
{
	snic_key_set(m->key, lsb, width, key & mask);
	snic_key_set(m->mask, lsb, width, mask);
}

/* Of 128 bits, the first byte on the wire the most significant. */
static void set_ip6(struct match *m, u32 lsb, const struct in6_addr *k, const struct in6_addr *mask)
{
	u32 i;

	for (i = 0; i < 4; i++) {
		u32 bits = be32_to_cpu(mask->s6_addr32[3 - i]);

		snic_key_set(m->key, lsb + 32 * i, 32, be32_to_cpu(k->s6_addr32[3 - i]) & bits);
		snic_key_set(m->mask, lsb + 32 * i, 32, bits);
	}
}

static int meta(const struct snic_tc_port *port, struct match *m)
{
	struct flow_match_meta match;

	if (!flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_META))
		return 0;
	flow_rule_match_meta(m->rule, &match);
	if (match.mask->ingress_ifindex && (match.mask->ingress_ifindex != (int)~0u ||
					    match.key->ingress_ifindex != port->netdev->ifindex)) {
		NL_SET_ERR_MSG_MOD(m->extack, "frames of another device do not come here");
		return -EOPNOTSUPP;
	}
	if (snic_tc_l2_miss(&match)) {
		NL_SET_ERR_MSG_MOD(m->extack, NO "what a bridge does not know");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* The tag's type is not in the key: 802.1Q and 802.1ad are alike to the card, so one is enough. */
static int vlan(struct match *m, __be16 protocol)
{
	struct flow_match_vlan match;

	set(m, SNIC_K(HAS_VLAN), 1, 1);
	if (protocol != htons(ETH_P_8021Q)) {
		NL_SET_ERR_MSG_MOD(m->extack, "tags are of 802.1Q");
		return -EOPNOTSUPP;
	}
	if (!flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_VLAN))
		return 0;
	flow_rule_match_vlan(m->rule, &match);
	set(m, SNIC_K(VLAN), match.key->vlan_id | match.key->vlan_dei << 12 |
	    match.key->vlan_priority << VLAN_PRIO_SHIFT,
	    match.mask->vlan_id | match.mask->vlan_dei << 12 |
	    match.mask->vlan_priority << VLAN_PRIO_SHIFT);
	return 0;
}

static void ethernet(struct match *m)
{
	struct flow_match_eth_addrs match;

	if (!flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_ETH_ADDRS))
		return;
	flow_rule_match_eth_addrs(m->rule, &match);
	set(m, SNIC_K(DMAC), ether_addr_to_u64(match.key->dst), ether_addr_to_u64(match.mask->dst));
	set(m, SNIC_K(SMAC), ether_addr_to_u64(match.key->src), ether_addr_to_u64(match.mask->src));
}

/* Returns the IP protocol, if that is asked for. */
static int protocols(struct match *m, u8 *ip_proto)
{
	struct flow_match_control control;
	struct flow_match_basic basic;

	if (flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_BASIC)) {
		flow_rule_match_basic(m->rule, &basic);
		if (basic.mask->n_proto) {
			set(m, SNIC_K(ETHERTYPE), ntohs(basic.key->n_proto),
			    ntohs(basic.mask->n_proto));
			/* one whose IP header is broken has the type as well */
			if (basic.key->n_proto == htons(ETH_P_IP))
				set(m, SNIC_K(L3), SNIC_L3_IPV4, 3);
			if (basic.key->n_proto == htons(ETH_P_IPV6))
				set(m, SNIC_K(L3), SNIC_L3_IPV6, 3);
		}
		set(m, SNIC_K(IP_PROTO), basic.key->ip_proto, basic.mask->ip_proto);
		if (basic.mask->ip_proto == 0xff)
			*ip_proto = basic.key->ip_proto;
	}
	if (!flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_CONTROL))
		return 0;
	flow_rule_match_control(m->rule, &control);
	if (control.mask->flags & ~FLOW_DIS_IS_FRAGMENT) {
		NL_SET_ERR_MSG_MOD(m->extack, "of fragments: only whether a frame is one");
		return -EOPNOTSUPP;
	}
	if (control.mask->flags & FLOW_DIS_IS_FRAGMENT)
		set(m, SNIC_K(FRAG), !!(control.key->flags & FLOW_DIS_IS_FRAGMENT), 1);
	return 0;
}

static int addresses(struct match *m)
{
	struct flow_match_ipv4_addrs ip4;
	struct flow_match_ipv6_addrs ip6;
	struct flow_match_ip ip;

	if (flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_IPV4_ADDRS)) {
		flow_rule_match_ipv4_addrs(m->rule, &ip4);
		snic_key_set(m->key, SNIC_KEY_SIP_LSB, 32, ntohl(ip4.key->src & ip4.mask->src));
		snic_key_set(m->mask, SNIC_KEY_SIP_LSB, 32, ntohl(ip4.mask->src));
		snic_key_set(m->key, SNIC_KEY_DIP_LSB, 32, ntohl(ip4.key->dst & ip4.mask->dst));
		snic_key_set(m->mask, SNIC_KEY_DIP_LSB, 32, ntohl(ip4.mask->dst));
	}
	if (flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_IPV6_ADDRS)) {
		flow_rule_match_ipv6_addrs(m->rule, &ip6);
		set_ip6(m, SNIC_KEY_SIP_LSB, &ip6.key->src, &ip6.mask->src);
		set_ip6(m, SNIC_KEY_DIP_LSB, &ip6.key->dst, &ip6.mask->dst);
	}
	if (!flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_IP))
		return 0;
	flow_rule_match_ip(m->rule, &ip);
	if (ip.mask->ttl) {
		NL_SET_ERR_MSG_MOD(m->extack, NO "a TTL");
		return -EOPNOTSUPP;
	}
	set(m, SNIC_K(DSCP), ip.key->tos, ip.mask->tos);
	return 0;
}

/* Software does not look for them in a fragment, the card does in the first one. */
static int layer4(struct match *m, u8 ip_proto)
{
	struct flow_match_ports ports;
	struct flow_match_icmp icmp;

	if (flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_PORTS)) {
		if (ip_proto != IPPROTO_TCP && ip_proto != IPPROTO_UDP) {
			NL_SET_ERR_MSG_MOD(m->extack, "ports are of TCP and UDP");
			return -EOPNOTSUPP;
		}
		flow_rule_match_ports(m->rule, &ports);
		set(m, SNIC_K(SPORT), ntohs(ports.key->src), ntohs(ports.mask->src));
		set(m, SNIC_K(DPORT), ntohs(ports.key->dst), ntohs(ports.mask->dst));
	} else if (flow_rule_match_key(m->rule, FLOW_DISSECTOR_KEY_ICMP)) {
		flow_rule_match_icmp(m->rule, &icmp);
		set(m, SNIC_K(SPORT), icmp.key->type << 8 | icmp.key->code,
		    icmp.mask->type << 8 | icmp.mask->code);
	} else {
		return 0;
	}
	if (snic_key_get(m->mask, SNIC_K(FRAG)) && snic_key_get(m->key, SNIC_K(FRAG))) {
		NL_SET_ERR_MSG_MOD(m->extack, "a fragment has no ports");
		return -EOPNOTSUPP;
	}
	set(m, SNIC_K(FRAG), 0, 1);
	return 0;
}

static int unknown(const struct flow_rule *rule, struct netlink_ext_ack *extack)
{
	u64 left = rule->match.dissector->used_keys & ~can;
	u32 i;

	if (!left)
		return 0;
	i = __ffs64(left);
	NL_SET_ERR_MSG_MOD(extack, NO "this");
	if (extack && i < ARRAY_SIZE(cannot) && cannot[i])
		extack->_msg = cannot[i];
	return -EOPNOTSUPP;
}

/* What is behind MPLS labels is in the card's key, and not in tc's: such a frame is the host's. */
int snic_tc_match(const struct snic_tc_port *port, struct flow_cls_offload *f,
		  struct snic_tc_rule *rule)
{
	struct match m = {
		.rule = flow_cls_offload_flow_rule(f), .extack = f->common.extack,
		.key = &rule->key, .mask = &rule->mask,
	};
	__be16 protocol = f->common.protocol;
	static const struct snic_flow_key all;
	u8 ip_proto = 0;
	int rc;

	rc = unknown(m.rule, m.extack);
	if (!rc)
		rc = meta(port, &m);
	if (!rc && eth_type_vlan(protocol))
		rc = vlan(&m, protocol);
	else if (!rc && protocol != htons(ETH_P_ALL))
		set(&m, SNIC_K(HAS_VLAN), 0, 1);
	if (rc)
		return rc;
	ethernet(&m);
	rc = protocols(&m, &ip_proto);
	if (!rc)
		rc = addresses(&m);
	if (!rc)
		rc = layer4(&m, ip_proto);
	if (rc)
		return rc;
	if (memcmp(&rule->mask, &all, sizeof(all)))
		set(&m, SNIC_K(TUN), SNIC_TUN_NONE, 7);
	set(&m, SNIC_K(VPORT), port->vport, 0x1ff);
	rule->uncounted = ETH_HLEN + (eth_type_vlan(protocol) ? VLAN_HLEN : 0);
	return 0;
}
