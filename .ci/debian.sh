#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs apt-get or apt-cache with an apt configuration of the project's own, kept in STATE: the machine's sources, lists and
# packages are left alone. The lists are fetched once, and again when they are a day old.
#   .ci/debian.sh STATE apt-get|apt-cache ARGUMENTS...
# DEBIAN is the release's codename, Debian 12's unless set; each has a STATE of its own.
set -euo pipefail

state=${1:?usage: .ci/debian.sh STATE apt-get|apt-cache ARGUMENTS...}
command=${2:?usage: .ci/debian.sh STATE apt-get|apt-cache ARGUMENTS...}
shift 2
codename=${DEBIAN:-bookworm}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# The mirror that this machine uses for a suite of Debian, else the usual one.
mirror() { # SUITE DEFAULT
	local uri
	# shellcheck disable=SC2016  # apt-get expands them
	uri=$(apt-get indextargets --format '$(REPO_URI) $(SUITE) $(CODENAME)' 'Created-By: Packages' 'Component: main' 2> /dev/null |
		awk -v s="$1" '$2 == s || $3 == s { print $1; exit }')
	echo "${uri:-$2}"
}

mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
state=$(cd "$state" && pwd)
main=$(mirror "$codename" http://deb.debian.org/debian)
security=$(mirror "$codename-security" http://deb.debian.org/debian-security)
cat > "$state/sources.new" << EOF
deb [signed-by=$keyring] $main $codename main
deb [signed-by=$keyring] $main $codename-updates main
deb [signed-by=$keyring] $security $codename-security main
deb-src [signed-by=$keyring] $main $codename main
deb-src [signed-by=$keyring] $security $codename-security main
EOF

# What only the install scripts of packages call: nothing is installed, packages are unpacked.
for package in adduser debconf dpkg init-system-helpers passwd usrmerge; do
	printf 'Package: %s\nStatus: install ok installed\nArchitecture: all\nVersion: 99\n' "$package"
	printf 'Maintainer: none\nDescription: not needed to unpack\n\n'
done > "$state/status"

# As root, apt fetches as root: _apt need not be able to write here.
options=(-o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null
	-o Dir::State="$state" -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status"
	-o Dir::Cache="$state/cache" -o APT::Sandbox::User=root -o APT::Install-Recommends=false
	-o APT::Architecture=amd64 -o APT::Architectures=amd64 -o Acquire::Languages=none -o Acquire::Retries=3)

exec 9> "$state/lock"
flock 9
if ! cmp -s "$state/sources.new" "$state/sources.list" ||
	[[ -z $(find "$state/updated" -mtime -1 2> /dev/null) ]]; then
	cp "$state/sources.new" "$state/sources.list"
	apt-get "${options[@]}" -qq update || {
		echo "debian: the package lists cannot be fetched from $main and $security: see the lines above" >&2
		exit 1
	}
	touch "$state/updated"
fi
"$command" "${options[@]}" "$@"
