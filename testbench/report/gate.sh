#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The gate of CI: a fixed set of short runs (gate.points), compared to the last digit with the committed baseline. What a run
# says in RTL cycles is the same on every machine, so any difference was made by the change under test.
#   testbench/report/gate.sh           runs and compares; exit status 1: something changed, 3: no run to compare
#   testbench/report/gate.sh accept    makes what was run last the baseline: if it is whole, right, and of what is built now
# COSNIC, LIBRARY: another program, another RTL library; OUT, BASELINE: other places than results/gate and results/baseline; POINTS: other runs.
set -euo pipefail
cd "$(dirname "$0")/../.."

cosnic=${COSNIC:-build/cosnic}
out=${OUT:-results/gate}
baseline=${BASELINE:-results/baseline/gate.json}
points=${POINTS:-testbench/report/gate.points}
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

# What runs are made of.
made_of() {
	sha256sum < "$cosnic"
	sha256sum < "${LIBRARY:-${COSNIC_LIB:-build}/fast/libsnic_sim.so}"
	sha256sum < "$points"
}
names() { sed -n 's/^\([^# ][^ |]*\) *|.*/\1/p' "$points" | sort; }

accept() {
	local not
	[[ -d $out/runs ]] || { echo "gate: $out/runs: nothing was run yet: make gate" >&2; return 3; }
	[[ -e $out/made_of && $(made_of) == "$(< "$out/made_of")" ]] || {
		echo "gate: $out/runs is of another build, or of other points, than what is here now: make gate, then accept" >&2
		return 1
	}
	not=$(comm -3 <(names) <(cd "$out/runs" && printf '%s\n' */result.json | sed 's,/.*,,' | sort) | tr -d '\t' | tr '\n' ' ')
	[[ -z $not ]] || { echo "gate: $out/runs: not one result for each line of gate.points: ${not% }: make gate" >&2; return 1; }
	mkdir -p "${baseline%/*}"
	"$cosnic" compare --save "$baseline" "$out/runs" || return
	echo "accepted: $baseline; commit it with the change that moved it"
}

if [[ ${1:-} == accept ]]; then
	accept
	exit
fi

rm -rf "$out"
mkdir -p "$out"
made=$(made_of)
start=$SECONDS
# one line a point, then its three fields
grep -v '^#' "$points" | sed 's/ *| */\n/g' | tr '\n' '\0' |
	xargs -0 -n 3 -P "$(nproc)" bash -c 'point "$@"' _
echo "gate: $(grep -vc '^#' "$points") runs in $((SECONDS - start)) s"
[[ $(made_of) == "$made" ]] || { echo "gate: program, library or points were changed while it ran: make gate again" >&2; exit 3; }
echo "$made" > "$out/made_of"
"$cosnic" report "$out/runs" -o "$out/report.html" --csit "$out/csit" --quiet || true # no run at all: compare says so
status=0
"$cosnic" compare "$baseline" "$out/runs" --exact --limits testbench/report/gate.limits --json "$out/gate.json" \
	--junit "$out/gate.xml" --md "$out/gate.md" 2> "$out/why.txt" || status=$?
cat "$out/why.txt" >&2
case $status in
0) echo "gate: nothing changed" ;;
1) echo "gate: if this is intended: make gate-accept, and commit $baseline (all figures: $out/gate.json)" ;;
*) if [[ ! -e $baseline ]]; then
	echo "gate: $baseline is missing: make gate-accept makes it"
elif grep -q 'is of contract' "$out/why.txt"; then
	echo "gate: the contract has changed: make gate-accept, and commit $baseline"
else
	echo "gate: nothing was compared, for the reason above; a baseline that was damaged is in git: git checkout $baseline"
fi >&2 ;;
esac
exit "$status"
