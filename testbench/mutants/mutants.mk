# SPDX-License-Identifier: BSD-2-Clause
# make mutants: how much of what can go wrong the tests see. README.md beside this.

N ?= 8
SEED ?= 1
LEVEL ?= all

MUTATE_SRC := $(filter-out %/fail_fast.c,$(wildcard testbench/mutants/*.c))

$(call c_objects,mutate,$(CFLAGS),$(MUTATE_SRC))
$(call c_objects,fail-fast,$(CFLAGS) -fPIC,testbench/mutants/fail_fast.c)
$(call remember,link-mutate,$(MUTATE_SRC))

$(B)/mutants/mutate: $(MUTATE_SRC:%.c=$(B)/%.o) $(FLAG_DIR)/link-mutate
	$(call link,$(CC),)

$(B)/mutants/fail_fast.so: $(B)/testbench/mutants/fail_fast.o
	$(call link,$(CC) -shared,)

.PHONY: mutants
mutants: deps $(B)/mutants/mutate $(B)/mutants/fail_fast.so $(CONTRACT_PKG)
	@JOBS=$(JOBS) TESTS="$(TESTS)" testbench/mutants/run.sh $(B)/mutants $(N) $(SEED) $(LEVEL) $(FILES)
