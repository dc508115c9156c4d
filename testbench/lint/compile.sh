#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# gcc and clang, -Wall -Wextra -Werror, on all C and C++. gcc optimizes, because its flow warnings need that; clang's
# come from the front end.
#   compile.sh         all files
#   compile.sh FILE    one
set -euo pipefail
cd "$(dirname "$0")/../.."
. testbench/lint/flags.sh

if [[ $# -eq 1 ]]; then
	gcc=gcc clang=clang
	[[ $1 != *.cpp ]] || gcc=g++ clang=clang++
	flags_of "$1"
	status=0
	$gcc "${flags[@]}" -O2 -Wall -Wextra -Werror -c "$1" -o /dev/null || status=1
	$clang "${flags[@]}" -Wall -Wextra -Werror -fsyntax-only "$1" || status=1
	exit $status
fi

if ! printf '%s\n' "${c_sources[@]}" | xargs -P"$(nproc)" -n 1 "$0" 2>&1; then
	echo "a warning is an error here: fix the code"
	exit 1
fi
echo "${#c_sources[@]} files, gcc and clang: no warning"
