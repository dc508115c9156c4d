#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the card's qtest and prints what failed, then how many passed.
#   qemu-dev/qtest.sh TEST QEMU LIBRARY
set -uo pipefail

test=${1:?usage: qemu-dev/qtest.sh TEST QEMU LIBRARY}
log=$(dirname "$test")/snic-test.log
QTEST_QEMU_BINARY=$(realpath "$2")
SNIC_SIM=$(realpath "$3")
export QTEST_QEMU_BINARY SNIC_SIM

# A failed test ends the program; the next ones get a program of their own.
mapfile -t names < <("$test" -l | sed -n 's,^/x86_64,,p' | sort -u)
[[ ${#names[@]} -gt 0 ]] || { echo "qtest: $test lists no tests" >&2; exit 1; }
passed=0 failed=0
: > "$log"
for name in "${names[@]}"; do
	if timeout 120 "$test" -p "/x86_64$name" > "$log.one" 2>&1 < /dev/null; then
		passed=$((passed + 1))
		sed -n "s,^# \(.*[0-9] ns.*\),  ${name#/}: \1,p" "$log.one"
	else
		failed=$((failed + 1))
		echo "$name failed:"
		grep -v '^#' "$log.one" | tail -n 15
	fi
	cat "$log.one" >> "$log"
done
rm -f "$log.one"
echo "qtest: $passed passed, $failed failed ($log)"
[[ $failed -eq 0 ]]
