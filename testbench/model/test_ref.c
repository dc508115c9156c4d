/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reference against values worked out by hand: the RSS verification suite, and each rule of
 * rtl/pipe/README.md "Forwarding" with what it must decide. Its parser is held to the RTL's in
 * testbench/rtl/test_tb_parser_ref.cpp.
 */
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "snic_ref.h"

#define W0 SNIC_VPORT_WIRE0
#define W1 SNIC_VPORT_WIRE1
#define MAX_OUT 32

/* ---- frames ---- */

struct frame {
	uint8_t b[SNIC_FRAME_MAX + 8];
	size_t len;
};

static void put(struct frame *f, uint64_t v, unsigned int bytes)
{
	while (bytes--)
		f->b[f->len++] = (uint8_t)(v >> 8 * bytes);
}

/* Function n's address; anything above is somebody outside. */
static uint64_t mac(unsigned int n)
{
	return 0x025c00000000ull + n;
}

#define BROADCAST 0xffffffffffffull
#define GROUP 0x01005e000001ull
#define OUTSIDE mac(0x1000)
#define NO_TAG (-1)

/* Ethernet with up to two tags and no IP, `len` bytes in all. */
static struct frame eth2(uint64_t dmac, uint64_t smac, int tag, int tag2, size_t len)
{
	struct frame f = { .len = 0 };
	size_t i;

	put(&f, dmac, 6);
	put(&f, smac, 6);
	if (tag != NO_TAG)
		put(&f, 0x81000000u | (unsigned int)tag, 4);
	if (tag2 != NO_TAG)
		put(&f, 0x81000000u | (unsigned int)tag2, 4);
	put(&f, 0x88b5, 2); /* IEEE local experimental */
	for (i = f.len; i < len; i++)
		f.b[i] = (uint8_t)i;
	f.len = len;
	return f;
}

static struct frame eth(uint64_t dmac, uint64_t smac, int tag)
{
	return eth2(dmac, smac, tag, NO_TAG, 80);
}

static void put_ports(struct frame *f, unsigned int proto, unsigned int sport, unsigned int dport)
{
	put(f, sport, 2);
	put(f, dport, 2);
	put(f, proto == 6 ? 0 : 8, 2); /* UDP length, or sequence number */
	put(f, 0, 6);
	put(f, 0x5000, 2); /* TCP data offset */
	put(f, 0, 6);
}

/* Ethernet, IPv4 and 20 bytes that are a TCP header, or a UDP header and padding. */
static struct frame ipv4(unsigned int proto, unsigned int frag, uint32_t src, uint32_t dst,
			 unsigned int sport, unsigned int dport)
{
	struct frame f = { .len = 0 };

	put(&f, mac(1), 6);
	put(&f, OUTSIDE, 6);
	put(&f, 0x08004500, 4);
	put(&f, proto == 17 ? 28 : 40, 2);
	put(&f, frag, 4);
	put(&f, 64, 1);
	put(&f, proto, 1);
	put(&f, 0, 2);
	put(&f, src, 4);
	put(&f, dst, 4);
	put_ports(&f, proto, sport, dport);
	f.len = f.len < SNIC_FRAME_MIN ? SNIC_FRAME_MIN : f.len;
	return f;
}

static struct frame ipv6(unsigned int next, const uint64_t src[2], const uint64_t dst[2], unsigned int sport,
			 unsigned int dport)
{
	struct frame f = { .len = 0 };

	put(&f, mac(1), 6);
	put(&f, OUTSIDE, 6);
	put(&f, 0x86dd, 2);
	put(&f, 0x60000000, 4);
	put(&f, 20, 2);
	put(&f, next, 1);
	put(&f, 64, 1);
	put(&f, src[0], 8);
	put(&f, src[1], 8);
	put(&f, dst[0], 8);
	put(&f, dst[1], 8);
	put_ports(&f, next, sport, dport);
	return f;
}

/* ---- parser: values that others published ---- */

/* The IPv4 header of the usual worked example of RFC 1071's sum, with b861 as its checksum. */
static void parse_example(void)
{
	static const uint8_t header[] = { 0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
					  0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7 };
	struct frame f = { .len = 0 };
	struct snic_ref_parse p;

	put(&f, mac(1), 6);
	put(&f, OUTSIDE, 6);
	put(&f, 0x81006123, 4);
	put(&f, 0x0800, 2);
	memcpy(f.b + f.len, header, sizeof(header));
	f.len += sizeof(header);
	put(&f, 0x04d20035005f0000ull, 8); /* UDP, 95 bytes, no checksum */
	f.len += 95 - 8;
	snic_ref_parse(f.b, f.len, W1, &p);
	CU_ASSERT_EQUAL(p.perr, SNIC_PERR_OK);
	CU_ASSERT_EQUAL(p.l3, SNIC_L3_IPV4);
	CU_ASSERT_EQUAL(p.l3ok, SNIC_CSUM_OK);
	CU_ASSERT_EQUAL(p.l4, SNIC_L4_UDP);
	CU_ASSERT_EQUAL(p.l4ok, SNIC_CSUM_NONE);
	CU_ASSERT(p.has_vlan && !p.ad);
	CU_ASSERT_EQUAL(p.tci, 0x6123);
	CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(VPORT)), W1);
	CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(VLAN)), 0x6123);
	CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(DMAC)), mac(1));
	CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(SMAC)), OUTSIDE);
	CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(ETHERTYPE)), 0x0800);
	CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(IP_PROTO)), 17);
	CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(SPORT)), 1234);
	CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(DPORT)), 53);
	CU_ASSERT_EQUAL(p.key.dw[SNIC_KEY_SIP_LSB / 32], 0xc0a80001);
	CU_ASSERT_EQUAL(p.key.dw[SNIC_KEY_DIP_LSB / 32], 0xc0a800c7);
	f.b[29]++;
	snic_ref_parse(f.b, f.len, W1, &p);
	CU_ASSERT_EQUAL(p.l3ok, SNIC_CSUM_BAD);
}

/* ---- RSS: Microsoft's "Verifying the RSS Hash Calculation" ---- */

static const uint8_t rss_key[40] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

