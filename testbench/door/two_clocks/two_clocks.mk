# SPDX-License-Identifier: BSD-2-Clause
# The card of test_two_clocks.
.DEFAULT_GOAL := card
SHELL := /bin/bash
DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

CARD := two_clocks
CARD_TOP := two_clocks
CARD_SV := $(DIR)/two_clocks.sv
CARD_GLUE := $(DIR)/glue.cpp
CARD_DEPS := $(DIR)/two_clocks.mk $(DIR)/../../../rtl/sim/card.mk
include $(DIR)/../../../rtl/sim/card.mk
