#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the card's qtest and prints what failed; ends with a line "N passed, M failed".
#   qemu-dev/qtest.sh [TEST QEMU LIBRARY]      default: those that make builds
set -uo pipefail
cd "$(dirname "$0")/.." || exit

test=${1:-build/qemu/tests/qtest/snic-test}
QTEST_QEMU_BINARY=$(realpath "${2:-build/qemu/qemu-system-x86_64}")
SNIC_SIM=$(realpath "${3:-build/fast/libsnic_sim.so}")
export QTEST_QEMU_BINARY SNIC_SIM
[[ ! -f build/trace/libsnic_sim.so ]] || export SNIC_SIM_WAVE=$PWD/build/trace/libsnic_sim.so
log=$(dirname "$test")/snic-test.log
junit=results/junit/qtest.xml
mkdir -p "$(dirname "$junit")"

# A failed test ends the program; the next ones get a program of their own.
mapfile -t names < <("$test" -l | sed -n 's,^/x86_64,,p' | sort -u)
[[ ${#names[@]} -gt 0 ]] || { echo "qtest: $test lists no tests" >&2; exit 1; }
passed=0 failed=0
: > "$log"
echo '<testsuite name="qtest">' > "$junit"
for name in "${names[@]}"; do
	printf '  <testcase classname="qtest" name="%s">' "${name#/}" >> "$junit"
	if timeout 120 "$test" -p "/x86_64$name" > "$log.one" 2>&1 < /dev/null; then
		passed=$((passed + 1))
		sed -n "s,^# \(.*[0-9] ns.*\),  ${name#/}: \1,p; s,^.*# SKIP \(.*\),  ${name#/} skipped: \1,p" "$log.one"
	else
		failed=$((failed + 1))
		printf '<failure message="see %s"/>' "$log" >> "$junit"
		echo "$name failed ($log):"
		grep -v '^#' "$log.one" | tail -n 15
	fi
	echo '</testcase>' >> "$junit"
	cat "$log.one" >> "$log"
done
echo '</testsuite>' >> "$junit"
rm -f "$log.one"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
