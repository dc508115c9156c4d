#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A hash of what a build stands on beside its sources: processor, compilers, tools, libraries and their versions, and how make
# is told to use them. A cached build/ is of use where this is the same, and nowhere else.
set -euo pipefail
cd "$(dirname "$0")/.."

{
	# with -march=native the compiler looks at the processor; with a named one it does not matter
	[[ ${MARCH:-native} != native ]] || grep -m 1 '^flags' /proc/cpuinfo | tr ' ' '\n' | sort
	echo "${MARCH:-native} ${CC:-gcc}"
	for tool in gcc g++ clang clang++-19 verilator ld; do
		echo "$tool $("$tool" --version 2> /dev/null | head -n 1 || true)"
	done
	dpkg-query -W -f '${Package} ${Version}\n' libc6-dev libsystemc-dev libpcap-dev libjansson-dev libssl-dev zlib1g-dev libcunit1-dev \
		libjs-chart.js libglib2.0-dev 2> /dev/null || true
	git ls-files -z Makefile '*.mk' '.ci/*' | xargs -0 cat
} | sha256sum | cut -c1-16
