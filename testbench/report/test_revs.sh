#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# `cosnic compare` and `cosnic bisect` of revisions, on a small repository whose commits build a program that writes results.
set -euo pipefail
cd "$(dirname "$0")/../.."

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cosnic=$(realpath "${PROGRAM:-build/cosnic}")
passed=0 failed=0
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@a GIT_CONFIG_GLOBAL=/dev/null
repo=$dir/repo
mkdir -p "$repo/testbench/report"
cp testbench/report/revs.sh "$repo/testbench/report/"
git -C "$repo" init -q -b main
printf '/build/\n/results/\n' > "$repo/.gitignore"

# A program that benches: one point, whose rate is in a file of the commit.
cat > "$repo/Makefile" << 'MAKE'
all:
	test ! -e broken
	mkdir -p build
	cp bench.sh build/cosnic
MAKE
cat > "$repo/bench.sh" << 'BENCH'
#!/bin/bash
out=${*: -1}
mkdir -p "$out/points/0000"
echo '{"suite": "rates", "points": [{"id": "0000", "settings": {"size": "64"}, "status": "ok"}]}' > "$out/suite.json"
echo "{\"config\": {\"contract\": \"1.3\"}, \"measured\": {\"rx\": {\"mpps\": $(< rate)}}}" > "$out/points/0000/result.json"
BENCH
chmod +x "$repo/bench.sh"

commit() { # SUBJECT RATE [broken]
	echo "$2" > "$repo/rate"
	rm -f "$repo/broken"
	[[ -z ${3:-} ]] || touch "$repo/broken"
	git -C "$repo" add -A
	git -C "$repo" commit -q --allow-empty -m "$1"
}
commit first 100
git -C "$repo" tag first
commit "a word in a comment" 100
commit "does not build" 100 broken
commit "within the limit" 99.5
git -C "$repo" tag before
commit "slower by 5 %" 95
commit "and something else" 95
git -C "$repo" tag last

# says NAME STATUS TEXT ARGUMENTS...
says() {
	local name=$1 want=$2 text=$3 status=0
	shift 3
	COSNIC=$cosnic "$repo/testbench/report/revs.sh" "$@" > "$dir/log" 2>&1 || status=$?
	if [[ $status -eq $want ]] && grep -q -- "$text" "$dir/log"; then
		echo "  ok   revs.$name" && passed=$((passed + 1))
	else
		echo "  FAIL revs.$name: status $status, not $want, or without '$text':" && failed=$((failed + 1))
		cat "$dir/log"
	fi
}

says within 0 "1 changed within the limits" compare first before
says beyond 1 "beyond 1 %" compare before last
says limit 0 "within 20 %" compare before last --limit mpps=20
says which 0 "slower by 5 %" bisect first last
says what_it_changed 0 "measured.rx.mpps" bisect first last
says no_change 1 "nothing changed beyond the limits" bisect first before
says wrong_way 2 "give the good revision first" bisect last first
says unknown 3 "nowhere: neither a folder of results nor a revision" compare nowhere last
says does_not_build 3 "does not build" compare first before~1
[[ $(git -C "$repo" worktree list | wc -l) -eq 1 ]] || { echo "  FAIL a worktree is left" && failed=$((failed + 1)); }

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
