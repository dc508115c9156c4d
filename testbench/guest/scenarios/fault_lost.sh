#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Answers to reads of one VF that never come: of a frame, and of a descriptor line. The card gives them up after the completion timeout, AER
# reports that, and nobody else is reset, is slower or loses anything.
# cosnic: --vfs 4 --faults-wait --fault lost:func=1,n=2 --fault lost:func=1,n=1-8
. /usr/share/cosnic/lib.sh
scenario "lost answers"
check "two pairs talk" hit_begin

for bits in 1 2; do
	hit $bits
	hit_neighbour
	hit_well
done
check "reported" test "$(said 'CmpltTO')" -ge 2
equal "recoveries" "$(said 'device recovery successful')" "$(said 'PCIe Bus Error')"
at_least "reads given up" "$(counter "$PF" pcie_completion_timeout)" 2
equal "resets of the neighbour" "$(in_ns c ethtool -S "$HIT_C" | awk '$1 == "resets:" { print $2 }')" 0
only "$AER_LINES|the device stopped a queue|link is up|VF 0: bad descriptor"

step "a timeout of 50 to 100 us in Device Control 2"
check "value 1" setpci -s "$PF_PCI" CAP_EXP+28.W=1:1f
hit 1
hit_neighbour
hit_well
