#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs Verilator. Files that come out as they were keep their age, so that only what changed is compiled: of an edit within an
# expression that is one file of twenty. DIR/verilated is the stamp, DIR/inputs.dep what Verilator read.
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
"$@" --Mdir "$dir" --prefix "$prefix"
for file in "$dir"/*.cpp "$dir"/*.h "$dir"/*.mk; do
	if cmp -s "$file" "$dir/old/${file##*/}"; then
		touch -r "$dir/old/${file##*/}" "$file"
	else
		rm -f "${file%.*}.o" # whatever its age
	fi
done
{ sed -n "s,^.* : ,$dir/verilated: ,p" "$dir/$prefix"__ver.d; sed -n 's,^.* : ,,p' "$dir/$prefix"__ver.d | tr ' ' '\n' | sed -n 's,.$,&:,p'; } > "$dir/inputs.dep.new"
mv "$dir/inputs.dep.new" "$dir/inputs.dep"
rm -rf "$dir/old"
touch "$dir/verilated"
