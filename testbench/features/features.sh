#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# FEATURES.md and README's table of features, from features.def. Fails when a place or a test is missing, or a test is of no feature.
#   features.sh write | check
set -euo pipefail
cd "$(dirname "$0")/../.."

mapfile -t tests < <(
	find testbench -name 'test_*.c' -o -name 'test_*.cpp' -o -name 'test_*.sh' -o -name 'test_*.py' | sed 's|.*/||; s|\.[a-z]*$||'
	find testbench/guest/scenarios -name '*.sh' | sed 's|.*/|guest:|; s|\.sh$||'
	echo qtest
)

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
print() {
	awk -v brief="$1" -v tests="${tests[*]}" -f testbench/features/features.awk testbench/features/features.def
}
print 0 > "$made/FEATURES.md"
print 1 > "$made/brief"
sed -e '/^<!-- features -->$/,/^<!-- end of features -->$/{/^<!--/!d}' -e "/^<!-- features -->\$/r $made/brief" README.md > "$made/README.md"
for page in FEATURES.md README.md; do
	cmp -s "$made/$page" $page && continue
	[[ ${1:-} == write ]] || { echo "$page is not what testbench/features/features.def says: make features"; exit 1; }
	cp "$made/$page" $page
	echo "  wrote       $page"
done
echo "$(grep -c '^\(FEATURE\|TOOL\)' testbench/features/features.def) features, each with a test"
