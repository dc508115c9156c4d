# SPDX-License-Identifier: BSD-2-Clause
# make mutants: how much of what can go wrong the tests see. README.md beside this.

N ?= 8
SEED ?= 1
LEVEL ?= all

$(B)/mutants/mutate: $(wildcard testbench/mutants/*.[ch])
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(filter-out %/fail_fast.c,$(filter %.c,$^)) -o $@

$(B)/mutants/fail_fast.so: testbench/mutants/fail_fast.c
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) -shared -fPIC $< -o $@

.PHONY: mutants
mutants: deps $(B)/mutants/mutate $(B)/mutants/fail_fast.so $(CONTRACT_PKG)
	@JOBS=$(JOBS) TESTS="$(TESTS)" testbench/mutants/run.sh $(B)/mutants $(N) $(SEED) $(LEVEL) $(FILES)
