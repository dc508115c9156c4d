#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# An IOMMU before the card: each function in a group of its own, traffic through it, and what a function does beyond its
# mappings is a fault in its own name.
# cosnic: --vfs 3 --iommu
. /usr/share/cosnic/lib.sh
scenario "IOMMU"

hostile=$(vf_pci 2)
step "groups"
functions="$PF_PCI $(vf_pci 0) $(vf_pci 1) $hostile"
group() { readlink "/sys/bus/pci/devices/$1/iommu_group"; }
equal "groups of the four functions" "$(for f in $functions; do group "$f"; done | sort -u | wc -l)" 4
for f in $functions; do
	equal "functions in the group of $f" "$(find "/sys/bus/pci/devices/$f/iommu_group/devices/" -type l | wc -l)" 1
done

step "traffic"
ns_add a "$(vf 0)" 1 9000
ns_add b "$(vf 1)" 2 9000
others_talk() { check "ping VF to VF" in_ns a ping -c 3 -i 0.01 -W 1 -s "${1:-56}" 10.0.0.2; }
others_talk
others_talk 8972
check "self-test of the PF" ethtool -t "$PF" offline
check "iperf3" iperf b a 10.0.0.2 -n 500K
figure iommu_iperf_gbps "$(iperf_gbps)"

step "a VF that has no mapping"
take_over "$hostile" || fail "the VF's driver does not go"
faults() { dmesg | grep -c "DMAR: .*DMA $1.*Request device .$2.*fault addr $3"; } # KIND FUNCTION ADDRESS
name=${hostile#0000:}
equal "faults before" "$(faults '' '' '')" 0
reg "$REG_TEST_DMA_LO" 0x2000000
reg "$REG_TEST_DMA_HI" 0
reg "$REG_TEST_GO" "$TEST_GO_DMA"
sleep 0.1
equal "faults of a write, in its name" "$(faults Write "$name" 0x2000000)" 1
reg "$REG_FUNC_CTRL" "$FUNC_CTRL_ENABLE"
reg "$REG_TXQ_BASE_LO" 0x3000000
reg "$REG_TXQ_WB_LO" 0x3100000
reg "$REG_TXQ_CFG" "$((TXQ_CFG_ENABLE | 4))"
reg "$REG_TX_TAIL" 1
sleep 0.1
at_least "faults of reads, in its name" "$(faults Read "$name" 0x3000000)" 1
equal "its queue has stopped" $((($(reg "$REG_FUNC_STATUS") & FUNC_STATUS_QERR) != 0)) 1
equal "faults in other functions' names" "$(dmesg | grep 'DMAR: .*Request device' | grep -vc "\[$name\]")" 0
others_talk
check "driver back" give_back "$hostile"
ns_add c "$(vf 2)" 3
check "ping" in_ns c ping -c 1 -W 1 10.0.0.1
