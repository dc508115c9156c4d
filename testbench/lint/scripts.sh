#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs shellcheck on every shell script, also those without .sh.
set -euo pipefail
cd "$(dirname "$0")/../.."

mapfile -t files < <({ git ls-files '*.sh'; git grep -lE '^#!.*\b(ba)?sh$'; } | sort -u)
host=() guest=()
for file in "${files[@]}"; do
	if head -n 1 "$file" | grep -qE '^#!.*[/ ]sh$|shell=dash'; then guest+=("$file"); else host+=("$file"); fi
done
# What is sh runs in the guest: busybox's has local, and what is sourced lies there (SC1091).
if ! shellcheck -x "${host[@]}" || ! shellcheck -s dash -e SC1091,SC3043 "${guest[@]}"; then
	echo "fix what shellcheck says; a disable= needs its reason beside it"
	exit 1
fi
echo "${#files[@]} scripts"
