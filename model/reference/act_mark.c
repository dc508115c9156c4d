/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

void snic_ref_act_mark(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	snic_ref_tell(r, "action", "mark 0x%x", arg);
	v->mark = arg;
}
