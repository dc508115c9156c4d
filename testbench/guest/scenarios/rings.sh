#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Rings, MTU, offloads, moderation, spreading, channels and XDP changed under traffic. What lies in rings changes while the function stays as
# it is: queues stop when the device does nothing more of them (behind an IOMMU: it touches nothing that was unmapped). The PF hears nothing of it,
# and a neighbour loses nothing.
# cosnic: --vfs 4 --iommu
. /usr/share/cosnic/lib.sh
scenario "rings under traffic"

a=$(vf 0) b=$(vf 1) c=$(vf 2) d=$(vf 3)
ns_add a "$a" 1
ns_add b "$b" 2
ns_add c "$c" 3
ns_add d "$d" 4
on_a() { in_ns a ethtool "$@"; }
hellos() { devlink health diagnose "pci/$PF_PCI" reporter mdd -j | tr '{' '\n' | sed -n 's/.*"vf":0,.*"requests":\([0-9]*\).*/\1/p'; }
faulted() { dmesg | grep -c 'DMAR:.*fault'; }
talks() { in_ns a ping -q -c 3 -i 0.01 -W 1 10.0.0.2; }
# under WHAT COMMAND...: while a sends and gets, and two others talk, who lose nothing
under() {
	local what=$1
	shift
	in_ns a ping -q -c 100 -i 0.001 -W 1 -s 1000 10.0.0.2 > /tmp/flood 2>&1 &
	in_ns c ping -q -c 40 -i 0.002 -W 1 10.0.0.4 > /tmp/neighbour 2>&1 &
	sleep 0.03
	check "$what" "$@"
	wait
	grep -q ' 0% packet loss' /tmp/neighbour || fail "$what: the neighbour lost something: $(grep loss /tmp/neighbour)"
	talks > /dev/null || fail "$what: no ping after it"
}

before=$(hellos)
counter_in() { in_ns a ethtool -S "$a" | awk -v n="$1:" '$1 == n { print $2 }'; }
resets=$(counter_in resets)
under "rings of 64" on_a -G "$a" rx 64 tx 64
under "rings of 1024" on_a -G "$a" rx 1024 tx 1024
under "MTU 9000" ip -n a link set "$a" mtu 9000
under "MTU 1500" ip -n a link set "$a" mtu 1500
under "no adaptive moderation, 20 us" on_a -C "$a" adaptive-rx off rx-usecs 20
under "adaptive moderation" on_a -C "$a" adaptive-rx on
under "XDP" ip -n a link set dev "$a" xdpdrv obj /usr/share/cosnic/xdp_pass.o sec xdp
under "no XDP" ip -n a link set dev "$a" xdp off
under "spread over one queue" on_a -X "$a" equal 1
under "spread as at first" on_a -X "$a" default
equal "resets of the function" "$(counter_in resets)" "$resets"
equal "requests to the PF" "$(hellos)" "$before"
under "rxvlan off" on_a -K "$a" rxvlan off
under "rxvlan on" on_a -K "$a" rxvlan on
under "rx off" on_a -K "$a" rx off
under "rx on" on_a -K "$a" rx on
under "two channels" on_a -L "$a" combined 2
under "one channel" on_a -L "$a" combined 1

equal "faults of the IOMMU" "$(faulted)" 0
