#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Makes the guest's root folder and its kernel of what fetch.sh unpacked in DIR; the same packages give the same bytes.
#   testbench/guest/root.sh DIR REGS
# DIR/root     programs, the libraries that they need, kernel modules; `cosnic guest` packs it into an initramfs
#              and what scenarios use: lib.sh, golden/, DIR/share, REGS (the contract's regs.sh)
# DIR/modules  all modules of the kernel, for `cosnic guest --modules all`
# DIR/vmlinux  the kernel of the package without its wrapping (unwrap.sh)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
regs=$(realpath "${2:?usage: testbench/guest/root.sh DIR REGS}")
cd "$1"

programs="busybox bridge devlink ethtool ip iperf3 lspci setpci ss tc tcpdump"
# What people run over a NIC, and the checksum that act_csum and openvswitch ask the kernel for; sch_*, cls_* and act_* beside them
modules="aer_inject pktgen 8021q macvlan macvtap ipvlan veth bridge bonding team team_mode_activebackup team_mode_loadbalance
	team_mode_roundrobin vxlan geneve ip_gre ip6_gre tls vfio-pci openvswitch vport-vxlan vport-geneve vport-gre
	crc32c_generic"
libs=usr/lib/x86_64-linux-gnu

rm -rf all root.new
mkdir -p all root.new/usr/bin "root.new/$libs" root.new/usr/lib64 root.new/usr/share/misc \
	root.new/{dev,etc,mnt,proc,root,run,sys,tmp,var}
for deb in debs/*.deb; do
	case $deb in
	debs/linux-*) ;;
	*) dpkg-deb --fsys-tarfile "$deb" | tar -x -C all ;;
	esac
done

cd root.new
# Debian 12's merged /usr; one folder of programs
for link in bin sbin lib lib64; do ln -s "usr/${link/sbin/bin}" "$link"; done
ln -s bin usr/sbin
ln -s ../run var/run

find_one() { # NAME FOLDER: where a package has it; not the links that alternatives make
	local found
	found=$(find ../all \( -type f -o -type l \) -name "$1" -path "$2" -not -path '*/gconv/*' | LC_ALL=C sort | head -n 1)
	[[ -n $found ]] || {
		echo "guest: no package holds $1: see $here/packages.list" >&2
		exit 1
	}
	echo "$found"
}
for program in $programs; do
	cp -L "$(find_one "$program" '*bin/*')" usr/bin/
done
cp -L "$(find_one ld-linux-x86-64.so.2 '*/lib64/*')" usr/lib64/
cp ../all/usr/share/misc/pci.ids usr/share/misc/
missing=1
while [[ $missing -gt 0 ]]; do
	missing=0
	for lib in $(readelf -d usr/bin/* "$libs"/* 2> /dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u); do
		[[ -e $libs/$lib || -e usr/lib64/$lib ]] && continue
		cp -L "$(find_one "$lib" '*/lib/*')" "$libs/$lib"
		missing=$((missing + 1))
	done
done
# What getpwnam and a login shell ask for; tcpdump would give up root for a user of its own.
printf 'root:x:0:0:root:/root:/bin/sh\ntcpdump:x:0:0::/root:/bin/sh\n' > etc/passwd
printf 'root:x:0:\ntcpdump:x:0:\n' > etc/group
printf '127.0.0.1 localhost\n::1 localhost\n' > etc/hosts
cp "$here/init" init
chmod 755 init
mkdir -p usr/share/cosnic
cp -r "$here/lib.sh" "$here/golden" "$regs" ../share/. usr/share/cosnic/
ln -s ../usr/share/cosnic/lib.sh etc/profile

# Kernel modules and those that they need; busybox modprobe reads modules.dep as text.
boot=(../kernel/boot/vmlinuz-*)
version=${boot#*/vmlinuz-}
tree=../kernel/lib/modules/$version
declare -A done_modules
add_module() { # NAME
	local file deps
	[[ -z ${done_modules[$1]:-} ]] || return 0
	done_modules[$1]=1
	file=$(find "$tree" -name "$1.ko" -o -name "${1//_/-}.ko" | head -n 1)
	[[ -n $file ]] || {
		echo "guest: the kernel $version has no module $1" >&2
		exit 1
	}
	deps=$(objcopy -O binary --only-section=.modinfo "$file" /dev/stdout | tr '\0' '\n' | sed -n 's/^depends=//p')
	for dep in ${deps//,/ }; do add_module "$dep"; done
	install -D -m 644 "$file" "usr/lib/modules/$version/kernel/${file##*/}"
}
for module in $modules; do add_module "$module"; done
for file in "$tree"/kernel/net/sched/*.ko; do add_module "$(basename "$file" .ko)"; done
# Run the guest's own busybox here, by its own loader: this machine need not have kmod.
depmod() { # FOLDER
	local index
	usr/lib64/ld-linux-x86-64.so.2 --library-path "$libs" usr/bin/busybox depmod -b "$1" "$version"
	for index in "$1/lib/modules/$version"/modules.{alias,dep,symbols}; do
		[[ ! -e $index ]] || LC_ALL=C sort -o "$index" "$index"
	done
}
depmod "$PWD"
rm -rf ../modules
mkdir -p ../modules/lib/modules
cp -al "../kernel/lib/modules/$version" ../modules/lib/modules/
depmod "$(cd ../modules && pwd)"
cd ..

"$here/unwrap.sh" "${boot#../}" vmlinux
rm -rf all root
mv root.new root
echo "guest: kernel $version, root of $(du -sm root | cut -f 1) MB"
