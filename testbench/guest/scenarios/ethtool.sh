#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What ethtool shows and sets, of PF and VF: rings, channels, moderation, RSS, counters, register dump, reset.
# cosnic: --vfs 1
. /usr/share/cosnic/lib.sh
scenario "ethtool"

vf=$(vf 0)
ns_add v "$vf" 1
ip addr add 10.0.0.9/24 dev "$PF"
of_vf() { in_ns v ethtool "$@"; }
talks() { ping -q -c 3 -i 0.01 -W 1 10.0.0.1; }
# shows WHAT OPTION PATTERN: the last word of the last line that matches, so of the current settings
shows() { ethtool "$1" "$PF" | awk -v p="^$2" '$0 ~ p { v = $NF } END { print v }'; }
check "ping" talks

step "identity"
equal "driver" "$(ethtool -i "$PF" | sed -n 's/^driver: //p')" snic
fw=$(ethtool -i "$PF" | sed -n 's/^firmware-version: //p')
check "the card's RTL is known: $fw" expr "$fw" : '[0-9a-f]\{8\} contract 1\.[1-9]'
equal "speed" "$(ethtool "$PF" | sed -n 's/.*Speed: //p')" 100000Mb/s
equal "speed of the VF" "$(of_vf "$vf" | sed -n 's/.*Speed: //p')" 100000Mb/s
equal "duplex" "$(ethtool "$PF" | sed -n 's/.*Duplex: //p')" Full
check "time stamps by software" sh -c "ethtool -T $PF | grep software-transmit"

step "messages"
said() { dmesg | grep -c "$PF: link is up"; }
before=$(said)
check "none of the link" ethtool -s "$PF" msglvl link off
check "down and up" sh -c "ip link set $PF down && ip link set $PF up && sleep 0.1"
equal "links told" $(($(said) - before)) 0
check "again" ethtool -s "$PF" msglvl link on
check "down and up" sh -c "ip link set $PF down && ip link set $PF up && sleep 0.1"
equal "links told" $(($(said) - before)) 1

step "rings"
equal "RX" "$(shows -g RX:)" 512
check "RX 1024, TX 64" ethtool -G "$PF" rx 1024 tx 64
equal "RX" "$(shows -g RX:)" 1024
equal "TX" "$(shows -g TX:)" 64
check "ping" talks
for size in 1000 8 65536; do refused "RX $size" ethtool -G "$PF" rx $size; done
equal "RX still" "$(shows -g RX:)" 1024
check "the least there can be" ethtool -G "$PF" rx 16 tx 16
check "ping" talks
check "the most there can be, while down" sh -c "ip link set $PF down && ethtool -G $PF rx 32768 tx 32768"
check "link" link_up "$PF"
check "ping" talks
check "VF: RX 64" of_vf -G "$vf" rx 64
check "ping" talks
# a ring of 64 has no room for the bursts below
check "VF: as before" of_vf -G "$vf" rx 512
check "as before" ethtool -G "$PF" rx 512 tx 512

step "channels"
equal "queue pairs, one a CPU" "$(shows -l Combined:)" 1
check "eight" ethtool -L "$PF" combined 8
equal "queue pairs" "$(shows -l Combined:)" 8
check "counters of the last" sh -c "ethtool -S $PF | grep rx7_"
check "ping" talks
refused "none" ethtool -L "$PF" combined 0
refused "more than the device has" ethtool -L "$PF" combined 9
check "two" ethtool -L "$PF" combined 2
equal "counters of the third" "$(ethtool -S "$PF" | grep -c 'rx2_')" 0
check "ping" talks
check "VF: three" of_vf -L "$vf" combined 3
check "ping" talks

step "moderation"
equal "adaptive" "$(ethtool -c "$PF" | awk '/^Adaptive/ { print $3 }')" on
# interrupts USECS: how many the PF takes for 2000 frames of the VF
interrupts() {
	ethtool -C "$PF" adaptive-rx off rx-usecs "$1" || return 1
	irqs=$(counters "$PF" 'irq[0-9]+')
	pktgen "$vf" 2000 60 "$(mac "$PF")" > /dev/null || return 1
	sleep 0.01
	irqs=$(($(counters "$PF" 'irq[0-9]+') - irqs))
}
ns_del v
link_up "$vf"
interrupts 500 || fail "pktgen"
few=$irqs
interrupts 0 || fail "pktgen"
at_least "interrupts for 2000 frames without a gap, beside $few with 500 us between" "$irqs" $((few * 4))
equal "rx-usecs" "$(shows -c rx-usecs:)" 0
refused "longer than the device can wait" ethtool -C "$PF" rx-usecs 100000
refused "what the device does not have" ethtool -C "$PF" rx-frames 8
check "adaptive again" ethtool -C "$PF" adaptive-rx on
ns_add v "$vf" 1
check "ping" talks

