#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The kernel driver, for both kernels that Debian 12 ships: gcc with W=1, sparse, and the kernel's own style check, which
# takes the place of clang-format here. lint.mk fetches the headers and checkpatch.
set -euo pipefail
cd "$(dirname "$0")/../.."

bad=0

# kernel_build NAME KDIR
kernel_build() {
	local log=build/lint/kmod-$1.log

	mkdir -p "build/lint/kmod-$1"
	if ! make -C driver/kmod KDIR="$PWD/$2" OUT="$PWD/build/lint/kmod-$1" W=1 C=2 KCFLAGS=-Werror > "$log" 2>&1 ||
		grep -qE '(warning|error):' "$log"; then
		echo "kernel $1:"
		grep -E '(warning|error|kmod|\*\*\*).*:' "$log" || cat "$log"
		bad=$((bad + 1))
	fi
}
kernel_build 6.1 build/guest/headers/build
kernel_build 6.12 build/kernel/build

# Which file uses what of which other: no circles, so that each can be understood, and tested, with those below it.
circles() { # FOLDER OF OBJECTS
	nm -A -g "$1"/snic_*.o | awk '
		{ sub(/.*\//, ""); split($0, at, ":"); name = $NF }
		$(NF - 1) == "U" { uses[at[1] " " name] }
		$(NF - 1) != "U" { of[name] = at[1] }
		END {
			for (use in uses) {
				split(use, at, " ")
				if (at[2] in of && of[at[2]] != at[1])
					print at[1], of[at[2]]
			}
		}' | sort -u > "$1/uses.txt"
	if ! tsort "$1/uses.txt" > /dev/null 2> "$1/circles.txt"; then
		echo "files that use each other in a circle (what uses what: $1/uses.txt):"
		sed 's/^tsort: //' "$1/circles.txt"
		bad=$((bad + 1))
	fi
}
circles build/lint/kmod-6.1

# style FILE... [--ignore TYPES]
style() {
	build/kernel/scripts/checkpatch.pl --no-tree --strict --terse --show-types --no-summary --quiet "$@" ||
		bad=$((bad + 1))
}
mapfile -t files < <(git ls-files 'driver/kmod/*.[ch]' ':!driver/kmod/compat.h')
# A table of the contract is expanded by a macro that takes all of its columns and uses some; ethtool's counters have IEEE's names.
style --ignore MACRO_ARG_UNUSED,CAMELCASE -f "${files[@]}"
# The one place that compares kernel versions, and that brings to 6.1 what it does not have.
style --ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON,MACRO_ARG_REUSE,PREFER_ETHTOOL_PUTS -f driver/kmod/compat.h

if [[ $bad -ne 0 ]]; then
	echo "fix what the kernel's tools say; whole logs: build/lint/kmod-*.log"
	exit 1
fi
echo "$((${#files[@]} + 1)) files, kernels 6.1 and 6.12: no circle, no warning by gcc, sparse or checkpatch"
