#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A VF whose registers are written by hand, as a hostile guest may: the PF's driver answers by the rules
# (driver/hw/snic_mbox.h), gives away nothing, and the other VFs notice nothing.
# cosnic: --vfs 3
. /usr/share/cosnic/lib.sh
scenario "hostile VF in the mailbox"

ns_add a "$(vf 0)" 1
ns_add b "$(vf 1)" 2
others_talk() { check "the others talk" in_ns a ping -c 1 -W 1 10.0.0.2; }
others_talk

hostile=$(vf_pci 2)
mac_a=$(ip link show "$PF" | sed -n 's/.*vf 0 *link.ether \([0-9a-f:]*\).*/\1/p')
take_over "$hostile" || fail "the VF's driver does not go"
DATA=0x180 CTRL=0x1c0 FUNC_CTRL=0x40

# OP DWORD...: sends a request, prints the answer's status
ask() {
	local at=$((DATA + 4)) op=$1 i=0
	shift
	for word; do
		reg $at "$word"
		at=$((at + 4))
	done
	reg $DATA "$op"
	reg $CTRL 1
	while [ $(($(reg $CTRL) & 2)) -eq 0 ]; do
		i=$((i + 1))
		[ $i -lt 100 ] || fail "no answer to request $op"
		sleep 0.01
	done
	echo $(($(reg $DATA) >> 8 & 255))
	reg $CTRL 2
}
le() { echo "$1" | sed "s/\(..\):\(..\):\(..\):\(..\):\(..\):\(..\)/0x\4\3\2\1 0x\6\5/"; }

step "what is refused"
equal "anything before hello" "$(ask 6 0)" 6
equal "hello of another version" "$(ask 1 99)" 5
equal "hello" "$(ask 1 1)" 0
equal "a request that does not exist" "$(ask 9)" 5
# shellcheck disable=SC2046  # two words
equal "another VF's address as its own" "$(ask 2 $(le "$mac_a"))" 4
# shellcheck disable=SC2046
equal "another VF's address beside its own" "$(ask 3 1 $(le "$mac_a"))" 4
equal "a multicast address as its own" "$(ask 2 0x01 0)" 1
equal "a list of 4 billion addresses" "$(ask 3 0xffffffff)" 1
equal "a list of 4 billion VLANs" "$(ask 4 0xffffffff)" 1
equal "VLAN 4095" "$(ask 4 1 4095)" 1
equal "modes that do not exist" "$(ask 6 0x100)" 1
others_talk

step "flood"
n=0
while [ $n -lt 150 ]; do
	status=$(ask 6 2)
	[ "$status" = 0 ] || fail "request $n of the flood: status $status"
	n=$((n + 1))
done
others_talk
limited=$(devlink health diagnose "pci/$PF_PCI" reporter mdd | sed -n 's/.*vf: 2 .*requests_limited: \([0-9]*\).*/\1/p')
at_least "times the flood had to wait" "${limited:-0}" 1

step "resets, one after another"
n=0
while [ $n -lt 50 ]; do
	reg $FUNC_CTRL 2
	n=$((n + 1))
done
sleep 0.1
equal "what came before a reset does not count" "$(ask 6 0)" 6
others_talk

check "driver back" give_back "$hostile"
ns_add c "$(vf 2)" 3
check "ping" in_ns c ping -c 1 -W 1 10.0.0.1
