#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# tc's flower rules in the card: what a rule decides does not reach the CPU, its counters count, and what the card cannot it refuses with a reason.
# cosnic: --vfs 2
# shellcheck disable=SC2086  # $to is several words
. /usr/share/cosnic/lib.sh
scenario "rules of tc"

a=$(vf 0) b=$(vf 1)
mac_a=$(mac "$a") mac_b=$(mac "$b")
refused "no rules without switchdev mode" sh -c "tc qdisc add dev $PF ingress; tc filter add dev $PF ingress protocol ip flower skip_sw action drop"
tc qdisc del dev "$PF" ingress
check "switchdev" eswitch switchdev
r0=$(rep pf0vf0) r1=$(rep pf0vf1) p1=$(rep p1)
for dev in "$r0" "$r1" "$p1"; do ip link set "$dev" up; done
for ns in a b; do ip netns add $ns; ns_no_ipv6 $ns; done
no_ipv6
ns_add() { # as lib.sh's, without IPv6
	ip link set "$2" netns "$1" && ip -n "$1" link set "$2" up && ip -n "$1" addr add "10.0.0.$3/24" dev "$2"
}
ns_add a "$a" 1
ns_add b "$b" 2
ip -n a neigh add 10.0.0.2 lladdr "$mac_b" dev "$a"
ip -n b neigh add 10.0.0.1 lladdr "$mac_a" dev "$b"
for dev in "$r0" "$r1" "$PF" "$p1"; do tc qdisc add dev "$dev" ingress; done
rule() { # DEVICE PRIORITY REST...
	local dev=$1 prio=$2
	shift 2
	tc filter replace dev "$dev" ingress pref "$prio" handle 1 "$@"
}
clear() { for dev in "$r0" "$r1" "$PF" "$p1"; do tc filter del dev "$dev" ingress; done; }
in_hw() { tc filter show dev "$1" ingress | grep -c '^  in_hw'; }
counted() { tc -s filter show dev "$1" ingress pref "${2:-1}" | awk '/Sent hardware/ { print $3 / 1, $5 / 1; exit }'; } # DEVICE [PRIORITY]: bytes, packets
sleep 0.2
talks() { in_ns a ping -q -c "${1:-10}" -i 0.001 -W 1 10.0.0.2; }
refused "nobody knows where to" talks 2

step "redirect"
check "VF 0 to VF 1" rule "$r0" 1 protocol ip flower skip_sw dst_mac "$mac_b" action mirred egress redirect dev "$r1"
check "and back" rule "$r1" 1 protocol ip flower ip_flags nofrag action mirred egress redirect dev "$r0"
equal "in the card" "$(in_hw "$r0") $(in_hw "$r1")" "1 1"
before=$(rep_rx "$r0") before1=$(rep_rx "$r1")
check "100 pings" talks 100
equal "reached the CPU" "$(($(rep_rx "$r0") - before)) $(($(rep_rx "$r1") - before1))" "0 0"
equal "counted, as software counts" "$(counted "$r0"), $(counted "$r1")" "8400 100, 8400 100"
refused "mode with rules" eswitch legacy
refused "without hw-tc-offload" ethtool -K "$r0" hw-tc-offload off

step "replace, priorities"
check "a rule that comes first drops" rule "$r0" 1 protocol ip flower skip_sw dst_mac "$mac_b" action drop
refused "nobody gets through" talks 2
equal "counted" "$(counted "$r0" | cut -d ' ' -f 2)" 2
check "one that comes later has not its frames" rule "$r0" 2 protocol ip flower skip_sw dst_mac "$mac_b" action mirred egress redirect dev "$r1"
refused "nobody gets through" talks 2
check "the first one goes" tc filter del dev "$r0" ingress pref 1
check "now it has" talks
equal "counted" "$(counted "$r0" 2 | cut -d ' ' -f 2)" 10
check "the host's come first" rule "$r0" 1 protocol ip flower skip_sw dst_mac "$mac_b" ip_proto icmp action pass
before=$(rep_rx "$r0")
refused "and the host does nothing with them" talks 2
equal "reached the CPU" $(($(rep_rx "$r0") - before)) 2
clear
equal "rules" "$(tc filter show dev "$r0" ingress)" ""

step "tags, mirror, DSCP"
sniff_a() { # DEVICE FILTER...: frames that it had of 10 pings without an answer
	local dev=$1 ns=$2
	shift 2
	sniff "$ns" "$dev" "$@"
	in_ns a ping -q -c 10 -i 0.001 -W 1 10.0.0.2 > /dev/null
	sniffed
}
check "push" rule "$r0" 1 protocol ip flower skip_sw action vlan push id 7 priority 3 action mirred egress redirect dev "$r1"
equal "VF 1 has the tag" "$(sniff_a "$b" b vlan 7 and icmp)" 10
check "pop at wire port 1" rule "$p1" 1 protocol 802.1Q flower skip_sw vlan_id 7 vlan_ethtype ip action vlan pop action mirred egress redirect dev "$r1"
check "push to the wire" rule "$r0" 1 protocol ip flower skip_sw action vlan push id 7 action mirred egress redirect dev "$PF"
check "and back" rule "$r1" 1 protocol ip flower skip_sw action mirred egress redirect dev "$r0"
check "it comes back without" talks
tc filter del dev "$p1" ingress
check "another tag" rule "$p1" 1 protocol 802.1Q flower skip_sw vlan_id 7 vlan_prio 0 action vlan modify id 8 priority 5 pipe action mirred egress redirect dev "$r1"
equal "VF 1 has it" "$(sniff_a "$b" b vlan 8 and icmp)" 10
clear
check "DSCP and mirror" rule "$r0" 1 protocol ip flower skip_sw action pedit ex munge ip dsfield set 0x28 retain 0xfc pipe action csum ip4h pipe \
	action mirred egress mirror dev "$PF" pipe action mirred egress redirect dev "$r1"
