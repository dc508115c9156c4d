/* SPDX-License-Identifier: BSD-2-Clause */
/* What is changed in captured frames: addresses, tags, checksums, frames that are cut; and which ones are taken. The judge of checksums is the reference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "edit.h"
#include "frame.h"
#include "packet.h"
#include "pick.h"
#include "segment.h"
#include "snic_ref.h"

static uint8_t frame[70000];
static struct snic_ref_parse parse;

static size_t made(enum encap encap, size_t len)
{
	const struct frame_spec s = { .dmac = { 2, 0, 0, 0, 0, 1 },
				      .smac = { 2, 0, 0, 0, 0, 2 },
				      .flow = 5,
				      .encap = encap,
				      .len = len,
				      .fill = 7 };

	return frame_build(&s, frame);
}

/* UDP over IPv6 or TCP over IPv4, with a payload that counts, and right checksums. */
static size_t made_l4(unsigned int version, uint8_t proto, size_t payload)
{
	static const uint8_t v4[8] = { 10, 1, 2, 3, 10, 1, 2, 4 };
	static const uint8_t v6[32] = { 0x20, 1, 0x0d, 0xb8, [15] = 1, [16] = 0x20, 1, 0x0d, 0xb8, [31] = 2 };
	size_t l3 = 14, l4 = l3 + (version == 4 ? 20 : 40), head = l4 + (proto == PACKET_TCP ? 20 : 8), i;
	struct packet p;

	memset(frame, 0, head);
	frame[0] = 2;
	frame[6] = 2;
	packet_put16(frame + 12, version == 4 ? 0x0800 : 0x86dd);
	if (version == 4) {
		frame[l3] = 0x45;
		packet_put16(frame + l3 + 2, (uint16_t)(head - l3 + payload));
		packet_put16(frame + l3 + 4, 100);
		frame[l3 + 8] = 64;
		frame[l3 + 9] = proto;
		memcpy(frame + l3 + 12, v4, sizeof(v4));
	} else {
		frame[l3] = 0x60;
		packet_put16(frame + l3 + 4, (uint16_t)(head - l4 + payload));
		frame[l3 + 6] = proto;
		memcpy(frame + l3 + 8, v6, sizeof(v6));
	}
	packet_put16(frame + l4, 4000);
	packet_put16(frame + l4 + 2, 80);
	if (proto == PACKET_TCP) {
		packet_put16(frame + l4 + 6, 1000); /* sequence number */
		frame[l4 + 12] = 5 << 4;
		frame[l4 + 13] = 0x80 | 0x10 | 0x08 | 0x01; /* CWR ACK PSH FIN */
	} else {
		packet_put16(frame + l4 + 4, (uint16_t)(8 + payload));
		packet_put16(frame + l4 + 6, 0xffff);
	}
	for (i = 0; i < payload; i++)
		frame[head + i] = (uint8_t)i;
	packet_parse(frame, head + payload, &p);
	packet_fix_checksums(frame, &p);
	return head + payload;
}

static void sums_are(const uint8_t *f, size_t len, unsigned int l3, unsigned int l4)
{
	snic_ref_parse(f, len, 0, &parse);
	CU_ASSERT_EQUAL(parse.l3ok, l3);
	CU_ASSERT_EQUAL(parse.l4ok, l4);
}

