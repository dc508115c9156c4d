#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A capture on the example card's wire, at the times that it was captured at: what its driver received is what the capture holds.
# cosnic: --sim build/example/libexample.so --module build/example/cosnic_example.ko --wire pcap:build/guest/example.pcap --dump -- 200
#   cosnic guest --sim LIB --module KO --wire pcap:FILE --run example_capture.sh -- FRAMES     (for any card whose driver has ip -s link)
. /usr/share/cosnic/lib.sh
scenario "a capture into the example card"
no_ipv6

frames=${1:?usage: example_capture.sh FRAMES}
received() { cat "/sys/class/net/$PF/statistics/rx_packets"; }
ip link set "$PF" promisc on
before=$(received)
check "replay" replay
sleep 0.01
equal "frames received" $(($(received) - before)) "$frames"
equal "frames without a place" "$(cat "/sys/class/net/$PF/statistics/rx_missed_errors")" 0
