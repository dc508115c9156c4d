// SPDX-License-Identifier: BSD-2-Clause
// Goes along tshark's layers as far as the card's parser would: one tunnel, no IP in IP. Nothing here reads a frame.
#include "view.h"

#include <arpa/inet.h>
#include <cstdlib>

#include "snic_contract.h"

namespace {

using D = Dissection;

struct Cut {}; // a layer without one of its fields: tshark came to the end of the bytes in it

bool is_extension(unsigned proto)
{
	return proto == 0 || proto == 43 || proto == 44 || proto == 51 || proto == 60;
}

class Walk {
public:
	explicit Walk(const Dissection &from) : d(from) {}

	std::vector<View> run()
	{
		seen.push_back(v);
		try {
			for (; at < d.layers.size(); at++) {
				const bool more = layer(d.layers[at]);

				seen.push_back(v);
				if (!more)
					break;
			}
		} catch (const Cut &) {
			v.cut = true;
		}
		seen.push_back(v);
		return seen;
	}

private:
	std::string text(D::Field f)
	{
		if (d.f[f].empty())
			throw Cut();
		std::string s = d.f[f].front();
		d.f[f].pop_front();
		return s;
	}

	unsigned long number(D::Field f) { return strtoul(text(f).c_str(), nullptr, 0); }

	uint64_t mac(D::Field f)
	{
		uint64_t n = 0;

		for (char c : text(f))
			if (c != ':')
				n = n << 4 | strtoul(std::string(1, c).c_str(), nullptr, 16);
		return n;
	}

	Address address(D::Field f, bool v6)
	{
		Address a = {};

		if (inet_pton(v6 ? AF_INET6 : AF_INET, text(f).c_str(), a.data() + (v6 ? 0 : 12)) != 1)
			throw Cut();
		return a;
	}

	bool next_is(const char *name) const { return at + 1 < d.layers.size() && d.layers[at + 1] == name; }

	void enter(unsigned tun, unsigned id)
	{
		v.tun = tun;
		v.tun_id = id;
		v.tun_sip = v.sip;
		v.tun_dip = v.dip;
		v.sip = v.dip = {};
		v.dmac = v.smac = v.type = v.vlan = v.proto = v.tos = v.sport = v.dport = 0;
		v.has_vlan = v.frag = false;
		v.type_known = true;
		level = 1;
	}

	// False: the parser looks no further.
	bool layer(const std::string &name)
	{
		if (name == "ethertype")
			return true;
		if (name == "eth")
			return ethernet();
		if (name == "vlan")
			return tag(false);
		if (name == "ieee8021ad")
			return tag(true);
		if (name == "mpls")
			return mpls();
		if (name == "ip" || name == "ipv6")
			return ip(name == "ipv6");
		if (name == "tcp")
			return ports(SNIC_L4_TCP, D::TCP_SPORT, D::TCP_DPORT, D::TCP_SUM);
		if (name == "udp")
			return udp();
		if (name == "icmp")
			return icmp(D::ICMP_TYPE, D::ICMP_CODE, D::ICMP_WORD, D::ICMP_SUM);
		if (name == "icmpv6")
			return icmp(D::ICMP6_TYPE, D::ICMP6_CODE, D::ICMP6_WORD, D::ICMP6_SUM);
		if (name == "gre")
			return gre();
		if (name == "vxlan")
			return vxlan();
		if (name == "geneve")
			return geneve();
		return false;
	}

	bool ethernet()
	{
		if (ethernets > level)
			return false; // 0x6558 is a type of GRE, to tshark on Ethernet, too
		ethernets = level + 1;
		const bool length = !d.f[D::ETH].empty() && d.f[D::ETH].front().rfind("IEEE 802.3", 0) == 0;

		text(D::ETH);
		v.dmac = mac(D::ETH_DST);
		v.smac = mac(D::ETH_SRC);
		pos += 14;
		v.type_known =
			!d.f[length ? D::ETH_LEN : D::ETH_TYPE].empty(); // 1501 to 1535 are neither to tshark
		if (v.type_known)
			v.type = unsigned(number(length ? D::ETH_LEN : D::ETH_TYPE));
		return true;
	}

	void a_tag(bool ad, unsigned tci)
	{
		pos += 4;
		if (!v.has_vlan)
			v.vlan = tci;
		v.has_vlan = true;
		if (level == 0 && !v.tagged) {
			v.tagged = true;
			v.ad = ad;
			v.tci = tci;
		}
	}

