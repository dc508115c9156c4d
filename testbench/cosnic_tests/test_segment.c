/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --segment and --fixcsum against Linux: the kernel of this machine cuts the same frames in software, and each segment must be the same
 * bytes. Where there is no right to taps the test says so and has nothing to compare.
 */
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "segment.h"
#include "taps.h"

enum { MTU = 9000, FRAME_MAX_BYTES = 65549, FRAMES = 2000 };
/* UDP_MAX_SEGMENTS of Linux before 6.9 */
enum { UDP_SEGMENTS = 64 };
enum { PROTO_TCP = 6, PROTO_UDP = 17 };

static uint8_t frame[FRAME_MAX_BYTES], want[MTU + 64], got[MTU + 64];
static uint64_t state;

static unsigned int rnd(unsigned int n)
{
	return (unsigned int)((cu_rand(&state) >> 16) % n);
}

struct made {
	size_t l3, l4, head, len;
	unsigned int version, proto;
};

static void ipv4(struct made *m)
{
	const size_t options = 4 * (rnd(4) ? 0 : rnd(11));
	uint8_t *ip = frame + m->l3;

	memset(ip, 0, 20 + options);
	memset(ip + 20, 1, options); /* no operation */
	ip[0] = (uint8_t)(0x45 + options / 4);
	ip[1] = (uint8_t)rnd(256);
	packet_put16(ip + 4, (uint16_t)rnd(65536));
	packet_put16(ip + 6, 0x4000);
	ip[8] = 64;
	ip[9] = (uint8_t)m->proto;
	packet_put16(ip + 12, 0x0a00);
	packet_put16(ip + 14, 1);
	packet_put16(ip + 16, 0x0a00);
	packet_put16(ip + 18, 2);
	m->l4 = m->l3 + 20 + options;
}

static void ipv6(struct made *m)
{
	uint8_t *ip = frame + m->l3;

	memset(ip, 0, 40);
	ip[0] = 0x60;
	packet_put16(ip + 2, (uint16_t)rnd(65536));
	ip[6] = (uint8_t)m->proto;
	ip[7] = 64;
	packet_put16(ip + 8, 0xfd00);
	ip[23] = 1;
	packet_put16(ip + 24, 0xfd00);
	ip[39] = 2;
	m->l4 = m->l3 + 40;
}

/* A frame as a stack hands it to a card that segments; its L4 checksum is the sum of the pseudo header. */
static struct made make(unsigned int version, unsigned int proto)
{
	struct made m = { .l3 = 14, .version = version, .proto = proto };
	size_t payload, i;
	uint64_t pseudo;

	memset(frame, 0, 14);
	frame[0] = frame[6] = 2;
	frame[5] = 9;
	if (!rnd(4)) {
		packet_put16(frame + 12, 0x8100);
		packet_put16(frame + 14, (uint16_t)(1 + rnd(4000)));
		m.l3 = 18;
	}
	packet_put16(frame + m.l3 - 2, version == 4 ? 0x0800 : 0x86dd);
	version == 4 ? ipv4(&m) : ipv6(&m);
	for (i = 0; i < 20; i++)
		frame[m.l4 + i] = (uint8_t)rnd(256);
	if (proto == PROTO_TCP) {
		const size_t options = 4 * rnd(11);

		frame[m.l4 + 12] = (uint8_t)((5 + options / 4) << 4);
		frame[m.l4 + 13] = (uint8_t)(0x10 | (rnd(256) & 0xc9)); /* ACK; CWR, ECE, PSH, FIN */
		memset(frame + m.l4 + 20, 1, options);
		m.head = m.l4 + 20 + options;
	} else {
		m.head = m.l4 + 8;
	}
	payload = 1 + rnd(rnd(2) ? 65000 : 6000);
	if (payload > 65535 - (m.head - m.l3))
		payload = 65535 - (m.head - m.l3);
	for (i = 0; i < payload; i++)
		frame[m.head + i] = (uint8_t)rnd(256);
	m.len = m.head + payload;
	if (version == 4)
		packet_put16(frame + m.l3 + 2, (uint16_t)(m.len - m.l3));
	else
		packet_put16(frame + m.l3 + 4, (uint16_t)(m.len - m.l4));
	if (proto == PROTO_UDP)
		packet_put16(frame + m.l4 + 4, (uint16_t)(m.len - m.l4));
	pseudo = version == 4 ? packet_sum(frame + m.l3 + 12, 8, m.len - m.l4 + proto)
			      : packet_sum(frame + m.l3 + 8, 32, m.len - m.l4 + proto);
	packet_put16(frame + m.l4 + (proto == PROTO_TCP ? 16 : 6), (uint16_t)~packet_fold(pseudo));
	if (version == 4)
		packet_put16(frame + m.l3 + 10, packet_fold(packet_sum(frame + m.l3, m.l4 - m.l3, 0)));
	return m;
}

