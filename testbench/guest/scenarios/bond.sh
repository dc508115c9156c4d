#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A bond of two VFs, one on each port, and what it asks of a VF that is down: an address that it can have or that is refused at once.
# cosnic: --vfs 0
. /usr/share/cosnic/lib.sh
scenario "bond over both ports"
modprobe bonding max_bonds=0 || fail "no bonding"

check "VFs on both ports" devlink dev param set "pci/$PF_PCI" name vf_port_split value true cmode runtime
check "four VFs" vfs 4
for i in 0 1 2 3; do link_up "$(vf $i)" || fail "VF $i is not up"; done
a=$(vf 0) b=$(vf 1) c=$(vf 2) d=$(vf 3)

step "the address of a VF that is down"
mac_a=$(mac "$a") mac_c=$(mac "$c")
check "down" ip link set "$a" down
refused "that of VF 2, on the same port" ip link set "$a" address "$mac_c"
equal "it has its own" "$(mac "$a")" "$mac_a"
check "a free one" ip link set "$a" address 02:00:00:00:00:77
refused "which VF 2 cannot have then" ip link set "$c" address 02:00:00:00:00:77
check "up" link_up "$a"
sleep 0.2
equal "it still has that" "$(mac "$a")" 02:00:00:00:00:77
check "down" ip link set "$a" down
refused "which VF 2 cannot have now either" ip link set "$c" address 02:00:00:00:00:77
check "its own again" ip link set "$a" address "$mac_a"
check "up" link_up "$a"
check "administrator's" ip link set "$PF" vf 0 mac 02:00:00:00:00:78
sleep 0.3
check "down" ip link set "$a" down
refused "another one" ip link set "$a" address 02:00:00:00:00:79
check "the VF's own" ip link set "$PF" vf 0 mac 00:00:00:00:00:00
check "up" link_up "$a"
equal "which it has then" "$(mac "$a")" "$mac_a"

ns_add c "$c" 3 # on the port of VF 0
ns_add d "$d" 4 # on that of VF 1
talks() { in_ns "$1" ping -q -c 2 -i 0.02 -W 1 10.0.0.1; }
bond() { # OPTION...: of VF 0 and VF 1, VF 0 active
	check "bond, $*" ip link add bond0 type bond mode active-backup miimon 100 "$@"
	ip link set "$a" down
	ip link set "$b" down
	check "VF 0 in it" ip link set "$a" master bond0
	check "VF 1 in it" ip link set "$b" master bond0
	ip addr add 10.0.0.1/24 dev bond0
	check "up" ip link set bond0 up
	sleep 0.4
	equal "active" "$(cat /sys/class/net/bond0/bonding/active_slave)" "$a"
}
fail_over() {
	echo "$b" > /sys/class/net/bond0/bonding/active_slave
	sleep 0.4
	equal "active" "$(cat /sys/class/net/bond0/bonding/active_slave)" "$b"
}
# With one address on both, who is on the switch of the idle one finds that one: the card does not know that it is idle.
step "one address"
bond fail_over_mac none
equal "both have it" "$(mac "$a")" "$(mac "$b")"
check "VF 0 talks" talks c
fail_over
check "VF 1 talks" talks d
check "bond gone" ip link del bond0
sleep 0.2

step "the address of the active one"
bond fail_over_mac active
check "VF 0 talks on its port" talks c
check "and over the wire" talks d
fail_over
check "VF 1 talks on its port" talks d
check "and over the wire" talks c
