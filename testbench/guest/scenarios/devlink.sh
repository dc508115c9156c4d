#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# devlink: what the functions are, ports, the parameter, and health: faults are made, reported and recovered from.
# cosnic: --vfs 2 --append iomem=relaxed
#   (iomem=relaxed: devmem may write registers that the driver has claimed)
. /usr/share/cosnic/lib.sh
scenario "devlink"

pf=pci/$PF_PCI vf=$(vf 0) vf_pci=$(vf_pci 0)
ns_add b "$(vf 1)" 2
ip addr add 10.0.0.1/24 dev "$vf"
talks() { ping -q -c 3 -i 0.01 -W 1 10.0.0.2; }
# health DEVICE REPORTER FIELD: of "state healthy error 0 recover 0 ..."
health() { devlink health show "$1" reporter "$2" | awk -v f="$3" '/state/ { for (i = 1; i < NF; i += 2) if ($i == f) print $(i + 1) }'; }
diagnosis() { devlink health diagnose "$1" reporter "$2"; }
check "ping" talks

step "identity"
equal "functions" "$(devlink dev | wc -l)" 3
info() { devlink dev info "$1" | awk -v f="$2" '$1 == f { print $2 }'; }
equal "driver" "$(info "$pf" driver)" snic
equal "id" "$(info "pci/$vf_pci" asic.id)" 1b36:5c11.1
equal "RTL" "$(info "$pf" asic.rev) contract $(info "$pf" contract)" "$(ethtool -i "$PF" | sed -n 's/^firmware-version: //p')"
equal "the PF's port" "$(devlink port show "$PF" | sed 's/.*netdev/netdev/')" "netdev $PF flavour physical port 0 splittable false"
check "a VF's port" sh -c "devlink port show $vf | grep 'flavour virtual'"

step "parameter"
param() { devlink dev param show "$pf" name vf_port_split | sed -n 's/.*value //p'; }
equal "VFs on both ports" "$(param)" false
check "on" devlink dev param set "$pf" name vf_port_split value true cmode runtime
equal "VFs on both ports" "$(param)" true
refused "a VF has no such parameter" devlink dev param set "pci/$vf_pci" name vf_port_split value true cmode runtime
check "off" devlink dev param set "$pf" name vf_port_split value false cmode runtime

step "health"
for reporter in tx device mdd; do equal "$reporter" "$(health "$pf" $reporter state)" healthy; done
check "diagnose tx" sh -c "devlink health diagnose $pf reporter tx | grep 'queue: 0 status: ok'"
check "diagnose device" sh -c "devlink health diagnose $pf reporter device | grep 'present: true'"
check "dump of the registers" sh -c "devlink health dump show $pf reporter device | grep 'MAGIC: 0x43494e53'"
refused "a VF cannot watch others" devlink health show "pci/$vf_pci" reporter mdd

step "a VF that breaks the rules"
check "20 frames with a source that is not its own" pktgen "$vf" 20 60 "$(mac "$PF")" "src_mac 02:00:00:00:00:77"
sleep 2
at_least "reported" "$(health "$pf" mdd error)" 1
equal "state" "$(health "$pf" mdd state)" healthy
check "cause" sh -c "devlink health diagnose $pf reporter mdd | grep 'last: VF 0: spoofed source MAC'"
check "dump" sh -c "devlink health dump show $pf reporter mdd | grep 'vf: 0 tx_drops: 20'"
check "the kernel's log names it" sh -c "dmesg | grep '$PF: VF 0: spoofed source MAC'"
check "dump cleared" devlink health dump clear "$pf" reporter mdd
errors=$(health "$pf" mdd error)
sleep 2
equal "no report without a cause" "$(health "$pf" mdd error)" "$errors"
check "ping" talks

step "a function that is reset under its driver"
# by the Initiate FLR bit itself: the kernel, and so the driver, does not know
setpci -s "$vf_pci" CAP_EXP+8.w=8000:8000
sleep 2
equal "reported" "$(health "pci/$vf_pci" device error)" 1
equal "recovered" "$(health "pci/$vf_pci" device recover)" 1
check "link" link_up "$vf"
check "ping" talks

step "a queue that the device stops"
# rung by hand: more descriptors than the ring has
devmem $(($(awk 'NR == 1 { print $1 }' "$(pf_sysfs)/virtfn0/resource") + REG_TX_TAIL)) 32 0x7fff
sleep 2
equal "reported" "$(health "pci/$vf_pci" tx error)" 1
equal "recovered" "$(health "pci/$vf_pci" tx recover)" 1
check "dump" sh -c "devlink health dump show pci/$vf_pci reporter tx | grep 'queue: 0 status: stopped: bad doorbell'"
check "the PF knows whose" sh -c "devlink health diagnose $pf reporter mdd | grep 'last: VF 0: bad descriptor, doorbell'"
check "link" link_up "$vf"
check "ping" talks

step "a queue that hangs"
check "recovery by hand" devlink health set "pci/$vf_pci" reporter tx auto_recover false
# without bus mastering nothing is read
setpci -s "$vf_pci" COMMAND=0:4
ping -q -c 3 -i 0.01 -W 1 10.0.0.2 > /dev/null
sleep 7
equal "reported" "$(health "pci/$vf_pci" tx error)" 2
equal "state" "$(health "pci/$vf_pci" tx state)" error
check "recover" devlink health recover "pci/$vf_pci" reporter tx
equal "state" "$(health "pci/$vf_pci" tx state)" healthy
check "link" link_up "$vf"
check "ping" talks
# The stack's own complaint is what was asked for; a warning of another kind is not.
dmesg -c > /tmp/dmesg
equal "complaints of the stack" "$(grep -c 'NETDEV WATCHDOG' /tmp/dmesg)" 1
equal "warnings" "$(grep -cE 'WARNING|BUG|Oops|Call Trace' /tmp/dmesg)" 0
