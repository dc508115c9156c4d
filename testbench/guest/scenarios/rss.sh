#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Flows spread over the queues by their hash, and over those that ethtool -X names.
# cosnic: --vfs 1
. /usr/share/cosnic/lib.sh
scenario "RSS"
no_ipv6

key=$(ethtool -x "$PF" | sed -n '/^RSS hash key/{ n; p }')
case $key in
6d:5a:56:da:* | '') fail "the key is the published one, which all know, or none: \"$key\"" ;;
esac

vf=$(vf 0)
check "four queue pairs" ethtool -L "$PF" combined 4
ip addr add 10.0.0.99/24 dev "$PF"
spread() { # FIRST LAST: how many queues of these got more than a frame in twenty of 400
	local q busy=0
	for q in $(seq "$1" "$2"); do
		[ $(($(counter "$PF" "rx${q}_packets") - $(cat "/tmp/rx$q"))) -lt 20 ] || busy=$((busy + 1))
	done
	echo $busy
}
mark() { for q in 0 1 2 3; do counter "$PF" "rx${q}_packets" > /tmp/rx$q; done; }
flows() { # 400 frames of as many UDP source ports
	pktgen "$vf" 400 60 "$(mac "$PF")" "clone_skb 0" "flag UDPSRC_RND" "udp_src_min 1000" "udp_src_max 9000" > /tmp/pps || return 1
	sleep 0.01
}

mark
check "400 flows" flows
equal "queues that took their share" "$(spread 0 3)" 4
check "two queues only" ethtool -X "$PF" equal 2
mark
check "400 flows" flows
equal "queues that took their share" "$(spread 0 1)" 2
equal "others" "$(spread 2 3)" 0
check "default again" ethtool -X "$PF" default
mark
check "one flow" pktgen "$vf" 400 60 "$(mac "$PF")" "udp_src_min 1000" "udp_src_max 1000"
sleep 0.01
equal "queues that took it" "$(spread 0 3)" 1
