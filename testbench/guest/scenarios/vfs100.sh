#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A hundred VFs at once, each with an address, all answering. One CPU has not enough interrupt vectors for them, and virtual
# time has one CPU.
# cosnic: --vfs 100 --memory 2048 --time free --cpus 2
. /usr/share/cosnic/lib.sh
scenario "100 VFs"
no_ipv6

n=0
while [ $n -lt 100 ]; do
	[ "$(cat "/sys/class/net/$(vf $n)/carrier")" = 1 ] || fail "VF $n has no carrier"
	n=$((n + 1))
done
echo "ok 100 VFs are up"
equal "different addresses" "$(cat "$(pf_sysfs)"/virtfn*/net/*/address | sort -u | wc -l)" 100
before=$(cat /sys/class/net/*/statistics/rx_packets | awk '{ n += $1 } END { print n }')
ip addr add 10.0.0.200/24 dev "$PF"
check "100 broadcasts from the PF" pktgen "$PF" 100 60 ff:ff:ff:ff:ff:ff
sleep 0.2
after=$(cat /sys/class/net/*/statistics/rx_packets | awk '{ n += $1 } END { print n }')
at_least "copies that arrived, of 10000" $((after - before)) 10000
for n in 0 49 99; do
	ns_add "n$n" "$(vf $n)" $((n + 1))
	check "VF $n answers" ping -c 2 -i 0.01 -W 1 10.0.0.$((n + 1))
done
