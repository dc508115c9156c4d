/* SPDX-License-Identifier: BSD-2-Clause */
#include "act.h"

/* Shared counters are the card's; the reference says what becomes of frames. */
void snic_ref_act_count(const struct snic_ref *r, struct verdict *v, uint32_t arg)
{
	(void)r;
	(void)v;
	(void)arg;
}
