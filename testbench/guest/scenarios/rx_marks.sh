#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What the driver tells the stack of a received frame: how many checksums were verified, and whether the hash has ports in it.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "receive marks"
modprobe vxlan
trace=/sys/kernel/tracing
[ -d $trace/events ] || mount -t tracefs none $trace
no_ipv6

a=$(vf 0) b=$(vf 1)
ns_add a "$a" 1
ns_add b "$b" 2
ns_no_ipv6 a
ns_no_ipv6 b
# Each frame that is handed to a device's stack, while a command runs.
traced() { # COMMAND...
	: > $trace/trace
	echo 1 > $trace/events/net/napi_gro_receive_entry/enable
	"$@"
	local status=$?
	sleep 0.05
	echo 0 > $trace/events/net/napi_gro_receive_entry/enable
	return $status
}
# How many of those frames match all of these.
seen() { # DEVICE WORD...
	local dev=$1 word
	shift
	grep " dev=$dev " $trace/trace > /tmp/seen
	for word in "$@"; do
		grep -- " $word\( \|$\)" /tmp/seen > /tmp/seen2
		mv /tmp/seen2 /tmp/seen
	done
	wc -l < /tmp/seen
}
check "generic receive offload is off" in_ns b ethtool -K "$b" gro off

step "hash"
check "UDP in whole datagrams" traced iperf b a 10.0.0.2 -u -l 1000 -n 20K
at_least "of addresses and ports" "$(seen "$b" len=1028 l4_hash=1)" 20
equal "of addresses only" "$(seen "$b" len=1028 l4_hash=0)" 0
check "UDP in fragments" traced iperf b a 10.0.0.2 -u -l 2000 -n 40K
at_least "first fragments, of addresses only" "$(seen "$b" len=1500 l4_hash=0)" 20
equal "of addresses and ports" "$(seen "$b" len=1500 l4_hash=1)" 0

step "checksums in VXLAN"
vxlan() { # NAMESPACE DEVICE HOST_NUMBER OTHER_NUMBER OPTION
	ip -n "$1" link add vx type vxlan id 5 dev "$2" local "10.0.0.$3" remote "10.0.0.$4" dstport 4789 "$5" &&
		ip -n "$1" addr add "10.5.0.$3/24" dev vx &&
		ip -n "$1" link set vx up
}
for outer in noudpcsum udpcsum; do
	check "outer: $outer" vxlan a "$a" 1 2 $outer
	check "on the other side" vxlan b "$b" 2 1 $outer
	check "UDP inside" traced iperf b a 10.5.0.2 -u -l 1000 -n 20K
	at_least "inner checksum verified by the card" "$(seen vx len=1028 ip_summed=1)" 20
	equal "left to the stack" "$(seen vx len=1028 ip_summed=0)" 0
	ip -n a link del vx
	ip -n b link del vx
done
