/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results in the names of FD.io CSIT's data model (UTI test case, info, 0.2.0): a file DIR/SUITE.POINT.info.json for each run
 * that was measured (test_type mrr: the rate received at the load offered), and for each row of a search (ndrpdr).
 */
#ifndef REPORT_CSIT_H
#define REPORT_CSIT_H

#include "results.h"

/* EXIT_OK, or EXIT_INPUT after one line on stderr. */
int csit_write(const struct results *r, const char *dir);

#endif
