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
check "a neighbour of VLAN 10's addresses in VLAN 20" ip -n b addr add 10.10.0.9/24 dev v20
check "VLAN 10 left on VF 1" ip -n b link del v10
refused "VLAN 10 does not reach VLAN 20" in_ns a ping -c 1 -W 1 10.10.0.9
check "untagged ping beside it" in_ns a ping -c 2 -i 0.01 -W 1 10.0.0.2

step "port VLAN"
check "port VLAN 10 for VF 2" ip link set "$PF" vf 2 vlan 10
ip link show "$PF" | grep -q 'vf 2.*vlan 10' || fail "ip link does not show it"
ns_add c "$c" 3
ip -n c addr add 10.10.0.3/24 dev "$c"
check "VF 2, untagged, talks with VF 0 in VLAN 10" in_ns c ping -c 2 -i 0.01 -W 1 10.10.0.1
refused "VF 2 does not reach the untagged network" in_ns c ping -c 1 -W 1 10.0.0.2
refused "VF 2 takes a VLAN of its own" ip -n c link add link "$c" name v30 type vlan id 30
before=$(counter "$PF" tx_drop_spoof_vlan)
check "VF 2 sends 10 frames with a tag of its own" in_ns c sh -c ". /usr/share/cosnic/lib.sh; pktgen $c 10 60 ff:ff:ff:ff:ff:ff 'vlan_id 30'"
equal "dropped" $(($(counter "$PF" tx_drop_spoof_vlan) - before)) 10
