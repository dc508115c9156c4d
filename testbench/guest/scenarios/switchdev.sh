#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Switchdev mode: a bridge of Linux over representors joins two VFs and the wire; mode, VFs and driver come and go in any order.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "switchdev"
modprobe bridge || fail "no bridge"

mode() { devlink dev eswitch show "pci/$PF_PCI" | sed 's/.* mode \([a-z]*\).*/\1/'; }
carrier() { in_ns "$1" cat "/sys/class/net/$2/carrier"; }
# its PF tells a VF by a message
soon() { # WHAT COMMAND...: within a second
	local what=$1 i=0
	shift
	until "$@" > /tmp/check 2>&1 || [ $i -ge 20 ]; do i=$((i + 1)); sleep 0.05; done
	check "$what" "$@"
}
has_carrier() { [ "$(carrier "$1" "$2")" = "$3" ]; } # NAMESPACE DEVICE 0|1

a=$(vf 0) b=$(vf 1)
ns_add a "$a" 1
ns_add b "$b" 2
talks() { in_ns a ping -q -c 5 -i 0.01 -W 1 10.0.0.2; }
equal "mode" "$(mode)" legacy
check "VFs talk" talks

step "on"
check "a VF has a port VLAN" ip link set "$PF" vf 0 vlan 9
refused "so not yet" eswitch switchdev
check "it has none" ip link set "$PF" vf 0 vlan 0
in_ns a ping -q -c 100000 -i 0.005 10.0.0.2 > /dev/null 2>&1 &
check "with traffic" eswitch switchdev
check "again, which changes nothing" eswitch switchdev
equal "mode" "$(mode)" switchdev
r0=$(rep pf0vf0) r1=$(rep pf0vf1) p1=$(rep p1)
equal "the PF's port" "$(rep p0)" "$PF"
for dev in "$r0" "$r1" "$p1"; do
	equal "switch of $dev" "$(cat "/sys/class/net/$dev/phys_switch_id")" "$(cat "/sys/class/net/$PF/phys_switch_id")"
done
check "port of VF 0" sh -c "devlink port show $r0 | grep 'flavour pcivf controller 0 pfnum 0 vfnum 0'"
check "port of the second wire" sh -c "devlink port show $p1 | grep 'flavour physical port 1'"
refused "VLANs of VFs are of the other mode" ip link set "$PF" vf 0 vlan 9
killall ping
wait

step "carriers"
soon "no representor is up, so no VF has a link" has_carrier a "$a" 0
check "up" ip link set "$r0" up
soon "VF 0 has one" has_carrier a "$a" 1
check "the PF says no" ip link set "$PF" vf 0 state disable
soon "and it has none" has_carrier a "$a" 0
check "automatic" ip link set "$PF" vf 0 state auto
soon "and it has one" has_carrier a "$a" 1
check "down" ip link set "$r0" down
soon "and it has none" has_carrier a "$a" 0
check "the PF says yes" ip link set "$PF" vf 0 state enable
soon "and it has one" has_carrier a "$a" 1
check "automatic" ip link set "$PF" vf 0 state auto
ip link set "$r1" up
check "a representor's own carrier is the VF's state" grep -q 1 "/sys/class/net/$r1/carrier"

step "a bridge"
check "bridge" ip link add br0 type bridge forward_delay 0 mcast_snooping 0
for dev in "$r0" "$r1" "$PF"; do
	check "$dev is a port" ip link set "$dev" master br0
	ip link set "$dev" up
done
ip link set br0 up
# beyond the wire of port 0 is port 1
ip netns add w && ip link set "$p1" netns w && ip -n w link set "$p1" up && ip -n w addr add 10.0.0.9/24 dev "$p1"
soon "VFs talk by the bridge" talks
check "and with the wire" in_ns a ping -q -c 5 -i 0.01 -W 1 10.0.0.9
check "and the wire with the other one" in_ns w ping -q -c 5 -i 0.01 -W 1 10.0.0.2
before=$(rep_rx "$r0") seen=$(cat "/sys/class/net/$r1/statistics/tx_packets") sent=$(in_ns a cat "/sys/class/net/$a/statistics/tx_packets")
ping_in=$(cat "/sys/class/net/$PF/statistics/rx_packets")
check "1000 pings" in_ns a ping -q -c 1000 -i 0.0002 -W 1 10.0.0.2
sent=$(($(in_ns a cat "/sys/class/net/$a/statistics/tx_packets") - sent))
equal "representor of VF 0 had what it sent" $(($(rep_rx "$r0") - before)) $sent
at_least "representor of VF 1 sent it on" $(($(cat "/sys/class/net/$r1/statistics/tx_packets") - seen)) 1000
at_least "100 frames, more than the PF's own counters have of it" 100 $(($(cat "/sys/class/net/$PF/statistics/rx_packets") - ping_in))
mkdir /tmp/www
head -c 1000000 /dev/urandom > /tmp/www/file
for ns in a b w; do in_ns $ns httpd -p 80 -h /tmp/www || fail "no server"; done
copied() { # TO ADDRESS
	in_ns "$1" wget -q -O /tmp/copy "http://$2/file" && cmp /tmp/www/file /tmp/copy
}
check "a file from VF 0 to VF 1" copied b 10.0.0.1
check "a file from the wire to VF 0" copied a 10.0.0.9
check "a file from VF 1 to the wire" copied w 10.0.0.2

step "a representor down"
ip link set "$r1" down
refused "nobody gets through" in_ns a ping -q -c 2 -i 0.01 -W 1 10.0.0.2
ip link set "$r1" up
soon "it is up" talks

step "VFs go and come"
in_ns a ping -q -c 100000 -i 0.005 10.0.0.2 > /dev/null 2>&1 &
check "VF 1's driver is unbound" sh -c "echo $(vf_pci 1) > /sys/bus/pci/drivers/snic/unbind"
soon "its representor knows" grep -q 0 "/sys/class/net/$r1/carrier"
check "no VFs" vfs 0
killall ping 2> /dev/null
wait
equal "representors" "$(rep pf0vf0)$(rep pf0vf1)" ""
ip netns del a
ip netns del b
check "three VFs" vfs 3
ns_add a "$(vf 0)" 1
ns_add b "$(vf 2)" 2
for port in pf0vf0 pf0vf2; do ip link set "$(rep $port)" master br0 up; done
soon "they talk" talks

step "off"
in_ns a ping -q -c 100000 -i 0.005 10.0.0.2 > /dev/null 2>&1 &
check "with traffic" eswitch legacy
equal "mode" "$(mode)" legacy
equal "representors" "$(rep pf0vf0)$(rep pf0vf2)$(in_ns w ls /sys/class/net)" "lo"
killall ping
wait
ip link del br0
soon "VFs talk by the card" talks
for i in 1 2 3; do
	check "on, $i" eswitch switchdev
	check "off, $i" eswitch legacy
done
soon "VFs talk by the card" talks
check "self-test" ethtool -t "$PF" offline

step "the driver goes in switchdev mode"
check "on" eswitch switchdev
check "self-test" ethtool -t "$PF" offline
ip link set "$PF" up
check "reload" devlink dev reload "pci/$PF_PCI"
equal "mode" "$(mode)" switchdev
ip netns del a
ip netns del b
check "unload" driver_unload
check "load" driver_load
equal "mode" "$(mode)" legacy
check "two VFs" vfs 2
ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
check "link" link_up "$PF"
soon "VFs talk" talks
