# SPDX-License-Identifier: BSD-2-Clause
# make example: the template card's library and its driver (README.md).
EXAMPLE := $(B)/example/libexample.so
EXAMPLE_KO := $(B)/example/cosnic_example.ko

.PHONY: example
example: deps
	@$(MAKE) --no-print-directory $(EXAMPLE) $(EXAMPLE_KO)

# example.mk knows what it is made of
$(EXAMPLE): FORCE | $(HAVE_TOOLS)
	+$(MAKE) --no-print-directory -f rtl/example/example.mk OUT=$(@D) MARCH=$(MARCH) CARD_COMPILER=$(SIM_CXX_fast) JOBS=$(JOBS)

$(call remember,example-kmod,$(KDIR) $(call version,$(CC)))

$(EXAMPLE_KO): $(wildcard driver/example/*) rtl/example/example.def $(FLAG_DIR)/example-kmod \
		| $(if $(filter $(CURDIR)/$(GUEST)/%,$(KDIR)),$(GUEST)/manifest.txt)
	@echo "  build       $@"; mkdir -p $(@D)/kmod
	+$(MAKE) --no-print-directory -C driver/example KDIR=$(KDIR) OUT=$(abspath $(@D)/kmod) > $(@D)/kmod/build.log 2>&1 || { cat $(@D)/kmod/build.log >&2; exit 1; }
	cp $(@D)/kmod/$(@F) $@.new
	mv $@.new $@
