#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Priority tags: a null VLAN id is no VLAN (IEEE 802.1Q 6.9.1). With a port VLAN the tag becomes that of the port VLAN and keeps its priority.
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "priority tags"
no_ipv6

a=$(vf 0) b=$(vf 1)
mac_b=$(mac "$b")
spoofed() { counter "$PF" tx_drop_spoof_vlan; }
send() { pktgen "$a" 10 60 "$mac_b" "vlan_id $1" "vlan_p 5"; }
got() { # VLAN_ID: how many of 10 frames with such a tag VF 1 gets
	local before
	before=$(counter "$b" rx_packets)
	send "$1" > /dev/null || return 1
	sleep 0.05
	echo $(($(counter "$b" rx_packets) - before))
}
equal "priority-tagged frames without a port VLAN" "$(got 0)" 10

step "port VLAN 30"
check "VF 0" ip link set "$PF" vf 0 vlan 30 qos 2
check "VF 1" ip link set "$PF" vf 1 vlan 30
sleep 0.5
before=$(spoofed)
equal "priority-tagged frames" "$(got 0)" 10
equal "dropped as spoofed" $(($(spoofed) - before)) 0
equal "frames with an id of their own" "$(got 31)" 0
equal "with the port VLAN's own id" "$(got 30)" 0
equal "dropped as spoofed" $(($(spoofed) - before)) 20

step "what leaves the port"
ethtool -K "$PF" rxvlan off
ip link set "$PF" promisc on
sleep 0.2
tags() { # VLAN_ID: the tags that the PF sees of frames to nobody
	tcpdump -Z root --immediate-mode -p -U -i "$PF" -w /tmp/tagged ether dst 02:00:00:00:00:99 2> /dev/null &
	sniffer=$!
	while [ ! -s /tmp/tagged ]; do usleep 10000; done
	pktgen "$a" 10 60 02:00:00:00:00:99 ${1:+"vlan_id $1" "vlan_p 5"} > /dev/null
	sleep 0.1
	kill $sniffer
	wait $sniffer 2> /dev/null
	tcpdump -r /tmp/tagged -n -e 2> /dev/null | sed -n 's/.*\(vlan [0-9]*, p [0-9]\).*/\1/p' | sort | uniq -c | tr -s ' '
}
equal "of priority-tagged frames" "$(tags 0)" " 10 vlan 30, p 5"
equal "of untagged frames, the port VLAN's priority" "$(tags)" " 10 vlan 30, p 2"
