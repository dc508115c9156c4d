#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The card's PTP clocks under linuxptp's own tools: phc_ctl sets, reads and steers them.
# cosnic: --vfs 2 --with linuxptp
. /usr/share/cosnic/lib.sh
scenario "PTP hardware clocks"

phc_of() { ethtool -T "$1" | sed -n 's/^PTP Hardware Clock: //p'; }
pf_phc=$(phc_of "$PF")
vf_phc=$(phc_of "$(vf 0)")
check "the PF has one" test -c "/dev/ptp$pf_phc"
check "a VF has one of its own" test "$vf_phc" != "$pf_phc"

# Guest time and the card's pass alike, exactly: phc_ctl says by how much clock and system differ, in ns.
step "phc_ctl"
offset() { phc_ctl "/dev/ptp$1" cmp 2>&1 | sed -n 's/.*offset from CLOCK_REALTIME is \(-*[0-9]*\)ns.*/\1/p'; }
near() { # NAME VALUE WANTED WITHIN
	local d=$(($2 - $3))
	[ $d -ge 0 ] || d=$((-d))
	check "$1: $2 ns, wanted $3 +- $4" test $d -le "$4"
}
check "set" phc_ctl "/dev/ptp$pf_phc" set
near "after set" "$(offset "$pf_phc")" 0 100000
before=$(offset "$pf_phc")
check "adjust by 3.5 s" phc_ctl "/dev/ptp$pf_phc" adj 3.5
near "after adjust" "$(offset "$pf_phc")" $((before - 3500000000)) 20000
near "a VF reads the same clock" "$(offset "$vf_phc")" $((before - 3500000000)) 20000
phc_ctl "/dev/ptp$vf_phc" set 5 > /dev/null 2>&1
near "a VF cannot set it" "$(offset "$vf_phc")" $((before - 3500000000)) 20000
check "40 ppm fast" phc_ctl "/dev/ptp$pf_phc" freq 40000
before=$(offset "$pf_phc")
sleep 10
near "after 10 s" $(($(offset "$pf_phc") - before)) -400000 20000
check "at its own rate" phc_ctl "/dev/ptp$pf_phc" freq 0

step "a reset of the function"
before=$(offset "$pf_phc")
echo 1 > "$(pf_sysfs)/reset"
near "it goes on" "$(offset "$pf_phc")" "$before" 20000
