/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Matching, forwarding and actions, as rtl/pipe/README.md says in words. Tables are plain lists, or a hash of their own
 * where a list would be too slow: nothing here is shaped like the device's tables.
 */
#include "snic_ref.h"
#include "act.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLOW_BUCKETS 16384
#define MAC_BUCKETS 1024
#define VIDS 4096
#define TPID 0x8100

struct flow {
	struct flow *next;
	struct snic_flow_key key;
	struct snic_actions act;
};

struct rule {
	struct snic_flow_key key, mask;
	struct snic_actions act;
	uint16_t priority;
	uint64_t packets, bytes; /* of frames that it was found for */
};

struct mac_entry {
	struct mac_entry *next;
	uint8_t mac[6];
	uint16_t vid, vport;
};

struct snic_ref {
	struct snic_ref_func func[SNIC_N_FUNC];
	uint16_t flags[SNIC_N_FUNC]; /* of func[], side by side: a flood looks at all of them */
	uint16_t any_flags;	     /* of any function: most floods end here */
	bool switchdev;
	bool named; /* the next frame's descriptor names a vport: */
	uint16_t named_vport;
	struct snic_ref_vtep vtep[SNIC_VTEP_ENTRIES];
	struct snic_ref_tun_ports tun_ports;
	struct snic_ref_encap encap[SNIC_ENCAP_ENTRIES];
	struct snic_ref_rss_key rss_key;
	uint8_t member[VIDS][SNIC_N_FUNC / 8];
	struct flow *flows[FLOW_BUCKETS];
	struct mac_entry *macs[MAC_BUCKETS];
	struct rule *rules;
	unsigned int n_rules;
	struct snic_ref_parse parse, inside; /* inside: of what is in its tunnel */
	struct snic_flow_key key;
	struct snic_edit edits[SNIC_N_EDIT];
	snic_ref_say_fn say;
	void *say_ctx;
	/* the frame as it leaves: [0] with the common edits, [1] with the outermost tag popped for a function */
	uint8_t edited[2][SNIC_FRAME_MAX + 64];
	uint8_t encapped[SNIC_FRAME_MAX + SNIC_ENCAP_BYTES + 64];
	uint8_t written[SNIC_FRAME_MAX]; /* ... before that, when an action writes into it */
};

void snic_ref_say(struct snic_ref *r, snic_ref_say_fn fn, void *ctx)
{
	r->say = fn;
	r->say_ctx = ctx;
}

void snic_ref_tell(const struct snic_ref *r, const char *table, const char *fmt, ...)
{
	char line[160];
	va_list ap;

	if (!r->say) /* nothing is made up while nobody listens */
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	r->say(r->say_ctx, table, line);
}

/* ... nor are names looked up. */
#define SAY(r, ...)                                                                                          \
	do {                                                                                                 \
		if ((r)->say)                                                                                \
			snic_ref_tell(r, __VA_ARGS__);                                                       \
	} while (0)

struct vport_name snic_ref_name_of(unsigned int vport)
{
	struct vport_name n;

	if (vport >= SNIC_VPORT_TUNNEL)
		snprintf(n.text, sizeof(n.text), "tunnel%u", vport - SNIC_VPORT_TUNNEL);
	else if (vport >= SNIC_N_FUNC)
		snprintf(n.text, sizeof(n.text), "port%u", vport - SNIC_N_FUNC);
	else if (vport)
		snprintf(n.text, sizeof(n.text), "vf%u", vport);
	else
		snprintf(n.text, sizeof(n.text), "pf");
	return n;
}

/* Destinations of one frame: functions and wire ports, a bit each. */
struct dests {
	uint64_t map[(SNIC_N_FUNC + SNIC_N_PORT + 63) / 64];
	unsigned int n;
	int sender; /* whom it cannot be for, since it is their own frame that has come back; -1: nobody */
};

static void add_dest(struct dests *d, uint16_t vport)
{
	uint64_t bit = 1ull << vport % 64;

	if (vport < SNIC_N_FUNC + SNIC_N_PORT && vport != d->sender && !(d->map[vport / 64] & bit)) {
		d->map[vport / 64] |= bit;
		d->n++;
	}
}

static unsigned int n_funcs(const struct dests *d)
{
	unsigned int n = 0, i;

	for (i = 0; i < SNIC_N_FUNC / 64; i++)
		n += (unsigned int)__builtin_popcountll(d->map[i]);
	return n;
}

