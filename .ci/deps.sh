#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Installs the Debian packages that are missing, after saying which and why. sudo only when not root.
set -euo pipefail

# package: why; A|B: B where the archive has no A
needs="
g++: compiles everything
clang-19|clang: compiles the fast simulation
clang: XDP programs of the guest, and the second compiler of make lint
make: runs the build
pkg-config: finds libraries
verilator: turns the RTL into a simulation
libsystemc-dev: timing model
libpcap-dev: reads and writes captures
zlib1g-dev: gzip-compressed captures and waveforms
libjansson-dev: result.json
libssl-dev: checksums of captures, three times as fast as by libmd
libjs-chart.js: draws the plots of reports, bundled into the page
libcunit1-dev: tests
linux-libc-dev: fixed-width types that the driver shares with the kernel
ca-certificates: https mirrors
debian-archive-keyring: captures and guest come from Debian's archive, on Ubuntu too
dpkg-dev: unpacks the source package that holds the captures
git: version in the results
"
lint_needs="
yosys: reads the RTL as a synthesis tool does
clang-tidy: checks the C code
clang-format: layout of the C code
shellcheck: checks the scripts
sparse: checks the kernel driver
libelf-dev: objtool, by which the kernel builds modules, stands on it
gcc-12: the compiler that Debian 12's kernels ask for
"
guest_needs="
ninja-build: builds QEMU
meson: configures QEMU
python3: generates parts of QEMU
libglib2.0-dev: QEMU stands on it
libpixman-1-dev: QEMU asks for it, even without a display
libfdt-dev: QEMU's x86 machines ask for it
libslirp-dev: a network behind QEMU, to put the card's port on
seabios: the guest's firmware
libelf-dev: objtool, by which the kernel builds modules, stands on it
gcc-12: the compiler that Debian 12's kernels ask for
"
test_needs="
chromium: the report's page is looked at in a browser
chromium-driver: drives the browser
python3-selenium: says to it what to do
fonts-dejavu-core: letters, where a machine has none
slurm-wlm: its job arrays run sweeps; a test starts one of a single node
munge: Slurm's daemons know each other by it
iproute2: two taps and a bridge, by which Linux itself judges segmentation
procps: sysctl, for these
tshark: the parser is held to what it says about captures
"
plot_needs="
gnuplot-nox: draws the README's plot
"
[[ ${1:-} == plot ]] && needs+=$plot_needs
[[ ${1:-} == test ]] && needs+=$test_needs
[[ ${1:-} == lint ]] && needs+=$lint_needs
[[ ${1:-} == guest ]] && needs+=$guest_needs

installed() { dpkg-query -W -f '${Status}' "$1" 2> /dev/null | grep -q '^install ok installed'; }
archive_has() { apt-cache show "$1" > /dev/null 2>&1; }
missing=() others=()
while IFS=: read -r packages why; do
	package=${packages%%|*} other=${packages#*|}
	[[ -n $package ]] || continue
	! installed "$package" || continue
	[[ $other == "$package" ]] || ! installed "$other" || archive_has "$package" || continue
	[[ ${#missing[@]} -gt 0 ]] || echo "Cosnic needs from Debian:"
	echo "  $package (${why# })"
	missing+=("$package") others+=("$other")
done <<< "$needs"
[[ ${#missing[@]} -gt 0 ]] || exit 0

apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
if [[ $(id -u) -ne 0 ]]; then
	command -v sudo > /dev/null || {
		echo "deps: not root, and no sudo: as root, run: apt-get update && apt-get install --no-install-recommends -y ${missing[*]}" >&2
		exit 1
	}
	apt=(sudo "${apt[@]}") # sudo keeps no environment: env is behind it
fi
# Old lists may do; without any, and without the archive, nothing does.
"${apt[@]}" update || echo "deps: the package lists cannot be fetched: trying with those that are here" >&2
for i in "${!missing[@]}"; do
	[[ ${missing[i]} == "${others[i]}" ]] || archive_has "${missing[i]}" || missing[i]=${others[i]}
done
"${apt[@]}" install --no-install-recommends -y "${missing[@]}" > /dev/null || {
	echo "deps: apt-get cannot install them (above it says why). Without network: on a machine that has one, run" >&2
	echo "deps:   apt-get install --download-only --no-install-recommends -y ${missing[*]}" >&2
	echo "deps: and copy /var/cache/apt/archives/*.deb into the same folder here; or point /etc/apt/sources.list to a mirror" >&2
	exit 1
}
echo "installed."
