#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every file says its licence in its first three lines, and it is the one of its place (LICENSE has the list).
set -euo pipefail
cd "$(dirname "$0")/../.."

dual="GPL-2.0 OR BSD-2-Clause"
licence_of() {
	case $1 in
	qemu-dev/* | driver/kmod/* | driver/example/*) echo "GPL-2.0-or-later" ;;
	rtl/contract/*.mk) echo "BSD-2-Clause" ;;
	rtl/contract/* | driver/hw/* | rtl/sim/snic_sim.h | rtl/sim/snic_card.h | rtl/sim/snic_door.[ch] | rtl/example/example.def) echo "$dual" ;;
	# no place for a comment in it, or not ours
	LICENSE | LICENSES/* | .gitignore | *.json | *.csv | */SHA256SUMS | *.pcap | *.pcapng | testbench/guest/golden/*) ;;
	*) echo "BSD-2-Clause" ;;
	esac
}

files=0 bad=0
while read -r file; do
	want=$(licence_of "$file")
	[[ -n $want ]] || continue
	files=$((files + 1))
	have=$(head -n 3 "$file" | sed -nE 's/^.*SPDX-License-Identifier: ([^*>]*[^*> -]).*$/\1/p')
	[[ $have == "$want" ]] || { echo "$file: is '$have', should be '$want'"; bad=$((bad + 1)); }
done < <(git ls-files)

if [[ $bad -ne 0 ]]; then
	echo "$bad files without the SPDX line of their folder: see LICENSE"
	exit 1
fi
echo "$files files name the licence of their folder"
