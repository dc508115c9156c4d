#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The guest's tests: each scenario as a person would run it, and what `cosnic guest` does when something is wrong. Two at a
# time; what each printed lies in results/guest-test/NAME.log. Ends with a line "N passed, M failed".
#   testbench/guest/test_guest.sh [all | NAME...]      default: those of `make test`
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

scenarios=testbench/guest/scenarios
out=results/guest-test
jobs=${JOBS:-$(nproc)}
quick="example example_capture enumerate devlink ethtool ping selftest vlan vlan_ad prio linklocal xdp capture isolation fault_poison offload vepa determinism failing_script hanging_script
	missing_kernel no_modules unbootable_kernel no_driver rtl_fails never_up killed with_folder prediction"
slow="faults_twice all_modules qemu_arg lacp with_package free_time idle netdev_user netdev_pair dump wave sizes reboot speed read_time" # and all other scenarios

cosnic() { build/cosnic guest "$@"; }

# ---- cases that are no scenarios; each in a process of its own, $dir is its folder
# twice SCENARIO: two runs give the same console log, figures and hash of all TLPs.
twice() {
	local run words
	read -r -a words <<< "$(sed -n 's/^# cosnic: //p' "$scenarios/$1.sh")"
	for run in 1 2; do
		cosnic --out "$dir/$1.$run" --run "$scenarios/$1.sh" "${words[@]}" || return 1
		jq_free "$dir/$1.$run/result.json" > "$dir/$1.$run.figures"
	done
	cmp "$dir/$1.1/console.log" "$dir/$1.2/console.log" || return 1
	grep -q tlp_hash "$dir/$1.1.figures" || { echo "no tlp_hash in result.json"; return 1; }
	diff "$dir/$1.1.figures" "$dir/$1.2.figures"
}
case_determinism() { twice ping; }
case_faults_twice() {
	local scenario
	for scenario in "$scenarios"/fault_*.sh; do twice "$(basename "$scenario" .sh)" || return 1; done
}
# What must be the same in two runs: all but run and sim.
jq_free() { sed -e '/^  "run": {/,/^  }/d' -e '/^  "sim": {/,/^  }/d' "$1"; }

