#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A new machine: makes an empty root of a Debian or Ubuntu suite (debootstrap), puts a clone of this repository's HEAD into it,
# and runs a command there; `make demo` unless one is given. Needs root, debootstrap, git. What is installed and built stays
# for the next call; NEW=1 begins with an empty root.
#   .ci/chroot.sh bookworm|trixie|noble [COMMAND]
# ROOTS: folder of the roots, some 5 GB each (/var/tmp/cosnic-roots). MIRROR: the archive.
set -euo pipefail
cd "$(dirname "$0")/.."

suite=${1:?usage: .ci/chroot.sh bookworm|trixie|noble [COMMAND]}
command=${2:-make demo}
roots=${ROOTS:-/var/tmp/cosnic-roots}
root=$roots/$suite
script=
case $suite in
bookworm | trixie) mirror=${MIRROR:-http://deb.debian.org/debian} components=main ;;
noble) mirror=${MIRROR:-http://archive.ubuntu.com/ubuntu} components=main,universe script=gutsy ;;
*)
	echo "chroot: no suite $suite: bookworm, trixie or noble" >&2
	exit 2
	;;
esac
[[ $(id -u) -eq 0 ]] || {
	echo "chroot: a root is made and entered by root: run it with sudo" >&2
	exit 1
}
for tool in debootstrap git unshare; do
	command -v "$tool" > /dev/null || {
		echo "chroot: no $tool: install the package debootstrap, git or util-linux" >&2
		exit 1
	}
done

[[ -z ${NEW:-} ]] || rm -rf "$root" "$root.new"
if [[ ! -d $root ]]; then
	echo "chroot: $suite into $root, from $mirror"
	rm -rf "$root.new"
	mkdir -p "$roots"
	# A debootstrap that is older than the suite has no script of its name; all of Ubuntu's are this one.
	[[ ! -e /usr/share/debootstrap/scripts/$suite ]] || script=
	debootstrap --variant=minbase --components="$components" "$suite" "$root.new" "$mirror" ${script:+"$script"} > "$roots/$suite.log" 2>&1 || {
		tail -3 "$roots/$suite.log" >&2
		echo "chroot: debootstrap failed: $roots/$suite.log, $root.new/debootstrap/debootstrap.log" >&2
		exit 1
	}
	# nothing is started in there
	printf '#!/bin/sh\nexit 101\n' > "$root.new/usr/sbin/policy-rc.d"
	chmod +x "$root.new/usr/sbin/policy-rc.d"
	# as a machine has it that was installed from there
	case $suite in
	noble) printf 'deb %s %s main universe\n' "$mirror" noble "$mirror" noble-updates "$mirror" noble-security > "$root.new/etc/apt/sources.list" ;;
	esac
	mv "$root.new" "$root"
fi

head=$(git rev-parse HEAD)
if [[ -d $root/cosnic/.git ]]; then
	git -C "$root/cosnic" fetch -q "$PWD" "$head"
	git -C "$root/cosnic" checkout -qf "$head"
else
	git clone -q --no-local . "$root/cosnic"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"

# Mounts of its own, which end with the command.
# shellcheck disable=SC2016  # expanded inside
exec unshare --mount --pid --fork --kill-child bash -euc '
	root=$1 command=$2
	mount --make-rprivate /
	mount --rbind /dev "$root/dev"
	mount -t proc proc "$root/proc"
	mount -t sysfs -o ro sysfs "$root/sys"
	# What a newcomer has who has cloned it: git and make.
	exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" \
		DEBIAN_FRONTEND=noninteractive COSNIC_ROOT="$root" ${JOBS:+JOBS="$JOBS"} bash -euc "
		command -v make git > /dev/null || {
			apt-get -qq update
			apt-get -qq install --no-install-recommends -y make git ca-certificates > /dev/null
		}
		cd /cosnic
		$command"
' chroot "$root" "$command"
