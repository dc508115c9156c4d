#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ethtool -t of PF and VF, on- and offline, with the link used before and after.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "self-test"

ns_add a "$(vf 0)" 1
ip addr add 10.0.0.9/24 dev "$PF"
check "ping before" ping -c 1 -W 1 10.0.0.1
for mode in online offline; do
	check "PF, $mode" ethtool -t "$PF" $mode
	check "VF, $mode" in_ns a ethtool -t "$(ns_devs a)" $mode
done
cat /tmp/check
check "ping after" ping -c 3 -i 0.2 -W 1 10.0.0.1
