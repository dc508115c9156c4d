# SPDX-License-Identifier: BSD-2-Clause
# The device as a library: build/{fast,checked,trace,coverage}/libsnic_sim.so, from all of rtl/.
#   fast      no assertions: what runs are measured with
#   checked   assertions; state that reset does not clear starts as noise
#   trace     assertions, and snic_sim_wave() writes FST
#   coverage  assertions, and each device leaves coverage.<pid>.<n>.dat in $SNIC_COVERAGE_DIR

RTL_FLAVOURS := fast checked trace coverage
# rtl/example is a card of its own, with a makefile of its own.
RTL_SV := $(sort $(shell find rtl -name '*.sv' -not -path 'rtl/example/*'))
SIM_SRC := $(addprefix rtl/sim/,config.cpp core.cpp fault_text.cpp faults.cpp histogram.cpp latency.cpp mac.cpp pcie_link.cpp pcie_rate.cpp snic_card.cpp snic_glue.cpp snic_sim.cpp vl_report.cpp wave.cpp)
SIM_HDR := $(wildcard rtl/sim/*.h)

# What the BUILD register reads: the sources of the RTL, and the contract as it is in them.
RTL_HASH = $(shell cat $(RTL_SV) $(CONTRACT_PKG) | sha256sum | cut -c1-8)

# -Os, Verilator's default for what runs every cycle, costs speed. Of the flat code that Verilator writes, clang makes a library that
# runs about a sixth faster than gcc's, in less time; a profile gains gcc no more, and compiles all twice. clang 19 is faster again, and
# wants functions whole. (SIM_CXX_fast: the Makefile.)
# Verilator writes a makefile that compiles its C++ and ours and links them; -shared makes that a library. Files are many, so that every
# core has work, and functions are kept small, so that the optimizer's time stays linear. Lint is a target of its own.
VL_FLAGS := --cc --exe --top-module snic_top -Wno-lint --timescale 1ps/1ps -O3 --output-split 15000 -LDFLAGS -shared
VL_SMALL := --output-split-cfuncs 1500
VL_FLAGS_fast := $(if $(filter clang++-19,$(SIM_CXX_fast)),,$(VL_SMALL)) --no-assert --x-assign fast --x-initial fast +define+SYNTHESIS
VL_FLAGS_checked := $(VL_SMALL) --assert --x-assign unique --x-initial unique
VL_FLAGS_trace := $(VL_SMALL) --assert --x-assign fast --x-initial fast --trace-fst
VL_FLAGS_coverage := $(VL_SMALL) --assert --x-assign fast --x-initial fast --coverage-line --coverage-toggle

SIM_OPT_fast := -O2 -march=$(MARCH)
SIM_OPT_checked := -O2 -march=$(MARCH)
SIM_OPT_trace := -O1
SIM_OPT_coverage := -O1
SIM_DEF_checked := -DSNIC_SIM_RANDOM_RESET

# Hidden symbols: code in the library is as fast as in a program. rtl/sim/vl_user.h: see there; it must come before Verilator's headers, and
# a precompiled header (newer Verilators) before all, so there is none.
SIM_CXXFLAGS = -std=c++17 -fPIC -fvisibility=hidden -fno-semantic-interposition -I$(CURDIR)/rtl/sim \
	$(addprefix -I$(CURDIR)/,$(patsubst -I%,%,$(INC_CONTRACT))) -include $(CURDIR)/rtl/sim/vl_user.h \
	-Wno-parentheses-equality

# $(call compile_verilated,DIR,PREFIX,NAME,ARGUMENTS): by Verilator's makefile; NAME is what remembers the flags, by which that
# does not go. What the sources of ours include is in $@.d then.
define compile_verilated
	rm -f $(1)/*.a $(1)/*.tmp
	+$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS)) -C $(1) -f $(2).mk -f $(CURDIR)/rtl/sim/flags.mk \
		FLAGS_FILE=$(CURDIR)/$(FLAG_DIR)/$(3) $(4)
	cat $(1)/*.d | tr -s ' \\' '\n' | sed -n 's,^$(CURDIR)/,,p; s,^\(\.\./\)\+,,p' | sort -u | awk -v t=$@ '/[^:]$$/ { print t ": " $$0; print $$0 ":" }' > $@.d.new
	mv $@.d.new $@.d
endef

WHOLE := $(CURDIR)/rtl/sim/whole.sh
SIM_CXX_of = $(or $(SIM_CXX_$(1)),$(CXX))

define RTL_FLAVOUR_RULES
$(call remember,verilate-$(1),$(VERILATOR) $(call version,$(VERILATOR)) $(VL_FLAGS) $(VL_FLAGS_$(1)) $(RTL_SV) $(SIM_SRC))
$(call remember,compile-$(1),$(call SIM_CXX_of,$(1)) $(call compiler,$(call SIM_CXX_of,$(1))) $(SIM_CXXFLAGS) $(SIM_DEF_$(1)) $(SIM_OPT_$(1)))

$(B)/$(1)/obj/verilated: $(RTL_SV) $(CONTRACT_PKG) $(FLAG_DIR)/verilate-$(1) rtl/sim/verilate.sh | $(HAVE_TOOLS)
	@echo "  verilate    $(B)/$(1)"
	rtl/sim/verilate.sh $$(@D) Vsnic_top $(VERILATOR) $(VL_FLAGS) $(VL_FLAGS_$(1)) -GBuildHash="32'h$$(RTL_HASH)" \
		-o ../libsnic_sim.so $(CONTRACT_PKG) rtl/common/snic_pkg.sv \
		$$(filter-out rtl/common/snic_pkg.sv,$(RTL_SV)) $(abspath $(SIM_SRC))

$(B)/$(1)/libsnic_sim.so: $(B)/$(1)/obj/verilated $(FLAG_DIR)/compile-$(1) $(SIM_SRC) rtl/sim/flags.mk rtl/sim/whole.sh
	@echo "  compile     $$@ (a minute or two; $(call SIM_CXX_of,$(1)))"
	$$(call compile_verilated,$(B)/$(1)/obj,Vsnic_top,compile-$(1),CXX="$(WHOLE) $(call SIM_CXX_of,$(1))" LINK="$(WHOLE) $(call SIM_CXX_of,$(1))" \
		CXXFLAGS='$(SIM_CXXFLAGS) -DSNIC_SIM_FLAVOUR=\"$(1)\" $(SIM_DEF_$(1))' \
		OPT_FAST="$(SIM_OPT_$(1))" OPT_GLOBAL="$(SIM_OPT_$(1))" OPT_SLOW=-O1 VK_PCH_I_FAST= VK_PCH_I_SLOW= $(if $(V),,>/dev/null))
	touch $$@

DEPENDENCIES += $(B)/$(1)/libsnic_sim.so.d $(B)/$(1)/obj/inputs.dep
endef
$(foreach f,$(RTL_FLAVOURS),$(eval $(call RTL_FLAVOUR_RULES,$(f))))
