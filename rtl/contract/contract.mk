# SPDX-License-Identifier: BSD-2-Clause
# The contract in SystemVerilog and for people, both printed from the .def tables.

CONTRACT_DEFS := $(wildcard rtl/contract/*.def) rtl/contract/snic_contract.h
CONTRACT_PKG := $(B)/contract/snic_contract_pkg.sv

$(call c_objects,contract,$(CFLAGS) $(INC_CONTRACT),rtl/contract/contract_gen.c)

$(B)/contract/contract_gen: $(B)/rtl/contract/contract_gen.o
	$(call link,$(CC),)

# A change that says nothing new to the RTL does not build the RTL again.
$(B)/contract/.printed: $(B)/contract/contract_gen $(if $(wildcard $(CONTRACT_PKG)),,FORCE)
	$< sv > $(CONTRACT_PKG).new
	if cmp -s $(CONTRACT_PKG).new $(CONTRACT_PKG); then rm $(CONTRACT_PKG).new; else mv $(CONTRACT_PKG).new $(CONTRACT_PKG); fi
	touch $@

# (a dry run cannot know whether it is)
$(CONTRACT_PKG): $(if $(DRY_RUN),|) $(B)/contract/.printed ;

# For the guest's scripts.
CONTRACT_SH := $(B)/contract/regs.sh
$(CONTRACT_SH): $(B)/contract/contract_gen
	$< sh > $@.new
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

.PHONY: contract check-contract
contract: $(B)/contract/contract_gen
	$< md > rtl/contract/REGISTERS.md

# REGISTERS.md is committed because people read it; it must be what the tables say.
check-contract: $(B)/contract/contract_gen
	@$< md | diff -u rtl/contract/REGISTERS.md - || { echo "rtl/contract/REGISTERS.md is stale: run 'make contract'"; exit 1; }