static void addresses(void)
{
	struct edit e = { 0 };
	uint64_t fixed = 0;
	size_t len = made_l4(4, PACKET_TCP, 100);

	CU_ASSERT_PTR_NULL(edit_nets(&e, "10.1.0.0/16:192.168.0.0/16", true, true));
	CU_ASSERT_EQUAL(edit_frame(&e, frame, len, &fixed), len);
	CU_ASSERT(!memcmp(frame + 26, "\xc0\xa8\x02\x03\xc0\xa8\x02\x04", 8));
	sums_are(frame, len, SNIC_CSUM_OK, SNIC_CSUM_OK);
	/* what was wrong stays wrong, and is not counted as repaired */
	len = made_l4(4, PACKET_UDP, 101);
	frame[40] ^= 1;
	edit_frame(&e, frame, len, &fixed);
	sums_are(frame, len, SNIC_CSUM_OK, SNIC_CSUM_BAD);
	CU_ASSERT_EQUAL(fixed, 0);
	/* sources alone, to a longer network: what is left of the address is less */
	memset(&e, 0, sizeof(e));
	CU_ASSERT_PTR_NULL(edit_nets(&e, "10.0.0.0/8:172.16.5.9/32", true, false));
	len = made_l4(4, PACKET_UDP, 64);
	edit_frame(&e, frame, len, &fixed);
	CU_ASSERT(!memcmp(frame + 26, "\xac\x10\x05\x09\x0a\x01\x02\x04", 8));
	sums_are(frame, len, SNIC_CSUM_OK, SNIC_CSUM_OK);
	memset(&e, 0, sizeof(e));
	CU_ASSERT_PTR_NULL(edit_nets(&e, "[2001:db8::/33]:[fd00::/9],10.0.0.0/8:11.0.0.0/8", false, true));
	CU_ASSERT_EQUAL(e.n_net, 2);
	len = made_l4(6, PACKET_UDP, 64);
	edit_frame(&e, frame, len, &fixed);
	CU_ASSERT(!memcmp(frame + 38, "\xfd\x01\x0d\xb8", 4)); /* nine bits, and the tenth stays */
	CU_ASSERT(!memcmp(frame + 22, "\x20\x01\x0d\xb8", 4));
	sums_are(frame, len, SNIC_CSUM_NONE, SNIC_CSUM_OK);
}

static void bad_networks(void)
{
	static const char *const bad[] = { "",
					   "10.0.0.0",
					   "10.0.0.0/8",
					   "10.0.0.0/33:11.0.0.0/8",
					   "10.0.0.0/8:[::]/8",
					   "10.0.0.0/8:11.0.0.0/8,",
					   "10.0.0.0/8:11.0.0.0/8x",
					   "10.0.0/8:11.0.0.0/8",
					   "[::/129]:[::/1]",
					   "10.0.0.0/-1:11.0.0.0/8",
					   "[2001:db8::/32:[fd00::/16]" };
	struct edit e;
	uint8_t mac[6];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&e, 0, sizeof(e));
		if (!edit_nets(&e, bad[i], true, true))
			printf("    taken: %s\n", bad[i]);
		CU_ASSERT_PTR_NOT_NULL(edit_nets(&e, bad[i], true, true));
	}
	CU_ASSERT_PTR_NULL(edit_mac("52:54:00:12:34:56", mac));
	CU_ASSERT_PTR_NOT_NULL(edit_mac("52:54:00:12:34", mac));
	CU_ASSERT_PTR_NOT_NULL(edit_mac("52:54:00:12:34:567", mac));
}

