/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands over folders of results. Each takes its arguments, the command's name first, and returns an enum exit_status. */
#ifndef REPORT_H
#define REPORT_H

int cmd_compare(int argc, char **argv);
int cmd_bisect(int argc, char **argv);
int cmd_report(int argc, char **argv);

#endif