	bool tag(bool ad)
	{
		if (v.type_known && v.type != 0x8100 && v.type != 0x88a8)
			return false; // to tshark 0x9100 and others are types of tags, too
		if (!ad) {
			const unsigned prio = unsigned(number(D::VLAN_PRIO)),
				       dei = unsigned(number(D::VLAN_DEI));

			a_tag(false, prio << 13 | dei << 12 | unsigned(number(D::VLAN_ID)));
			v.type = unsigned(number(d.f[D::VLAN_TYPE].empty() ? D::VLAN_LEN : D::VLAN_TYPE));
			v.type_known = true;
			return true;
		}
		// one layer may stand for two tags
		const std::string s = text(D::AD);
		if (s.find("ID: ") == std::string::npos)
			throw Cut();
		for (const char *name : { "ID: ", "S-VID: ", "C-VID: " }) {
			const size_t i = s.find(std::string(" ") + name);

			if (i == std::string::npos)
				continue;
			const unsigned prio = unsigned(number(D::AD_PRIO)), dei = unsigned(number(D::AD_DEI));
			a_tag(true, prio << 13 | dei << 12 |
					    unsigned(strtoul(s.c_str() + i + 1 + std::string(name).size(),
							     nullptr, 0)));
		}
		v.type_known = false;
		return true;
	}

	bool mpls()
	{
		const bool in_gre = at && d.layers[at - 1] == "gre", in_udp = at && d.layers[at - 1] == "udp";

		if (level == 1 && !in_gre)
			return false;
		for (bool first = true, bottom = false; !bottom; first = false) {
			const unsigned label = unsigned(number(D::MPLS_LABEL));

			if (first && in_gre)
				v.tun_id = label;
			else if (first)
				enter(in_udp ? SNIC_TUN_MPLSOUDP : SNIC_TUN_MPLS, label);
			bottom = number(D::MPLS_BOTTOM) != 0;
			pos += 4;
			seen.push_back(v);
		}
		if (at + 1 == d.layers.size())
			throw Cut();
		return next_is("ip") || next_is("ipv6");
	}

	bool ip(bool v6)
	{
		if (v.l3[level])
			return false;
		if (v6)
			ipv6();
		else
			ipv4();
		seen.push_back(v);
		return behind_ip(v6);
	}

	void ipv4()
	{
		const unsigned tos = unsigned(number(D::IP4_TOS));
		const bool more = text(D::IP4_MORE) != "0";
		const size_t header = number(D::IP4_HLEN), length = number(D::IP4_LEN);

		offset = unsigned(number(D::IP4_OFFSET));
		const unsigned proto = unsigned(number(D::IP4_PROTO)), sum = unsigned(number(D::IP4_SUM));
		v.sip = address(D::IP4_SRC, false);
		v.dip = address(D::IP4_DST, false);
		if (header > 20 && !d.f[D::IP4_CURRENT].empty()) // with a source route ip.dst is its end
			v.dip = address(D::IP4_CURRENT, false);
		v.tos = tos;
		v.frag = more || offset;
		v.proto = proto;
		v.l3[level] = SNIC_L3_IPV4;
		v.options[level].push_back({ pos, pos + 20, pos + header });
		v.ip_end[level] = pos + length;
		pos += header;
		v.l3sum[level] = sum;
	}

	void ipv6()
	{
		const unsigned tos = unsigned(number(D::IP6_CLASS));

		offset = 0;
		v.proto = unsigned(number(D::IP6_NEXT));
		v.sip = address(D::IP6_SRC, true);
		v.dip = address(D::IP6_DST, true);
		v.tos = tos;
		v.frag = false;
		v.l3[level] = SNIC_L3_IPV6;
		pos += 40;
		v.ip_end[level] = pos + number(D::IP6_PLEN);
		while (is_extension(v.proto) && !offset) {
			seen.push_back(v);
			if (++at >= d.layers.size())
				throw Cut();
			extension(d.layers[at]);
		}
	}

	void extension(const std::string &name)
	{
		if (name == "ipv6.hopopts") {
			pos += number(D::HOPOPTS_LEN);
			v.proto = unsigned(number(D::HOPOPTS_NEXT));
		} else if (name == "ipv6.routing") {
			pos += number(D::ROUTING_LEN);
			v.proto = unsigned(number(D::ROUTING_NEXT));
			v.rerouted[level] |= number(D::ROUTING_LEFT) != 0;
		} else if (name == "ipv6.dstopts") {
			const size_t length = number(D::DSTOPTS_LEN);

			v.options[level].push_back({ pos, pos + 2, pos + length });
			pos += length;
			v.proto = unsigned(number(D::DSTOPTS_NEXT));
		} else if (name == "ah") {
			pos += number(D::AH_LEN) * 4 + 8;
			v.proto = unsigned(number(D::AH_NEXT));
		} else if (name == "ipv6.fraghdr") {
			const unsigned next = unsigned(number(D::FRAGHDR_NEXT));

			pos += 8;
			offset = unsigned(number(D::FRAGHDR_OFFSET));
			if (text(D::FRAGHDR_MORE) != "0" || offset)
				v.frag = true;
			v.proto = next;
		} else {
			throw Cut();
		}
	}

