/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

void snic_ref_act_fwd(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	snic_ref_tell(r, "action", "forward to %s, whatever the MAC table says",
		      snic_ref_name_of(arg & 0x3ff).text);
	v->has_fwd = true;
	v->fwd = arg & 0x3ff;
}
