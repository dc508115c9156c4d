# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU with the device in it: build/qemu/qemu-system-x86_64, from Debian's source package or from the tree that QEMU_SRC
# names. Editing qemu-dev/device rebuilds the device only. QEMU_RELEASE=10.0 is Debian 13's, beside it in build/qemu-10.0.

QEMU_RELEASE ?= 7.2
QEMU_NAME := qemu$(if $(filter 7.2,$(QEMU_RELEASE)),,-$(QEMU_RELEASE))
QEMU_TREE := $(B)/$(QEMU_NAME)-src
QEMU_BUILD := $(B)/$(QEMU_NAME)
QEMU := $(QEMU_BUILD)/qemu-system-x86_64
QEMU_DEVICE := $(wildcard qemu-dev/device/*) rtl/sim/snic_sim.h $(CONTRACT_DEFS)
QEMU_CONFIG := --target-list=x86_64-softmmu --without-default-features --enable-tcg --enable-slirp --disable-docs \
	--disable-tools --disable-guest-agent --disable-debug-info --disable-install-blobs
# Where source.sh puts the meson of a release that wants a newer one than Debian 12's.
QEMU_PYTHON := $(CURDIR)/$(QEMU_TREE)/debian-tools/usr/lib/python3/dist-packages

.PHONY: qemu qemu-deps
qemu: qemu-deps
	@$(MAKE) --no-print-directory $(QEMU)

qemu-deps:
	@.ci/deps.sh guest

# Another QEMU_SRC is another tree.
.PHONY: qemu-which
qemu-which:
	@mkdir -p $(B)
	@echo "$${QEMU_SRC:-debian}" > $(B)/$(QEMU_NAME)-which.new
	@cmp -s $(B)/$(QEMU_NAME)-which.new $(B)/$(QEMU_NAME)-which || cp $(B)/$(QEMU_NAME)-which.new $(B)/$(QEMU_NAME)-which

$(B)/$(QEMU_NAME)-which: qemu-which ;

$(QEMU_TREE)/.ready: $(B)/$(QEMU_NAME)-which qemu-dev/source.sh qemu-dev/qemu.source .ci/debian.sh \
		$(wildcard qemu-dev/patches/*/*)
	qemu-dev/source.sh $(QEMU_TREE) $(B)/apt $(QEMU_RELEASE)
	@touch $@

$(QEMU_BUILD)/.configured: $(QEMU_TREE)/.ready qemu-dev/qemu.mk qemu-dev/firmware.sh
	@echo "  configure   $(QEMU_BUILD)"; mkdir -p $(@D)
	cd $(@D) && { PYTHONPATH=$(QEMU_PYTHON) $(CURDIR)/$(QEMU_TREE)/configure $(QEMU_CONFIG) > configure.log 2>&1 || { tail -n 20 configure.log; exit 1; }; }
	qemu-dev/firmware.sh $(QEMU_BUILD) $(QEMU_TREE)
	@touch $@

$(QEMU): $(QEMU_BUILD)/.configured $(QEMU_DEVICE)
	@echo "  compile     $@ (three minutes the first time)"
	PYTHONPATH=$(QEMU_PYTHON) ninja -C $(QEMU_BUILD) -j$(JOBS) $(@F) > $(QEMU_BUILD)/ninja.log 2>&1 || { grep -A 20 FAILED $(QEMU_BUILD)/ninja.log; exit 1; }
	@touch $@

# The card on QEMU's test bus, without a guest.
QTEST := $(QEMU_BUILD)/tests/qtest/snic-test

$(QTEST): $(QEMU_BUILD)/.configured qemu-dev/tests/snic-test.c $(CONTRACT_DEFS)
	@echo "  compile     $@"
	PYTHONPATH=$(QEMU_PYTHON) ninja -C $(QEMU_BUILD) -j$(JOBS) tests/qtest/snic-test > $(QEMU_BUILD)/ninja-qtest.log 2>&1 || { grep -A 20 FAILED $(QEMU_BUILD)/ninja-qtest.log; exit 1; }
	@touch $@

.PHONY: qtest
qtest: qemu-deps
	@$(MAKE) --no-print-directory $(QEMU) $(QTEST) $(B)/fast/libsnic_sim.so
	@qemu-dev/qtest.sh $(QTEST) $(QEMU) $(B)/fast/libsnic_sim.so

# QEMU's generic fuzzer on the card, with sanitizers, FUZZ_S seconds long: from the same tree, in a folder of its own.
FUZZ_BUILD := $(B)/qemu-fuzz
FUZZ := $(FUZZ_BUILD)/qemu-fuzz-x86_64
FUZZ_S ?= 300

$(FUZZ_BUILD)/.configured: $(QEMU_TREE)/.ready qemu-dev/qemu.mk qemu-dev/firmware.sh
	@echo "  configure   $(FUZZ_BUILD)"; mkdir -p $(@D)
	cd $(@D) && { PYTHONPATH=$(QEMU_PYTHON) CC=clang CXX=clang++ $(CURDIR)/$(QEMU_TREE)/configure $(QEMU_CONFIG) --enable-fuzzing --enable-sanitizers \
		> configure.log 2>&1 || { tail -n 20 configure.log; exit 1; }; }
	qemu-dev/firmware.sh $(FUZZ_BUILD) $(QEMU_TREE)
	@touch $@

$(FUZZ): $(FUZZ_BUILD)/.configured $(QEMU_DEVICE)
	@echo "  compile     $@ (ten minutes the first time)"
	PYTHONPATH=$(QEMU_PYTHON) ninja -C $(FUZZ_BUILD) -j$(JOBS) $(@F) > $(FUZZ_BUILD)/ninja.log 2>&1 || { grep -A 20 FAILED $(FUZZ_BUILD)/ninja.log; exit 1; }
	@touch $@

.PHONY: fuzz
fuzz: qemu-deps
	@[[ $(QEMU_RELEASE) == 7.2 ]] || { echo "fuzz: it is for QEMU_RELEASE=7.2 (qemu-dev/README.md)"; exit 1; }
	@$(MAKE) --no-print-directory $(FUZZ) $(B)/fast/libsnic_sim.so
	@qemu-dev/fuzz.sh $(FUZZ_S)
