#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Data that the host has marked as bad, from the first byte on and in the middle of a read: it goes nowhere, AER reports it, nobody is reset.
# cosnic: --vfs 4 --faults-wait --fault poison:func=1,p=0.1 --fault poison:func=1,p=0.1,after=64
. /usr/share/cosnic/lib.sh
scenario "poisoned answers"
check "two pairs talk" hit_begin

for bits in 1 2; do
	hit $bits
	hit_neighbour
	hit_well
done
check "reported" test "$(said 'TLP +\(First\)')" -ge 1
equal "recoveries" "$(said 'device recovery successful')" "$(said 'PCIe Bus Error')"
equal "resets of the neighbour" "$(in_ns c ethtool -S "$HIT_C" | awk '$1 == "resets:" { print $2 }')" 0
only "$AER_LINES|the device stopped a queue|link is (up|down)|VF 0: bad descriptor"
