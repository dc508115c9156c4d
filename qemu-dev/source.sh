#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Prepares a QEMU source tree with the device in it: Debian's source package, or the tree that QEMU_SRC names.
#   qemu-dev/source.sh DIR APT_STATE
# A tree of the user's own is not changed: DIR then holds links to its files, and copies of those that are patched.
# The device is linked in, so that what is edited in qemu-dev/ is what is built.
set -euo pipefail

dir=${1:?usage: qemu-dev/source.sh DIR APT_STATE}
state=${2:?usage: qemu-dev/source.sh DIR APT_STATE}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$(dirname "$dir")" "$state"
dir=$(cd "$(dirname "$dir")" && pwd)/$(basename "$dir")
state=$(cd "$state" && pwd)
die() {
	echo "qemu: $*" >&2
	exit 1
}

rm -rf "$dir" "$dir.tmp"
mkdir "$dir.tmp"
if [[ -n ${QEMU_SRC:-} ]]; then
	[[ -f $QEMU_SRC/VERSION && -f $QEMU_SRC/configure ]] || die "QEMU_SRC=$QEMU_SRC is not a QEMU source tree"
	(cd "$QEMU_SRC" && find . -name .git -prune -o -type d -print) | (cd "$dir.tmp" && xargs -d '\n' mkdir -p)
	(cd "$QEMU_SRC" && find "$PWD" -name .git -prune -o ! -type d -printf '%P\n') |
		while IFS= read -r f; do ln -s "$(cd "$QEMU_SRC" && pwd)/$f" "$dir.tmp/$f"; done
else
	read -r package version sha256 < <(grep -v '^#' "$here/qemu.source")
	echo "qemu: fetching $package $version from Debian (24 MB)"
	mkdir "$dir.tmp/fetch"
	cd "$dir.tmp/fetch"
	"$here/../.ci/debian.sh" "$state" apt-get -qq --download-only source "$package=$version" ||
		die "Debian has no $package $version any more: write its new version into qemu-dev/qemu.source, or set QEMU_SRC"
	echo "$sha256  $(echo *.dsc)" | sha256sum --quiet -c - || die "the package is not the one that qemu-dev/qemu.source names"
	# apt has checked the signature; dpkg-source checks the files against the .dsc
	dpkg-source --no-check -x ./*.dsc tree > log 2>&1 || { cat log >&2; die "the package does not unpack"; }
	# Debian's patches leave their files new: with one age for all, a change of our patches rebuilds only what they touch.
	find tree -type f -exec touch -r "$(echo ./*.dsc)" {} +
	cd "$here"
	mv "$dir.tmp/fetch/tree" "$dir.tree"
	rm -rf "$dir.tmp"
	mv "$dir.tree" "$dir.tmp"
fi

version=$(cat "$dir.tmp/VERSION")
patches=$here/patches/${version%.*}
[[ -d $patches ]] || die "QEMU $version is not supported: there are patches for $(cd "$here/patches" && echo *)"
for patch in "$patches"/*.patch; do
	sed -nE 's,^\+\+\+ b/,,p' "$patch" | while read -r f; do
		[[ ! -L $dir.tmp/$f ]] || cp --remove-destination "$(readlink "$dir.tmp/$f")" "$dir.tmp/$f"
	done
	patch -d "$dir.tmp" -p1 -s --no-backup-if-mismatch < "$patch" || die "$patch does not apply to QEMU $version"
done
ln -s "$here/device" "$dir.tmp/hw/net/snic"
ln -s "$here/tests/snic-test.c" "$dir.tmp/tests/qtest/snic-test.c"
# ../../rtl as the device and the test see it, for tools that take paths by their letters
ln -s "$here/../rtl" "$dir.tmp/rtl"
ln -s "$here/../rtl" "$dir.tmp/hw/rtl"
mv "$dir.tmp" "$dir"
echo "qemu: QEMU $version with the device in $dir"