step "RSS"
entry() { ethtool -x "$PF" | awk -v e="$1:" '$1 == e { print $2 " " $3 " " $4 " " $5 }'; }
equal "spread" "$(entry 0)" "0 1 0 1"
check "all on queue 1" ethtool -X "$PF" start 1 equal 1
equal "spread" "$(entry 120)" "1 1 1 1"
before=$(counter "$PF" rx0_packets)
check "ping" talks
equal "frames on queue 0" $(($(counter "$PF" rx0_packets) - before)) 0
refused "fewer channels than the table names" ethtool -L "$PF" combined 1
check "rings changed, table kept" ethtool -G "$PF" rx 256
equal "spread" "$(entry 0)" "1 1 1 1"
check "default" ethtool -X "$PF" default
equal "spread" "$(entry 0)" "0 1 0 1"
key() { ethtool -x "$PF" | sed -n '/^RSS hash key/{ n; p }'; }
old=$(key)
new=01:23:45:67$(printf ':%02x' $(seq 0 35))
check "key" ethtool -X "$PF" hkey "$new"
equal "key" "$(key)" "$new"
check "ping" talks
refused "key that looks like none" ethtool -X "$PF" hkey "00:00:00:00$(printf ':%02x' $(seq 0 35))"
refused "the card's key by a VF" of_vf -X "$vf" hkey "$new"
check "old key" ethtool -X "$PF" hkey "$old"
check "hash of TCP: addresses and ports" sh -c "ethtool -n $PF rx-flow-hash tcp4 | grep -c 'L4 bytes' | grep 2"

step "counters"
bytes() { echo $(($(counter "$PF" tx_bytes) - $(counters "$PF" 'tx[0-9]+_bytes'))) $(($(counter "$PF" rx_bytes) - $(counters "$PF" 'rx[0-9]+_bytes'))); }
difference=$(bytes)
tx=$(counter "$PF" tx_packets) queues=$(counters "$PF" 'tx[0-9]+_packets') rx=$(of_vf -S "$vf" | awk '$1 == "rx_packets:" { print $2 }')
check "100 frames to the VF" pktgen "$PF" 100 60 "$(in_ns v cat "/sys/class/net/$vf/address")"
sleep 0.01
sent=$(($(counter "$PF" tx_packets) - tx))
at_least "frames of the PF" $sent 100
equal "its queues say the same" $(($(counters "$PF" 'tx[0-9]+_packets') - queues)) $sent
equal "and of bytes, sent and received" "$(bytes)" "$difference"
at_least "frames in the VF" $(($(of_vf -S "$vf" | awk '$1 == "rx_packets:" { print $2 }') - rx)) 100
equal "a VF sees no counter of the card" "$(of_vf -S "$vf" | grep -cE ' (p[01]_|drop_|flow_|msix|busy_|stall_)')" 0
at_least "frames that the flow table took, in the card's utilisation" "$(counter "$PF" busy_flow_table)" 1

step "register dump"
# value FILE OFFSET: of the pairs of dwords that a dump is
value() { hexdump -v -e '2/4 "%08x " "\n"' "$1" | awk -v o="$(printf %08x "$2")" '$1 == o { print $2 }'; }
ethtool -d "$PF" raw on > /tmp/pf.regs || fail "ethtool -d"
in_ns v ethtool -d "$vf" raw on > /tmp/vf.regs || fail "ethtool -d of the VF"
equal "magic" "$(value /tmp/pf.regs 0)" 43494e53
equal "function of the PF" "$(value /tmp/pf.regs $((0x18)))" 00000000
equal "function of the VF" "$(value /tmp/vf.regs $((0x18)))" 00000001
equal "the PF is enabled" "$(value /tmp/pf.regs $((0x40)))" 00000001
equal "registers with an effect (device time)" "$(value /tmp/pf.regs $((0x38)))" ""
equal "registers of the PF alone, in the VF's" "$(value /tmp/vf.regs $((0x4000)))" ""

step "reset"
before=$(counter "$PF" resets)
check "reset" ethtool --reset "$PF" dedicated
sleep 0.5
equal "resets" "$(counter "$PF" resets)" $((before + 1))
at_least "counters survive it: tx_packets" "$(counter "$PF" tx_packets)" $((tx + 100))
check "link" link_up "$PF"
check "ping" talks

step "self-test of interfaces that are down"
ns_del v
check "down" sh -c "ip link set $vf down && ip link set $PF down"
for dev in $PF $vf; do
	for mode in online offline; do check "$dev, $mode" ethtool -t "$dev" $mode; done
done