static bool is_func(uint16_t vport)
{
	return vport < SNIC_N_FUNC;
}

static bool is_member(const struct snic_ref *r, uint16_t vid, unsigned int func)
{
	return r->member[vid][func / 8] >> func % 8 & 1;
}

static bool is_multicast(const uint8_t *mac)
{
	return mac[0] & 1;
}

static bool is_broadcast(const uint8_t *mac)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };

	return !memcmp(mac, all, 6);
}

static unsigned int flow_bucket(const struct snic_flow_key *k)
{
	uint64_t h = 0;
	unsigned int i;

	for (i = 0; i < SNIC_KEY_DWORDS; i++)
		h = h * 31 + k->dw[i];
	return (unsigned int)((h ^ h >> 32) % FLOW_BUCKETS);
}

static unsigned int mac_bucket(const uint8_t mac[6], uint16_t vid)
{
	return (mac[5] + 7u * mac[4] + 31u * mac[3] + vid) % MAC_BUCKETS;
}

static const struct snic_actions *match(const struct snic_ref *r, const struct snic_flow_key *key,
					uint8_t *hit, int *rule)
{
	const struct rule *best = NULL;
	const struct flow *f;
	unsigned int i, w;

	*rule = -1;
	for (f = r->flows[flow_bucket(key)]; f; f = f->next) {
		if (!memcmp(&f->key, key, sizeof(*key))) {
			*hit = SNIC_HIT_EXACT;
			SAY(r, "flow table", "an exact entry has this key");
			return &f->act;
		}
	}
	for (i = 0; i < r->n_rules; i++) {
		const struct rule *u = &r->rules[i];

		for (w = 0; w < SNIC_KEY_DWORDS; w++)
			if ((key->dw[w] & u->mask.dw[w]) != u->key.dw[w])
				break;
		if (w == SNIC_KEY_DWORDS)
			SAY(r, "flow table", "rule %u matches, priority %u", i, u->priority);
		if (w == SNIC_KEY_DWORDS && (!best || u->priority > best->priority))
			best = u;
	}
	if (!best)
		SAY(r, "flow table", "no exact entry has this key, none of %u rules matches", r->n_rules);
	else
		SAY(r, "flow table", "no exact entry has this key; of %u rules, rule %u decides", r->n_rules,
		    (unsigned int)(best - r->rules));
	*hit = best ? SNIC_HIT_RULE : SNIC_HIT_NONE;
	if (best)
		*rule = (int)(best - r->rules);
	return best ? &best->act : NULL;
}

static snic_ref_act_fn *const act_of[] = {
#define ACTION(NAME, name, value, arg_bits, changes, why) [value] = snic_ref_act_##name,
#include "snic_actions.def"
#undef ACTION
};

static void act(const struct snic_ref *r, const struct snic_actions *a, struct verdict *v)
{
	unsigned int i, op;

	for (i = 0; i < SNIC_N_ACTION; i++) {
		op = a->a[i] & 0xff;
		if (op == SNIC_ACT_END)
			return;
		if (op < sizeof(act_of) / sizeof(act_of[0]) && act_of[op])
			act_of[op](r, v, a->a[i] >> 8);
	}
}

/* The wire port whose embedded switch the vport is on; of what is neither function nor wire port, itself. */
static uint16_t wire_of(const struct snic_ref *r, uint16_t vport)
{
	if (!is_func(vport))
		return vport;
	return r->flags[vport] & SNIC_MASK(FT_FLAGS, UPLINK1) ? SNIC_VPORT_WIRE1 : SNIC_VPORT_WIRE0;
}

/* What is known on the switch of `wire`; a vport that is on neither swallows the frame. -1: unknown there. */
static int mac_find(const struct snic_ref *r, const uint8_t *mac, uint16_t vid, uint16_t wire)
{
	const struct mac_entry *m;
	uint16_t at;

	for (m = r->macs[mac_bucket(mac, vid)]; m; m = m->next) {
		at = wire_of(r, m->vport);
		if (m->vid == vid && !memcmp(m->mac, mac, 6) && (at == wire || at > SNIC_VPORT_WIRE1))
			return m->vport;
	}
	return -1;
}

