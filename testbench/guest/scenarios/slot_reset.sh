#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The whole card reset by somebody else's hand, by its port's Secondary Bus Reset: the PF's driver finds its tables empty and writes them
# again. A function level reset of the PF leaves them.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "reset of the slot under the driver"

a=$(vf 0) b=$(vf 1)
ns_add a "$a" 1
ns_add b "$b" 2
ip addr add 10.0.0.9/24 dev "$PF"
check "an address of the administrator's" ip link set "$PF" vf 0 mac 02:00:00:00:00:aa
sleep 0.5
talks() { in_ns a ping -q -c 3 -i 0.01 -W 1 10.0.0.2 && ping -q -c 3 -i 0.01 -W 1 -I "$PF" 10.0.0.2; }
check "ping" talks
step "FLR of the PF"
setpci -s "$PF_PCI" CAP_EXP+8.w=8000:8000
sleep 4
check "ping" talks
spread() { ethtool -x "$PF" | sed -n '/hash key/{n;p}'; }
key=$(spread)

step "the slot"
bridge=$(basename "$(dirname "$(readlink -f "$(pf_sysfs)")")")
setpci -s "$bridge" BRIDGE_CONTROL=40:40
sleep 0.01
setpci -s "$bridge" BRIDGE_CONTROL=0:40
sleep 8
check "told" sh -c "dmesg | grep 'tables were lost'"
check "ping" talks
equal "the hash key" "$(spread)" "$key"
refused "the address is taken" ip link set "$PF" vf 1 mac 02:00:00:00:00:aa
