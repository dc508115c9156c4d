/* SPDX-License-Identifier: BSD-2-Clause */
#include "counts.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "snic_ref.h"

#define MAX_TYPES 64	     /* Ethernet types that are told apart; the rest is "other" */
#define MAX_FLOWS (1u << 16) /* flows that are told apart: memory does not grow with the capture */
#define TOP 10
#define N_NAMES 8 /* values of L3, L4, TUN, CSUM, PERR */
#define N_SIZES 10

/* Sizes without FCS, as tshark -z plen,tree cuts them. */
static const unsigned int sizes[N_SIZES] = { 0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120 };

/* The innermost addresses and ports, one way. */
struct flow {
	struct {
		uint32_t src[4], dst[4];
		uint16_t sport, dport;
		uint8_t proto, used, pad[2];
	} key;
	uint64_t packets, bytes;
};

struct counts {
	uint64_t frames, bytes, vlan, fragments, minimum, maximum;
	struct {
		uint16_t type;
		uint64_t frames;
	} types[MAX_TYPES];
	unsigned int n_types;
	uint64_t other_types, llc;
	uint64_t l3[N_NAMES], l4[N_NAMES], il3[N_NAMES], il4[N_NAMES], tun[N_NAMES], perr[N_NAMES];
	uint64_t sums[4][N_NAMES]; /* outer L3 and L4, inner L3 and L4 */
	uint64_t sizes[N_SIZES];
	struct flow *flows; /* open addressing */
	unsigned int n_flows;
	uint64_t not_followed;		     /* frames of flows that found no place */
	uint64_t (*skipped)[TRACE_N_CAUSES]; /* of each file; NULL: there is no memory for that */
	int n_files;
};

static void count_type(struct counts *c, const uint8_t *frame, size_t len)
{
	size_t at = 12;
	uint16_t type = 0;
	unsigned int i;

	for (; at + 2 <= len; at += 4) {
		type = (uint16_t)(frame[at] << 8 | frame[at + 1]);
		if (type != 0x8100 && type != 0x88a8)
			break;
	}
	c->vlan += at > 12;
	if (type < 0x600) {
		c->llc++;
		return;
	}
	for (i = 0; i < c->n_types && c->types[i].type != type; i++)
		;
	if (i == MAX_TYPES) {
		c->other_types++;
		return;
	}
	c->n_types += i == c->n_types;
	c->types[i].type = type;
	c->types[i].frames++;
}

static void count_flow(struct counts *c, const struct snic_ref_parse *p, size_t len)
{
	const struct snic_flow_key *k = &p->key;
	struct flow f = { .packets = 1, .bytes = len };
	uint64_t h = 1469598103934665603ull;
	const uint8_t *b = (const uint8_t *)&f.key;
	unsigned int at, i;

	if (!(p->tun && p->il3 ? p->il3 : p->l3))
		return;
	memcpy(f.key.src, &k->dw[SNIC_KEY_SIP_LSB / 32], 16);
	memcpy(f.key.dst, &k->dw[SNIC_KEY_DIP_LSB / 32], 16);
	f.key.sport = (uint16_t)snic_key_get(k, SNIC_K(SPORT));
	f.key.dport = (uint16_t)snic_key_get(k, SNIC_K(DPORT));
	f.key.proto = (uint8_t)snic_key_get(k, SNIC_K(IP_PROTO));
	f.key.used = 1;
	for (i = 0; i < sizeof(f.key); i++)
		h = (h ^ b[i]) * 1099511628211ull; /* FNV-1a */
	for (at = (unsigned int)(h >> 32) % MAX_FLOWS, i = 0; i < MAX_FLOWS; at = (at + 1) % MAX_FLOWS, i++) {
		struct flow *g = &c->flows[at];

		if (!g->key.used && c->n_flows >= MAX_FLOWS / 4 * 3)
			break;
		if (!g->key.used) {
			*g = f;
			c->n_flows++;
			return;
		}
		if (!memcmp(&g->key, &f.key, sizeof(f.key))) {
			g->packets++;
			g->bytes += len;
			return;
		}
	}
	c->not_followed++;
}

