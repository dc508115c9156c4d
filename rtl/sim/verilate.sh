#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs Verilator. Files that come out as they were keep their age, so that only what changed is compiled: a few of twenty. The header
# with all state keeps its layout and its age where it can (layout.awk). DIR/verilated is the stamp, DIR/inputs.dep what Verilator read.
#   rtl/sim/verilate.sh DIR PREFIX COMMAND...     --Mdir and --prefix are added
set -euo pipefail

dir=${1:?usage: rtl/sim/verilate.sh DIR PREFIX COMMAND...}
prefix=$2
shift 2
mkdir -p "$dir"
# what is left of a run that was broken off: its old files are still those that objects were made of
if [[ ! -e $dir/old ]]; then
	mkdir -p "$dir/old.new"
	find "$dir" -maxdepth 1 \( -name '*.cpp' -o -name '*.h' -o -name '*.mk' \) -exec mv -t "$dir/old.new" {} +
	mv "$dir/old.new" "$dir/old"
fi
rm -f "$dir/$prefix"__verFiles.dat # by it Verilator would skip what it did before
"$@" --Mdir "$dir" --prefix "$prefix" | sed '/^- /d' # newer ones say how long they took
# Which clocks have an edge, in one word: a hundred functions hang on it, many of them on most of the clocks. Newer Verilators do so.
! grep -qF '__VnbaTriggered.at(' "$dir/$prefix"*.cpp || sed -i '/___eval_nba(.* {$/,/^}/ {
	s/^    \/\/ Body$/&\n    static_assert(sizeof(vlSelf->__VnbaTriggered) <= 32);\n    uint32_t edges = 0;\n    for (size_t i = 0; i < sizeof(vlSelf->__VnbaTriggered); i++) edges |= uint32_t{vlSelf->__VnbaTriggered.at(i)} << i;/
	s/vlSelf->__VnbaTriggered\.at(\([0-9a-fx]*\)U)/((edges \& 1U << \1) != 0)/g
}' "$dir/$prefix"*.cpp

# The header with all state is another one: what is compiled again is what knows how large it is (who makes it, who looks beyond
# it), what uses a name whose type is another one, and sources of ours that read it.
root=$dir/${prefix}___024root.h was=$dir/old/${prefix}___024root.h
if [[ -e $was ]] && awk -v retyped="$dir/retyped" -f "${0%/*}/layout.awk" "$was" "$root" > "$root.kept"; then
	if ! cmp -s "$root.kept" "$was"; then
		{ echo 'vlSymsp->'; echo 'Syms::'; echo '024root::'; echo "new $prefix"; cat "$dir/retyped"; } > "$dir/anew"
		for file in $(grep -lF -f "$dir/anew" "$dir"/*.cpp) $(grep -lF "${root##*/}" "$dir"/*.d); do
			[[ $file == *.d && -e ${file%.d}.cpp ]] || rm -f "${file%.*}.o"
		done
	fi
	mv "$root.kept" "$root"
	keep_age=$root
fi
rm -f "$root.kept" "$dir/retyped" "$dir/anew"
for file in "$dir"/*.cpp "$dir"/*.h "$dir"/*.mk; do
	if [[ $file == "${keep_age:-}" ]] || cmp -s "$file" "$dir/old/${file##*/}"; then
		touch -r "$dir/old/${file##*/}" "$file"
	else
		rm -f "${file%.*}.o" # whatever its age
	fi
done
{ sed -n "s,^.* : ,$dir/verilated: ,p" "$dir/$prefix"__ver.d; sed -n 's,^.* : ,,p' "$dir/$prefix"__ver.d | tr ' ' '\n' | sed -n 's,.$,&:,p'; } > "$dir/inputs.dep.new"
mv "$dir/inputs.dep.new" "$dir/inputs.dep"
rm -rf "$dir/old"
touch "$dir/verilated"
