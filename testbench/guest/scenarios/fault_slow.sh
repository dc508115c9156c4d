#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One function's memory is slow, each read of it: it is slower for that, the others are not.
# cosnic: --vfs 4 --faults-wait --fault late:func=1,ns=5000
. /usr/share/cosnic/lib.sh
scenario "slow memory of one VF"
check "two pairs talk" hit_begin

hit 1
equal "loss of VF 0, %" "$HIT_LOSS" 0
hit_neighbour
only "nothing"
