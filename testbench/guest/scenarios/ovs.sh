#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Debian's Open vSwitch, unmodified: representors in its bridge, its flows in the card, and what that saves the guest's one CPU.
# cosnic: --vfs 2 --with openvswitch-switch
. /usr/share/cosnic/lib.sh
scenario "Open vSwitch"
# the package brings a modprobe that wants an index of its own
depmod 2> /dev/null
modprobe openvswitch || fail "no openvswitch"
modprobe 8021q || fail "no 8021q"
no_ipv6

a=$(vf 0) b=$(vf 1) mac_b=$(mac "$(vf 1)")
host() { # NAMESPACE DEVICE ADDRESS
	ip netns add "$1" && ns_no_ipv6 "$1" && ip link set "$2" netns "$1" && ip -n "$1" link set "$2" up && ip -n "$1" addr add "$3/24" dev "$2"
}
host a "$a" 10.0.0.1
host b "$b" 10.0.0.2
check "switchdev" eswitch switchdev
r0=$(rep pf0vf0) r1=$(rep pf0vf1) p1=$(rep p1)
host w "$p1" 10.0.0.9 # beyond the wire

# As ovs-ctl starts it, by the programs alone
start_db() {
	mkdir -p /var/run/openvswitch /etc/openvswitch &&
		ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema &&
		ovsdb-server --detach --no-chdir --pidfile --remote=punix:/var/run/openvswitch/db.sock --log-file=/out/ovsdb-server.log /etc/openvswitch/conf.db &&
		ovs-vsctl --no-wait init
}
start_switch() { # true|false: in the card
	ovs-vsctl --no-wait set Open_vSwitch . "other_config:hw-offload=$1" &&
		/usr/lib/openvswitch-switch/ovs-vswitchd --detach --no-chdir --pidfile --log-file=/out/ovs-vswitchd.log unix:/var/run/openvswitch/db.sock
}
flows() { ovs-appctl dpctl/dump-flows "type=$1" | grep -c "${2:-.}"; } # TYPE [PATTERN]
talks() { in_ns a ping -q -c "${1:-20}" -i 0.002 -W 1 10.0.0.2; }
rx() { in_ns b cat "/sys/class/net/$b/statistics/rx_packets"; }
# It has its flows within one round of its revalidator.
settle() {
	in_ns a ping -q -c 3 -i 0.1 -W 1 10.0.0.2 > /dev/null
	in_ns a ping -q -c 3 -i 0.1 -W 1 10.0.0.9 > /dev/null
	in_ns b ping -q -c 3 -i 0.1 -W 1 10.0.0.9 > /dev/null
	sleep 0.6
}
# rate NAME: frames that VF 1 has of what VF 0 sends as fast as it can, then TCP
rate() {
	local before sent pps
	before=$(rx) sent=20000
	pps=$(in_ns a sh -c '. /usr/share/cosnic/lib.sh; pktgen "$@"' sh "$a" $sent 60 "$mac_b") || fail "pktgen"
	sleep 0.1
	figure "ovs_$1_mpps" "$(awk -v p="$pps" -v n=$(($(rx) - before)) -v s=$sent 'BEGIN { print p * n / s / 1e6 }')"
	check "TCP, $1" iperf b a 10.0.0.2 -n 4M
	figure "ovs_$1_gbps" "$(iperf_gbps)"
}

# it takes no misses before the kernel has been up for 10 s
while [ "$(cut -d . -f 1 /proc/uptime)" -lt 11 ]; do sleep 1; done
check "database" start_db
check "Open vSwitch $(ovs-vsctl --version | sed -n 's/.* //p;q'), in software" start_switch false
check "bridge" ovs-vsctl add-br br0
for dev in "$r0" "$r1" "$PF"; do
	check "$dev is a port" ovs-vsctl add-port br0 "$dev"
	ip link set "$dev" up
done
settle
check "VFs talk" talks
equal "flows in the card" "$(flows offloaded)" 0
before=$(rep_rx "$r0")
check "VFs talk" talks
equal "reached the CPU" $(($(rep_rx "$r0") - before)) 20
rate software

step "in the card"
check "it ends" ovs-appctl exit
sleep 0.5
check "it starts" start_switch true
settle
check "VFs talk" talks
equal "flows in the card, of all between VFs" "$(flows offloaded 'eth_type(0x0800).*actions')" "$(flows all 'eth_type(0x0800)')"
at_least "flows in the card" "$(flows offloaded 'eth_type(0x0800)')" 6
ovs-appctl dpctl/dump-flows type=offloaded
before=$(rep_rx "$r0") before1=$(rep_rx "$r1") beforew=$(cat "/sys/class/net/$PF/statistics/rx_packets")
check "VFs talk" talks 100
check "and with the wire" in_ns a ping -q -c 100 -i 0.001 -W 1 10.0.0.9
equal "reached the CPU" "$(($(rep_rx "$r0") - before)) $(($(rep_rx "$r1") - before1)) $(($(cat "/sys/class/net/$PF/statistics/rx_packets") - beforew))" "0 0 0"
sleep 0.6
at_least "counted by the flow" "$(ovs-appctl dpctl/dump-flows type=offloaded | awk -F 'packets:' '$2 + 0 > n { n = $2 + 0 } END { print n }')" 100
rate card

step "VLANs: access ports, the wire is the trunk"
for dev in "$r0" "$r1"; do check "$dev is of VLAN 100" ovs-vsctl set port "$dev" tag=100; done
ip -n w addr flush dev "$p1"
ip -n w link add link "$p1" name v100 type vlan id 100
ip -n w link set v100 up
ip -n w addr add 10.0.0.9/24 dev v100
settle
check "with the wire" in_ns a ping -q -c 20 -i 0.002 -W 1 10.0.0.9
at_least "flows that push a tag" "$(flows offloaded 'push_vlan(vid=100')" 1
at_least "flows that pop one" "$(flows offloaded 'pop_vlan')" 1
before=$(rep_rx "$r0")
check "with the wire" in_ns a ping -q -c 100 -i 0.001 -W 1 10.0.0.9
equal "reached the CPU" $(($(rep_rx "$r0") - before)) 0

step "it is killed"
in_ns a ping -q -c 200 -i 0.005 -W 1 10.0.0.2 > /tmp/killed 2>&1 &
sleep 0.2
check "killed" kill -9 "$(cat /var/run/openvswitch/ovs-vswitchd.pid)"
wait
check "the card goes on without it" grep ' 0% packet loss' /tmp/killed
check "it starts again" start_switch true
settle
check "VFs talk" talks
at_least "flows in the card" "$(flows offloaded 'eth_type(0x0800)')" 2
refused "the mode stays while there are rules" eswitch legacy
check "it ends, and takes its flows along" ovs-appctl exit --cleanup
sleep 0.5
check "no rule is left in the card" eswitch legacy
