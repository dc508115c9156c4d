/* SPDX-License-Identifier: BSD-2-Clause */
#include "segment.h"

#include <string.h>

enum { UDP_HDR = 8, TCP_MIN = 20, FIN = 0x01, PSH = 0x08, CWR = 0x80 };

bool segment_begin(struct segment *s, const uint8_t *frame, size_t len, unsigned int mtu)
{
	struct packet *p = &s->packet;
	size_t l4 = 0;

	packet_parse(frame, len, p);
	if (!p->version || p->end - p->l3 <= mtu || p->fragment)
		return false;
	if (p->proto == PACKET_UDP)
		l4 = UDP_HDR;
	else if (p->proto == PACKET_TCP && p->end - p->l4 >= TCP_MIN)
		l4 = (size_t)(frame[p->l4 + 12] >> 4) * 4;
	if (l4 < UDP_HDR || (p->proto == PACKET_TCP && l4 < TCP_MIN))
		return false;
	s->frame = frame;
	s->head = p->l4 + l4;
	/* a segment has a byte at least, and the whole has more than its headers */
	if (s->head - p->l3 >= mtu || p->end <= s->head)
		return false;
	s->payload = mtu - (s->head - p->l3);
	s->at = s->head;
	return true;
}

static void tcp(const struct segment *s, uint8_t *t, bool last)
{
	uint32_t seq = (uint32_t)packet_get16(t + 4) << 16 | packet_get16(t + 6);

	seq += (uint32_t)(s->at - s->head);
	packet_put16(t + 4, (uint16_t)(seq >> 16));
	packet_put16(t + 6, (uint16_t)seq);
	if (!last)
		t[13] &= (uint8_t) ~(FIN | PSH);
	if (s->at != s->head)
		t[13] &= (uint8_t)~CWR;
}

size_t segment_next(struct segment *s, uint8_t *out)
{
	const struct packet *p = &s->packet;
	struct packet mine = *p;
	size_t left = p->end - s->at, n = left < s->payload ? left : s->payload;

	if (!left)
		return 0;
	memcpy(out, s->frame, s->head);
	memcpy(out + s->head, s->frame + s->at, n);
	mine.end = s->head + n;
	if (p->version == 4) {
		packet_put16(out + p->l3 + 2, (uint16_t)(mine.end - p->l3));
		packet_put16(out + p->l3 + 4,
			     (uint16_t)(packet_get16(out + p->l3 + 4) + (s->at - s->head) / s->payload));
	} else {
		packet_put16(out + p->l3 + 4, (uint16_t)(mine.end - p->l3 - 40));
	}
	if (p->proto == PACKET_UDP)
		packet_put16(out + p->l4 + 4, (uint16_t)(mine.end - p->l4));
	else
		tcp(s, out + p->l4, n == left);
	packet_fix_checksums(out, &mine);
	s->at += n;
	return mine.end;
}
