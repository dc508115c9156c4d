# SPDX-License-Identifier: BSD-2-Clause
# One test program per RTL block: testbench/rtl/test_<block>.cpp, with the block (or the wrapper tb_<block>.sv beside
# it) as the Verilator top. Assertions are on.

RTL_DIRS := rtl/common rtl/host rtl/queue rtl/pipe rtl/pipe/act rtl/wire
BLOCK_SV := $(wildcard $(addsuffix /*.sv,$(RTL_DIRS)))
RTL_PKGS := $(CONTRACT_PKG) rtl/common/snic_pkg.sv
RTL_TESTS := $(patsubst testbench/rtl/%.cpp,$(B)/test/%,$(wildcard testbench/rtl/test_*.cpp))

RTL_TEST_INC := testbench/unit testbench/rtl testbench/cosnic rtl/contract model/reference

TRACE_OBJ := $(addprefix $(B)/testbench/cosnic/,trace.o capfile.o linkhdr.o)

# What a test needs beside its block: the parser is held to the reference, on captures.
$(B)/test/test_tb_parser_ref: RTL_OBJ := $(TRACE_OBJ) $(REF_LIB)
$(B)/test/test_tb_parser_ref: RTL_LD := -lz -lcrypto
$(B)/test/test_tb_parser_ref: $(TRACE_OBJ) $(REF_LIB)

# Epochs that come round within a test.
$(B)/test/test_tx_engine: RTL_PARAMS := -GEpochW=5

# +verilator+rand+reset+2 comes from each test's main; x-initial unique makes uninitialised state visible.
$(RTL_TESTS): $(B)/test/test_%: testbench/rtl/test_%.cpp $(BLOCK_SV) $(RTL_PKGS) $(wildcard testbench/rtl/*.sv testbench/rtl/*.h) \
		$(B)/unit/cu_main.o testbench/unit/cu_main.h
	@echo "  build       $@"; mkdir -p $(B)/test
	@rm -f $@ # Verilator's makefile does not see that objects or a library of ours changed
	$(VERILATOR) --cc --exe --build -j $(JOBS) -Wall -Wno-fatal --assert --x-assign unique --x-initial unique -O3 \
		--output-split 20000 \
		-CFLAGS "-O1 -Wno-attributes $(addprefix -I$(CURDIR)/,$(RTL_TEST_INC))" \
		-Mdir $(B)/test/obj_$* --prefix V$* --top-module $* $(RTL_PARAMS) \
		$(RTL_PKGS) $(wildcard $(addsuffix /$*.sv,$(RTL_DIRS) testbench/rtl)) $(addprefix -y ,$(RTL_DIRS)) -y testbench/rtl \
		$(CURDIR)/$< $(addprefix $(CURDIR)/,$(B)/unit/cu_main.o $(RTL_OBJ)) \
		-LDFLAGS "-lcunit $(RTL_LD)" -o $(CURDIR)/$@ > $(B)/test/obj_$*.log 2>&1 \
		|| { cat $(B)/test/obj_$*.log; exit 1; }