/* IEEE 802.1Q table 8-1: 01-80-C2-00-00-00 to -0F, which no bridge passes on. */
static bool is_link_local(const uint8_t *mac)
{
	static const uint8_t reserved[5] = { 0x01, 0x80, 0xc2, 0, 0 };

	return !memcmp(mac, reserved, 5) && mac[5] < 16;
}

/* An address beside that of its row: the PF has entered it for this function. */
static bool is_listed(const struct snic_ref *r, unsigned int func, const uint8_t *mac, uint16_t vid)
{
	const struct mac_entry *m;

	for (m = r->macs[mac_bucket(mac, vid)]; m; m = m->next)
		if (m->vid == vid && m->vport == func && !memcmp(m->mac, mac, 6))
			return true;
	return false;
}

/* What a function may send. Returns the drop's counter, or 0. */
static int check_sender(const struct snic_ref *r, const struct snic_ref_func *fn, unsigned int func,
			const uint8_t *frame, uint16_t vid)
{
	bool spoofchk = fn->flags & SNIC_MASK(FT_FLAGS, SPOOFCHK);

	if (func && is_link_local(frame))
		return SNIC_STAT_DROP_TX_CTRL;
	if (spoofchk && memcmp(frame + 6, fn->mac, 6) && !is_listed(r, func, frame + 6, vid))
		return SNIC_STAT_DROP_SPOOF_MAC;
	if (fn->port_vlan && r->parse.has_vlan && r->parse.tci & 0xfff)
		return SNIC_STAT_DROP_SPOOF_VLAN;
	if (spoofchk && !is_member(r, vid, func))
		return SNIC_STAT_DROP_SPOOF_VLAN;
	return 0;
}

/* The function whose own frame this is, reflected by the bridge at its wire port, or -1. */
static int reflected_of(const struct snic_ref *r, const uint8_t *frame, uint16_t vid, uint16_t src)
{
	int owner;

	if (is_func(src))
		return -1;
	owner = mac_find(r, frame + 6, vid, src);
	return owner >= 0 && is_func((uint16_t)owner) && (r->flags[owner] & SNIC_MASK(FT_FLAGS, VEPA)) ? owner
												       : -1;
}

static void flood(const struct snic_ref *r, uint16_t vid, uint16_t flags, uint16_t src, struct dests *d)
{
	uint16_t wire = wire_of(r, src);
	unsigned int before = d->n, f;

	for (f = 0; (r->any_flags & flags) && f < SNIC_N_FUNC; f++)
		if ((r->flags[f] & flags) && (r->flags[f] & SNIC_MASK(FT_FLAGS, ENABLE)) && f != src &&
		    wire_of(r, (uint16_t)f) == wire && is_member(r, vid, f))
			add_dest(d, (uint16_t)f);
	SAY(r, "function table", "%s: %u functions of VLAN %u want it",
	    flags & SNIC_MASK(FT_FLAGS, BCAST)	    ? "broadcast"
	    : flags & SNIC_MASK(FT_FLAGS, ALLMULTI) ? "group address, all-multicast or promiscuous"
						    : "unknown address, promiscuous",
	    d->n - before, vid);
}

static void forward(const struct snic_ref *r, const uint8_t *frame, uint16_t vid, uint16_t src,
		    struct dests *d)
{
	int vport = mac_find(r, frame, vid, wire_of(r, src));

	if (is_link_local(frame)) {
		SAY(r, "forwarding", "link-local group: between the PF and its neighbour on the wire");
		/* between the PF and its neighbour on the wire */
		if (is_func(src))
			add_dest(d, wire_of(r, src));
		else if (wire_of(r, 0) == src && (r->flags[0] & SNIC_MASK(FT_FLAGS, ENABLE)) &&
			 is_member(r, vid, 0))
			add_dest(d, 0);
		return;
	}
	if (vport >= 0)
		SAY(r, "MAC table", "%02x:%02x:%02x:%02x:%02x:%02x, VLAN %u: %s", frame[0], frame[1],
		    frame[2], frame[3], frame[4], frame[5], vid, snic_ref_name_of((unsigned int)vport).text);
	else
		SAY(r, "MAC table", "%02x:%02x:%02x:%02x:%02x:%02x, VLAN %u: not there", frame[0], frame[1],
		    frame[2], frame[3], frame[4], frame[5], vid);
	if (!is_multicast(frame) && vport >= 0) {
		if (vport != src)
			add_dest(d, (uint16_t)vport);
		return;
	}
	if (!is_multicast(frame)) {
		flood(r, vid, SNIC_MASK(FT_FLAGS, PROMISC), src, d);
	} else if (is_broadcast(frame)) {
		flood(r, vid, SNIC_MASK(FT_FLAGS, BCAST), src, d);
	} else {
		flood(r, vid, SNIC_MASK(FT_FLAGS, ALLMULTI) | SNIC_MASK(FT_FLAGS, PROMISC), src, d);
		if (vport >= 0 && vport != src)
			add_dest(d, (uint16_t)vport);
	}
	if (is_func(src)) {
		SAY(r, "forwarding", "from a function and not known here: also to %s",
		    snic_ref_name_of(wire_of(r, src)).text);
		add_dest(d, wire_of(r, src));
	}
}

