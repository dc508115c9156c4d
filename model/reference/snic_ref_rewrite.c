/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What actions write into a frame's outermost headers, and the checksums behind it: RFC 1624, HC' = ~(~HC + sum of ~m + m'), over the words
 * that change. UDP's 0 is none and stays (RFC 768).
 */
#include "act.h"

enum { TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd, TYPE_8021Q = 0x8100, TYPE_8021AD = 0x88a8 };
enum { LSRR = 131, SSRR = 137 };

static unsigned int word(const uint8_t *p)
{
	return (unsigned int)p[0] << 8 | p[1];
}

static bool has_route(const uint8_t *options, size_t len)
{
	for (; len; len--, options++)
		if (*options == LSRR || *options == SSRR)
			return true;
	return false;
}

/* IPv6's next header is one of its extension headers (RFC 8200 4, RFC 4302). */
static bool is_extension(uint8_t next)
{
	return next == 0 || next == 43 || next == 44 || next == 51 || next == 60;
}

void snic_ref_outer(const struct snic_ref_parse *parse, const uint8_t *frame, struct outer *o)
{
	unsigned int tags, type;
	const uint8_t *ip;
	size_t at = 12;

	*o = (struct outer){ 0 };
	for (tags = 0; tags < 2 && (word(frame + at) == TYPE_8021Q || word(frame + at) == TYPE_8021AD);
	     tags++)
		at += 4;
	type = word(frame + at);
	ip = frame + at + 2;
	if (type == TYPE_IPV4 && parse->l3 == SNIC_L3_IPV4) {
		o->ip = at + 2;
		o->ttl = ip[8];
		o->l4 = o->ip + 4u * (ip[0] & 15);
		o->plain = (ip[0] & 15) <= 10 && !has_route(ip + 20, 4u * (ip[0] & 15) - 20);
	} else if (type == TYPE_IPV6 && parse->l3 == SNIC_L3_IPV6) {
		o->ip = at + 2;
		o->ttl = ip[7];
		o->l4 = o->ip + 40;
		o->plain = !is_extension(ip[6]);
	}
	/* What comes behind has an error, or is not all there. */
	if (parse->l4 == SNIC_L4_NONE && parse->tun == SNIC_TUN_NONE && parse->perr != SNIC_PERR_OK)
		o->plain = false;
}

/* Another number in a word; *delta gets what that adds to the complement of a checksum over it. */
static void change(uint8_t *p, unsigned int value, unsigned int mask, uint32_t *delta)
{
	unsigned int was = word(p), is = (was & ~mask) | (value & mask);

	if (is != was)
		*delta += (~was & 0xffff) + is;
	p[0] = (uint8_t)(is >> 8);
	p[1] = (uint8_t)is;
}

static unsigned int follow(unsigned int checksum, uint32_t delta)
{
	uint32_t sum = (~checksum & 0xffff) + delta;

	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

static void put(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* 16 bits of an edit's value or mask, `bit` counted from its least significant one. */
static unsigned int half(const uint32_t *dw, unsigned int bit)
{
	return dw[bit / 32] >> (bit % 32) & 0xffff;
}

/* A field of an edit, first byte on the wire first: `words` of its 16-bit words, from the low end of the field. */
static void field(uint8_t *p, const struct snic_edit *e, unsigned int lsb, unsigned int words,
		  uint32_t *delta)
{
	unsigned int k, bit;

	for (k = 0; k < words; k++) {
		bit = lsb + 16 * (words - 1 - k);
		change(p + 2 * k, half(e->value, bit), half(e->mask, bit), delta);
	}
}

static void behind_ip(const struct verdict *v, uint8_t *l4, uint32_t delta)
{
	uint8_t *csum;

	if (v->parse->l4 == SNIC_L4_TCP || v->parse->l4 == SNIC_L4_UDP) {
		if (v->edit && v->edit_arg & SNIC_MASK(EDIT_ARG, PORTS)) {
			field(l4, v->edit, SNIC_EDIT_SPORT_LSB, 1, &delta);
			field(l4 + 2, v->edit, SNIC_EDIT_DPORT_LSB, 1, &delta);
		}
		csum = l4 + (v->parse->l4 == SNIC_L4_TCP ? 16 : 6);
		if (v->parse->l4 == SNIC_L4_UDP) {
			if (word(csum))
				put(csum, follow(word(csum), delta) ? follow(word(csum), delta) : 0xffff);
			return;
		}
	} else if (v->parse->l4 == SNIC_L4_ICMP && v->parse->l3 == SNIC_L3_IPV6) {
		csum = l4 + 2;
	} else {
		return;
	}
	put(csum, follow(word(csum), delta));
}

void snic_ref_rewrite(const struct verdict *v, uint8_t *frame)
{
	uint32_t head = 0, addr = 0, none = 0;
	const struct snic_edit *e = v->edit;
	uint8_t *ip = frame + v->outer.ip;

	if (e) {
		field(frame, e, SNIC_EDIT_DMAC_LSB, 3, &none);
		field(frame + 6, e, SNIC_EDIT_SMAC_LSB, 3, &none);
	}
	if (!v->outer.ip)
		return;
	if (v->parse->l3 == SNIC_L3_IPV4) {
		if (v->set_dscp)
			change(ip, v->dscp << 2, 0x00fc, &head);
		if (v->dttl)
			change(ip + 8, word(ip + 8) - 0x100, 0xff00, &head);
		if (e && v->edit_arg & SNIC_MASK(EDIT_ARG, IPV4)) {
			field(ip + 12, e, SNIC_EDIT_SIP_LSB, 2, &addr);
			field(ip + 16, e, SNIC_EDIT_DIP_LSB, 2, &addr);
		}
		put(ip + 10, follow(word(ip + 10), head + addr));
	} else {
		if (v->set_dscp)
			change(ip, v->dscp << 6, 0x0fc0, &head);
		if (v->dttl)
			change(ip + 6, word(ip + 6) - 1, 0x00ff, &head);
		if (e && v->edit_arg & SNIC_MASK(EDIT_ARG, IPV6)) {
			field(ip + 8, e, SNIC_EDIT_SIP_LSB, 8, &addr);
			field(ip + 24, e, SNIC_EDIT_DIP_LSB, 8, &addr);
		}
	}
	if (e && v->edit_arg &
			 (SNIC_MASK(EDIT_ARG, IPV4) | SNIC_MASK(EDIT_ARG, IPV6) | SNIC_MASK(EDIT_ARG, PORTS)))
		behind_ip(v, frame + v->outer.l4, addr);
}
