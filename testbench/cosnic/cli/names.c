/* SPDX-License-Identifier: BSD-2-Clause */
#include "names.h"

#include <arpa/inet.h>

#include "snic_contract.h"

#define LOOK_UP(names) v < sizeof(names) / sizeof(names[0]) && names[v] ? names[v] : "?"

const char *names_l3(unsigned int v)
{
	static const char *const names[] = {
		[SNIC_L3_NONE] = "none", [SNIC_L3_IPV4] = "ipv4", [SNIC_L3_IPV6] = "ipv6"
	};

	return LOOK_UP(names);
}

const char *names_l4(unsigned int v)
{
	static const char *const names[] = {
		[SNIC_L4_NONE] = "none", [SNIC_L4_TCP] = "tcp",	      [SNIC_L4_UDP] = "udp",
		[SNIC_L4_ICMP] = "icmp", [SNIC_L4_FRAG] = "fragment", [SNIC_L4_OTHER] = "other"
	};

	return LOOK_UP(names);
}

const char *names_tun(unsigned int v)
{
	static const char *const names[] = {
		[SNIC_TUN_NONE] = "none",	  [SNIC_TUN_VXLAN] = "vxlan",
		[SNIC_TUN_GENEVE] = "geneve",	  [SNIC_TUN_GRE] = "gre",
		[SNIC_TUN_NVGRE] = "nvgre",	  [SNIC_TUN_MPLSOGRE] = "mplsogre",
		[SNIC_TUN_MPLSOUDP] = "mplsoudp", [SNIC_TUN_MPLS] = "mpls"
	};

	return LOOK_UP(names);
}

const char *names_csum(unsigned int v)
{
	static const char *const names[] = {
		[SNIC_CSUM_NONE] = "none", [SNIC_CSUM_OK] = "ok", [SNIC_CSUM_BAD] = "bad"
	};

	return LOOK_UP(names);
}

const char *names_perr(unsigned int v)
{
	static const char *const names[] = {
		[SNIC_PERR_OK] = "none",       [SNIC_PERR_TRUNC] = "truncated", [SNIC_PERR_BAD_IP] = "bad_ip",
		[SNIC_PERR_BAD_L4] = "bad_l4", [SNIC_PERR_BAD_TUN] = "bad_tun", [SNIC_PERR_WINDOW] = "window",
		[SNIC_PERR_STEPS] = "steps"
	};

	return LOOK_UP(names);
}

const char *names_hit(unsigned int v)
{
	static const char *const names[] = { [SNIC_HIT_NONE] = "none",
					     [SNIC_HIT_EXACT] = "exact",
					     [SNIC_HIT_CACHE] = "cache",
					     [SNIC_HIT_RULE] = "rule" };

	return LOOK_UP(names);
}

void names_address(const uint32_t w[4], char *text, size_t size)
{
	uint8_t b[16];
	unsigned int i;

	for (i = 0; i < 16; i++)
		b[i] = (uint8_t)(w[3 - i / 4] >> (24 - i % 4 * 8));
	if (w[1] | w[2] | w[3])
		inet_ntop(AF_INET6, b, text, (socklen_t)size);
	else
		inet_ntop(AF_INET, b + 12, text, (socklen_t)size);
}
