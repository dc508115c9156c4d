#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# PF and VF as lspci sees them, word for word, and what ethtool and devlink say of them.
# cosnic: --vfs 2
. /usr/share/cosnic/lib.sh
scenario "enumerate"

golden() { # NAME ADDRESS
	lspci -vv -s "$2" 2> /dev/null > "/out/lspci-$1.txt"
	check "lspci of the $1 is golden/lspci-$1.txt" diff "/usr/share/cosnic/golden/lspci-$1.txt" "/out/lspci-$1.txt"
}
golden pf "$PF_PCI"
golden vf "$(vf_pci 0)"
equal "functions on the bus" "$(lspci -s "${PF_PCI%:*}:" | wc -l)" 3
equal "driver of the PF" "$(ethtool -i "$PF" | sed -n 's/^driver: //p')" snic
equal "address of the PF" "$(ethtool -i "$PF" | sed -n 's/^bus-info: //p')" "$PF_PCI"
equal "address of VF 1" "$(ethtool -i "$(vf 1)" | sed -n 's/^bus-info: //p')" "$(vf_pci 1)"
equal "link" "$(ethtool "$PF" | sed -n 's/.*Link detected: //p')" yes
check "devlink names the driver" sh -c "devlink dev info pci/$PF_PCI | grep 'driver snic'"
equal "ip link shows both VFs" "$(ip link show "$PF" | grep -c '^ *vf ')" 2
check "register dump" ethtool -d "$PF"
