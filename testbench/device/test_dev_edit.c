/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What actions write into frames, on the whole device against the reference: EDIT, DTTL, SET_DSCP, with tags, on random header stacks, right and
 * wrong checksums, and what cannot be done, which goes to the PF as received.
 */
#include <errno.h>
#include <string.h>

#include "cu_main.h"
#include "dev.h"

#define ACT(op, arg) SNIC_ACTION(SNIC_ACT_##op, arg)
#define FLAG(f) SNIC_MASK(EDIT_ARG, f)

static uint64_t rng;

static unsigned int any(unsigned int n)
{
	return (unsigned int)(cu_rand(&rng) >> 32) % n;
}

static struct dev *open_card(void)
{
	rng = cu_seed() + 1;
	return dev_open(&(struct dev_config){
		.vfs = 4, .queues = 1, .ring_log2 = 9, .promisc_pf = true, .jitter_ns = 300 });
}

static void put(uint8_t *p, unsigned int v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static uint32_t sum(const uint8_t *p, size_t n)
{
	uint32_t s = 0;
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		s += (uint32_t)p[i] << 8 | p[i + 1];
	if (n & 1)
		s += (uint32_t)p[n - 1] << 8;
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

static uint32_t fold(uint32_t s)
{
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	return s;
}

/* Any stack of headers up to the length; most are right. Returns the length. */
static size_t any_frame(uint8_t *f, size_t len)
{
	static const uint8_t protos[] = { 6, 6, 6, 17, 17, 17, 17, 1, 58, 132, 47, 50 };
	bool v6 = any(2);
	uint8_t proto = protos[any(sizeof(protos))];
	unsigned int tags = any(8) ? any(3) : 3, i, hl, n;
	uint8_t *p = f, *ip, *csum = NULL;
	uint32_t s;

	for (i = 0; i < len; i++)
		f[i] = (uint8_t)any(256);
	f[0] &= 0xfe;
	f[6] &= 0xfe;
	for (p = f + 12, i = 0; i < tags; i++, p += 4)
		put(p, any(2) ? 0x8100 : 0x88a8);
	if (!any(16)) {
		put(p, 0x0806);
		return len;
	}
	put(p, v6 ? 0x86dd : 0x0800);
	ip = p + 2;
	n = (unsigned int)(len - (size_t)(ip - f)) - (any(4) ? 0 : any(7));
	if (v6) {
		hl = 40;
		ip[0] = (uint8_t)(0x60 | any(16));
		put(ip + 4, n - 40);
		ip[6] = proto;
		ip[7] = (uint8_t)(any(4) ? 2 + any(254) : any(3));
		if (!any(8)) { /* an extension header: routing, with segments left, or hop-by-hop or a fragment */
			ip[6] = (uint8_t[]){ 0, 43, 44, 60 }[any(4)];
			ip[40] = proto;
			ip[41] = 0;
			put(ip + 42, any(2));
			hl = 48;
		}
	} else {
		hl = any(4) ? 20 : 20 + 4 * any(11);
		ip[0] = (uint8_t)(0x40 | hl / 4);
		put(ip + 2, n);
		put(ip + 6, any(6) ? 0x4000 : any(2) ? 0x2000 : any(0x4000));
		ip[8] = (uint8_t)(any(4) ? 2 + any(254) : any(3));
		ip[9] = proto;
		for (i = 20; i < hl && any(4); i++) /* no route */
			ip[i] &= 0x7f;
		put(ip + 10, 0);
		put(ip + 10, any(8) ? ~sum(ip, hl) & 0xffff : any(4) * 0x5555);
	}
	p = ip + hl;
	if (n < hl + 20 || !any(16))
		return len; /* cut short, or noise behind it */
	n -= hl;
	if (proto == 6) {
		p[12] = (uint8_t)(any(16) ? 0x50 : any(256));
		csum = p + 16;
	} else if (proto == 17) {
		put(p + 4, any(16) ? n : any(65536));
		csum = p + 6;
	} else if (proto == 58 && v6) {
		csum = p + 2;
	}
	if (!csum)
		return len;
	put(csum, 0);
	s = proto + n + (v6 ? sum(ip + 8, 32) : sum(ip + 12, 8)) + sum(p, n);
	put(csum, ~fold(s) & 0xffff);
	if (proto == 17 && !csum[0] && !csum[1])
		put(csum, 0xffff);
	if (!any(4))
		put(csum, (unsigned int[]){ 0, 0xffff, 1, any(65536) }[any(4)]);
	return len;
}

static struct snic_edit any_edit(void)
{
	struct snic_edit e;
	unsigned int i, kind = any(4);

	for (i = 0; i < SNIC_EDIT_DWORDS; i++) {
		e.mask[i] = kind == 0 ? 0xffffffff : kind == 1 ? any(2) * 0xffffu : (uint32_t)cu_rand(&rng);
		if (kind == 2)
			e.mask[i] &= (uint32_t)cu_rand(&rng);
		e.value[i] = (uint32_t)cu_rand(&rng) & e.mask[i];
	}
	return e;
}

/* Random lists on random frames, from the wire and from a function; the reference knows what comes out, and where. */
static void test_random(void)
{
	enum { EDITS = 200, ROUNDS = 3000 };
	static const size_t lens[] = { 60, 64, 65, 80, 100, 126, 128, 130, 200, 300, 600 };
	struct dev *d = open_card();
	uint32_t id[EDITS], arg;
	uint8_t f[1024];
	unsigned int i, n, src;
	uint64_t to_pf;

	for (i = 0; i < EDITS; i++) {
		struct snic_edit e = any_edit();

		id[i] = dev_edit(d, &e);
	}
	dev_switchdev(d, true);
	for (i = 0; i < ROUNDS; i++) {
		size_t len = any(3) ? lens[any(sizeof(lens) / sizeof(lens[0]))] : 60 + any(900);
		struct snic_actions a = { { 0 } };

		len = any_frame(f, len < 110 && any(2) ? 110 : len);
		src = any(2) ? SNIC_VPORT_WIRE0 : 1;
		arg = SNIC_PUT(EDIT_ARG, ID, id[any(EDITS)]) | (any(2) ? FLAG(PORTS) : 0);
		arg |= any(8) ? 0 : FLAG(IPV4);
		if (!(arg & FLAG(IPV4)))
			arg |= any(4) ? 0 : FLAG(IPV6);
		if (any(2)) /* as the frame is, or nothing would ever fit */
			arg = (arg & ~(FLAG(IPV4) | FLAG(IPV6))) | (f[12] == 0x86 ? FLAG(IPV6)
								    : f[12] == 8  ? FLAG(IPV4)
										  : 0);
		n = 0;
		if (any(4))
			a.a[n++] = ACT(EDIT, arg);
		if (any(2))
			a.a[n++] = ACT(DTTL, 0);
		if (n < 2 && !any(3))
			a.a[n++] = ACT(SET_DSCP, any(64));
		if (n < 3 && !any(3))
			a.a[n++] = any(2) ? ACT(VLAN_PUSH, any(65536)) : ACT(VLAN_POP, 0);
		a.a[n++] = any(2) ? ACT(FWD, SNIC_VPORT_WIRE1) : ACT(FWD, 2);
		if (n < 4)
			a.a[n++] = any(2) ? ACT(MIRROR, 3) : ACT(COUNT, 1);
		dev_flow(d, f, len, src, a);
		if (src == 1)
			dev_tx(d, 1, 0, f, len);
		else
			dev_wire(d, 0, f, len);
		if (i % 64 == 63) /* nobody takes what is received while flows are added */
			dev_settle(d);
	}
	dev_settle(d);
	to_pf = dev_stat(d, SNIC_STAT_FLOW_TO_PF);
	CU_ASSERT(to_pf > ROUNDS / 20 && to_pf < ROUNDS / 2);
	CU_ASSERT_EQUAL(to_pf, d->rx_count[0]);
	CU_ASSERT(d->wire_count[1] > ROUNDS / 5);
	dev_close(d);
}

/* A frame with a TTL of 1: to the PF as received, without tag, mark, mirror or count; the next one goes on with one less. */
static void test_ttl(void)
{
	struct dev *d = open_card();
	struct snic_flow_stats st;
	uint8_t f[128];
	unsigned int ttl, legacy;
	uint32_t id;

	for (legacy = 0; legacy < 2; legacy++) {
		dev_switchdev(d, !legacy);
		dev_frame(d, f, SNIC_VPORT_WIRE0, 2, 5 + legacy, ENCAP_NONE, sizeof(f));
		id = dev_flow(d, f, sizeof(f), SNIC_VPORT_WIRE0,
			      (struct snic_actions){
				      { ACT(DTTL, 0), ACT(VLAN_PUSH, 7), ACT(FWD, 1), ACT(MIRROR, 3) } });
		for (ttl = 0; ttl < 4; ttl++) {
			f[22] = (uint8_t)ttl; /* the key has no TTL */
			put(f + 24, 0);
			put(f + 24, ~sum(f + 14, 20) & 0xffff);
			dev_wire(d, 0, f, sizeof(f));
		}
		dev_settle(d);
		CU_ASSERT_EQUAL(d->rx_count[0], 2 * (legacy + 1));
		CU_ASSERT_EQUAL(d->rx_count[1], 2 * (legacy + 1));
		CU_ASSERT_EQUAL(d->rx_count[3], 2 * (legacy + 1));
		CU_ASSERT_EQUAL(dev_stat(d, SNIC_STAT_FLOW_TO_PF), 2 * (legacy + 1));
		CU_ASSERT_EQUAL(snic_pmd_flow_query(d->pmd, &id, &st, 1), 1);
		CU_ASSERT_EQUAL(st.packets, 2);
		CU_ASSERT_EQUAL(st.bytes, 2 * sizeof(f));
	}
	dev_close(d);
}

/* What the driver refuses, and how long an edit lives; a VF has no say. */
static void test_life(void)
{
	struct dev *d = open_card();
	struct snic_edit e = { .value = { 1 }, .mask = { 1 } }, bad = { .value = { 2 }, .mask = { 1 } };
	struct snic_flow_key key = { { 0 } }, mask = { { 1 } };
	struct snic_actions a = { { 0 } };
	uint32_t id, rule, other, i;

	CU_ASSERT_EQUAL(snic_pmd_edit_add(d->pmd, &bad, &id), -EINVAL);
	a.a[0] = ACT(EDIT, 3);
	CU_ASSERT_EQUAL(snic_pmd_rule_add(d->pmd, &key, &mask, 1, &a, &rule), -EINVAL); /* none there */
	CU_ASSERT_EQUAL(snic_pmd_edit_add(d->pmd, &e, &id), 0);
	a.a[0] = ACT(EDIT, id | FLAG(IPV4) | FLAG(IPV6));
	CU_ASSERT_EQUAL(snic_pmd_rule_add(d->pmd, &key, &mask, 1, &a, &rule), -EINVAL);
	a.a[0] = a.a[1] = ACT(EDIT, id);
	CU_ASSERT_EQUAL(snic_pmd_rule_add(d->pmd, &key, &mask, 1, &a, &rule), -EINVAL);
	a.a[1] = 0;
	CU_ASSERT_EQUAL(snic_pmd_rule_add(d->pmd, &key, &mask, 1, &a, &rule), 0);
	CU_ASSERT_EQUAL(snic_pmd_edit_del(d->pmd, id), -EBUSY);
	CU_ASSERT_EQUAL(snic_pmd_rule_del(d->pmd, rule), 0);
	CU_ASSERT_EQUAL(snic_pmd_edit_del(d->pmd, id), 0);
	CU_ASSERT_EQUAL(snic_pmd_edit_del(d->pmd, id), -ENOENT);
	for (i = 0; i < SNIC_N_EDIT; i++)
		CU_ASSERT_EQUAL(snic_pmd_edit_add(d->pmd, &e, &other), 0);
	CU_ASSERT_EQUAL(other, id); /* the last that is given out again */
	CU_ASSERT_EQUAL(snic_pmd_edit_add(d->pmd, &e, &other), -ENOSPC);
	/* the registers are the PF's */
	dev_wr(d, 1, SNIC_REG_FLOW_OP, SNIC_PUT(FLOW_OP, OP, SNIC_FLOP_EDIT_SET));
	CU_ASSERT_EQUAL(dev_rd(d, 1, SNIC_REG_FLOW_OP), 0);
	dev_close(d);
}

static const struct cu_test tests[] = {
	{ "edit", "random", test_random },
	{ "edit", "ttl", test_ttl },
	{ "edit", "life", test_life },
	{ NULL, NULL, NULL },
};

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
