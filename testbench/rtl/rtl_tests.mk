# SPDX-License-Identifier: BSD-2-Clause
# One test program per RTL block: testbench/rtl/test_<block>.cpp, with the block (or the wrapper tb_<block>.sv beside
# it) as the Verilator top. Assertions are on.

RTL_DIRS := rtl/common rtl/host rtl/queue rtl/pipe rtl/pipe/act rtl/wire
RTL_PKGS := $(CONTRACT_PKG) rtl/common/snic_pkg.sv
RTL_TESTS := $(patsubst testbench/rtl/%.cpp,$(B)/test/%,$(wildcard testbench/rtl/test_*.cpp))

RTL_TEST_INC := testbench/unit testbench/rtl testbench/cosnic/capture testbench/cosnic/cli rtl/contract model/reference

TRACE_OBJ := $(addprefix $(B)/testbench/cosnic/capture/,trace.o capfile.o linkhdr.o edit.o packet.o pick.o segment.o)

# What a test needs beside its block: the parser is held to the reference, on captures.
RTL_OBJ_tb_parser_ref := $(TRACE_OBJ) $(REF_LIB)
RTL_LD_tb_parser_ref := -lpcap -lz -lcrypto

# Epochs that come round within a test.
RTL_PARAMS_tx_engine := -GEpochW=5
RTL_PARAMS_idle_ctl := -GWakes=3

# +verilator+rand+reset+2 comes from each test's main; x-initial unique makes uninitialised state visible.
RTL_TEST_FLAGS := --cc --exe -Wall -Wno-fatal --assert --x-assign unique --x-initial unique -O3 --output-split 20000
RTL_TEST_CFLAGS := -O1 -Wno-attributes $(addprefix -I$(CURDIR)/,$(RTL_TEST_INC))
RTL_TEST_MAIN := $(B)/testbench/unit/cu_main.o
RTL_TEST_NAMES := $(RTL_TESTS:$(B)/test/test_%=%)

# $(call RTL_TEST_RULES,BLOCK)
define RTL_TEST_RULES
$(call remember,verilate-test-$(1),$(VERILATOR) $(call version,$(VERILATOR)) $(RTL_TEST_FLAGS) $(RTL_TEST_CFLAGS) $(RTL_PARAMS_$(1)) \
	$(RTL_DIRS) $(RTL_OBJ_$(1)) $(RTL_LD_$(1)))

$(B)/test/obj_$(1)/verilated: $(RTL_PKGS) $(FLAG_DIR)/verilate-test-$(1) rtl/sim/verilate.sh | $(HAVE_TOOLS)
	@mkdir -p $$(@D)
	rtl/sim/verilate.sh $$(@D) V$(1) $(VERILATOR) $(RTL_TEST_FLAGS) -CFLAGS "$(RTL_TEST_CFLAGS)" --top-module $(1) $(RTL_PARAMS_$(1)) \
		$(RTL_PKGS) $(wildcard $(addsuffix /$(1).sv,$(RTL_DIRS) testbench/rtl)) $(addprefix -y ,$(RTL_DIRS)) -y testbench/rtl \
		$(CURDIR)/testbench/rtl/test_$(1).cpp $(addprefix $(CURDIR)/,$(RTL_TEST_MAIN) $(RTL_OBJ_$(1))) \
		-LDFLAGS "-lcunit $(RTL_LD_$(1))" -o $(CURDIR)/$(B)/test/test_$(1) > $$(@D).log 2>&1 || { cat $$(@D).log; exit 1; }

$(B)/test/test_$(1): $(B)/test/obj_$(1)/verilated testbench/rtl/test_$(1).cpp $(RTL_TEST_MAIN) $(RTL_OBJ_$(1)) $(FLAG_DIR)/compile-test \
		rtl/sim/flags.mk rtl/sim/whole.sh
	@echo "  build       $$@"
	rm -f $$@ # Verilator's makefile does not see that objects or a library of ours changed
	$$(call compile_verilated,$(B)/test/obj_$(1),V$(1),compile-test,CXX="$(WHOLE) $(CXX)" LINK="$(WHOLE) $(CXX)" \
		> $(B)/test/obj_$(1).log 2>&1 || { cat $(B)/test/obj_$(1).log; exit 1; })

DEPENDENCIES += $(B)/test/test_$(1).d $(B)/test/obj_$(1)/inputs.dep
endef
$(call remember,compile-test,$(CXX) $(call compiler,$(CXX)) $(RTL_TEST_CFLAGS))
$(foreach t,$(RTL_TEST_NAMES),$(eval $(call RTL_TEST_RULES,$(t))))
