#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Numbers that have a name in the contract: bits of registers and rows by number where a field says it, register offsets by
# number in scripts. (Words whose only field begins at bit 0 may be cut to its width.)
set -euo pipefail
cd "$(dirname "$0")/../.."

found=0
look() { # WHAT_TO_USE PATTERN ALLOWED FILE...
	local use=$1 pattern=$2 allowed=$3 lines
	shift 3
	lines=$(git grep -nE "$pattern" -- "$@" | grep -vE "$allowed") || return 0
	printf '%s\n' "$lines"
	echo "use $use"
	found=$((found + $(wc -l <<< "$lines")))
}
nothing='^$'

look "the register's struct of snic_contract_pkg" '(op_wdata_i|qcfg_wr_i\.data|ft_wr_i\.flags|\bsel)\[[0-9]+(:[0-9]+)?\]' \
	'op_wdata_i\[(31:16|15:0|4:0)\]' 'rtl/host/*.sv' 'rtl/queue/*.sv' 'rtl/pipe/*.sv'
look "SNIC_MASK(REGISTER, FIELD)" '(snic_(wr|rd)32|dev_(wr|rd))\(.*[^0-9a-zA-Z_](0x80000000|0x40000000|1u? << 3[01])' "$nothing" \
	'driver/*.c' 'testbench/device/*.c'
look "\$REG_<register> of regs.sh" '(^|[^a-z])(reg|devmem [^ ]+) 0x[0-9a-f]+' "$nothing" 'testbench/guest/*.sh'

if [[ $found -gt 0 ]]; then
	echo "$found numbers have a name in rtl/contract"
	exit 1
fi
echo "no number that has a name"