static void tags(void)
{
	struct edit e = {
		.vlan = EDIT_VLAN_ADD, .vlan_proto = 0x8100, .vlan_tag = 100, .has_vlan_tag = true
	};
	uint64_t fixed = 0;
	size_t len = made(ENCAP_NONE, 100);

	CU_ASSERT_EQUAL(edit_frame(&e, frame, len, &fixed), len + 4);
	CU_ASSERT(!memcmp(frame + 12, "\x81\x00\x00\x64\x08\x00", 6));
	sums_are(frame, len + 4, SNIC_CSUM_OK, SNIC_CSUM_OK);
	/* written over: what is not said stays */
	frame[14] = 0xb0;
	e.vlan_tag = 7;
	CU_ASSERT_EQUAL(edit_frame(&e, frame, len + 4, &fixed), len + 4);
	CU_ASSERT(!memcmp(frame + 12, "\x81\x00\xb0\x07\x08\x00", 6));
	e.has_vlan_pri = e.has_vlan_cfi = true;
	e.vlan_pri = 2;
	edit_frame(&e, frame, len + 4, &fixed);
	CU_ASSERT(!memcmp(frame + 12, "\x81\x00\x40\x07\x08\x00", 6));
	e.vlan = EDIT_VLAN_DEL;
	CU_ASSERT_EQUAL(edit_frame(&e, frame, len + 4, &fixed), len);
	CU_ASSERT_EQUAL(edit_frame(&e, frame, len, &fixed), len);
	sums_are(frame, len, SNIC_CSUM_OK, SNIC_CSUM_OK);
	memset(&e, 0, sizeof(e));
	e.has_dmac = e.has_smac = true;
	memcpy(e.dmac, "\x52\x54\0\1\2\3", 6);
	CU_ASSERT(edit_any(&e));
	edit_frame(&e, frame, len, &fixed);
	CU_ASSERT(!memcmp(frame, "\x52\x54\0\1\2\3\0\0\0\0\0\0", 12));
}

/* As a host leaves them to its card: repaired, and told. */
static void checksums(void)
{
	static const struct {
		unsigned int version;
		uint8_t proto;
	} kinds[] = { { 4, PACKET_TCP }, { 4, PACKET_UDP }, { 6, PACKET_TCP }, { 6, PACKET_UDP } };
	struct edit e = { .fixcsum = true };
	uint64_t fixed = 0;
	size_t i, len, at;
	struct packet p;

	for (i = 0; i < 4; i++) {
		len = made_l4(kinds[i].version, kinds[i].proto, 33);
		packet_parse(frame, len, &p);
		at = packet_checksum_at(&p);
		edit_frame(&e, frame, len, &fixed);
		CU_ASSERT_EQUAL(fixed, i); /* it was right */
		frame[at] ^= 0x55;
		edit_frame(&e, frame, len, &fixed);
		CU_ASSERT_EQUAL(fixed, i + 1);
		sums_are(frame, len, kinds[i].version == 4 ? SNIC_CSUM_OK : SNIC_CSUM_NONE, SNIC_CSUM_OK);
	}
	len = made_l4(4, PACKET_TCP, 33);
	frame[24] ^= 1;
	edit_frame(&e, frame, len, &fixed);
	CU_ASSERT_EQUAL(fixed, 5);
	sums_are(frame, len, SNIC_CSUM_OK, SNIC_CSUM_OK);
	/* none in UDP over IPv4 is none; of a fragment the rest is not here */
	len = made_l4(4, PACKET_UDP, 33);
	packet_put16(frame + 40, 0);
	edit_frame(&e, frame, len, &fixed);
	CU_ASSERT_EQUAL(fixed, 5);
	len = made_l4(4, PACKET_UDP, 33);
	frame[20] = 0x20;
	frame[40] ^= 1;
	edit_frame(&e, frame, len, &fixed);
	CU_ASSERT_EQUAL(fixed, 6); /* its IPv4 header's alone */
}

/* The reference makes the same of it: it is given the pseudo header's sum, and cuts with no knowledge of the frame. */
static void as_reference(const struct segment *s, const uint8_t *whole, size_t k, const uint8_t *piece,
			 size_t n)
{
	static uint8_t f[65600], want[9300];
	const struct packet *p = &s->packet;
	const struct snic_ref_tx_cut c = { .mss = s->payload,
					   .hdr = s->head,
					   .l3 = p->l3,
					   .l4 = p->l4,
					   .ip6 = p->version == 6,
					   .udp = p->proto == PACKET_UDP };
	uint64_t pseudo = packet_sum(whole + p->l3 + (c.ip6 ? 8 : 12), c.ip6 ? 32 : 8, p->proto);

	memcpy(f, whole, p->end);
	packet_put16(f + p->l4 + (c.udp ? 6 : 16), (uint16_t)~packet_fold(pseudo));
	CU_ASSERT_EQUAL(snic_ref_tx_segment(&c, f, p->end, k, want), n < SNIC_FRAME_MIN ? SNIC_FRAME_MIN : n);
	CU_ASSERT_EQUAL(memcmp(piece, want, n), 0);
}

