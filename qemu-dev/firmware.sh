#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Gives the QEMU built in DIR its firmware: Debian's SeaBIOS, and QEMU's own option ROMs, which Debian's source package has
# as sources only. (QEMU's configure builds them just where gcc -m32 can link.)
#   qemu-dev/firmware.sh DIR SRC
set -euo pipefail

dir=$(cd "${1:?usage: qemu-dev/firmware.sh DIR SRC}" && pwd)
src=$(cd "${2:?usage: qemu-dev/firmware.sh DIR SRC}" && pwd)
seabios=/usr/share/seabios
data=$dir/qemu-bundle/usr/local/share/qemu

[[ -f $seabios/bios-256k.bin ]] || {
	echo "qemu: $seabios/bios-256k.bin is not there: make deps installs Debian's seabios" >&2
	exit 1
}
mkdir -p "$data" "$dir/roms"
ln -sf "$seabios"/*.bin "$data/"
{
	echo "TOPSRC_DIR=$src"
	printf 'CC=cc\nLD=ld\nOBJCOPY=objcopy\nPYTHON=python3\n'
} > "$dir/roms/config.mak"
make -s -C "$dir/roms" -f "$src/pc-bios/optionrom/Makefile" > "$dir/roms/log" 2>&1 || {
	cat "$dir/roms/log" >&2
	echo "qemu: the option ROMs do not build" >&2
	exit 1
}
(cd "$dir/roms" && for rom in *.bin; do ln -sf "../../../../../roms/$rom" "$data/"; done)
