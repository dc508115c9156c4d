#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# clang-tidy with the checks of .clang-tidy, which says why others are off.
#   tidy.sh         all files
#   tidy.sh FILE    one
set -euo pipefail
cd "$(dirname "$0")/../.."
. testbench/lint/flags.sh

if [[ $# -eq 1 ]]; then
	flags_of "$1"
	clang-tidy --quiet "$1" -- "${flags[@]}"
	exit
fi

if ! printf '%s\n' "${c_sources[@]}" | xargs -P"$(nproc)" -n 1 "$0" 2>&1; then
	echo "fix it; a false alarm gets NOLINT(check) with the reason beside it"
	exit 1
fi
echo "${#c_sources[@]} files: no finding"
