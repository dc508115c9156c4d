# shellcheck shell=dash disable=SC3043  # local: busybox has it
# SPDX-License-Identifier: BSD-2-Clause
# Shell helpers of the guest: read by its init, by login shells, and by scenarios (. /usr/share/cosnic/lib.sh).
#   $PF, $PF_PCI   the PF's network device and its PCI address, once the NIC is up
#   $REG_..., $..._...   registers and their fields, see regs.sh
# shellcheck source=/dev/null
. /usr/share/cosnic/regs.sh
DRIVER=/usr/share/cosnic/snic.ko

# ---- the driver and its devices
driver_name() { cat /run/driver; }
# A kernel of one's own need not have modules here; the module that was loaded last is the first one of /proc/modules.
driver_load() {
	local dep name
	if [ -d "/lib/modules/$(uname -r)" ]; then
		for dep in $(modinfo -F depends $DRIVER | tr , ' '); do modprobe "$dep" || return 1; done
	fi
	insmod $DRIVER || return 1
	read -r name _ < /proc/modules
	echo "$name" > /run/driver
	pf_find
}
driver_unload() { rmmod "$(driver_name)"; }

# The PF is the first function that the driver has bound and that is no VF itself.
pf_find() {
	local dev
	for dev in /sys/module/"$(driver_name)"/drivers/pci:*/0000:*; do
		[ -d "$dev/net" ] || continue
		[ ! -e "$dev/physfn" ] || continue
		PF_PCI=${dev##*/}
		PF=$(ls "$dev/net")
		export PF PF_PCI
		return 0
	done
	echo "the driver found no device: lspci shows what is there"
	return 1
}
pf_sysfs() { echo "/sys/bus/pci/devices/$PF_PCI"; }

# VFs by their number, from 0, as `ip link set PF vf N` counts them.
vfs() { echo "$1" > "$(pf_sysfs)/sriov_numvfs"; }
vf() { ls "$(pf_sysfs)/virtfn$1/net"; }
vf_pci() { basename "$(readlink "$(pf_sysfs)/virtfn$1")"; }
# plain N: the device of plain function N, from 1; plain_pci N
plain_pci() { printf '%s:%02x.%x\n' "${PF_PCI%:*}" $(($1 >> 3)) $(($1 & 7)); }
plain() { ls "/sys/bus/pci/devices/$(plain_pci "$1")/net"; }

# Switchdev mode, or legacy; and the netdev of a port of the card by its name: p0 (the PF's), p1, pf0vf0 ...
eswitch() { devlink dev eswitch set "pci/$PF_PCI" mode "$1"; }
rep() { # PORT
	local dev name
	for dev in /sys/class/net/*; do
		read -r name 2> /dev/null < "$dev/phys_port_name" || continue
		[ "$name" != "$1" ] || echo "${dev##*/}"
	done
}
# Frames that a representor had from what it stands for, since they hit the CPU.
rep_rx() { cat "/sys/class/net/$1/statistics/rx_packets"; } # DEVICE

# Up, and with a carrier (within 5 s of the guest's time). Waits by the shell alone: a process costs more than the wait.
link_up() { # DEVICE
	local i=0 carrier=0
	ip link set "$1" up || return 1
	while [ $i -lt 50 ]; do
		read -r carrier < "/sys/class/net/$1/carrier"
		[ "$carrier" != 1 ] || return 0
		i=$((i + 1))
		sleep 0.1
	done
	echo "$1: no carrier"
	return 1
}

# What init does before a script or the shell.
nic_up() {
	local n=0
	driver_load || return 1
	link_up "$PF" || return 1
	[ "$VFS" -eq 0 ] || vfs "$VFS" || return 1
	while [ $n -lt "$VFS" ]; do
		link_up "$(vf $n)" || return 1
		n=$((n + 1))
	done
}

