#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Copies what make has built in BUILD to PREFIX: the program, its libraries, manual, completion; QEMU, driver and guest where they are built.
#   packaging/install.sh BUILD PREFIX
set -euo pipefail

build=${1:?usage: packaging/install.sh BUILD PREFIX}
prefix=${2:?usage: packaging/install.sh BUILD PREFIX}
lib=$prefix/lib/cosnic share=$prefix/share

put() { # MODE FILE PLACE
	install -D -m "$1" "$2" "$3"
}
put 755 "$build/cosnic" "$prefix/bin/cosnic"
for flavour in fast trace; do
	[[ ! -e $build/$flavour/libsnic_sim.so ]] || put 644 "$build/$flavour/libsnic_sim.so" "$lib/$flavour/libsnic_sim.so"
done
put 644 "$build/cosnic.1" "$share/man/man1/cosnic.1"
put 644 "$build/cosnic.bash" "$share/bash-completion/completions/cosnic"
put 644 LICENSE "$share/doc/cosnic/copyright"
put 644 README.md "$share/doc/cosnic/README.md"
# by which `cosnic guest --with PACKAGE` fetches
for script in testbench/guest/with.sh testbench/guest/packages.sh .ci/debian.sh; do
	put 755 "$script" "$share/cosnic/$script"
done
put 644 testbench/guest/lib.sh "$share/cosnic/testbench/guest/lib.sh"
for scenario in testbench/guest/scenarios/*; do
	put 644 "$scenario" "$share/cosnic/$scenario"
done
if [[ -x $build/qemu/qemu-system-x86_64 ]]; then
	put 755 "$build/qemu/qemu-system-x86_64" "$lib/qemu/qemu-system-x86_64"
	# its firmware, by which it is found: beside it. QEMU's build has links there to what it did not make: those stay.
	mkdir -p "$lib/qemu"
	dest=$(realpath "$lib/qemu")
	(cd "$build/qemu" && find -L qemu-bundle -type f -exec cp -L --parents -t "$dest" {} +)
fi
[[ ! -e $build/kmod/snic.ko ]] || put 644 "$build/kmod/snic.ko" "$lib/kmod/snic.ko"
if [[ -d $build/guest/root ]]; then
	mkdir -p "$lib/guest"
	put 644 "$build/guest/vmlinux" "$lib/guest/vmlinux"
	cp -a "$build/guest/root" "$lib/guest/"
	[[ ! -d $build/guest/modules ]] || cp -a "$build/guest/modules" "$lib/guest/"
fi
echo "installed in $prefix"
