#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# How fast one CPU drops by XDP: 64 B frames come off the wire faster than it can take them, at 10 Gb/s (14.88 Mpps).
# cosnic: --wire pcap:build/guest/rate.pcap -- 30000
#   cosnic gen --size 64 --count FRAMES --wire-gbps 10 -o FILE; cosnic guest --wire pcap:FILE --run xdp_rate.sh -- FRAMES
. /usr/share/cosnic/lib.sh
scenario "XDP drop rate"
no_ipv6

frames=${1:?usage: xdp_rate.sh FRAMES}
ring=512
check "ring of $ring" ethtool -G "$PF" rx $ring
ip link set "$PF" promisc on
check "drop program" ip link set dev "$PF" xdpdrv obj /usr/share/cosnic/xdp_drop.o sec xdp
from_wire() { counter "$PF" p0_rx_packets; }
check "replay" speed xdp_drop from_wire replay
sleep 0.01
dropped=$(counters "$PF" 'rx[0-9]+_xdp_drop')
equal "frames on wire port 0" "$(counter "$PF" p0_rx_packets)" "$frames"
equal "dropped by the program or for want of descriptors" $((dropped + $(counter "$PF" rx_drops))) "$frames"
at_least "dropped for want of descriptors: the CPU was the limit" "$(counter "$PF" rx_drops)" 1
# At the end of the capture the ring was full: what was in it came after.
figure xdp_drop_mpps "$(awk -v d="$dropped" -v n="$frames" -v r=$ring 'BEGIN { printf "%.3f", (d - r) / (n / 14.880952) }')"
figure xdp_drop_instructions_per_packet "$(awk -v d="$dropped" -v n="$frames" -v r=$ring 'BEGIN { printf "%.0f", 1e3 * (n / 14.880952) / (d - r) }')"
