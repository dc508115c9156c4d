#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# VEPA (IEEE 802.1Qbg): two VFs on port 0 talk by way of a bridge beyond the wire, Linux' own with hairpin mode on, on a VF of port 1.
# cosnic: --vfs 0
. /usr/share/cosnic/lib.sh
scenario "VEPA"
modprobe bridge || fail "no bridge"

check "VFs on both ports" devlink dev param set "pci/$PF_PCI" name vf_port_split value true cmode runtime
check "four VFs" vfs 4
for i in 0 1 2 3; do link_up "$(vf $i)" || fail "VF $i is not up"; done
a=$(vf 0) c=$(vf 2) relay=$(vf 1)
hwmode() { bridge -d link show dev "$PF" | sed -n 's/.*hwmode \([A-Z]*\).*/\1/p'; }
equal "mode" "$(hwmode)" VEB

step "a bridge beyond the wire"
check "it may be promiscuous" ip link set "$PF" vf 1 trust on
check "and send for others" ip link set "$PF" vf 1 spoofchk off
check "bridge" ip link add br0 type bridge forward_delay 0 ageing_time 0
check "its port" ip link set "$relay" master br0
check "which reflects" bridge link set dev "$relay" hairpin on
check "up" ip link set br0 up
sleep 0.3
# Beside what is counted here there is some multicast of IPv6
relayed() { read -r packets < "/sys/class/net/$relay/statistics/rx_packets"; echo "$packets"; }

ns_add a "$a" 1
ns_add c "$c" 3
talks() { in_ns a ping -q -c 20 -i 0.01 -W 1 10.0.0.3; }

step "VEB: the card switches"
check "VFs talk" talks
before=$(relayed)
check "VFs talk" talks
at_least "of 40 frames, these went no further than the card" $((40 - $(relayed) + before)) 20

step "VEPA: the bridge does"
check "switch over" bridge link set dev "$PF" hwmode vepa
equal "mode" "$(hwmode)" VEPA
refused "a VF has no say" bridge link set dev "$(vf 3)" hwmode vepa
before=$(relayed)
check "VFs talk" talks
at_least "frames that the bridge saw" $(($(relayed) - before)) 40
cat /tmp/check
equal "duplicates, own frames" "$(grep -c -e duplicates -e DUP /tmp/check)" 0

step "broadcast comes back to all but its sender"
own=$(in_ns a cat "/sys/class/net/$a/address")
got() { # NAMESPACE DEVICE: what comes in of VF 0's broadcasts
	in_ns "$1" tcpdump -nn -l -Q in -i "$2" ether broadcast and ether src "$own" > "/tmp/got.$1" 2>&1 &
}
got a "$a"
got c "$c"
sleep 0.3
in_ns a busybox arping -c 3 -w 4 -I "$a" 10.0.0.99 > /dev/null
sleep 0.2
killall tcpdump
wait
equal "the other one's" "$(grep -c 'Request who-has 10.0.0.99' /tmp/got.c)" 3
equal "the sender's" "$(grep -c 'Request who-has 10.0.0.99' /tmp/got.a)" 0

step "and back"
check "switch over" bridge link set dev "$PF" hwmode veb
before=$(relayed)
check "VFs talk" talks
at_least "of 40 frames, these went no further than the card" $((40 - $(relayed) + before)) 20
