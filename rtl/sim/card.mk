# SPDX-License-Identifier: BSD-2-Clause
# A card's library from its SystemVerilog and its glue: a makefile of one's own, in any folder, sets these and includes this file.
#   CARD        name of the library: OUT/libCARD.so, and OUT/trace/libCARD.so, which writes waveforms
#   CARD_TOP    its top module
#   CARD_SV     its sources, packages first; CARD_VL: more for Verilator (-I, -G, -Wno-...)
#   CARD_GLUE   its glue, C++; CARD_CXX: more for the compiler (-I, -D)
#   CARD_DEPS   what else it is made of
#   OUT         where it is built (default build)
SIM_DIR := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
OUT ?= build
CARD_COMPILER ?= $(firstword $(foreach c,clang++-19 clang++ g++,$(shell command -v $(c))))
MARCH ?= native
JOBS ?= $(shell nproc)

CARD_KIT := $(addprefix $(SIM_DIR)/,axis.cpp config.cpp core.cpp fault_text.cpp faults.cpp histogram.cpp latency.cpp mac.cpp pcie_link.cpp \
	pcie_rate.cpp snic_sim.cpp vl_report.cpp wave.cpp)
CARD_FLAGS := -std=c++17 -fPIC -fvisibility=hidden -fno-semantic-interposition -I$(SIM_DIR) $(CARD_CXX) -include $(SIM_DIR)/vl_user.h \
	-march=$(MARCH)

.PHONY: card card-trace
card: $(OUT)/lib$(CARD).so
card-trace: $(OUT)/trace/lib$(CARD).so

# $(call card_library,LIBRARY,FLAVOUR,FLAGS OF VERILATOR,OPTIMISATION). What runs once, at the start, is not optimised: initial blocks that
# clear memories may be a function of 20 MB. Objects do not know what they were compiled with: a folder each.
define card_library
$(1): OBJ := $(OUT)/obj-$(2)-$(shell echo '$(CARD_COMPILER) $(CARD_FLAGS) $(CARD_VL)' | sha256sum | cut -c1-8)
$(1): $(CARD_SV) $(CARD_GLUE) $(CARD_KIT) $(wildcard $(SIM_DIR)/*.h) $(CARD_DEPS)
	@echo "  compile     $(1) (a minute, once)"; mkdir -p $$(OBJ) $$(@D)
	@verilator --cc --exe --build -j $(JOBS) --top-module $(CARD_TOP) -Mdir $$(OBJ) --prefix V$(CARD_TOP) --timescale 1ps/1ps -O3 \
		-Wno-lint $(CARD_VL) $(3) -LDFLAGS -shared -o $(abspath $(1)).new -MAKEFLAGS CXX=$(CARD_COMPILER) -MAKEFLAGS LINK=$(CARD_COMPILER) \
		-MAKEFLAGS OPT_FAST=$(4) -MAKEFLAGS OPT_GLOBAL=$(4) -CFLAGS '$(CARD_FLAGS) -DSNIC_SIM_FLAVOUR=\"$(2)\"' $(CARD_SV) $(abspath $(CARD_GLUE)) $(CARD_KIT) \
		> $$(OBJ)/build.log 2>&1 || { cat $$(OBJ)/build.log >&2; exit 1; }
	@mv $(1).new $(1)
endef
$(eval $(call card_library,$(OUT)/lib$(CARD).so,fast,--no-assert --x-assign fast --x-initial fast,-O2))
$(eval $(call card_library,$(OUT)/trace/lib$(CARD).so,trace,--assert --trace-fst,-O1))
