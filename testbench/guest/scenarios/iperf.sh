#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# iperf3: TCP, UDP, IPv6 and MTU 9000, VF to VF, PF to VF, and port to port over the cable.
# cosnic: --vfs 2
#   cosnic guest --vfs 2 --run iperf.sh [-- SIZE]     (of each TCP transfer: 2M; with 20M the start of iperf3 is no part of the speed)
. /usr/share/cosnic/lib.sh
scenario "iperf3"

size=${1:-2M}
# iperfs NAME SERVER_NS CLIENT_NS ADDRESS ADDRESS6
iperfs() {
	check "$1, TCP" speed "iperf_$1_tcp" frames_sent iperf "$2" "$3" "$4" -n "$size"
	figure "iperf_$1_tcp_gbps" "$(iperf_gbps)"
	check "$1, TCP over IPv6" iperf "$2" "$3" "$5" -6 -n 1M
	figure "iperf_$1_tcp6_gbps" "$(iperf_gbps)"
	check "$1, UDP" speed "iperf_$1_udp" frames_sent iperf "$2" "$3" "$4" -u -b 200M -l 1400 -n 500K
	figure "iperf_$1_udp_gbps" "$(iperf_gbps)"
	equal "$1, UDP datagrams lost" "$(sed -n 's/.*"lost_packets":[^0-9]*\([0-9]*\).*/\1/p' /tmp/iperf.json | tail -n 1)" 0
}
jumbo() { # NAME SERVER_NS CLIENT_NS ADDRESS
	ip -n "$2" link set "$(ns_devs "$2")" mtu 9000
	ip -n "$3" link set "$(ns_devs "$3")" mtu 9000
	check "$1, TCP, MTU 9000" speed "iperf_$1_tcp9000" frames_sent iperf "$2" "$3" "$4" -n 8M
	figure "iperf_$1_tcp9000_gbps" "$(iperf_gbps)"
}

step "VF to VF, inside the card"
ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
iperfs vf_vf b a 10.0.0.2 fd00::2
csum_ok() { in_ns b ethtool -S "$(ns_devs b)" | awk '/rx[0-9]+_csum_ok:/ { n += $2 } END { print n }'; }
before=$(csum_ok)
check "1M by TCP" iperf b a 10.0.0.2 -n 1M
at_least "checksums that the card found good" $(($(csum_ok) - before)) 600
check "checksums by the stack" in_ns b ethtool -K "$(ns_devs b)" rx off
before=$(csum_ok)
check "1M by TCP" iperf b a 10.0.0.2 -n 1M
equal "checksums that the card found good" $(($(csum_ok) - before)) 0
check "checksums by the card" in_ns b ethtool -K "$(ns_devs b)" rx on
jumbo vf_vf b a 10.0.0.2
ns_del b

step "PF to VF"
ns_add p "$PF" 3
ip -n a link set "$(ns_devs a)" mtu 1500
iperfs pf_vf a p 10.0.0.1 fd00::1
jumbo pf_vf a p 10.0.0.1
ns_del p
ns_del a

step "port to port, over the cable"
link_up "$PF"
vfs 0
check "VFs on both ports" devlink dev param set "pci/$PF_PCI" name vf_port_split value true cmode runtime
vfs 2
ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
iperfs port_port b a 10.0.0.2 fd00::2
jumbo port_port b a 10.0.0.2
equal "dropped by the wire ports" "$(counters "$PF" 'rx_drop_(fcs|runt|oversize|buffer_full)')" 0