/* Not back where it came from. */
static void to_vport(uint16_t vport, uint16_t src, struct dests *d)
{
	if (vport != src)
		add_dest(d, vport);
}

/* What no rule has a destination for, in switchdev mode. */
static void to_host(const struct snic_ref *r, uint16_t src, struct dests *d)
{
	SAY(r, "forwarding", "no rule names a destination: to the PF");
	to_vport(0, src, d);
}

/* Frame with the outermost tag taken out and/or one put in; returns the new length. */
static uint32_t edit(uint8_t *out, const uint8_t *frame, size_t len, bool pop, bool push, uint16_t tci)
{
	size_t from = pop ? 16 : 12, at = 12;

	memcpy(out, frame, 12);
	if (push) {
		out[at++] = TPID >> 8;
		out[at++] = TPID & 0xff;
		out[at++] = (uint8_t)(tci >> 8);
		out[at++] = (uint8_t)tci;
	}
	memcpy(out + at, frame + from, len - from);
	return (uint32_t)(at + len - from);
}

/* The frame in the tunnel, as a frame. */
static const struct snic_ref_parse *inside(struct snic_ref *r)
{
	struct snic_ref_parse *in = &r->inside;
	const struct snic_ref_parse *p = &r->parse;

	if (!p->in.eth)
		return NULL;
	*in = *p;
	in->l3 = p->il3;
	in->l4 = p->il4;
	in->l3ok = p->il3ok;
	in->l4ok = p->il4ok;
	in->tun = in->il3 = in->il4 = in->il3ok = in->il4ok = 0;
	in->has_vlan = p->in.has_vlan;
	in->ad = p->in.ad;
	in->tci = p->in.tci;
	return in;
}

/* In switchdev mode: the tunnel port that the frame comes from, or 0. */
static uint16_t tunnel_of(const struct snic_ref *r, uint16_t src, const uint8_t *frame)
{
	const struct snic_ref_parse *p = &r->parse;
	const struct snic_flow_key *k = &p->out_key;
	const struct snic_ref_vtep *v;

	if (is_func(src) || !p->tun || p->tun == SNIC_TUN_MPLS || p->l3ok == SNIC_CSUM_BAD ||
	    p->l4ok == SNIC_CSUM_BAD)
		return 0;
	for (v = r->vtep; v < r->vtep + SNIC_VTEP_ENTRIES; v++) {
		if (!v->valid || !(v->ports >> (src - SNIC_VPORT_WIRE0) & 1) || memcmp(v->mac, frame, 6) ||
		    v->v6 != (p->l3 == SNIC_L3_IPV6) || memcmp(v->ip, &k->dw[SNIC_KEY_DIP_LSB / 32], 16) ||
		    v->proto != snic_key_get(k, SNIC_K(IP_PROTO)) ||
		    v->dport != snic_key_get(k, SNIC_K(DPORT)))
			continue;
		SAY(r, "VTEP table", "row %u: the tunnel ends here, the frame is from tunnel%u",
		    (unsigned int)(v - r->vtep), v->tunnel);
		return (uint16_t)(SNIC_VPORT_TUNNEL + v->tunnel);
	}
	return 0;
}

/* How long the frame becomes. */
static size_t encap_len(const struct snic_ref *r, const struct verdict *v, size_t len)
{
	if (v->decap)
		len = r->parse.in.stop - r->parse.in.start;
	return len + (v->push ? 4 : 0) - (v->pop && v->parse->has_vlan ? 4 : 0) + v->encap->len;
}

struct copies {
	struct snic_ref *r;
	const uint8_t *frame;
	size_t len;
	const struct verdict *v;
	uint16_t src;
	uint32_t rss;
	uint32_t out_len[2];
};

