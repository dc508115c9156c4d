#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A capture on the wire, into the guest: what the card counts is what the capture holds.
# cosnic: --wire pcap:build/guest/capture.pcap -t -- 500
#   cosnic guest --wire pcap:FILE --run capture.sh -- FRAMES     (unicast frames: they go to the PF, promiscuous)
. /usr/share/cosnic/lib.sh
scenario "capture"
no_ipv6

frames=${1:?usage: capture.sh FRAMES}
# at line rate the driver's CPU takes none of them before the last is there: a ring that has room for all
ring=512
while [ $ring -le "$frames" ] && [ $ring -lt 32768 ]; do ring=$((ring * 2)); done
check "ring of $ring" ethtool -G "$PF" rx $ring
ip link set "$PF" promisc on
sleep 0.1
before=$(counter "$PF" rx_packets)
check "replay" replay
sleep 0.01
equal "frames on wire port 0" "$(counter "$PF" p0_rx_packets)" "$frames"
equal "frames in the PF" $(($(counter "$PF" rx_packets) - before)) "$frames"
equal "dropped" "$(counters "$PF" '(rx_)?drop_.*')" 0
figure capture_bytes "$(counter "$PF" p0_rx_bytes)"
