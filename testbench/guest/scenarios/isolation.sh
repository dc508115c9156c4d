#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Two VFs cannot see, send as, or write for each other.
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "isolation"

c=$(vf 2) mac_a=$(mac "$(vf 0)") mac_b=$(mac "$(vf 1)")
ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
ns_add c "$c" 3
check "a and b talk" in_ns a ping -c 1 -W 1 10.0.0.2

step "see"
in_ns c tcpdump -Z root -p -i "$c" -w /tmp/c.pcap ip or ip6 2> /dev/null &
sniffer=$!
sleep 0.2
ip -n c link set "$c" promisc on
check "traffic between a and b" in_ns a ping -c 5 -i 0.01 -W 1 10.0.0.2
sleep 0.2
kill $sniffer
wait $sniffer
seen=$(tcpdump -r /tmp/c.pcap -n ether host "$mac_a" and ether host "$mac_b" 2> /dev/null | wc -l)
equal "frames of a and b that c, promiscuous but not trusted, saw" "$seen" 0

step "send as"
before=$(counter "$PF" tx_drop_spoof_mac)
ip netns del c
c=$(vf 2)
link_up "$c"
got=$(ip -n b -s link show "$(ip -n b -br link | awk '/^eth/ { print $1 }')" | awk '/RX:/ { getline; print $2 }')
check "c sends 50 frames with a's address to b" pktgen "$c" 50 60 "$mac_b" "src_mac $mac_a"
sleep 0.05
equal "dropped as spoofed" $(($(counter "$PF" tx_drop_spoof_mac) - before)) 50
equal "b received of them" $(($(ip -n b -s link show "$(ip -n b -br link | awk '/^eth/ { print $1 }')" | awk '/RX:/ { getline; print $2 }') - got)) 0
check "the PF fixes c's address" ip link set "$PF" vf 2 mac 02:00:00:00:00:33
sleep 0.1
refused "c takes a's address" ip link set "$c" address "$mac_a"

step "link-local control frames of a VF"
before=$(counter "$PF" tx_drop_link_local)
check "c sends 20 frames to 01:80:c2:00:00:01" pktgen "$c" 20 60 01:80:c2:00:00:01
sleep 0.05
equal "dropped" $(($(counter "$PF" tx_drop_link_local) - before)) 20

step "write for"
# VF 2's registers are its own page: a doorbell there for another's queue is refused by number.
check "a and b still talk" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2
equal "DMA refused" "$(counter "$PF" dma_refused)" 0