# ---- scenarios
# scenario WHAT: first line of one. At its end the kernel's log must hold no warning, and no check may have failed.
scenario() {
	trap 'scenario_end $?' EXIT
	step "$*"
}
scenario_end() {
	local bad
	trap - EXIT
	bad=$(dmesg | grep -E -A 20 'WARNING|BUG|Oops|Call Trace|general protection|refcount_t|UBSAN|INFO: (task|rcu|possible)|NETDEV WATCHDOG|Redzone|Poison|DMA-API')
	[ -z "$bad" ] || {
		echo "FAILED the kernel's log has a warning:"
		echo "$bad"
		exit 1
	}
	[ "$1" -ne 0 ] || echo "passed"
	exit "$1"
}
step() { echo "== $*"; }
fail() {
	echo "FAILED $*"
	exit 1
}
# check WHAT COMMAND...: the command must succeed; what it printed is shown when it does not.
check() {
	local what=$1
	shift
	if "$@" > /tmp/check 2>&1; then
		echo "ok $what"
	else
		cat /tmp/check
		fail "$what: $* (status $?)"
	fi
}
# refused WHAT COMMAND...: it must fail.
refused() {
	local what=$1
	shift
	! "$@" > /tmp/check 2>&1 || fail "$what: $* succeeded"
	echo "ok $what: $(tail -n 1 /tmp/check)"
}
# equal WHAT GOT WANTED
equal() {
	[ "$2" = "$3" ] || fail "$1: $2, not $3"
	echo "ok $1: $2"
}
at_least() { # WHAT GOT WANTED, numbers
	awk -v a="$2" -v b="$3" 'BEGIN { exit !(a >= b) }' || fail "$1: $2, less than $3"
	echo "ok $1: $2"
}
# figure NAME VALUE: into result.json, and onto the screen.
figure() {
	echo "$1 $2" >> /out/figures
	echo "   $1 = $2"
}

# speed NAME COUNT COMMAND...: packets a second of wall time while the command runs; COUNT prints how many there have been so far. The
# guest has no such clock: cosnic puts it into the result, and onto the screen.
speed() {
	local name=$1 count=$2 before status
	shift 2
	before=$($count)
	echo "begin $name" > /dev/ttyS3
	"$@"
	status=$?
	echo "end $name" > /dev/ttyS3
	echo "passed $name $(($($count) - before))" > /dev/ttyS3
	return $status
}
# Frames that all functions have sent so far, in whatever namespace they are.
frames_sent() {
	local ns
	{
		ip -s link show "$PF" 2> /dev/null
		for ns in $(ip netns ls | cut -d ' ' -f 1); do ip -n "$ns" -s link show "$PF" 2> /dev/null; done
	} | awk '/TX:/ { getline; n += $2 } END { print n }'
}

# A function's registers by hand, as a hostile guest has them: take_over PCI_ADDRESS, then reg OFFSET [VALUE];
# offsets are $REG_<register>.
take_over() {
	echo "$1" > /sys/bus/pci/drivers/snic/unbind || return 1
	setpci -s "$1" COMMAND=6
	read -r BAR _ < "/sys/bus/pci/devices/$1/resource"
}
give_back() { echo "$1" > /sys/bus/pci/drivers/snic/bind; }
reg() { devmem $((BAR + $1)) 32 ${2:+$2}; }

# ---- network namespaces: a VF in one of its own talks by the card, not by the stack
ns_add() { # NAMESPACE DEVICE HOST_NUMBER [MTU]: 10.0.0.N/24 and fd00::N/64
	ip netns add "$1" &&
		ip link set "$2" netns "$1" &&
		ip -n "$1" link set lo up &&
		ip -n "$1" link set "$2" mtu "${4:-1500}" up &&
		ip -n "$1" addr add "10.0.0.$3/24" dev "$2" &&
		ip -n "$1" addr add "fd00::$3/64" dev "$2" nodad
}
# Its devices come back first: left to the kernel, they come back some time later.
ns_del() { # NAMESPACE
	local dev
	for dev in $(ns_devs "$1"); do ip -n "$1" link set "$dev" netns 1 || return 1; done
	ip netns del "$1"
}
ns_devs() { ip -n "$1" -br link | awk '/^eth/ { print $1 }'; }
# Nothing is sent that a scenario does not send: no IPv6 of the kernel's own, no neighbour discovery.
no_ipv6() { echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; }
ns_no_ipv6() { in_ns "$1" sh -c 'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6'; } # NAMESPACE
in_ns() { # NAMESPACE COMMAND...
	local ns=$1
	shift
	ip netns exec "$ns" "$@"
}
mac() { cat "/sys/class/net/$1/address"; }

