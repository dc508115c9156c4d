/* SPDX-License-Identifier: BSD-2-Clause */
/* First thing that went wrong inside eval() on this thread, as the RTL said it. */
#ifndef SNIC_VL_REPORT_H
#define SNIC_VL_REPORT_H

#include <exception>

struct VlReport {
	bool stopped;
	char text[512];
};
extern thread_local VlReport vl_report;

/* Verilator's fatal errors (no convergence) must not return to the code that called. */
struct VlFatal : std::exception {};

#endif
