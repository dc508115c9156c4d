# SPDX-License-Identifier: BSD-2-Clause
# The example card's library, made by rtl/sim/card.mk as that of a card of one's own would be; make example calls this.
#   make -f rtl/example/example.mk [card | card-trace]
.DEFAULT_GOAL := card
.DELETE_ON_ERROR:
SHELL := /bin/bash
DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
OUT ?= build/example

CARD := example
CARD_TOP := example_card
CARD_SV := $(OUT)/example_pkg.sv $(sort $(wildcard $(DIR)/*.sv))
CARD_GLUE := $(DIR)/glue.cpp
CARD_CXX := -I$(abspath $(DIR))
CARD_DEPS := $(DIR)/example.def $(DIR)/example.mk $(DIR)/../sim/card.mk
include $(DIR)/../sim/card.mk

# The numbers of example.def for SystemVerilog
$(OUT)/example_pkg.sv: $(DIR)/example.def $(DIR)/example.mk
	@mkdir -p $(@D)
	@{ echo 'package example_pkg;'; \
	  sed -nE 's/^EXAMPLE\((\w+), *(0x)?([0-9a-fA-F]+),.*/\1 \2 \3/p' $< | \
	  awk '{ printf "  localparam logic [31:0] %s = 32'\''%s%s;\n", $$1, NF == 3 ? "h" : "d", $$NF }'; \
	  echo 'endpackage'; } > $@.new
	@mv $@.new $@
