/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Actions of a flow entry, a file each: act_<name>.c has snic_ref_act_<name>, which notes in the verdict what is to be done. Rows:
 * rtl/contract/snic_actions.def.
 */
#ifndef SNIC_REF_ACT_H
#define SNIC_REF_ACT_H

#include "snic_ref.h"

/* The outermost IP header, for those who write into it. */
struct outer {
	size_t ip;  /* where it begins; 0: there is none, or it stands behind more than two tags */
	size_t l4;  /* where what it carries begins */
	bool plain; /* ... right behind it and whole, and its addresses are those of the pseudo header */
	uint8_t ttl;
};

/* What the flow table and the port VLAN do to the frame. */
struct verdict {
	uint8_t hit;
	int rule;
	bool drop, has_fwd, has_mirror;
	uint16_t fwd, mirror;
	uint32_t mark;
	bool pop, push;
	uint16_t push_tci;
	const struct snic_ref_parse *parse;
	const struct snic_ref_parse
		*inside; /* of the frame in a tunnel that the card ends, as a frame; NULL: none */
	bool decap;
	const struct snic_ref_encap *encap; /* NULL: none */
	struct outer outer;
	/* what is written into the frame, in all copies */
	bool set_dscp, dttl;
	unsigned int dscp;
	const struct snic_edit *edit; /* NULL: none */
	uint32_t edit_arg;	      /* EDIT_ARG */
	/* What is asked for cannot be done: then the frame has met no entry. What cannot be written is for the PF, in both modes. */
	bool cannot, dttl_cannot, edit_cannot;
};

typedef void snic_ref_act_fn(const struct snic_ref *r, struct verdict *v, uint32_t arg);

#define ACTION(NAME, name, value, arg_bits, changes, why) snic_ref_act_fn snic_ref_act_##name;
#include "snic_actions.def"
#undef ACTION

/* snic_ref_encap.c: a frame with the template's headers in front, into out; its length. */
size_t snic_ref_encap(const struct snic_ref_encap *e, uint32_t hash, const uint8_t *frame, size_t len,
		      uint8_t *out);
/* snic_ref.c: template of that number; NULL: none */
const struct snic_ref_encap *snic_ref_encap_of(const struct snic_ref *r, unsigned int row);
/* snic_ref_rewrite.c */
void snic_ref_outer(const struct snic_ref_parse *parse, const uint8_t *frame, struct outer *o);
void snic_ref_rewrite(const struct verdict *v, uint8_t *frame);

/* snic_ref.c: edit id as it was last set. */
const struct snic_edit *snic_ref_edit_of(const struct snic_ref *r, unsigned int id);
/* ... a line for whoever listens, see snic_ref_say(); and the name of a vport in it. */
void snic_ref_tell(const struct snic_ref *r, const char *table, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
struct vport_name {
	char text[24];
};
struct vport_name snic_ref_name_of(unsigned int vport);

#endif
