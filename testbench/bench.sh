#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The suites, each into results/bench-SUITE, the page that is made of them, and the size of the design.
#   testbench/bench.sh [SUITE]...     default: all but matrix
set -uo pipefail
cd "$(dirname "$0")/.." || exit

# What searches go over here: sizes at both ends and between, a link that is the limit and one that is not.
declare -A axes=(
	[rfc2544]="size=64,256,1518,9018;direction=rx,both;pcie=gen3x8,gen4x16"
	[latency]="size=64,512,1518;pcie=gen3x8,gen4x16"
	[sweep]="size=64,1518;vfs=1,8,64,255;latency=400:1200:400"
)
declare -A settings=([sweep]="--direction=both")

suites=("$@")
[[ ${#suites[@]} -gt 0 ]] || suites=(speed rates rfc2544 imix rules latency seeds sweep)
mkdir -p results
status=0
for suite in "${suites[@]}"; do
	echo "== bench $suite"
	args=() # what was made of the same program, library and inputs is kept
	[[ $suite != speed ]] || args+=(--fresh)
	[[ -z ${axes[$suite]:-} ]] || args+=(--over "${axes[$suite]}")
	[[ -z ${settings[$suite]:-} ]] || args+=("${settings[$suite]}")
	build/cosnic bench "$suite" "${args[@]}" || status=$?
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

# What the report shows over commits: of each commit what it measured last.
kept=results/history/$(git describe --always --dirty 2> /dev/null || echo unknown)
rm -rf "$kept"
mkdir -p "$kept"
cp -r results/bench-*/ "$kept/"

echo "== report"
build/cosnic report results/bench-*/ -o results/report.html || status=$?
exit "$status"