static uint32_t hash(const struct frame *f)
{
	struct snic_ref_rss_key key;
	struct snic_ref_parse p;

	snic_ref_parse(f->b, f->len, W0, &p);
	snic_ref_rss_key(&key, rss_key);
	return snic_ref_rss(&key, &p);
}

#define IP(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

static void rss_ipv4(void)
{
	static const struct {
		uint32_t src, dst;
		unsigned int sport, dport;
		uint32_t ip, tcp;
	} v[] = {
		{ IP(66, 9, 149, 187), IP(161, 142, 100, 80), 2794, 1766, 0x323e8fc2, 0x51ccc178 },
		{ IP(199, 92, 111, 2), IP(65, 69, 140, 83), 14230, 4739, 0xd718262a, 0xc626b0ea },
		{ IP(24, 19, 198, 95), IP(12, 22, 207, 184), 12898, 38024, 0xd2d0a5de, 0x5c2b394a },
		{ IP(38, 27, 205, 30), IP(209, 142, 163, 6), 48228, 2217, 0x82989176, 0xafc7327f },
		{ IP(153, 39, 163, 191), IP(202, 188, 127, 2), 44251, 1303, 0x5d1809c5, 0x10e828a2 },
	};
	struct frame f;
	unsigned int i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		f = ipv4(6, 0, v[i].src, v[i].dst, v[i].sport, v[i].dport);
		CU_ASSERT_EQUAL(hash(&f), v[i].tcp);
		f = ipv4(17, 0, v[i].src, v[i].dst, v[i].sport, v[i].dport);
		CU_ASSERT_EQUAL(hash(&f), v[i].tcp);
		/* without ports: another protocol, a first fragment, a later one */
		f = ipv4(132, 0, v[i].src, v[i].dst, v[i].sport, v[i].dport);
		CU_ASSERT_EQUAL(hash(&f), v[i].ip);
		f = ipv4(6, 0x2000, v[i].src, v[i].dst, v[i].sport, v[i].dport);
		CU_ASSERT_EQUAL(hash(&f), v[i].ip);
		f = ipv4(6, 0x0010, v[i].src, v[i].dst, v[i].sport, v[i].dport);
		CU_ASSERT_EQUAL(hash(&f), v[i].ip);
	}
	f = eth(mac(1), OUTSIDE, NO_TAG);
	CU_ASSERT_EQUAL(hash(&f), 0);
}

static void rss_ipv6(void)
{
	static const struct {
		uint64_t src[2], dst[2];
		unsigned int sport, dport;
		uint32_t ip, tcp;
	} v[] = {
		{ { 0x3ffe250102001fff, 7 }, { 0x3ffe250102000003, 1 }, 2794, 1766, 0x2cc18cd5, 0x40207d3d },
		{ { 0x3ffe050100080000, 0x026097fffe40efab },
		  { 0xff02000000000000, 1 },
		  14230,
		  4739,
		  0x0f0c461c,
		  0xdde51bbf },
		{ { 0x3ffe190045450003, 0x0200f8fffe2167cf },
		  { 0xfe80000000000000, 0x0200f8fffe2167cf },
		  44251,
		  38024,
		  0x4b61e985,
		  0x02d1feef },
	};
	struct frame f;
	unsigned int i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		f = ipv6(6, v[i].src, v[i].dst, v[i].sport, v[i].dport);
		CU_ASSERT_EQUAL(hash(&f), v[i].tcp);
		f = ipv6(132, v[i].src, v[i].dst, v[i].sport, v[i].dport);
		CU_ASSERT_EQUAL(hash(&f), v[i].ip);
	}
}

/* In a tunnel the inner addresses count: VXLAN around the first vector. */
static void rss_inner(void)
{
	struct frame in = ipv4(6, 0, IP(66, 9, 149, 187), IP(161, 142, 100, 80), 2794, 1766);
	struct frame f = ipv4(17, 0, IP(10, 0, 0, 1), IP(10, 0, 0, 2), 49152, 4789);

	f.len = 42;
	f.b[17] = (uint8_t)(20 + 8 + 8 + in.len);
	f.b[39] = (uint8_t)(8 + 8 + in.len);
	put(&f, 0x0800000000001100, 8);
	memcpy(f.b + f.len, in.b, in.len);
	f.len += in.len;
	CU_ASSERT_EQUAL(hash(&f), 0x51ccc178);
}

/* ---- the device ---- */

struct dev {
	struct snic_ref *r;
	struct snic_ref_func func[SNIC_N_FUNC];
	struct snic_ref_out out[MAX_OUT];
	int n, cause;
};

static void dev_func(struct dev *d, unsigned int func, uint16_t flags, uint16_t port_vlan)
{
	struct snic_ref_func *f = &d->func[func];
	unsigned int i;

	for (i = 0; i < 6; i++)
		f->mac[i] = (uint8_t)(mac(func) >> 8 * (5 - i));
	for (i = 0; i < SNIC_RSS_INDIR; i++)
		f->indir[i] = i % 8;
	f->enabled = true;
	f->flags = flags;
	f->port_vlan = port_vlan;
	f->rx_buf = SNIC_FRAME_MAX + 4;
	snic_ref_set_func(d->r, func, f);
}

static void dev_mac(struct dev *d, uint64_t m, uint16_t vid, uint16_t vport)
{
	uint8_t b[6];
	unsigned int i;

	for (i = 0; i < 6; i++)
		b[i] = (uint8_t)(m >> 8 * (5 - i));
	CU_ASSERT_EQUAL(snic_ref_mac_add(d->r, b, vid, vport), 0);
}

/* Functions 1..4: enabled, broadcast, members of VLAN 0, known by their address there. */
static struct dev *dev_new(void)
{
	static struct dev d;
	unsigned int f;

	memset(&d, 0, sizeof(d));
	d.r = snic_ref_create();
	CU_ASSERT_PTR_NOT_NULL_FATAL(d.r);
	snic_ref_set_rss_key(d.r, rss_key);
	for (f = 1; f <= 4; f++) {
		dev_func(&d, f, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST), 0);
		snic_ref_set_member(d.r, 0, f, true);
		dev_mac(&d, mac(f), 0, (uint16_t)f);
	}
	return &d;
}

