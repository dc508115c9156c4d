#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Fetches what the check of the kernel driver needs and nobody should have to install: headers of the second kernel that
# Debian 12 ships (its package would bring the kernel itself) and checkpatch, from that kernel's source.
#   testbench/lint/kernel.sh DIR APT_STATE     DIR/build is the kernel's build folder, DIR/scripts has checkpatch.pl
set -euo pipefail

dir=${1:?usage: testbench/lint/kernel.sh DIR APT_STATE}
state=${2:?usage: testbench/lint/kernel.sh DIR APT_STATE}
meta=linux-headers-6.12-amd64
source=linux-source-6.12
state=$(mkdir -p "$state" && cd "$state" && pwd)
debian=$(cd "$(dirname "$0")/../../.ci" && pwd)/debian.sh

depends() { # PACKAGE: the parts of the kernel that it depends on
	"$debian" "$state" apt-cache depends "$1" | sed -nE 's/^ *\|?Depends: (linux-(headers|kbuild)-.*)$/\1/p'
}

rm -rf "$dir" "$dir.new"
mkdir -p "$dir.new"
cd "$dir.new"
headers=$(depends "$meta")
[[ -n $headers ]] || {
	echo "kernel: Debian's archive has no $meta: name the kernel that took its place in $0" >&2
	exit 1
}
mapfile -t packages < <(echo "$headers"; depends "$headers")
echo "kernel: fetching $headers and checkpatch from $source (170 MB)"
"$debian" "$state" apt-get -qq download "${packages[@]}" "$source"
for package in "${packages[@]}"; do
	dpkg-deb -x "$package"_*.deb .
done
# Debian's tree names its other half by the place where it would be installed.
# shellcheck disable=SC2016  # make expands it
sed -i 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' "usr/src/$headers/Makefile"
# Type information that pahole would have to read into the module: a check does without both.
rm -f "usr/src/$headers/vmlinux"
dpkg-deb --fsys-tarfile "$source"_*.deb | tar -xO "./usr/src/$source.tar.xz" |
	tar -xJ --strip-components=1 --wildcards '*/scripts/checkpatch.pl' '*/scripts/spelling.txt' \
		'*/scripts/const_structs.checkpatch'
ln -s "usr/src/$headers" build
rm -- *.deb
cd - > /dev/null
mv "$dir.new" "$dir"
