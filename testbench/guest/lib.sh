# shellcheck shell=busybox
# SPDX-License-Identifier: BSD-2-Clause
# Shell helpers of the guest: read by its init, by login shells, and by scenarios (. /usr/share/cosnic/lib.sh).
#   $PF, $PF_PCI   the PF's network device and its PCI address, once the NIC is up
DRIVER=/usr/share/cosnic/snic.ko

# ---- the driver and its devices
driver_name() { modinfo -F name $DRIVER | tr - _; }
driver_load() {
	local dep
	for dep in $(modinfo -F depends $DRIVER | tr , ' '); do modprobe "$dep" || return 1; done
	insmod $DRIVER || return 1
	pf_find
}
driver_unload() { rmmod "$(driver_name)"; }

# The PF is the first function that the driver has bound and that is no VF itself.
pf_find() {
	local dev
	for dev in /sys/module/"$(driver_name)"/drivers/pci:*/0000:*; do
		[ -d "$dev/net" ] && [ ! -e "$dev/physfn" ] || continue
		PF_PCI=${dev##*/}
		PF=$(ls "$dev/net")
		export PF PF_PCI
		return 0
	done
	echo "the driver found no device: lspci shows what is there"
	return 1
}
pf_sysfs() { echo "/sys/bus/pci/devices/$PF_PCI"; }

# VFs by their number, from 0, as `ip link set PF vf N` counts them.
vfs() { echo "$1" > "$(pf_sysfs)/sriov_numvfs"; }
vf() { ls "$(pf_sysfs)/virtfn$1/net"; }
vf_pci() { basename "$(readlink "$(pf_sysfs)/virtfn$1")"; }

# Up, and with a carrier (within 5 s of the guest's time). Waits by the shell alone: a process costs more than the wait.
link_up() { # DEVICE
	local i=0 carrier=0
	ip link set "$1" up || return 1
	while [ $i -lt 50 ]; do
		read -r carrier < "/sys/class/net/$1/carrier"
		[ "$carrier" != 1 ] || return 0
		i=$((i + 1))
		sleep 0.1
	done
	echo "$1: no carrier"
	return 1
}

# What init does before a script or the shell.
nic_up() {
	local n=0
	driver_load || return 1
	link_up "$PF" || return 1
	[ "$VFS" -eq 0 ] || vfs "$VFS" || return 1
	while [ $n -lt "$VFS" ]; do
		link_up "$(vf $n)" || return 1
		n=$((n + 1))
	done
}
