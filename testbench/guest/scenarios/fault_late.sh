#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Answers that come when the read was given up long ago: nobody takes them for another's. And answers that are late, but in time.
# cosnic: --vfs 4 --faults-wait --fault late:func=1,n=2,ns=30000000 --fault late:func=1,p=0.2,ns=4000
. /usr/share/cosnic/lib.sh
scenario "late answers"
check "two pairs talk" hit_begin

step "30 ms late, three times the completion timeout"
hit 1
hit_well
sleep 0.1
check "reported" test "$(said 'CmpltTO')" -ge 1
at_least "TLPs of answers that were nobody's" "$(counter "$PF" pcie_late_completion)" 1
only "$AER_LINES|the device stopped a queue|link is up|VF 0: bad descriptor"

step "4 us late, every fifth"
log_mark
hit 2
equal "loss of VF 0, %" "$HIT_LOSS" 0
hit_neighbour
only "nothing"