/* Pieces put together are the whole; each one is right in itself. */
static void segments(unsigned int version, uint8_t proto, size_t payload, unsigned int mtu)
{
	static uint8_t piece[9300];
	size_t len = made_l4(version, proto, payload), n, total = 0, head, i;
	unsigned int count = 0, want;
	struct segment s;
	uint8_t flags;

	CU_ASSERT_FATAL(segment_begin(&s, frame, len, mtu));
	head = 14 + (version == 4 ? 20 : 40) + (proto == PACKET_TCP ? 20 : 8);
	want = (unsigned int)((payload + mtu - (head - 14) - 1) / (mtu - (head - 14)));
	while ((n = segment_next(&s, piece)) != 0) {
		bool last = total + n - head == payload;

		CU_ASSERT(n <= mtu + 14u);
		sums_are(piece, n, version == 4 ? SNIC_CSUM_OK : SNIC_CSUM_NONE, SNIC_CSUM_OK);
		CU_ASSERT_EQUAL(parse.perr, SNIC_PERR_OK);
		for (i = head; i < n; i++)
			if (piece[i] != (uint8_t)(total + i - head))
				break;
		CU_ASSERT_EQUAL(i, n);
		if (version == 4)
			CU_ASSERT_EQUAL(packet_get16(piece + 18), 100 + count);
		if (proto == PACKET_TCP) {
			CU_ASSERT_EQUAL(packet_get16(piece + head - 20 + 6), (uint16_t)(1000 + total));
			flags = (uint8_t)(0x10 | (last ? 0x09 : 0) | (count ? 0 : 0x80));
			CU_ASSERT_EQUAL(piece[head - 20 + 13], flags);
		}
		as_reference(&s, frame, count, piece, n);
		total += n - head;
		count++;
	}
	CU_ASSERT_EQUAL(total, payload);
	CU_ASSERT_EQUAL(count, (len - head + s.payload - 1) / s.payload);
	CU_ASSERT_EQUAL(count, want);
}

static void segmentation(void)
{
	struct segment s;
	size_t len;

	segments(4, PACKET_TCP, 60000, 1500);
	segments(4, PACKET_TCP, 1461, 1500);
	segments(4, PACKET_UDP, 20000, 9000);
	segments(6, PACKET_TCP, 30000, 1280);
	segments(6, PACKET_UDP, 5000, 576);
	len = made_l4(4, PACKET_TCP, 1460);
	CU_ASSERT(!segment_begin(&s, frame, len, 1500)); /* fits */
	len = made_l4(4, PACKET_UDP, 4000);
	frame[20] = 0x20; /* a fragment */
	CU_ASSERT(!segment_begin(&s, frame, len, 1500));
	len = made_l4(4, 47, 4000); /* GRE */
	CU_ASSERT(!segment_begin(&s, frame, len, 1500));
	len = made_l4(4, PACKET_TCP, 4000);
	frame[46] = 0x40; /* TCP's header is too short to be one */
	CU_ASSERT(!segment_begin(&s, frame, len, 1500));
	/* no length in the IPv4 header, as some systems leave it */
	len = made_l4(4, PACKET_TCP, 4000);
	packet_put16(frame + 16, 0);
	CU_ASSERT(segment_begin(&s, frame, len, 1500));
}

