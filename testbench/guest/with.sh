#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Fetches a Debian package with what it depends on and unpacks it into DIR, for `cosnic guest --with PACKAGE`.
#   testbench/guest/with.sh DIR APT_STATE PACKAGE
set -euo pipefail

dir=${1:?usage: testbench/guest/with.sh DIR APT_STATE PACKAGE}
here=$(cd "$(dirname "$0")" && pwd)

echo "guest: fetching $3 from Debian"
rm -rf "$dir.new" "$dir.debs"
mkdir -p "$dir.new"
"$here/packages.sh" "$dir.debs" "$2" "$3"
for deb in "$dir.debs"/*.deb; do
	# what is read only by people, and libraries' tables for other character sets
	dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$dir.new" --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' \
		--exclude='./usr/share/locale/*' --exclude='./usr/share/info/*' --exclude='*/gconv/*'
done
rm -rf "$dir.debs"
mv "$dir.new" "$dir"
