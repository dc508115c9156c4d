/* SPDX-License-Identifier: BSD-2-Clause */
/* --flows: what a line means to the card, and what is said of those that mean nothing to it. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cu_main.h"
#include "flow_file.h"
#include "tunnel_file.h"

#define PATH "rules.txt"

static char err[512];

static struct flow_rules *reads(const char *text)
{
	FILE *f = fmemopen((char *)text, strlen(text), "r");
	struct flow_rules *r;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	err[0] = 0;
	r = flow_rules_parse(f, PATH, err, sizeof(err));
	fclose(f);
	return r;
}

/* The one rule of a text. */
static struct flow_rule one(const char *text)
{
	static struct flow_rules *last;
	struct flow_rules *r = reads(text);

	flow_rules_free(last);
	last = r;
	if (!r || r->n != 1)
		printf("    %s: %s\n", text, err);
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL_FATAL(r->n, 1);
	return r->rule[0];
}

/* This, at this place of the first line, and nothing else. */
static void refuses(const char *text, unsigned int column, const char *what)
{
	struct flow_rules *r = reads(text);
	char place[64];

	snprintf(place, sizeof(place), "%s:1:%u: ", PATH, column);
	if (r || strncmp(err, place, strlen(place)) || !strstr(err, what))
		printf("    %s: column %u, %s: got \"%s\"\n", text, column, what, err);
	CU_ASSERT_PTR_NULL(r);
	CU_ASSERT(!strncmp(err, place, strlen(place)));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, what));
	flow_rules_free(r);
}

#define FIELD_IS(r, F, value, bits)                                                                          \
	do {                                                                                                 \
		CU_ASSERT_EQUAL(snic_key_get(&(r).key, SNIC_K(F)), (value));                                 \
		CU_ASSERT_EQUAL(snic_key_get(&(r).mask, SNIC_K(F)), (bits));                                 \
	} while (0)

static unsigned int bits_of(const struct snic_flow_key *k)
{
	unsigned int n = 0, i;

	for (i = 0; i < SNIC_KEY_DWORDS; i++)
		n += (unsigned int)__builtin_popcount(k->dw[i]);
	return n;
}

static void matches(void)
{
	struct flow_rule r;

	r = one("actions=drop");
	CU_ASSERT_EQUAL(bits_of(&r.mask), 0);
	CU_ASSERT_EQUAL(r.priority, 32768);
	r = one("priority=7,in_port=p1,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00,actions=drop");
	CU_ASSERT_EQUAL(r.priority, 7);
	FIELD_IS(r, VPORT, SNIC_VPORT_WIRE1, 0x1ff);
	FIELD_IS(r, DMAC, 0x010000000000, 0x010000000000);
	r = one("in_port=vf255 dl_src=52:54:00:12:34:56 actions=drop");
	FIELD_IS(r, VPORT, 255, 0x1ff);
	FIELD_IS(r, SMAC, 0x525400123456, 0xffffffffffff);
	r = one("tcp,nw_src=10.1.2.3/8,nw_dst=192.168.0.1,tp_dst=80,tp_src=0x400/0xfc00,actions=drop");
	FIELD_IS(r, L3, SNIC_L3_IPV4, 3);
	FIELD_IS(r, IP_PROTO, 6, 0xff);
	CU_ASSERT_EQUAL(r.key.dw[SNIC_KEY_SIP_LSB / 32], 0x0a000000);
	CU_ASSERT_EQUAL(r.mask.dw[SNIC_KEY_SIP_LSB / 32], 0xff000000);
	CU_ASSERT_EQUAL(r.key.dw[SNIC_KEY_DIP_LSB / 32], 0xc0a80001);
	FIELD_IS(r, DPORT, 80, 0xffff);
	FIELD_IS(r, SPORT, 0x400, 0xfc00);
	r = one("udp6,ipv6_dst=2001:db8::/33,actions=drop");
	FIELD_IS(r, L3, SNIC_L3_IPV6, 3);
	CU_ASSERT_EQUAL(r.key.dw[SNIC_KEY_DIP_LSB / 32 + 3], 0x20010db8);
	CU_ASSERT_EQUAL(r.mask.dw[SNIC_KEY_DIP_LSB / 32 + 3], ~0u);
	CU_ASSERT_EQUAL(r.mask.dw[SNIC_KEY_DIP_LSB / 32 + 2], 0x80000000);
	CU_ASSERT_EQUAL(r.mask.dw[SNIC_KEY_DIP_LSB / 32 + 1], 0);
	r = one("dl_type=0x0800,nw_proto=17,nw_tos=184,nw_ecn=1,nw_frag=no,actions=drop");
	FIELD_IS(r, ETHERTYPE, 0x0800, 0xffff);
	FIELD_IS(r, DSCP, 184 | 1, 0xff);
	FIELD_IS(r, FRAG, 0, 1);
	r = one("ip,nw_frag=later,actions=drop");
	FIELD_IS(r, L4, SNIC_L4_FRAG, 7);
	r = one("icmp,icmp_type=8,icmp_code=0,actions=drop");
	FIELD_IS(r, SPORT, 0x800, 0xffff);
	r = one("tun_type=vxlan,tun_id=0x64,tun_dst=10.0.0.1,actions=drop");
	FIELD_IS(r, TUN, SNIC_TUN_VXLAN, 7);
	FIELD_IS(r, TUN_ID, 100, 0xffffffff);
	CU_ASSERT_EQUAL(r.mask.dw[SNIC_KEY_TUN_DIP_LSB / 32 + 3],
			~0u); /* no IPv6 address that ends like it */
	r = one("mpls,mpls_label=1234,actions=drop");
	FIELD_IS(r, TUN, SNIC_TUN_MPLS, 7);
	FIELD_IS(r, TUN_ID, 1234, 0xfffff);
}

