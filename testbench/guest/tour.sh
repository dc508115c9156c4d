#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The tour of `make demo-guest`, inside the guest: what a person would type, and what it prints.
. /usr/share/cosnic/lib.sh
scenario "Linux $(uname -r), the PF is $PF at $PF_PCI"

show() { # WORDS: one line of shell, as typed
	echo "# $*"
	eval "$*" > /tmp/shown 2>&1 || {
		cat /tmp/shown
		fail "$*"
	}
	sed 's/^/  /' /tmp/shown
}
stats() { ethtool -S "$PF" | grep -E ' (rx|tx|p[01]_[rt]x)_packets:| drop' | grep -v ': 0$'; }

show "lspci -s $PF_PCI"
show "ethtool -i $PF | head -n 2"
show "ethtool -t $PF offline"

step "Four VFs, each in a network namespace of its own; odd ones on the card's second port"
show "devlink dev param set pci/$PF_PCI name vf_port_split value true cmode runtime"
show "echo 4 > /sys/bus/pci/devices/$PF_PCI/sriov_numvfs"
show "ip -br link | grep eth"
for n in 0 1 2 3; do ns_add "vf$n" "$(vf $n)" $((n + 1)); done
show "ip netns list | sort"
step "ethtool -S before"
show stats

step "VF 0 to VF 2: both on port 0, the card switches inside"
show "ip netns exec vf0 ping -c 3 -i 0.01 10.0.0.3"
figure ping_vf_vf_us "$(ping_min_us /tmp/shown)"
echo "# ip netns exec vf2 iperf3 -s -1 -D; ip netns exec vf0 iperf3 -c 10.0.0.3 -n 2M"
check "iperf3" iperf vf2 vf0 10.0.0.3 -n 2M
figure iperf_vf_vf_gbps "$(iperf_gbps)"

step "VF 0 to VF 1: port 0 to port 1, over the cable"
show "ip netns exec vf0 ping -c 3 -i 0.01 10.0.0.2"
figure ping_port_port_us "$(ping_min_us /tmp/shown)"
echo "# ip netns exec vf1 iperf3 -s -1 -D; ip netns exec vf0 iperf3 -c 10.0.0.2 -n 2M"
check "iperf3" iperf vf1 vf0 10.0.0.2 -n 2M
figure iperf_port_port_gbps "$(iperf_gbps)"

step "pktgen from the PF: what the driver's send path costs"
check "2000 frames of 64 B" pktgen "$PF" 2000 60 02:00:00:00:00:99
pps=$(tail -n 1 /tmp/check)
figure pktgen_64_mpps "$(awk -v p="$pps" 'BEGIN { printf "%.3f", p / 1e6 }')"
figure pktgen_64_instructions_per_packet "$(awk -v p="$pps" 'BEGIN { printf "%.0f", 1e9 / p }')"

step "ethtool -S after"
show stats
