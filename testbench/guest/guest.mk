# SPDX-License-Identifier: BSD-2-Clause
# The guest: Debian's kernel, its headers and the packages of its root, fetched once into build/guest.

APT_STATE := $(B)/apt
GUEST := $(B)/guest
# What kernel modules are built against (driver/driver.mk); KDIR=DIR takes another kernel's.
KDIR ?= $(CURDIR)/$(GUEST)/headers/build

.PHONY: guest-packages
guest-packages: $(GUEST)/manifest.txt

$(GUEST)/manifest.txt: testbench/guest/fetch.sh testbench/guest/packages.sh testbench/guest/packages.list .ci/debian.sh
	testbench/guest/fetch.sh $(GUEST) $(APT_STATE)

# XDP programs of the scenarios
XDP_OBJ := $(patsubst testbench/guest/bpf/%.c,$(GUEST)/share/%.o,$(wildcard testbench/guest/bpf/*.c))

XDP_FLAGS := -O2 -Wall -Wextra -Werror -target bpf -I/usr/include/$(shell $(CC) -print-multiarch 2> /dev/null)
$(call remember,xdp,$(XDP_FLAGS) $(call version,$(SIM_CXX_fast)))

$(XDP_OBJ): $(GUEST)/share/%.o: testbench/guest/bpf/%.c $(wildcard testbench/guest/bpf/*.h) $(FLAG_DIR)/xdp
	@mkdir -p $(@D)
	clang $(XDP_FLAGS) -c $< -o $@.new
	mv $@.new $@

# Programs of the scenarios, for any x86-64
PROG := $(patsubst testbench/guest/prog/%.c,$(GUEST)/share/%,$(wildcard testbench/guest/prog/*.c))

PROG_FLAGS := -std=gnu11 -O2 $(WARN) -static $(INC_CONTRACT)
$(call remember,guest-prog,$(CC) $(call version,$(CC)) $(PROG_FLAGS))

$(PROG): $(GUEST)/share/%: testbench/guest/prog/%.c $(CONTRACT_DEFS) $(FLAG_DIR)/guest-prog
	@mkdir -p $(@D)
	$(CC) $(PROG_FLAGS) $< -o $@.new
	mv $@.new $@

# What is in the guest: made anew when one of its scripts changes.
$(call remember,guest-root,$(XDP_OBJ) $(PROG) $(wildcard testbench/guest/golden/*))

$(GUEST)/.root: $(GUEST)/manifest.txt $(XDP_OBJ) $(PROG) $(CONTRACT_SH) $(addprefix testbench/guest/,root.sh unwrap.sh init lib.sh) \
		$(wildcard testbench/guest/golden/*) $(FLAG_DIR)/guest-root $(if $(wildcard $(GUEST)/vmlinux),,FORCE)
	testbench/guest/root.sh $(GUEST) $(CONTRACT_SH)
	touch $(GUEST)/vmlinux $@

$(GUEST)/vmlinux: $(GUEST)/.root ;

# All that `cosnic guest` uses.
.PHONY: guest
guest: qemu-deps
	@$(MAKE) --no-print-directory all $(GUEST)/vmlinux $(QEMU) $(KMOD)

# Captures that scenarios have on the wire
$(GUEST)/capture.pcap: $(B)/cosnic
	$(B)/cosnic gen --size 64 --count 500 --flows 16 --quiet -o $@.new
	mv $@.new $@

$(GUEST)/rate.pcap: $(B)/cosnic
	$(B)/cosnic gen --size 64 --count 30000 --flows 64 --wire-gbps 10 --quiet -o $@.new
	mv $@.new $@

$(GUEST)/example.pcap: $(B)/cosnic
	$(B)/cosnic gen --size 64-1518 --count 200 --flows 8 --wire-gbps 1 --quiet -o $@.new
	mv $@.new $@

.PHONY: guest-captures test-guest demo-guest
guest-captures: guest
	@$(MAKE) --no-print-directory $(GUEST)/capture.pcap $(GUEST)/rate.pcap $(GUEST)/example.pcap $(EXAMPLE) $(EXAMPLE_KO)

test-guest: deps guest-captures $(B)/trace/libsnic_sim.so
	@$(MAKE) --no-print-directory qtest
	@$(LET_IN); testbench/guest/test_guest.sh all

demo-guest: deps guest
	@$(LET_IN); testbench/guest/demo.sh
