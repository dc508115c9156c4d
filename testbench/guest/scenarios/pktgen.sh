#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How fast one CPU sends: pktgen from the PF onto the wire, 64 B (FCS counted) and 1518 B.
#   cosnic guest --run pktgen.sh [-- FRAMES]
. /usr/share/cosnic/lib.sh
scenario "pktgen"

frames=${1:-2000}
for size in 60 1514; do
	check "$frames frames of $size B" pktgen "$PF" "$frames" $size 02:00:00:00:00:99
	pps=$(tail -n 1 /tmp/check)
	figure "pktgen_$((size + 4))_mpps" "$(awk -v p="$pps" 'BEGIN { printf "%.4f", p / 1e6 }')"
	# One nanosecond of virtual time is one instruction.
	figure "pktgen_$((size + 4))_instructions_per_packet" "$(awk -v p="$pps" 'BEGIN { printf "%.0f", 1e9 / p }')"
done
