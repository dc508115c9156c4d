/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

void snic_ref_act_mirror(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	snic_ref_tell(r, "action", "a copy to %s", snic_ref_name_of(arg & 0x3ff).text);
	v->has_mirror = true;
	v->mirror = arg & 0x3ff;
}