/* Anything at all as a frame: nothing is read or written outside of it. */
static void noise(void)
{
	struct edit e = {
		.fixcsum = true, .vlan = EDIT_VLAN_ADD, .vlan_proto = 0x8100, .has_vlan_tag = true
	};
	uint64_t state = cu_seed(), fixed = 0;
	uint8_t piece[9300], *f;
	struct segment s;
	unsigned int i;
	size_t len, k, n;

	edit_nets(&e, "0.0.0.0/0:10.0.0.0/8,[::/0]:[fd00::/8]", true, true);
	for (i = 0; i < 20000; i++) {
		n = cu_rand(&state) % 2 ? made_l4(cu_rand(&state) % 2 ? 4 : 6, cu_rand(&state) % 2 ? 6 : 17,
						  cu_rand(&state) % 3000)
					: made((enum encap)(cu_rand(&state) % 7), cu_rand(&state) % 2000);
		len = 14 + cu_rand(&state) % (n - 13);
		for (k = 0; k < 6; k++)
			frame[12 + cu_rand(&state) % (len > 70 ? 60 : len - 12)] = (uint8_t)cu_rand(&state);
		/* in a block of its own, so that a byte too far is seen */
		f = malloc(len + EDIT_GROWS);
		CU_ASSERT_PTR_NOT_NULL_FATAL(f);
		memcpy(f, frame, len);
		if (segment_begin(&s, f, len, 576))
			while ((n = segment_next(&s, piece)) != 0)
				CU_ASSERT(n <= 576 + 4 * 16 + 14);
		n = edit_frame(&e, f, len, &fixed);
		CU_ASSERT(n == len || n == len + 4);
		free(f);
	}
}

static bool wants(const struct pick *p, uint64_t number, const void *data, uint32_t len, uint16_t link_type)
{
	const struct capfile_record r = { .data = data, .caplen = len, .len = len, .link_type = link_type };
	struct pick_filters *f = pick_open(p);
	bool yes;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	yes = pick_wants(f, number, &r);
	pick_close(f);
	return yes;
}

static void picked(void)
{
	static const char *const bad[] = { "", "0", "3-2", "a", "1,", "1-2-3", "-0", "99999999999999999999" };
	struct pick p = { 0 };
	uint32_t len;
	size_t i;

	CU_ASSERT_PTR_NULL(pick_ranges(&p, "2,5-7,10-"));
	CU_ASSERT(!wants(&p, 1, "", 0, LINK_ETHERNET));
	CU_ASSERT(wants(&p, 2, "", 0, LINK_ETHERNET));
	CU_ASSERT(wants(&p, 7, "", 0, LINK_ETHERNET));
	CU_ASSERT(!wants(&p, 8, "", 0, LINK_ETHERNET));
	CU_ASSERT(wants(&p, UINT64_MAX, "", 0, LINK_ETHERNET));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		p.n_range = 0;
		CU_ASSERT_PTR_NOT_NULL(pick_ranges(&p, bad[i]));
	}
	memset(&p, 0, sizeof(p));
	CU_ASSERT_PTR_NOT_NULL(pick_filter(&p, "tcp prot 80"));
	CU_ASSERT_PTR_NULL(pick_filter(&p, "tcp port 80 and net 10.1.0.0/16"));
	len = (uint32_t)made_l4(4, PACKET_TCP, 10);
	CU_ASSERT(wants(&p, 1, frame, len, LINK_ETHERNET));
	CU_ASSERT(wants(&p, 1, frame + 14, len - 14, LINK_RAW)); /* by its own link type */
	len = (uint32_t)made_l4(4, PACKET_UDP, 10);
	CU_ASSERT(!wants(&p, 1, frame, len, LINK_ETHERNET));
	CU_ASSERT(!wants(&p, 1, frame, len, 65000)); /* a link type without such a filter */
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "edit", "addresses", addresses },
		{ "edit", "bad_networks", bad_networks },
		{ "edit", "tags", tags },
		{ "edit", "checksums", checksums },
		{ "edit", "segmentation", segmentation },
		{ "edit", "noise", noise },
		{ "edit", "picked", picked },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
