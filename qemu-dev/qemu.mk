# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU with the device in it: build/qemu/qemu-system-x86_64, from Debian's source package or from the tree that QEMU_SRC
# names. Editing qemu-dev/device rebuilds the device only. QEMU_RELEASE=10.0 is Debian 13's, beside it in build/qemu-10.0.

QEMU_RELEASE ?= 7.2
QEMU_NAME := qemu$(if $(filter 7.2,$(QEMU_RELEASE)),,-$(QEMU_RELEASE))
QEMU_TREE := $(B)/$(QEMU_NAME)-src
QEMU_BUILD := $(B)/$(QEMU_NAME)
QEMU := $(QEMU_BUILD)/qemu-system-x86_64
QEMU_DEVICE := $(wildcard qemu-dev/device/*) $(addprefix rtl/sim/snic_,sim.h card.h door.h door.c)
QEMU_CONFIG := --target-list=x86_64-softmmu --without-default-features --enable-tcg --enable-slirp --disable-docs \
	--disable-tools --disable-guest-agent --disable-debug-info --disable-install-blobs
# Where source.sh puts the meson of a release that wants a newer one than Debian 12's.
QEMU_PYTHON := $(CURDIR)/$(QEMU_TREE)/debian-tools/usr/lib/python3/dist-packages

.PHONY: qemu qemu-deps
qemu: qemu-deps
	@$(MAKE) --no-print-directory $(QEMU)

qemu-deps:
	@.ci/deps.sh guest

# Another QEMU_SRC is another tree; another configuration or compiler configures again.
$(call remember,$(QEMU_NAME)-source,$(or $(QEMU_SRC),debian))
$(call remember,$(QEMU_NAME)-config,$(QEMU_CONFIG) $(CC) $(call version,$(CC)))

$(QEMU_TREE)/.ready: $(FLAG_DIR)/$(QEMU_NAME)-source qemu-dev/source.sh qemu-dev/qemu.source .ci/debian.sh \
		$(wildcard qemu-dev/patches/*/*)
	qemu-dev/source.sh $(QEMU_TREE) $(B)/apt $(QEMU_RELEASE)
	@touch $@

$(QEMU_BUILD)/.configured: $(QEMU_TREE)/.ready $(FLAG_DIR)/$(QEMU_NAME)-config qemu-dev/firmware.sh
	@echo "  configure   $(QEMU_BUILD)"; mkdir -p $(@D)
	cd $(@D) && { PYTHONPATH=$(QEMU_PYTHON) $(CURDIR)/$(QEMU_TREE)/configure $(QEMU_CONFIG) > configure.log 2>&1 || { tail -n 20 configure.log; exit 1; }; }
	qemu-dev/firmware.sh $(QEMU_BUILD) $(QEMU_TREE)
	@touch $@

# ninja knows what is whole; a stamp says that it ended well. $(call ninja_stamp,PROGRAM): that of one of its programs
ninja_stamp = $(dir $(1)).$(notdir $(1)).built

$(call ninja_stamp,$(QEMU)): $(QEMU_BUILD)/.configured $(QEMU_DEVICE) $(if $(wildcard $(QEMU)),,FORCE)
	@echo "  compile     $(QEMU) (three minutes the first time)"
	PYTHONPATH=$(QEMU_PYTHON) ninja -C $(QEMU_BUILD) -j$(JOBS) $(notdir $(QEMU)) > $(QEMU_BUILD)/ninja.log 2>&1 || { grep -A 20 FAILED $(QEMU_BUILD)/ninja.log; exit 1; }
	@touch $(QEMU) $@

$(QEMU): $(call ninja_stamp,$(QEMU)) ;

# The card on QEMU's test bus, without a guest.
QTEST := $(QEMU_BUILD)/tests/qtest/snic-test

$(call ninja_stamp,$(QTEST)): $(QEMU_BUILD)/.configured qemu-dev/tests/snic-test.c $(CONTRACT_DEFS) $(if $(wildcard $(QTEST)),,FORCE)
	@echo "  compile     $(QTEST)"
	PYTHONPATH=$(QEMU_PYTHON) ninja -C $(QEMU_BUILD) -j$(JOBS) tests/qtest/snic-test > $(QEMU_BUILD)/ninja-qtest.log 2>&1 || { grep -A 20 FAILED $(QEMU_BUILD)/ninja-qtest.log; exit 1; }
	@touch $(QTEST) $@

$(QTEST): $(call ninja_stamp,$(QTEST)) ;

.PHONY: qtest
qtest: qemu-deps
	@$(MAKE) --no-print-directory $(QEMU) $(QTEST) $(B)/fast/libsnic_sim.so
	@$(LET_IN); qemu-dev/qtest.sh $(QTEST) $(QEMU) $(B)/fast/libsnic_sim.so

# QEMU's generic fuzzer on the card, with sanitizers, FUZZ_S seconds long: from the same tree, in a folder of its own.
FUZZ_BUILD := $(B)/qemu-fuzz
FUZZ := $(FUZZ_BUILD)/qemu-fuzz-x86_64
FUZZ_S ?= 300

$(FUZZ_BUILD)/.configured: $(QEMU_TREE)/.ready $(FLAG_DIR)/$(QEMU_NAME)-config qemu-dev/firmware.sh
	@echo "  configure   $(FUZZ_BUILD)"; mkdir -p $(@D)
	cd $(@D) && { PYTHONPATH=$(QEMU_PYTHON) CC=clang CXX=clang++ $(CURDIR)/$(QEMU_TREE)/configure $(QEMU_CONFIG) --enable-fuzzing --enable-sanitizers \
		> configure.log 2>&1 || { tail -n 20 configure.log; exit 1; }; }
	qemu-dev/firmware.sh $(FUZZ_BUILD) $(QEMU_TREE)
	@touch $@

$(call ninja_stamp,$(FUZZ)): $(FUZZ_BUILD)/.configured $(QEMU_DEVICE) $(if $(wildcard $(FUZZ)),,FORCE)
	@echo "  compile     $(FUZZ) (ten minutes the first time)"
	PYTHONPATH=$(QEMU_PYTHON) ninja -C $(FUZZ_BUILD) -j$(JOBS) $(notdir $(FUZZ)) > $(FUZZ_BUILD)/ninja.log 2>&1 || { grep -A 20 FAILED $(FUZZ_BUILD)/ninja.log; exit 1; }
	@touch $(FUZZ) $@

$(FUZZ): $(call ninja_stamp,$(FUZZ)) ;

.PHONY: fuzz
fuzz: qemu-deps
	@[[ $(QEMU_RELEASE) == 7.2 ]] || { echo "fuzz: it is for QEMU_RELEASE=7.2 (qemu-dev/README.md)"; exit 1; }
	@$(MAKE) --no-print-directory $(FUZZ) $(B)/fast/libsnic_sim.so
	@$(LET_IN); qemu-dev/fuzz.sh $(FUZZ_S)
