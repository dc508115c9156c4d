#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The layout of C and C++ is what clang-format makes of it; tables that read better by hand are fenced in their file. What
# lives in the kernel or in QEMU follows their checkpatch instead.
set -euo pipefail
cd "$(dirname "$0")/../.."

mapfile -t files < <(git ls-files '*.c' '*.h' '*.cpp' ':!driver/kmod' ':!driver/example' ':!qemu-dev')
if ! printf '%s\n' "${files[@]}" | xargs -P"$(nproc)" -n 16 clang-format --dry-run -Werror 2>&1; then
	echo "run: clang-format -i on those files"
	exit 1
fi
echo "${#files[@]} files are as clang-format would write them"
