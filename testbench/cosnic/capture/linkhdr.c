/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats: tcpdump.org/linktypes.html. */
#include "linkhdr.h"

#include <string.h>

enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd, ETHERTYPE_MIN = 0x0600 };

static const uint8_t to_mac[6] = { 0x02, 0, 0, 0, 0, 0x02 }, from_mac[6] = { 0x02, 0, 0, 0, 0, 0x01 };

static uint32_t be(const uint8_t *b, unsigned int n)
{
	uint32_t v = 0;

	while (n--)
		v = v << 8 | *b++;
	return v;
}

/* By the version in the packet. */
static uint32_t ip_type(const uint8_t *b, uint32_t n)
{
	if (n && b[0] >> 4 == 4)
		return ETHERTYPE_IPV4;
	return n && b[0] >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
}

/* Families: AF_INET is 2 everywhere; AF_INET6 is what the system that wrote it has. */
static uint32_t family_type(uint32_t family)
{
	switch (family) {
	case 2:
		return ETHERTYPE_IPV4;
	case 10: /* Linux */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return ETHERTYPE_IPV6;
	default:
		return 0;
	}
}

/* RFC 1661, RFC 1662: address and control may be left out, and the first byte of the protocol when it is 0. */
static uint32_t ppp(const uint8_t *b, uint32_t n, uint32_t *head)
{
	uint32_t at = n >= 2 && b[0] == 0xff && b[1] == 0x03 ? 2 : 0, proto;

	if (n < at + 2)
		return 0;
	proto = b[at] & 1 ? b[at] : be(b + at, 2);
	*head = at + (b[at] & 1 ? 1 : 2);
	return proto == 0x0021 ? ETHERTYPE_IPV4 : proto == 0x0057 ? ETHERTYPE_IPV6 : 0;
}

const char *linkhdr_ethernet(const struct capfile_record *r, uint32_t n, uint8_t *out, size_t room,
			     size_t *len)
{
	const uint8_t *b = r->data, *from = from_mac;
	uint32_t head = 0, type = 0;

	switch (r->link_type) {
	case LINK_RAW:
	case LINK_IPV4:
	case LINK_IPV6:
	case 12: /* LINKTYPE_RAW as some systems wrote it: their DLT_RAW */
	case 14:
		type = ip_type(b, n);
		break;
	case LINK_NULL:
		head = 4;
		if (n >= head)
			type = family_type(r->little ? __builtin_bswap32(be(b, 4)) : be(b, 4));
		break;
	case LINK_LOOP:
		head = 4;
		if (n >= head)
			type = family_type(be(b, 4));
		break;
	case LINK_PPP:
	case LINK_PPP_HDLC:
		type = ppp(b, n, &head);
		break;
	case LINK_LINUX_SLL:
		head = 16;
		if (n < head)
			break;
		type = be(b + 14, 2);
		if (be(b + 4, 2) == 6)
			from = b + 6;
		break;
	case LINK_LINUX_SLL2:
		head = 20;
		if (n < head)
			break;
		type = be(b, 2);
		if (b[11] == 6)
			from = b + 12;
		break;
	default:
		return "a link layer that is not known";
	}
	if (type < ETHERTYPE_MIN || n < head)
		return "no packet of a protocol that Ethernet carries";
	*len = 14 + (n - head);
	if (*len > room)
		return "longer than any frame of the wire";
	memcpy(out, to_mac, 6);
	memcpy(out + 6, from, 6);
	out[12] = (uint8_t)(type >> 8);
	out[13] = (uint8_t)type;
	memcpy(out + 14, b + head, n - head);
	return NULL;
}
