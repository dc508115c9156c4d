#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# 802.1ad VLAN devices, and 802.1Q in them: between VFs, and with the PF. An id may be in use with both kinds of tag.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "802.1ad"
modprobe 8021q

a=$(vf 0) b=$(vf 1)
ns_add a "$a" 1
ns_add b "$b" 2
vlan_add() { # NAMESPACE DEVICE NAME PROTOCOL ID ADDRESS
	ip -n "$1" link add link "$2" name "$3" type vlan proto "$4" id "$5" &&
		ip -n "$1" link set "$3" up &&
		ip -n "$1" addr add "$6/24" dev "$3"
}
talks() { in_ns "$1" ping -q -c 2 -i 0.01 -W 1 "$2"; }
both() { # NAME PROTOCOL ID NET, on both VFs
	vlan_add a "$a" "$1" "$2" "$3" "10.$4.0.1" && vlan_add b "$b" "$1" "$2" "$3" "10.$4.0.2"
}
check "802.1ad 200" both s200 802.1ad 200 200
before=$(counter "$PF" tx_drop_spoof_vlan)
check "ping" talks a 10.200.0.2
equal "dropped as spoofed" $(($(counter "$PF" tx_drop_spoof_vlan) - before)) 0
in_s200() { vlan_add a s200 c30 802.1Q 30 10.30.0.1 && vlan_add b s200 c30 802.1Q 30 10.30.0.2; }
check "802.1Q 30 in it" in_s200
check "ping" talks a 10.30.0.2
check "802.1Q 200 beside it" both q200 802.1Q 200 201
check "ping" talks a 10.201.0.2
check "802.1Q 200 left" sh -c "ip -n a link del q200 && ip -n b link del q200"
check "ping in 802.1ad 200" talks a 10.200.0.2
for switch in off on; do
	check "rxvlan $switch" sh -c "ip netns exec a ethtool -K $a rxvlan $switch && ip netns exec b ethtool -K $b rxvlan $switch"
	check "ping" talks a 10.200.0.2
done
check "802.1ad 200 left on VF 1" sh -c "ip -n b link del c30; ip -n b link del s200"
refused "ping" talks a 10.200.0.2

step "with the PF"
check "802.1ad 300" ip link add link "$PF" name s300 type vlan proto 802.1ad id 300
ip link set s300 up
ip addr add 10.33.0.3/24 dev s300
check "on VF 0" vlan_add a "$a" s300 802.1ad 300 10.33.0.1
check "ping" ping -q -c 2 -i 0.01 -W 1 10.33.0.1
