#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# XDP in the driver: drop at full rate, pass, and send back.
# cosnic: --vfs 2
#   cosnic guest --run xdp.sh [-- FRAMES]
. /usr/share/cosnic/lib.sh
scenario "XDP"

frames=${1:-20000}
a=$(vf 0) b=$(vf 1)
xdp() { ip link set dev "$b" xdpdrv obj "/usr/share/cosnic/xdp_$1.o" sec xdp; }
ip link set "$a" promisc on
check "drop program" xdp drop
before=$(counters "$b" 'rx[0-9]+_xdp_drop')
start=$(awk '{ print $1 }' /proc/uptime)
check "$frames frames" pktgen "$a" "$frames" 60 "$(mac "$b")"
sleep 0.01
dropped=$(($(counters "$b" 'rx[0-9]+_xdp_drop') - before))
equal "dropped by the program or for want of descriptors" $((dropped + $(counter "$b" rx_drops))) "$frames"
figure xdp_drop_mpps "$(awk -v p="$(tail -n 1 /tmp/check)" -v d=$dropped -v n="$frames" 'BEGIN { printf "%.4f", p * d / n / 1e6 }')"
check "off" ip link set dev "$b" xdp off

check "pass program" xdp pass
ns_add a "$a" 1
ns_add b "$b" 2
check "ping through it" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2
ip netns del b
ip netns del a
sleep 0.1
a=$(vf 0) b=$(vf 1)
link_up "$a"
link_up "$b"

check "tx program" xdp tx
before=$(counter "$a" rx_packets)
check "200 frames" pktgen "$a" 200 60 "$(mac "$b")"
sleep 0.01
equal "sent back" "$(counters "$b" 'rx[0-9]+_xdp_tx')" 200
equal "and back at the sender" $(($(counter "$a" rx_packets) - before)) 200
