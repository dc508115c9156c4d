#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Functions for hosts without SR-IOV: they are there from the start, one PCI function each, and the PF's driver serves them as it does VFs.
# cosnic: --plain 9
. /usr/share/cosnic/lib.sh
scenario "plain functions"

equal "functions on the bus" "$(lspci -s "${PF_PCI%:*}:" | wc -l)" 10
lspci_has_sriov() { lspci -vv -s "$PF_PCI" | grep SR-IOV; }
refused "SR-IOV" lspci_has_sriov
for n in 1 8 9; do check "function $n has a device" plain $n; done
equal "addresses" "$(for n in 1 2 3 4 5 6 7 8 9; do cat "/sys/class/net/$(plain $n)/address"; done | sort -u | wc -l)" 9

ns_add a "$(plain 1)" 1
ns_add b "$(plain 9)" 2
sleep 0.3
talk() { in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2; }
check "function 1 reaches function 9" talk
check "in every size" in_ns a ping -c 3 -i 0.01 -W 1 -s 1472 10.0.0.2

step "a function reset is one's own"
in_ns a ping -q -c 100 -i 0.001 -W 1 10.0.0.2 > /tmp/beside 2>&1 &
check "reset of function 8" sh -c "echo 1 > /sys/bus/pci/devices/$(plain_pci 8)/reset"
wait
equal "answers meanwhile" "$(awk '/packets received/ { print $4 }' /tmp/beside)" 100

step "a function that is unbound, and bound again"
check "unbind" sh -c "echo $(plain_pci 9) > /sys/bus/pci/drivers/snic/unbind"
check "bind" sh -c "echo $(plain_pci 9) > /sys/bus/pci/drivers/snic/bind"
ns_del b
ns_add b "$(plain 9)" 2
sleep 0.3
check "talks" talk

step "the driver of them all"
check "unload" driver_unload
ip netns del a
ip netns del b
check "load" driver_load
check "PF up" link_up "$PF"
ns_add a "$(plain 1)" 1
ns_add b "$(plain 9)" 2
sleep 0.3
check "talks" talk

step "the PF's driver alone"
check "unbind" sh -c "echo $PF_PCI > /sys/bus/pci/drivers/snic/unbind"
check "bind" sh -c "echo $PF_PCI > /sys/bus/pci/drivers/snic/bind"
sleep 1.5 # they find it within a second
check "talks" talk

step "out of its slot"
slot=/sys/bus/pci/slots/0/power
check "off" sh -c "echo 0 > $slot"
# ACPI's slot has eight functions; the kernel hears of the others when it asks.
equal "functions left on the bus" "$(lspci -s "${PF_PCI%:*}:" | wc -l)" 2
for n in 8 9; do check "function $n removed" sh -c "echo 1 > /sys/bus/pci/devices/$(plain_pci $n)/remove"; done
check "the driver goes without a device" driver_unload
