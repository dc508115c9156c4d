#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What may be asked of interfaces that have never been up, and what holds when they come up.
. /usr/share/cosnic/lib.sh
scenario "settings of an interface that is down"

check "two VFs" vfs 2
a=$(vf 0) b=$(vf 1)
[ "$(cat "/sys/class/net/$a/carrier" 2> /dev/null)" != 1 ] || fail "$a is up"
shows() { ethtool "$1" "$a" | awk -v p="^$2" '$0 ~ p { v = $NF } END { print v }'; }
spread() { ethtool -x "$a" | awk '$1 == "0:" { print $2 " " $3 " " $4 " " $5 }'; }

equal "queue pairs, one a CPU" "$(shows -l Combined:)" 1
check "RSS: default" ethtool -X "$a" default
equal "spread" "$(spread)" "0 0 0 0"
refused "RSS: a queue that is not there" ethtool -X "$a" start 1 equal 1
check "four queue pairs" ethtool -L "$a" combined 4
equal "queue pairs" "$(shows -l Combined:)" 4
equal "counters of the fourth" "$(ethtool -S "$a" | grep -c ' rx3_packets:')" 1
equal "spread" "$(spread)" "0 1 2 3"
check "RSS: two of them" ethtool -X "$a" equal 2
equal "spread" "$(spread)" "0 1 0 1"
check "RX 64" ethtool -G "$a" rx 64
equal "RX" "$(shows -g RX:)" 64
check "rx-usecs 100" ethtool -C "$a" adaptive-rx off rx-usecs 100
equal "speed" "$(ethtool "$a" | sed -n 's/.*Speed: //p')" "Unknown!"
check "MTU 9000" ip link set "$a" mtu 9000
check "another MAC" ip link set "$a" address 02:00:00:00:00:55
check "register dump" ethtool -d "$a"
check "reset of what does not run" ethtool --reset "$a" dedicated
for mode in online offline; do check "self-test, $mode" ethtool -t "$a" $mode; done

step "up"
ns_add a "$a" 1 9000
ns_add b "$b" 2 9000
sleep 0.2
check "ping" in_ns a ping -c 3 -i 0.01 -W 1 -s 8000 10.0.0.2
on_a() { in_ns a ethtool "$@"; }
equal "queue pairs" "$(on_a -l "$a" | awk '/^Combined:/ { v = $2 } END { print v }')" 4
equal "spread" "$(on_a -x "$a" | awk '$1 == "0:" { print $2 " " $3 " " $4 " " $5 }')" "0 1 0 1"
equal "MAC" "$(in_ns a cat "/sys/class/net/$a/address")" 02:00:00:00:00:55
equal "rx-usecs" "$(on_a -c "$a" | awk '/^rx-usecs:/ { print $2 }')" 100

step "up and down again"
before=$(on_a -S "$a" | awk '$1 == "tx_packets:" { print $2 }')
ip -n a link set "$a" down
equal "counters are kept" "$(on_a -S "$a" | awk '$1 == "tx_packets:" { print $2 }')" "$before"
check "five queue pairs" on_a -L "$a" combined 5
ip -n a link set "$a" up
sleep 0.2
equal "interrupts" "$(grep -c "$a-[0-9]" /proc/interrupts)" 5
check "ping" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2
