#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Any card with any driver: what every NIC can do whose port comes back to it (one port: --wire loop does that). What a driver does
# not have is said, and no failure. Nothing in here knows a card.
#   cosnic guest --sim LIB --module KO --fault down:port=0 --faults-wait --run testbench/guest/scenarios/any_card.sh
# cosnic: --sim build/example/libexample.so --module build/example/cosnic_example.ko --fault down:port=0 --faults-wait
. /usr/share/cosnic/lib.sh
scenario "any card"
no_ipv6
none() { echo "-- $*"; }
statistic() { cat "/sys/class/net/$PF/statistics/$1"; }

step "who it is"
lspci -s "$PF_PCI" -nn
ethtool -i "$PF" 2> /dev/null || none "ethtool -i: the driver has none"
echo "MTU $(cat "/sys/class/net/$PF/mtu"), at most $(ip -d link show "$PF" | sed -n 's/.*maxmtu \([0-9]*\).*/\1/p')"

# Who is sent a packet at 10.0.0.2 is oneself: both addresses are changed as it comes in, so the answer goes over the wire, too. Its
# MAC is nobody's, so that a card with a switch in it sends it out.
OTHER=02:00:00:00:00:99
neighbour() { ip neigh replace 10.0.0.2 lladdr $OTHER dev "$PF"; }
mirror() {
	ip addr add 10.0.0.1/24 dev "$PF" && ip link set "$PF" promisc on && neighbour && tc qdisc add dev "$PF" clsact &&
		tc filter add dev "$PF" ingress protocol ip u32 match ip dst 10.0.0.2 action skbedit ptype host pipe \
			action nat ingress 10.0.0.2 10.0.0.1 pipe action nat egress 10.0.0.1 10.0.0.2
}
pings() { neighbour && ping -q -c 2 -i 0.01 -W 1 10.0.0.2; }

step "over the wire and back"
check "mirror" mirror
check "ping" ping -c 5 -i 0.01 -W 1 10.0.0.2
figure ping_us "$(ping_min_us /tmp/check)"
every_size() {
	local size=0
	while [ $size -le 1472 ]; do
		ping -q -c 1 -W 1 -s $size 10.0.0.2 > /dev/null || { echo "$size bytes: no answer"; return 1; }
		size=$((size + 23))
	done
}
check "sizes from 0 to 1472" every_size
check "300 in a row" ping -q -A -c 300 -W 1 10.0.0.2
errors=$(($(statistic rx_errors) + $(statistic tx_errors)))
equal "errors" "$errors" 0

step "rates"
before=$(statistic tx_packets) back=$(statistic rx_packets)
pps=$(pktgen "$PF" 2000 60 $OTHER) || fail "pktgen: $pps"
sleep 0.05
figure pktgen_mpps "$(echo "$pps" | awk '{ print $1 / 1e6 }')"
at_least "frames sent" $(($(statistic tx_packets) - before)) 2000
back=$(($(statistic rx_packets) - back)) missed=$(statistic rx_missed_errors) dropped=$(statistic rx_dropped)
echo "   $back came back; counted as missed $missed, as dropped $dropped"
at_least "frames that came back, or are counted" $((back + missed + dropped)) 2000

step "TCP"
iperf3 -s -1 -D -I /run/iperf.pid
sleep 0.05
check "iperf3" sh -c "iperf3 -c 10.0.0.2 -i 0 -n 256K -J > /tmp/iperf.json"
figure iperf_gbps "$(sed -n '/"sum_received"/,/}/s/.*"bits_per_second":[[:space:]]*\([0-9.e+]*\).*/\1/p' /tmp/iperf.json | awk '{ print $1 / 1e9 }')"

step "link down"
if [ "$(setpci -s "$PF_PCI" ECAP_VNDR+4.L 2> /dev/null)" = 01000001 ]; then # QEMU's, of --faults-wait
	check "down" faults 1
	refused "ping" ping -q -c 2 -i 0.01 -W 1 10.0.0.2
	check "up" faults 0
	sleep 0.2
	link_up "$PF" || fail "the link does not come back"
	check "ping" pings
else
	none "nothing takes it down: --fault down:port=0 --faults-wait"
fi

step "XDP"
if ip link set "$PF" xdpdrv obj /usr/share/cosnic/xdp_drop.o sec xdp > /tmp/check 2>&1; then
	refused "ping into a program that drops" ping -q -c 1 -W 1 10.0.0.2
	check "taken away" ip link set "$PF" xdp off
	check "ping" pings
else
	none "the driver has no XDP: $(tail -n 1 /tmp/check)"
fi

step "VFs"
if [ -e "$(pf_sysfs)/sriov_totalvfs" ] && vfs 1 2> /tmp/check; then
	equal "a VF" "$(cat "$(pf_sysfs)/sriov_numvfs")" 1
	check "away again" vfs 0
	check "ping" pings
else
	none "no SR-IOV, or the driver has none"
fi

step "reset under the driver"
if [ -e "$(pf_sysfs)/reset" ]; then
	check "reset, by $(cat "$(pf_sysfs)/reset_method")" sh -c "echo 1 > $(pf_sysfs)/reset"
	if link_up "$PF" && pings > /tmp/check 2>&1; then
		echo "ok ping: the driver has brought its card back"
	else
		none "the driver does not bring its card back (reset_prepare, reset_done of struct pci_error_handlers)"
		driver_unload || fail "unload"
		driver_load || fail "load"
		link_up "$PF" || fail "no link"
		check "mirror" mirror
		check "ping by a driver loaded anew" pings
	fi
else
	none "the function cannot be reset"
fi

step "down and up, ten times"
i=0
while [ $i -lt 10 ]; do
	ip link set "$PF" down
	link_up "$PF" || fail "no link"
	i=$((i + 1))
done
check "ping" pings

step "taken from the bus under traffic, and found again"
ping -q -i 0.001 -c 100000 10.0.0.2 > /dev/null 2>&1 &
sleep 0.01
check "removed" sh -c "echo 1 > $(pf_sysfs)/remove"
kill $! 2> /dev/null
check "found" sh -c "echo 1 > /sys/bus/pci/rescan"
check "its driver" pf_find
link_up "$PF" || fail "no link"
check "mirror" mirror
check "ping" pings

step "driver unloaded and loaded, three times"
i=0
while [ $i -lt 3 ]; do
	driver_unload || fail "unload"
	driver_load || fail "load"
	i=$((i + 1))
done
link_up "$PF" || fail "no link"
check "mirror" mirror
check "ping" pings