/* Sends the frame; true if it goes to exactly these vports ("2 3 256") or, with "", is dropped for `cause`. */
static bool goes(struct dev *d, uint16_t src, const struct frame *f, const char *to, int cause)
{
	char got[256] = "";
	int i, at = 0;

	d->n = snic_ref_packet(d->r, src, f->b, f->len, false, d->out, MAX_OUT, &d->cause);
	for (i = 0; i < d->n; i++)
		at += snprintf(got + at, sizeof(got) - (size_t)at, "%s%u", i ? " " : "", d->out[i].vport);
	if (strcmp(got, to) || (!d->n && d->cause != cause)) {
		printf("    from %u: goes to \"%s\", cause %d; expected \"%s\", %d\n", src, got, d->cause, to,
		       cause);
		return false;
	}
	return true;
}

static bool to(struct dev *d, uint16_t src, struct frame f, const char *vports)
{
	return goes(d, src, &f, vports, 0);
}

static bool dropped(struct dev *d, uint16_t src, struct frame f, int cause)
{
	return goes(d, src, &f, "", cause);
}

static bool bytes_are(const struct snic_ref_out *o, const struct frame *f)
{
	return o->len == f->len && !memcmp(o->data, f->b, f->len);
}

static struct snic_actions actions(uint32_t a, uint32_t b, uint32_t c, uint32_t e)
{
	return (struct snic_actions){ { a, b, c, e } };
}

#define ACT(op, arg) SNIC_ACTION(SNIC_ACT_##op, arg)
#define NOTHING ACT(END, 0)

/* These actions for this very frame. */
static void flow(struct dev *d, uint16_t src, const struct frame *f, struct snic_actions a)
{
	struct snic_ref_parse p;

	snic_ref_parse(f->b, f->len, src, &p);
	CU_ASSERT_EQUAL(snic_ref_flow_add(d->r, &p.key, &a), 0);
}

static void wire_drops(void)
{
	struct frame f = eth2(mac(1), OUTSIDE, NO_TAG, NO_TAG, 59);
	struct dev *d = dev_new();

	CU_ASSERT(dropped(d, W0, f, SNIC_STAT_DROP_RUNT));
	f.len = 60;
	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT_EQUAL(snic_ref_packet(d->r, W0, f.b, f.len, true, d->out, MAX_OUT, &d->cause), 0);
	CU_ASSERT_EQUAL(d->cause, SNIC_STAT_DROP_FCS);
	f.len = SNIC_FRAME_MAX;
	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT(bytes_are(&d->out[0], &f));
	f.len = SNIC_FRAME_MAX + 1;
	CU_ASSERT(dropped(d, W0, f, SNIC_STAT_DROP_OVERSIZE));
	snic_ref_destroy(d->r);
}

/* 1: what a function may send */
static void sender(void)
{
	const uint64_t control = 0x0180c2000000ull;
	struct dev *d = dev_new();

	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, TRUSTED), 0);
	CU_ASSERT(dropped(d, 1, eth(control, mac(1), NO_TAG), SNIC_STAT_DROP_TX_CTRL));
	CU_ASSERT(dropped(d, 1, eth(control + 15, mac(1), NO_TAG), SNIC_STAT_DROP_TX_CTRL));
	CU_ASSERT(to(d, 1, eth(control + 16, mac(1), NO_TAG), "256"));
	/* between the PF and the wire they pass, and reach nobody else: neither who takes all nor who is listed */
	dev_func(d, 2,
		 SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, ALLMULTI) | SNIC_MASK(FT_FLAGS, PROMISC),
		 0);
	dev_mac(d, control + 14, 0, 2);
	CU_ASSERT(to(d, 0, eth(control + 14, mac(0), NO_TAG), "256"));
	CU_ASSERT(dropped(d, W0, eth(control + 14, OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	dev_func(d, 0, SNIC_MASK(FT_FLAGS, ENABLE), 0);
	snic_ref_set_member(d->r, 0, 0, true);
	CU_ASSERT(to(d, W0, eth(control + 14, OUTSIDE, NO_TAG), "0"));
	CU_ASSERT(dropped(d, W1, eth(control + 14, OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	CU_ASSERT(to(d, W0, eth(control + 16, OUTSIDE, NO_TAG), "2"));
	dev_func(d, 0, 0, 0);
	/* without the spoof check anything may be claimed, with it nothing but the own address and VLANs */
	CU_ASSERT(to(d, 1, eth(mac(2), mac(9), 7), "256"));
	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, SPOOFCHK), 0);
	CU_ASSERT(to(d, 1, eth(mac(2), mac(1), NO_TAG), "2"));
	CU_ASSERT(dropped(d, 1, eth(mac(2), mac(9), NO_TAG), SNIC_STAT_DROP_SPOOF_MAC));
	CU_ASSERT(dropped(d, 1, eth(mac(2), mac(1), 7), SNIC_STAT_DROP_SPOOF_VLAN));
	snic_ref_set_member(d->r, 7, 1, true);
	CU_ASSERT(to(d, 1, eth(mac(2), mac(1), 7), "256"));
	snic_ref_set_member(d->r, 7, 1, false);
	CU_ASSERT(dropped(d, 1, eth(mac(2), mac(1), 7), SNIC_STAT_DROP_SPOOF_VLAN));
	/* an address that the MAC table has for it on that VLAN is its own, too */
	dev_mac(d, mac(9), 0, 1);
	CU_ASSERT(to(d, 1, eth(mac(2), mac(9), NO_TAG), "2"));
	CU_ASSERT(dropped(d, 1, eth(mac(2), mac(3), NO_TAG), SNIC_STAT_DROP_SPOOF_MAC));
	/* the order: control, MAC, VLAN */
	CU_ASSERT(dropped(d, 1, eth(mac(2), mac(9), 7), SNIC_STAT_DROP_SPOOF_MAC));
	CU_ASSERT(dropped(d, 1, eth(control, mac(9), 7), SNIC_STAT_DROP_TX_CTRL));
	snic_ref_destroy(d->r);
}

/* 1: the port VLAN is pushed; a tag of the sender's own is not let through, spoof check or not */
static void port_vlan(void)
{
	const struct frame f = eth(mac(9), mac(1), NO_TAG), tagged = eth(mac(9), mac(1), 0x2064);
	struct dev *d = dev_new();

	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, SPOOFCHK),
		 0x2064); /* priority 1, VLAN 100 */
	CU_ASSERT(dropped(d, 1, f, SNIC_STAT_DROP_SPOOF_VLAN));
	snic_ref_set_member(d->r, 100, 1, true);
	CU_ASSERT(to(d, 1, f, "256"));
	CU_ASSERT_EQUAL(d->out[0].len, 84);
	CU_ASSERT(!memcmp(d->out[0].data, tagged.b, 18));
	CU_ASSERT(!memcmp(d->out[0].data + 18, f.b + 14, 66));
	CU_ASSERT(dropped(d, 1, tagged, SNIC_STAT_DROP_SPOOF_VLAN));
	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE), 0x2064);
	CU_ASSERT(dropped(d, 1, tagged, SNIC_STAT_DROP_SPOOF_VLAN));
	/* a priority tag is none: its priority stays, its null VLAN becomes the port's */
	CU_ASSERT(to(d, 1, eth(mac(9), mac(1), 0xb000), "256"));
	CU_ASSERT_EQUAL(d->out[0].len, 80);
	CU_ASSERT(!memcmp(d->out[0].data, eth(mac(9), mac(1), 0xb064).b, 80));
	/* Its VLAN is what the MAC table is asked with, and what another function of that VLAN finds in its TCI. */
	dev_mac(d, mac(2), 100, 2);
	dev_func(d, 2, SNIC_MASK(FT_FLAGS, ENABLE), 0x0064);
	CU_ASSERT(to(d, 1, eth(mac(2), mac(1), NO_TAG), "2"));
	CU_ASSERT(d->out[0].vlan_popped);
	CU_ASSERT_EQUAL(d->out[0].tci, 0x2064);
	CU_ASSERT_EQUAL(d->out[0].len, 80);
	CU_ASSERT_EQUAL(d->out[0].src, 1);
	/* The key is that of the frame as sent. */
	CU_ASSERT_EQUAL(snic_key_get(&d->out[0].parse->key, SNIC_K(HAS_VLAN)), 0);
	snic_ref_destroy(d->r);
}

