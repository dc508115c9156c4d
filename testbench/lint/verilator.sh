#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# verilator -Wall on the whole device and on every module as a top of its own (unused ports and parameters of a library
# cell show only there). Waivers: rtl/lint.vlt, nowhere else.
set -euo pipefail
cd "$(dirname "$0")/../.."
. testbench/lint/rtl_files.sh

lint_module() {
	verilator --lint-only -Wall --top-module "$(basename "$1" .sv)" rtl/lint.vlt "${rtl_pkgs[@]}" "$1" "${rtl_dirs[@]}"
}
status=0
if git grep -nE 'verilator +lint_(off|on)' -- 'rtl/*.sv'; then
	status=1
fi
for file in "${rtl_modules[@]}"; do
	lint_module "$file" || status=1
done 2>&1
# the template: its streams and its package have more than each module looks at
make -s -f rtl/example/example.mk build/example/example_pkg.sv
verilator --lint-only -Wall -Wno-UNUSEDSIGNAL -Wno-UNUSEDPARAM --top-module example_card build/example/example_pkg.sv rtl/example/*.sv || status=1
if [[ $status -ne 0 ]]; then
	echo "name what is meant to be unused unused_*, or waive it in rtl/lint.vlt with the reason"
	exit 1
fi
echo "${#rtl_modules[@]} modules, each as a top: no warning, $(grep -c '^lint_off' rtl/lint.vlt) waivers"
