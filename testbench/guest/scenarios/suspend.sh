#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Suspend and resume, as far as the devices go (the kernel's pm_test).
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "suspend and resume"

a=$(vf 0) b=$(vf 1)
ns_add a "$a" 1
ns_add b "$b" 2
ip addr add 10.0.0.9/24 dev "$PF"
talks() { in_ns a ping -q -c 3 -i 0.01 -W 1 10.0.0.2 && ping -q -c 3 -i 0.01 -W 1 -I "$PF" 10.0.0.2; }
check "VLAN 10 for the second VF" ip link set "$PF" vf 1 vlan 10
sleep 0.3
refused "out of reach" talks
check "none" ip link set "$PF" vf 1 vlan 0
sleep 0.3
check "ping" talks
# a second of busy waiting, in which traffic and watchdog find the devices asleep
echo 1 > /sys/module/suspend/parameters/pm_test_delay
echo devices > /sys/power/pm_test || fail "this kernel has no pm_test"
for state in freeze mem; do
	grep -q $state /sys/power/state || continue
	check "$state" sh -c "echo $state > /sys/power/state"
	sleep 2
	check "ping" talks
	equal "bus master" $((0x$(setpci -s "$PF_PCI" COMMAND) & 4)) 4
done

step "an interface that was down stays so"
ip -n b link set "$b" down
check "freeze" sh -c "echo freeze > /sys/power/state"
equal "down" "$(in_ns b cat "/sys/class/net/$b/operstate")" down
check "up" ip -n b link set "$b" up
ip -n b addr replace fd00::2/64 dev "$b" nodad
sleep 1.5
check "ping" talks
check "self-test" ethtool -t "$PF" offline
