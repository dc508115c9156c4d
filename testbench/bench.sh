#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The figures of the README: simulation speed and what it is the speed of, line rates, predicted against measured.
#   testbench/bench.sh [speed|rates|matrix]...     default: speed and rates
set -uo pipefail
cd "$(dirname "$0")/.." || exit

mkdir -p results
status=0
for suite in "${@:-speed rates}"; do
	for s in $suite; do
		echo "== bench $s"
		build/cosnic bench "$s" --fresh || status=$?
	done
done

echo "== size of the design"
rtl=$(find rtl -name '*.sv' -exec cat {} + | wc -l)
verilated=$(cat build/fast/obj/Vsnic_top*.cpp build/fast/obj/Vsnic_top*.h | wc -l)
printf 'SystemVerilog lines   %8d\nVerilated C++ lines   %8d\n' "$rtl" "$verilated"
if [[ -s results/yosys.csv ]]; then
	echo "flip-flops, RAM bits and logic depth by block (results/yosys.txt):"
	cat results/yosys.txt
else
	echo "flip-flops by block: run 'make lint LINT=yosys' first"
fi

echo "== report"
build/cosnic report results/bench-*/ -o results/report.html || status=$?
exit "$status"
