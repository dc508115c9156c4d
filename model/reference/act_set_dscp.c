/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

void snic_ref_act_set_dscp(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	snic_ref_tell(r, "action", "set DSCP %u", arg & 0x3f);
	v->set_dscp = true;
	v->dscp = arg & 0x3f;
}
