/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Verilated code calls to print and to stop. Seen by all Verilated code (-include), so that an assertion
 * of the RTL becomes an error string of the device instead of the end of the process.
 */
#ifndef SNIC_VL_USER_H
#define SNIC_VL_USER_H

#define VL_USER_FINISH
#define VL_USER_STOP
#define VL_USER_FATAL
#define VL_PRINTF snic_vl_printf

int snic_vl_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
