#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2015,SC2012,SC2016  # C of A && B || C is for the failure of either; names of ours; words for another shell
# make install, moved elsewhere, used from an empty folder; the packages; a tarball. Ends with a line "N passed, M failed".
set -u # no pipefail: grep -q ends before what it reads
cd "$(dirname "$0")/../.." || exit
unset MAKEFLAGS MFLAGS MAKELEVEL COSNIC_LIB

passed=0 failed=0
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@"; then
		echo "  ok   install.$name" && passed=$((passed + 1))
	else
		echo "  FAIL install.$name" && failed=$((failed + 1))
	fi
}
cosnic=$dir/moved/bin/cosnic
installed() {
	make --no-print-directory install DESTDIR="$dir/dest" PREFIX=/opt/cosnic > "$dir/log" 2>&1 || { tail -n 5 "$dir/log"; return 1; }
	mv "$dir/dest/opt/cosnic" "$dir/moved" && mkdir "$dir/empty"
}
replay() {
	(cd "$dir/empty" && "$cosnic" gen --size 64 --count 300 --quiet -o t.pcap && "$cosnic" replay --quiet t.pcap &&
		[[ -s results/replay/result.json ]] && "$cosnic" predict --quiet t.pcap && [[ -s results/predict/result.json ]])
}
own_library() {
	"$cosnic" info | grep -qF "$dir/moved/lib/cosnic/fast/libsnic_sim.so"
}
# What is not there is named by the place where it is looked for.
not_there() {
	rm -rf "$dir/moved/lib/cosnic/guest" "$dir/moved/lib/cosnic/trace"
	(cd "$dir/empty" && "$cosnic" guest 2>&1) | grep -qF "$dir/moved" && (cd "$dir/empty" && "$cosnic" replay --wave w.fst t.pcap 2>&1) |
		grep -q 'make build/trace/libsnic_sim.so'
}
papers() {
	grep -q '^\.TH COSNIC' "$dir/moved/share/man/man1/cosnic.1" && bash -n "$dir/moved/share/bash-completion/completions/cosnic"
}
packages() {
	local debs
	packaging/deb.sh build 0.0.1 test > "$dir/log" 2>&1 || { cat "$dir/log"; return 1; }
	debs=(build/deb/*.deb)
	[[ ${#debs[@]} -ge 2 ]] || { echo "    packages: ${debs[*]}"; return 1; }
	dpkg-deb -x build/deb/cosnic_*.deb "$dir/x" && "$dir/x/usr/bin/cosnic" info > /dev/null &&
		dpkg-deb -f build/deb/cosnic_*.deb Depends | grep -q 'libpcap' &&
		dpkg-deb -c build/deb/snic-dkms_*.deb | grep 'dkms.conf' > /dev/null
}
# As DKMS does it: its dkms.conf, in a copy of the sources, for another kernel than the one that runs.
driver() {
	local headers=$PWD/build/guest/headers/build
	dpkg-deb -x build/deb/snic-dkms_*.deb "$dir/driver" || return 1
	mkdir -p "$dir/tree/snic/0.0.1" && cp -r "$dir/driver/usr/src/snic-0.0.1" "$dir/tree/snic/0.0.1/build" || return 1
	# shellcheck disable=SC2034,SC2154,SC1091  # dkms.conf uses them and says the others
	(cd "$dir/tree/snic/0.0.1/build" && kernel_source_dir=$headers && dkms_tree=$dir/tree && . ./dkms.conf && eval "${MAKE[0]}" > "$dir/log" 2>&1 &&
		[[ -s ${BUILT_MODULE_LOCATION[0]}/${BUILT_MODULE_NAME[0]}.ko ]]) || { tail -n 5 "$dir/log"; return 1; }
}
# All packages in one place boot.
guest() {
	local package
	for package in cosnic cosnic-qemu cosnic-guest; do dpkg-deb -x build/deb/${package}_*.deb "$dir/x" || return 1; done
	printf '. /usr/share/cosnic/lib.sh\nls "$(pf_sysfs)" | grep -c virtfn\n' > "$dir/empty/s.sh"
	# all modules are a package of their own, which packaging/try.sh boots with
	! (cd "$dir/empty" && "$dir/x/usr/bin/cosnic" guest --modules all --run s.sh > "$dir/log" 2>&1) && grep -q 'Debian package cosnic-guest-modules' "$dir/log" || { cat "$dir/log"; return 1; }
	dpkg-deb -c build/deb/cosnic-guest-modules_*.deb | grep '/usr/lib/cosnic/guest/modules/.*/modules.dep$' > /dev/null || return 1
	(cd "$dir/empty" && "$dir/x/usr/bin/cosnic" guest --vfs 2 --run s.sh > "$dir/log" 2>&1) && grep -q '^2' "$dir/log" || { tail -n 5 "$dir/log"; return 1; }
}
# The sources without .git know which commit they are, and make begins in them.
tarball() {
	mkdir "$dir/tar" && git archive HEAD 2> /dev/null | tar -x -C "$dir/tar" || return 1
	# in a folder of another repository, too: git lists no file of it, and what looked at none must not pass
	git init -q "$dir"
	! "$dir/tar/testbench/lint/run.sh" licences > "$dir/log" 2>&1 && grep -q 'needs a clone' "$dir/log" || { cat "$dir/log"; return 1; }
	! COSNIC=build/cosnic "$dir/tar/testbench/report/revs.sh" compare HEAD~1 HEAD > "$dir/log" 2>&1 && grep -q 'is no clone' "$dir/log" || { cat "$dir/log"; return 1; }
	[[ $("$dir/tar/.ci/commit.sh") == "$(git rev-parse --short HEAD)" ]] && make -C "$dir/tar" -n build/cosnic > "$dir/log" 2>&1 || { tail -n 3 "$dir/log"; return 1; }
}

# On a machine that has nothing: not root and no sudo; sudo, which keeps no environment; no network.
deps() {
	local bin=$dir/bin tool
	mkdir "$bin"
	for tool in bash env grep cat; do ln -s "$(command -v "$tool")" "$bin/"; done
	printf '#!/bin/bash\nexit 1\n' > "$bin/dpkg-query"
	printf '#!/bin/bash\necho 1000\n' > "$bin/id"
	printf '#!/bin/bash\necho "$DEBIAN_FRONTEND $*" >> "%s/apt"\n[[ ! -e "%s/off" ]]\n' "$dir" "$dir" > "$bin/apt-get"
	printf '#!/bin/bash\n[[ $2 != clang-19 || ! -e "%s/old" ]]\n' "$dir" > "$bin/apt-cache"
	chmod +x "$bin"/*
	bare() { PATH=$bin .ci/deps.sh > "$dir/out" 2> "$dir/log"; }
	! bare && [[ $(wc -l < "$dir/log") -eq 1 && ! -e $dir/apt ]] && grep -q 'as root, run: apt-get update && apt-get install .*verilator' "$dir/log" || return 1
	printf '#!/bin/bash\nexec env -i PATH="$PATH" "$@"\n' > "$bin/sudo"
	chmod +x "$bin/sudo"
	bare && grep -q '^noninteractive .*Lock::Timeout=.* install .*verilator' "$dir/apt" && grep -q 'verilator (turns' "$dir/out" || return 1
	grep -q ' clang-19 ' "$dir/apt" && touch "$dir/old" && rm "$dir/apt" && bare && grep -q ' clang .*verilator' "$dir/apt" && ! grep -q clang-19 "$dir/apt" || return 1
	touch "$dir/off"
	! bare && grep -q 'Without network: on a machine that has one' "$dir/log" && grep -q 'apt-get install --download-only .*verilator' "$dir/log"
}

check deps deps
check installed installed
for t in replay own_library papers not_there packages; do check "$t" "$t"; done
# by make guest; a fresh machine has neither
[[ ! -e build/guest/headers/build ]] || check driver driver
[[ ! -e build/deb/cosnic-guest ]] || check guest guest
if [[ -e .git ]]; then
	check tarball tarball
fi
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
