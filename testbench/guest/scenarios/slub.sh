#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The driver's memory under SLUB's checks (red zones, poison, owners): VFs, traffic, resets, unload.
# cosnic: --vfs 2 --append slub_debug=FZPU
. /usr/share/cosnic/lib.sh
scenario "slub_debug"

grep -q slub_debug /proc/cmdline || fail "the kernel was not started with slub_debug: --append slub_debug=FZPU"
ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
check "ping" in_ns a ping -c 20 -i 0.01 -W 1 10.0.0.2
check "large ping" in_ns a ping -c 5 -i 0.01 -W 1 -s 5000 10.0.0.2
check "self-test" ethtool -t "$PF" offline
check "rings" ethtool -G "$PF" rx 1024 tx 1024
check "no VFs" vfs 0
check "unload" driver_unload
for cache in /sys/kernel/slab/kmalloc-*; do
	case $cache in */kmalloc-*cg-*) continue ;; esac
	check "${cache##*/} is whole" sh -c "echo 1 > $cache/validate"
done
driver_load || fail "load"