/* A function gets the tag in the completion instead of the frame when it asked for it or has a port VLAN. */
static void deliver(struct copies *c, uint16_t vport, struct snic_ref_out *o)
{
	const struct verdict *v = c->v;
	const struct snic_ref_func *fn;
	uint8_t *buf;
	bool tagged;

	memset(o, 0, sizeof(*o));
	o->vport = vport;
	o->src = c->src;
	o->rss = c->rss;
	o->mark = v->mark;
	o->hit = v->hit;
	o->rule = v->rule;
	o->parse = v->parse;
	o->data = c->r->edited[0];
	o->len = c->out_len[0];
	if (!is_func(vport)) {
		buf = c->r->edited[0];
		if (v->encap) {
			buf = c->r->encapped;
			o->len = (uint32_t)snic_ref_encap(v->encap, c->rss, o->data, o->len, buf);
			o->data = buf;
		}
		/* A frame that a pop made too short for the wire is padded. */
		while (o->len < SNIC_FRAME_MIN)
			buf[o->len++] = 0;
		return;
	}
	fn = &c->r->func[vport];
	o->queue = fn->indir[c->rss % SNIC_RSS_INDIR];
	SAY(c->r, "RSS", "hash 0x%08x, entry %u of %s's table: queue %u", c->rss, c->rss % SNIC_RSS_INDIR,
	    snic_ref_name_of(vport).text, o->queue);
	/* A second tag under a popped one is payload. */
	tagged = v->push || (v->parse->has_vlan && !v->pop);
	if (!tagged || !(fn->port_vlan || (fn->flags & SNIC_MASK(FT_FLAGS, STRIP))))
		return;
	o->vlan_popped = true;
	o->tci = v->push ? v->push_tci : v->parse->tci;
	o->ad = !v->push && v->parse->ad; /* what is pushed is 802.1Q */
	o->data = c->r->edited[1];
	o->len = c->out_len[1];
}

int snic_ref_packet(struct snic_ref *r, uint16_t src_vport, const uint8_t *frame, size_t len, bool bad_fcs,
		    struct snic_ref_out *out, unsigned int max_out, int *cause)
{
	struct copies c = { .r = r, .frame = frame, .len = len, .src = src_vport };
	const struct snic_actions *actions;
	struct dests to = { .sender = -1 };
	struct verdict v = { .parse = &r->parse, .rule = -1 }, first;
	uint16_t tunnel = 0;
	unsigned int n = 0, i;
	uint16_t vid, vport;
	uint64_t left;
	bool looped, flooded, named = r->named && !src_vport;

