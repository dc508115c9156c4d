#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs QEMU's generic fuzzer on the card for SECONDS. Inputs that reached new code are kept for the next time; one that broke
# something stays in build/qemu-fuzz/found.
#   qemu-dev/fuzz.sh SECONDS
#   qemu-dev/fuzz.sh -r INPUT      once more, with each access to the card shown
set -euo pipefail
cd "$(dirname "$0")/.."

usage="usage: qemu-dev/fuzz.sh SECONDS | -r INPUT"
first=${1:?$usage}
build=build/qemu-fuzz
fuzzer=$build/qemu-fuzz-x86_64
SNIC_SIM=$(realpath build/fast/libsnic_sim.so)
# A leak is an RTL that lives as long as QEMU; what LeakSanitizer finds at each of a fork's ends is QEMU's own.
export SNIC_SIM ASAN_OPTIONS=detect_leaks=0
run() { "$fuzzer" --fuzz-target=generic-fuzz-snic "$@"; }

if [[ $first == -r ]]; then
	QEMU_FUZZ_TIMEOUT=0 QTEST_LOG=1 FUZZ_SERIALIZE_QTEST=1 run "${2:?$usage}"
	exit
fi
[[ $first =~ ^[0-9]+$ && $first -gt 0 ]] || { echo "$usage" >&2; exit 2; }
mkdir -p $build/corpus
rm -rf $build/found
mkdir $build/found
echo "fuzz: $first s ($build/fuzz.log)"
status=0
run -max_total_time="$first" -artifact_prefix=$build/found/ -print_final_stats=1 $build/corpus > $build/fuzz.log 2>&1 || status=$?
# Each input runs in a process of its own, whose end the fuzzer does not look at: what it leaves says whether it broke.
mapfile -t found < <(find $build/found -type f -printf '%s %p\n' | sort -n | cut -d ' ' -f 2)
if [[ $status -ne 0 || ${#found[@]} -gt 0 ]]; then
	tail -n 3 $build/fuzz.log
	sed -n 's/^==[0-9]*== *ERROR: //p' $build/fuzz.log | sort | uniq -c | sort -rn | head -n 10
	echo "fuzz: broken by ${#found[@]} inputs${found[0]:+; qemu-dev/fuzz.sh -r ${found[0]} repeats one} ($build/fuzz.log)"
	exit 1
fi
functions=$(grep -c '^  \* snic-regs\[' $build/fuzz.log || true)
[[ $functions -gt 1 ]] || { echo "fuzz: it did not reach the VFs ($build/fuzz.log)"; exit 1; }
sed -n 's/^stat::number_of_executed_units: */fuzz: nothing found; '"$functions"' functions; inputs run: /p' $build/fuzz.log
