#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Answers cut at each read completion boundary, and pieces of several answers between each other: nothing is lost, or said.
# cosnic: --vfs 4 --faults-wait --fault split:func=1 --fault apart:func=1,ns=100
. /usr/share/cosnic/lib.sh
scenario "answers in pieces"
check "two pairs talk" hit_begin

for bits in 1 2 3; do
	hit $bits
	equal "loss of VF 0, %" "$HIT_LOSS" 0
	hit_neighbour
done
only "nothing"
