#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A mutation run (README.md): a copy of the sources with mutations in them, built once; then each mutant is switched on and
# the tests that hold it are run until one fails.
#   run.sh BUILD_FOLDER COUNT_A_FILE SEED block|all [FILE...]     no file: all of rtl, driver/hw and model/reference
# $TESTS names the tests to run ("test_mac_table test_dev_flow"), where all that hold a mutant are too many.
# Verdicts stay in BUILD_FOLDER: a run that was interrupted goes on, and mutants that were killed are not killed again
# as long as their file is the same.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$1 count=$2 seed=$3 level=$4
shift 4
jobs=${JOBS:-$(nproc)}
tree=$work/tree
mutate=$work/mutate
export JOBS=$jobs

git ls-files --error-unmatch "$0" > /dev/null 2>&1 || { echo "mutants: git says which files are Cosnic's: it needs a clone of the repository" >&2; exit 3; }
mapfile -t files < <(
	if [[ $# -gt 0 ]]; then
		printf '%s\n' "$@"
	else
		git ls-files 'rtl/*.sv' ':!rtl/example' 'driver/hw/*.c' 'model/reference/*.c' | grep -v _pkg.sv
	fi
)
for file in "${files[@]}"; do
	[[ -f $file ]] || { echo "mutants: $file: no such file; FILES= takes sources of rtl, driver/hw, model/reference" >&2; exit 2; }
done
mkdir -p "$tree" "$work/verdict" "$work/live"

# ---- the sources, and the mutated ones in their places

say() {
	echo "  mutants     $*" >&2
}

same_or_copy() { # FROM TO
	cmp -s "$1" "$2" || { mkdir -p "${2%/*}"; cp "$1" "$2"; }
}

# Says of which lines the compiler complains.
complaints() { # FILE: as it is in the tree
	local file=$1 dirs
	if [[ $file == *.c ]]; then
		(cd "$tree" && gcc -std=gnu11 -fsyntax-only -w -Irtl/contract -Idriver/hw -Idriver/pmd -Imodel/reference "$file" 2>&1) |
			sed -n "s|^$file:\([0-9]*\):.*error.*|\1|p"
		return
	fi
	mapfile -t dirs < <(git ls-files 'rtl/*.sv' ':!rtl/example' | sed 's|/[^/]*$||' | sort -u | sed 's/^/-y\n/')
	{ verilator --lint-only -Wno-lint -Wno-fatal --top-module "$(basename "$file" .sv)" build/contract/snic_contract_pkg.sv \
		rtl/common/snic_pkg.sv "$tree/$file" "${dirs[@]}" 2>&1 || true; } |
		sed -n "s|^%Error[^:]*: $tree/$file:\([0-9]*\):.*|\1|p"
}

# Mutates a file into the tree; what does not compile is left out.
mutate_file() { # FILE FIRST_NUMBER: prints its lines of the list
	local file=$1 first=$2 out="$tree/$1" lines left_out=() line ids
	while :; do
		lines=$("$mutate" -n "$count" -s "$seed" -i "$first" "${left_out[@]}" -o "$work/mutated" "$file")
		same_or_copy "$work/mutated" "$out"
		ids=()
		for line in $(complaints "$file" | sort -u); do
			mapfile -t -O "${#ids[@]}" ids < <(awk -F'\t' -v l="$line" '$4 == l { print "-x"; print $1 }' <<< "$lines")
		done
		[[ ${#ids[@]} -gt 0 ]] || break
		left_out+=("${ids[@]}")
	done
	if [[ -n $(complaints "$file") ]]; then
		echo "mutants: $file: does not compile, and no mutant stands where it says so; not mutated" >&2
		cp "$file" "$out"
		return
	fi
	[[ -z $lines ]] || echo "$lines"
}

say "sources into $tree"
mapfile -t mutated < <(printf '%s\n' "${files[@]}" | sort)
declare -A is_mutated
for file in "${mutated[@]}"; do
	is_mutated[$file]=1
done
git ls-files -co --exclude-standard Makefile .ci packaging rtl driver model testbench traces qemu-dev | while read -r file; do
	[[ ! -f $file || -n ${is_mutated[$file]:-} ]] || same_or_copy "$file" "$tree/$file"
done
mkdir -p "$tree/build"
ln -sfn "$(pwd)/build/traces" "$tree/build/traces"
first=1
: > "$work/list.new"
for file in "${mutated[@]}"; do
	mutate_file "$file" "$first" >> "$work/list.new"
	first=$((first + count))
done
mv "$work/list.new" "$work/list"

# ---- which tests hold which mutants

# Modules under a block test's top, by what is instantiated where.
modules_under() { # MODULE...
	local seen=" $* " queue=("$@") file name
	while [[ ${#queue[@]} -gt 0 ]]; do
		file=$(git ls-files "rtl/*/${queue[0]}.sv" "testbench/rtl/${queue[0]}.sv" "rtl/${queue[0]}.sv" | head -n 1)
		queue=("${queue[@]:1}")
		[[ -n $file ]] || continue
		while read -r name; do
			if [[ $seen != *" $name "* ]]; then
				seen+="$name "
				queue+=("$name")
			fi
		done < <(grep -oE '^ *[a-z][a-z0-9_]* +(#\(|u_[a-z0-9_]+)' "$file" | awk '{ print $1 }' | sort -u)
	done
	tr ' ' '\n' <<< "$seen"
}

rtl_files=() c_files=()
for file in "${mutated[@]}"; do
	if [[ $file == *.c ]]; then c_files+=("$file"); else rtl_files+=("$(basename "$file" .sv)"); fi
done
tests=()
if [[ ${#rtl_files[@]} -gt 0 ]]; then
	for test in testbench/rtl/test_*.cpp; do
		test=$(basename "$test" .cpp)
		if modules_under "${test#test_}" | grep -qxF "$(printf '%s\n' "${rtl_files[@]}")"; then
			tests+=("build/test/$test")
		fi
	done
fi
if [[ ${#c_files[@]} -gt 0 ]]; then
	for test in testbench/driver/test_*.c testbench/model/test_*.c; do
		tests+=("build/test/$(basename "$test" .c)")
	done
fi
if [[ $level == all ]]; then
	for test in testbench/device/test_*.c; do
		tests+=("build/test/$(basename "$test" .c)")
	done
fi
if [[ -n ${TESTS:-} ]]; then
	read -ra tests <<< "$TESTS"
	tests=("${tests[@]/#/build/test/}")
fi
targets=("${tests[@]}")
[[ ${tests[*]} != *test_dev_* ]] || targets+=(build/checked/libsnic_sim.so)

say "builds ${#tests[@]} test programs with $(wc -l < "$work/list") mutants in ${#mutated[@]} files"
make --no-print-directory -C "$tree" WARN=-w "${targets[@]}" > "$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; exit 1; }

# A mutant that is not in what Verilator wrote is not simulated there.
live() { # OBJECT_FOLDER
	find "$1" -name '*.cpp' -exec grep -hoE '0x4d55[0-9a-f]{4}U' {} + | sort -u |
		while read -r hex; do echo $((${hex%U} & 0xffff)); done
}

# ---- how long each test takes with no mutant on, in CPU seconds: a limit that other users of the machine do not change

: > "$work/tests"
for test in "${tests[@]}"; do
	name=${test##*/}
	start=$(date +%s)
	: > "$work/live/$name"
	if [[ -d $tree/build/test/obj_${name#test_} ]]; then
		live "$tree/build/test/obj_${name#test_}" > "$work/live/$name"
	else
		awk -F'\t' '$3 ~ /\.c$/ { print $1 }' "$work/list" > "$work/live/$name"
		[[ $name != test_dev_* || ${#rtl_files[@]} -eq 0 ]] || live "$tree/build/checked/obj" >> "$work/live/$name"
	fi
	[[ -s $work/live/$name ]] || continue
	TIMEFORMAT=%U
	seconds=$({ time testbench/mutants/run_test.sh "$work" "$test" 0 600 > "$work/$name.log" 2>&1; } 2>&1) || {
		tail -n 20 "$work/$name.log" >&2
		echo "mutants: $name fails with no mutant on: mend that first" >&2
		exit 1
	}
	echo "$test $([[ $name == test_dev_* ]] && echo device || echo block) $seconds" >> "$work/tests"
	[[ $(($(date +%s) - start)) -lt 3 ]] || say "$name: $seconds s"
done

# ---- the mutants

# Survivors are tried again when a test changed.
stamp=$level${TESTS:-}
stamp=${stamp// /+}$(cd testbench && cat rtl/* unit/* device/* driver/* model/* | sha256sum | cut -c1-16)
total=$(wc -l < "$work/list")
touch "$work/started"
xargs -P "$jobs" -d '\n' -n 1 testbench/mutants/try.sh "$work" "$stamp" < "$work/list" &
runner=$!
while kill -0 "$runner" 2> /dev/null; do
	sleep 2
	[[ ! -t 2 ]] || printf '\r  mutants     %d of %d' "$(find "$work/verdict" -newer "$work/started" -type f | wc -l)" "$total" >&2
done
wait "$runner"
[[ ! -t 2 ]] || echo >&2

testbench/mutants/report.sh "$work"
