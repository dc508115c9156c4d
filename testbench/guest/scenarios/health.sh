#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Recovery that has to happen more than once: two queue errors one after the other, and a function that could not be recovered at first.
# cosnic: --vfs 2 --append iomem=relaxed
. /usr/share/cosnic/lib.sh
scenario "health, again"

ns_add b "$(vf 1)" 2
v=$(vf 0) pci=pci/$(vf_pci 0)
ip addr add 10.0.0.1/24 dev "$v"
bar=$(awk 'NR == 1 { print $1 }' "$(pf_sysfs)/virtfn0/resource")
fault() { devmem $((bar + REG_TX_TAIL)) 32 0x7fff; } # more descriptors than the ring has
health() { devlink health show "$pci" reporter "$1" | awk -v f="$2" '/state/ { for (i = 1; i < NF; i += 2) if ($i == f) print $(i + 1) }'; }
talks() { ping -q -c 3 -i 0.01 -W 1 -I "$v" 10.0.0.2; }
check "ping" talks

step "two queue errors within the time between two recoveries"
fault
sleep 0.02
ping -c 1 -W 1 -I "$v" 10.0.0.2 > /dev/null
fault
sleep 2.5
equal "state" "$(health tx state)" healthy
equal "reported" "$(health tx error)" 2
equal "recovered" "$(health tx recover)" 2
check "ping" talks
fault
sleep 2
equal "a third one: state" "$(health tx state)" healthy
check "ping" talks

step "an error that the link's down and up has mended"
check "recovery by hand" devlink health set "$pci" reporter tx auto_recover false
fault
sleep 1.5
equal "state" "$(health tx state)" error
check "down and up" sh -c "ip link set $v down && ip link set $v up && ip addr replace 10.0.0.1/24 dev $v"
check "link" link_up "$v"
equal "state" "$(health tx state)" healthy
check "recovery by itself" devlink health set "$pci" reporter tx auto_recover true
check "ping" talks

step "a recovery that failed"
setpci -s "$(vf_pci 0)" CAP_PM+4.W=3 # D3hot: it answers to nothing
sleep 3
equal "state" "$(health device state)" error
setpci -s "$(vf_pci 0)" CAP_PM+4.W=0
sleep 1
check "recover" devlink health recover "$pci" reporter device
equal "state" "$(health device state)" healthy
check "link" link_up "$v"
check "ping" talks