/* 2 and 4: unicast by (VLAN, DMAC) */
static void unicast(void)
{
	struct dev *d = dev_new();

	CU_ASSERT(to(d, W0, eth(mac(3), OUTSIDE, NO_TAG), "3"));
	CU_ASSERT(to(d, W0, eth(mac(3), OUTSIDE, 0xe000), "3")); /* a priority tag is VLAN 0 */
	CU_ASSERT(to(d, 2, eth(mac(3), mac(2), NO_TAG), "3"));
	CU_ASSERT(dropped(d, W0, eth(mac(3), OUTSIDE, 5), SNIC_STAT_DROP_NO_MATCH));
	dev_mac(d, mac(3), 5, 4);
	CU_ASSERT(to(d, W0, eth(mac(3), OUTSIDE, 5), "4"));
	/* the other port's switch knows the same address at another place */
	dev_func(d, 4, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, UPLINK1), 0);
	dev_mac(d, mac(3), 0, 4);
	CU_ASSERT(to(d, W0, eth(mac(3), OUTSIDE, NO_TAG), "3"));
	CU_ASSERT(to(d, W1, eth(mac(3), OUTSIDE, NO_TAG), "4"));
	/* not found: out of the uplink from a function, nowhere from the wire */
	CU_ASSERT(to(d, 2, eth(mac(9), mac(2), NO_TAG), "256"));
	dev_func(d, 2, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, UPLINK1), 0);
	CU_ASSERT(to(d, 2, eth(mac(9), mac(2), NO_TAG), "257"));
	CU_ASSERT(dropped(d, W0, eth(mac(9), OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	/* never back, and the table may name a wire port, or nobody */
	CU_ASSERT(dropped(d, 3, eth(mac(3), mac(3), NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	dev_mac(d, mac(20), 0, W1);
	CU_ASSERT(to(d, 2, eth(mac(20), mac(2), NO_TAG), "257"));
	CU_ASSERT(dropped(d, W1, eth(mac(20), OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	dev_mac(d, mac(21), 0, 300);
	CU_ASSERT(dropped(d, W0, eth(mac(21), OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	/* What the table names need not be open to floods nor a member; but it must be able to take the frame. */
	dev_func(d, 3, 0, 0);
	snic_ref_set_member(d->r, 0, 3, false);
	CU_ASSERT(to(d, W0, eth(mac(3), OUTSIDE, NO_TAG), "3"));
	d->func[3].enabled = false;
	snic_ref_set_func(d->r, 3, &d->func[3]);
	CU_ASSERT(dropped(d, W0, eth(mac(3), OUTSIDE, NO_TAG), SNIC_STAT_DROP_RX_DISABLED));
	snic_ref_destroy(d->r);
}

/* 4: what nobody owns, groups, broadcast */
static void floods(void)
{
	struct dev *d = dev_new();

	CU_ASSERT(to(d, W0, eth(BROADCAST, OUTSIDE, NO_TAG), "1 2 3 4"));
	CU_ASSERT(to(d, 2, eth(BROADCAST, mac(2), NO_TAG), "1 3 4 256"));
	CU_ASSERT(dropped(d, W0, eth(GROUP, OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	CU_ASSERT(to(d, 2, eth(GROUP, mac(2), NO_TAG), "256"));
	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, PROMISC), 0); /* no broadcast */
	dev_func(d, 3,
		 SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, ALLMULTI) | SNIC_MASK(FT_FLAGS, BCAST), 0);
	CU_ASSERT(to(d, W0, eth(BROADCAST, OUTSIDE, NO_TAG), "2 3 4"));
	CU_ASSERT(to(d, W0, eth(GROUP, OUTSIDE, NO_TAG), "1 3"));
	CU_ASSERT(to(d, 3, eth(GROUP, mac(3), NO_TAG), "1 256"));
	CU_ASSERT(to(d, W0, eth(mac(9), OUTSIDE, NO_TAG), "1"));
	CU_ASSERT(to(d, 2, eth(mac(9), mac(2), NO_TAG), "1 256"));
	CU_ASSERT(to(d, W0, eth(mac(2), OUTSIDE, NO_TAG), "2")); /* owned: not for the promiscuous */
	dev_mac(d, GROUP, 0, 4);
	CU_ASSERT(to(d, W0, eth(GROUP, OUTSIDE, NO_TAG), "1 3 4"));
	CU_ASSERT(to(d, 4, eth(GROUP, mac(4), NO_TAG), "1 3 256"));
	/* only who is enabled and a member of the VLAN */
	CU_ASSERT(dropped(d, W0, eth(BROADCAST, OUTSIDE, 6), SNIC_STAT_DROP_NO_MATCH));
	snic_ref_set_member(d->r, 6, 3, true);
	snic_ref_set_member(d->r, 6, 4, true);
	CU_ASSERT(to(d, W0, eth(BROADCAST, OUTSIDE, 6), "3 4"));
	dev_func(d, 4, SNIC_MASK(FT_FLAGS, BCAST), 0);
	CU_ASSERT(to(d, W0, eth(BROADCAST, OUTSIDE, 6), "3"));
	snic_ref_destroy(d->r);
}

/* 2: a switch a port: 3 and 4 on port 1's. */
static void ports(void)
{
	const struct frame f = ipv4(17, 0, IP(10, 0, 0, 1), IP(10, 0, 0, 2), 1000, 2000);
	struct dev *d = dev_new();

	dev_func(d, 3,
		 SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) | SNIC_MASK(FT_FLAGS, UPLINK1), 0);
	dev_func(d, 4,
		 SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, BCAST) | SNIC_MASK(FT_FLAGS, PROMISC) |
			 SNIC_MASK(FT_FLAGS, UPLINK1),
		 0);
	/* inside a port; between ports only out to the wire */
	CU_ASSERT(to(d, 1, eth(mac(2), mac(1), NO_TAG), "2"));
	CU_ASSERT(to(d, 4, eth(mac(3), mac(4), NO_TAG), "3"));
	CU_ASSERT(to(d, 1, eth(mac(3), mac(1), NO_TAG), "256"));
	CU_ASSERT(to(d, 3, eth(mac(1), mac(3), NO_TAG), "4 257"));
	CU_ASSERT(to(d, W1, eth(mac(3), OUTSIDE, NO_TAG), "3"));
	CU_ASSERT(dropped(d, W0, eth(mac(3), OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	CU_ASSERT(to(d, W1, eth(mac(1), OUTSIDE, NO_TAG), "4")); /* promiscuous on its port */
	CU_ASSERT(dropped(d, W0, eth(mac(9), OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	/* groups, and a group's listed receiver */
	CU_ASSERT(to(d, 1, eth(BROADCAST, mac(1), NO_TAG), "2 256"));
	CU_ASSERT(to(d, 3, eth(BROADCAST, mac(3), NO_TAG), "4 257"));
	CU_ASSERT(to(d, W0, eth(BROADCAST, OUTSIDE, NO_TAG), "1 2"));
	dev_mac(d, GROUP, 0, 3);
	CU_ASSERT(to(d, W1, eth(GROUP, OUTSIDE, NO_TAG), "3 4"));
	CU_ASSERT(to(d, 1, eth(GROUP, mac(1), NO_TAG), "256"));
	/* the other wire port by the table: no; by an action: yes, functions too */
	dev_mac(d, mac(20), 0, W1);
	CU_ASSERT(to(d, 1, eth(mac(20), mac(1), NO_TAG), "256"));
	CU_ASSERT(dropped(d, W0, eth(mac(20), OUTSIDE, NO_TAG), SNIC_STAT_DROP_NO_MATCH));
	flow(d, W0, &f, actions(ACT(FWD, 4), ACT(MIRROR, W1), NOTHING, NOTHING));
	CU_ASSERT(to(d, W0, f, "4 257"));
	snic_ref_destroy(d->r);
}

/* 4, loopback: to its sender and nobody else */
static void loopback(void)
{
	struct frame f = ipv4(17, 0, IP(10, 0, 0, 1), IP(10, 0, 0, 2), 1000, 2000);
	struct dev *d = dev_new();

	dev_func(d, 1,
		 SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, LOOPBACK) | SNIC_MASK(FT_FLAGS, SPOOFCHK),
		 0);
	CU_ASSERT(to(d, 1, eth(mac(2), mac(1), NO_TAG), "1"));
	CU_ASSERT(to(d, 1, eth(mac(9), mac(1), NO_TAG), "1"));
	CU_ASSERT(to(d, 1, eth(mac(1), mac(1), NO_TAG), "1"));
	CU_ASSERT(to(d, 1, eth(BROADCAST, mac(1), NO_TAG), "1"));
	CU_ASSERT(dropped(d, 1, eth(mac(2), mac(3), NO_TAG), SNIC_STAT_DROP_SPOOF_MAC));
	CU_ASSERT(to(d, 2, eth(mac(1), mac(2), NO_TAG), "1")); /* what others send is as ever */
	CU_ASSERT(to(d, 2, eth(mac(3), mac(2), NO_TAG), "3"));
	memcpy(f.b + 6, eth(0, mac(1), NO_TAG).b + 6, 6);
	flow(d, 1, &f, actions(ACT(FWD, 3), ACT(MIRROR, W1), ACT(MARK, 5), NOTHING));
	CU_ASSERT(to(d, 1, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].mark, 5);
	f.b[35]++; /* another port: another flow */
	flow(d, 1, &f, actions(ACT(DROP, 0), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(dropped(d, 1, f, SNIC_STAT_DROP_FLOW));
	snic_ref_destroy(d->r);
}

/* Switchdev mode: the flow table decides, whatever rows, MAC table and VLANs say, and the PF has what it does not decide. */
static void switchdev(void)
{
	const struct frame known = eth(mac(2), mac(1), NO_TAG), lldp = eth(0x0180c200000e, mac(3), 5);
	struct frame f = ipv4(17, 0, IP(10, 0, 0, 1), IP(10, 0, 0, 2), 1000, 2000);
	struct dev *d = dev_new();

	dev_func(d, 0, 0, 0);
	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, SPOOFCHK), 0x2005);
	dev_func(d, 3, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, VEPA) | SNIC_MASK(FT_FLAGS, UPLINK1),
		 0);
	snic_ref_set_switchdev(d->r, true);
	CU_ASSERT(to(d, 1, known, "0"));
	CU_ASSERT(bytes_are(&d->out[0], &known));
	CU_ASSERT_EQUAL(d->out[0].src, 1);
	CU_ASSERT_EQUAL(d->out[0].hit, SNIC_HIT_NONE);
	CU_ASSERT(to(d, 1, eth(BROADCAST, mac(4), 7), "0"));
	CU_ASSERT(to(d, 3, lldp, "0"));
	CU_ASSERT(to(d, W1, eth(mac(2), mac(3), NO_TAG), "0"));
	CU_ASSERT(dropped(d, 0, known, SNIC_STAT_DROP_NO_MATCH)); /* not back to the PF */
	/* an entry: its destination; none but edits: the PF, edited */
	flow(d, 1, &f, actions(ACT(FWD, W1), ACT(MIRROR, 0), NOTHING, NOTHING));
	CU_ASSERT(to(d, 1, f, "0 257"));
	flow(d, W0, &f, actions(ACT(FWD, 3), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(to(d, W0, f, "3"));
	flow(d, 2, &f, actions(ACT(VLAN_PUSH, 9), ACT(MARK, 3), ACT(MIRROR, 4), NOTHING));
	CU_ASSERT(to(d, 2, f, "0 4"));
	CU_ASSERT_EQUAL(d->out[0].len, f.len + 4);
	CU_ASSERT_EQUAL(d->out[0].mark, 3);
	flow(d, 4, &f, actions(ACT(DROP, 0), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(dropped(d, 4, f, SNIC_STAT_DROP_FLOW));
	snic_ref_set_switchdev(d->r, false);
	CU_ASSERT(to(d, 2, eth(mac(4), mac(2), NO_TAG), "4"));
	snic_ref_destroy(d->r);
}

/* Room for few copies, and a buffer that is too short for one of them. */
static void room(void)
{
	const struct frame f = eth(BROADCAST, OUTSIDE, NO_TAG);
	struct dev *d = dev_new();

	CU_ASSERT_EQUAL(snic_ref_packet(d->r, W0, f.b, f.len, false, d->out, 2, &d->cause), 2);
	CU_ASSERT_EQUAL(d->out[1].vport, 2);
	d->func[2].rx_buf = 79;
	snic_ref_set_func(d->r, 2, &d->func[2]);
	CU_ASSERT(to(d, W0, f, "1 3 4"));
	CU_ASSERT_EQUAL(d->cause, SNIC_STAT_DROP_RX_TOO_LONG);
	CU_ASSERT(dropped(d, W0, eth(mac(2), OUTSIDE, NO_TAG), SNIC_STAT_DROP_RX_TOO_LONG));
	snic_ref_destroy(d->r);
}

/* 3: exact before masked, then priority, then the lower rule */
static void matching(void)
{
	const struct frame f = ipv4(17, 0, IP(10, 0, 0, 1), IP(10, 0, 0, 2), 1000, 2000);
	struct snic_flow_key key = { { 0 } }, mask = { { 0 } };
	struct dev *d = dev_new();
	struct snic_actions a;

	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].hit, SNIC_HIT_NONE);
	CU_ASSERT_EQUAL(d->out[0].mark, 0);
	/* rule 0: that destination port; bits outside the mask do not count */
	snic_key_set(&mask, SNIC_K(DPORT), 0xffff);
	snic_key_set(&key, SNIC_K(DPORT), 2000);
	snic_key_set(&key, SNIC_K(SPORT), 77);
	a = actions(ACT(MARK, 10), NOTHING, NOTHING, NOTHING);
	CU_ASSERT_EQUAL(snic_ref_rule_add(d->r, &key, &mask, 5, &a), 0);
	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].hit, SNIC_HIT_RULE);
	CU_ASSERT_EQUAL(d->out[0].mark, 10);
	/* rule 1: the same frames at the same priority; rule 2: at a higher one; rule 3: other frames */
	a = actions(ACT(MARK, 11), NOTHING, NOTHING, NOTHING);
	CU_ASSERT_EQUAL(snic_ref_rule_add(d->r, &key, &mask, 5, &a), 0);
	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].mark, 10);
	memset(&mask, 0, sizeof(mask));
	a = actions(ACT(MARK, 12), NOTHING, NOTHING, NOTHING);
	CU_ASSERT_EQUAL(snic_ref_rule_add(d->r, &key, &mask, 6, &a), 0);
	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].mark, 12);
	snic_key_set(&mask, SNIC_K(SPORT), 0xffff);
	a = actions(ACT(MARK, 13), NOTHING, NOTHING, NOTHING);
	CU_ASSERT_EQUAL(snic_ref_rule_add(d->r, &key, &mask, 65535, &a), 0);
	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].mark, 12);
	flow(d, W0, &f, actions(ACT(MARK, 14), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].hit, SNIC_HIT_EXACT);
	CU_ASSERT_EQUAL(d->out[0].mark, 14);
	/* the port is part of the key */
	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, UPLINK1), 0);
	CU_ASSERT(to(d, W1, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].mark, 12);
	snic_ref_destroy(d->r);
}

/* 3 and 6: lists of actions; each line has a frame and a flow of its own */
static void action_lists(void)
{
	static const struct {
		uint16_t src;
		uint32_t a[SNIC_N_ACTION];
		const char *to;
		int cause;
		uint32_t mark;
	} v[] = {
		{ W0, { ACT(DROP, 0) }, "", SNIC_STAT_DROP_FLOW, 0 },
		{ W0, { ACT(END, 0), ACT(DROP, 0) }, "1", 0, 0 },
		{ W0, { ACT(FWD, 3), ACT(FWD, 4) }, "4", 0, 0 },
		{ W0, { ACT(FWD, W1) }, "257", 0, 0 },
		{ W0, { ACT(FWD, W0) }, "", SNIC_STAT_DROP_NO_MATCH, 0 },
		{ 2, { ACT(FWD, 2) }, "", SNIC_STAT_DROP_NO_MATCH, 0 },
		{ W0, { ACT(FWD, SNIC_VPORT_NONE) }, "", SNIC_STAT_DROP_NO_MATCH, 0 },
		{ W0, { ACT(DROP, 0), ACT(FWD, 3) }, "", SNIC_STAT_DROP_FLOW, 0 },
		{ W0, { ACT(MARK, 5), SNIC_ACTION(99, 3), ACT(MARK, 0xabcdef) }, "1", 0, 0xabcdef },
		{ W0, { ACT(COUNT, 3), ACT(COUNT, 3), ACT(COUNT, 4) }, "1", 0, 0 },
		/* mirrors: beside the destination, of what is dropped, the last one, not twice, not back, to nobody */
		{ W0, { ACT(MIRROR, 3) }, "1 3", 0, 0 },
		{ W0, { ACT(MIRROR, W1) }, "1 257", 0, 0 },
		{ W0, { ACT(MIRROR, 3), ACT(DROP, 0) }, "3", 0, 0 },
		{ W0, { ACT(DROP, 0), ACT(MIRROR, 3) }, "3", 0, 0 },
		{ W0, { ACT(FWD, W0), ACT(MIRROR, 3) }, "3", 0, 0 },
		{ W0, { ACT(MIRROR, 3), ACT(MIRROR, 4) }, "1 4", 0, 0 },
		{ W0, { ACT(MIRROR, 1) }, "1", 0, 0 },
		{ W0, { ACT(MIRROR, W0) }, "1", 0, 0 },
		{ 2, { ACT(MIRROR, 2) }, "1", 0, 0 },
		{ W0, { ACT(MIRROR, 400) }, "1", 0, 0 },
	};
	struct dev *d = dev_new();
	struct frame f;
	unsigned int i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		f = ipv4(17, 0, IP(10, 0, 0, 1), IP(10, 0, 0, 2), 1000 + i, 2000);
		flow(d, v[i].src, &f, actions(v[i].a[0], v[i].a[1], v[i].a[2], v[i].a[3]));
		if (!goes(d, v[i].src, &f, v[i].to, v[i].cause)) {
			printf("    (list %u)\n", i);
			CU_FAIL("wrong destination");
		}
		if (d->n)
			CU_ASSERT_EQUAL(d->out[0].mark, v[i].mark);
	}
	snic_ref_destroy(d->r);
}

/* A flooded frame and its mirror: the set without doubles; a mirror does not make a match. */
static void mirror_flood(void)
{
	const struct frame b = eth(BROADCAST, OUTSIDE, NO_TAG), u = eth(mac(9), OUTSIDE, NO_TAG);
	struct dev *d = dev_new();

	dev_func(d, 3, SNIC_MASK(FT_FLAGS, ENABLE), 0);
	flow(d, W0, &b, actions(ACT(MIRROR, 3), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(to(d, W0, b, "1 2 3 4"));
	flow(d, W0, &u, actions(ACT(MIRROR, 3), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(to(d, W0, u, "3"));
	CU_ASSERT_EQUAL(d->cause, SNIC_STAT_DROP_NO_MATCH);
	snic_ref_destroy(d->r);
}

/* 7: what is left of pops and pushes. Expected: the tags of the frame that leaves, outermost first. */
static void vlan_actions(void)
{
	static const struct {
		int in[2];
		uint32_t a[SNIC_N_ACTION];
		int out[2];
	} v[] = {
		{ { 1, -1 }, { ACT(VLAN_POP, 0) }, { -1, -1 } },
		{ { -1, -1 }, { ACT(VLAN_POP, 0) }, { -1, -1 } },
		{ { 1, 2 }, { ACT(VLAN_POP, 0) }, { 2, -1 } },
		{ { 1, 2 }, { ACT(VLAN_POP, 0), ACT(VLAN_POP, 0) }, { 2, -1 } },
		{ { -1, -1 }, { ACT(VLAN_PUSH, 0x6007) }, { 0x6007, -1 } },
		{ { 1, -1 }, { ACT(VLAN_PUSH, 7) }, { 7, 1 } },
		{ { 1, -1 }, { ACT(VLAN_PUSH, 7), ACT(VLAN_PUSH, 8) }, { 8, 1 } },
		{ { 1, -1 }, { ACT(VLAN_PUSH, 7), ACT(VLAN_POP, 0) }, { 1, -1 } },
		{ { 1, -1 }, { ACT(VLAN_PUSH, 7), ACT(VLAN_POP, 0), ACT(VLAN_POP, 0) }, { -1, -1 } },
		{ { 1, -1 }, { ACT(VLAN_POP, 0), ACT(VLAN_PUSH, 7) }, { 7, -1 } },
		{ { 1, 2 }, { ACT(VLAN_POP, 0), ACT(VLAN_PUSH, 7), ACT(VLAN_PUSH, 8) }, { 8, 2 } },
	};
	unsigned int i, k;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct frame f = eth2(mac(1), OUTSIDE, v[i].in[0], v[i].in[1], 80), want = { .len = 12 };
		size_t rest = 12;
		struct dev *d = dev_new();

		memcpy(want.b, f.b, 12);
		for (k = 0; k < 2; k++) {
			rest += v[i].in[k] < 0 ? 0 : 4;
			if (v[i].out[k] >= 0)
				put(&want, 0x81000000u | (unsigned int)v[i].out[k], 4);
		}
		memcpy(want.b + want.len, f.b + rest, f.len - rest);
		want.len += f.len - rest;
		dev_mac(d, mac(1), 1, 1);
		flow(d, W0, &f, actions(v[i].a[0], v[i].a[1], v[i].a[2], v[i].a[3]));
		CU_ASSERT(to(d, W0, f, "1"));
		CU_ASSERT(d->n == 1 && bytes_are(&d->out[0], &want));
		CU_ASSERT(d->n == 1 && !d->out[0].vlan_popped);
		/* 5: with the strip flag the outermost of these is in the TCI instead; an inner one stays payload */
		dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, STRIP), 0);
		CU_ASSERT(to(d, W0, f, "1"));
		if (v[i].out[0] >= 0 && !(v[i].in[1] >= 0 && v[i].out[0] == v[i].in[1])) {
			memmove(want.b + 12, want.b + 16, want.len - 16);
			want.len -= 4;
			CU_ASSERT(d->out[0].vlan_popped);
			CU_ASSERT_EQUAL(d->out[0].tci, v[i].out[0]);
		} else {
			CU_ASSERT(!d->out[0].vlan_popped);
			CU_ASSERT_EQUAL(d->out[0].tci, 0);
		}
		CU_ASSERT(bytes_are(&d->out[0], &want));
		snic_ref_destroy(d->r);
	}
}

/* 5 and 7: to a function that strips, one that does not, and the wire; padded for the wire only */
static void vlan_copies(void)
{
	struct frame f = eth2(mac(1), OUTSIDE, 3, NO_TAG, 60), bare = f, padded;
	struct dev *d = dev_new();

	memmove(bare.b + 12, bare.b + 16, 44);
	bare.len = 56;
	padded = bare;
	memset(padded.b + 56, 0, 4);
	padded.len = 60;
	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE) | SNIC_MASK(FT_FLAGS, STRIP), 0);
	dev_mac(d, mac(1), 3, 1);
	flow(d, W0, &f, actions(ACT(MIRROR, W1), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(to(d, W0, f, "1 257"));
	CU_ASSERT(bytes_are(&d->out[0], &bare));
	CU_ASSERT(d->out[0].vlan_popped);
	CU_ASSERT_EQUAL(d->out[0].tci, 3);
	CU_ASSERT(bytes_are(&d->out[1], &f));
	flow(d, W0, &f, actions(ACT(VLAN_POP, 0), ACT(FWD, 2), ACT(MIRROR, W1), NOTHING));
	CU_ASSERT(to(d, W0, f, "2 257"));
	CU_ASSERT(bytes_are(&d->out[0], &bare));
	CU_ASSERT(!d->out[0].vlan_popped);
	CU_ASSERT(bytes_are(&d->out[1], &padded));
	snic_ref_destroy(d->r);
}

/* 1 and 7: the port VLAN's tag is there before the actions: a pop takes it, a push takes its place */
static void port_vlan_actions(void)
{
	const struct frame f = eth(mac(9), mac(1), NO_TAG), g = eth(mac(8), mac(1), NO_TAG);
	struct dev *d = dev_new();

	dev_func(d, 1, SNIC_MASK(FT_FLAGS, ENABLE), 100);
	flow(d, 1, &f, actions(ACT(VLAN_POP, 0), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(to(d, 1, f, "256"));
	CU_ASSERT(bytes_are(&d->out[0], &f));
	flow(d, 1, &g, actions(ACT(VLAN_PUSH, 7), NOTHING, NOTHING, NOTHING));
	CU_ASSERT(to(d, 1, g, "256"));
	CU_ASSERT_EQUAL(d->out[0].len, 84);
	CU_ASSERT_EQUAL(d->out[0].data[15], 7);
	CU_ASSERT_EQUAL(d->out[0].data[16], 0x88);
	snic_ref_destroy(d->r);
}

/* The function's queue: indirection entry hash mod 128. 0x51ccc178 mod 128 is 0x78. */
static void queue(void)
{
	const struct frame f = ipv4(6, 0, IP(66, 9, 149, 187), IP(161, 142, 100, 80), 2794, 1766);
	struct dev *d = dev_new();

	memset(d->func[1].indir, 0, sizeof(d->func[1].indir));
	d->func[1].indir[0x78] = 6;
	d->func[1].indir[0] = 3;
	snic_ref_set_func(d->r, 1, &d->func[1]);
	CU_ASSERT(to(d, W0, f, "1"));
	CU_ASSERT_EQUAL(d->out[0].rss, 0x51ccc178);
	CU_ASSERT_EQUAL(d->out[0].queue, 6);
	CU_ASSERT(to(d, W0, eth(mac(1), OUTSIDE, NO_TAG), "1"));
	CU_ASSERT_EQUAL(d->out[0].rss, 0);
	CU_ASSERT_EQUAL(d->out[0].queue, 3);
	CU_ASSERT(to(d, 2, eth(mac(9), mac(2), NO_TAG), "256"));
	CU_ASSERT_EQUAL(d->out[0].queue, 0);
	snic_ref_destroy(d->r);
}

/*
 * lookup3's own test: 30 bytes give 17770551. It starts from 0xdeadbeef + bytes, so as 8 words they want a seed of -2. The other
 * lengths of the last round differ in what is left out.
 */
static void lookup3(void)
{
	uint32_t k[8] = { 0 };

	memcpy(k, "Four score and seven years ago", 30);
	CU_ASSERT_EQUAL(snic_ref_hash(k, 8, (uint32_t)-2), 0x17770551);
	memcpy(k, "Four score and seven years ago", 30);
	CU_ASSERT_EQUAL(snic_ref_hash(k, 8, (uint32_t)-1), 0xcd628161);
	CU_ASSERT_NOT_EQUAL(snic_ref_hash(k, 4, 8), snic_ref_hash(k, 5, 4));
	CU_ASSERT_NOT_EQUAL(snic_ref_hash(k, 5, 4), snic_ref_hash(k, 6, 0));
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "parse", "example", parse_example },
		{ "rss", "ipv4", rss_ipv4 },
		{ "rss", "ipv6", rss_ipv6 },
		{ "rss", "inner", rss_inner },
		{ "hash", "lookup3", lookup3 },
		{ "forward", "wire_drops", wire_drops },
		{ "forward", "sender", sender },
		{ "forward", "port_vlan", port_vlan },
		{ "forward", "unicast", unicast },
		{ "forward", "floods", floods },
		{ "forward", "ports", ports },
		{ "forward", "loopback", loopback },
		{ "forward", "switchdev", switchdev },
		{ "forward", "room", room },
		{ "forward", "queue", queue },
		{ "flows", "matching", matching },
		{ "flows", "action_lists", action_lists },
		{ "flows", "mirror_flood", mirror_flood },
		{ "flows", "vlan_actions", vlan_actions },
		{ "flows", "vlan_copies", vlan_copies },
		{ "flows", "port_vlan_actions", port_vlan_actions },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
