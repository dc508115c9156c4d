#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The driver out and in again, with and without VFs, while the NIC is up and in use.
. /usr/share/cosnic/lib.sh
scenario "reload"

first=$(mac "$PF")
for round in 1 2 3; do
	step "round $round"
	[ $round = 1 ] || check "VFs" vfs 2
	check "unload" driver_unload
	[ ! -e /sys/class/net/"$PF" ] || fail "$PF is still there"
	equal "VFs left" "$(cat "$(pf_sysfs)/sriov_numvfs")" 0
	driver_load || fail "load"
	check "link" link_up "$PF"
	check "self-test" ethtool -t "$PF" offline
done
[ -n "$first" ] || fail "no MAC"