static uint64_t edit_bits(const uint32_t *dw, unsigned int lsb, unsigned int width)
{
	return ((uint64_t)dw[lsb / 32 + 1] << 32 | dw[lsb / 32]) >> lsb % 32 & (~0ull >> (64 - width));
}

/* Fields that are written become one edit, which rules that write the same share; it comes before the TTL, and both before the output. */
static void edits(void)
{
	static const uint32_t all = SNIC_MASK(EDIT_ARG, IPV4) | SNIC_MASK(EDIT_ARG, PORTS);
	const char *text =
		"tcp,tp_dst=80,actions=mod_dl_dst:02:00:00:00:00:01,mod_nw_dst:10.0.0.9,dec_ttl,"
		"set_field:8080->tcp_dst,output:vf1\n"
		"udp6,actions=set_field:2001:db8::/32->ipv6_src,vf1\n"
		"tcp,tp_dst=81,actions=mod_nw_dst:10.0.0.9,mod_tp_dst:8080,mod_dl_dst:02:00:00:00:00:01,p0\n";
	struct flow_rules *rs = reads(text);
	struct snic_edit *e;

	CU_ASSERT_PTR_NOT_NULL_FATAL(rs);
	CU_ASSERT_EQUAL(rs->n_edits, 2);
	CU_ASSERT_EQUAL(rs->rule[0].act.a[0], SNIC_ACTION(SNIC_ACT_EDIT, all));
	CU_ASSERT_EQUAL(rs->rule[0].act.a[1], SNIC_ACTION(SNIC_ACT_DTTL, 0));
	CU_ASSERT_EQUAL(rs->rule[0].act.a[2], SNIC_ACTION(SNIC_ACT_FWD, 1));
	CU_ASSERT_EQUAL(rs->rule[1].act.a[0], SNIC_ACTION(SNIC_ACT_EDIT, SNIC_MASK(EDIT_ARG, IPV6) | 1));
	CU_ASSERT_EQUAL(rs->rule[2].act.a[0], rs->rule[0].act.a[0]);
	e = rs->edit;
	CU_ASSERT_EQUAL(edit_bits(e->value, SNIC_EDIT_DMAC_LSB, 48), 0x020000000001);
	CU_ASSERT_EQUAL(edit_bits(e->mask, SNIC_EDIT_DMAC_LSB, 48), 0xffffffffffff);
	CU_ASSERT_EQUAL(edit_bits(e->mask, SNIC_EDIT_SMAC_LSB, 48), 0);
	CU_ASSERT_EQUAL(edit_bits(e->value, SNIC_EDIT_DPORT_LSB, 16), 8080);
	CU_ASSERT_EQUAL(e->value[SNIC_EDIT_DIP_LSB / 32], 0x0a000009);
	CU_ASSERT_EQUAL(e->mask[SNIC_EDIT_DIP_LSB / 32], ~0u);
	CU_ASSERT_EQUAL(e->mask[SNIC_EDIT_DIP_LSB / 32 + 1] | e->mask[SNIC_EDIT_SIP_LSB / 32], 0);
	CU_ASSERT_EQUAL(e[1].value[SNIC_EDIT_SIP_LSB / 32 + 3], 0x20010db8);
	CU_ASSERT_EQUAL(e[1].mask[SNIC_EDIT_SIP_LSB / 32 + 3], ~0u);
	CU_ASSERT_EQUAL(e[1].mask[SNIC_EDIT_SIP_LSB / 32 + 2], 0);
	flow_rules_free(rs);
}

