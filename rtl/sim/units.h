/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the parts of the door. Times are picoseconds since reset. */
#ifndef SNIC_UNITS_H
#define SNIC_UNITS_H

#include <cstdint>

constexpr uint64_t kNever = UINT64_MAX;
constexpr uint32_t kBeat = 64; /* bytes that the device takes or gives in a clock */

#endif
