#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# PCIe errors of the card as the kernel reports and handles them: corrected, not fatal, fatal (the link is reset, and with it the
# whole card). Afterwards all is as before.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "AER"
modprobe aer_inject || fail "no aer_inject"

# 32 bytes in one write: struct aer_error_inj of drivers/pci/pcie/aer_inject.c
bytes() { for word; do for shift in 0 8 16 24; do printf '%b' "\\0$(printf %o $((word >> shift & 255)))"; done; done; }
# inject UNCORRECTABLE CORRECTABLE: as bits of the AER status registers, from the PF at bus 1, device 0
inject() {
	bytes 1 "$1" "$2" 0 0 0 0 0 > /tmp/error
	cat /tmp/error > /dev/aer_inject
}
said() { dmesg | grep -c "$1"; }
recovered() { # WHAT TIMES
	i=0
	while [ "$(said 'device recovery successful')" -lt "$2" ] && [ $i -lt 50 ]; do
		i=$((i + 1))
		sleep 0.1
	done
	equal "$1: recoveries so far" "$(said 'device recovery successful')" "$2"
	sleep 2 # the VFs ask the PF again
	check "self-test of the PF" ethtool -t "$PF" offline
	check "ping VF to VF" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2
}

ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
step "corrected"
check "bad TLP" inject 0 0x40
sleep 0.1
equal "reported" "$(said 'Corrected error message received from 0000:01:00.0')" 1
check "ping VF to VF" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2

step "not fatal"
check "completion timeout" inject 0x4000 0
recovered "completion timeout" 1

step "fatal, under traffic"
in_ns a ping -q -c 200 -i 0.001 -W 1 10.0.0.2 > /tmp/flood 2>&1 &
sleep 0.05
check "malformed TLP" inject 0x40000 0
recovered "malformed TLP" 2
wait
