#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# MTU 9000 in buffers of a page: all lengths around their ends come whole, rings take no more memory than at 1500, XDP programs and such
# an MTU exclude each other.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "jumbo frames"

a=$(vf 0) b=$(vf 1)
xdp() { ip -n b link set dev "$b" xdpdrv obj /usr/share/cosnic/xdp_pass.o sec xdp; }
free_kib() { awk '/^MemFree/ { print $2 }' /proc/meminfo; }
ns_add a "$a" 1 9000
ns_add b "$b" 2
check "a ring of 2048" in_ns b ethtool -G "$b" rx 2048
before=$(free_kib)
check "MTU 9000" ip -n b link set "$b" mtu 9000
at_least "KiB of what was free before, less 2 MiB" "$(free_kib)" $((before - 2048))

# 3520 bytes a buffer: the headers of a ping are 42. The kernel sums all of it up.
check "a first ping" in_ns a ping -q -c 1 -W 1 10.0.0.2
for len in 18 3477 3478 3479 6997 6998 6999 8972; do
	check "ping of $len bytes" in_ns a ping -q -c 4 -i 0.002 -W 1 -s $len 10.0.0.2
done
received() { in_ns b ethtool -S "$b" | awk -v n="$1:" '$1 == n { print $2 }'; }
before=$(received rx_bytes)
check "TCP" iperf b a 10.0.0.2 -n 2M
at_least "bytes" $(($(received rx_bytes) - before)) 2097152
equal "frames of impossible length" "$(in_ns b ethtool -S "$b" | awk '/length_err/ { n += $2 } END { print n + 0 }')" 0

refused "an XDP program" xdp
check "MTU 1500" ip -n b link set "$b" mtu 1500
check "an XDP program" xdp
refused "MTU 9000" ip -n b link set "$b" mtu 9000
check "no XDP program" ip -n b link set dev "$b" xdp off
check "MTU 9000" ip -n b link set "$b" mtu 9000
check "ping of 8972 bytes" in_ns a ping -q -c 4 -i 0.002 -W 1 -s 8972 10.0.0.2
