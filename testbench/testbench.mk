# SPDX-License-Identifier: BSD-2-Clause
# build/cosnic, the unit tests and the test run.

include testbench/rtl/rtl_tests.mk

COSNIC_DIRS := testbench/cosnic testbench/bench testbench/report
COSNIC_SRC := $(wildcard $(COSNIC_DIRS:%=%/*.c))
COSNIC_HDR := $(wildcard $(COSNIC_DIRS:%=%/*.h) $(COSNIC_DIRS:%=%/*.def))
COSNIC_INC := $(COSNIC_DIRS:%=-I%) $(INC_CONTRACT) -Irtl/sim -Imodel/reference -Imodel/timing -Idriver/pmd
# Parts of the door that need no device.
SIM_PLAIN := $(addprefix $(B)/sim/,config.o fault_text.o histogram.o)
COSNIC_LIBS := $(DRIVER_LIB) $(REF_LIB) $(TIMING_LIB)

# Rewritten only when it changes: a commit compiles this one, and links.
VERSION_OBJ := $(B)/gen/version.o

.PHONY: version
version:
	@mkdir -p $(B)/gen
	@{ echo '/* SPDX-License-Identifier: BSD-2-Clause */'; \
	   echo '#include "version.h"'; \
	   echo "const char cosnic_release[] = \"$(VERSION)\";"; \
	   echo "const char cosnic_commit[64] = \"$$({ git describe --always --dirty 2>/dev/null || echo unknown; } | cut -c1-63)\";"; \
	   echo "const char cosnic_verilator[] = \"$$($(VERILATOR) --version | cut -d' ' -f2)\";"; } > $(B)/gen/version.new
	@cmp -s $(B)/gen/version.new $(B)/gen/version.c || cp $(B)/gen/version.new $(B)/gen/version.c

$(B)/gen/version.c: version ;

$(VERSION_OBJ): $(B)/gen/version.c testbench/cosnic/version.h
	@echo "  build       $@"
	$(CC) $(CFLAGS) $(SAN) -Itestbench/cosnic -c $< -o $@

$(COSNIC_SRC:%.c=$(B)/%.o): $(B)/%.o: %.c $(COSNIC_HDR) $(CONTRACT_DEFS) \
		$(wildcard model/*/*.h driver/pmd/*.h rtl/sim/*.h)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(COSNIC_INC) -DCOSNIC_BUILD_DIR='"$(CURDIR)/$(B)"' \
		-DCOSNIC_SOURCE_DIR='"$(CURDIR)"' -c $< -o $@

$(B)/cosnic: $(COSNIC_SRC:%.c=$(B)/%.o) $(VERSION_OBJ) $(REPORT_PAGE) $(SIM_PLAIN) $(COSNIC_LIBS)
	$(CXX) $(SAN) $^ -o $@ -lpcap -lz -ljansson -lcrypto -lsystemc -ldl -lm

# The manual and bash's completion, by the program that they are about.
.PHONY: man
man: $(B)/cosnic.1 $(B)/cosnic.bash

$(B)/cosnic.1: $(B)/cosnic
	$< help --man > $@.new
	mv $@.new $@

$(B)/cosnic.bash: $(B)/cosnic
	$< help --completion > $@.new
	mv $@.new $@

$(SIM_PLAIN): $(B)/sim/%.o: rtl/sim/%.cpp $(wildcard rtl/sim/*.h)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) $(SAN) -Irtl/sim -c $< -o $@

$(B)/unit/%.o: testbench/unit/%.c testbench/unit/%.h
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) -c $< -o $@

# ---- unit tests in C and C++: built with sanitizers, in a build folder of their own
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
DRIVER_TESTS := $(patsubst testbench/driver/%.c,$(B)/test/%,$(wildcard testbench/driver/test_*.c))
MODEL_TESTS := $(patsubst testbench/model/%.c,$(B)/test/%,$(wildcard testbench/model/test_*.c))
COSNIC_TESTS := $(patsubst testbench/cosnic_tests/%.c,$(B)/test/%,$(wildcard testbench/cosnic_tests/test_*.c))
DOOR_TESTS := $(patsubst testbench/door/%.cpp,$(B)/test/%,$(wildcard testbench/door/test_*.cpp))
DEVICE_TESTS := $(patsubst testbench/device/%.c,$(B)/test/%,$(wildcard testbench/device/test_*.c))
ORACLE_TESTS := $(patsubst testbench/oracle/%.cpp,$(B)/test/%,$(wildcard testbench/oracle/test_*.cpp))
C_TESTS := $(DRIVER_TESTS) $(MODEL_TESTS) $(COSNIC_TESTS) $(DOOR_TESTS) $(DEVICE_TESTS) $(ORACLE_TESTS)

TEST_INC := -Itestbench/unit -Itestbench/driver $(COSNIC_INC) $(INC_DRIVER)
# Everything of cosnic but its main program, for tests of its parts; a library, so that each links what it uses.
COSNIC_PARTS := $(B)/testbench/libcosnic.a
# Only what a test uses: SystemC asks for an sc_main, which is in the predictor.
COSNIC_LD := -Wl,--as-needed -lpcap -lz -ljansson -lcrypto -lsystemc -ldl -lm -lcunit

$(DRIVER_TESTS): $(B)/test/%: testbench/driver/%.c $(wildcard testbench/driver/soft_dev.c) $(DRIVER_LIB) $(B)/unit/cu_main.o
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(TEST_INC) $^ -o $@ -lcunit

$(MODEL_TESTS): $(B)/test/%: testbench/model/%.c $(REF_LIB) $(TIMING_LIB) $(B)/unit/cu_main.o
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(TEST_INC) -c $< -o $@.o
	$(CXX) $(SAN) $@.o $(wordlist 2,9,$^) -o $@ $(COSNIC_LD)

$(COSNIC_PARTS): $(filter-out $(B)/testbench/cosnic/main.o,$(COSNIC_SRC:%.c=$(B)/%.o)) $(VERSION_OBJ) $(REPORT_PAGE)
	rm -f $@
	ar rcs $@ $^

$(COSNIC_TESTS): $(B)/test/%: testbench/cosnic_tests/%.c $(COSNIC_PARTS) $(SIM_PLAIN) $(COSNIC_LIBS) \
		$(addprefix $(B)/unit/,cu_main.o capture.o)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(TEST_INC) -c $< -o $@.o
	$(CXX) $(SAN) $@.o $(filter-out $<,$^) -o $@ $(COSNIC_LD)

# The driver on the RTL with its assertions; the library is loaded at run time, COSNIC_CHECKED_LIB names another.
CHECKED_LIB := $(CURDIR)/build/checked/libsnic_sim.so

$(B)/testbench/device/%.o: testbench/device/%.c $(wildcard testbench/device/*.h testbench/cosnic/*.h driver/*/*.h rtl/sim/*.h) \
		$(CONTRACT_DEFS)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(TEST_INC) -DCOSNIC_CHECKED_LIB='"$(CHECKED_LIB)"' -c $< -o $@

$(B)/test/test_dev_attack: $(B)/testbench/device/attackers.o

$(DEVICE_TESTS): $(B)/test/%: testbench/device/%.c $(B)/testbench/device/dev.o \
		$(addprefix $(B)/testbench/cosnic/,host.o score.o frame.o traffic.o) $(TRACE_OBJ) $(SIM_PLAIN) $(DRIVER_LIB) $(REF_LIB) $(B)/unit/cu_main.o
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(TEST_INC) -c $< -o $@.o
	$(CXX) $(SAN) $@.o $(filter-out $<,$^) -o $@ $(COSNIC_LD)

$(DOOR_TESTS): $(B)/test/%: testbench/door/%.cpp $(addprefix rtl/sim/,pcie_link.cpp pcie_rate.cpp latency.cpp mac.cpp config.cpp fault_text.cpp faults.cpp histogram.cpp) \
		$(SIM_HDR) $(B)/unit/cu_main.o
	@echo "  build       $@"; mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) $(SAN) -Irtl/sim -Irtl/contract -Itestbench/unit $(filter %.cpp %.o,$^) -o $@ -lcunit

# The reference against tshark, on captures (make traces) and frames that are made.
ORACLE_SRC := $(filter-out testbench/oracle/test_%,$(wildcard testbench/oracle/*.cpp))

$(ORACLE_TESTS): $(B)/test/%: testbench/oracle/%.cpp $(ORACLE_SRC) $(wildcard testbench/oracle/*.h testbench/oracle/*.def testbench/rtl/*.h) \
		$(B)/testbench/cosnic/frame.o $(TRACE_OBJ) $(REF_LIB) $(B)/unit/cu_main.o
	@echo "  build       $@"; mkdir -p $(@D)
	$(CXX) $(CXXFLAGS) $(SAN) $(TEST_INC) -Itestbench/oracle -Itestbench/rtl $(filter %.cpp %.o %.a,$^) -o $@ $(COSNIC_LD)

# ---- system tests: the cosnic program on the RTL library
SYSTEM_TESTS := $(patsubst testbench/system/%.c,$(B)/test/%,$(wildcard testbench/system/test_*.c))

$(SYSTEM_TESTS): $(B)/test/%: testbench/system/%.c testbench/system/run.c testbench/system/run.h $(addprefix $(B)/unit/,cu_main.o capture.o)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) -Itestbench/unit $(INC_CONTRACT) $(filter %.c %.o,$^) -o $@ -lcunit -ljansson -lz -lm

SAN_MAKE = $(MAKE) --no-print-directory B=$(B)/san SAN="$(SAN_FLAGS)"

.PHONY: c-tests tests test
c-tests: $(C_TESTS)

tests: $(RTL_TESTS) $(SYSTEM_TESTS) $(B)/cosnic $(B)/fast/libsnic_sim.so $(B)/checked/libsnic_sim.so
	@$(SAN_MAKE) c-tests $(B)/san/cosnic

test: deps contract-fresh
	@.ci/deps.sh test
	@$(MAKE) --no-print-directory traces
	@$(MAKE) --no-print-directory tests guest-captures $(QTEST)
	@testbench/run_tests.sh $(B)/san/test/test_* $(B)/test/test_* qemu-dev/qtest.sh testbench/guest/test_guest.sh \
		testbench/device/test_dev_gating.sh testbench/report/test_page.py testbench/bench/test_slurm.sh \
		testbench/bench/test_kills.py testbench/report/test_accept.sh testbench/report/test_revs.sh \
		COSNIC_CHECKED_LIB=$(B)/fast/libsnic_sim.so $(B)/san/test/test_dev_*

# The test of kills and edits at length; SEED=N for others.
.PHONY: test-kills
test-kills: deps
	@$(MAKE) --no-print-directory all
	@mkdir -p results
	@ROUNDS=$(or $(ROUNDS),100) SEED=$(or $(SEED),0) python3 -u testbench/bench/test_kills.py | tee results/kills.txt

.PHONY: contract-fresh
contract-fresh:
	@$(MAKE) --no-print-directory check-contract