	r->named = r->named && src_vport;
	*cause = 0;
	if (bad_fcs)
		*cause = SNIC_STAT_DROP_FCS;
	else if (len < SNIC_FRAME_MIN)
		*cause = SNIC_STAT_DROP_RUNT;
	else if (len > SNIC_FRAME_MAX)
		*cause = SNIC_STAT_DROP_OVERSIZE;
	if (*cause)
		return 0;
	snic_ref_parse_ports(&r->tun_ports, frame, len, src_vport, &r->parse);
	r->key = r->parse.key;
	if (r->switchdev) {
		tunnel = tunnel_of(r, src_vport, frame);
		if (tunnel)
			snic_key_set(&r->key, SNIC_K(VPORT), tunnel);
		else
			r->key = r->parse.out_key;
	}
	vid = r->parse.has_vlan ? r->parse.tci & 0xfff : 0;
	if (is_func(src_vport) && !r->switchdev) {
		const struct snic_ref_func *fn = &r->func[src_vport];

		/* no tag, or one of priority alone: IEEE 802.1Q 6.9.1 */
		if (!vid)
			vid = fn->port_vlan & 0xfff;
		*cause = check_sender(r, fn, src_vport, frame, vid);
		SAY(r, "sender", "%s may %ssend it (spoof check %s, port VLAN %u)",
		    snic_ref_name_of(src_vport).text, *cause ? "not " : "",
		    fn->flags & SNIC_MASK(FT_FLAGS, SPOOFCHK) ? "on" : "off", fn->port_vlan);
		if (*cause)
			return 0;
		v.push = fn->port_vlan != 0;
		v.push_tci = fn->port_vlan;
		if (v.push && r->parse.has_vlan) {
			v.pop = true;
			v.push_tci = (fn->port_vlan & 0xfff) | (r->parse.tci & 0xf000);
		}
	}
	first = v;
	actions = named ? NULL : match(r, &r->key, &v.hit, &v.rule);
	v.inside = tunnel ? inside(r) : NULL;
	if (actions) {
		snic_ref_outer(&r->parse, frame, &v.outer);
		act(r, actions, &v);
	}
	if (v.encap && encap_len(r, &v, len) > v.encap->max) {
		SAY(r, "action", "longer than %zu with the template: not possible", v.encap->max);
		v.cannot = true;
	}
	if (v.cannot || v.dttl_cannot || v.edit_cannot) {
		SAY(r, "flow table", "the card cannot do that: as if no entry were there%s",
		    v.dttl_cannot || v.edit_cannot ? ", and to the PF" : "");
		first.has_fwd = v.dttl_cannot || v.edit_cannot;
		v = first;
	}
	if (v.rule >= 0) {
		r->rules[v.rule].packets++;
		r->rules[v.rule].bytes += len;
	}
	if (v.decap) {
		frame += r->parse.in.start;
		len = r->parse.in.stop - r->parse.in.start;
		snic_ref_outer(v.parse, frame, &v.outer);
	}
	v.pop = v.pop && v.parse->has_vlan;
	looped = is_func(src_vport) && (r->flags[src_vport] & SNIC_MASK(FT_FLAGS, LOOPBACK));
	if (!r->switchdev)
		to.sender = reflected_of(r, frame, vid, src_vport);
	if (to.sender >= 0)
		SAY(r, "VEPA", "it is the frame of %s, reflected: not for it",
		    snic_ref_name_of((unsigned int)to.sender).text);
	if (!v.drop) {
		if (named)
			to_vport(r->named_vport, src_vport, &to);
		else if (looped)
			add_dest(&to, src_vport);
		else if (v.has_fwd)
			to_vport(v.fwd, tunnel ? tunnel : src_vport, &to);
		else if (r->switchdev)
			to_host(r, src_vport, &to);
		else if (is_func(src_vport) && (r->flags[src_vport] & SNIC_MASK(FT_FLAGS, VEPA)))
			add_dest(&to, wire_of(r, src_vport));
		else
			forward(r, frame, vid, src_vport, &to);
	}
	if (!to.n)
		*cause = v.drop ? SNIC_STAT_DROP_FLOW : SNIC_STAT_DROP_NO_MATCH;
	flooded = n_funcs(&to) > 1;
	if (v.has_mirror && v.mirror != (tunnel ? tunnel : src_vport) && !looped)
		add_dest(&to, v.mirror);
	if (v.set_dscp || v.dttl || v.edit) {
		memcpy(r->written, frame, len);
		snic_ref_rewrite(&v, r->written);
		frame = r->written;
	}
	c.v = &v;
	c.rss = snic_ref_rss(&r->rss_key, &r->parse);
	c.out_len[0] = edit(r->edited[0], frame, len, v.pop, v.push, v.push_tci);
	c.out_len[1] = edit(r->edited[1], frame, len, (v.parse->has_vlan && !v.push) || v.pop, false, 0);
	/* Wire ports last: padding a popped frame for them must not show in a function's copy. */
	for (i = 0; i < sizeof(to.map) / sizeof(to.map[0]); i++) {
		for (left = to.map[i]; left && n < max_out; left &= left - 1) {
			vport = (uint16_t)(64 * i + (unsigned int)__builtin_ctzll(left));
			if (is_func(vport) && !r->func[vport].enabled) {
				*cause = SNIC_STAT_DROP_RX_DISABLED;
				SAY(r, "function table", "%s is off", snic_ref_name_of(vport).text);
				continue;
			}
			deliver(&c, vport, &out[n]);
			out[n].flooded = flooded && is_func(vport);
			if (is_func(vport) && out[n].len > r->func[vport].rx_buf)
				*cause = SNIC_STAT_DROP_RX_TOO_LONG;
			else
				n++;
		}
	}
	return (int)n;
}

void snic_ref_set_func(struct snic_ref *r, unsigned int func, const struct snic_ref_func *f)
{
	unsigned int i;

	r->func[func] = *f;
	r->flags[func] = f->flags;
	r->any_flags = 0;
	for (i = 0; i < SNIC_N_FUNC; i++)
		r->any_flags |= r->flags[i];
}

