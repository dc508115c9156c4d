#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# XDP in the driver: drop at full rate, pass, send back, and redirect.
# cosnic: --vfs 3
#   cosnic guest --run xdp.sh [-- FRAMES]
. /usr/share/cosnic/lib.sh
scenario "XDP"
no_ipv6

frames=${1:-2000}
a=$(vf 0) b=$(vf 1)
xdp() { ip link set dev "$b" xdpdrv obj "/usr/share/cosnic/xdp_$1.o" sec xdp; }
check "drop program" xdp drop
gone() { echo $(($(counters "$b" 'rx[0-9]+_xdp_drop') + $(counter "$b" rx_drops))); }
before=$(gone)
check "$frames frames" pktgen "$a" "$frames" 60 "$(mac "$b")"
sleep 0.01
equal "dropped by the program or for want of descriptors" $(($(gone) - before)) "$frames"
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

check "off" ip link set dev "$b" xdp off
step "redirect: what VF 1 takes leaves by VF 2, which may send with another's address"
c=$(vf 2)
equal "VF 2 is the device after VF 1" "$(cat "/sys/class/net/$c/ifindex")" $(($(cat "/sys/class/net/$b/ifindex") + 1))
check "no spoof check" ip link set "$PF" vf 2 spoofchk off
check "redirect program" xdp redirect
before=$(counter "$a" rx_packets) sent=$(counter "$c" tx_packets)
check "200 frames" pktgen "$a" 200 60 "$(mac "$b")"
sleep 0.01
equal "redirected" "$(counters "$b" 'rx[0-9]+_xdp_redirect')" 200
equal "sent by VF 2 for it" "$(counters "$c" 'tx[0-9]+_xdp_xmit')" 200
equal "sent by VF 2" $(($(counter "$c" tx_packets) - sent)) 200
equal "and back at the sender" $(($(counter "$a" rx_packets) - before)) 200
check "VF 2 down" ip link set "$c" down
before=$(counters "$b" 'rx[0-9]+_xdp_redirect')
check "20 frames" pktgen "$a" 20 60 "$(mac "$b")"
sleep 0.01
check "up again" link_up "$c"
check "program changed under traffic" sh -c ". /usr/share/cosnic/lib.sh
	pktgen $a 2000 60 $(mac "$b") > /dev/null &
	for n in 1 2 3 4 5; do
		ip link set dev $b xdp off
		ip link set dev $b xdpdrv obj /usr/share/cosnic/xdp_redirect.o sec xdp || exit 1
	done
	wait"
check "ring changed with frames of it under way" ethtool -G "$b" rx 1024
