#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# `ip link set PF vf N ...`: MAC, port VLAN with priority, spoof check, trust; what the card does not have is refused and says so.
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "ip link set PF vf N"
modprobe macvlan || fail "no macvlan"

a=$(vf 0) b=$(vf 1) c=$(vf 2)
mac_b=$(mac "$b")
ns_add a "$a" 1
ns_add b "$b" 2
ns_add c "$c" 3
# said N PATTERN: what ip link shows of VF N
said() { ip link show "$PF" | grep "^ *vf $1 " | grep -q "$2"; }
vf_set() { ip link set "$PF" vf "$@"; }
talks() { in_ns "$1" ping -q -c 2 -i 0.01 -W 1 "$2"; }
as_mac() { # NAMESPACE DEVICE COUNT SOURCE_MAC
	in_ns "$1" sh -c '. /usr/share/cosnic/lib.sh; pktgen "$@"' sh "$2" "$3" 60 "$mac_b" "src_mac $4"
}
check "ping" talks a 10.0.0.2

step "MAC"
own=$(in_ns a cat "/sys/class/net/$a/address")
check "another one" vf_set 0 mac 02:00:00:00:00:aa
check "shown" said 0 02:00:00:00:00:aa
sleep 0.3
equal "the VF has it" "$(in_ns a cat "/sys/class/net/$a/address")" 02:00:00:00:00:aa
check "ping" talks a 10.0.0.2
refused "the VF takes another" ip -n a link set "$a" address 02:00:00:00:00:ab
refused "the address of VF 1" vf_set 0 mac "$mac_b"
refused "a multicast address" vf_set 0 mac 01:00:5e:00:00:01
check "trusted" vf_set 0 trust on
sleep 0.1
check "the VF takes another" ip -n a link set "$a" address 02:00:00:00:00:ab
check "shown" said 0 02:00:00:00:00:ab
check "ping" talks a 10.0.0.2
check "no trust, its first address again" sh -c "ip link set $PF vf 0 trust off && ip link set $PF vf 0 mac 00:00:00:00:00:00"
sleep 0.3
equal "the VF has it" "$(in_ns a cat "/sys/class/net/$a/address")" "$own"

step "MAC of the administrator, and a second one of the VF"
check "MAC" vf_set 0 mac 02:00:00:00:00:aa
sleep 0.3
ip -n a link set "$a" down
check "one that it has before it is up" bridge -n a fdb add 02:00:00:00:00:ad dev "$a" self permanent
ip -n a link add link "$a" name m0 address 02:00:00:00:00:ac type macvlan mode bridge
ip -n a link set "$a" up
ip -n a link set m0 up
ip -n a addr add "fd00::1/64" dev "$a" nodad
ip -n a addr add "10.0.0.7/24" dev m0
ip -n b neigh add 10.0.0.7 lladdr 02:00:00:00:00:ac dev "$b"
sleep 0.3
check "its own address, by multicast of IPv6" in_ns b ping -6 -q -c 2 -i 0.01 -W 1 fd00::1
refused "the second address without trust" talks b 10.0.0.7
check "trusted" vf_set 0 trust on
sleep 0.3
check "the second address" talks b 10.0.0.7
ip -n a link del m0
check "no trust" sh -c "ip link set $PF vf 0 trust off && ip link set $PF vf 0 mac 00:00:00:00:00:00"
sleep 0.3

step "port VLAN and priority"
ip -n b link set "$b" down # it would answer beside the tag
ip link set "$PF" promisc on
ethtool -K "$PF" rxvlan off
check "VLAN 30, priority 5" vf_set 0 vlan 30 qos 5
check "shown" said 0 'vlan 30, qos 5'
sleep 0.3
tcpdump -Z root --immediate-mode -p -U -i "$PF" -w /tmp/tagged vlan 2> /dev/null &
sniffer=$!
while [ ! -s /tmp/tagged ]; do usleep 10000; done
in_ns a ping -c 1 -W 1 10.0.0.77 > /dev/null # asks all for it
sleep 0.1
kill $sniffer
wait $sniffer 2> /dev/null
at_least "frames with that tag" "$(tcpdump -r /tmp/tagged -n -e 2> /dev/null | grep -c 'vlan 30, p 5')" 1
refused "802.1ad" vf_set 0 vlan 30 proto 802.1ad
refused "priority without a VLAN" vf_set 0 vlan 0 qos 3
refused "VLAN 4095" vf_set 0 vlan 4095
check "none" vf_set 0 vlan 0
ethtool -K "$PF" rxvlan on
ip link set "$PF" promisc off
ip -n b link set "$b" up
sleep 0.3
check "ping" talks a 10.0.0.2

step "spoof check"
check "shown" said 2 'spoof checking on'
before=$(counter "$PF" tx_drop_spoof_mac)
check "20 frames of another source" as_mac c "$c" 20 02:00:00:00:00:99
equal "dropped" $(($(counter "$PF" tx_drop_spoof_mac) - before)) 20
check "off" vf_set 2 spoofchk off
check "shown" said 2 'spoof checking off'
sniff b "$b" ether src 02:00:00:00:00:99
check "20 frames of another source" as_mac c "$c" 20 02:00:00:00:00:99
equal "VF 1 got of them" "$(sniffed)" 20
check "on" vf_set 2 spoofchk on
check "20 frames of another source" as_mac c "$c" 20 02:00:00:00:00:99
equal "dropped" $(($(counter "$PF" tx_drop_spoof_mac) - before)) 40

step "trust"
ip -n c link set "$c" promisc on
sleep 0.1
seen() { # of 20 frames to nobody: a promiscuous function gets those, not what is another's
	sniff c "$c" ether dst 02:00:00:00:00:98
	pktgen "$PF" 20 60 02:00:00:00:00:98 > /dev/null || return 1
	sniffed
}
equal "frames to nobody that a promiscuous VF sees" "$(seen)" 0
check "trusted" vf_set 2 trust on
check "shown" said 2 'trust on'
sleep 0.1
equal "frames to nobody that it sees" "$(seen)" 20
check "no trust" vf_set 2 trust off
sleep 0.1
equal "frames to nobody that it sees" "$(seen)" 0
ip -n c link set "$c" promisc off

step "counters of a VF, as ip link shows them"
sent() { ip -s link show "$PF" | awk '$1 == "vf" { on = $2 == 2 } on && /TX:/ { getline; print $2 }'; }
before=$(sent)
check "50 frames" as_mac c "$c" 50 "$(in_ns c cat "/sys/class/net/$c/address")"
equal "sent by VF 2" $(($(sent) - before)) 50

step "what the card does not have"
refused "highest rate" vf_set 0 max_tx_rate 1000
refused "least rate" vf_set 0 min_tx_rate 1000
refused "RSS query" vf_set 0 query_rss on
refused "VF 3 of 3" vf_set 3 mac 02:00:00:00:00:aa
refused "a VF of a VF" ip -n a link set "$a" vf 0 mac 02:00:00:00:00:aa
check "ping" talks a 10.0.0.2
