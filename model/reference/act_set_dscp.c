/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

static unsigned int word(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

/* IPv4: the header's checksum goes on as it was, right or wrong (RFC 1624: HC' = ~(~HC + ~m + m')). */
static void ipv4(uint8_t *ip, uint8_t dscp)
{
	unsigned int sum = (word(ip + 10) ^ 0xffff) + (word(ip) ^ 0xffff);

	ip[1] = (uint8_t)(dscp << 2 | (ip[1] & 3));
	for (sum += word(ip); sum >> 16; sum = (sum & 0xffff) + (sum >> 16))
		;
	ip[10] = (uint8_t) ~(sum >> 8);
	ip[11] = (uint8_t)~sum;
}

static void set_dscp(const struct verdict *v, uint8_t *frame)
{
	uint8_t dscp = (uint8_t)v->write_arg, *type = frame + 12;
	unsigned int tags;

	for (tags = 0; tags < 2 && (word(type) == 0x8100 || word(type) == 0x88a8); tags++)
		type += 4;
	if (word(type) == 0x0800 && v->parse->l3 == SNIC_L3_IPV4) {
		ipv4(type + 2, dscp);
	} else if (word(type) == 0x86dd && v->parse->l3 == SNIC_L3_IPV6) {
		type[2] = (uint8_t)(0x60 | dscp >> 2);
		type[3] = (uint8_t)(dscp << 6 | (type[3] & 0x3f));
	}
}

void snic_ref_act_set_dscp(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	snic_ref_tell(r, "action", "set DSCP %u", arg & 0x3f);
	v->write = set_dscp;
	v->write_arg = arg & 0x3f;
}
