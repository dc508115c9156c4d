#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs shellcheck on every shell script, also those without .sh.
set -euo pipefail
cd "$(dirname "$0")/../.."

mapfile -t files < <({ git ls-files '*.sh'; git grep -lE '^#!.*\b(ba)?sh$'; } | sort -u)
if ! shellcheck -x "${files[@]}"; then
	echo "fix what shellcheck says; a disable= needs its reason beside it"
	exit 1
fi
echo "${#files[@]} scripts"
