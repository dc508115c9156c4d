#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs test programs one after another, each with a time limit, and adds up their closing lines.
#   testbench/run_tests.sh [NAME=VALUE | PROGRAM]...    NAME=VALUE is in the environment of the programs behind it
set -uo pipefail

limit=${TEST_TIMEOUT:-600}
junit=results/junit
passed=0 failed=0 broken=()
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# For programs that wrote no JUnit XML of their own: scripts, and what died before it could. The end of what it said is in it.
write_junit() { # NAME PASSED FAILED SECONDS
	mkdir -p "$junit"
	{
		echo '<?xml version="1.0" encoding="UTF-8"?>'
		echo "<testsuites><testsuite name=\"$1\" tests=\"$(($2 + $3))\" failures=\"$3\">"
		echo "<testcase classname=\"$1\" name=\"all\" time=\"$4\">"
		[[ $3 -eq 0 ]] || {
			echo "<failure message=\"$3 failed\">"
			tail -c 4000 "$out" | iconv -c -t UTF-8 | tr -cd '\t\n\40-\176\200-\377' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
			echo "</failure>"
		}
		echo "</testcase></testsuite></testsuites>"
	} > "$junit/$1.xml"
}

note=
for program in "$@"; do
	if [[ $program == [A-Z_]*=* ]]; then
		export "${program?}"
		note=" ($(basename "$(dirname "${program#*=}")"))"
		continue
	fi
	[[ -x $program && ! -d $program ]] || continue
	xml=$junit/${program##*/}.xml
	rm -f "$xml"
	start=$SECONDS
	timeout --kill-after=10 "$limit" "$program" > "$out" 2>&1
	status=$?
	read -r p f < <(sed -n 's/^\([0-9]\+\) passed, \([0-9]\+\) failed$/\1 \2/p' "$out" | tail -n 1)
	if [[ -z ${p:-} || ($status -ne 0 && ${f:-0} -eq 0) ]]; then
		# died, hung, or ended without saying how: that is one failure of its own
		p=${p:-0} f=$((${f:-0} + 1))
		echo "$program$note: ended with status $status$([[ $status -eq 124 ]] && echo " after $limit s")"
	fi
	[[ $(tail -n 1 "$xml" 2> /dev/null) == "</testsuite>" ]] || write_junit "${program##*/}" "$p" "$f" $((SECONDS - start))
	[[ -z $note ]] || mv "$xml" "${xml%.xml}.${note//[^a-z]/}.xml"
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
