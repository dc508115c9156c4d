#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The gate of CI: a fixed set of short runs (gate.points), compared to the last digit with the committed baseline. What a run
# says in RTL cycles is the same on every machine, so any difference was made by the change under test.
#   testbench/report/gate.sh           runs and compares; exit status 1: something changed, 3: no run to compare
#   testbench/report/gate.sh accept    makes what was run last the baseline
# COSNIC, LIBRARY: another program, another RTL library; OUT, BASELINE: other places than results/gate and results/baseline.
set -euo pipefail
cd "$(dirname "$0")/../.."

cosnic=${COSNIC:-build/cosnic}
out=${OUT:-results/gate}
baseline=${BASELINE:-results/baseline/gate.json}
export cosnic out LIBRARY

# shellcheck disable=SC2317  # xargs calls it
point() { # NAME "GEN ARGUMENTS" "REPLAY ARGUMENTS"
	local dir=$out/runs/$1 traffic replay
	read -ra traffic <<< "$2"
	read -ra replay <<< "$3"
	[[ -z ${LIBRARY:-} ]] || replay+=(--library "$LIBRARY")
	mkdir -p "$dir"
	if [[ $2 == captures ]]; then
		traffic=(build/traces/captures/*)
	else
		"$cosnic" gen "${traffic[@]}" --quiet -o "$dir/traffic.pcap"
		traffic=("$dir/traffic.pcap")
	fi
	# a failed check is in result.json, and so in the comparison; a crash leaves no result
	"$cosnic" replay "${replay[@]}" --quiet --out "$dir" "${traffic[@]}" 2> "$dir/log.txt" || true
	rm -f "$dir/traffic.pcap"
	[[ -s $dir/log.txt ]] || rm "$dir/log.txt"
	if [[ -e $dir/result.json ]]; then
		echo "  run         $1"
	else
		echo "gate: $1: no result; $(tail -n 1 "$dir/log.txt")" >&2
	fi
}
export -f point

if [[ ${1:-} == accept ]]; then
	mkdir -p "${baseline%/*}"
	"$cosnic" compare --save "$baseline" "$out/runs" || exit
	echo "accepted: $baseline; commit it with the change that moved it"
	exit
fi

rm -rf "$out"
mkdir -p "$out"
start=$SECONDS
# one line a point, then its three fields
grep -v '^#' testbench/report/gate.points | sed 's/ *| */\n/g' | tr '\n' '\0' |
	xargs -0 -n 3 -P "$(nproc)" bash -c 'point "$@"' _
echo "gate: $(grep -vc '^#' testbench/report/gate.points) runs in $((SECONDS - start)) s"
[[ -e $baseline ]] || { echo "gate: $baseline is missing: make gate-accept makes it" >&2; exit 3; }
"$cosnic" report "$out/runs" -o "$out/report.html" --csit "$out/csit" --quiet
status=0
"$cosnic" compare "$baseline" "$out/runs" --exact --json "$out/gate.json" --junit "$out/gate.xml" --md "$out/gate.md" ||
	status=$?
case $status in
0) echo "gate: nothing changed" ;;
1) echo "gate: if this is intended: make gate-accept, and commit $baseline (all figures: $out/gate.json)" ;;
*) echo "gate: if the contract has changed: make gate-accept, and commit $baseline" ;;
esac
exit "$status"
