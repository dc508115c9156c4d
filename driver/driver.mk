# SPDX-License-Identifier: BSD-2-Clause
# driver/hw with the user-space osdep, and the poll-mode driver over it.

DRIVER_SRC := $(wildcard driver/hw/*.c driver/pmd/*.c)
DRIVER_LIB := $(B)/driver/libsnic_pmd.a
INC_DRIVER := -Idriver/hw -Idriver/pmd

$(call c_objects,driver,$(CFLAGS) $(SAN) $(INC_CONTRACT) $(INC_DRIVER),$(DRIVER_SRC))
$(call remember,libsnic_pmd,$(DRIVER_SRC))

$(DRIVER_LIB): $(DRIVER_SRC:%.c=$(B)/%.o) $(FLAG_DIR)/libsnic_pmd
	$(call archive)

# The kernel module, for the kernel whose headers KDIR names (testbench/guest/guest.mk: Debian's).
KMOD := $(B)/kmod/snic.ko
KMOD_SRC := $(wildcard driver/hw/*.[ch] driver/kmod/*) $(CONTRACT_DEFS)

.PHONY: kmod
kmod: $(KMOD)

# The kernel's build knows what its objects are made of; the stamp says that it ended well.
$(call remember,kmod,$(KDIR) $(call version,$(CC)))

$(B)/kmod/.built: $(KMOD_SRC) $(FLAG_DIR)/kmod $(if $(wildcard $(KMOD)),,FORCE) \
		| $(if $(filter $(CURDIR)/$(GUEST)/%,$(KDIR)),$(GUEST)/manifest.txt)
	@echo "  build       $(KMOD)"; mkdir -p $(@D)
	+mkdir -p $(@D); $(MAKE) --no-print-directory -C driver/kmod KDIR=$(KDIR) OUT=$(abspath $(@D)) > $(@D)/build.log 2>&1 || { cat $(@D)/build.log >&2; exit 1; }
	touch $(KMOD) $@

$(KMOD): $(B)/kmod/.built ;
