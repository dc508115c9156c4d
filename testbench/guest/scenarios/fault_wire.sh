#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The cable of port 0 is cut and mended, and flaps: carriers follow, VFs of one port go on talking.
# cosnic: --vfs 4 --faults-wait --fault down:port=0
. /usr/share/cosnic/lib.sh
scenario "link of a port down and up"
check "two pairs talk" hit_begin

carrier() { # WANTED: within 5 s
	local i=0 c
	while read -r c < "/sys/class/net/$PF/carrier" && [ "$c" != "$1" ] && [ $i -lt 50 ]; do
		i=$((i + 1))
		sleep 0.1
	done
	equal "carrier of the PF" "$c" "$1"
}
hit 1
equal "loss of VF 0, %" "$HIT_LOSS" 0
faults 1
carrier 0
faults 0
carrier 1
for _ in 1 2 3 4 5; do
	faults 1
	sleep 0.01
	faults 0
	sleep 0.01
done
sleep 1.5
carrier 1
hit 0
equal "loss of VF 0, %" "$HIT_LOSS" 0
hit_neighbour
only "link is (up|down)"
