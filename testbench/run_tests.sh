#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs test programs one after another, each with a time limit, and adds up their closing lines.
#   testbench/run_tests.sh [NAME=VALUE | PROGRAM]...    NAME=VALUE is in the environment of the programs behind it
set -uo pipefail

limit=${TEST_TIMEOUT:-600}
passed=0 failed=0 broken=()
out=$(mktemp)
trap 'rm -f "$out"' EXIT

note=
for program in "$@"; do
	if [[ $program == [A-Z_]*=* ]]; then
		export "${program?}"
		note=" ($(basename "$(dirname "${program#*=}")"))"
		continue
	fi
	[[ -x $program && ! -d $program ]] || continue
	timeout --kill-after=10 "$limit" "$program" > "$out" 2>&1
	status=$?
	read -r p f < <(sed -n 's/^\([0-9]\+\) passed, \([0-9]\+\) failed$/\1 \2/p' "$out" | tail -n 1)
	if [[ -z ${p:-} || ($status -ne 0 && ${f:-0} -eq 0) ]]; then
		# died, hung, or ended without saying how: that is one failure of its own
		p=${p:-0} f=$((${f:-0} + 1))
		echo "$program$note: ended with status $status$([[ $status -eq 124 ]] && echo " after $limit s")"
	fi
	printf '%-44s %4d passed, %d failed\n' "${program##*/}$note" "$p" "$f"
	if [[ $f -gt 0 ]]; then
		cat "$out"
		broken+=("${program##*/}$note")
	fi
	passed=$((passed + p)) failed=$((failed + f))
	unset p f
done
[[ ${#broken[@]} -eq 0 ]] || echo "failed: ${broken[*]}"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
