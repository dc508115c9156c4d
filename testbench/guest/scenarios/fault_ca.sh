#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Reads of one VF that end with Completer Abort: a frame is dropped, a descriptor line stops the queue, which recovers. The requester has no AER for it,
# only a bit of its status register.
# cosnic: --vfs 4 --faults-wait --fault ca:func=1,p=0.1 --fault ca:func=1,p=0.1,after=64
. /usr/share/cosnic/lib.sh
scenario "answers: Completer Abort"
check "two pairs talk" hit_begin

for bits in 1 2; do
	hit $bits
	hit_neighbour
	hit_well
done
equal "errors of AER" "$(said AER)" 0
equal "in the status of VF 0" $((0x$(setpci -s "$(vf_pci 0)" STATUS) & 0x1000)) $((0x1000))
only "the device stopped a queue|link is (up|down)|VF 0: bad descriptor"
