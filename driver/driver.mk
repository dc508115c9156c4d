# SPDX-License-Identifier: BSD-2-Clause
# driver/hw with the user-space osdep, and the poll-mode driver over it.

DRIVER_SRC := $(wildcard driver/hw/*.c driver/pmd/*.c)
DRIVER_LIB := $(B)/driver/libsnic_pmd.a
INC_DRIVER := -Idriver/hw -Idriver/pmd

$(B)/driver/%.o: driver/%.c $(wildcard driver/hw/*.h driver/pmd/*.h) $(CONTRACT_DEFS)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(INC_CONTRACT) $(INC_DRIVER) -c $< -o $@

$(DRIVER_LIB): $(DRIVER_SRC:%.c=$(B)/%.o)
	rm -f $@
	ar rcs $@ $^

# The kernel module, for the kernel whose headers KDIR names (testbench/guest/guest.mk: Debian's).
KMOD := $(B)/kmod/snic.ko
KMOD_SRC := $(wildcard driver/hw/*.[ch] driver/kmod/*) $(CONTRACT_DEFS)

.PHONY: kmod
kmod: $(KMOD)

$(KMOD): $(KMOD_SRC) | $(if $(filter $(CURDIR)/$(GUEST)/%,$(KDIR)),$(GUEST)/manifest.txt)
	@echo "  build       $@"; mkdir -p $(@D)
	+$(MAKE) --no-print-directory -C driver/kmod KDIR=$(KDIR) OUT=$(abspath $(@D)) > $(@D)/build.log 2>&1 || { cat $(@D)/build.log >&2; exit 1; }
	touch $@
