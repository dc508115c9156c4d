/* SPDX-License-Identifier: BSD-2-Clause */
/* Directions of traffic: which end at a wire port, and at which. */
#ifndef TIMING_DIRECTIONS_H
#define TIMING_DIRECTIONS_H

#include "snic_predict.h"

namespace timing {

inline bool from_wire(int dir)
{
	return dir == SNIC_PREDICT_RX || dir == SNIC_PREDICT_RX_P1;
}

inline bool to_wire(int dir)
{
	return dir == SNIC_PREDICT_TX || dir == SNIC_PREDICT_TX_P1;
}

inline unsigned port_of(int dir)
{
	return dir == SNIC_PREDICT_RX_P1 || dir == SNIC_PREDICT_TX_P1;
}

/* In a mask of directions. */
enum { FromWire = 1 << SNIC_PREDICT_RX | 1 << SNIC_PREDICT_RX_P1 };

} // namespace timing

#endif
