#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Prints one line when a compiler does not know a CPU, or this one lacks something that is compiled for: what is built runs here, too.
#   .ci/march.sh MARCH COMPILER...
set -uo pipefail

march=$1
shift
command -v "$1" > /dev/null || exit 0 # make names it
macros=$("$@" "-march=$march" -dM -E -x c /dev/null 2> /dev/null) ||
	{ echo "MARCH=$march: $* knows no such CPU: take native, x86-64-v2 or x86-64-v3"; exit; }
has=" $(grep -m 1 '^flags' /proc/cpuinfo) "
for feature in sse4_2 avx avx2 bmi2 fma gfni avx512f avx512bw avx512cd avx512dq avx512vl; do
	[[ $macros == *"__${feature^^}__"* && $has != *" $feature "* ]] || continue
	echo "MARCH=$march: it is for CPUs with $feature, which this one has not: take native, x86-64-v2 or x86-64-v3"
	exit
done