equal "VF 1 has the DSCP" "$(sniff_a "$b" b 'icmp[0] = 8 and ip[1] = 0x28')" 10
equal "wire port 1 has a copy" "$(sniff_a "$p1" "$(ip netns add x && ip link set "$p1" netns x && ip -n x link set "$p1" up && echo x)" 'icmp and ip[1] = 0x28')" 10
ip -n x link set "$p1" netns 1
ip netns del x
tc qdisc add dev "$p1" ingress
clear

step "what the card cannot"
no() { # REASON RULE...: named, and without skip_sw software has it
	local why=$1
	shift
	refused "$why" rule "$r0" 1 "$@"
	grep -q "snic: .*$why" /tmp/check || fail "it does not say so: $(cat /tmp/check)"
	[ -z "$(tc filter show dev "$r0" ingress)" ] || fail "the rule is there"
}
to="action mirred egress redirect dev $r1"
no "TTL" protocol ip flower skip_sw ip_ttl 3 $to
no "TCP flags" protocol ip flower skip_sw ip_proto tcp tcp_flags 0x2/0x2 $to
no "fields of ARP" protocol arp flower skip_sw arp_op request $to
no "range of ports" protocol ip flower skip_sw ip_proto tcp dst_port 1-5 $to
no "second tag" protocol 802.1Q flower skip_sw vlan_id 1 vlan_ethtype 802.1Q cvlan_id 2 $to
no "802.1Q" protocol 802.1ad flower skip_sw vlan_id 1 $to
no "first\|whether a frame is one" protocol ip flower skip_sw ip_flags firstfrag $to
no "came from" protocol ip flower skip_sw action mirred egress redirect dev "$r0"
no "representors of this card" protocol ip flower skip_sw action mirred egress redirect dev lo
no "out of a port, not in" protocol ip flower skip_sw action mirred ingress redirect dev "$r1"
no "only the DSCP" protocol ip flower skip_sw action pedit ex munge ip dst set 10.0.0.9 pipe $to
no "none may follow it" protocol ip flower skip_sw action mirred egress mirror dev "$PF" pipe action vlan push id 3 pipe $to
no "end with a redirect or a drop" protocol ip flower skip_sw action mirred egress mirror dev "$r1"
no "no meters" protocol ip flower skip_sw action police rate 1mbit burst 10k conform-exceed drop/pipe $to
refused "chains" tc filter add dev "$r0" ingress chain 1 protocol ip flower skip_sw $to
refused "a VF's own netdev" in_ns a sh -c "tc qdisc add dev $a ingress; tc filter add dev $a ingress protocol ip flower skip_sw action drop"
check "without skip_sw software has it" rule "$r0" 1 protocol ip flower ip_ttl 64 $to
check "and says so" sh -c "tc filter show dev $r0 ingress | grep -q not_in_hw"
check "and does it" rule "$r1" 1 protocol ip flower skip_hw action mirred egress redirect dev "$r0"
check "VFs talk by software" talks
clear

step "full"
i=1
while [ $i -le 17 ]; do
	tc filter add dev "$r0" ingress pref $i protocol ip flower skip_sw src_ip 10.0.0.0/$i $to 2> /tmp/full || break
	i=$((i + 1))
done
cat /tmp/full
equal "masks that went in" $((i - 1)) 16
check "and says why" grep -q 'used up' /tmp/full
check "software goes on" tc filter add dev "$r0" ingress pref 17 protocol ip flower src_ip 10.0.0.0/17 $to
clear
i=1
while [ $i -le 16 ]; do
	check "mask $i again" tc filter add dev "$r0" ingress pref $i protocol ip flower skip_sw src_ip 10.0.0.0/$i $to > /tmp/again || fail "$(cat /tmp/again)"
	i=$((i + 1))
done
clear

step "a VF that goes"
check "a rule to it" rule "$r0" 1 protocol ip flower skip_sw action mirred egress redirect dev "$r1"
check "and of it" rule "$r1" 1 protocol ip flower skip_sw action mirred egress redirect dev "$r0"
check "a rule of the PF to it" rule "$PF" 1 protocol ip flower skip_sw action mirred egress redirect dev "$r1"
check "its driver is unbound" sh -c "echo $(vf_pci 1) > /sys/bus/pci/drivers/snic/unbind"
check "no VFs" vfs 0
check "a rule of the PF is there" tc -s filter show dev "$PF" ingress
check "VFs" vfs 2
check "and goes" tc qdisc del dev "$PF" ingress
check "mode" eswitch legacy
check "and again" eswitch switchdev
tc qdisc add dev "$PF" ingress
check "a rule" rule "$PF" 1 protocol ip flower skip_sw action drop
check "unload with a rule" driver_unload
check "load" driver_load
