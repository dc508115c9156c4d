/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

/* What is missing for it; NULL: nothing. */
static const char *missing(const struct verdict *v, uint32_t arg)
{
	uint32_t ip4 = arg & SNIC_MASK(EDIT_ARG, IPV4), ip6 = arg & SNIC_MASK(EDIT_ARG, IPV6),
		 ports = arg & SNIC_MASK(EDIT_ARG, PORTS);
	uint8_t l4 = v->parse->l4;

	if (ip4 && v->parse->l3 != SNIC_L3_IPV4)
		return "no IPv4 header";
	if (ip6 && v->parse->l3 != SNIC_L3_IPV6)
		return "no IPv6 header";
	if (ports && l4 != SNIC_L4_TCP && l4 != SNIC_L4_UDP && l4 != SNIC_L4_FRAG)
		return "neither TCP nor UDP";
	if ((ip4 || ip6 || ports) && !v->outer.plain)
		return "headers between, or not whole, or a route among the options";
	return NULL;
}

void snic_ref_act_edit(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	unsigned int id = SNIC_GET(EDIT_ARG, ID, arg);
	const char *why = missing(v, arg);

	v->edit = snic_ref_edit_of(r, id);
	v->edit_arg = arg;
	v->edit_cannot = why != NULL;
	snic_ref_tell(r, "action", "edit %u of%s%s%s%s%s", id, arg & SNIC_MASK(EDIT_ARG, IPV4) ? " IPv4" : "",
		      arg & SNIC_MASK(EDIT_ARG, IPV6) ? " IPv6" : "",
		      arg & SNIC_MASK(EDIT_ARG, PORTS) ? " ports" : "", why ? " headers: " : " headers",
		      why ? why : "");
}
