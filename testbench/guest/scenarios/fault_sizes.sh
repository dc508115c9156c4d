#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# MPS and MRRS changed under traffic: by the fault of that name, and by the guest in Device Control, as it may at any time.
# cosnic: --vfs 4 --faults-wait --fault sizes:mps=128,mrrs=128
. /usr/share/cosnic/lib.sh
scenario "other sizes of TLPs"
check "two pairs talk" hit_begin

hit 1
equal "loss of VF 0, %" "$HIT_LOSS" 0
hit_neighbour
old=$(setpci -s "$PF_PCI" CAP_EXP+8.W)
for control in 5000 0000 2000; do
	check "MRRS $((128 << (0x$control >> 12)))" setpci -s "$PF_PCI" "CAP_EXP+8.W=$control:7000"
	hit 0
	equal "loss of VF 0, %" "$HIT_LOSS" 0
	hit_neighbour
done
check "MPS 128" setpci -s "$PF_PCI" "CAP_EXP+8.W=0:e0"
hit 0
equal "loss of VF 0, %" "$HIT_LOSS" 0
hit_neighbour
setpci -s "$PF_PCI" "CAP_EXP+8.W=$old"
hit 0
equal "loss of VF 0, %" "$HIT_LOSS" 0
only "nothing"
