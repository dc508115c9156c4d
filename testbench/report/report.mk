# SPDX-License-Identifier: BSD-2-Clause
# What is made of results: the page, the gate.

# The page's parts, and the library that draws its plots, become part of the program.
CHART_JS ?= /usr/share/javascript/chart.js/chart.min.js
CHART_LICENCE ?= /usr/share/doc/libjs-chart.js/copyright
REPORT_PAGE := $(B)/testbench/report/page_parts.o

$(call remember,report-page,$(CC) $(call version,$(CC)) $(CHART_JS) $(CHART_LICENCE))

$(REPORT_PAGE): testbench/report/page.S $(wildcard testbench/report/page/*) \
		$(CHART_JS) $(CHART_LICENCE) $(FLAG_DIR)/report-page
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) -DCHART_JS='"$(CHART_JS)"' -DCHART_LICENCE='"$(CHART_LICENCE)"' -c $< -o $@.new
	mv $@.new $@

.PHONY: report
report: all
	@$(B)/cosnic report -o results/report.html

.PHONY: gate gate-accept
gate: deps
	@$(MAKE) --no-print-directory all traces
	@$(LET_IN); testbench/report/gate.sh

gate-accept:
	@testbench/report/gate.sh accept

# Not in make test: it builds the RTL once more.
.PHONY: test-gate
test-gate: deps
	@$(MAKE) --no-print-directory all traces
	@$(LET_IN); testbench/report/test_gate.sh

# The README's plot.
.PHONY: plot
plot: deps
	@.ci/deps.sh plot
	@$(MAKE) --no-print-directory all
	$(B)/cosnic bench sweep --over "size=64,96,128,192,256,384,512,768,1024,1280,1518;pcie=gen3x8,gen4x16" \
		--direction both --out results/bench-plot
	gnuplot -c testbench/report/plot.gp results/bench-plot/suite.csv results/baseline/rates.svg
	sed -i '1a <!-- SPDX-License-Identifier: BSD-2-Clause -->' results/baseline/rates.svg
	@echo "plot  results/baseline/rates.svg"
