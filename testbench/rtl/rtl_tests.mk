# SPDX-License-Identifier: BSD-2-Clause
# One test program per RTL block: testbench/rtl/test_<block>.cpp, with the block (or the wrapper tb_<block>.sv beside
# it) as the Verilator top. Assertions are on.

RTL_DIRS := rtl/common rtl/host rtl/queue rtl/pipe rtl/pipe/act rtl/wire
RTL_SV := $(wildcard $(addsuffix /*.sv,$(RTL_DIRS)))
RTL_PKGS := $(CONTRACT_PKG) rtl/common/snic_pkg.sv
RTL_TESTS := $(patsubst testbench/rtl/%.cpp,$(B)/test/%,$(wildcard testbench/rtl/test_*.cpp))

# +verilator+rand+reset+2 comes from each test's main; x-initial unique makes uninitialised state visible.
$(RTL_TESTS): $(B)/test/test_%: testbench/rtl/test_%.cpp $(RTL_SV) $(RTL_PKGS) $(wildcard testbench/rtl/*.sv testbench/rtl/*.h) \
		$(B)/unit/cu_main.o testbench/unit/cu_main.h
	@mkdir -p $(B)/test
	$(VERILATOR) --cc --exe --build -j $(JOBS) -Wall -Wno-fatal --assert --x-assign unique --x-initial unique -O3 \
		--output-split 20000 $(if $(COVERAGE),--coverage-line --coverage-toggle) \
		-CFLAGS "-O1 -Wno-attributes -I$(CURDIR)/testbench/unit -I$(CURDIR)/rtl/contract -I$(CURDIR)/testbench/rtl" \
		-LDFLAGS "-lcunit" -Mdir $(B)/test/obj_$* --prefix V$* --top-module $* \
		$(RTL_PKGS) $(wildcard $(addsuffix /$*.sv,$(RTL_DIRS) testbench/rtl)) $(addprefix -y ,$(RTL_DIRS)) -y testbench/rtl \
		$(CURDIR)/$< $(CURDIR)/$(B)/unit/cu_main.o -o $(CURDIR)/$@ > $(B)/test/obj_$*.log 2>&1 \
		|| { cat $(B)/test/obj_$*.log; exit 1; }
