# SPDX-License-Identifier: BSD-2-Clause
# build/cosnic, the unit tests and the test run.

include testbench/rtl/rtl_tests.mk

COSNIC_DIRS := $(addprefix testbench/cosnic/,cli capture rules replay explain guest card) testbench/bench testbench/report
COSNIC_SRC := $(wildcard $(COSNIC_DIRS:%=%/*.c))
COSNIC_INC := $(COSNIC_DIRS:%=-I%) $(INC_CONTRACT) -Irtl/sim -Imodel/reference -Imodel/timing -Idriver/pmd
COSNIC_OBJ := $(COSNIC_SRC:%.c=$(B)/%.o)
COSNIC_LIBS := $(DRIVER_LIB) $(REF_LIB) $(TIMING_LIB)
COSNIC_LD := -lpcap -lz -ljansson -lcrypto -lsystemc -ldl -lm

$(call c_objects,cosnic,$(CFLAGS) $(SAN) $(COSNIC_INC),$(COSNIC_SRC))

# Parts of the door that need no device: cosnic links the first four, tests all; and the door's loader.
DOOR_SRC := $(addprefix rtl/sim/,config.cpp fault_text.cpp histogram.cpp snic_card.cpp axis.cpp pcie_link.cpp pcie_rate.cpp latency.cpp mac.cpp faults.cpp)
LOADER_OBJ := $(B)/rtl/sim/snic_door.o
DOOR_OBJ := $(DOOR_SRC:%.cpp=$(B)/%.o) $(LOADER_OBJ)
SIM_PLAIN := $(wordlist 1,4,$(DOOR_OBJ)) $(LOADER_OBJ)

$(call cxx_objects,door,$(CXXFLAGS) $(SAN) $(INC_CONTRACT) -Irtl/sim,$(DOOR_SRC))
$(call c_objects,loader,$(CFLAGS) $(SAN) -Irtl/sim,rtl/sim/snic_door.c)

# A commit compiles this one, and links. In a tarball .ci/commit says which it was, in a checkout git.
VERSION_OBJ := $(B)/gen/version.o
COMMIT := $(shell .ci/commit.sh)

$(call remember,commit,$(VERSION) $(COMMIT) $(call version,$(VERILATOR)))

$(B)/gen/version.c: $(FLAG_DIR)/commit
	mkdir -p $(@D)
	{ echo '/* SPDX-License-Identifier: BSD-2-Clause */'; \
	  echo '#include "version.h"'; \
	  echo 'const char cosnic_release[] = "$(VERSION)";'; \
	  echo 'const char cosnic_commit[64] = "$(COMMIT)";'; \
	  echo 'const char cosnic_verilator[] = "$(word 2,$(subst _, ,$(call version,$(VERILATOR))))";'; } > $@.new
	mv $@.new $@

$(call remember,version,$(CC) $(call compiler,$(CC)) $(CFLAGS) $(SAN))

$(VERSION_OBJ): $(B)/gen/version.c $(FLAG_DIR)/version testbench/cosnic/cli/version.h
	@echo "  build       $@"
	$(CC) $(CFLAGS) $(SAN) -Itestbench/cosnic/cli -c $< -o $@.new
	mv $@.new $@

$(call remember,cosnic-link,$(CXX) $(call compiler,$(CXX)) $(SAN) $(COSNIC_OBJ) $(SIM_PLAIN) $(COSNIC_LD))

$(B)/cosnic: $(COSNIC_OBJ) $(VERSION_OBJ) $(REPORT_PAGE) $(SIM_PLAIN) $(COSNIC_LIBS) $(FLAG_DIR)/cosnic-link
	$(call link,$(CXX) $(SAN),$(COSNIC_LD))

# The manual and bash's completion, by the program that they are about.
.PHONY: man
man: $(B)/cosnic.1 $(B)/cosnic.bash

$(B)/cosnic.1: $(B)/cosnic
	$< help --man > $@.new
	mv $@.new $@

$(B)/cosnic.bash: $(B)/cosnic
	$< help --completion > $@.new
	mv $@.new $@

# ---- unit tests in C and C++: built with sanitizers, in a build folder of their own
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
TEST_DIRS := driver model cosnic_tests door device oracle system
# $(call tests_in,FOLDER)
tests_in = $(patsubst testbench/$(1)/%,$(B)/test/%,$(basename $(wildcard testbench/$(1)/test_*.c testbench/$(1)/test_*.cpp)))
C_TESTS := $(foreach d,driver model cosnic_tests door device oracle,$(call tests_in,$(d)))
DEVICE_TESTS := $(call tests_in,device)
SYSTEM_TESTS := $(call tests_in,system)

TEST_INC := -Itestbench/unit -Itestbench/driver $(COSNIC_INC) $(INC_DRIVER)
# Everything of cosnic but its main program, for tests of its parts; a library, so that each links what it uses.
COSNIC_PARTS := $(B)/testbench/libcosnic.a
# The driver on the RTL with its assertions; the library is loaded at run time, COSNIC_CHECKED_LIB names another.
CHECKED_LIB := $(CURDIR)/build/checked/libsnic_sim.so

$(call c_objects,unit,$(CFLAGS),$(wildcard testbench/unit/*.c))
$(call c_objects,tests,$(CFLAGS) $(SAN) $(TEST_INC),$(wildcard testbench/driver/*.c testbench/model/*.c testbench/cosnic_tests/*.c))
$(call c_objects,device-tests,$(CFLAGS) $(SAN) $(TEST_INC) -DCOSNIC_CHECKED_LIB='"$(CHECKED_LIB)"',$(wildcard testbench/device/*.c))
$(call c_objects,system-tests,$(CFLAGS) -Itestbench/unit $(INC_CONTRACT),$(filter-out %/card_broken.c,$(wildcard testbench/system/*.c)))
$(call cxx_objects,door-tests,$(CXXFLAGS) $(SAN) -Irtl/sim $(INC_CONTRACT) -Itestbench/unit,$(wildcard testbench/door/*.cpp))
$(call cxx_objects,oracle-tests,$(CXXFLAGS) $(SAN) $(TEST_INC) -Itestbench/oracle -Itestbench/rtl,$(wildcard testbench/oracle/*.cpp))

$(call remember,libcosnic,$(COSNIC_OBJ))

$(COSNIC_PARTS): $(filter-out $(B)/testbench/cosnic/cli/main.o,$(COSNIC_OBJ)) $(VERSION_OBJ) $(REPORT_PAGE) $(FLAG_DIR)/libcosnic
	$(call archive)

# What each links beside its own object. As needed: SystemC asks for an sc_main, which is in the predictor.
TEST_MAIN := $(B)/testbench/unit/cu_main.o
TEST_LD := -Wl,--as-needed $(COSNIC_LD) -lcunit
ORACLE_SRC := $(filter-out testbench/oracle/test_%,$(wildcard testbench/oracle/*.cpp))
link_driver := $(patsubst %.c,$(B)/%.o,$(wildcard testbench/driver/soft_dev.c)) $(DRIVER_LIB)
link_model := $(REF_LIB) $(TIMING_LIB)
link_cosnic_tests := $(addprefix $(B)/testbench/unit/,capture.o taps.o) $(COSNIC_PARTS) $(SIM_PLAIN) $(COSNIC_LIBS)
link_door := $(DOOR_OBJ)
link_device := $(B)/testbench/device/dev.o $(addprefix $(B)/testbench/cosnic/,$(addprefix replay/,host.o score.o traffic.o) $(addprefix rules/,func_map.o flow_match.o flow_text.o) capture/frame.o) \
	$(TRACE_OBJ) \
	$(SIM_PLAIN) $(DRIVER_LIB) $(REF_LIB)
link_oracle := $(ORACLE_SRC:%.cpp=$(B)/%.o) $(B)/testbench/cosnic/capture/frame.o $(TRACE_OBJ) $(REF_LIB)
# the cosnic program on the RTL library, as a user runs it
link_system := $(addprefix $(B)/testbench/,system/run.o unit/capture.o)

# $(call test_rules,FOLDER). The link's words are expanded in the recipe: commas in them (-Wl,..., -fsanitize=a,b) are no arguments.
define test_rules
$(call remember,link-$(1),$(CXX) $(call compiler,$(CXX)) $(SAN) $(link_$(1)) $(TEST_LD))
$(call tests_in,$(1)): $(B)/test/%: $(B)/testbench/$(1)/%.o $(link_$(1)) $(TEST_MAIN) $(FLAG_DIR)/link-$(1)
	$$(call link,$$(CXX) $$(SAN),$$(TEST_LD))
endef
$(foreach d,$(TEST_DIRS),$(eval $(call test_rules,$(d))))

$(B)/test/test_dev_attack: $(B)/testbench/device/attackers.o
$(B)/test/test_dev_tunnel: $(B)/testbench/device/wrap.o

# A program of one's own on the bench of testbench/device: SRC is its C file, from anywhere.
.PHONY: device-test
DEVICE_TEST := $(B)/test/$(basename $(notdir $(SRC)))
device-test: $(link_device) $(B)/testbench/device/attackers.o $(TEST_MAIN) $(B)/checked/libsnic_sim.so $(B)/fast/libsnic_sim.so
	$(if $(SRC),,$(error make device-test SRC=FILE.c))
	$(CC) $(CFLAGS) $(SAN) $(TEST_INC) -Itestbench/device -DCOSNIC_CHECKED_LIB='"$(CHECKED_LIB)"' -c $(SRC) -o $(DEVICE_TEST).o
	$(CXX) $(SAN) $(DEVICE_TEST).o $(filter %.o %.a,$^) -o $(DEVICE_TEST) $(TEST_LD)
	@echo "$(DEVICE_TEST); on the fast library: COSNIC_CHECKED_LIB=$(B)/fast/libsnic_sim.so $(DEVICE_TEST)"

# Libraries that test_card loads.
STUB_FLAGS = $(CC) $(CFLAGS) -fPIC -shared -Irtl/sim $(if $(filter %_bare.so,$@),-DSTUB_BARE)
$(call remember,stubs,$(CC) $(call compiler,$(CC)) $(CFLAGS))

$(B)/test/card_stub.so $(B)/test/card_bare.so: testbench/door/card_stub.c $(addprefix rtl/sim/snic_,door.h card.h sim.h) $(FLAG_DIR)/stubs
	@echo "  link        $@"; mkdir -p $(@D)
	$(STUB_FLAGS) $< -o $@.new
	mv $@.new $@

# A card that is wrong in many ways, which test_card_test asks cosnic about.
$(B)/test/card_broken.so: testbench/system/card_broken.c $(addprefix rtl/sim/snic_,door.h card.h sim.h) $(FLAG_DIR)/stubs
	@echo "  link        $@"; mkdir -p $(@D)
	$(STUB_FLAGS) $< -o $@.new
	mv $@.new $@

$(B)/test/test_card_test: $(B)/test/card_broken.so $(EXAMPLE) $(CONTRACT_SH)

$(B)/test/test_card: $(B)/test/card_stub.so $(B)/test/card_bare.so

$(B)/test/two_clocks/libtwo_clocks.so: FORCE | $(HAVE_TOOLS)
	+$(MAKE) --no-print-directory -f testbench/door/two_clocks/two_clocks.mk OUT=$(@D) MARCH=$(MARCH) CARD_COMPILER=$(SIM_CXX_fast) JOBS=$(JOBS)

$(B)/test/test_two_clocks: $(B)/test/two_clocks/libtwo_clocks.so

SAN_MAKE = $(MAKE) --no-print-directory B=$(B)/san SAN="$(SAN_FLAGS)"

.PHONY: c-tests tests test
c-tests: $(C_TESTS)

tests: $(RTL_TESTS) $(SYSTEM_TESTS) $(B)/cosnic $(B)/fast/libsnic_sim.so $(B)/checked/libsnic_sim.so
	@$(SAN_MAKE) c-tests $(B)/san/cosnic

test: deps contract-fresh
	@.ci/deps.sh test
	@$(MAKE) --no-print-directory traces
	@$(MAKE) --no-print-directory tests guest-captures $(QTEST)
	@$(LET_IN); testbench/run_tests.sh $(B)/san/test/test_* $(B)/test/test_* qemu-dev/qtest.sh testbench/guest/test_guest.sh \
		testbench/device/test_dev_gating.sh testbench/system/test_build.sh testbench/system/test_install.sh testbench/system/test_kernel_tunnel.py testbench/report/test_page.py testbench/bench/test_slurm.sh \
		testbench/bench/test_kills.py testbench/report/test_accept.sh testbench/report/test_revs.sh \
		COSNIC_CHECKED_LIB=$(B)/fast/libsnic_sim.so $(B)/san/test/test_dev_*

# The test of kills and edits at length; SEED=N for others.
.PHONY: test-kills
test-kills: deps
	@$(MAKE) --no-print-directory all
	@mkdir -p results
	@$(LET_IN); ROUNDS=$(or $(ROUNDS),100) SEED=$(or $(SEED),0) python3 -u testbench/bench/test_kills.py | tee results/kills.txt

.PHONY: contract-fresh
contract-fresh:
	@$(MAKE) --no-print-directory check-contract
