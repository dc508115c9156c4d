# SPDX-License-Identifier: BSD-2-Clause
# What is made of results: the page, the gate.

# The page's parts, and the library that draws its plots, become part of the program.
CHART_JS ?= /usr/share/javascript/chart.js/chart.min.js
CHART_LICENCE ?= /usr/share/doc/libjs-chart.js/copyright
REPORT_PAGE := $(B)/testbench/report/page_parts.o

$(REPORT_PAGE): testbench/report/page.S $(wildcard testbench/report/page/*) \
		$(CHART_JS) $(CHART_LICENCE)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) -DCHART_JS='"$(CHART_JS)"' -DCHART_LICENCE='"$(CHART_LICENCE)"' -c $< -o $@

.PHONY: report
report: all
	@$(B)/cosnic report -o results/report.html

.PHONY: gate gate-accept
gate: deps
	@$(MAKE) --no-print-directory all traces
	@testbench/report/gate.sh

gate-accept:
	@testbench/report/gate.sh accept

# Not in make test: it builds the RTL once more.
.PHONY: test-gate
test-gate: deps
	@$(MAKE) --no-print-directory all traces
	@testbench/report/test_gate.sh
