#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every device test twice, with and without clock gating. A block that should have had a clock and had none, or the
# other way round, shows in the hash over all TLPs and their times.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

passed=0 failed=0
hashes() { "$@" 2>/dev/null | grep tlp_hash; }

for test in build/san/test/test_dev_*; do
	[[ -x $test && ! -d $test ]] || continue
	# of the attacks those that switch most on and off: all of them twice take too long
	only=()
	[[ ${test##*/} != test_dev_attack ]] || only=(attack1.descriptors attack1.config attack1.resets)
	gated=$(hashes "$test" "${only[@]}") clocked=$(hashes env DEV_NO_GATE=1 "$test" "${only[@]}")
	if [[ -n $gated && $gated == "$clocked" ]]; then
		passed=$((passed + 1))
		echo "  ok   ${test##*/}: $(wc -l <<< "$gated") devices"
	else
		failed=$((failed + 1))
		echo "  FAIL ${test##*/}: gated and clocked runs differ"
		diff <(echo "$gated") <(echo "$clocked")
	fi
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
