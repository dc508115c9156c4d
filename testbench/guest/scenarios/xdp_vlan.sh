#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# XDP and VLAN tags: a program sees the frame as it was on the wire, with the tag that the card has taken out, so what it sends back has it.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "XDP and VLAN tags"
modprobe 8021q

a=$(vf 0) b=$(vf 1)
ns_add a "$a" 1
ns_add b "$b" 2
for vf in "a $a 1" "b $b 2"; do
	# shellcheck disable=SC2086  # three words
	set -- $vf
	for kind in "q 802.1Q 10" "s 802.1ad 11"; do
		# shellcheck disable=SC2086
		set -- "$1" "$2" "$3" $kind
		ip -n "$1" link add link "$2" name "$4$6" type vlan proto "$5" id "$6"
		ip -n "$1" link set "$4$6" up
		ip -n "$1" addr add "10.$6.0.$3/24" dev "$4$6"
	done
done
ns_no_ipv6 a
ns_no_ipv6 b
check "ping in 802.1Q" in_ns a ping -q -c 1 -W 1 10.10.0.2
check "ping in 802.1ad" in_ns a ping -q -c 1 -W 1 10.11.0.2
mac_b=$(in_ns b cat "/sys/class/net/$b/address")
xdp() { ip -n b link set dev "$b" xdpdrv obj "/usr/share/cosnic/xdp_$1.o" sec xdp; }
got() { in_ns a cat "/sys/class/net/$1/statistics/rx_packets"; }
for switch in on off; do
	step "rxvlan $switch"
	in_ns b ethtool -K "$b" rxvlan $switch
	check "program that sends back" xdp tx
	q=$(got q10) s=$(got s11)
	check "20 frames in 802.1Q 10" in_ns a sh -c ". /usr/share/cosnic/lib.sh; pktgen $a 20 60 $mac_b 'vlan_id 10'"
	check "20 frames in 802.1ad 11" in_ns a sh -c ". /usr/share/cosnic/lib.sh; pktgen s11 20 60 $mac_b 'clone_skb 0'"
	sleep 0.05
	equal "back in 802.1Q 10" $(($(got q10) - q)) 20
	equal "back in 802.1ad 11" $(($(got s11) - s)) 20
	check "off" ip -n b link set dev "$b" xdp off
	check "program that passes" xdp pass
	check "ping in 802.1Q" in_ns a ping -q -c 2 -i 0.01 -W 1 10.10.0.2
	check "ping in 802.1ad" in_ns a ping -q -c 2 -i 0.01 -W 1 10.11.0.2
	check "off" ip -n b link set dev "$b" xdp off
done