	// What is behind an IP header is what its protocol number says, or tshark found too little there.
	bool behind_ip(bool v6)
	{
		const char *name = v.proto == 6				? "tcp"
				   : v.proto == 17			? "udp"
				   : v.proto == 1 && !v6		? "icmp"
				   : v.proto == 58 && v6		? "icmpv6"
				   : v.proto == 47 && !level && !v.frag ? "gre"
									: nullptr;

		if (offset) {
			v.l4[level] = SNIC_L4_FRAG;
			return false;
		}
		if (!name) {
			v.l4[level] = v6 && v.proto == 59 ? SNIC_L4_NONE : SNIC_L4_OTHER;
			return false;
		}
		if (!next_is(name))
			throw Cut();
		return true;
	}

	bool ports(unsigned l4, D::Field s, D::Field t, D::Field sum)
	{
		const unsigned sport = unsigned(number(s)), dport = unsigned(number(t)),
			       status = unsigned(number(sum));

		v.l4[level] = l4;
		v.sport = sport;
		v.dport = dport;
		v.l4sum[level] = status;
		return true;
	}

	bool icmp(D::Field type, D::Field code, D::Field word, D::Field sum)
	{
		const unsigned t = unsigned(number(type)), c = unsigned(number(code)),
			       status = unsigned(number(sum));

		v.l4[level] = SNIC_L4_ICMP;
		v.sport = t << 8 | c;
		if (!d.f[word].empty())
			v.icmp_word[level] = t << 24 | c << 16 | unsigned(number(word));
		v.l4sum[level] = status;
		return false;
	}

	// To tshark the source port names a protocol, too.
	bool udp()
	{
		ports(SNIC_L4_UDP, D::UDP_SPORT, D::UDP_DPORT, D::UDP_SUM);
		v.udp_len[level] = unsigned(number(D::UDP_LEN));
		v.l4_room[level] = v.ip_end[level] - pos;
		pos += 8;
		const char *name = v.dport == 4789   ? "vxlan"
				   : v.dport == 6081 ? "geneve"
				   : v.dport == 6635 ? "mpls"
						     : nullptr;
		if (!name || level || v.frag)
			return false;
		seen.push_back(v);
		if (!next_is(name))
			throw Cut();
		return true;
	}

	bool gre()
	{
		const unsigned flags = unsigned(number(D::GRE_FLAGS)), type = unsigned(number(D::GRE_PROTO));
		const bool teb = type == 0x6558, mpls = type == 0x8847 || type == 0x8848;

		if (flags & 0x4007)
			throw Cut(); // the parser has no use for it
		enter(mpls			? SNIC_TUN_MPLSOGRE
		      : teb && flags >> 12 == 2 ? SNIC_TUN_NVGRE
						: SNIC_TUN_GRE,
		      flags & 0x2000 ? unsigned(number(D::GRE_KEY)) : 0);
		for (unsigned optional : { 0x8000u, 0x2000u, 0x1000u })
			pos += flags & optional ? 4 : 0;
		pos += 4;
		return inside(teb, mpls, type);
	}

	bool inside(bool teb, bool mpls, unsigned type)
	{
		const char *name = teb		    ? "eth"
				   : mpls	    ? "mpls"
				   : type == 0x0800 ? "ip"
				   : type == 0x86dd ? "ipv6"
						    : nullptr;

		if (!name)
			return false;
		if (!next_is(name))
			throw Cut();
		return true;
	}

	bool vxlan()
	{
		const unsigned flags = unsigned(number(D::VXLAN_FLAGS));

		if (!(flags & 0x0800))
			return false;
		enter(SNIC_TUN_VXLAN, unsigned(number(D::VXLAN_VNI)));
		pos += 8;
		return inside(true, false, 0);
	}

	bool geneve()
	{
		if (number(D::GENEVE_VERSION))
			throw Cut();
		const unsigned type = unsigned(number(D::GENEVE_TYPE));
		enter(SNIC_TUN_GENEVE, unsigned(number(D::GENEVE_VNI)));
		pos += 8 + size_t(d.f[D::GENEVE_OPTIONS].empty() ? 0 : text(D::GENEVE_OPTIONS).size() / 2);
		return inside(type == 0x6558, false, type);
	}

	Dissection d;
	View v;
	std::vector<View> seen;
	size_t at = 0, pos = 0; // the layer, and where it is in the frame
	unsigned level = 0, offset = 0, ethernets = 0;
};

} // namespace

std::vector<View> views_of(const Dissection &d)
{
	return Walk(d).run();
}
