# SPDX-License-Identifier: BSD-2-Clause
# What is made of results: the gate.

.PHONY: gate gate-accept
gate: deps
	@$(MAKE) --no-print-directory all traces
	@testbench/report/gate.sh

gate-accept:
	@testbench/report/gate.sh accept
