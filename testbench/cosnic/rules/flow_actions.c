/* SPDX-License-Identifier: BSD-2-Clause */
/* Actions, as ovs-actions(7) names them, put to the four that an entry of the card has. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "flow_text.h"

#define TPID_VLAN 0x8100
#define VID_MAX 4095
#define PCP_MAX 7
#define MARK_MAX 0xffffff

/* Actions of Open vSwitch that the card has not; a trailing * stands for any end. */
static const char *const not_here[] = {
	"controller", "flood",	      "all",	       "in_port",     "enqueue",     "resubmit",
	"goto_table", "group",	      "meter",	       "ct*",	      "learn",	     "dec_mpls_ttl",
	"set_mpls*",  "push_mpls",    "pop_mpls",      "mod_nw_*",    "set_tunnel*", "set_queue",
	"pop_queue",  "move",	      "note",	       "sample",      "clone",	     "encap",
	"decap",      "bundle*",      "multipath",     "fin_timeout", "conjunction", "check_pkt_larger",
	"exit",	      "write_*",      "clear_actions", "stack*",      "push",	     "pop",
	"trunc",      "delete_field", "nat",
};

struct list {
	const struct flow_line *line;
	const struct flow_match *match;
	struct flow_doing *out;
	unsigned int n;
	bool normal, drop;
	unsigned int outputs;
	uint16_t output[2];
	bool pop, push;	     /* of tags, as they will be done */
	int vid, pcp;	     /* of the tag that is put in front; -1: not said */
	const char *vlan_at; /* where it was */
	bool has_mark;
	uint32_t mark;
	uint32_t edit_arg;
	bool dec_ttl;
};

static bool fail_not_here(const struct flow_line *line, const struct flow_word *w)
{
	size_t i, n;

	for (i = 0; i < sizeof(not_here) / sizeof(not_here[0]); i++) {
		n = strlen(not_here[i]);
		if (not_here[i][n - 1] == '*' ? w->len >= n - 1 && !strncasecmp(w->at, not_here[i], n - 1)
					      : flow_word_is(w, not_here[i]))
			return flow_fail(
				line, w->at,
				"%.*s: the card has no such action: it has drop, normal, output, strip_vlan, "
				"push_vlan, mod_vlan_vid, mod_vlan_pcp, mod_dl_src, mod_dl_dst, mod_nw_src, "
				"mod_nw_dst, mod_tp_src, mod_tp_dst, dec_ttl and a mark (set_field:N->pkt_mark)",
				(int)w->len, w->at);
	}
	return flow_fail(line, w->at, "%.*s: no such action (ovs-actions(7) lists them)", (int)w->len, w->at);
}

static bool output(struct list *l, const struct flow_word *w)
{
	uint16_t vport;

	if (!flow_port(w, &vport))
		return flow_fail(l->line, w->at,
				 "output:%.*s: must be p0, p1, pf, vf1 to vf255 or tunnel0 to tunnel63",
				 (int)w->len, w->at);
	if (l->outputs == 2 || (l->outputs && l->normal))
		return flow_fail(
			l->line, w->at,
			"output:%.*s: the card delivers to two at most (one of them may be normal): leave it out",
			(int)w->len, w->at);
	l->output[l->outputs++] = vport;
	return true;
}

/* A frame is edited once for all copies, and before them. */
static bool may_edit(struct list *l, const struct flow_word *w)
{
	if (!l->outputs && !l->normal)
		return true;
	return flow_fail(
		l->line, w->at,
		"%.*s: behind an output: the card edits a frame once for all its copies: write it first",
		(int)w->len, w->at);
}

static bool bit_known(const struct list *l, unsigned int lsb, unsigned int width, uint64_t *v)
{
	uint64_t all = ~0ull >> (64 - width);

	*v = snic_key_get(&l->match->key, lsb, width);
	return snic_key_get(&l->match->mask, lsb, width) == all;
}

static bool untagged(const struct list *l)
{
	uint64_t v;

	return bit_known(l, SNIC_K(HAS_VLAN), &v) && !v;
}

static bool strip(struct list *l, const struct flow_word *w)
{
	if (!may_edit(l, w))
		return false;
	if (l->push) {
		l->push = false;
		return true;
	}
	if (l->pop)
		return flow_fail(l->line, w->at, "%.*s: the card takes off one tag: leave the second out",
				 (int)w->len, w->at);
	l->pop = true;
	return true;
}

/* The tag that is to be changed: one that was pushed, or the frame's own, which is exchanged for another. */
static void exchange(struct list *l, const char *at)
{
	if (!l->push) {
		l->push = l->pop = true;
		l->vid = l->pcp = -1;
	}
	l->vlan_at = at;
}

static bool set_vid(struct list *l, const struct flow_word *w, const struct flow_word *value, uint64_t max)
{
	uint64_t v;

	if (!may_edit(l, w))
		return false;
	if (!flow_number(value, max, &v))
		return flow_fail(l->line, value->at ? value->at : w->at,
				 "%.*s: must be a VLAN from 0 to 4095", (int)w->len, w->at);
	exchange(l, w->at);
	l->vid = (int)(v & VID_MAX);
	return true;
}

