#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Containers on a VF: each macvlan has an address of its own, which the PF grants, and which the spoof check lets pass. More of them
# than a mailbox message holds.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "macvlans on a VF with spoof check"
modprobe macvlan || fail "no macvlan"

n=16
a=$(vf 0) b=$(vf 1)
ns_add a "$a" 1
ns_add b "$b" 2
for i in $(seq 1 $n); do
	ip -n b link add link "$b" name "m$i" type macvlan mode bridge || fail "no macvlan $i"
	ip netns add "n$i"
	ip -n b link set "m$i" netns "n$i"
	ip -n "n$i" link set "m$i" up
	ip -n "n$i" addr add "10.0.0.$((100 + i))/24" dev "m$i"
done
sleep 0.5
check "spoof check is on" sh -c "ip link show $PF | grep 'vf 1 .*spoof checking on'"
answered() { # how many macvlans do
	local i=1 ok=0
	while [ $i -le $n ]; do
		! in_ns a ping -q -c 1 -W 1 "10.0.0.$((100 + i))" > /dev/null 2>&1 || ok=$((ok + 1))
		i=$((i + 1))
	done
	echo $ok
}
equal "macvlans that answer" "$(answered)" $n
check "the VF itself" in_ns a ping -q -c 1 -W 1 10.0.0.2
before=$(counter "$PF" tx_drop_spoof_mac)
check "20 frames with an address that was not granted" in_ns b sh -c ". /usr/share/cosnic/lib.sh; pktgen $b 20 60 $(in_ns a cat "/sys/class/net/$a/address") 'src_mac 02:00:00:00:00:99'"
equal "dropped" $(($(counter "$PF" tx_drop_spoof_mac) - before)) 20

step "an address given up"
gone=$(ip -n n$n -br link show m$n | awk '{ print $3 }')
ip netns del n$n
sleep 0.3
before=$(counter "$PF" tx_drop_spoof_mac)
check "20 frames with it" in_ns b sh -c ". /usr/share/cosnic/lib.sh; pktgen $b 20 60 $(in_ns a cat "/sys/class/net/$a/address") 'src_mac $gone'"
equal "dropped" $(($(counter "$PF" tx_drop_spoof_mac) - before)) 20
n=$((n - 1))
equal "macvlans that answer" "$(answered)" $n
equal "refused by the PF" "$(dmesg | grep -c 'promiscuous mode refused')" 0
