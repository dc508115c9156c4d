#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs the tests that hold a mutant, until one fails, and writes its verdict: "block TEST" or "device TEST" killed it, "survived
# STAMP", or "nowhere STAMP": no test simulates it.
#   try.sh BUILD_FOLDER STAMP LINE_OF_THE_LIST
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$1 stamp=$2
IFS=$'\t' read -r id key file _ <<< "$3"

verdict=$work/verdict/$key-$(sha256sum < "$file" | cut -c1-12)
if [[ -f $verdict ]]; then
	read -r kind rest < "$verdict"
	[[ $kind == survived || $kind == nowhere ]] || exit 0
	[[ $rest != "$stamp" ]] || exit 0
fi

# its own test first, then by time; device tests last
by_cost() {
	awk -v own="/test_$(basename "${file%.*}")$" \
		'{ print ($2 == "device") * 1000000 + ($1 ~ own ? 0 : 1000 + $3), $0 }' "$work/tests" | sort -n | cut -d' ' -f2-
}

result="nowhere $stamp"
while read -r test kind seconds; do
	grep -qx "$id" "$work/live/${test##*/}" || continue
	result="survived $stamp"
	limit=$(awk -v s="$seconds" 'BEGIN { print int(3 * s + 5) }')
	status=0
	{ testbench/mutants/run_test.sh "$work" "$test" "$id" "$limit" || status=$?; } > /dev/null 2>&1 # also that it aborted
	case $status in
	0) continue ;;
	130 | 143) exit 1 ;; # interrupted: says nothing of the mutant
	esac
	result="$kind ${test##*/}"
	break
done < <(by_cost)
echo "$result" > "$verdict"