static bool set_pcp(struct list *l, const struct flow_word *w, const struct flow_word *value)
{
	uint64_t v;

	if (!may_edit(l, w))
		return false;
	if (!flow_number(value, PCP_MAX, &v))
		return flow_fail(l->line, value->at ? value->at : w->at,
				 "%.*s: must be a priority from 0 to 7", (int)w->len, w->at);
	exchange(l, w->at);
	l->pcp = (int)v;
	return true;
}

static bool push(struct list *l, const struct flow_word *w, const struct flow_word *value)
{
	uint64_t v;

	if (!may_edit(l, w))
		return false;
	if (!flow_number(value, 0xffff, &v) || v != TPID_VLAN)
		return flow_fail(l->line, value->at ? value->at : w->at,
				 "push_vlan: the card's tags are 802.1Q: write push_vlan:0x8100");
	if (l->push)
		return flow_fail(l->line, w->at, "push_vlan: the card puts on one tag: leave the second out");
	l->push = true;
	l->vid = l->pcp = -1;
	l->vlan_at = w->at;
	return true;
}

static bool set_mark(struct list *l, const struct flow_word *w, const struct flow_word *value)
{
	uint64_t v;

	if (!flow_number(value, MARK_MAX, &v))
		return flow_fail(l->line, value->at, "%.*s: the card's mark is a number up to 0xffffff",
				 (int)w->len, w->at);
	l->has_mark = true;
	l->mark = (uint32_t)v;
	return true;
}

/* set_field:VALUE->FIELD and load:VALUE->FIELD */
static bool set_field(struct list *l, const struct flow_word *w, const struct flow_word *value)
{
	const char *arrow = value->at;
	struct flow_word v, f;

	while (arrow && arrow + 1 < value->at + value->len && strncmp(arrow, "->", 2))
		arrow++;
	if (!arrow || arrow + 2 >= value->at + value->len)
		return flow_fail(l->line, w->at, "%.*s: must look like %.*s:VALUE->FIELD", (int)w->len, w->at,
				 (int)w->len, w->at);
	v = (struct flow_word){ value->at, (size_t)(arrow - value->at) };
	f = (struct flow_word){ arrow + 2, value->len - v.len - 2 };
	if (flow_word_is(&f, "vlan_vid"))
		return set_vid(l, w, &v, 0x1fff); /* with the bit that says that there is a tag */
	if (flow_word_is(&f, "vlan_pcp"))
		return set_pcp(l, w, &v);
	if (flow_word_is(&f, "pkt_mark") || flow_word_is(&f, "NXM_NX_PKT_MARK[]"))
		return set_mark(l, w, &v);
	if (!flow_edit_field(l->line, l->match, &f, &v, true, &l->out->edit, &l->edit_arg, &l->out->has_edit))
		return false;
	if (l->out->has_edit)
		return may_edit(l, w);
	return flow_fail(
		l->line, f.at,
		"%.*s: the card does not write this field; it has eth_src, eth_dst, ip_src, ip_dst, ipv6_src, ipv6_dst, "
		"tcp_src, tcp_dst, udp_src, udp_dst, vlan_vid, vlan_pcp and pkt_mark",
		(int)f.len, f.at);
}

static bool dec_ttl(struct list *l, const struct flow_word *w, const struct flow_word *value)
{
	if (value->at)
		return flow_fail(
			l->line, value->at,
			"dec_ttl: the card has no controllers: leave %.*s out (a TTL of 1 goes to the PF)",
			(int)value->len, value->at);
	if (!flow_match_is_ip(l->match, SNIC_L3_NONE))
		return flow_fail(l->line, w->at,
				 "dec_ttl: needs a match of ip or ipv6 (or a protocol of theirs)");
	if (l->dec_ttl)
		return flow_fail(l->line, w->at, "dec_ttl: the card takes one off: leave the second out");
	l->dec_ttl = true;
	return may_edit(l, w);
}

static bool mod_field(struct list *l, const struct flow_word *w, const struct flow_word *value, bool *known)
{
	struct flow_doing *out = l->out;

	return flow_edit_field(l->line, l->match, w, value, false, &out->edit, &l->edit_arg, known) &&
	       (!*known || may_edit(l, w));
}

