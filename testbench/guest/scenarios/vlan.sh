#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# VLANs of a guest's own, and a port VLAN that the VF does not see.
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "VLAN"

modprobe 8021q
vlan_add() { # NAMESPACE DEVICE VID NUMBER
	ip -n "$1" link add link "$2" name "v$3" type vlan id "$3" &&
		ip -n "$1" link set "v$3" up &&
		ip -n "$1" addr add "10.$3.0.$4/24" dev "v$3"
}
a=$(vf 0) b=$(vf 1) c=$(vf 2)
ns_add a "$a" 1
ns_add b "$b" 2
check "VLAN 10 on VF 0" vlan_add a "$a" 10 1
check "VLAN 10 on VF 1" vlan_add b "$b" 10 2
check "VLAN 20 on VF 1" vlan_add b "$b" 20 2
check "tagged ping in VLAN 10" in_ns a ping -c 2 -i 0.01 -W 1 10.10.0.2
ip -n a route add 10.20.0.0/24 dev v10
refused "VLAN 10 does not reach VLAN 20" in_ns a ping -c 1 -W 1 10.20.0.2
check "untagged ping beside it" in_ns a ping -c 2 -i 0.01 -W 1 10.0.0.2

step "port VLAN"
check "port VLAN 10 for VF 2" ip link set "$PF" vf 2 vlan 10
ip link show "$PF" | grep -q 'vf 2.*vlan 10' || fail "ip link does not show it"
ns_add c "$c" 3
ip -n c addr add 10.10.0.3/24 dev "$c"
check "VF 2, untagged, talks with VF 0 in VLAN 10" in_ns c ping -c 2 -i 0.01 -W 1 10.10.0.1
refused "VF 2 does not reach the untagged network" in_ns c ping -c 1 -W 1 10.0.0.2
before=$(counter "$PF" tx_drop_spoof_vlan)
ip -n c link add link "$c" name v30 type vlan id 30 && ip -n c link set v30 up && ip -n c addr add 10.30.0.3/24 dev v30
in_ns c ping -c 1 -W 1 10.30.0.1 > /dev/null
at_least "its own tags are dropped" "$(counter "$PF" tx_drop_spoof_vlan)" $((before + 1))
