#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The card is taken out of its slot while its VFs talk: the driver goes, then the device, and the kernel does not mind.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "unplugged under traffic"

ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
in_ns a ping -q -c 400 -i 0.001 -W 1 10.0.0.2 > /tmp/flood 2>&1 &
sleep 0.1
slot=/sys/bus/pci/slots/0/power
equal "power of the slot" "$(cat $slot)" 1
check "off" sh -c "echo 0 > $slot"
wait
awk '/packets received/ { exit !($4 > 0) }' /tmp/flood || fail "nothing came through before"
[ ! -e "$(pf_sysfs)" ] || fail "$PF_PCI is still there"
equal "functions left on the bus" "$(lspci -s "${PF_PCI%:*}:" | wc -l)" 0
equal "namespace a has" "$(ns_devs a)" ""
check "the driver goes without a device" driver_unload
