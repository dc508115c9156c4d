#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the card does to frames as they leave: many buffers, checksums, segments, in tunnels too. What it saves the guest's one CPU; and each
# checksum is verified in software where it arrives.
# cosnic: --vfs 2
#   cosnic guest --vfs 2 --run offload.sh [-- SIZE]     (of each TCP transfer: 4M)
. /usr/share/cosnic/lib.sh
scenario "offloads of what is sent"
modprobe 8021q
modprobe vxlan || fail "no vxlan"
modprobe ip_gre || fail "no ip_gre"

size=${1:-4M}
a=$(vf 0) b=$(vf 1)
for dev in "$PF" "$a"; do
	for feature in tx-checksum-ip-generic tx-scatter-gather tx-tcp-segmentation tx-tcp6-segmentation tx-tcp-ecn-segmentation tx-tcp-mangleid-segmentation \
		tx-udp-segmentation tx-gso-partial tx-udp_tnl-segmentation tx-udp_tnl-csum-segmentation tx-gre-segmentation tx-gre-csum-segmentation \
		tx-ipxip4-segmentation tx-ipxip6-segmentation; do
		ethtool -k "$dev" | grep -q "^[[:space:]]*$feature: on" || fail "$dev: $feature is not on: $(ethtool -k "$dev" | grep "$feature:")"
	done
	echo "ok $dev has all of them"
done

ns_add a "$a" 1
ns_add b "$b" 2
on_a() { in_ns a ethtool -K "$a" "$@"; }
cut() { in_ns a ethtool -S "$a" | awk '/ tx[0-9]+_lso:/ { n += $2 } END { print n + 0 }'; }
summed() { in_ns a ethtool -S "$a" | awk '/ tx[0-9]+_csum:/ { n += $2 } END { print n + 0 }'; }
# Received with a bad checksum or header, by all protocols.
bad() { in_ns b cat /proc/net/snmp /proc/net/snmp6 | awk '/^(Ip|Tcp|Udp):/ { if (!($1 in head)) { head[$1] = $0; next } split(head[$1], name); for (i in name) if (name[i] ~ /^(InCsumErrors|InHdrErrors|InErrs|InErrors)$/) n += $i } /^(Udp6InCsumErrors|Ip6InHdrErrors|Udp6InErrors) / { n += $2 } END { print n + 0 }'; }

# By a server that hands the file to TCP as a whole: what writes it in small pieces may find each one sent before the next, and then there is
# nothing to cut.
mkdir /tmp/www
head -c 1500000 /dev/urandom > /tmp/www/file
sum=$(sha256sum < /tmp/www/file)
in_ns a httpd -p 5000 -h /tmp/www || fail "no server"
# same WHAT ADDRESS: a file arrives as it is
same() {
	in_ns b wget -q -O /tmp/got "http://$2:5000/file" || fail "$1: it does not come"
	equal "$1: the file that arrived" "$(sha256sum < /tmp/got)" "$sum"
}
# faster WHAT ADDRESS ARGS...: by TCP without and with
faster() {
	local what=$1 address=$2 off
	shift 2
	check "off" on_a tx off sg off tso off
	check "$what, off" iperf b a "$address" -n "$size" "$@"
	off=$(iperf_gbps)
	figure "${what}_off_gbps" "$off"
	check "checksum and buffers" on_a tx on sg on
	before=$(summed)
	check "$what, checksum" iperf b a "$address" -n "$size" "$@"
	figure "${what}_csum_gbps" "$(iperf_gbps)"
	at_least "$what: checksums of the card" $(($(summed) - before)) 100
	check "segments" on_a tso on
	before=$(cut)
	check "$what, segments" iperf b a "$address" -n "$size" "$@"
	figure "${what}_tso_gbps" "$(iperf_gbps)"
	at_least "$what: frames that the card has cut" $(($(cut) - before)) 50
	at_least "$what: Gb/s, segments beside none" "$(iperf_gbps)" "$off"
}

step "TCP"
faster tcp 10.0.0.2
faster tcp6 fd00::2 -6
check "the receiver verifies checksums itself" in_ns b ethtool -K "$b" rx off gro off
same "IPv4" 10.0.0.1
same "IPv6" "[fd00::1]"
equal "received badly" "$(bad)" 0

step "a short ring, in which a long frame has no room"
check "ring of 16" in_ns a ethtool -G "$a" tx 16
same "IPv4" 10.0.0.1
check "ring of 512" in_ns a ethtool -G "$a" tx 512

step "VLAN"
for ns in a b; do
	n=$([ $ns = a ] && echo 1 || echo 2)
	dev=$([ $ns = a ] && echo "$a" || echo "$b")
	ip -n $ns link add link "$dev" name v7 type vlan id 7 || fail "no VLAN"
	ip -n $ns link set v7 up
	ip -n $ns addr add "10.7.0.$n/24" dev v7
done
before=$(cut)
same "VLAN" 10.7.0.1
at_least "frames that the card has cut" $(($(cut) - before)) 20

step "tunnels"
# tunnel NAME TYPE OPTIONS...
tunnel() {
	local ns n other name=$1
	shift
	for ns in a b; do
		n=$([ $ns = a ] && echo 1 || echo 2)
		other=$((3 - n))
		ip -n $ns link add "$name" type "$@" local "$TUN$n" remote "$TUN$other" || fail "no $name"
		ip -n $ns link set "$name" mtu 1400 up
		ip -n $ns addr add "10.9.0.$n/24" dev "$name"
		ip -n $ns addr add "fd09::$n/64" dev "$name" nodad
	done
	before=$(cut)
	same "$name, IPv4 in it" 10.9.0.1
	at_least "frames of IPv4 that the card has cut" $(($(cut) - before)) 5
	before=$(cut)
	same "$name, IPv6 in it" "[fd09::1]"
	at_least "frames of IPv6 that the card has cut" $(($(cut) - before)) 5
	for ns in a b; do ip -n $ns link del "$name"; done
}
TUN=10.0.0.
tunnel vxlan4 vxlan id 5 dstport 4789 noudpcsum
tunnel vxlan4c vxlan id 5 dstport 4789 udpcsum
tunnel gre4 gretap
TUN=fd00::
tunnel vxlan6 vxlan id 5 dstport 4789
equal "received badly" "$(bad)" 0
equal "frames not sent" "$(in_ns a ethtool -S "$a" | awk '/ tx[0-9]+_dropped:/ { n += $2 } END { print n + 0 }')" 0