/* That there is a tag is a field of its own. */
static void vlans(void)
{
	struct flow_rule r;

	r = one("dl_vlan=100,dl_vlan_pcp=5,actions=drop");
	FIELD_IS(r, HAS_VLAN, 1, 1);
	FIELD_IS(r, VLAN, 5 << 13 | 100, 0xefff);
	r = one("dl_vlan=0xffff,actions=drop");
	FIELD_IS(r, HAS_VLAN, 0, 1);
	FIELD_IS(r, VLAN, 0, 0);
	r = one("vlan_tci=0x1000/0x1000,actions=drop");
	FIELD_IS(r, HAS_VLAN, 1, 1);
	FIELD_IS(r, VLAN, 0, 0);
	r = one("vlan_tci=0,actions=drop");
	FIELD_IS(r, HAS_VLAN, 0, 1);
	r = one("vlan_vid=0x1064/0x1fff,actions=drop");
	FIELD_IS(r, HAS_VLAN, 1, 1);
	FIELD_IS(r, VLAN, 100, 0xfff);
}

static void act_is(const char *text, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	struct flow_rule r = one(text);
	const uint32_t want[SNIC_N_ACTION] = { a, b, c, d };

	if (memcmp(r.act.a, want, sizeof(want)))
		printf("    %s: %x %x %x %x\n", text, r.act.a[0], r.act.a[1], r.act.a[2], r.act.a[3]);
	CU_ASSERT(!memcmp(r.act.a, want, sizeof(want)));
}

#define A(op, arg) SNIC_ACTION(SNIC_ACT_##op, arg)

static void actions(void)
{
	act_is("actions=drop", A(DROP, 0), 0, 0, 0);
	act_is("actions=", A(DROP, 0), 0, 0, 0);
	act_is("actions=normal", 0, 0, 0, 0);
	act_is("actions=output:vf3", A(FWD, 3), 0, 0, 0);
	act_is("actions=p1", A(FWD, 257), 0, 0, 0);
	act_is("actions=LOCAL,vf1", A(FWD, 0), A(MIRROR, 1), 0, 0);
	act_is("actions=NORMAL,output:256", A(MIRROR, 256), 0, 0, 0);
	act_is("actions=strip_vlan,vf1", A(VLAN_POP, 0), A(FWD, 1), 0, 0);
	act_is("actions=mod_vlan_vid:100,mod_vlan_pcp:3,vf1", A(VLAN_POP, 0), A(VLAN_PUSH, 3 << 13 | 100),
	       A(FWD, 1), 0);
	act_is("vlan_tci=0,actions=mod_vlan_vid:100,vf1", A(VLAN_POP, 0), A(VLAN_PUSH, 100), A(FWD, 1), 0);
	act_is("dl_vlan=9,dl_vlan_pcp=2,actions=mod_vlan_vid:100,vf1", A(VLAN_POP, 0),
	       A(VLAN_PUSH, 2 << 13 | 100), A(FWD, 1), 0);
	act_is("actions=push_vlan:0x8100,set_field:4196->vlan_vid,set_field:1->vlan_pcp,vf1",
	       A(VLAN_PUSH, 1 << 13 | 100), A(FWD, 1), 0, 0);
	act_is("actions=push_vlan:0x8100,strip_vlan,normal", 0, 0, 0, 0);
	act_is("actions=load:0x51c->NXM_NX_PKT_MARK[],set_field:7->pkt_mark,normal", A(MARK, 7), 0, 0, 0);
}

