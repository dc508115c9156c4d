# SPDX-License-Identifier: BSD-2-Clause
# make lint: static checks, a script each, one line each. LINT="format tidy" runs only some.

LINT := includes licences scripts workflows contract names features verilator format compile tidy kmod yosys

# What some checks need, and take minutes to get: what Verilator generates; kernel headers, and the kernel's checkpatch.
VERILATED_DONE := $(B)/lint/verilated/.done
KERNEL_TOOLS := $(GUEST)/manifest.txt $(B)/kernel/.done

.PHONY: lint lint-quick lint-deps
lint: lint-deps $(CONTRACT_PKG) $(if $(filter compile tidy,$(LINT)),$(VERILATED_DONE)) \
		$(if $(filter kmod,$(LINT)),$(KERNEL_TOOLS))
	@$(LET_IN); testbench/lint/run.sh $(LINT)

# what needs no compiler and no network
lint-quick: lint-deps
	@testbench/lint/run.sh includes licences scripts contract names features format

lint-deps:
	@.ci/deps.sh lint

# Headers that Verilator generates: rtl/sim and the block tests include them.
VERILATED_TOPS := snic_top $(patsubst testbench/rtl/test_%.cpp,%,$(wildcard testbench/rtl/test_*.cpp))
VERILATED_HDRS := $(VERILATED_TOPS:%=$(B)/lint/verilated/V%.h)

$(VERILATED_DONE): $(VERILATED_HDRS)
	@touch $@

$(VERILATED_HDRS): $(B)/lint/verilated/V%.h: $(RTL_SV) $(CONTRACT_PKG) $(wildcard testbench/rtl/*.sv)
	@mkdir -p $(@D)
	@echo "  verilator   $*"
	@$(VERILATOR) --cc -Wno-lint --trace-fst --prefix V$* --top-module $* $(RTL_PARAMS_$*) --Mdir $(@D) $(RTL_PKGS) \
		$(addprefix -y ,$(RTL_DIRS) rtl testbench/rtl) $(or $(wildcard testbench/rtl/$*.sv),$(filter %/$*.sv,$(RTL_SV)))

$(B)/kernel/.done: testbench/lint/kernel.sh .ci/debian.sh
	@testbench/lint/kernel.sh $(@D) $(APT_STATE)
	@touch $@

.PHONY: features
features:
	@testbench/features/features.sh write

.PHONY: coverage
coverage: deps
	@$(MAKE) --no-print-directory traces
	@$(MAKE) --no-print-directory $(B)/coverage/libsnic_sim.so $(B)/cosnic $(DEVICE_TESTS)
	@$(LET_IN); testbench/lint/coverage.sh $(B)/coverage/libsnic_sim.so $(B)/cosnic $(DEVICE_TESTS)
