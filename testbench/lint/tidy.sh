#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# clang-tidy with the checks of .clang-tidy, which says why others are off. Test programs go without the analyzer: it does
# not know that CUnit's FATAL leaves, takes ten seconds a program in C++, and they run under sanitizers anyway.
#   tidy.sh         all files
#   tidy.sh FILE    one
set -euo pipefail
cd "$(dirname "$0")/../.."
. testbench/lint/flags.sh

if [[ $# -eq 1 ]]; then
	flags_of "$1"
	checks=
	[[ $1 != testbench/* || $1 == testbench/cosnic/* || $1 == testbench/bench/* || $1 == testbench/report/* ]] || checks='-clang-analyzer-*'
	clang-tidy --quiet --checks="$checks" "$1" -- "${flags[@]}"
	exit
fi

if ! printf '%s\n' "${c_sources[@]}" | xargs -P"$(nproc)" -n 1 "$0" 2>&1; then
	echo "fix it; a false alarm gets NOLINT(check) with the reason beside it"
	exit 1
fi
echo "${#c_sources[@]} files: no finding"
