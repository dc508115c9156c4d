// SPDX-License-Identifier: BSD-2-Clause
// What tshark says about frames: for each the protocols in their order, and fields of each in the order of the layers.
#ifndef TSHARK_H
#define TSHARK_H

#include <deque>
#include <string>
#include <vector>

#include "captured_frames.h"

// FIELD(enumerator, "tshark's name"). A field is printed once for each layer that has it.
#define TSHARK_FIELDS(FIELD)                                                                                 \
	FIELD(PROTOCOLS, "frame.protocols")                                                                  \
	FIELD(EXPERT, "_ws.expert.message")                                                                  \
	FIELD(ETH_DST, "eth.dst")                                                                            \
	FIELD(ETH_SRC, "eth.src")                                                                            \
	FIELD(ETH_TYPE, "eth.type")                                                                          \
	FIELD(ETH_LEN, "eth.len")                                                                            \
	FIELD(ETH, "eth")                                                                                    \
	FIELD(VLAN_PRIO, "vlan.priority")                                                                    \
	FIELD(VLAN_DEI, "vlan.dei")                                                                          \
	FIELD(VLAN_ID, "vlan.id")                                                                            \
	FIELD(VLAN_TYPE, "vlan.etype")                                                                       \
	FIELD(VLAN_LEN, "vlan.len")                                                                          \
	FIELD(AD, "ieee8021ad")                                                                              \
	FIELD(AD_PRIO, "ieee8021ad.priority")                                                                \
	FIELD(AD_DEI, "ieee8021ad.dei")                                                                      \
	FIELD(MPLS_LABEL, "mpls.label")                                                                      \
	FIELD(MPLS_BOTTOM, "mpls.bottom")                                                                    \
	FIELD(IP4_HLEN, "ip.hdr_len")                                                                        \
	FIELD(IP4_LEN, "ip.len")                                                                             \
	FIELD(IP4_TOS, "ip.dsfield")                                                                         \
	FIELD(IP4_MORE, "ip.flags.mf")                                                                       \
	FIELD(IP4_OFFSET, "ip.frag_offset")                                                                  \
	FIELD(IP4_PROTO, "ip.proto")                                                                         \
	FIELD(IP4_SUM, "ip.checksum.status")                                                                 \
	FIELD(IP4_SRC, "ip.src")                                                                             \
	FIELD(IP4_DST, "ip.dst")                                                                             \
	FIELD(IP4_CURRENT, "ip.cur_rt")                                                                      \
	FIELD(IP6_CLASS, "ipv6.tclass")                                                                      \
	FIELD(IP6_PLEN, "ipv6.plen")                                                                         \
	FIELD(IP6_NEXT, "ipv6.nxt")                                                                          \
	FIELD(IP6_SRC, "ipv6.src")                                                                           \
	FIELD(IP6_DST, "ipv6.dst")                                                                           \
	FIELD(HOPOPTS_LEN, "ipv6.hopopts.len_oct")                                                           \
	FIELD(HOPOPTS_NEXT, "ipv6.hopopts.nxt")                                                              \
	FIELD(ROUTING_LEN, "ipv6.routing.len_oct")                                                           \
	FIELD(ROUTING_NEXT, "ipv6.routing.nxt")                                                              \
	FIELD(ROUTING_LEFT, "ipv6.routing.segleft")                                                          \
	FIELD(DSTOPTS_LEN, "ipv6.dstopts.len_oct")                                                           \
	FIELD(DSTOPTS_NEXT, "ipv6.dstopts.nxt")                                                              \
	FIELD(FRAGHDR_NEXT, "ipv6.fraghdr.nxt")                                                              \
	FIELD(FRAGHDR_OFFSET, "ipv6.fraghdr.offset")                                                         \
	FIELD(FRAGHDR_MORE, "ipv6.fraghdr.more")                                                             \
	FIELD(AH_LEN, "ah.length")                                                                           \
	FIELD(AH_NEXT, "ah.next_header")                                                                     \
	FIELD(TCP_SPORT, "tcp.srcport")                                                                      \
	FIELD(TCP_DPORT, "tcp.dstport")                                                                      \
	FIELD(TCP_SUM, "tcp.checksum.status")                                                                \
	FIELD(UDP_SPORT, "udp.srcport")                                                                      \
	FIELD(UDP_DPORT, "udp.dstport")                                                                      \
	FIELD(UDP_LEN, "udp.length")                                                                         \
	FIELD(UDP_SUM, "udp.checksum.status")                                                                \
	FIELD(ICMP_TYPE, "icmp.type")                                                                        \
	FIELD(ICMP_CODE, "icmp.code")                                                                        \
	FIELD(ICMP_WORD, "icmp.checksum")                                                                    \
	FIELD(ICMP_SUM, "icmp.checksum.status")                                                              \
	FIELD(ICMP6_TYPE, "icmpv6.type")                                                                     \
	FIELD(ICMP6_CODE, "icmpv6.code")                                                                     \
	FIELD(ICMP6_WORD, "icmpv6.checksum")                                                                 \
	FIELD(ICMP6_SUM, "icmpv6.checksum.status")                                                           \
	FIELD(GRE_FLAGS, "gre.flags_and_version")                                                            \
	FIELD(GRE_PROTO, "gre.proto")                                                                        \
	FIELD(GRE_KEY, "gre.key")                                                                            \
	FIELD(VXLAN_FLAGS, "vxlan.flags")                                                                    \
	FIELD(GENEVE_VERSION, "geneve.version")                                                              \
	FIELD(GENEVE_TYPE, "geneve.proto_type")                                                              \
	FIELD(VXLAN_VNI, "vxlan.vni")                                                                        \
	FIELD(GENEVE_OPTIONS, "geneve.options")                                                              \
	FIELD(GENEVE_VNI, "geneve.vni")

struct Dissection {
	enum Field {
#define FIELD(name, text) name,
		TSHARK_FIELDS(FIELD)
#undef FIELD
			FIELDS
	};
	std::deque<std::string> f[FIELDS];
	std::vector<std::string> layers;
};

// Of each frame, in order. `folder` is for the capture and for a configuration of tshark's. False, with a message: tshark
// did not run, or did not answer for all of them.
bool tshark(const std::vector<Frame> &frames, const std::string &folder, std::vector<Dissection> &out);

#endif
