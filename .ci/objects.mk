# SPDX-License-Identifier: BSD-2-Clause
# How things are compiled, so that what is stale, or half written, is never used:
#   - compilers say which headers an object was made of (OBJECT.d)
#   - flags and versions of tools are remembered in $(B)/flags, in files that change when the text does
#   - what is made gets its name when it is whole, and a stamp after success only: whatever ended make, make goes on
# A recipe of another kind keeps to the same: `remember` what it is made by, write TARGET.new, rename it.

FLAG_DIR := $(B)/flags

.PHONY: FORCE
FORCE:

# ---- tools
# NAME=VERSION of each, NAME=none when it is missing; cpu=... for MARCH=native.
TOOLS := $(shell mkdir -p $(FLAG_DIR); .ci/versions.sh $(FLAG_DIR)/.tools $(sort $(CC) $(CXX) $(SIM_CXX_fast) $(VERILATOR)))
# $(call version,COMMAND), $(call compiler,COMMAND): of a compiler also for which CPU, where the flags do not say that
version = $(foreach w,$(1),$(filter $(w)=%,$(TOOLS)))
compiler = $(version) $(if $(filter native,$(MARCH)),$(filter cpu=%,$(TOOLS)))
MISSING_TOOLS := $(patsubst %=none,%,$(filter %=none,$(TOOLS)))
HAVE_TOOLS := $(if $(MISSING_TOOLS),missing-tools)

# Asked once of these tools: whether they know that CPU, and this one can run what is made for it.
MARCH_OF := $(strip $(MARCH) $(TOOLS))
ifneq ($(strip $(file <$(FLAG_DIR)/.march)),$(MARCH_OF))
MARCH_NOT := $(shell .ci/march.sh '$(MARCH)' $(CC))
ifneq ($(MARCH_NOT),)
$(error $(MARCH_NOT))
endif
$(if $(DRY_RUN),,$(file >$(FLAG_DIR)/.march,$(MARCH_OF)))
endif

.PHONY: missing-tools
missing-tools:
	@echo "$(MISSING_TOOLS): not installed; make deps installs what is missing" >&2; exit 1

# ---- what is remembered
differ = $(subst x$(1)x,,x$(2)x)$(subst x$(2)x,,x$(1)x)
remember_text = $(if $(call differ,$(strip $(file <$(FLAG_DIR)/$(1))),$(2)),$(if $(DRY_RUN),$(eval $(FLAG_DIR)/$(1): FORCE ; : flags of $(1)),$(file >$(FLAG_DIR)/$(1),$(2))))
# $(call remember,NAME,TEXT): $(FLAG_DIR)/NAME is a prerequisite of what TEXT decides
remember = $(call remember_text,$(1),$(strip $(2)))

# ---- objects
# $(call c_objects,NAME,FLAGS,FILE.c...): each FILE.c to $(B)/FILE.o; cxx_objects: each FILE.cpp
OBJECTS :=
c_objects = $(eval $(call object_rules,$(1),$(CC) $(2),c,$(3),$(call compiler,$(CC))))
cxx_objects = $(eval $(call object_rules,$(1),$(CXX) $(2),cpp,$(3),$(call compiler,$(CXX))))

define object_rules
$(call remember,$(1),$(2) $(5))
OBJECTS += $(4:%.$(3)=$(B)/%.o)
$(4:%.$(3)=$(B)/%.o): $(B)/%.o: %.$(3) $(FLAG_DIR)/$(1) | $(HAVE_TOOLS)
	@echo "  build       $$@"; mkdir -p $$(@D)
	$(2) -MMD -MP -MF $$@.d.new -MT $$@ -c $$< -o $$@.new
	mv $$@.d.new $$@.d; mv $$@.new $$@
endef

# ---- programs and libraries, of the objects and libraries among the prerequisites
# $(call link,COMMAND,LIBRARIES); the command and what it links stand in a remembered file
define link
	@echo "  link        $@"; mkdir -p $(@D)
	$(1) $(filter %.o %.a,$^) -o $@.new $(2)
	mv $@.new $@
endef

define archive
	rm -f $@.new
	ar rcs $@.new $(filter %.o,$^)
	mv $@.new $@
endef
