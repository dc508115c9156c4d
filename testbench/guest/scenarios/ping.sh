#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# ping by IPv4 and IPv6, small and MTU 9000: VF to VF, PF to VF, and port to port over the cable.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "ping"

# pings NAME FROM_NS TO_ADDRESS TO_ADDRESS6
pings() {
	check "$1, IPv4" in_ns "$2" ping -c 3 -i 0.01 -W 1 "$3"
	figure "ping_$1_us" "$(ping_min_us /tmp/check)"
	check "$1, IPv6" in_ns "$2" ping -6 -c 3 -i 0.01 -W 1 "$4"
	check "$1, MTU 9000" in_ns "$2" ping -c 3 -i 0.01 -W 1 -s 8972 "$3"
}

step "VF to VF, inside the card"
ns_add a "$(vf 0)" 1 9000
ns_add b "$(vf 1)" 2 9000
pings vf_vf a 10.0.0.2 fd00::2
# A frame may leave between the two looks, so more than one look is allowed.
for _ in 1 2 3 4 5; do
	received=$(counter "$PF" p1_rx_packets) sent=$(counter "$PF" p0_tx_packets)
	[ "$received" != "$sent" ] || break
	sleep 0.2
done
equal "frames on the wire" "$received" "$sent"

step "PF to VF"
ns_del b
ns_add p "$PF" 3 9000
pings pf_vf p 10.0.0.1 fd00::1
ns_del p
ns_del a

step "port to port, over the cable"
link_up "$PF"
vfs 0
check "VFs on both ports" devlink dev param set "pci/$PF_PCI" name vf_port_split value true cmode runtime
vfs 2
before=$(counter "$PF" p1_rx_packets)
ns_add a "$(vf 0)" 1 9000
ns_add b "$(vf 1)" 2 9000
pings port_port a 10.0.0.2 fd00::2
at_least "frames that came over the cable" $(($(counter "$PF" p1_rx_packets) - before)) 12
