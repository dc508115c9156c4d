/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

void snic_ref_act_dttl(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	(void)arg;
	v->dttl = true;
	if (!v->outer.ip) {
		snic_ref_tell(r, "action", "TTL less one: no IP header behind two tags at most");
		v->dttl_cannot = true;
	} else if (v->outer.ttl <= 1) {
		snic_ref_tell(r, "action", "TTL less one: it is %u", v->outer.ttl);
		v->dttl_cannot = true;
	} else {
		snic_ref_tell(r, "action", "TTL %u becomes %u", v->outer.ttl, v->outer.ttl - 1u);
	}
}
