#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What people stack on a VF with the spoof check on: VLANs in VLANs of both kinds, ipvlan, bonds of all modes that need no partner, VLANs on a bond,
# another address in each state.
# cosnic: --vfs 0
. /usr/share/cosnic/lib.sh
scenario "stacks on VFs"
for module in 8021q ipvlan; do modprobe $module || fail "no $module"; done
modprobe bonding max_bonds=0 || fail "no bonding"

check "VFs on both ports" devlink dev param set "pci/$PF_PCI" name vf_port_split value true cmode runtime
check "three VFs" vfs 3
for i in 0 1 2; do link_up "$(vf $i)" || fail "VF $i is not up"; done
a=$(vf 0) b=$(vf 1) c=$(vf 2)
ns_add c "$c" 3 # on the port of VF 0
spoofed() { counters "$PF" 'tx_drop_spoof_(mac|vlan)'; }
before=$(spoofed)

step "VLANs in VLANs"
ns_add a "$a" 1
n=0
for kinds in "802.1Q 802.1Q" "802.1ad 802.1ad" "802.1ad 802.1Q" "802.1Q 802.1ad"; do
	n=$((n + 1))
	for ns in a c; do
		dev=$([ $ns = a ] && echo "$a" || echo "$c")
		ip -n $ns link add link "$dev" name "o$n" type vlan proto "${kinds% *}" id $((100 + n)) || fail "no VLAN $((100 + n))"
		ip -n $ns link add link "o$n" name "i$n" type vlan proto "${kinds#* }" id $((200 + n)) || fail "no VLAN $((200 + n))"
		ip -n $ns link set "o$n" up
		ip -n $ns link set "i$n" up
		ip -n $ns addr add "10.$n.0.$([ $ns = a ] && echo 1 || echo 3)/24" dev "i$n"
	done
	check "$kinds" in_ns a ping -q -c 2 -i 0.01 -W 1 "10.$n.0.3"
	check "$kinds, full frames" in_ns a ping -q -c 2 -i 0.01 -W 1 -s 1464 "10.$n.0.3"
done

step "ipvlan"
for mode in l2 l3; do
	for k in 1 2; do
		ip netns add "p$k"
		ip -n a link add link "$a" name ip$k type ipvlan mode $mode || fail "no ipvlan"
		ip -n a link set ip$k netns "p$k"
		ip -n "p$k" link set ip$k up
		ip -n "p$k" addr add "10.0.0.$((20 + k))/24" dev ip$k
		check "$mode $k" in_ns "p$k" ping -q -c 2 -i 0.01 -W 1 10.0.0.3
		ip netns del "p$k"
	done
done

on_c=
step "another address"
for state in up down; do
	[ $state = up ] || ip -n a link set "$a" down
	check "while $state" ip -n a link set "$a" address "02:00:00:00:01:0$([ $state = up ] && echo 1 || echo 2)"
	[ $state = up ] || ip -n a link set "$a" up
	[ $state = up ] || sleep 1.5
	in_ns c ip neigh flush all
	check "ping" in_ns a ping -q -c 2 -i 0.01 -W 1 10.0.0.3
	check "ping in a VLAN" in_ns a ping -q -c 2 -i 0.01 -W 1 10.1.0.3
done
equal "dropped as spoofed" $(($(spoofed) - before)) 0
ns_del a
link_up "$a"

# Load balancing by the driver of bonds writes addresses into netdevs (balance-tlb) and frames (balance-alb) that no VF has asked the PF for.
spoof_check() { # on|off: of VF 0 and 1
	for i in 0 1; do ip link set "$PF" vf $i spoofchk "$1" || return 1; done
}
for mode in balance-rr active-backup balance-xor broadcast balance-tlb balance-alb; do
	step "bond, $mode"
	case $mode in balance-[ta]lb) check "no spoof check" spoof_check off ;; esac
	check "bond" ip link add bond0 type bond mode $mode miimon 100
	for dev in "$a" "$b"; do
		ip link set "$dev" down
		check "$dev joins" ip link set "$dev" master bond0
	done
	ip addr add 10.0.0.1/24 dev bond0
	ip link set bond0 up
	ip link add link bond0 name v9 type vlan id 9 || fail "no VLAN on the bond"
	ip link set v9 up
	ip addr add 10.9.0.1/24 dev v9
	[ -n "$on_c" ] || ip -n c link add link "$c" name v9 type vlan id 9 || fail "no VLAN"
	on_c=yes
	ip -n c link set v9 up
	ip -n c addr replace 10.9.0.3/24 dev v9
	ip -n c neigh flush all
	sleep 0.4
	# what VF 1 sends comes to VF 2 over the cable between the ports
	check "it talks" ping -q -c 10 -i 0.05 -W 1 10.0.0.3
	check "in a VLAN" ping -q -c 10 -i 0.05 -W 1 10.9.0.3
	check "another address for the bond" ip link set bond0 address 02:00:00:00:02:01
	sleep 0.2
	ip -n c neigh flush all
	check "it talks" ping -q -c 10 -i 0.05 -W 1 10.0.0.3
	check "gone" ip link del bond0
	sleep 0.2
done
equal "dropped as spoofed" $(($(spoofed) - before)) 0
