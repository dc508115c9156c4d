#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A VF whose registers are written by hand: others' doorbells, the PF's registers, rings and buffers where no memory is or that
# are another function's registers. It stops its own queues, nothing else.
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "hostile VF at its queues"

ENABLE=$((TXQ_CFG_ENABLE | 4)) # 16 entries
RX_ENABLE=$((RXQ_CFG_ENABLE | 32 * (RXQ_CFG_BUFSIZE & -RXQ_CFG_BUFSIZE) | 4)) # buffers of 2 KiB
ABSENT_HI=0x7000

ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
hostile=$(vf_pci 2)
read -r victim _ < "/sys/bus/pci/devices/$(vf_pci 0)/resource"
others_talk() { check "the others talk" in_ns a ping -c 2 -i 0.01 -W 1 10.0.0.2; }
others_talk
take_over "$hostile" || fail "the VF's driver does not go"
equal "it is function" "$(($(reg "$REG_FUNC")))" 3

step "doorbells of queues that are not there, and of those that are not on"
before=$(counter "$PF" doorbell_refused)
for q in 0 1 7; do
	reg "$((REG_TX_TAIL + STRIDE_TX_TAIL * q))" 5
	reg "$((REG_RX_TAIL + STRIDE_RX_TAIL * q))" 5
done
for at in 0x2040 0x2100 0x2ff8 0x3ffc; do reg $at 5; done
at_least "refused" $(($(counter "$PF" doorbell_refused) - before)) 6
others_talk

step "the PF's registers"
for at in $REG_FT_SEL $REG_FT_FLAGS $REG_MBOX_SEL $REG_VF_RESET $REG_FLOW_SLOT; do
	reg "$at" 0xffffffff
	equal "$at reads" "$(($(reg "$at")))" 0
done
reg "$REG_FT_RESET" 1 # VF 0
reg "$REG_FLOW_OP" 0
others_talk

# queue BASE_LO REPORT_LO CFG TAIL ENABLE HI LO: ring and report there, two descriptors posted; must stop with an error
queue() {
	reg "$REG_FUNC_CTRL" "$FUNC_CTRL_RESET"
	reg "$REG_FUNC_CTRL" "$FUNC_CTRL_ENABLE"
	reg "$1" "$7"
	reg "$(($1 + 4))" "$6"
	reg "$2" "$7"
	reg "$(($2 + 4))" "$6"
	reg "$3" "$5"
	reg "$4" 2
	sleep 0.001
}
tx_queue() { queue "$REG_TXQ_BASE_LO" "$REG_TXQ_WB_LO" "$REG_TXQ_CFG" "$REG_TX_TAIL" "$ENABLE" "$@"; }
stopped() { # WHAT
	equal "$1: stopped" $((($(reg "$REG_FUNC_STATUS") & FUNC_STATUS_QERR) != 0)) 1
	others_talk
}
step "rings where nothing is, and in another VF's registers"
tx_queue $ABSENT_HI 0
stopped "TX ring, no memory"
tx_queue $((victim >> 32)) $((victim & 0xffffffff))
stopped "TX ring, registers"
queue "$REG_RXQ_BASE_LO" "$REG_RXQ_CPL_LO" "$REG_RXQ_CFG" "$REG_RX_TAIL" "$RX_ENABLE" $ABSENT_HI 0
reg "$REG_RX_TAIL" 8
before=$(counters "$PF" 'rx_drop_(dma|no_desc)')
reg "$REG_MBOX_DATA" 1 # hello: from now on it gets broadcasts
reg "$((REG_MBOX_DATA + STRIDE_MBOX_DATA))" 1
reg "$REG_MBOX_CTRL" "$MBOX_CTRL_SEND"
sleep 0.05
in_ns a ping -c 1 -W 1 10.0.0.77 > /dev/null # asks all for it
at_least "broadcasts that it did not get" $(($(counters "$PF" 'rx_drop_(dma|no_desc)') - before)) 1
others_talk

step "a write to another VF's doorbell, and to nowhere"
before=$(counter "$PF" doorbell_refused)
for hi_lo in "$((victim >> 32)) $(((victim & 0xffffffff) + REG_TX_TAIL))" "$ABSENT_HI 0" "0xffffffff 0xfffffff0"; do
	reg "$REG_TEST_DMA_HI" "${hi_lo% *}"
	reg "$REG_TEST_DMA_LO" "${hi_lo#* }"
	reg "$REG_TEST_GO" "$TEST_GO_DMA"
done
sleep 0.01
equal "doorbells that came of it" $(($(counter "$PF" doorbell_refused) - before)) 0
others_talk

step "a storm"
n=0
while [ $n -lt 300 ]; do
	reg "$REG_TX_TAIL" $n
	n=$((n + 1))
done
others_talk

check "driver back" give_back "$hostile"
ns_add c "$(vf 2)" 3
check "ping" in_ns c ping -c 1 -W 1 10.0.0.1