static bool one(struct list *l, const struct flow_word *w, const struct flow_word *value)
{
	bool known = false;
	uint16_t vport;

	if (!mod_field(l, w, value, &known))
		return false;
	if (known)
		l->out->has_edit = true;
	else if (flow_word_is(w, "dec_ttl"))
		return dec_ttl(l, w, value);
	else if (flow_word_is(w, "drop"))
		l->drop = true;
	else if (flow_word_is(w, "normal"))
		l->normal = true;
	else if (flow_word_is(w, "output"))
		return value->at ? output(l, value)
				 : flow_fail(l->line, w->at, "output: where to is missing: write output:vf1");
	else if (flow_word_is(w, "strip_vlan") || flow_word_is(w, "pop_vlan"))
		return strip(l, w);
	else if (flow_word_is(w, "push_vlan"))
		return push(l, w, value);
	else if (flow_word_is(w, "mod_vlan_vid") || flow_word_is(w, "set_vlan_vid"))
		return set_vid(l, w, value, VID_MAX);
	else if (flow_word_is(w, "mod_vlan_pcp") || flow_word_is(w, "set_vlan_pcp"))
		return set_pcp(l, w, value);
	else if (flow_word_is(w, "set_field") || flow_word_is(w, "load"))
		return set_field(l, w, value);
	else if (!value->at && flow_port(w, &vport))
		return output(l, w);
	else
		return fail_not_here(l->line, w);
	return true;
}

static bool add(struct list *l, const char *at, uint32_t op, uint32_t arg)
{
	if (l->n == SNIC_N_ACTION)
		return flow_fail(l->line, at,
				 "an entry of the card has %d actions, and this needs more: leave one out",
				 SNIC_N_ACTION);
	l->out->act.a[l->n++] = SNIC_ACTION(op, arg);
	return true;
}

/* What was not said of the new tag is as in the frame's; the card has to be told. */
static bool tag(struct list *l, uint32_t *tci)
{
	uint64_t v;

	if (l->vid < 0 && bit_known(l, SNIC_KEY_VLAN_LSB, 12, &v))
		l->vid = (int)v;
	if (l->pcp < 0 && bit_known(l, SNIC_KEY_VLAN_LSB + 13, 3, &v))
		l->pcp = (int)v;
	if (untagged(l)) {
		l->vid = l->vid < 0 ? 0 : l->vid;
		l->pcp = l->pcp < 0 ? 0 : l->pcp;
	}
	if (l->vid < 0)
		return flow_fail(
			l->line, l->vlan_at,
			"the VLAN would be that of the frame's tag, and the card writes whole tags: add mod_vlan_vid");
	if (l->pcp < 0)
		return flow_fail(
			l->line, l->vlan_at,
			"the priority would be that of the frame's tag, and the card writes whole tags: add "
			"mod_vlan_pcp (or match frames without one: vlan_tci=0)");
	*tci = (uint32_t)l->pcp << 13 | (uint32_t)l->vid;
	return true;
}

bool flow_actions(const struct flow_line *line, const struct flow_match *m, const char *at, const char *end,
		  struct flow_doing *out)
{
	struct list l = { .line = line, .match = m, .out = out };
	struct flow_word key, value;
	const char *start = at;
	uint32_t tci = 0, i;
	uint64_t from = 0;

	memset(out, 0, sizeof(*out));
	/* as Open vSwitch has it: what comes from a tunnel port is what is in the tunnel */
	if (bit_known(&l, SNIC_K(VPORT), &from) && from >= SNIC_VPORT_TUNNEL &&
	    !add(&l, start, SNIC_ACT_DECAP, 0))
		return false;
	while (flow_next_word(&at, end, &key, &value))
		if (!one(&l, &key, &value))
			return false;
	if (l.drop && (l.normal || l.outputs || l.pop || l.push || l.has_mark || l.dec_ttl || out->has_edit))
		return flow_fail(line, start, "drop stands alone: leave the other actions out");
	if (!l.outputs && !l.normal)
		return add(&l, start, SNIC_ACT_DROP, 0);
	if (l.outputs == 2 && l.normal)
		return flow_fail(
			line, start,
			"the card delivers to two at most (one of them may be normal): leave one out");
	if (l.push && !tag(&l, &tci))
		return false;
	if ((l.pop && !add(&l, start, SNIC_ACT_VLAN_POP, 0)) ||
	    (l.push && !add(&l, start, SNIC_ACT_VLAN_PUSH, tci)) ||
	    (out->has_edit && !add(&l, start, SNIC_ACT_EDIT, l.edit_arg)) ||
	    (l.dec_ttl && !add(&l, start, SNIC_ACT_DTTL, 0)) ||
	    (l.has_mark && !add(&l, start, SNIC_ACT_MARK, l.mark)))
		return false;
	for (i = 0; i < l.outputs; i++)
		if (l.output[i] >= SNIC_VPORT_TUNNEL &&
		    !add(&l, start, SNIC_ACT_ENCAP, l.output[i] - SNIC_VPORT_TUNNEL))
			return false;
	/* the wire port of a tunnel is known when --tunnels has been read: setup.c */
	if (l.outputs && !l.normal && !add(&l, start, SNIC_ACT_FWD, l.output[0]))
		return false;
	if (l.outputs == 2 || (l.outputs && l.normal))
		return add(&l, start, SNIC_ACT_MIRROR, l.output[l.outputs - 1]);
	return true;
}
