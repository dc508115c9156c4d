#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The tour: real captures through the RTL, then 64 B and a mix of sizes at line rate. Called by `make demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

cosnic=build/cosnic
title() { printf '\n== %s\n\n' "$*"; }

title "1. Real captures (tcpdump's own test set), wire to host: what is not Ethernet or not whole is skipped and counted"
$cosnic replay --out results/demo-captures build/traces/captures/*

title "2. 64 B frames at line rate, wire to host and host to wire at once"
$cosnic gen --size 64 --count 50000 --flows 256 --quiet -o build/demo-64.pcap
$cosnic replay --direction both --out results/demo-64 build/demo-64.pcap

title "3. IMIX (7:4:1 of 64, 594 and 1518 B) to 8 VFs at line rate"
$cosnic gen --size imix --count 20000 --flows 256 --vfs 8 --quiet -o build/demo-imix.pcap
$cosnic replay --vfs 8 --out results/demo-imix build/demo-imix.pcap

title "Next: build/cosnic --help; make test; README.md"
