/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

void snic_ref_act_vlan_pop(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	(void)arg;
	snic_ref_tell(r, "action", "pop VLAN tag");
	if (v->push)
		v->push = false;
	else
		v->pop = true;
}