script() { # TEXT [NAME]: a script of the case's own
	local file=$dir/${2:-script}.sh
	printf '%s\n' "$1" > "$file"
	echo "$file"
}
# fails STATUS TEXT ARGS...: cosnic guest must end so, and say so.
fails() {
	local want=$1 text=$2 status
	shift 2
	cosnic --out "$dir" "$@" > "$dir/out" 2> "$dir/err"
	status=$?
	cat "$dir/err"
	[[ $status -eq $want ]] || { echo "status $status, not $want"; return 1; }
	grep -q -e "$text" "$dir/err" || { echo "stderr does not say \"$text\""; return 1; }
	left_over
}
# QEMU of this case, if it is still there
left_over() {
	! pgrep -f "$dir/initramfs" || { echo "QEMU was left behind"; return 1; }
}
case_failing_script() {
	fails 7 'ended with status 7; .*console.log ends with' --run "$(script 'echo to stdout; echo to stderr >&2; exit 7')" &&
		[[ $(cat "$dir/out") == "to stdout" ]] && grep -q '^to stderr' "$dir/err" && grep -q '^  | .*Power down' "$dir/err"
}
case_hanging_script() {
	fails 1 'script.sh was not done after 60 s (--timeout); .*console.log ends with' --timeout 60 \
		--run "$(script 'while :; do sleep 1; done')"
}
case_missing_kernel() {
	fails 3 '/nowhere/vmlinuz: no kernel there' --kernel /nowhere/vmlinuz --run "$(script true)"
}
case_unbootable_kernel() {
	head -c 1000000 /dev/urandom > "$dir/kernel"
	fails 1 'QEMU ended with status 1; .*qemu.log ends with' --kernel "$dir/kernel" --run "$(script true)"
}
# A guest without a word, and one that ends before its time: another first process.
case_never_up() {
	mkdir "$dir/silent" "$dir/short"
	printf '#!/usr/bin/busybox sh\nwhile :; do :; done\n' > "$dir/silent/init"
	printf '#!/usr/bin/busybox sh\nexit 1\n' > "$dir/short/init"
	chmod +x "$dir"/*/init
	fails 1 'it did not come up in [0-9]* s; .*console.log ends with' --timeout 5 --with "$dir/silent" --run "$(script true)" &&
		fails 1 'it ended before the NIC was up; .*console.log ends with' --with "$dir/short" --run "$(script true)" &&
		grep 'Kernel panic' "$dir/console.log"
}
case_no_driver() { # a module that is none
	head -c 10000 /dev/zero > "$dir/broken.ko"
	fails 1 'the driver or the NIC did not come up' --module "$dir/broken.ko" --run "$(script true)"
}
# The RTL gives up in the middle of traffic, here since a read of host memory takes longer than its watchdog allows: the guest sees
# the device gone and says so, QEMU ends and says where.
# shellcheck disable=SC2016
case_rtl_fails() {
	printf '#!/bin/sh\nexec build/qemu/qemu-system-x86_64 -global snic.watchdog-cycles=1000 "$@"\n' > "$dir/qemu"
	chmod +x "$dir/qemu"
	# an answer that never comes is no progress to wait for
	fails 1 'QEMU ended with status 1; .*qemu.log ends with' --qemu "$dir/qemu" --fault lost:func=0,n=100 --run "$(
		script '. /usr/share/cosnic/lib.sh
			ip addr add 10.0.0.1/24 dev $PF
			ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev $PF
			ping -q -c 2000 -i 0.001 -W 1 10.0.0.9'
	)" || return 1
	grep 'the RTL has failed, the device is gone: .*watchdog: nothing moved for 1000 cycles' "$dir/qemu.log" &&
		grep 'AER: .*Uncorrected (Fatal) error' "$dir/console.log"
}
# Whatever happens to cosnic, QEMU does not outlive it.
case_killed() {
	local pid
	build/cosnic guest --out "$dir" --run "$(script 'sleep 1000000')" &
	pid=$!
	sleep 2
	pgrep -P "$pid" > /dev/null || { echo "QEMU did not start"; return 1; }
	kill -9 "$pid"
	wait "$pid" 2> /dev/null
	sleep 1
	left_over
}
# shellcheck disable=SC2016  # the guest expands it
case_with_folder() {
	mkdir -p "$dir/extra/lib" "$dir/extra/opt"
	echo data > "$dir/extra/lib/a.file"
	echo "it's" > "$dir/extra/opt/b file"
	cosnic --out "$dir" --with "$dir/extra" --run "$(script '[ "$(cat /usr/lib/a.file)" = data ] && cat "/opt/b file" &&
		[ "$1" = "a '\''b" ] && echo left > /out/file && ls /lib/x86_64-linux-gnu/libc.so.6')" -- "a 'b" &&
		[[ $(cat "$dir/files/file") == left ]]
}
case_prediction() {
	echo '{"predicted": {"figures": {"rate": 1.5, "forgotten": 3}}}' > "$dir/expected.json"
	cosnic --out "$dir" --prediction "$dir/expected.json" --run "$(script '. /usr/share/cosnic/lib.sh; figure rate 2')" 2> "$dir/err" || return 1
	{ grep -q 'rate  *2  *1.5  *-25.00%' "$dir/err" && grep -q 'forgotten  *not measured  *3' "$dir/err" && grep -q '"rate": -25.0' "$dir/result.json"; } ||
		{ cat "$dir/err"; return 1; }
	echo '{"measured": {}}' > "$dir/expected.json"
	fails 3 'expected.json: no prediction: it needs' --prediction "$dir/expected.json" --run "$(script true)"
}
# A kernel of one's own need not have modules here: as if Debian's were one.
# shellcheck disable=SC2016  # the guest expands it
case_no_modules() {
	mkdir -p "$dir/none/usr/share/cosnic"
	sed 's,/lib/modules/,/nowhere/,' testbench/guest/lib.sh > "$dir/none/usr/share/cosnic/lib.sh"
	cosnic --out "$dir" --with "$dir/none" --run "$(script '. /usr/share/cosnic/lib.sh; [ -n "$PF" ] && ip link show "$PF"')"
}
# shellcheck disable=SC2016  # the guest expands it
case_all_modules() {
	cosnic --modules all --out "$dir" --run "$(script 'modprobe wireguard && modprobe sctp && modprobe bonding && grep -c . /lib/modules/*/modules.dep')"
}
# shellcheck disable=SC2016
case_qemu_arg() {
	cosnic --qemu-arg -device --qemu-arg pci-testdev --out "$dir" --run "$(script 'lspci -n | grep 1b36:0005')" &&
		fails 1 'QEMU ended with status 1; .*qemu.log ends with' --qemu-arg -no-such-option --run "$(script true)"
}
# 802.3ad over a wire between two guests: the PFs find each other by LACP. Their clocks are their own, so free running.
# shellcheck disable=SC2016
case_lacp() {
	local other status text
	mkdir "$dir/a" "$dir/b"
	ends() { echo "netdev:dgram,local.type=unix,local.path=$dir/$1.wire,remote.type=unix,remote.path=$dir/$2.wire"; }
	text='. /usr/share/cosnic/lib.sh
		modprobe bonding max_bonds=0
		ip link set $PF down
		ip link add bond0 type bond mode 802.3ad lacp_rate fast miimon 100
		ip link set $PF master bond0 && ip link set bond0 up && ip addr add 10.9.0.$1/24 dev bond0
		n=0
		while grep -q "Partner Mac Address: 00:00:00:00:00:00" /proc/net/bonding/bond0; do
			n=$((n + 1)); [ $n -lt 120 ] || exit 1; sleep 1
		done
		until ping -c 1 -W 1 10.9.0.$2; do n=$((n + 1)); [ $n -lt 120 ] || exit 1; done
		sleep 5'
	cosnic --time free --mac 02:00:00:00:0a:00 --wire "$(ends a b)" --out "$dir/a" --run "$(script "$text" a)" -- 1 2 > "$dir/a.log" 2>&1 &
	other=$!
	cosnic --time free --mac 02:00:00:00:0b:00 --wire "$(ends b a)" --out "$dir/b" --run "$(script "$text" b)" -- 2 1
	status=$?
	wait $other || { cat "$dir/a.log"; return 1; }
	return $status
}
case_with_package() {
	cosnic --out "$dir" --with jq --run "$(script 'echo "{\"a\": 5}" | jq .a')" | grep -qx 5
}
case_free_time() {
	cosnic --time free --vfs 2 --out "$dir" --run $scenarios/ping.sh
}
# Ten idle seconds of the guest cost the RTL under a second of wall time.
case_idle() {
	cosnic --out "$dir" --run "$(script 'sleep 10')" || return 1
	sed -n '/"sim"/,/}/s/.*"wall_s": \([0-9.]*\).*/\1/p' "$dir/result.json" |
		awk '{ n++; print "RTL: " $1 " s"; exit !($1 < 1) } END { if (!n) exit 1 }'
}

# The network behind QEMU on port 0: its gateway answers, and a server of this machine can be reached.
# shellcheck disable=SC2016  # the guest expands it
case_netdev_user() {
	local server port status
	head -c 300000 /dev/urandom > "$dir/data"
	python3 -u -m http.server --bind 127.0.0.1 --directory "$dir" 0 > "$dir/server" 2>&1 &
	server=$!
	while ! grep -q port "$dir/server"; do sleep 0.1; done
	port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' "$dir/server")
	cosnic --time free --wire netdev:user --out "$dir" --run "$(script '. /usr/share/cosnic/lib.sh
		ip addr add 10.0.2.15/24 dev $PF && ping -c 3 -i 0.1 10.0.2.2 && wget -q -O /out/data "http://10.0.2.2:$1/data"')" -- "$port"
	status=$?
	kill $server
	[[ $status -eq 0 ]] && cmp "$dir/data" "$dir/files/data"
}
# Two guests, a wire between their ports 0. Their clocks are their own, so free running.
# shellcheck disable=SC2016
case_netdev_pair() {
	local other status
	mkdir "$dir/a" "$dir/b"
	ends() { echo "netdev:dgram,local.type=unix,local.path=$dir/$1.wire,remote.type=unix,remote.path=$dir/$2.wire"; }
	cosnic --time free --mac 02:00:00:00:0a:00 --wire "$(ends a b)" --out "$dir/a" --run "$(script '. /usr/share/cosnic/lib.sh
		ip addr add 10.9.0.1/24 dev $PF && timeout 200 iperf3 -s -1' server)" > "$dir/a.log" 2>&1 &
	other=$!
	cosnic --time free --mac 02:00:00:00:0b:00 --wire "$(ends b a)" --out "$dir/b" --run "$(script '. /usr/share/cosnic/lib.sh
		ip addr add 10.9.0.2/24 dev $PF
		n=0
		until ping -c 1 -W 1 10.9.0.1; do n=$((n + 1)); [ $n -lt 120 ] || exit 1; done
		sleep 1
		ping -c 3 -i 0.1 10.9.0.1 && iperf3 -c 10.9.0.1 -n 300K')"
	status=$?
	wait $other || { cat "$dir/a.log"; return 1; }
	return $status
}
# A guest that starts anew finds a card that is as it was at first.
# shellcheck disable=SC2016
case_reboot() {
	cat > "$dir/qemu" <<- 'EOF'
		#!/bin/bash
		for word; do
			shift
			[[ $word == -no-reboot ]] || set -- "$@" "$word"
		done
		exec build/qemu/qemu-system-x86_64 "$@"
	EOF
	chmod +x "$dir/qemu"
	cosnic --vfs 2 --qemu "$dir/qemu" --out "$dir" --run "$(script '. /usr/share/cosnic/lib.sh
		scenario "start number $(($(date +%s) / 1000 - 1577836 + 1))"
		ns_add a "$(vf 0)" 1 && ns_add b "$(vf 1)" 2 || exit 1
		check "ping" in_ns a ping -c 3 -i 0.01 -W 1 10.0.0.2
		equal "frames of earlier times" $(($(counter $PF p0_tx_packets) > 1000)) 0
		[ $(date +%s) -gt 1577837000 ] || { pktgen $PF 2000 60 02:00:00:00:00:99; sleep 1000; reboot -f; sleep 10; }
		check "self-test" ethtool -t $PF offline')" || return 1
	grep -q '"resets": 1' "$dir/result.json" || { grep '"resets"' "$dir/result.json"; return 1; }
	[[ $(grep -c 'start number' "$dir/stdout.txt") -eq 2 ]]
}
# A read costs the guest the way there and back, by its own clock as by the card's: with ways longer by 250 ns each, 500 ns (200
# cycles) more, to the nanosecond.
# shellcheck disable=SC2016
case_read_time() {
	local latency
	for latency in 250 500; do
		cosnic --write-latency $latency --append iomem=relaxed --out "$dir/$latency" --run "$(script '. /usr/share/cosnic/lib.sh
			/usr/share/cosnic/read_time $(pf_sysfs)/resource0')" || return 1
	done
	paste -d ' ' "$dir/250/stdout.txt" "$dir/500/stdout.txt" | awk '
		{ least[$1] = $5 - $2; most[$1] = $6 - $3; at[$1] = $2 }
		END { exit !(least["cycles"] == 200 && least["tsc"] == 500 && at["tsc"] >= 500 && at["tsc"] < 600) }'
}
# `speed` of lib.sh: how many packets, and a time.
# shellcheck disable=SC2016
case_speed() {
	cosnic --out "$dir" --run "$(script '. /usr/share/cosnic/lib.sh
		no_ipv6
		speed hundred frames_sent pktgen $PF 100 60 02:00:00:00:00:99
		speed failing frames_sent false || [ $? -eq 1 ]')" || return 1
	sed -n '/"speed": {/,/^    }/p' "$dir/result.json"
	[[ $(grep -A 4 '"hundred"' "$dir/result.json" | sed -n 's/.*"packets": \([0-9]*\).*/\1/p') -eq 100 ]] &&
		[[ $(grep -A 4 '"failing"' "$dir/result.json" | sed -n 's/.*"packets": \([0-9]*\).*/\1/p') -eq 0 ]] &&
		grep -A 4 '"hundred"' "$dir/result.json" | awk '/_s"/ { n += $2 > 0 } END { exit n != 3 }'
}
# What left a port is in its capture.
# shellcheck disable=SC2016
case_dump() {
	local port sent
	cosnic --dump --out "$dir" --run "$(script '. /usr/share/cosnic/lib.sh
		pktgen $PF 100 60 02:00:00:00:00:99')" || return 1
	for port in 0 1; do
		sent=$(LC_ALL=C grep -obUaP '\x02\x00\x00\x00\x00\x99\x52\x54' "$dir/wire$port.pcap" | wc -l)
		[[ $sent -eq $((100 * (1 - port))) ]] || { echo "wire$port.pcap holds $sent of the 100 frames"; return 1; }
	done
}
# A waveform of the card between two of the guest's times (in ps, big endian, after 9 bytes of an FST file).
case_wave() {
	local begin end
	cosnic --wave "$dir/w.fst:500000000:5000000000" --out "$dir" --run "$(script true)" || return 1
	read -r begin end < <(od -A n -t u8 --endian=big -j 9 -N 16 "$dir/w.fst")
	echo "waveform from $begin to $end"
	[[ $begin -ge 500000000000 && $end -gt $begin && $end -le 5000000000000 ]]
}
# The link's sizes: the guest keeps to those of the card, and is told when it does not.
# shellcheck disable=SC2016
case_sizes() {
	cosnic --mps 512 --mrrs 1024 --vfs 2 --out "$dir" --run "$(script '. /usr/share/cosnic/lib.sh
		lspci -vv -s $PF_PCI | grep "MaxPayload 512 bytes, MaxReadReq 1024 bytes"
		ns_add a "$(vf 0)" 1 9000 && ns_add b "$(vf 1)" 2 9000 && in_ns a ping -c 3 -i 0.01 -s 8000 10.0.0.2')" || return 1
	! grep -q 'the guest sets' "$dir/qemu.log" || { cat "$dir/qemu.log"; return 1; }
	cosnic --mps 512 --mrrs 1024 --out "$dir" --run "$(script '. /usr/share/cosnic/lib.sh
		setpci -s $PF_PCI CAP_EXP+8.w=2810')" || return 1
	grep -q 'the guest sets MPS 128 and MRRS 512, the card keeps to 512 and 1024' "$dir/qemu.log"
}

run_scenario() {
	local options words
	options=$(sed -n 's/^# cosnic: //p' "$scenarios/$1.sh")
	read -r -a words <<< "$options"
	cosnic --out "$dir" --run "$scenarios/$1.sh" "${words[@]}"
}

run_one() { # NAME
	local name=$1 start=$SECONDS status
	dir=$out/$name
	rm -rf "$dir"
	mkdir -p "$dir"
	if [[ -f $scenarios/$name.sh ]]; then
		run_scenario "$name"
	else
		"case_$name"
	fi > "$out/$name.log" 2>&1
	status=$?
	echo "$status $((SECONDS - start))" > "$out/$name.status"
}

case ${1:-quick} in
quick) names=$quick ;;
all)
	names="$quick $slow"
	for scenario in "$scenarios"/*.sh; do
		name=$(basename "$scenario" .sh)
		[[ " ${names//[[:space:]]/ } " == *" $name "* ]] || names+=" $name"
	done
	;;
*) names=$* ;;
esac
mkdir -p "$out" results/junit
for name in $names; do
	[[ -f $scenarios/$name.sh ]] || declare -F "case_$name" > /dev/null || {
		echo "test_guest: $name: no such scenario or case"
		exit 2
	}
	while [[ $(jobs -r -p | wc -l) -ge $jobs ]]; do wait -n; done
	run_one "$name" &
done
wait

passed=0 failed=0
{
	echo '<testsuite name="guest">'
	for name in $names; do
		read -r status seconds < "$out/$name.status"
		echo "  <testcase classname=\"guest\" name=\"$name\" time=\"$seconds\">"
		[[ $status -eq 0 ]] || echo "    <failure message=\"status $status: see $out/$name.log\"/>"
		echo "  </testcase>"
	done
	echo '</testsuite>'
} > results/junit/guest.xml
for name in $names; do
	read -r status seconds < "$out/$name.status"
	if [[ $status -eq 0 ]]; then
		passed=$((passed + 1))
		printf '  ok     %-20s %4d s\n' "$name" "$seconds"
	else
		failed=$((failed + 1))
		printf '  FAILED %-20s %4d s, status %d, %s/%s.log ends with\n' "$name" "$seconds" "$status" "$out" "$name"
		tail -n 25 "$out/$name.log"
	fi
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
