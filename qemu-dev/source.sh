#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Prepares a QEMU source tree with the device in it: Debian's source package of RELEASE, or the tree that QEMU_SRC names.
#   qemu-dev/source.sh DIR APT_STATE RELEASE
# A tree of the user's own is not changed: DIR then holds links to its files, and copies of those that are patched.
# The device is linked in, so that what is edited in qemu-dev/ is what is built. What QEMU's build needs newer than Debian 12
# has it is unpacked into DIR/debian-tools, not installed.
set -euo pipefail

usage="usage: qemu-dev/source.sh DIR APT_STATE RELEASE"
dir=${1:?$usage}
state=${2:?$usage}
release=${3:?$usage}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$(dirname "$dir")"
dir=$(cd "$(dirname "$dir")" && pwd)/$(basename "$dir")
die() {
	echo "qemu: $*" >&2
	exit 1
}

if [[ -n ${QEMU_SRC:-} ]]; then
	[[ -f $QEMU_SRC/VERSION && -f $QEMU_SRC/configure ]] || die "QEMU_SRC=$QEMU_SRC is not a QEMU source tree"
	release=$(cut -d . -f 1,2 "$QEMU_SRC/VERSION")
fi
read -r codename version sha256 tools < <(awk -v r="$release" '$1 == r { $1 = ""; print }' "$here/qemu.source") ||
	die "QEMU $release is not supported: there are patches for $(cd "$here/patches" && echo *)"
[[ $codename == bookworm ]] || state=$state-$codename
mkdir -p "$state"
state=$(cd "$state" && pwd)
rm -rf "$dir" "$dir.tmp"
mkdir "$dir.tmp"
debian() { DEBIAN=$codename "$here/../.ci/debian.sh" "$state" apt-get -qq "$@"; }

if [[ -n ${QEMU_SRC:-} ]]; then
	(cd "$QEMU_SRC" && find . -name .git -prune -o -type d -print) | (cd "$dir.tmp" && xargs -d '\n' mkdir -p)
	(cd "$QEMU_SRC" && find "$PWD" -name .git -prune -o ! -type d -printf '%P\n') |
		while IFS= read -r f; do ln -s "$(cd "$QEMU_SRC" && pwd)/$f" "$dir.tmp/$f"; done
else
	echo "qemu: fetching qemu $version from Debian (24 to 40 MB)"
	mkdir "$dir.tmp/fetch"
	cd "$dir.tmp/fetch"
	debian --download-only source "qemu=$version" ||
		die "Debian has no qemu $version any more: write its new version into qemu-dev/qemu.source, or set QEMU_SRC"
	echo "$sha256  $(echo *.dsc)" | sha256sum --quiet -c - || die "the package is not the one that qemu-dev/qemu.source names"
	# apt has checked the signature; dpkg-source checks the files against the .dsc
	dpkg-source --no-check -x ./*.dsc tree > log 2>&1 || { cat log >&2; die "the package does not unpack"; }
	# Unpacked files are new: with the age of the package for all, a change of our patches rebuilds only what they touch.
	find tree -type f -exec touch -d "@$(dpkg-parsechangelog -l tree/debian/changelog -S Timestamp)" {} +
	cd "$here"
	mv "$dir.tmp/fetch/tree" "$dir.tree"
	rm -rf "$dir.tmp"
	mv "$dir.tree" "$dir.tmp"
fi
if [[ -n $tools ]]; then
	mkdir -p "$dir.tmp/debian-tools"
	cd "$dir.tmp/debian-tools"
	# shellcheck disable=SC2086  # words
	debian download $tools || die "Debian $codename has no $tools for QEMU's build"
	for deb in *.deb; do dpkg -x "$deb" .; done
	cd "$here"
fi

patches=$here/patches/$release
for patch in "$patches"/*.patch; do
	sed -nE 's,^\+\+\+ b/,,p' "$patch" | while read -r f; do
		[[ ! -L $dir.tmp/$f ]] || cp --remove-destination "$(readlink "$dir.tmp/$f")" "$dir.tmp/$f"
	done
	patch -d "$dir.tmp" -p1 -s --no-backup-if-mismatch < "$patch" || die "$patch does not apply to QEMU $release"
done
# shellcheck disable=SC2045  # names of ours
for patch in $(ls -tr "$patches"/*.patch); do # what is patched is as old as the newest of its patches
	sed -nE 's,^\+\+\+ b/,,p' "$patch" | (cd "$dir.tmp" && xargs touch -r "$patch")
done
ln -s "$here/device" "$dir.tmp/hw/net/snic"
ln -s "$here/tests/snic-test.c" "$dir.tmp/tests/qtest/snic-test.c"
# ../../rtl as the device and the test see it, for tools that take paths by their letters
ln -s "$here/../rtl" "$dir.tmp/rtl"
ln -s "$here/../rtl" "$dir.tmp/hw/rtl"
mv "$dir.tmp" "$dir"
echo "qemu: QEMU $(cat "$dir/VERSION") with the device in $dir"
