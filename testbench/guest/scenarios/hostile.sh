#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A VF whose registers are written by hand: others' doorbells, the PF's registers, rings and buffers where no memory is or that
# are another function's registers. It stops its own queues, nothing else.
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "hostile VF at its queues"

MBOX_DATA=0x180 MBOX_CTRL=0x1c0 FUNC_CTRL=0x40 FUNC_STATUS=0x44 TEST_DMA_LO=0x28 TEST_DMA_HI=0x2c TEST_GO=0x30
TXQ=0x1000 RXQ=0x1020 BASE_LO=0 BASE_HI=4 REPORT_LO=8 REPORT_HI=0xc CFG=0x10 # queue pair q: + q * 0x40
TX_TAIL=0x2000 RX_TAIL=0x2004
ENABLE=0x80000004 RX_ENABLE=0x80200004 # 16 entries; buffers of 2 KiB
ABSENT_HI=0x7000

ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
hostile=$(vf_pci 2)
read -r victim _ < "/sys/bus/pci/devices/$(vf_pci 0)/resource"
others_talk() { check "the others talk" in_ns a ping -c 2 -i 0.01 -W 1 10.0.0.2; }
others_talk
take_over "$hostile" || fail "the VF's driver does not go"
equal "it is function" "$(($(reg 0x18)))" 3

step "doorbells of queues that are not there, and of those that are not on"
before=$(counter "$PF" doorbell_refused)
for q in 0 1 7; do
	reg $((TX_TAIL + 8 * q)) 5
	reg $((RX_TAIL + 8 * q)) 5
done
for at in 0x2040 0x2100 0x2ff8 0x3ffc; do reg $at 5; done
at_least "refused" $(($(counter "$PF" doorbell_refused) - before)) 6
others_talk

step "the PF's registers"
for at in 0x4000 0x4010 0x4070 0x4080 0x4170; do
	reg $at 0xffffffff
	equal "$at reads" "$(($(reg $at)))" 0
done
reg 0x4014 1 # FT_RESET of VF 0
reg 0x4174 0 # FLOW_OP
others_talk

# queue WHICH OFFSET_OF_TAIL ENABLE HI LO: ring and report there, two descriptors posted; must stop with an error
queue() {
	reg $FUNC_CTRL 2
	reg $FUNC_CTRL 1
	reg $(($1 + BASE_LO)) "$5"
	reg $(($1 + BASE_HI)) "$4"
	reg $(($1 + REPORT_LO)) "$5"
	reg $(($1 + REPORT_HI)) "$4"
	reg $(($1 + CFG)) "$3"
	reg "$2" 2
	sleep 0.001
}
stopped() { # WHAT
	equal "$1: stopped" $(($(reg $FUNC_STATUS) >> 1 & 1)) 1
	others_talk
}
step "rings where nothing is, and in another VF's registers"
queue $TXQ $TX_TAIL $ENABLE $ABSENT_HI 0
stopped "TX ring, no memory"
queue $TXQ $TX_TAIL $ENABLE $((victim >> 32)) $((victim & 0xffffffff))
stopped "TX ring, registers"
queue $RXQ $RX_TAIL $RX_ENABLE $ABSENT_HI 0
reg $RX_TAIL 8
before=$(counters "$PF" 'rx_drop_(dma|no_desc)')
reg $MBOX_DATA 1 # hello: from now on it gets broadcasts
reg $((MBOX_DATA + 4)) 1
reg $MBOX_CTRL 1
sleep 0.05
in_ns a ping -c 1 -W 1 10.0.0.77 > /dev/null # asks all for it
at_least "broadcasts that it did not get" $(($(counters "$PF" 'rx_drop_(dma|no_desc)') - before)) 1
others_talk

step "a write to another VF's doorbell, and to nowhere"
before=$(counter "$PF" doorbell_refused)
for hi_lo in "$((victim >> 32)) $(((victim & 0xffffffff) + TX_TAIL))" "$ABSENT_HI 0" "0xffffffff 0xfffffff0"; do
	reg $TEST_DMA_HI "${hi_lo% *}"
	reg $TEST_DMA_LO "${hi_lo#* }"
	reg $TEST_GO 1
done
sleep 0.01
equal "doorbells that came of it" $(($(counter "$PF" doorbell_refused) - before)) 0
others_talk

step "a storm"
n=0
while [ $n -lt 300 ]; do
	reg $TX_TAIL $n
	n=$((n + 1))
done
others_talk

check "driver back" give_back "$hostile"
ns_add c "$(vf 2)" 3
check "ping" in_ns c ping -c 1 -W 1 10.0.0.1
