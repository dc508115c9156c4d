#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# verilator -Wall on the whole device, as it is and in other sizes, and on every module as a top of its own (unused ports and
# parameters of a library cell show only there). Waivers: rtl/lint.vlt, nowhere else. Sizes that cannot be end the elaboration.
set -euo pipefail
cd "$(dirname "$0")/../.."
. testbench/lint/rtl_files.sh

lint_module() { # FILE [PARAMETER...]
	verilator --lint-only -Wall --top-module "$(basename "$1" .sv)" "${@:2}" rtl/lint.vlt "${rtl_pkgs[@]}" "$1" "${rtl_dirs[@]}"
}

# The card in other sizes: small buffers; few frames in large ones; a host side as large as it can be.
sizes=(
	"rtl/snic_top.sv -GCells=512 -GSlots=128 -GHostCells=256 -GHostSlots=64"
	"rtl/snic_top.sv -GCells=4096 -GSlots=64 -GHostCells=1024 -GHostSlots=2048"
	"rtl/snic_top.sv -GCells=1024 -GSlots=2048 -GHostCells=2048 -GHostSlots=2048"
	"rtl/queue/tx_engine.sv -GEpochW=8 -GCells=1024"
	"rtl/common/snic_fifo.sv -GWidth=1 -GDepth=2"
	"rtl/common/snic_ram_fifo.sv -GWidth=700 -GDepth=64"
	"rtl/common/util_level.sv -GLog2=0"
)
impossible=(
	"rtl/snic_top.sv -GPorts=3"
	"rtl/snic_top.sv -GCells=1000"
	"rtl/snic_top.sv -GHostCells=4096"
	"rtl/pipe/pkt_buf.sv -GSlots=4096"
	"rtl/common/snic_fifo.sv -GDepth=3"
	"rtl/common/snic_ram_fifo.sv -GDepth=1"
	"rtl/common/snic_skid.sv -GWidth=0"
	"rtl/common/snic_ram.sv -GDepth=1"
	"rtl/common/util_level.sv -GLog2=17"
)

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
for size in "${sizes[@]}"; do
	read -ra words <<< "$size"
	lint_module "${words[@]}" || status=1
done 2>&1
for size in "${impossible[@]}"; do
	read -ra words <<< "$size"
	said=$(lint_module "${words[@]}" 2>&1) || true
	if ! grep -q 'USERFATAL' <<< "$said"; then
		echo "$size: no \$fatal says that it cannot be"
		status=1
	fi
done
if [[ $status -ne 0 ]]; then
	echo "name what is meant to be unused unused_*, or waive it in rtl/lint.vlt with the reason"
	exit 1
fi
echo "${#rtl_modules[@]} modules, each as a top, and ${#sizes[@]} in other sizes: no warning, $(grep -c '^lint_off' rtl/lint.vlt) waivers"
