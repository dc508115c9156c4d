#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Fetches Debian's kernel, its headers and the guest's packages into DIR and unpacks them; installs nothing.
#   testbench/guest/fetch.sh DIR APT_STATE
# DIR/kernel   the kernel package: boot/vmlinuz-*, lib/modules/*
# DIR/headers  to build modules with: DIR/headers/build is what KDIR names
# DIR/debs     the packages; DIR/manifest.txt lists them with version and checksum
set -euo pipefail

dir=${1:?usage: testbench/guest/fetch.sh DIR APT_STATE}
state=${2:?usage: testbench/guest/fetch.sh DIR APT_STATE}
here=$(cd "$(dirname "$0")" && pwd)
debian() { "$here/../../.ci/debian.sh" "$state" "$@"; }
state=$(mkdir -p "$state" && cd "$state" && pwd)

mkdir -p "$dir"
rm -rf "$dir/new"
mkdir "$dir/new"
cd "$dir/new"

depends() { # PACKAGE PATTERN: the dependency of a package that matches
	debian apt-cache depends "$1" | sed -n "s/^ *Depends: \($2\)\$/\1/p" | head -n 1
}
image=$(depends linux-image-amd64 'linux-image-6\.1\..*')
headers=$(depends linux-headers-amd64 'linux-headers-6\.1\..*')
[[ -n $image && -n $headers ]] || {
	echo "guest: Debian's archive has no linux-image-amd64 of version 6.1: see $state/sources.list" >&2
	exit 1
}
kbuild=$(depends "$headers" 'linux-kbuild-.*')
common=$(depends "$headers" 'linux-headers-.*-common')

echo "guest: fetching $image, its headers and the guest's packages from Debian (100 MB)"
mkdir debs
(cd debs && debian apt-get -qq download "$image" "$headers" "$common" "$kbuild")
dpkg-deb -x "debs/${image}_"*.deb kernel
for package in "$headers" "$common" "$kbuild"; do
	dpkg-deb -x "debs/${package}_"*.deb headers
done
# The packages name each other by absolute paths; here they lie elsewhere.
ln -s "usr/src/$headers" headers/build
echo "include \$(dir \$(lastword \$(MAKEFILE_LIST)))../$common/Makefile" > "headers/usr/src/$headers/Makefile"

mapfile -t packages < <(grep -v '^#' "$here/packages.list")
"$here/packages.sh" debs "$state" "${packages[@]}"
(cd debs && sha256sum -- *.deb) | awk '{ split($2, f, "_"); gsub("%3a", ":", f[2])
	printf "%-32s %-32s %s\n", f[1], f[2], $1 }' > manifest.txt
cd ..
rm -rf debs kernel headers
mv new/* .
rmdir new
echo "guest: $(wc -l < manifest.txt) packages, listed in $PWD/manifest.txt"
