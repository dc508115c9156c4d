#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# `make demo-guest`: Linux boots with the card as its NIC, VFs talk inside the card and over the wire, and what the guest reached
# stands beside what the timing model predicts of the hardware.
set -euo pipefail
cd "$(dirname "$0")/../.."

cosnic=build/cosnic
out=results/demo-guest
title() { printf '\n== %s\n\n' "$*"; }

title "1. Debian's kernel in QEMU, the real driver, the RTL: in exact virtual time"
$cosnic guest --out $out --run testbench/guest/tour.sh
echo
echo "Once more, with 30,000 frames of 64 B at 10 Gb/s on the wire and an XDP program that drops them:"
$cosnic gen --size 64 --count 30000 --flows 64 --wire-gbps 10 --quiet -o $out/rate.pcap
$cosnic guest --out $out/rx --wire pcap:$out/rate.pcap --run testbench/guest/scenarios/xdp_rate.sh -- 30000

title "2. What the guest reached, beside what the timing model predicts of the card"
figure() { sed -n "s/.*\"$1\": \([0-9.]*\),\?$/\1/p" "${2:-$out}/result.json" | awk '{ printf "%.4g", $1 }'; }
predict() { # KEY OBJECT ARGS...: a number of result.json, the first of that name in an object of "predicted"
	local key=$1 object=$2
	shift 2
	$cosnic predict --json --out $out/predict "$@" |
		awk -v k="\"$key\":" -v o="\"$object\":" '/"predicted"/ { p = 1 } p && $1 == o { t = 1 } p && t && $1 == k { printf "%.2f", $2; exit }'
}
$cosnic gen --size 64 --count 20000 --flows 16 --quiet -o $out/64.pcap
$cosnic gen --size 1518 --count 5000 --flows 16 --quiet -o $out/1518.pcap
$cosnic gen --size 102 --count 50 --quiet -o $out/ping.pcap
rtt() { awk -v a="$1" 'BEGIN { printf "%.2f", 2 * a / 1000 }'; }
line() { printf '%-34s %10s %12s  %s\n' "$@"; }
row() { # WHAT GUEST CARD REMARK: on the screen, and into compare.json
	line "$@"
	rows+=("$(printf '{ "figure": "%s", "guest": %s, "card_predicted": %s, "remark": "%s" }' "$@")")
}
rows=()

line "" "guest" "card alone" ""
row "pktgen 64 B, PF to wire, Mpps" "$(figure pktgen_64_mpps)" "$(predict mpps tx --direction tx $out/64.pcap)" \
	"one CPU of 1 GHz: $(figure pktgen_64_instructions_per_packet) instructions a packet"
row "XDP drop 64 B, wire to PF, Mpps" "$(figure xdp_drop_mpps $out/rx)" "$(predict mpps rx --direction rx $out/64.pcap)" \
	"$(figure xdp_drop_instructions_per_packet $out/rx) instructions a packet"
row "iperf3 TCP, VF to VF, Gb/s" "$(figure iperf_vf_vf_gbps)" "$(predict gbps vf2vf --direction vf2vf --vfs 2 $out/1518.pcap)" \
	"client and server share the CPU"
row "iperf3 TCP, port to port, Gb/s" "$(figure iperf_port_port_gbps)" "$(predict gbps tx --direction tx $out/1518.pcap)" ""
row "ping VF to VF, us" "$(figure ping_vf_vf_us)" \
	"$(rtt "$(predict min latency_ns --direction vf2vf --vfs 2 -p 1000 $out/ping.pcap)")" \
	"both ways through the card; the rest is Linux"
(
	IFS=,
	printf '[%s]\n' "${rows[*]}" > $out/compare.json
)
awk '/"kcycles_per_s"|"wall_s"|"run_wall_s"|"boot_wall_s"|"cycles_simulated"/ { gsub(/[",:]/, ""); v[$1] = $2 }
	END { printf "\nspeed   %.0f kcycles/s of the RTL while it is busy; %.1f s for all, %.1f s of it to boot, %.1f s in the RTL\n",
		v["kcycles_per_s"], v["run_wall_s"], v["boot_wall_s"], v["wall_s"] }' $out/result.json

title "Next: build/cosnic guest (a shell); testbench/guest/README.md; make test-guest"
