/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

void snic_ref_act_vlan_push(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	snic_ref_tell(r, "action", "push VLAN tag 0x%04x", arg & 0xffff);
	v->push = true;
	v->push_tci = (uint16_t)arg;
}
