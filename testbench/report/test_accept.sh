#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What gate.sh makes a baseline of, and what it says of a baseline that is none: with two short runs, in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
export COSNIC=$dir/cosnic COSNIC_LIB=${COSNIC_LIB:-$PWD/build} OUT=$dir/out BASELINE=$dir/base.json POINTS=$dir/points
cp "${PROGRAM:-build/cosnic}" "$COSNIC"
cat > "$POINTS" << 'POINTS'
# name | gen | replay
one   | --size 64 --count 500 --flows 16  | --direction rx
two   | --size 300 --count 500 --flows 16 | --direction tx
POINTS

# says NAME STATUS TEXT ARGUMENTS...: gate.sh ends with this status and says this
says() {
	local name=$1 want=$2 text=$3 status=0
	shift 3
	testbench/report/gate.sh "$@" > "$dir/log" 2>&1 || status=$?
	if [[ $status -eq $want ]] && grep -q -- "$text" "$dir/log"; then
		echo "  ok   accept.$name" && passed=$((passed + 1))
	else
		echo "  FAIL accept.$name: status $status, not $want, or without '$text':" && failed=$((failed + 1))
		cat "$dir/log"
	fi
}
# edit NAME SED-EXPRESSION
edit() { sed -i "$2" "$OUT/runs/$1/result.json"; }

says nothing_run 3 "nothing was run yet" accept
says no_baseline 3 "base.json is missing: make gate-accept"
grep -q '<failure' "$OUT/gate.xml" || { echo "  FAIL no JUnit without a baseline" && failed=$((failed + 1)); }
says whole 0 "accepted: " accept
cp "$BASELINE" "$dir/good.json"
says green 0 "nothing changed"

edit two 's/"passed": true/"passed": false/'
says failed_check 1 "two: its check failed" accept
edit two 's/"passed": false/"passed": true/; s/"partial": false/"partial": true/'
says interrupted 1 "two: was interrupted" accept
rm "$OUT/runs/two/result.json"
says missing 1 "not one result for each line of gate.points: two" accept
cp "$COSNIC" "$dir/new" && echo >> "$dir/new" && mv "$dir/new" "$COSNIC"
says other_build 1 "is of another build" accept
cmp -s "$BASELINE" "$dir/good.json" || { echo "  FAIL the baseline was changed" && failed=$((failed + 1)); }

: > "$BASELINE"
says empty 3 "a baseline that was damaged is in git"
head -c 900 "$dir/good.json" > "$BASELINE"
says truncated 3 "a baseline that was damaged is in git"
sed 's/"contract": "[0-9.]*"/"contract": "0.1"/' "$dir/good.json" > "$BASELINE"
says contract 3 "the contract has changed: make gate-accept"

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
