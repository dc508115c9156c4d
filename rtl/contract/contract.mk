# SPDX-License-Identifier: BSD-2-Clause
# The contract in SystemVerilog and for people, both printed from the .def tables.

CONTRACT_DEFS := $(wildcard rtl/contract/*.def) rtl/contract/snic_contract.h
CONTRACT_PKG := $(B)/contract/snic_contract_pkg.sv

$(B)/contract/contract_gen: rtl/contract/contract_gen.c $(CONTRACT_DEFS)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(INC_CONTRACT) $< -o $@

# A change that says nothing new to the RTL does not build the RTL again.
$(CONTRACT_PKG): $(B)/contract/contract_gen
	$< sv > $@.new
	if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

.PHONY: contract check-contract
contract: $(B)/contract/contract_gen
	$< md > rtl/contract/REGISTERS.md

# REGISTERS.md is committed because people read it; it must be what the tables say.
check-contract: $(B)/contract/contract_gen
	@$< md | diff -u rtl/contract/REGISTERS.md - || { echo "rtl/contract/REGISTERS.md is stale: run 'make contract'"; exit 1; }
