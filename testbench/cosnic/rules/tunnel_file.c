/* SPDX-License-Identifier: BSD-2-Clause */
#include "tunnel_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow_text.h"

#define VNI_MAX 0xffffff

enum { VXLAN, GENEVE, GRE };

/* What a line says. */
struct said {
	const struct flow_line *line;
	int type; /* -1: nothing */
	bool local, remote, mac, peer, v6, key;
	uint32_t local_ip[4], remote_ip[4], vni;
	uint64_t mac_no, peer_no, dst_port, ttl;
	unsigned int port;
	bool ttl_inherit, tos_inherit;
};

static bool address(const struct said *s, const struct flow_word *w, uint32_t dw[4], bool *v6)
{
	if (flow_address(w, 4, dw))
		return true;
	*v6 = true;
	return flow_address(w, 6, dw) || flow_fail(s->line, w->at, "%.*s: no address", (int)w->len, w->at);
}

static bool number(const struct said *s, const struct flow_word *w, uint64_t max, uint64_t *v)
{
	return flow_number(w, max, v) || flow_fail(s->line, w->at, "%.*s: must be a number up to %llu",
						   (int)w->len, w->at, (unsigned long long)max);
}

static bool option(struct said *s, const struct flow_word *k, const struct flow_word *v)
{
	static const char *const types[] = { "vxlan", "geneve", "gre" };
	uint64_t n;

	if (!v->at)
		return flow_fail(s->line, k->at, "%.*s: the value is missing", (int)k->len, k->at);
	if (flow_word_is(k, "type")) {
		for (s->type = GRE; s->type >= 0 && !flow_word_is(v, types[s->type]); s->type--)
			;
		return s->type >= 0 || flow_fail(s->line, v->at, "type: vxlan, geneve or gre");
	}
	if (flow_word_is(k, "local_ip"))
		return (s->local = address(s, v, s->local_ip, &s->v6));
	if (flow_word_is(k, "remote_ip"))
		return (s->remote = address(s, v, s->remote_ip, &s->v6));
	if (flow_word_is(k, "mac"))
		return (s->mac = flow_mac(v, &s->mac_no)) || flow_fail(s->line, v->at, "mac: no MAC address");
	if (flow_word_is(k, "peer_mac"))
		return (s->peer = flow_mac(v, &s->peer_no)) ||
		       flow_fail(s->line, v->at, "peer_mac: no MAC address");
	if (flow_word_is(k, "key")) {
		if (!number(s, v, VNI_MAX, &n))
			return false;
		s->vni = (uint32_t)n;
		return (s->key = true);
	}
	if (flow_word_is(k, "dst_port"))
		return number(s, v, 65535, &s->dst_port);
	if (flow_word_is(k, "ttl"))
		return (s->ttl_inherit = flow_word_is(v, "inherit")) || number(s, v, 255, &s->ttl);
	if (flow_word_is(k, "tos"))
		return (s->tos_inherit = flow_word_is(v, "inherit")) ||
		       flow_fail(s->line, v->at, "tos: inherit, or leave it out");
	if (flow_word_is(k, "port")) {
		s->port = flow_word_is(v, "p1");
		return s->port || flow_word_is(v, "p0") || flow_fail(s->line, v->at, "port: p0 or p1");
	}
	return flow_fail(
		s->line, k->at,
		"%.*s: no such option: type, local_ip, mac, port, dst_port, remote_ip, peer_mac, key, ttl, tos",
		(int)k->len, k->at);
}

static uint8_t *put(uint8_t *p, uint64_t v, unsigned int bytes)
{
	while (bytes--)
		*p++ = (uint8_t)(v >> 8 * bytes);
	return p;
}

static uint8_t *put_address(uint8_t *p, const uint32_t dw[4], bool v6)
{
	unsigned int i;

	for (i = v6 ? 4 : 1; i--;)
		p = put(p, dw[i], 4);
	return p;
}

