/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

#include <stddef.h>

/* From here on the frame is what was in the tunnel; what was edited before went with the outer headers. */
void snic_ref_act_decap(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	(void)arg;
	if (!v->inside) {
		snic_ref_tell(r, "action", "decap: no Ethernet in a tunnel that ends here: not possible");
		v->cannot = true;
		return;
	}
	snic_ref_tell(r, "action", "decap");
	v->parse = v->inside;
	v->inside = NULL;
	v->decap = true;
	v->pop = v->push = false;
	v->set_dscp = v->dttl = false;
	v->edit = NULL;
	v->dttl_cannot = v->edit_cannot = false;
	v->outer =
		(struct outer){ 0 }; /* the card knows no more of the inner headers than where they begin */
}
