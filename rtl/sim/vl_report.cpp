// SPDX-License-Identifier: BSD-2-Clause
#include "vl_report.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

#include <verilated.h>

thread_local VlReport vl_report;

/* $error prints and then stops: keep the text of the first. $display of the RTL goes to stderr: stdout is the
 * program's. */
int snic_vl_printf(const char *format, ...)
{
	char line[sizeof(vl_report.text)];
	va_list ap;

	va_start(ap, format);
	int n = vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (!strstr(line, "%Error") && !strstr(line, "%Fatal")) {
		fputs(line, stderr);
		return n;
	}
	if (!vl_report.stopped) {
		line[strcspn(line, "\n")] = 0;
		snprintf(vl_report.text, sizeof(vl_report.text), "%s", line);
	}
	return n;
}

namespace {
void stop(const char *file, int line, const char *what)
{
	if (vl_report.stopped)
		return;
	vl_report.stopped = true;
	if (!vl_report.text[0])
		snprintf(vl_report.text, sizeof(vl_report.text), "%s:%d: %s", file && file[0] ? file : "RTL",
			 line, what);
}
} // namespace

void vl_stop(const char *file, int line, const char *)
{
	stop(file, line, "$stop");
}

void vl_finish(const char *file, int line, const char *)
{
	stop(file, line, "$finish");
}

void vl_fatal(const char *file, int line, const char *, const char *msg)
{
	stop(file, line, msg);
	throw VlFatal();
}
