#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The example card with its own driver (make example): its port cabled to itself, it pings itself over the wire.
# cosnic: --sim build/example/libexample.so --module build/example/cosnic_example.ko
. /usr/share/cosnic/lib.sh
scenario "example"
no_ipv6

# Who is sent a packet at 10.0.0.2 is oneself: both addresses are changed as it comes in, so the answer goes over the wire, too.
mirror() {
	local mac
	mac=$(mac "$PF")
	ip addr add 10.0.0.1/24 dev "$PF"
	ip neigh add 10.0.0.2 lladdr "$mac" dev "$PF"
	tc qdisc add dev "$PF" clsact &&
		tc filter add dev "$PF" ingress protocol ip u32 match ip dst 10.0.0.2 \
			action nat ingress 10.0.0.2 10.0.0.1 pipe action nat egress 10.0.0.1 10.0.0.2
}
check "mirror" mirror
check "ping" ping -c 5 -i 0.01 -W 1 10.0.0.2
figure ping_us "$(ping_min_us /tmp/check)"
check "ping, full frames" ping -c 5 -i 0.01 -W 1 -s 1472 10.0.0.2
check "300 pings in a row" ping -q -A -c 300 -W 1 10.0.0.2
ip -s link show "$PF"

step "function level reset"
check "reset" sh -c "echo 1 > /sys/bus/pci/devices/$PF_PCI/reset"
check "ping after it" ping -c 2 -i 0.01 -W 1 10.0.0.2

step "down and up"
ip link set "$PF" down
link_up "$PF"
ip neigh replace 10.0.0.2 lladdr "$(mac "$PF")" dev "$PF"
check "ping after it" ping -c 2 -i 0.01 -W 1 10.0.0.2

step "driver unloaded and loaded"
check "unload" driver_unload
check "load" driver_load
