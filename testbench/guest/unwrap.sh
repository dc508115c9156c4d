#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Takes the kernel out of a bzImage: the guest would need longer for that than for all of its boot.
#   testbench/guest/unwrap.sh VMLINUZ VMLINUX
set -euo pipefail

in=${1:?usage: testbench/guest/unwrap.sh VMLINUZ VMLINUX}
out=${2:?usage: testbench/guest/unwrap.sh VMLINUZ VMLINUX}

# The setup header says where the compressed kernel lies (Documentation/x86/boot.rst); behind it is its size.
header() { od -A n -t "u$2" -j "$1" -N "$2" "$in" | tr -d ' '; }
[[ $(header 514 4) -eq $((0x53726448)) ]] || {
	echo "unwrap: $in is no bzImage: it has no HdrS at 514; a vmlinux is taken as it is" >&2
	exit 1
}
start=$((($(header 497 1) + 1) * 512 + $(header 584 4)))
length=$(($(header 588 4) - 4))

case $(od -A n -t x1 -j "$start" -N 4 "$in" | tr -d ' ') in
fd377a58) tool=(xz -dc) ;;
28b52ffd) tool=(zstd -dc) ;;
1f8b*) tool=(gzip -dc) ;;
02214c18) tool=(lz4 -dc) ;;
*)
	echo "unwrap: $in is compressed by none of xz, zstd, gzip and lz4: give it to --kernel as it is, the guest unpacks it" >&2
	exit 1
	;;
esac
command -v "${tool[0]}" > /dev/null || {
	echo "unwrap: $in is compressed by ${tool[0]}, which is not here: apt install ${tool[0]/xz/xz-utils}" >&2
	exit 1
}
dd if="$in" bs=1M iflag=skip_bytes,count_bytes skip="$start" count="$length" status=none | "${tool[@]}" > "$out"
