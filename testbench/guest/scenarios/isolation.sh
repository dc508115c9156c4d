#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Two VFs cannot see or send as each other. (Write for each other: hostile.sh, iommu.sh.)
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "isolation"

c=$(vf 2) mac_a=$(mac "$(vf 0)") mac_b=$(mac "$(vf 1)")
ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
ns_add c "$c" 3
check "a and b talk" in_ns a ping -c 1 -W 1 10.0.0.2

step "see"
ip -n c link set "$c" promisc on
sniff c "$c" ether host "$mac_a" and ether host "$mac_b"
check "traffic between a and b" in_ns a ping -c 5 -i 0.01 -W 1 10.0.0.2
equal "frames of theirs that c, promiscuous but not trusted, saw" "$(sniffed)" 0
sniff c "$c" arp and ether src "$mac_a"
ip -n a neigh flush all
check "a asks all for b" in_ns a ping -c 1 -W 1 10.0.0.2
at_least "broadcasts of a that c saw" "$(sniffed)" 1

step "send as"
before=$(counter "$PF" tx_drop_spoof_mac)
as_a() { # COUNT DESTINATION [SETTING...]
	in_ns c sh -c '. /usr/share/cosnic/lib.sh; pktgen "$@"' sh "$c" "$1" 60 "$2" "$3"
}
sniff b "$(ns_devs b)" udp port 9
check "c sends 50 frames with a's address to b" as_a 50 "$mac_b" "src_mac $mac_a"
equal "b got of them" "$(sniffed)" 0
equal "dropped as spoofed" $(($(counter "$PF" tx_drop_spoof_mac) - before)) 50
check "the PF fixes c's address" ip link set "$PF" vf 2 mac 02:00:00:00:00:33
sleep 0.1
refused "c takes a's address" ip -n c link set "$c" address "$mac_a"

step "link-local control frames of a VF"
before=$(counter "$PF" tx_drop_link_local)
check "c sends 20 frames to 01:80:c2:00:00:01" as_a 20 01:80:c2:00:00:01 "src_mac 02:00:00:00:00:33"
sleep 0.01
equal "dropped" $(($(counter "$PF" tx_drop_link_local) - before)) 20

check "a and b still talk" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2
equal "DMA refused" "$(counter "$PF" dma_refused)" 0
