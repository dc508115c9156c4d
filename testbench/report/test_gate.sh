#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The gate must be green twice for the RTL as it is, and red, with the change named, for an RTL that is one cycle slower: a copy of the
# sources with one_cycle.patch in it, built into a scratch folder. Minutes, most of them for the compiler.
#   make test-gate
set -euo pipefail
cd "$(dirname "$0")/../.."

scratch=build/test-gate
passed=0 failed=0
check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@"; then
		echo "  ok   gate.$name" && passed=$((passed + 1))
	else
		echo "  FAIL gate.$name" && failed=$((failed + 1))
	fi
}
says() { grep -qE "$1" "$2" || { echo "    $2 does not say '$1'"; tail -n 20 "$2"; return 1; }; }
status() { [[ $1 -eq $2 ]] || { echo "    exit status $2, not $1"; return 1; }; }
# gate LOG NAME=VALUE...: runs it; its exit status is in $got
gate() {
	local log=$1
	shift
	got=0
	env "$@" testbench/report/gate.sh > "$log" 2>&1 || got=$?
}
baseline=$scratch/baseline.json

# What make would build is built without much optimization: compiling is most of the time, and cycles are the same.
rm -rf "$scratch"
mkdir -p "$scratch/slow"
cp -r Makefile .ci packaging rtl model driver qemu-dev testbench traces "$scratch/slow/"
patch -s -d "$scratch/slow" -p1 < testbench/report/one_cycle.patch || {
	echo "test_gate: one_cycle.patch does not fit rtl/wire/wire_rx.sv any more: make it anew" >&2
	exit 1
}
make --no-print-directory -C "$scratch/slow" build/fast/libsnic_sim.so SIM_OPT_fast=-O1

gate "$scratch/first.log" OUT="$scratch/first" BASELINE="$baseline"
check missing_baseline status 3 "$got"
check missing_baseline_said says "baseline.json is missing: make gate-accept" "$scratch/first.log"
OUT=$scratch/first BASELINE=$baseline testbench/report/gate.sh accept > "$scratch/accept.log"

gate "$scratch/again.log" OUT="$scratch/again" BASELINE="$baseline"
check run_twice status 0 "$got"
check run_twice_said says "gate: nothing changed" "$scratch/again.log"

gate "$scratch/slow.log" OUT="$scratch/out" BASELINE="$baseline" LIBRARY="$scratch/slow/build/fast/libsnic_sim.so"
check one_cycle status 1 "$got"
# in the way from the wire, and nowhere else
check one_cycle_named says '^rx-1mpps: changed' "$scratch/slow.log"
check one_cycle_by_how_much says 'measured.latency_ns.rx.min .* \+1 cycle ' "$scratch/slow.log"
check other_ways_are_green says '^[0-9]+ points: [1-9][0-9]* the same' "$scratch/slow.log"
check junit says '<testcase [^>]*name="tx-64-gen3x8"></testcase>' "$scratch/out/gate.xml"
check junit_failure says '<testcase [^>]*name="rx-1mpps"><failure message="measured' "$scratch/out/gate.xml"
check markdown says 'rx-1mpps \| measured' "$scratch/out/gate.md"

rm -rf "$scratch/slow"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