/* Every one with its place, and with what to do. */
static void errors(void)
{
	refuses("tcp,tcp_flags=+syn,actions=drop", 5, "not in the card's key: leave it out");
	refuses("ct_state=+trk,actions=drop", 1, "not in the card's key");
	refuses("in_prot=1,actions=drop", 1, "no such field");
	refuses("in_port=vf256,actions=drop", 9, "must be p0, p1, pf or vf1 to vf255");
	refuses("nw_src=10.0.0.1,actions=drop", 1, "write ip (or tcp, udp, icmp) before it");
	refuses("ip,ipv6_src=::1,actions=drop", 4, "write ipv6");
	refuses("ip,tp_dst=80,actions=drop", 4, "write tcp, udp");
	refuses("tcp,udp,actions=drop", 5, "contradicts");
	refuses("tcp,tp_dst=65536,actions=drop", 12, "up to 65535, or NUMBER/MASK");
	refuses("ip,nw_tos=1,actions=drop", 11, "two low bits");
	refuses("ip,nw_src=10.0.0.256,actions=drop", 11, "an address such as");
	refuses("ip,nw_src=10.0.0.0/33,actions=drop", 11, "an address such as");
	refuses("vlan_vid=100,actions=drop", 10, "0x1000");
	refuses("dl_vlan=4096,actions=drop", 9, "0xffff");
	refuses("ip,nw_frag=first,actions=drop", 12, "yes, no or later");
	refuses("table=1,actions=drop", 7, "one table");
	refuses("dl_type,actions=drop", 1, "the value is missing");
	refuses("priority=65536,actions=drop", 1, "0 to 65535");
	refuses("idle_timeout=10,actions=drop", 1, "leave it out");
	refuses("ip,nw_dst=10.0.0.1", 19, "actions= is missing");
	refuses("actions=resubmit(,1)", 9, "no such action: it has");
	refuses("actions=ct(commit)", 9, "no such action: it has");
	refuses("actions=mod_nw_src:10.0.0.1,vf1", 9, "needs a match of ip");
	refuses("ipv6,actions=mod_nw_src:10.0.0.1,vf1", 14, "needs a match of ip");
	refuses("ip,actions=set_field:80->tcp_dst,vf1", 26, "needs a match of tcp");
	refuses("icmp,actions=mod_tp_dst:80,vf1", 14, "needs a match of tcp or udp");
	refuses("ip,actions=mod_nw_src:10.0.0.256,vf1", 23, "must be an IPv4 address");
	refuses("tcp,actions=mod_tp_src:65536,vf1", 24, "0 to 65535");
	refuses("actions=mod_dl_src,vf1", 9, "given a value");
	refuses("arp,actions=dec_ttl,vf1", 13, "needs a match of ip");
	refuses("ip,actions=dec_ttl,dec_ttl,vf1", 20, "leave the second out");
	refuses("ip,actions=dec_ttl(1,2),vf1", 19, "no controllers");
	refuses("ip,actions=vf1,dec_ttl", 16, "write it first");
	refuses("ip,actions=dec_ttl,drop", 12, "drop stands alone");
	refuses("ip,actions=mod_nw_tos:4,vf1", 12, "no such action: it has");
	refuses("actions=outptu:1", 9, "ovs-actions(7)");
	refuses("actions=output:vf1,vf2,vf3", 24, "two at most");
	refuses("actions=output:vf1,strip_vlan,vf2", 20, "write it first");
	refuses("actions=push_vlan:0x88a8,vf1", 19, "write push_vlan:0x8100");
	refuses("actions=mod_vlan_vid:4096,vf1", 22, "0 to 4095");
	refuses("actions=mod_vlan_vid:1,vf1", 9, "add mod_vlan_pcp");
	refuses("vlan_tci=0x1000/0x1000,actions=mod_vlan_pcp:1,vf1", 32, "add mod_vlan_vid");
	refuses("actions=drop,vf1", 9, "stands alone");
	refuses("actions=set_field:1->arp_op,vf1", 22, "does not write");
	refuses("actions=set_field:0x1000000->pkt_mark,vf1", 19, "0xffffff");
	refuses("actions=mod_vlan_vid:1,mod_vlan_pcp:1,load:1->NXM_NX_PKT_MARK[],vf1,vf2", 9,
		"leave one out");
	refuses("actions=strip_vlan,strip_vlan,vf1", 20, "leave the second out");
}

