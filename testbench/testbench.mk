# SPDX-License-Identifier: BSD-2-Clause
# build/cosnic, the unit tests and the test run.

include testbench/rtl/rtl_tests.mk

COSNIC_SRC := $(wildcard testbench/cosnic/*.c)
COSNIC_INC := $(INC_CONTRACT) -Irtl/sim -Imodel/reference -Imodel/timing -Idriver/pmd -I$(B)/gen
COSNIC_LIBS := $(DRIVER_LIB) $(REF_LIB) $(TIMING_LIB)

# Rewritten only when it changes: a commit does not rebuild the world.
.PHONY: version
version:
	@mkdir -p $(B)/gen
	@{ echo '/* SPDX-License-Identifier: BSD-2-Clause */'; \
	   echo "#define COSNIC_COMMIT \"$$(git describe --always --dirty 2>/dev/null || echo unknown)\""; \
	   echo "#define COSNIC_VERILATOR \"$$($(VERILATOR) --version | cut -d' ' -f2)\""; } > $(B)/gen/version.new
	@cmp -s $(B)/gen/version.new $(B)/gen/version.h || cp $(B)/gen/version.new $(B)/gen/version.h

$(B)/gen/version.h: version ;

$(B)/testbench/cosnic/%.o: testbench/cosnic/%.c $(wildcard testbench/cosnic/*.h) $(B)/gen/version.h $(CONTRACT_DEFS) \
		$(wildcard model/*/*.h driver/pmd/*.h rtl/sim/*.h)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(COSNIC_INC) -DCOSNIC_BUILD_DIR='"$(CURDIR)/$(B)"' -c $< -o $@

$(B)/cosnic: $(COSNIC_SRC:%.c=$(B)/%.o) $(B)/sim/config.o $(COSNIC_LIBS)
	$(CXX) $(SAN) $^ -o $@ -lpcap -lz -ljansson -lmd -lsystemc -ldl -lm

$(B)/sim/config.o: rtl/sim/config.cpp $(wildcard rtl/sim/*.h)
	@mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) $(SAN) -Irtl/sim -c $< -o $@

$(B)/unit/cu_main.o: testbench/unit/cu_main.c testbench/unit/cu_main.h
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c $< -o $@