void counts_frame(struct counts *c, const uint8_t *frame, size_t len)
{
	struct snic_ref_parse p;
	unsigned int i;

	snic_ref_parse(frame, len, 0, &p);
	c->frames++;
	c->bytes += len;
	c->minimum = !c->minimum || len < c->minimum ? len : c->minimum;
	c->maximum = len > c->maximum ? len : c->maximum;
	c->fragments += p.frag;
	count_type(c, frame, len);
	c->l3[p.l3 % N_NAMES]++;
	c->l4[p.l4 % N_NAMES]++;
	c->il3[p.il3 % N_NAMES]++;
	c->il4[p.il4 % N_NAMES]++;
	c->tun[p.tun % N_NAMES]++;
	c->perr[p.perr % N_NAMES]++;
	c->sums[0][p.l3ok % N_NAMES]++;
	c->sums[1][p.l4ok % N_NAMES]++;
	c->sums[2][p.il3ok % N_NAMES]++;
	c->sums[3][p.il4ok % N_NAMES]++;
	for (i = N_SIZES - 1; len < sizes[i]; i--)
		;
	c->sizes[i]++;
	count_flow(c, &p, len);
}

static void set(json_t *j, const char *key, uint64_t v)
{
	if (v)
		json_object_set_new(j, key, json_integer((json_int_t)v));
}

/* Those that are not none. */
static json_t *named(const uint64_t n[N_NAMES], const char *(*name)(unsigned int))
{
	json_t *j = json_object();
	unsigned int i;

	for (i = 1; i < N_NAMES; i++)
		set(j, name(i), n[i]);
	return j;
}

static const char *type_name(uint16_t type, char *buf, size_t size)
{
	switch (type) {
	case 0x0800:
		return "ipv4";
	case 0x86dd:
		return "ipv6";
	case 0x0806:
		return "arp";
	case 0x8847:
	case 0x8848:
		return "mpls";
	default:
		snprintf(buf, size, "0x%04x", type);
		return buf;
	}
}

static json_t *types_json(const struct counts *c)
{
	json_t *j = json_object();
	const char *name;
	char buf[8];
	unsigned int i;

	for (i = 0; i < c->n_types; i++) {
		name = type_name(c->types[i].type, buf, sizeof(buf));
		set(j, name, c->types[i].frames + (uint64_t)json_integer_value(json_object_get(j, name)));
	}
	set(j, "llc", c->llc);
	set(j, "other", c->other_types);
	return j;
}

static json_t *sizes_json(const struct counts *c)
{
	json_t *j = json_object();
	char key[24];
	unsigned int i;

	for (i = 0; i < N_SIZES; i++) {
		if (i + 1 < N_SIZES)
			snprintf(key, sizeof(key), "%u-%u", sizes[i], sizes[i + 1] - 1);
		else
			snprintf(key, sizeof(key), "%u-", sizes[i]);
		set(j, key, c->sizes[i]);
	}
	return j;
}

static int by_bytes(const void *a, const void *b)
{
	const struct flow *x = *(const struct flow *const *)a, *y = *(const struct flow *const *)b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return memcmp(&x->key, &y->key, sizeof(x->key));
}

static json_t *flow_json(const struct flow *f)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];

	names_address(f->key.src, src, sizeof(src));
	names_address(f->key.dst, dst, sizeof(dst));
	return json_pack("{s:s s:s s:i s:i s:i s:I s:I}", "src", src, "dst", dst, "proto", f->key.proto,
			 "sport", f->key.sport, "dport", f->key.dport, "packets", (json_int_t)f->packets,
			 "bytes", (json_int_t)f->bytes);
}

static json_t *flows_json(const struct counts *c)
{
	const struct flow **list = calloc(c->n_flows + 1, sizeof(const struct flow *));
	json_t *j = json_object(), *top = json_array();
	unsigned int i, n = 0;

	for (i = 0; list && i < MAX_FLOWS; i++)
		if (c->flows[i].key.used)
			list[n++] = &c->flows[i];
	if (n)
		qsort(list, n, sizeof(const struct flow *), by_bytes);
	for (i = 0; i < n && i < TOP; i++)
		json_array_append_new(top, flow_json(list[i]));
	free(list);
	json_object_set_new(j, "number", json_integer(c->n_flows));
	set(j, "frames_not_followed", c->not_followed);
	json_object_set_new(j, "top", top);
	return j;
}

