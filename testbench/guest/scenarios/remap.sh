#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One CPU maps and unmaps a VF's registers while two others wake each other up: their interrupt controllers lie behind those
# registers in the memory map, and no access to them may go astray.
# cosnic: --vfs 1 --time free --cpus 3 --timeout 240
#   cosnic guest --vfs 1 --time free --cpus 3 --run remap.sh [-- ROUNDS]
. /usr/share/cosnic/lib.sh
scenario "registers mapped and unmapped beside busy CPUs"

rounds=${1:-25}
vf=$(vf_pci 0)
check "the VF's driver gone" sh -c "echo $vf > /sys/bus/pci/drivers/snic/unbind"
mkfifo /tmp/there /tmp/back
taskset 2 dd bs=1 2> /dev/null 0<> /tmp/there 1<> /tmp/back &
taskset 4 dd bs=1 2> /dev/null 0<> /tmp/back 1<> /tmp/there &
printf x > /tmp/there
wakes() { awk '/^ *RES:/ { print $3 + $4 }' /proc/interrupts; } # of CPU 1 and 2
changes=
for _ in $(seq 100); do changes="$changes COMMAND=2 COMMAND=0"; done
before=$(wakes)
n=0
while [ $n -lt "$rounds" ]; do
	# shellcheck disable=SC2086  # words
	taskset 1 setpci -s "$vf" $changes || fail "setpci"
	n=$((n + 1))
done
at=$(wakes)
at_least "wake-ups during $((200 * rounds)) changes" $((at - before)) 50
sleep 1
at_least "wake-ups in the second after" $(($(wakes) - at)) 1
