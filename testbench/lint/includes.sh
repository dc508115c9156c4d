#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Who may include whom. A device that sees its driver's headers cannot find the driver's bugs; a predictor that sees the
# RTL does not predict. Every quoted #include must name a file of a folder that the table allows.
set -euo pipefail
cd "$(dirname "$0")/../.."

# the door, from outside
door="rtl/sim/snic_sim.h rtl/sim/snic_card.h rtl/sim/snic_door.h"
cosnic=$(echo testbench/cosnic/*/ | sed 's,/ , ,g; s,/$,,')
# folder that includes: what it may include beside itself, as folders or single files
declare -A may=(
	[rtl/contract]=""
	[rtl/sim]="rtl/contract"
	[model/reference]="rtl/contract"
	[model/timing]="rtl/contract model/reference"
	[driver/hw]="rtl/contract snic_osdep.h"
	[driver/pmd]="rtl/contract driver/hw"
	[driver/kmod]="rtl/contract driver/hw"
	[driver/example]="rtl/example/example.def"
	[rtl/example]="rtl/sim"
	[qemu-dev/device]="rtl/contract $door"
	[qemu-dev/tests]="rtl/contract libqtest.h"
	[testbench/guest/bpf]=""
	[testbench/guest/prog]="rtl/contract"
	[testbench/features]=""
	[testbench/unit]=""
	[testbench/mutants]=""
	[testbench/cosnic/cli]="rtl/contract $door testbench/cosnic/capture testbench/cosnic/rules folder.h report.h"
	[testbench/cosnic/capture]="rtl/contract testbench/cosnic/cli"
	[testbench/cosnic/rules]="rtl/contract testbench/cosnic/cli"
	[testbench/cosnic/replay]="rtl/contract $door driver/pmd model/reference snic_predict.h
		testbench/cosnic/cli testbench/cosnic/capture testbench/cosnic/rules"
	[testbench/cosnic/explain]="model/reference testbench/cosnic/cli testbench/cosnic/capture testbench/cosnic/replay"
	[testbench/cosnic/guest]="$door testbench/cosnic/cli testbench/cosnic/replay"
	[testbench/cosnic/card]="$door testbench/cosnic/cli result.h"
	[testbench/report]="rtl/contract $cosnic rows.h"
	[testbench/bench]="rtl/contract $door driver/pmd model/reference snic_predict.h $cosnic"
	[testbench/cosnic_tests]="rtl/contract $door driver/pmd model/reference snic_predict.h
		$cosnic testbench/bench testbench/unit"
	[testbench/device]="rtl/contract $door driver/hw driver/pmd model/reference $cosnic testbench/unit"
	[testbench/system]="rtl/contract $door testbench/unit"
	[testbench/model]="rtl/contract model/reference model/timing testbench/unit"
	[testbench/driver]="rtl/contract driver/hw driver/pmd testbench/unit"
	[testbench/door]="rtl/contract rtl/sim testbench/unit"
	[testbench/door/two_clocks]="rtl/sim"
	[testbench/oracle]="rtl/contract model/reference $cosnic testbench/rtl/captured_frames.h testbench/rtl/made_frames.h
		testbench/unit"
	[testbench/rtl]="rtl/contract model/reference trace.h testbench/unit"
)
# the only folders that see what Verilator generates
declare -A sees_verilated=([rtl/sim]=1 [rtl/example]=1 [testbench/door/two_clocks]=1 [testbench/rtl]=1)

declare -A home   # header: folder
while read -r path; do
	home[${path##*/}]+=" ${path%/*}"
done < <(git ls-files '*.h' '*.def')

files=0 bad=0
complain() {
	echo "$1"
	bad=$((bad + 1))
}

# allowed FOLDER HEADER: prints nothing when it is
check() {
	local where=$1 folder=$2 header=$3 rule owner

	case $header in
	../../*) # qemu-dev is built in QEMU's tree, without include paths of ours
		header=${header##*/}
		;;
	*/*) # of QEMU itself
		[[ $folder != qemu-dev/* ]] || return 0
		;;
	V*.h | verilated*.h)
		[[ -n ${sees_verilated[$folder]:-} ]] || complain "$where includes $header, which is Verilator's"
		return
		;;
	esac
	for rule in $folder ${may[$folder]}; do
		[[ $rule == "$header" ]] && return
		for owner in ${home[$header]:-}; do
			[[ $rule == "$owner" || $rule == "$owner/$header" ]] && return
		done
	done
	complain "$where includes $header (in${home[$header]:- no folder}); $folder may include: itself ${may[$folder]}"
}

while read -r file; do
	folder=${file%/*}
	[[ -v may[$folder] ]] || { complain "$file: testbench/lint/includes.sh has no rule for $folder"; continue; }
	files=$((files + 1))
	while IFS=: read -r line header; do
		check "$file:$line" "$folder" "$header"
	done < <(sed -nE 's/^[ \t]*#[ \t]*include[ \t]*"([^"]*)".*/\1/;T;=;p' "$file" | paste -d: - -)
done < <(git ls-files '*.c' '*.h' '*.cpp' '*.def')

# driver/hw has no OS, and no simulation, in it: the same files are built into the kernel.
while read -r hit; do
	complain "$hit"
done < <(git grep -nE '#[ \t]*include[ \t]*<|snic_sim|[Vv]erilat|[Ss]imulat|SNIC_PMD|__KERNEL__' -- driver/hw)

if [[ $bad -ne 0 ]]; then
	echo "$bad includes against DESIGN: move what both need into rtl/contract, or pass it in"
	exit 1
fi
echo "$files files include only what their folder may see"
