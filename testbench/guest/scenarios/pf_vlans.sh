#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The PF in a bridge that is a trunk of all VLANs: it takes its share of the MAC table and gets the rest by promiscuous mode; VFs have theirs.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "the PF on all VLANs"
modprobe bridge || fail "no bridge"
modprobe 8021q

a=$(vf 0) b=$(vf 1)
check "bridge" ip link add br0 type bridge vlan_filtering 1
check "the PF in it" ip link set "$PF" master br0
check "up" ip link set br0 up
check "VLANs 2 to 4094" bridge vlan add dev "$PF" vid 2-4094
check "of the bridge itself" bridge vlan add dev br0 vid 3000 self

step "a VF's share"
ns_add a "$a" 1
ns_add b "$b" 2
more=60
for i in $(seq 1 $more); do
	check "VLAN $i on a VF" ip -n a link add link "$a" name "v$i" type vlan id $((100 + i)) > /dev/null
done
echo "ok $more VLANs on VF 0"
vlan() { # NAMESPACE DEVICE NUMBER
	ip -n "$1" link add link "$2" name v3000 type vlan id 3000 && ip -n "$1" link set v3000 up && ip -n "$1" addr add "10.30.0.$3/24" dev v3000
}
check "VLAN 3000 on VF 0" vlan a "$a" 1
check "VLAN 3000 on VF 1" vlan b "$b" 2
check "ping" in_ns a ping -q -c 2 -i 0.01 -W 1 10.30.0.2

step "the PF in VLAN 3000, for which it has no row"
check "VLAN device" ip link add link br0 name v3000 type vlan id 3000
ip link set v3000 up
ip addr add 10.30.0.9/24 dev v3000
check "ping" in_ns a ping -q -c 2 -i 0.01 -W 1 10.30.0.9
check "VLANs left" bridge vlan del dev "$PF" vid 2-4094
refused "ping" in_ns a ping -q -c 1 -W 1 10.30.0.9
