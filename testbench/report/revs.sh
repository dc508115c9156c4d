#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Revisions of this repository compared: each is built in a worktree of its own, runs the same suite, and its results are kept.
#   testbench/report/revs.sh compare BASE NEW [OPTIONS OF COMPARE]
#   testbench/report/revs.sh bisect GOOD BAD [OPTIONS OF COMPARE]     which commit took a figure beyond its limit
# SUITE: words for `cosnic bench` (default rates). `cosnic compare` and `cosnic bisect` call this when they are given revisions.
# Results are in results/.revs/COMMIT-SUITE; COSNIC names the program that compares. JOBS as for make.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd -P)
cosnic=$(realpath "${COSNIC:-$root/build/cosnic}")
read -ra suite <<< "${SUITE:-rates}"
here() { git -C "$root" "$@"; }
# of a make that called: the other trees have flags of their own
unset MAKEFLAGS MFLAGS MAKELEVEL

die() { echo "cosnic: $1" >&2; exit "${2:-3}"; }

[[ $(here rev-parse --show-toplevel 2> /dev/null) == "$root" ]] ||
	die "${2:-}: no folder of results, and $root is no clone of the repository, whose revisions could be built"

commit_of() { # REVISION
	here rev-parse --verify --quiet "$1^{commit}" || die "$1: neither a folder of results nor a revision; name two of one kind"
}

place_of() { # COMMIT: where its results are
	local words
	words=$(printf '%s\n' "${suite[@]}" | sha256sum | cut -c1-8)
	echo "$root/results/.revs/$(here rev-parse --short=12 "$1")-${suite[0]}-$words"
}

# Status 125, as git bisect has it: this commit cannot be judged.
run() { # COMMIT
	local commit=$1 out tree log
	out=$(place_of "$commit")
	[[ ! -e $out/done ]] || return 0
	tree=$root/build/revs/$commit log=$out/build.txt
	mkdir -p "$out" "$root/build/revs"
	exec 8> "$out/running"
	flock 8
	[[ ! -e $out/done ]] || return 0
	here worktree remove --force "$tree" 2> /dev/null || rm -rf "$tree"
	here worktree prune
	here worktree add -q --detach "$tree" "$commit"
	echo "$(here log -1 --format='%h %s' "$commit"): building" >&2
	if ! make -C "$tree" all ${JOBS:+JOBS="$JOBS"} > "$log" 2>&1; then
		tail -n 5 "$log" >&2
		echo "cosnic: $commit does not build: $log" >&2
		here worktree remove --force "$tree"
		return 125
	fi
	echo "$(here log -1 --format='%h %s' "$commit"): bench ${suite[*]}" >&2
	# a suite of which points failed is compared all the same: they are missing
	(cd "$tree" && COSNIC_LIB=$tree/build build/cosnic bench "${suite[@]}" --out "$out/suite" > "$out/bench.txt" 2>&1) || true
	here worktree remove --force "$tree"
	[[ -s $out/suite/suite.json ]] || {
		tail -n 5 "$out/bench.txt" >&2
		return 125
	}
	touch "$out/done"
}

compare() { # BASE-COMMIT NEW-COMMIT OPTIONS...
	local base=$1 new=$2
	shift 2
	"$cosnic" compare "$(place_of "$base")/suite" "$(place_of "$new")/suite" "$@"
}

# What git bisect runs in a worktree that has no files: the commit to be judged is BISECT_HEAD.
judge() { # GOOD-COMMIT OPTIONS...
	local good=$1 new status=0
	shift
	new=$(git -C "$root/build/revs/bisect" rev-parse BISECT_HEAD)
	run "$new" || exit 125
	compare "$good" "$new" "$@" --quiet || status=$?
	echo "$(here log -1 --format='%h %s' "$new"): $([[ $status -eq 0 ]] && echo good || echo bad)" >&2
	# status 3: nothing to compare, as with another contract
	[[ $status -ne 3 ]] || exit 125
	exit "$status"
}

bisect() { # GOOD BAD OPTIONS...
	local good bad status=0 tree=$root/build/revs/bisect
	good=$(commit_of "$1")
	bad=$(commit_of "$2")
	shift 2
	here merge-base --is-ancestor "$good" "$bad" || die "$good is not an ancestor of $bad: give the good revision first" 2
	run "$good" || die "the good revision cannot be judged"
	run "$bad" || die "the bad revision cannot be judged"
	compare "$good" "$bad" "$@" --quiet || status=$?
	[[ $status -ne 3 ]] || exit 3
	[[ $status -ne 0 ]] || die "nothing changed beyond the limits between $good and $bad" 1
	mkdir -p "$root/build/revs"
	here worktree remove --force "$tree" 2> /dev/null || rm -rf "$tree"
	here worktree prune
	here worktree add -q --detach --no-checkout "$tree" "$bad"
	git -C "$tree" bisect start --no-checkout "$bad" "$good" > /dev/null
	SUITE="${suite[*]}" COSNIC=$cosnic git -C "$tree" bisect run "$root/testbench/report/revs.sh" judge "$good" "$@" > "$root/build/revs/bisect.txt" 2>&1 ||
		status=3
	# the last word is git's, then what the commit changed
	grep -E '^[0-9a-f]+ is the first bad commit|^There are only|^The first bad commit' "$root/build/revs/bisect.txt" || {
		tail -n 5 "$root/build/revs/bisect.txt" >&2
		status=3
	}
	bad=$(git -C "$tree" rev-parse --verify --quiet refs/bisect/bad || true)
	here worktree remove --force "$tree"
	[[ $status -ne 3 ]] || exit 3
	here log -1 --format='%h %an %ad%n%n    %s%n' --date=short "$bad"
	good=$(commit_of "$bad^")
	if run "$good"; then
		compare "$good" "$bad" "$@" || true
	fi
}

case ${1:-} in
compare)
	[[ $# -ge 3 ]] || die "revs.sh: give two revisions" 2
	base=$(commit_of "$2")
	new=$(commit_of "$3")
	shift 3
	run "$base" || exit 3
	run "$new" || exit 3
	compare "$base" "$new" "$@"
	;;
bisect)
	[[ $# -ge 3 ]] || die "revs.sh: give a good and a bad revision" 2
	shift
	bisect "$@"
	;;
judge)
	shift
	judge "$@"
	;;
*)
	sed -n '3,8s/^# \?//p' "$0"
	exit 2
	;;
esac
