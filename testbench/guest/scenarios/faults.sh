#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Host memory and wires that misbehave, switched on under way: a cut cable, other sizes, answers in pieces, slow memory of one VF, errors in
# it. The others go on, and what had an error works again when the errors are over.
# cosnic: --vfs 2 --faults-wait --fault down:port=0 --fault sizes:mps=128,mrrs=128 --fault split --fault apart:ns=200 --fault late:func=1,ns=20000 --fault ca:func=1,p=0.3 --fault poison:func=1,p=0.3
. /usr/share/cosnic/lib.sh
scenario "faults"

carrier() { # WANTED: within 5 s
	local i=0 c
	while read -r c < "/sys/class/net/$PF/carrier" && [ "$c" != "$1" ] && [ $i -lt 50 ]; do
		i=$((i + 1))
		sleep 0.1
	done
	equal "carrier of the PF" "$c" "$1"
}
ping_vfs() { check "$1" in_ns a ping -q -c "${2:-20}" -i 0.002 -W 1 10.0.0.2; }

ns_add a "$(vf 0)" 1 9000
ns_add b "$(vf 1)" 2 9000
ns_add p "$PF" 3
ns_del p
link_up "$PF"
ping_vfs "ping VF to VF"

step "the cable is cut, and mended"
faults 1
carrier 0
ping_vfs "VF to VF needs no cable"
faults 0
carrier 1

step "answers of all sizes"
faults 2
ping_vfs "MPS and MRRS 128"
check "MTU 9000" in_ns a ping -q -c 5 -i 0.01 -W 1 -s 8972 10.0.0.2
faults 12
ping_vfs "cut small and mixed"
check "MTU 9000" in_ns a ping -q -c 5 -i 0.01 -W 1 -s 8972 10.0.0.2
faults 0
old=$(setpci -s "$PF_PCI" CAP_EXP+8.W)
check "MRRS 4096 in Device Control" setpci -s "$PF_PCI" "CAP_EXP+8.W=5000:7000"
check "MTU 9000" in_ns a ping -q -c 5 -i 0.01 -W 1 -s 8972 10.0.0.2
setpci -s "$PF_PCI" "CAP_EXP+8.W=$old"

step "slow memory of one VF"
faults 16
ping_vfs "20 us a read"
figure ping_slow_us "$(in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2 > /tmp/ping; ping_min_us /tmp/ping)"
faults 0

for kind in "32 aborts" "64 poison"; do
	step "errors in the memory of one VF: ${kind#* }"
	faults "${kind% *}"
	in_ns a ping -q -c 50 -i 0.002 -W 1 10.0.0.2 > /tmp/ping 2>&1
	grep loss /tmp/ping
	faults 0
	i=0
	while ! in_ns a ping -q -c 1 -W 1 10.0.0.2 > /dev/null 2>&1 && [ $i -lt 10 ]; do
		i=$((i + 1))
		sleep 0.5
	done
	ping_vfs "all well again"
done
