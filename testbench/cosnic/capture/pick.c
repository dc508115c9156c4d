/* SPDX-License-Identifier: BSD-2-Clause */
#include "pick.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_LINK_TYPES 16

struct pick_filters {
	const struct pick *pick;
	struct compiled {
		uint16_t link_type;
		bool known;
		struct bpf_program program;
	} of[MAX_LINK_TYPES];
	unsigned int n;
};

/* A number from 1 at *at, which moves behind it; `otherwise` when there is none. */
static bool number(const char **at, uint64_t otherwise, uint64_t *out)
{
	uint64_t v = 0;

	if (**at < '0' || **at > '9') {
		*out = otherwise;
		return otherwise != 0;
	}
	for (; **at >= '0' && **at <= '9'; (*at)++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(**at - '0'), &v))
			return false;
	*out = v;
	return v != 0;
}

const char *pick_ranges(struct pick *p, const char *text)
{
	static const char how[] = "must look like 10-20,35,40- (records of each file, from 1)";
	uint64_t from, to;

	for (;;) {
		if (p->n_range == PICK_MAX_RANGES)
			return "no more than 64 ranges";
		if (!number(&text, *text == '-' ? 1 : 0, &from))
			return how;
		to = from;
		if (*text == '-') {
			text++;
			if (!number(&text, UINT64_MAX, &to))
				return how;
		}
		if (to < from || (*text && *text != ','))
			return how;
		p->range[p->n_range].from = from;
		p->range[p->n_range++].to = to;
		if (!*text)
			return NULL;
		text++;
	}
}

/* Numbers of link types in files and in libpcap differ in these. */
static int dlt(uint16_t link_type)
{
	return link_type == LINK_RAW ? DLT_RAW : link_type == LINK_LOOP ? DLT_LOOP : link_type;
}

static bool compile(struct bpf_program *program, uint16_t link_type, const char *expression, char *err,
		    size_t err_size)
{
	pcap_t *dead = pcap_open_dead(dlt(link_type), CAPFILE_MAX_RECORD);
	bool ok = dead && !pcap_compile(dead, program, expression, 1, PCAP_NETMASK_UNKNOWN);

	if (!ok)
		snprintf(err, err_size, "%s", dead ? pcap_geterr(dead) : "out of memory");
	if (dead)
		pcap_close(dead);
	return ok;
}

const char *pick_filter(struct pick *p, const char *expression)
{
	static char err[PCAP_ERRBUF_SIZE];
	struct bpf_program program;

	if (!compile(&program, LINK_ETHERNET, expression, err, sizeof(err)))
		return err;
	pcap_freecode(&program);
	p->filter = expression;
	return NULL;
}

struct pick_filters *pick_open(const struct pick *p)
{
	struct pick_filters *f = calloc(1, sizeof(*f));

	if (f)
		f->pick = p;
	return f;
}

void pick_close(struct pick_filters *f)
{
	unsigned int i;

	for (i = 0; f && i < f->n; i++)
		if (f->of[i].known)
			pcap_freecode(&f->of[i].program);
	free(f);
}

static const struct compiled *compiled_for(struct pick_filters *f, uint16_t link_type)
{
	char err[PCAP_ERRBUF_SIZE];
	struct compiled *c;
	unsigned int i;

	for (i = 0; i < f->n; i++)
		if (f->of[i].link_type == link_type)
			return &f->of[i];
	/* more link types than anybody has seen in one run: the last one's place is used again */
	if (f->n == MAX_LINK_TYPES && f->of[--f->n].known)
		pcap_freecode(&f->of[f->n].program);
	c = &f->of[f->n++];
	c->link_type = link_type;
	c->known = compile(&c->program, link_type, f->pick->filter, err, sizeof(err));
	return c;
}

bool pick_wants(struct pick_filters *f, uint64_t number, const struct capfile_record *r)
{
	const struct pick *p = f->pick;
	const struct compiled *c;
	struct pcap_pkthdr h = { .caplen = r->caplen, .len = r->len };
	unsigned int i;

	for (i = 0; i < p->n_range && (number < p->range[i].from || number > p->range[i].to); i++)
		;
	if (p->n_range && i == p->n_range)
		return false;
	if (!p->filter)
		return true;
	c = compiled_for(f, r->link_type);
	return c->known && pcap_offline_filter(&c->program, &h, r->data);
}