json_t *counts_json(const struct counts *c)
{
	static const char *const layers[4] = { "l3", "l4", "inner_l3", "inner_l4" };
	json_t *j = json_object(), *sums = json_object();
	unsigned int i;

	json_object_set_new(j, "frames", json_integer((json_int_t)c->frames));
	json_object_set_new(j, "bytes", json_integer((json_int_t)c->bytes));
	json_object_set_new(j, "types", types_json(c));
	set(j, "vlan", c->vlan);
	json_object_set_new(j, "l3", named(c->l3, names_l3));
	json_object_set_new(j, "l4", named(c->l4, names_l4));
	json_object_set_new(j, "tunnels", named(c->tun, names_tun));
	json_object_set_new(j, "inner_l3", named(c->il3, names_l3));
	json_object_set_new(j, "inner_l4", named(c->il4, names_l4));
	set(j, "fragments", c->fragments);
	for (i = 0; i < 4; i++)
		json_object_set_new(sums, layers[i], named(c->sums[i], names_csum));
	json_object_set_new(j, "checksums", sums);
	json_object_set_new(j, "parse_errors", named(c->perr, names_perr));
	json_object_set_new(j, "sizes", sizes_json(c));
	json_object_set_new(j, "flows", flows_json(c));
	return j;
}

static void say(FILE *f, const char **between, const char *name, uint64_t n)
{
	if (!n)
		return;
	fprintf(f, "%s%s %llu", *between, name, (unsigned long long)n);
	*between = ", ";
}

void counts_table(const struct counts *c, FILE *f)
{
	const char *between = "";
	uint64_t bad = 0, errors = 0;
	char buf[8];
	unsigned int i;

	fprintf(f, "frames  ");
	for (i = 0; i < c->n_types && i < 6; i++)
		say(f, &between, type_name(c->types[i].type, buf, sizeof(buf)), c->types[i].frames);
	say(f, &between, "llc", c->llc);
	say(f, &between, "vlan", c->vlan);
	between = between[0] ? "; " : "";
	for (i = 1; i < N_NAMES; i++)
		say(f, &between, names_l4(i), c->l4[i]);
	between = between[0] ? "; " : "";
	for (i = 1; i < N_NAMES; i++)
		say(f, &between, names_tun(i), c->tun[i]);
	for (i = 0; i < 4; i++)
		bad += c->sums[i][SNIC_CSUM_BAD];
	for (i = 1; i < N_NAMES; i++)
		errors += c->perr[i];
	between = between[0] ? "; " : "";
	say(f, &between, "bad checksums", bad);
	say(f, &between, "parse errors", errors);
	between = between[0] ? "; " : "";
	say(f, &between, "flows", c->n_flows);
	fputc('\n', f);
}

void counts_files(struct counts *c, int n)
{
	free(c->skipped);
	c->skipped = calloc((size_t)n + 1, sizeof(*c->skipped));
	c->n_files = n;
}

void counts_skip(struct counts *c, int file, enum trace_cause cause)
{
	if (c->skipped && file >= 0 && file < c->n_files)
		c->skipped[file][cause]++;
}

uint64_t counts_skipped(const struct counts *c, int file, enum trace_cause cause)
{
	return c->skipped && file >= 0 && file < c->n_files ? c->skipped[file][cause] : 0;
}

struct counts *counts_create(void)
{
	struct counts *c = calloc(1, sizeof(*c));

	if (c)
		c->flows = calloc(MAX_FLOWS, sizeof(*c->flows));
	if (c && c->flows)
		return c;
	free(c);
	return NULL;
}

void counts_free(struct counts *c)
{
	if (c) {
		free(c->flows);
		free(c->skipped);
	}
	free(c);
}
