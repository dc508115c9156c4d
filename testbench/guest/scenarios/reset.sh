#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Functions reset while traffic runs: by PCI (FLR), by taking the link down, by unbinding a VF's driver.
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "reset under traffic"

ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
b=$(ns_devs b)
flood() { in_ns a ping -q -c 400 -i 0.001 -W 1 10.0.0.2 > /tmp/flood 2>&1 & }

step "FLR of the VF that answers"
flood
sleep 0.1
check "reset" sh -c "echo 1 > $(pf_sysfs)/virtfn1/reset"
wait
awk '/packets received/ { exit !($4 > 0) }' /tmp/flood || fail "nothing came through"
link_up_in_b() { ip -n b link set "$b" up && sleep 0.3; }
check "up" link_up_in_b
check "ping after" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2

step "link down and up"
flood
sleep 0.1
check "down" ip -n b link set "$b" down
check "up" ip -n b link set "$b" up
wait
check "ping after" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2

step "VF's driver unbound and bound"
flood
sleep 0.1
check "unbind" sh -c "echo $(vf_pci 1) > /sys/bus/pci/drivers/snic/unbind"
check "bind" sh -c "echo $(vf_pci 1) > /sys/bus/pci/drivers/snic/bind"
wait
ns_del b
ns_add b "$(vf 1)" 2
check "ping after" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2

step "FLR of the PF under its VFs' traffic"
flood
sleep 0.1
check "reset" sh -c "echo 1 > $(pf_sysfs)/reset"
wait
sleep 1
check "ping after" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2

step "all VFs gone under traffic"
flood
sleep 0.1
check "no VFs" vfs 0
wait
check "self-test" ethtool -t "$PF" offline
