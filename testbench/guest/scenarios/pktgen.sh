#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How fast one CPU sends: pktgen from the PF onto the wire, 64 B (FCS counted) and 1518 B, a doorbell for each and for 32.
#   cosnic guest --run pktgen.sh [-- FRAMES]
. /usr/share/cosnic/lib.sh
scenario "pktgen"

frames=${1:-2000}
measure() { # NAME SIZE [SETTING]
	check "$frames frames of $2 B $3" speed "$1" frames_sent pktgen "$PF" "$frames" "$2" 02:00:00:00:00:99 "$3"
	pps=$(tail -n 1 /tmp/check)
	figure "$1_mpps" "$(awk -v p="$pps" 'BEGIN { printf "%.4f", p / 1e6 }')"
	# One nanosecond of virtual time is one instruction.
	figure "$1_instructions_per_packet" "$(awk -v p="$pps" 'BEGIN { printf "%.0f", 1e9 / p }')"
}
measure pktgen_64 60 "burst 1"
measure pktgen_1518 1514 "burst 1"
measure pktgen_64_burst32 60 "burst 32"
sleep 0.01
# in one look: the PF sends something of its own now and then
ethtool -S "$PF" > /tmp/counters
of() { awk -v n="$1:" '$1 == n { print $2 }' /tmp/counters; }
equal "frames that left by the wire" "$(of p0_tx_packets)" "$(of p1_rx_packets)"
