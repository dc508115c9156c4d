#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# yosys reads the device as a synthesis tool does: no latch, loop, or wire that nothing or more than one drives. Prints
# size and logic depth of the blocks that snic_top and its parts wire together into results/yosys.{txt,csv}.
#   yosys.sh         all
#   yosys.sh TOP     one: snic_top is only checked
#
# Size is in six-input LUTs (abc -fast), flip-flops, and bits of RAM. RAMs whose reads are clocked stay whole, and a path
# ends at their ports. An array that is read at once is flip-flops and multiplexers here, as it is in a chip: it counts
# as such, and paths go through it.
# hdr_parser is several hdr_engines and their order: one engine is measured, the whole takes minutes.
# Depth is in LUTs from flip-flop to flip-flop; adders are made of LUTs too, where an FPGA has carry chains.
set -euo pipefail
cd "$(dirname "$0")/../.."
. testbench/lint/rtl_files.sh

out=build/lint/yosys
mkdir -p "$out" results

# memories with all of their read ports, up to eight, clocked
clocked=("t:\$mem_v2" r:RD_CLK_ENABLE="1'b1" %i)
ones=1
for ports in {2..8}; do
	ones+=1
	clocked+=("t:\$mem_v2" r:RD_CLK_ENABLE="$ports'b$ones" %i %u)
done

if [[ $# -eq 1 ]]; then
	steps="read_verilog -sv -D SYNTHESIS ${rtl_pkgs[*]}
		read_verilog -sv -defer -D SYNTHESIS ${rtl_modules[*]}
		hierarchy -check -top $1
		proc
		check -assert"
	[[ $1 == snic_top ]] || steps+="
		flatten
		opt_expr
		opt_clean
		check -assert
		opt_dff
		opt_clean
		wreduce
		opt_clean
		alumacc
		memory -nomap
		opt_clean
		select -set clocked ${clocked[*]}
		select -set array t:\$mem_v2 @clocked %d
		tee -q -o $out/$1.ram dump @clocked
		tee -q -o $out/$1.arrays dump @array
		memory_map @array
		opt_expr
		opt_clean
		techmap
		opt_expr
		opt_clean
		abc -fast -lut 6
		opt_clean
		tee -q -o $out/$1.stat stat
		delete t:\$mem*
		tee -q -o $out/$1.ltp ltp -noff"
	echo "$steps" > "$out/$1.ys"
	exec yosys -q -l "$out/$1.log" -s "$out/$1.ys"
fi

# these only wire others together
wiring="snic_top ingress egress host_side"

blocks=()
for file in "${rtl_modules[@]}"; do
	name=$(basename "$file" .sv)
	[[ " $wiring " == *" $name "* ]] && continue
	grep -qE "^ +$name (#\(|u_)" rtl/snic_top.sv rtl/wire/ingress.sv rtl/wire/egress.sv rtl/host/host_side.sv &&
		blocks+=("${name/hdr_parser/hdr_engine}")
done
# the longest first
mapfile -t order < <(printf '%s\n' "${blocks[@]}" snic_top | awk '{ print ($1 ~ /pipe_top|regs|engine|pkt_buf/ ? 0 : 1), $1 }' | sort | cut -d' ' -f2)
if ! printf '%s\n' "${order[@]}" | nice xargs -P"$(nproc)" -n 1 "$0" 2>&1; then
	echo "yosys does not take the RTL: build/lint/yosys/*.log"
	exit 1
fi

{
	echo "block,luts,flipflops,of_them_arrays,ram_bits,depth_luts"
	for block in "${blocks[@]}"; do
		awk -v block="$block" '
			/parameter .*\\(SIZE|WIDTH) / && FILENAME ~ /(ram|arrays)$/ { n[$2] = $NF }
			/^ *end$/ && FILENAME ~ /(ram|arrays)$/ && n["\\SIZE"] {
				if (FILENAME ~ /ram$/) ram += n["\\SIZE"] * n["\\WIDTH"]
				else array += n["\\SIZE"] * n["\\WIDTH"]
				delete n
			}
			/\$lut/ && FILENAME ~ /stat$/ { luts = $NF }
			/DFF/ && FILENAME ~ /stat$/ { ff += $NF }
			match($0, /length=[0-9]+/) { depth = substr($0, RSTART + 7, RLENGTH - 7) }
			END { printf "%s,%d,%d,%d,%d,%d\n", block, luts, ff, array, ram, depth }
		' "$out/$block".{ram,arrays,stat,ltp}
	done
} > results/yosys.csv
awk -F, '{ printf "%-16s %9s %10s %15s %12s %11s\n", $1, $2, $3, $4, $5, $6 }' results/yosys.csv > results/yosys.txt
cat results/yosys.txt
echo "${#rtl_modules[@]} modules; $(awk -F, 'NR > 1 { l += $2; f += $3; r += $5; if ($6 > d) { d = $6; b = $1 } }
	END { printf "%d LUTs, %d flip-flops, %.1f Mbit in one of each block; depth %d in %s", l, f, r / 1e6, d, b }' \
	results/yosys.csv): results/yosys.txt"
