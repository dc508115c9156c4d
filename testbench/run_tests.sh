#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs test programs, as many at a time as there are processors, each with a time limit, and adds up their closing lines. What they say comes
# in the order in which they were named.
#   testbench/run_tests.sh [NAME=VALUE | PROGRAM]...    NAME=VALUE is in the environment of the programs behind it
#   JOBS=N, TEST_TIMEOUT=SECONDS
set -uo pipefail

jobs=${JOBS:-$(nproc)}
limit=${TEST_TIMEOUT:-1200}
junit=results/junit
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# `timeout` hands it on to the program.
stop() {
	local job
	for job in $(jobs -p); do
		pkill -TERM -P "$job"
		kill "$job"
	done
	exit 130
}
trap stop INT TERM

# For programs that wrote no JUnit XML of their own: scripts, and what died before it could. The end of what it said is in it.
write_junit() { # NAME PASSED FAILED SECONDS OUT
	mkdir -p "$junit"
	{
		echo '<?xml version="1.0" encoding="UTF-8"?>'
		echo "<testsuites><testsuite name=\"$1\" tests=\"$(($2 + $3))\" failures=\"$3\">"
		echo "<testcase classname=\"$1\" name=\"all\" time=\"$4\">"
		[[ $3 -eq 0 ]] || {
			echo "<failure message=\"$3 failed\">"
			tail -c 4000 "$5" | iconv -c -t UTF-8 | tr -cd '\t\n\40-\176\200-\377' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'
			echo "</failure>"
		}
		echo "</testcase></testsuite></testsuites>"
	} > "$junit/$1.xml"
}

# run N PROGRAM: leaves N.out, what it said, and then N.done, how it went.
run() {
	local out=$tmp/$1.out program=$2 start=$SECONDS status p f
	local xml=$junit/${program##*/}.xml
	rm -f "$xml"
	timeout --kill-after=10 "$limit" "$program" > "$out" 2>&1
	status=$?
	read -r p f < <(sed -n 's/^\([0-9]\+\) passed, \([0-9]\+\) failed$/\1 \2/p' "$out" | tail -n 1)
	if [[ -z ${p:-} || ($status -ne 0 && ${f:-0} -eq 0) ]]; then
		# died, hung, or ended without saying how: that is one failure of its own
		p=${p:-0} f=$((${f:-0} + 1))
		echo "$program$note: ended with status $status$([[ $status -eq 124 ]] && echo " after $limit s")" >> "$out"
	fi
	[[ $(tail -n 1 "$xml" 2> /dev/null) == "</testsuite>" ]] || write_junit "${program##*/}" "$p" "$f" $((SECONDS - start)) "$out"
	[[ -z $note ]] || mv "$xml" "${xml%.xml}.${note//[^a-z]/}.xml"
	echo "$p $f ${program##*/}$note" > "$tmp/$1.new"
	mv "$tmp/$1.new" "$tmp/$1.done"
}

passed=0 failed=0 broken=() told=0 started=0
# Says what is next to be said, as far as it is known.
tell() {
	local p f name
	while [[ -e $tmp/$told.done ]]; do
		read -r p f name < "$tmp/$told.done"
		printf '%-44s %4d passed, %d failed\n' "$name" "$p" "$f"
		if [[ $f -gt 0 ]]; then
			cat "$tmp/$told.out"
			broken+=("$name")
		fi
		passed=$((passed + p)) failed=$((failed + f)) told=$((told + 1))
	done
}

note=
for program in "$@"; do
	if [[ $program == [A-Z_]*=* ]]; then
		wait # the same programs may be named again, and leave files of the same names
		tell
		export "${program?}"
		note=" ($(basename "$(dirname "${program#*=}")"))"
		continue
	fi
	[[ -x $program && ! -d $program ]] || continue
	while [[ $(jobs -rp | wc -l) -ge $jobs ]]; do
		wait -n
		tell
	done
	run "$started" "$program" &
	started=$((started + 1))
done
wait
tell
[[ ${#broken[@]} -eq 0 ]] || echo "failed: ${broken[*]}"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