# Frames that a device sees while something goes on: sniff NAMESPACE DEVICE FILTER..., that, then sniffed says how many.
sniff() {
	local ns=$1 dev=$2
	shift 2
	rm -f /tmp/sniffed
	ip netns exec "$ns" tcpdump -Z root --immediate-mode -p -U -i "$dev" -w /tmp/sniffed "$@" 2> /dev/null &
	SNIFFER=$!
	while [ ! -s /tmp/sniffed ]; do usleep 10000; done
}
sniffed() {
	sleep 0.05
	kill "$SNIFFER"
	wait "$SNIFFER" 2> /dev/null
	tcpdump -r /tmp/sniffed -n 2> /dev/null | wc -l
}

# One counter of ethtool -S; 0 when there is none of that name.
counter() { # DEVICE NAME
	ethtool -S "$1" | awk -v n="$2:" '$1 == n { v = $2 } END { print v + 0 }'
}
# Sum of the counters that a pattern names.
counters() { # DEVICE PATTERN
	ethtool -S "$1" | awk -v n="^ *($2):" '$0 ~ n { v += $2 } END { print v + 0 }'
}

# The shortest round trip that ping has printed: no neighbour was asked for, no interrupt held back.
ping_min_us() { sed -n 's/.*min.avg.max = \([0-9.]*\).*/\1/p' "$1" | awk '{ print $1 * 1000 }'; }

# iperf3 from one namespace to the other; its figures stay in /tmp/iperf.json.
iperf() { # SERVER_NS CLIENT_NS ADDRESS ARGS...
	local server=$1 client=$2 address=$3
	shift 3
	ip netns exec "$server" iperf3 -s -1 -D -I /run/iperf.pid > /dev/null || return 1
	sleep 0.05
	ip netns exec "$client" iperf3 -c "$address" -i 0 -J "$@" > /tmp/iperf.json
	# with -J its status says nothing
	! grep '"error"' /tmp/iperf.json
}
# The receiver's rate in Gb/s.
iperf_gbps() {
	awk '/"sum_received"|"sum":/ { on = 1 } on && /"bits_per_second"/ { gsub(",", ""); v = $2; on = 0 } END { printf "%.3f", v / 1e9 }' /tmp/iperf.json
}

# pktgen on a device: prints packets per second. A packet is sent many times over, as a forwarder would: what is measured
# is the driver, not the making of packets.
pktgen() { # DEVICE COUNT SIZE DESTINATION_MAC [SETTING...]
	local dev=$1 dir=/proc/net/pktgen setting
	[ -d $dir ] || modprobe pktgen || return 1
	echo "rem_device_all" > $dir/kpktgend_0
	echo "add_device $dev" > $dir/kpktgend_0
	for setting in "count $2" "pkt_size $3" "dst_mac $4" "delay 0" "clone_skb 64" "dst 10.0.0.99" "udp_dst_min 9" "udp_dst_max 9"; do
		echo "$setting" > "$dir/$dev"
	done
	shift 4
	for setting; do echo "$setting" > "$dir/$dev"; done
	echo start > $dir/pgctrl
	grep -q '^Result: OK' "$dir/$dev" || {
		grep Result "$dir/$dev"
		return 1
	}
	sed -n 's/^ *\([0-9]*\)pps.*/\1/p' "$dir/$dev"
}