static void against_linux(unsigned int version, unsigned int proto)
{
	unsigned int i, segments = 0, frames = 0;
	struct virtio_net_hdr hdr;
	struct segment s;
	struct taps t;
	struct made m;
	size_t n, k;

	state = cu_seed();
	if (!taps_open(&t, MTU))
		return;
	for (i = 0; i < FRAMES; i++) {
		const unsigned int mss = 100 + rnd(rnd(2) ? 8700 : 1400);

		m = make(version, proto);
		if (!segment_begin(&s, frame, m.len, (unsigned int)(m.head - m.l3) + mss) ||
		    m.len - m.head > (proto == PROTO_UDP ? UDP_SEGMENTS : 500u) * mss)
			continue;
		hdr = (struct virtio_net_hdr){
			.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.gso_type = proto == PROTO_UDP ? 5 /* UDP_L4: newer than Debian 12's header */
				    : version == 4     ? VIRTIO_NET_HDR_GSO_TCPV4
						       : VIRTIO_NET_HDR_GSO_TCPV6,
			.hdr_len = (uint16_t)m.head,
			.gso_size = (uint16_t)mss,
			.csum_start = (uint16_t)m.l4,
			.csum_offset = proto == PROTO_TCP ? 16 : 6,
		};
		if (!taps_put(&t, &hdr, frame, m.len)) {
			printf("    this kernel takes no such frame from a tap: Linux was not asked\n");
			break;
		}
		while ((n = segment_next(&s, want)) != 0) {
			k = taps_get(&t, got, sizeof(got));
			segments++;
			if (k == n && !memcmp(got, want, n))
				continue;
			CU_ASSERT(!"the segment is Linux'");
			printf("    frame %u, IPv%u, MSS %u: segment of %zu bytes, Linux' has %zu\n", i,
			       version, mss, n, k);
			taps_close(&t);
			return;
		}
		frames++;
	}
	printf("    %u frames, %u segments as Linux cuts them\n", frames, segments);
	taps_close(&t);
}

/* Frames that fit: Linux fills in the checksum that a card would. */
static void checksums(void)
{
	struct packet p;
	struct taps t;
	unsigned int i;

	state = cu_seed() + 1;
	if (!taps_open(&t, MTU))
		return;
	for (i = 0; i < FRAMES; i++) {
		const unsigned int proto = rnd(2) ? PROTO_TCP : PROTO_UDP;
		const struct made m = make(rnd(2) ? 4 : 6, proto);
		const struct virtio_net_hdr hdr = {
			.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.csum_start = (uint16_t)m.l4,
			.csum_offset = proto == PROTO_TCP ? 16 : 6,
		};
		size_t k;

		if (m.len - m.l3 > MTU)
			continue;
		CU_ASSERT_FATAL(taps_put(&t, &hdr, frame, m.len));
		k = taps_get(&t, got, sizeof(got));
		packet_parse(frame, m.len, &p);
		packet_fix_checksums(frame, &p);
		/* skb_checksum_help() writes 0 as ffff, which is the same sum, in TCP as in UDP, which asks for it */
		if (!packet_get16(frame + m.l4 + hdr.csum_offset))
			packet_put16(frame + m.l4 + hdr.csum_offset, 0xffff);
		CU_ASSERT_EQUAL_FATAL(k, m.len);
		CU_ASSERT(!memcmp(got, frame, k));
	}
	taps_close(&t);
}

static void tcp4(void)
{
	against_linux(4, PROTO_TCP);
}

static void tcp6(void)
{
	against_linux(6, PROTO_TCP);
}

static void udp4(void)
{
	against_linux(4, PROTO_UDP);
}

static void udp6(void)
{
	against_linux(6, PROTO_UDP);
}

static const struct cu_test tests[] = {
	{ "segment", "checksums", checksums }, { "segment", "tcp4", tcp4 }, { "segment", "tcp6", tcp6 },
	{ "segment", "udp4", udp4 },	       { "segment", "udp6", udp6 }, { 0 },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