void snic_ref_next_to(struct snic_ref *r, uint16_t vport)
{
	r->named = true;
	r->named_vport = vport;
}

void snic_ref_set_switchdev(struct snic_ref *r, bool on)
{
	r->switchdev = on;
}

const struct snic_flow_key *snic_ref_key(const struct snic_ref *r)
{
	return &r->key;
}

void snic_ref_set_vtep(struct snic_ref *r, unsigned int row, const struct snic_ref_vtep *v)
{
	r->vtep[row] = *v;
}

void snic_ref_set_encap(struct snic_ref *r, unsigned int row, const struct snic_ref_encap *e)
{
	r->encap[row] = *e;
}

const struct snic_ref_encap *snic_ref_encap_of(const struct snic_ref *r, unsigned int row)
{
	return r->encap[row].valid ? &r->encap[row] : NULL;
}

void snic_ref_set_tun_ports(struct snic_ref *r, const struct snic_ref_tun_ports *p)
{
	r->tun_ports = *p;
}

void snic_ref_set_rss_key(struct snic_ref *r, const uint8_t key[40])
{
	snic_ref_rss_key(&r->rss_key, key);
}

void snic_ref_set_member(struct snic_ref *r, uint16_t vid, unsigned int func, bool on)
{
	uint8_t bit = (uint8_t)(1u << func % 8);

	if (on)
		r->member[vid][func / 8] |= bit;
	else
		r->member[vid][func / 8] &= (uint8_t)~bit;
}

int snic_ref_mac_add(struct snic_ref *r, const uint8_t mac[6], uint16_t vid, uint16_t vport)
{
	struct mac_entry *m = calloc(1, sizeof(*m)), **head = &r->macs[mac_bucket(mac, vid)];

	if (!m)
		return -ENOMEM;
	memcpy(m->mac, mac, 6);
	m->vid = vid;
	m->vport = vport;
	m->next = *head;
	*head = m;
	return 0;
}

int snic_ref_flow_add(struct snic_ref *r, const struct snic_flow_key *key, const struct snic_actions *a)
{
	struct flow *f = calloc(1, sizeof(*f)), **head = &r->flows[flow_bucket(key)];

	if (!f)
		return -ENOMEM;
	f->key = *key;
	f->act = *a;
	f->next = *head;
	*head = f;
	return 0;
}

int snic_ref_rule_add(struct snic_ref *r, const struct snic_flow_key *key, const struct snic_flow_key *mask,
		      uint16_t priority, const struct snic_actions *a)
{
	struct rule *rules = realloc(r->rules, (r->n_rules + 1) * sizeof(*rules));
	struct rule *u;
	unsigned int w;

	if (!rules)
		return -ENOMEM;
	r->rules = rules;
	u = &rules[r->n_rules++];
	u->mask = *mask;
	for (w = 0; w < SNIC_KEY_DWORDS; w++)
		u->key.dw[w] = key->dw[w] & mask->dw[w];
	u->priority = priority;
	u->act = *a;
	u->packets = u->bytes = 0;
	return 0;
}

void snic_ref_edit_set(struct snic_ref *r, unsigned int id, const struct snic_edit *e)
{
	r->edits[id] = *e;
}

const struct snic_edit *snic_ref_edit_of(const struct snic_ref *r, unsigned int id)
{
	return &r->edits[id];
}

void snic_ref_rule_counters(const struct snic_ref *r, unsigned int rule, uint64_t *packets, uint64_t *bytes)
{
	*packets = r->rules[rule].packets;
	*bytes = r->rules[rule].bytes;
}

struct snic_ref *snic_ref_create(void)
{
	struct snic_ref *r = calloc(1, sizeof(*r));

	if (r)
		r->tun_ports = (struct snic_ref_tun_ports){ 4789, 6081, 6635 };
	return r;
}

void snic_ref_destroy(struct snic_ref *r)
{
	unsigned int i;

	if (!r)
		return;
	for (i = 0; i < FLOW_BUCKETS; i++) {
		while (r->flows[i]) {
			struct flow *f = r->flows[i];

			r->flows[i] = f->next;
			free(f);
		}
	}
	for (i = 0; i < MAC_BUCKETS; i++) {
		while (r->macs[i]) {
			struct mac_entry *m = r->macs[i];

			r->macs[i] = m->next;
			free(m);
		}
	}
	free(r->rules);
	free(r);
}
