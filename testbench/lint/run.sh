#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs checks of this folder by name, one line each: ok or FAIL, what was found or what to do, seconds. Each check ends
# with a line that says so; what it printed before that is shown only when it failed.
#   testbench/lint/run.sh CHECK...
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

# of a tarball, in whatever folder, git lists no file, and checks of no file pass
git ls-files --error-unmatch "$0" > /dev/null 2>&1 || { echo "lint: git says which files are Cosnic's: it needs a clone of the repository" >&2; exit 3; }
logs=build/lint/log
mkdir -p "$logs"
failed=0
for check in "$@"; do
	start=$SECONDS
	if "testbench/lint/$check.sh" > "$logs/$check" 2>&1; then
		verdict=ok
	else
		verdict=FAIL failed=$((failed + 1))
		head -n -1 "$logs/$check" | head -n 60
	fi
	printf '%-4s  %-10s %s (%d s)\n' "$verdict" "$check" "$(tail -n 1 "$logs/$check")" $((SECONDS - start))
done
[[ $failed -eq 0 ]] || echo "lint: $failed of $# checks failed; all they say is in $logs"
[[ $failed -eq 0 ]]
