#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# 01-80-C2-00-00-00 to -0F (IEEE 802.1Q table 8-1) are between the PF and its neighbour on the wire: LLDP, EAPOL, LACP. So 802.3ad on
# the PF has something to say; VFs may neither send nor hear them.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "link-local control frames"
no_ipv6

a=$(vf 0) b=$(vf 1)
ns_add b "$b" 2
ns_no_ipv6 b
check "a VF that takes all groups" ip -n b link set "$b" allmulticast on
check "trusted, promiscuous" sh -c "ip link set $PF vf 1 trust on && ip -n b link set $b promisc on"
sleep 0.2
dropped() { counter "$PF" tx_drop_link_local; }
sent() { counter "$PF" p0_tx_packets; }
for last in 00 02 03 0e; do
	d=$(dropped) s=$(sent)
	sniff b "$b" ether dst 01:80:c2:00:00:$last
	check "10 frames of the PF to 01:80:c2:00:00:$last" pktgen "$PF" 10 60 01:80:c2:00:00:$last
	equal "seen by a VF" "$(sniffed)" 0
	equal "dropped" $(($(dropped) - d)) 0
	equal "on the wire" $(($(sent) - s)) 10
done
check "trusted" ip link set "$PF" vf 0 trust on
sleep 0.1
for last in 00 02 0e; do
	d=$(dropped) s=$(sent)
	check "10 frames of a trusted VF to 01:80:c2:00:00:$last" pktgen "$a" 10 60 01:80:c2:00:00:$last
	equal "dropped" $(($(dropped) - d)) 10
	equal "on the wire" $(($(sent) - s)) 0
done

step "802.3ad on the PF"
modprobe bonding max_bonds=0 || fail "no bonding"
d=$(dropped) s=$(sent)
ip link set "$PF" down
check "bond" ip link add bond0 type bond mode 802.3ad lacp_rate fast miimon 100
check "the PF in it" ip link set "$PF" master bond0
check "up" ip link set bond0 up
sleep 3
equal "dropped" $(($(dropped) - d)) 0
at_least "LACP frames on the wire" $(($(sent) - s)) 2
check "bond gone" ip link del bond0