/* The headers in front; what the card writes itself is 0. */
static void build(const struct said *s, struct tunnel *t)
{
	uint8_t *p = put(put(t->hdr, s->peer_no, 6), s->mac_no, 6);

	p = put(p, t->v6 ? 0x86dd : 0x0800, 2);
	if (t->v6)
		p = put(put(put(p, 0x600000000000, 6), t->proto, 1), s->ttl, 1);
	else
		p = put(put(put(put(p, 0x4500000000004000, 8), s->ttl, 1), t->proto, 1), 0, 2);
	p = put_address(put_address(p, s->local_ip, t->v6), s->remote_ip, t->v6);
	if (t->dport)
		p = put(put(put(p, 0, 2), t->dport, 2), 0, 4);
	if (s->type == VXLAN)
		p = put(put(p, 0x08000000, 4), (uint64_t)s->vni << 8, 4);
	else if (s->type == GENEVE)
		p = put(put(p, 0x6558, 4), (uint64_t)s->vni << 8, 4);
	else if (s->key)
		p = put(put(p, 0x20006558, 4), s->vni, 4);
	else
		p = put(p, 0x6558, 4);
	t->len = (unsigned int)(p - t->hdr);
}

static bool read_line(void *tunnels, const struct flow_line *line, const char *start)
{
	static const uint16_t dports[] = { 4789, 6081, 0 };
	struct said s = { .line = line, .type = -1, .ttl = 64 };
	const char *at = start, *end = start + strlen(start);
	struct flow_word name, none, k, v, digits;
	struct tunnels *ts = tunnels;
	struct tunnel *t;
	uint64_t n;

	flow_next_word(&at, end, &name, &none);
	digits = (struct flow_word){ name.at + 6, name.len - 6 };
	if (name.len < 7 || strncmp(name.at, "tunnel", 6) || !flow_number(&digits, SNIC_N_TUNNEL - 1, &n))
		return flow_fail(line, start, "a line begins with tunnel0 to tunnel%d", SNIC_N_TUNNEL - 1);
	t = &ts->t[n];
	if (t->used)
		return flow_fail(line, start, "tunnel%u: line %u has it already", (unsigned int)n, t->line);
	while (flow_next_word(&at, end, &k, &v))
		if (!option(&s, &k, &v))
			return false;
	if (s.type < 0 || !s.local || !s.mac)
		return flow_fail(line, start, "type, local_ip and mac are needed");
	if (s.remote != s.peer || (s.remote && s.type != GRE && !s.key))
		return flow_fail(line, start, "to send into it: remote_ip, peer_mac and key, all of them");
	t->used = true;
	t->line = line->number;
	t->v6 = s.v6;
	t->port = s.port;
	t->proto = s.type == GRE ? 47 : 17;
	t->dport = s.dst_port ? (uint16_t)s.dst_port : dports[s.type];
	t->ttl = s.ttl_inherit;
	t->tos = s.tos_inherit;
	memcpy(t->local, s.local_ip, sizeof(t->local));
	put(t->mac, s.mac_no, 6);
	if (s.remote)
		build(&s, t);
	return true;
}

struct tunnels *tunnels_parse(FILE *f, const char *path, char *err, size_t err_size)
{
	struct tunnels *ts = calloc(1, sizeof(*ts));

	if (!ts) {
		snprintf(err, err_size, "%s: out of memory", path);
		return NULL;
	}
	ts->path = path;
	if (flow_lines(f, path, err, err_size, read_line, ts))
		return ts;
	free(ts);
	return NULL;
}

struct tunnels *tunnels_read(const char *path, char *err, size_t err_size)
{
	struct tunnels *ts;
	FILE *f = fopen(path, "r");

	if (!f) {
		snprintf(err, err_size, "%s: %s", path, strerror(errno));
		return NULL;
	}
	ts = tunnels_parse(f, path, err, err_size);
	fclose(f);
	return ts;
}