# The captures of --wire pcap: onto the wire, until the last frame (the bench's capability of the PF: qemu-dev/README.md).
replay() {
	setpci -s "$PF_PCI" ECAP_VNDR+8.L=3 || return 1
	while [ $((0x$(setpci -s "$PF_PCI" ECAP_VNDR+8.L))) -ne 0 ]; do usleep 1000; done
}

# Which of --fault are on (cosnic guest --faults-wait): "faults 5" the first and the third, "faults 0" none.
faults() { setpci -s "$PF_PCI" "ECAP_VNDR+c.L=$(printf %x "$1")"; }

# ---- what the kernel has said since log_mark
log_mark() { LOG_MARK=$(dmesg | wc -l); }
log_since() { dmesg | tail -n +$((LOG_MARK + 1)); }
said() { log_since | grep -cE "$1"; }
# only PATTERN: it has said nothing else (but that IPv6 has found links that came up before)
only() {
	local other
	other=$(log_since | grep -vE "ADDRCONF|$1")
	[ -z "$other" ] || fail "the kernel has said more than it should: $other"
	echo "ok nothing else in the kernel's log"
}
# What AER and its recovery say of an error that is not fatal: of VF 0.
# shellcheck disable=SC2034  # scenarios use it
AER_LINES="AER: (Multiple )?Uncorrected \(Non-Fatal\) error (message )?received|PCIe Bus Error: severity=Uncorrected \(Non-Fatal\)|error status/mask|TLP Header|\[ ?[0-9]+\] .*|AER: device recovery successful"

# ---- faults that hit VF 0 (namespace a), which talks to VF 1 (b), while VF 2 (c) talks to VF 3 (d) and sends as fast as it can
hit_begin() {
	local n=0 ns
	modprobe pktgen || return 1
	for ns in a b c d; do
		ns_add $ns "$(vf $n)" $((n + 1)) || return 1
		n=$((n + 1))
	done
	HIT_C=$(ns_devs c)
	hit 0 || return 1
	HIT_ALONE=$HIT_PPS
	[ "$HIT_LOSS" = 0 ] || return 1
	log_mark
}
# hit BITS: with these faults on; leaves $HIT_LOSS, VF 0's in %, and $HIT_PPS, what VF 2 sent a second: the middle one of three times, since the guest
# has one CPU, and what its driver does to mend VF 0 (twice a second at most) takes of it
hit() {
	faults "$1"
	in_ns a ping -q -c 60 -i 0.0005 -W 1 10.0.0.2 > /tmp/hit 2>&1 &
	in_ns c ping -q -c 20 -i 0.001 -W 1 10.0.0.4 > /tmp/neighbour 2>&1 &
	sleep 0.005
	in_ns c sh -c ". /usr/share/cosnic/lib.sh; for i in 1 2 3; do pktgen $HIT_C 3000 60 02:00:00:00:00:99 || exit 1; done" > /tmp/pps || return 1
	HIT_PPS=$(sort -n /tmp/pps | sed -n 2p)
	wait
	faults 0
	HIT_LOSS=$(sed -n 's/.* \([0-9]*\)% packet loss.*/\1/p' /tmp/hit)
	grep -q ' 0% packet loss' /tmp/neighbour || fail "the neighbour lost something: $(grep loss /tmp/neighbour)"
	echo "VF 0 lost $HIT_LOSS %, its neighbour sent $HIT_PPS packets a second"
}
# the neighbour keeps its rate
hit_neighbour() { at_least "packets a second of the neighbour, of $HIT_ALONE alone" "$HIT_PPS" $((HIT_ALONE * ${1:-95} / 100)); }
# afterwards VF 0 is well again, by itself, within 5 s
hit_well() {
	local i=0
	while ! in_ns a ping -q -c 1 -W 1 10.0.0.2 > /dev/null 2>&1 && [ $i -lt 10 ]; do
		i=$((i + 1))
		sleep 0.5
	done
	check "all well again" in_ns a ping -q -c 20 -i 0.001 -W 1 10.0.0.2
}
