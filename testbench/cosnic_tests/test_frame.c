/* SPDX-License-Identifier: BSD-2-Clause */
/* Built frames, read back by the reference's parser: lengths, headers, checksums of every encapsulation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "frame.h"
#include "snic_ref.h"

/* What each encapsulation must look like, and the bytes of its headers. */
static const struct {
	enum encap encap;
	size_t headers;
	uint8_t tun;
	bool tagged;
} kinds[] = {
	{ ENCAP_NONE, 14 + 20 + 8, SNIC_TUN_NONE, false },
	{ ENCAP_VLAN, 14 + 4 + 20 + 8, SNIC_TUN_NONE, true },
	{ ENCAP_QINQ, 14 + 8 + 20 + 8, SNIC_TUN_NONE, true },
	{ ENCAP_VXLAN, 14 + 20 + 8 + 8 + 14 + 20 + 8, SNIC_TUN_VXLAN, false },
	{ ENCAP_GENEVE, 14 + 20 + 8 + 8 + 14 + 20 + 8, SNIC_TUN_GENEVE, false },
	{ ENCAP_NVGRE, 14 + 20 + 8 + 14 + 20 + 8, SNIC_TUN_NVGRE, false },
	{ ENCAP_MPLSOGRE, 14 + 20 + 4 + 4 + 20 + 8, SNIC_TUN_MPLSOGRE, false },
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static struct frame_spec spec(enum encap encap, size_t len, uint32_t flow)
{
	return (struct frame_spec){ .dmac = { 2, 0x5c, 0, 0, 0, 7 },
				    .smac = { 2, 0, 0, 0, 0, 1 },
				    .encap = encap,
				    .len = len,
				    .flow = flow };
}

static bool is_right(unsigned int k, const struct frame_spec *s)
{
	size_t want = s->len < kinds[k].headers ? kinds[k].headers : s->len, len;
	bool tunnel = kinds[k].tun != SNIC_TUN_NONE;
	struct snic_ref_parse p;
	uint8_t *buf;
	bool ok;

	want = want < SNIC_FRAME_MIN ? SNIC_FRAME_MIN : want;
	buf = malloc(want); /* exactly: the address sanitizer sees a byte too many */
	CU_ASSERT_PTR_NOT_NULL_FATAL(buf);
	len = frame_build(s, buf);
	snic_ref_parse(buf, len, SNIC_VPORT_WIRE0, &p);
	ok = len == want && p.perr == SNIC_PERR_OK && p.tun == kinds[k].tun && p.has_vlan == kinds[k].tagged;
	ok = ok && p.l3 == SNIC_L3_IPV4 && p.l3ok == SNIC_CSUM_OK && !memcmp(buf, s->dmac, 6) &&
	     !memcmp(buf + 6, s->smac, 6);
	if (tunnel)
		ok = ok && p.il3 == SNIC_L3_IPV4 && p.il3ok == SNIC_CSUM_OK && p.il4 == SNIC_L4_UDP &&
		     p.il4ok == SNIC_CSUM_OK;
	else
		ok = ok && p.l4 == SNIC_L4_UDP && p.l4ok == SNIC_CSUM_OK;
	if (!ok)
		printf("    %s, %zu bytes: %zu long, perr %u, tun %u, l3ok %u, l4ok %u, il3ok %u, il4ok %u\n",
		       encap_names[s->encap], s->len, len, p.perr, p.tun, p.l3ok, p.l4ok, p.il3ok, p.il4ok);
	free(buf);
	return ok;
}

static void every_length(void)
{
	unsigned int k;
	size_t len;

	for (k = 0; k < N_KINDS; k++) {
		for (len = 0; len <= 300; len++) {
			struct frame_spec s = spec(kinds[k].encap, len, 77);

			s.fill = len * 0x9e3779b97f4a7c15ull;
			CU_ASSERT(is_right(k, &s));
		}
		for (len = 500; len <= SNIC_FRAME_MAX; len += 1 + len / 3) {
			struct frame_spec s = spec(kinds[k].encap, len, 77);

			CU_ASSERT(is_right(k, &s));
		}
		struct frame_spec s = spec(kinds[k].encap, SNIC_FRAME_MAX, 77);

		CU_ASSERT(is_right(k, &s));
	}
}

/* Sums that come out as 0 must be sent as ffff: with enough payloads both are met. */
static void every_sum(void)
{
	uint64_t rng = cu_seed();
	bool met = false;
	uint8_t buf[128];
	unsigned int i;

	for (i = 0; i < 400000; i++) {
		struct frame_spec s = spec(ENCAP_NONE, 60, 1);

		s.fill = cu_rand(&rng);
		frame_build(&s, buf);
		CU_ASSERT_FATAL(buf[40] || buf[41]);
		met = met || (buf[40] == 0xff && buf[41] == 0xff);
	}
	CU_ASSERT(met);
}

/* Another flow, another key; the same flow, the same key, whatever the payload. */
static void flows(void)
{
	static const uint32_t flow[] = { 0, 1, 15, 16, 4095, 4096, 59999, 60000, 65536, 0xffffff };
	struct snic_ref_parse p[sizeof(flow) / sizeof(flow[0])], again;
	uint8_t buf[256], other[256];
	unsigned int k, i, j;
	size_t len;

	for (k = 0; k < N_KINDS; k++) {
		for (i = 0; i < sizeof(flow) / sizeof(flow[0]); i++) {
			struct frame_spec s = spec(kinds[k].encap, 160, flow[i]);

			len = frame_build(&s, buf);
			snic_ref_parse(buf, len, 1, &p[i]);
			s.fill = 12345;
			CU_ASSERT_EQUAL(frame_build(&s, other), len);
			CU_ASSERT(memcmp(buf, other, len));
			snic_ref_parse(other, len, 1, &again);
			CU_ASSERT(!memcmp(&p[i].key, &again.key, sizeof(again.key)));
			for (j = 0; j < i; j++)
				CU_ASSERT(memcmp(&p[i].key, &p[j].key, sizeof(again.key)));
		}
	}
}

/* Numbers in their places, for one of each kind. */
static void fields(void)
{
	struct snic_ref_parse p;
	uint8_t buf[256];
	unsigned int k;

	for (k = 0; k < N_KINDS; k++) {
		struct frame_spec s = spec(kinds[k].encap, 128, 0x5003);
		size_t len = frame_build(&s, buf);

		snic_ref_parse(buf, len, 1, &p);
		CU_ASSERT_EQUAL(p.key.dw[SNIC_KEY_SIP_LSB / 32], 0x0a000005);
		CU_ASSERT_EQUAL(p.key.dw[SNIC_KEY_DIP_LSB / 32], 0x0b000003);
		CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(SPORT)), 1024 + 0x5003);
		CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(DPORT)), 9);
		/* NVGRE: the flow id is the key's low byte */
		CU_ASSERT_EQUAL(snic_key_get(&p.key, SNIC_K(TUN_ID)), p.tun == SNIC_TUN_NVGRE ? 103 << 8 | 3
								      : p.tun		      ? 103
											      : 0);
		CU_ASSERT_EQUAL(p.key.dw[SNIC_KEY_TUN_SIP_LSB / 32], p.tun ? 0xc0a80001 : 0);
		CU_ASSERT_EQUAL(p.key.dw[SNIC_KEY_TUN_DIP_LSB / 32], p.tun ? 0xc0a80002 : 0);
		CU_ASSERT_EQUAL(p.tci, 0); /* a priority tag: every function is a member of VLAN 0 */
	}
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "frame", "every_length", every_length },
		{ "frame", "every_sum", every_sum },
		{ "frame", "flows", flows },
		{ "frame", "fields", fields },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
