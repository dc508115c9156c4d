#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Tries the packages in DIR (build/deb), as somebody does who was given them: installs them, uses what is in them, removes them.
# It is for a root that may be thrown away: sudo .ci/chroot.sh bookworm "make guest deb && packaging/try.sh"
#   packaging/try.sh [DIR]       ends with a line "N passed, M failed"
set -u
cd "$(dirname "$0")/.." || exit

dir=$(realpath "${1:-build/deb}")
if [[ -z ${COSNIC_ROOT:-} ]]; then # .ci/chroot.sh sets it
	echo "try: this installs packages and removes them: enter a root that may be thrown away (.ci/chroot.sh)" >&2
	exit 2
fi
debs=("$dir"/*.deb)
[[ -e ${debs[0]} ]] || { echo "try: no packages in $dir: make deb" >&2; exit 3; }
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
passed=0 failed=0
check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" > "$empty/log" 2>&1; then
		echo "  ok   deb.$name" && passed=$((passed + 1))
	else
		tail -n 20 "$empty/log"
		echo "  FAIL deb.$name" && failed=$((failed + 1))
	fi
}
have() { [[ -n $(compgen -G "$dir/$1_*.deb") ]]; }

export DEBIAN_FRONTEND=noninteractive
headers=linux-headers-amd64
[[ $(. /etc/os-release && echo "$ID") != ubuntu ]] || headers=linux-headers-generic
installed() { apt-get -qq update && apt-get -qq install --no-install-recommends -y "$headers" "${debs[@]}"; }
# By DKMS, for the kernel whose headers are here: not the one that runs.
module() {
	local kernel name version
	kernel=$(basename "$(dirname "$(compgen -G '/lib/modules/*/build' | sort -V | tail -n 1)")")
	IFS=/ read -r name version < <(cd /usr/src && echo snic-* | sed 's/-/\//')
	dkms status -m "$name" -v "$version" -k "$kernel" | grep -q installed || dkms install -m "$name" -v "$version" -k "$kernel" ||
		{ cat "/var/lib/dkms/$name/$version/build/make.log"; return 1; }
	modinfo -k "$kernel" cosnic | grep -F "/lib/modules/$kernel/updates/" && modinfo -k "$kernel" cosnic | grep -q "vermagic: *$kernel "
}
replay() {
	(cd "$empty" && cosnic gen --size 64 --count 300 --quiet -o t.pcap && cosnic replay t.pcap && cosnic info && [[ -s results/replay/result.json ]])
}
papers() {
	[[ -s /usr/share/man/man1/cosnic.1 ]] && bash -ec '. /usr/share/bash-completion/completions/cosnic; complete -p cosnic'
}
guest() {
	# shellcheck disable=SC2016  # the guest's shell expands them
	printf '%s\n' '. /usr/share/cosnic/lib.sh' 'ethtool -i "$PF" && ls "$(pf_sysfs)" | grep -c virtfn' > "$empty/s.sh"
	(cd "$empty" && cosnic guest --vfs 2 --run s.sh > out) && grep -q '^driver: snic' "$empty/out" && grep -q '^2' "$empty/out"
}
# What the guest's root has not: a module of the package that has all.
modules() {
	printf 'modprobe sctp && grep -q "^sctp " /proc/modules\n' > "$empty/m.sh"
	(cd "$empty" && cosnic guest --modules all --run m.sh)
}
removed() {
	local left
	dpkg-query -W -f '${Package}\n' 'cosnic*' 'snic-dkms*' | xargs apt-get -qq purge -y || return
	left=$(compgen -G '/lib/modules/*/updates/*/cosnic.ko*'; ls -d /usr/lib/cosnic /usr/share/cosnic /usr/src/snic-* /usr/bin/cosnic 2> /dev/null)
	[[ -z $left ]] || { echo "left: $left"; return 1; }
}

check installed installed
! have snic-dkms || check module module
! have cosnic || check replay replay
! have cosnic || check papers papers
! have cosnic-guest || check guest guest
! have cosnic-guest-modules || check modules modules
check removed removed
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