/* A whole file: comments, blank lines, what dump-flows prints, replaced rules. */
static void file(void)
{
	struct flow_rules *r = reads(
		"# comment\n\n"
		"NXST_FLOW reply (xid=0x4):\n"
		" cookie=0x2a, duration=1.5s, table=0, n_packets=3, n_bytes=99, idle_age=1, priority=5,ip actions=vf1\r\n"
		"add ip,priority=5,actions=output:vf2 # again\n"
		"\tpriority=6,arp,actions=normal");

	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL(r->n, 2);
	CU_ASSERT_EQUAL(r->n_masks, 2);
	CU_ASSERT_EQUAL(r->max_func, 2);
	CU_ASSERT_EQUAL(r->max_line, 5);
	CU_ASSERT_STRING_EQUAL(r->rule[0].text, "add ip,priority=5,actions=output:vf2");
	CU_ASSERT_EQUAL(r->rule[0].line, 5);
	CU_ASSERT_EQUAL(r->rule[1].line, 6);
	flow_rules_free(r);
	r = reads("cookie=0x2a,ip,actions=vf1\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT_EQUAL(r->rule[0].cookie, 42);
	flow_rules_free(r);
}

static void whole_file_errors(void)
{
	char text[4096] = "";
	struct flow_rules *r;
	unsigned int i;

	CU_ASSERT_PTR_NULL(reads("# nothing\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "no rule in it"));
	CU_ASSERT_PTR_NULL(reads("ip,actions=vf1\npriority=1,ip,actions=vf2\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, ":2:1: the match of line 1 with another priority"));
	for (i = 0; i < 17; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "ip,nw_dst=10.0.0.0/%u,actions=vf1\n", 8 + i);
	CU_ASSERT_PTR_NULL(reads(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(err, ":17:1: the card searches 16"));
	r = flow_rules_read("/nonexistent/flows", err, sizeof(err));
	CU_ASSERT_PTR_NULL(r);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "No such file"));
	r = flow_rules_read("/tmp", err, sizeof(err));
	CU_ASSERT_PTR_NULL(r);
	CU_ASSERT_PTR_NOT_NULL(strstr(err, "directory"));
}

/* Good lines with bytes changed, taken out and doubled: an answer, and no more. */
static void mutated(void)
{
	static const char *const good[] = {
		"priority=7,tcp,nw_src=10.1.2.3/8,tp_dst=80,actions=mod_vlan_vid:1,mod_vlan_pcp:2,output:vf1\n",
		"udp6,ipv6_dst=2001:db8::/33,dl_vlan=9,actions=set_field:5->pkt_mark,normal\n",
		"cookie=1,tun_id=0x1/0xff,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00 actions=load:1->NXM_NX_PKT_MARK[],p1\n",
	};
	static const char put[] = "(),=:/ 0fx\n#-\xff";
	uint64_t state = cu_seed();
	unsigned int i, k, taken = 0;
	struct flow_rules *r;
	char text[256];
	size_t n, at;

	for (i = 0; i < 20000; i++) {
		snprintf(text, sizeof(text), "%s", good[i % 3]);
		for (k = 0; k <= i % 4; k++) {
			n = strlen(text);
			at = cu_rand(&state) % n;
			switch (n > 1 && n + 2 < sizeof(text) ? cu_rand(&state) % 3 : 0) {
			case 0:
				text[at] = put[cu_rand(&state) % (sizeof(put) - 1)];
				break;
			case 1:
				memmove(text + at, text + at + 1, n - at);
				break;
			default:
				memmove(text + at + 1, text + at, n - at + 1);
				break;
			}
		}
		r = reads(text);
		CU_ASSERT(r || err[0]);
		taken += r != NULL;
		flow_rules_free(r);
	}
	printf("    %u of 20000 taken\n", taken);
	CU_ASSERT(taken > 100);
}

static struct tunnels *tunnels_of(const char *text)
{
	FILE *f = fmemopen((char *)text, strlen(text), "r");
	struct tunnels *t;

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	err[0] = 0;
	t = tunnels_parse(f, PATH, err, sizeof(err));
	fclose(f);
	return t;
}

#define END "type=vxlan,local_ip=192.0.2.2,mac=02:00:00:00:00:01"

/* Tunnel ports, and rules that name them. */
static void tunnels(void)
{
	static const uint8_t vxlan[] = { 2, 0, 0,    0,	   0, 2, 2,  0, 0, 0,	0, 1, 8, 0,   0x45, 0, 0,
					 0, 0, 0,    0x40, 0, 9, 17, 0, 0, 192, 0, 2, 2, 192, 0,    2, 1,
					 0, 0, 0x12, 0xb5, 0, 0, 0,  0, 8, 0,	0, 0, 0, 1,   0,    0 };
	static const char *const wrong[] = {
		"vx0 " END,
		"tunnel64 " END,
		"tunnel0 type=vxlan",
		"tunnel0 " END ",remote_ip=192.0.2.1",
		"tunnel0 " END ",port=p2",
		"tunnel0 " END ",mtu=9",
		"tunnel0 " END ",ttl=256",
		"tunnel0 " END ",key",
		"tunnel0 " END ",local_ip=x",
		"tunnel0 " END "\ntunnel0 " END,
		"tunnel0 type=stt," END,
	};
	struct tunnels *t = tunnels_of(
		"tunnel3 " END ",remote_ip=192.0.2.1,peer_mac=02:00:00:00:00:02,key=256,ttl=9,port=p1\n"
		"tunnel4 type=geneve,local_ip=2001:db8::1,mac=02:00:00:00:00:01,dst_port=99\n");
	struct flow_rule r;
	unsigned int i;

	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CU_ASSERT(t->t[3].used && t->t[4].used && !t->t[0].used);
	CU_ASSERT_EQUAL(t->t[3].len, sizeof(vxlan));
	CU_ASSERT(!memcmp(t->t[3].hdr, vxlan, sizeof(vxlan)));
	CU_ASSERT_EQUAL(t->t[3].port, 1);
	CU_ASSERT_EQUAL(t->t[3].local[0], 0xc0000202);
	CU_ASSERT(t->t[4].v6 && t->t[4].dport == 99 && !t->t[4].len && t->t[4].local[3] == 0x20010db8);
	free(t);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		t = tunnels_of(wrong[i]);
		if (t || strncmp(err, PATH ":", sizeof(PATH)))
			printf("    %s: %s\n", wrong[i], err);
		CU_ASSERT_PTR_NULL(t);
		free(t);
	}
	r = one("in_port=tunnel3,tun_id=7,actions=output:vf1");
	FIELD_IS(r, VPORT, SNIC_VPORT_TUNNEL + 3, 0x1ff);
	CU_ASSERT_EQUAL(r.act.a[0], SNIC_ACTION(SNIC_ACT_DECAP, 0));
	CU_ASSERT_EQUAL(r.act.a[1], SNIC_ACTION(SNIC_ACT_FWD, 1));
	r = one("in_port=vf1,actions=strip_vlan,output:tunnel3");
	CU_ASSERT_EQUAL(r.act.a[0], SNIC_ACTION(SNIC_ACT_VLAN_POP, 0));
	CU_ASSERT_EQUAL(r.act.a[1], SNIC_ACTION(SNIC_ACT_ENCAP, 3));
	CU_ASSERT_EQUAL(r.act.a[2], SNIC_ACTION(SNIC_ACT_FWD, SNIC_VPORT_TUNNEL + 3));
	refuses("in_port=vf1,actions=output:tunnel64", 28, "must be");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "flow_file", "matches", matches },
		{ "flow_file", "vlans", vlans },
		{ "flow_file", "edits", edits },
		{ "flow_file", "actions", actions },
		{ "flow_file", "errors", errors },
		{ "flow_file", "file", file },
		{ "flow_file", "whole_file_errors", whole_file_errors },
		{ "flow_file", "mutated", mutated },
		{ "flow_file", "tunnels", tunnels },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
