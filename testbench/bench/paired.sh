#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Simulation speed beside another revision's: that one is built in build/paired with the compiler and the flags of this one, and both
# run in turn, 64 B both ways. The best of the rounds counts: whatever else the machine does makes a run slower, and none faster.
#   testbench/bench/paired.sh REVISION [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."

revision=${1:?usage: testbench/bench/paired.sh REVISION [ROUNDS]}
rounds=${2:-10}
there=build/paired/$revision
out=build/paired/out

# shellcheck disable=SC2016  # make expands it
mapfile -t flags < <(make -s --eval 'paired-flags: ; @printf "%s\n" "SIM_CXX_fast=$(SIM_CXX_fast)" "VL_FLAGS=$(VL_FLAGS)" \
	"VL_FLAGS_fast=$(VL_FLAGS_fast)" "SIM_OPT_fast=$(SIM_OPT_fast)" "MARCH=$(MARCH)"' paired-flags)
mkdir -p "$out"
git worktree prune
[[ -e $there ]] || git worktree add -q --detach "$there" "$revision"
for dir in "$there" .; do
	echo "  make        $dir (minutes when nothing is built; $out/make.log)"
	make -C "$dir" "${flags[@]}" build/cosnic build/fast/libsnic_sim.so > "$out/make.log" 2>&1 || {
		tail -n 20 "$out/make.log"
		exit 1
	}
done

run() { # DIR VFS: kcycles/s
	(cd "$1" && exec build/cosnic replay --direction both --vfs "$2" --quiet --out "$OLDPWD/$out/run" "$OLDPWD/$out/$2.pcap")
	sed -n 's/^ *"kcycles_per_s": \([0-9.]*\),*$/\1/p' "$out/run/result.json" | head -n 1
}

for vfs in 8 255; do
	build/cosnic gen --size 64 --count 30000 --flows 256 --vfs "$vfs" --quiet -o "$out/$vfs.pcap"
	was=0 is=0
	for ((i = 1; i <= rounds; i++)); do
		was=$(printf '%s\n' "$was" "$(run "$there" "$vfs")" | sort -g | tail -n 1)
		is=$(printf '%s\n' "$is" "$(run . "$vfs")" | sort -g | tail -n 1)
		[[ ! -t 2 ]] || printf '\r%d of %d' "$i" "$rounds" >&2
	done
	[[ ! -t 2 ]] || printf '\r' >&2
	awk -v vfs="$vfs" -v rev="$revision" -v was="$was" -v is="$is" \
		'BEGIN { printf "%3d VFs: %s %.0f kcycles/s, now %.0f, %.2f times as fast\n", vfs, rev, was, is, is / was }'
done
