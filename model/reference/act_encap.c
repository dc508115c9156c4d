/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

#include <stddef.h>

/* Noted, and done to what leaves by a wire port. */
void snic_ref_act_encap(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	const struct snic_ref_encap *e = snic_ref_encap_of(r, arg & 0xff);

	if (v->encap)
		return;
	snic_ref_tell(r, "action", "encap with template %u%s", arg & 0xff,
		      e ? "" : ", which there is none: not possible");
	v->encap = e;
	v->cannot = v->cannot || !e;
}
