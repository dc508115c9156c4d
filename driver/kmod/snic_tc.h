/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tc's flower rules in the card's rule table: switchdev mode. */
#ifndef SNIC_TC_H
#define SNIC_TC_H

#include <linux/hashtable.h>
#include <net/flow_offload.h>
#include <net/pkt_cls.h>

#include "snic.h"
#include "snic_rule.h"

/* What software has counted of a frame at ingress does not have its Ethernet header. */
struct snic_tc_rule {
	struct hlist_node node;
	unsigned long cookie;
	u16 vport;	/* where its frames come from */
	u16 priority;	/* of the card: the higher one wins */
	u8 uncounted;	/* bytes of each frame that tc does not count */
	bool host;	/* its frames go to the host */
	bool gone;	/* it names a port that has gone: it is the host's */
	u32 id;		/* in the card; SNIC_ID_NONE: not there */
	struct snic_flow_key key; /* masked */
	struct snic_flow_key mask;
	struct snic_actions act;
	struct snic_flow_counters told; /* of the card's, since it is there */
	u64 packets, bytes; /* of earlier times there, not told yet */
};

/* snic_tc_match.c, snic_tc_act.c: 0, or an error with its reason in extack */
int snic_tc_match(const struct snic_tc_port *port, struct flow_cls_offload *f,
		  struct snic_tc_rule *rule);
int snic_tc_actions(const struct snic_tc_port *port, struct flow_cls_offload *f,
		    struct snic_tc_rule *rule); /* after the match; snic_pf.lock held */

#endif
