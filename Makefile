# SPDX-License-Identifier: BSD-2-Clause
# Cosnic. `make` explains itself.

# Whether make only says what it would do; asked before flags of ours are among MAKEFLAGS.
DRY_RUN := $(findstring n,$(firstword -$(MAKEFLAGS)))
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules
# One line a step; V=1 shows the commands.
ifndef V
MAKEFLAGS += -s
endif

CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif
CXX ?= g++
ifeq ($(origin CXX),default)
CXX := g++
endif
# Compiles the fast simulation: SIM_CXX_fast=g++ takes another; results are the same.
on_path = $(if $(wildcard $(addsuffix /$(1),$(subst :, ,$(PATH)))),$(1))
ifeq ($(origin SIM_CXX_fast),undefined)
SIM_CXX_fast := $(firstword $(call on_path,clang++-19) $(call on_path,clang++) $(CXX))
endif
VERILATOR ?= verilator
# Cosnic's own; git describe stands beside it in results.
VERSION := 0.2.0
B := build
JOBS ?= $(shell nproc)

# The CPU that is compiled for, as compilers name it: native for this one (another CPU then builds anew), x86-64-v3 for those that
# have AVX2 and BMI2. Results are the same whichever.
MARCH ?= native

WARN := -Wall -Wextra -Werror
# No fused multiply-add: whether the machine has it would decide the last digit of a rate, and results are the same everywhere.
CFLAGS := -std=gnu11 -O2 -g -march=$(MARCH) -ffp-contract=off $(WARN)
CXXFLAGS := -std=c++17 -O2 -g -march=$(MARCH) -ffp-contract=off $(WARN)
INC_CONTRACT := -Irtl/contract

.PHONY: help
help:
	@echo "Cosnic: run a NIC's C driver and datapath against its cycle-accurate RTL"
	@echo
	@echo "  make demo        install what is missing, build, replay real captures, show the table (a few minutes once)"
	@echo "  make demo-guest  the same with Linux: boots in QEMU with the card as its NIC; VFs, ping, iperf3, ethtool"
	@echo "  make test        build and run the whole test suite"
	@echo
	@echo "  make deps        install what is missing from Debian (says what and why first)"
	@echo "  make kmod        build the Linux driver, build/kmod/snic.ko, for Debian's kernel (KDIR=DIR: another's headers)"
	@echo "  make all         build build/cosnic and the RTL library"
	@echo "  make example     the smallest complete card and its driver, to start one's own from (rtl/example)"
	@echo "  make guest       build what \`cosnic guest\` uses: QEMU, driver, Debian's kernel and packages"
	@echo "  make test-guest  all scenarios in the guest (make test runs the quick ones)"
	@echo "  make qemu        QEMU with the card in it, from Debian's source package"
	@echo "  make qtest       the card on QEMU's test bus, without a guest"
	@echo "  make fuzz        QEMU's fuzzer on the card, FUZZ_S=300 seconds"
	@echo "  make traces      fetch the real captures (Debian's tcpdump source package)"
	@echo "  make bench       suites (rates, RFC 2544, IMIX, rules, latency, published experiments, speed) and their report"
	@echo "  make report      one page of all results: predicted against measured, what limits, latency (results/report.html)"
	@echo "  make gate        a fixed set of runs, compared exactly with the committed baseline; gate-accept makes it the new one"
	@echo "  make plot        the plot of the README"
	@echo "  make matrix      predicted against measured, over sizes, links, VFs, cache hits and clocks"
	@echo "  make lint        verilator -Wall, yosys, gcc, clang, clang-tidy, include rules, generated files"
	@echo "  make coverage    line and toggle coverage of the RTL, by block"
	@echo "  make mutants     faults made by machine, one at a time: which do the tests not see (FILES=, N=8 a file, LEVEL=block)"
	@echo "  make device-test a test of your own on the whole card: SRC=FILE.c"
	@echo "  make man         the manual, build/cosnic.1, and bash completion, build/cosnic.bash"
	@echo "  make install     below PREFIX (/usr/local), DESTDIR before it; make deb: as Debian packages, into build/deb"
	@echo "  make contract    regenerate rtl/contract/REGISTERS.md"
	@echo "  make clean       remove build/"
	@echo "  V=1 shows commands, JOBS=N limits parallel compilers"

# These need nothing of what is below.
ifneq ($(filter-out help deps clean,$(or $(MAKECMDGOALS),help)),)

# Make splits words at blanks, and what is called (compilers, QEMU, apt) splits them at others of these.
comma := ,
BAD_PATH := $(strip $(foreach c,$(comma) : ; = % & ( ) [ ] { } < > | * ? ! ~ ^ ' " ` \ $$,$(findstring $(c),$(CURDIR))))
ifneq ($(words $(CURDIR)) $(BAD_PATH),1 )
$(error $(CURDIR): Cosnic cannot be built in a folder whose name has blanks or special characters; move it)
endif

# Objects, makefiles of Verilator and of QEMU know where they lie: in a folder that was moved or copied, make would go on with
# the sources of the old one. One make at a time works here.
CANNOT := $(if $(DRY_RUN),,$(shell .ci/enter.sh build $$PPID))
ifneq ($(CANNOT),)
$(error $(CANNOT))
endif
# What stands before it is built; what follows only uses that, and another make may go to work.
LET_IN := rm -f build/.make

include .ci/objects.mk
include rtl/contract/contract.mk
include rtl/sim/rtl.mk
include model/model.mk
include testbench/guest/guest.mk
include driver/driver.mk
include rtl/example/rules.mk
include qemu-dev/qemu.mk
include testbench/report/report.mk
include testbench/testbench.mk
include testbench/lint/lint.mk
include testbench/mutants/mutants.mk
include traces/traces.mk
include packaging/packaging.mk

.PHONY: all
all: $(B)/cosnic $(B)/fast/libsnic_sim.so

.PHONY: demo
demo: deps
	@+testbench/quietly.sh "building" $(B)/demo.log $(MAKE) --no-print-directory all traces
	@$(LET_IN); testbench/demo.sh

.PHONY: bench matrix
bench: deps
	@$(MAKE) --no-print-directory all
	@$(LET_IN); testbench/bench.sh

matrix: deps
	@$(MAKE) --no-print-directory all
	@$(LET_IN); testbench/bench.sh matrix

# What compilers said that things are made of. What has no such file is made anew.
NO_DEPENDENCIES := $(filter-out $(wildcard $(OBJECTS:=.d)),$(OBJECTS:=.d))
$(NO_DEPENDENCIES:%.d=%): FORCE
-include $(wildcard $(OBJECTS:=.d) $(DEPENDENCIES))

endif

.PHONY: deps
deps:
	@.ci/deps.sh

.PHONY: clean
clean:
	@[[ ! -d build ]] || .ci/enter.sh build $$PPID > /dev/null
	rm -rf $(B)
