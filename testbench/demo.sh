#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The tour: real captures through the RTL, then 64 B and a mix of sizes at line rate, then one frame's way as a picture. Called by
# `make demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

cosnic=build/cosnic
title() { printf '\n== %s\n\n' "$*"; }

title "1. Real captures (tcpdump's own test set), wire to host: what is not Ethernet or not whole is skipped and counted"
skipped=build/demo-skipped.txt
if [[ -n ${V:-} ]]; then
	$cosnic replay --out results/demo-captures build/traces/captures/*
else
	$cosnic replay --out results/demo-captures build/traces/captures/* 2> "$skipped" || { cat "$skipped" >&2; exit 1; }
	# the names are in the file
	echo "files that were skipped or cut: $skipped"
fi

title "2. 64 B frames at line rate, wire to host and host to wire at once"
$cosnic gen --size 64 --count 50000 --flows 256 --quiet -o build/demo-64.pcap
$cosnic replay --direction both --out results/demo-64 build/demo-64.pcap

title "3. IMIX (7:4:1 of 64, 594 and 1518 B) to 8 VFs at line rate"
$cosnic gen --size imix --count 20000 --flows 256 --vfs 8 --quiet -o build/demo-imix.pcap
$cosnic replay --vfs 8 --out results/demo-imix build/demo-imix.pcap

title "4. One frame of a tunnel: its headers, what decided where it goes, and when it was where"
$cosnic gen --size 600 --count 8 --flows 8 --vfs 4 --encap vxlan --quiet -o build/demo-vxlan.pcap
$cosnic explain --vfs 4 --queues 2 --rules 3 --svg results/demo.svg build/demo-vxlan.pcap:5

title "The same as a picture: results/demo.svg. Next: build/cosnic help; make test; README.md"
