#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# sriov_numvfs: 0, 1, the most, more than that, and changes while VFs are there.
. /usr/share/cosnic/lib.sh
scenario "numvfs"

total=$(cat "$(pf_sysfs)/sriov_totalvfs")
now() { cat "$(pf_sysfs)/sriov_numvfs"; }
netdevs() {
	set -- "$(pf_sysfs)"/virtfn*/net/*
	if [ -e "$1" ]; then echo $#; else echo 0; fi
}

check "none while there are none" vfs 0
check "one" vfs 1
equal "network devices of VFs" "$(netdevs)" 1
refused "another number while there is one" vfs 2
equal "still" "$(now)" 1
check "none again" vfs 0
equal "network devices of VFs" "$(netdevs)" 0
refused "more than there can be ($((total + 1)))" vfs $((total + 1))
equal "still" "$(now)" 0
refused "not a number" vfs many
uptime() { cut -d ' ' -f 1 /proc/uptime; }
start=$(uptime)
check "the most ($total)" vfs "$total"
up=$(uptime)
equal "network devices of VFs" "$(netdevs)" "$total"
down=$(uptime)
check "none again" vfs 0
figure numvfs_max_s "$(awk -v a="$start" -v b="$up" 'BEGIN { print b - a }')"
figure numvfs_max_to_0_s "$(awk -v a="$down" -v b="$(uptime)" 'BEGIN { print b - a }')"
for n in 3 1 4; do
	check "$n" vfs $n
	equal "network devices of VFs" "$(netdevs)" $n
	check "none" vfs 0
done
