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

# What is in the guest: remade when one of its scripts changes.
$(GUEST)/vmlinux: $(GUEST)/manifest.txt testbench/guest/root.sh testbench/guest/init testbench/guest/lib.sh
	testbench/guest/root.sh $(GUEST)
	touch $@
