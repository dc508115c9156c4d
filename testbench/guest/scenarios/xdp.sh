#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# XDP in the driver: drop at full rate, pass, and send back.
# cosnic: --vfs 2
#   cosnic guest --run xdp.sh [-- FRAMES]
. /usr/share/cosnic/lib.sh
scenario "XDP"
no_ipv6

frames=${1:-2000}
a=$(vf 0) b=$(vf 1)
xdp() { ip link set dev "$b" xdpdrv obj "/usr/share/cosnic/xdp_$1.o" sec xdp; }
check "drop program" xdp drop
before=$(counters "$b" 'rx[0-9]+_xdp_drop')
check "$frames frames" pktgen "$a" "$frames" 60 "$(mac "$b")"
sleep 0.01
dropped=$(($(counters "$b" 'rx[0-9]+_xdp_drop') - before))
equal "dropped by the program or for want of descriptors" $((dropped + $(counter "$b" rx_drops))) "$frames"
check "off" ip link set dev "$b" xdp off

check "pass program" xdp pass
echo 0 > /proc/sys/net/ipv6/conf/all/disable_ipv6
ns_add a "$a" 1
ns_add b "$b" 2
check "ping through it" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2
ns_del b
ns_del a
a=$(vf 0) b=$(vf 1)
link_up "$a"
link_up "$b"
no_ipv6

check "off" ip link set dev "$b" xdp off
check "tx program" xdp tx
before=$(counter "$a" rx_packets)
check "200 frames" pktgen "$a" 200 60 "$(mac "$b")"
sleep 0.01
equal "sent back" "$(counters "$b" 'rx[0-9]+_xdp_tx')" 200
equal "and back at the sender" $(($(counter "$a" rx_packets) - before)) 200
