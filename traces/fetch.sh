#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Fetches the captures of Debian's tcpdump source package into DIR with an apt configuration of our own: the user's
# sources and lists are left alone. The archive signs the package's checksum, apt verifies it, and we pin it on top.
#   traces/fetch.sh DIR
set -euo pipefail

dir=${1:?usage: traces/fetch.sh DIR}
here=$(cd "$(dirname "$0")" && pwd)
read -r package version sha256 tarball < <(grep -v '^#' "$here/tcpdump.source")
codename=bookworm

# The mirror that this machine uses for Debian, else the usual one.
# shellcheck disable=SC2016  # apt-get expands them
mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Component: main' 'Origin: Debian' 2>/dev/null |
	awk -v c="$codename" '$2 == c { print $1; exit }')
mirror=${mirror:-http://deb.debian.org/debian}

rm -rf "$dir.tmp"
mkdir -p "$dir.tmp/lists/partial" "$dir.tmp/cache/archives/partial"
cd "$dir.tmp"
echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $codename main" > sources.list
# _apt must be able to write here; as root we fetch as root into our own folder instead.
opts=(-o Dir::Etc::sourcelist="$PWD/sources.list" -o Dir::Etc::sourceparts=/dev/null
	-o Dir::State::lists="$PWD/lists" -o Dir::Cache="$PWD/cache" -o APT::Sandbox::User=root
	-o Acquire::Languages=none -o Acquire::Retries=3)
echo "traces: fetching $package $version from Debian ($mirror)"
apt-get "${opts[@]}" -qq update
apt-get "${opts[@]}" -qq --download-only source "$package=$version"
echo "$sha256  $tarball" | sha256sum --quiet -c - || {
	echo "traces: $tarball is not the file that traces/tcpdump.source names" >&2
	exit 1
}
mkdir captures
tar -xf "$tarball" -C captures --strip-components=2 --wildcards '*/tests/*.pcap' '*/tests/*.pcapng' 2>/dev/null ||
	tar -xf "$tarball" -C captures --strip-components=2 --wildcards '*/tests/*.pcap'
rm -rf lists cache sources.list
cd - > /dev/null
rm -rf "$dir"
mv "$dir.tmp" "$dir"
echo "traces: $(find "$dir/captures" -type f | wc -l) captures in $dir/captures"
