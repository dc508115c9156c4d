/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * Ids 0..n-1. The one that has been free for longest is given out first: what the device still knows of a
 * removed entry (a frame in the pipeline, its counters) is old by the time its id means something else.
 */
#ifndef SNIC_IDS_H
#define SNIC_IDS_H

#include "snic_osdep.h"

#define SNIC_ID_NONE 0xffffffffu

struct snic_ids {
	u32 *fifo;
	u32 n, first, count;
};

static inline void snic_ids_init(struct snic_ids *ids, u32 *fifo, u32 n)
{
	u32 i;

	ids->fifo = fifo;
	ids->n = n;
	ids->first = 0;
	ids->count = n;
	for (i = 0; i < n; i++)
		fifo[i] = i;
}

static inline u32 snic_ids_get(struct snic_ids *ids)
{
	u32 id;

	if (!ids->count)
		return SNIC_ID_NONE;
	id = ids->fifo[ids->first];
	ids->first = ids->first + 1 == ids->n ? 0 : ids->first + 1;
	ids->count--;
	return id;
}

static inline void snic_ids_put(struct snic_ids *ids, u32 id)
{
	u32 at = ids->first + ids->count;

	ids->fifo[at < ids->n ? at : at - ids->n] = id;
	ids->count++;
}

#endif
