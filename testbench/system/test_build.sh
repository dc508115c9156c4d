#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# shellcheck disable=SC2015,SC2012,SC2016  # C of A && B || C is for the failure of either; names of ours; words for another shell
# That make builds again what a change touches, and that alone; that what was broken off is built again; in dry runs of this tree,
# and in a copy of its small parts. Ends with a line "N passed, M failed".
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
unset MAKEFLAGS MFLAGS MAKELEVEL

passed=0 failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@"; then
		echo "  ok   build.$name" && passed=$((passed + 1))
	else
		echo "  FAIL build.$name" && failed=$((failed + 1))
	fi
}
# steps MAKE-ARGUMENTS...: what make would do, a word for the kind of step and what it makes
steps() {
	make -n "$@" 2>&1 | sed -nE 's/^echo "  (build|link|verilate|compile) +([^ "]*).*/\1 \2/p' | sort -u > "$scratch/steps"
}
does() { # PATTERN...: each is among the steps
	local pattern
	for pattern; do
		grep -qE "^$pattern$" "$scratch/steps" || { echo "    no step is '$pattern':"; head -n 5 "$scratch/steps"; return 1; }
	done
}
does_not() {
	local pattern
	for pattern; do
		! grep -E "^$pattern$" "$scratch/steps" || { echo "    must not be done: '$pattern'"; return 1; }
	done
}
count() { # N: so many steps
	[[ $(wc -l < "$scratch/steps") -eq $1 ]] || { echo "    not $1 steps:"; cat "$scratch/steps"; return 1; }
}

# ---- this tree, which is built: nothing is changed, make is told what would be new
all_done() { steps all; count 0 || { echo "    make all first: the tests below say what an edit would build"; return 1; }; }
def() {
	steps -W rtl/contract/snic_stations.def all
	does "build build/model/timing/.*" "build build/rtl/contract/contract_gen.o" "build build/testbench/cosnic/replay/stations.o" \
		"link build/cosnic"
}
header() {
	steps -W testbench/cosnic/cli/suggest.h all
	does "build build/testbench/cosnic/cli/suggest.o" "build build/testbench/cosnic/cli/help.o" "link build/cosnic" && does_not "build build/model/.*" "verilate .*" \
		"build build/testbench/bench/.*"
}
door() {
	steps -W rtl/sim/mac.h all
	does "compile build/fast/libsnic_sim.so" && does_not "verilate .*"
}
sv() {
	steps -W rtl/pipe/forward.sv all
	does "verilate build/fast" "compile build/fast/libsnic_sim.so" && count 2
}
readme() {
	steps -W README.md all
	count 0
}
# A commit: the object that names it, and the program.
commit() {
	steps COMMIT=another all
	does "build build/gen/version.o" "link build/cosnic" && count 2
}
flags() {
	steps CFLAGS="-O0 -std=gnu11" all
	does "build build/driver/hw/.*" "build build/testbench/cosnic/cli/main.o" && does_not "build build/model/timing/.*" "verilate .*" || return 1
	steps MARCH=x86-64-v2 all
	does "build build/model/timing/.*" "build build/testbench/cosnic/cli/main.o" "compile build/fast/libsnic_sim.so" && does_not "verilate .*" || return 1
	steps SIM_OPT_fast=-O0 all
	does "compile build/fast/libsnic_sim.so" && count 1 || return 1
	steps CC=clang all
	does "build build/driver/hw/.*" && does_not "build build/model/timing/.*" || return 1
	steps VL_FLAGS=--cc all
	does "verilate build/fast" || return 1
	steps KDIR=/nowhere build/kmod/snic.ko
	does "build build/kmod/snic.ko"
}
# A list of sources is an input too: one that is gone must leave the library.
lists() {
	steps COSNIC_SRC="$(echo testbench/cosnic/*/*.c)" all
	does "link build/cosnic" && does_not "build .*"
}

# ---- a copy of the small parts: contract, driver, reference, one block's test
tree=$scratch/tree
copy() {
	mkdir "$tree"
	{ if [[ -e .git ]]; then git ls-files -z --cached --others --exclude-standard; else find . \( -path ./build -o -path ./results \) -prune -o -type f -print0; fi; } | xargs -0 cp --parents -t "$tree" 2> /dev/null
	[[ -e $tree/Makefile ]]
}
in_tree() { setsid -w make --no-print-directory -C "$tree" "$@" > "$scratch/log" 2>&1; }
built() { grep -cE "^  (build|verilate|compile)" "$scratch/log"; }
# The digits that come out are those of the tables as they are: a row swapped, and swapped back.
swapped() {
	local contract=$tree/build/contract/snic_contract_pkg.sv table=$tree/rtl/contract/snic_params.def
	in_tree build/contract/snic_contract_pkg.sv && cp "$contract" "$scratch/was.sv" && cp -p "$table" "$scratch/was.def" || return 1
	sed -i '/^PARAM(RULE_MASKS,/s/16/8/; /RULE_MASKS/s/, 16/, 8/' "$table"
	! cmp -s "$table" "$scratch/was.def" || { echo "    snic_params.def has no RULE_MASKS of 16 any more"; return 1; }
	in_tree build/contract/snic_contract_pkg.sv && ! cmp -s "$contract" "$scratch/was.sv" || return 1
	cp "$scratch/was.def" "$table"
	in_tree build/contract/snic_contract_pkg.sv && cmp "$contract" "$scratch/was.sv"
}
# A compiler that is killed with make while it writes, then one that finds no room: what it left is not taken for an object.
cat > "$scratch/cc" << 'END'
#!/bin/bash
mode=$(cat "${0%/*}/mode")
out=
for ((i = 1; i < $#; i++)); do [[ ${!i} != -o ]] || { j=$((i + 1)); out=${!j}; }; done
if [[ -n $out && $mode != well && $* == *snic_hw.c* ]]; then
	echo half > "$out"
	[[ $mode == full ]] && exit 1
	kill -9 0 # make and all its children: in_tree gives them a group
fi
exec gcc "$@"
END
chmod +x "$scratch/cc"
broken_off() {
	local lib=build/driver/libsnic_pmd.a mode first files=("$tree"/driver/hw/*.c)
	first=${files[0]##*/}
	sed -i "s/snic_hw\.c/$first/" "$scratch/cc"
	for mode in kill full; do
		echo "$mode" > "$scratch/mode"
		! in_tree CC="$scratch/cc" "$lib" || { echo "    $mode: make ended well"; return 1; }
		echo well > "$scratch/mode"
		in_tree CC="$scratch/cc" "$lib" || { echo "    after $mode:"; tail -n 5 "$scratch/log"; return 1; }
		(cd "$scratch" && rm -rf x && mkdir x && cd x && ar x "$tree/$lib" && file -- *.o 2> /dev/null | grep -v ELF) && return 1
		rm "$tree/build/driver/hw/${first%.c}.o"
	done
	return 0
}
# rtl/sim/whole.sh, by which Verilator's objects are made: a killed compiler leaves no object
whole() {
	echo 'int x;' > "$scratch/x.cpp"
	echo kill > "$scratch/mode"
	sed -i 's/\$\* == \*[a-z_]*\.c\*/$* == */' "$scratch/cc"
	(cd "$scratch" && setsid -w "$OLDPWD/rtl/sim/whole.sh" "$scratch/cc" -MMD -c -o x.o x.cpp) > /dev/null 2>&1
	[[ ! -e $scratch/x.o ]] || return 1
	echo well > "$scratch/mode"
	(cd "$scratch" && "$OLDPWD/rtl/sim/whole.sh" "$scratch/cc" -MMD -c -o x.o x.cpp) && grep -q '^x.o: x.cpp' "$scratch/x.d" && [[ -s $scratch/x.o ]]
}
# Flags: what was compiled with others is compiled again, and back.
flags_for_real() {
	in_tree build/driver/libsnic_pmd.a || return 1
	in_tree build/driver/libsnic_pmd.a && [[ $(built) -eq 0 ]] || return 1
	in_tree SAN=-DOTHER build/driver/libsnic_pmd.a && [[ $(built) -gt 5 ]] || return 1
	in_tree build/driver/libsnic_pmd.a && [[ $(built) -gt 5 ]]
}
# An edit of one .sv: the test of the block sees it, and sees it gone; of its C++ only what changed is compiled.
edited_sv() {
	local test=build/test/test_util_counters sv=$tree/rtl/host/util_counters.sv
	if ! in_tree "$test" || ! (cd "$tree" && "$test" > "$scratch/test" 2>&1); then
		tail -n 5 "$scratch/log"
		return 1
	fi
	cp -p "$sv" "$scratch/was.sv"
	sed -i "s/+ {41'd0, recent}/+ {41'd0, recent} + 48'd1/" "$sv"
	! cmp -s "$sv" "$scratch/was.sv" || { echo "    util_counters.sv counts in another way now: mend this test"; return 1; }
	in_tree "$test" || { tail -n 5 "$scratch/log"; return 1; }
	! (cd "$tree" && "$test" > "$scratch/test" 2>&1) || { echo "    the test does not see the edit"; return 1; }
	[[ ! $tree/build/test/obj_util_counters/verilated.o -nt $sv ]] || { echo "    Verilator's own code was compiled again"; return 1; }
	cp "$scratch/was.sv" "$sv"
	in_tree "$test" && (cd "$tree" && "$test" > "$scratch/test" 2>&1)
}
# Objects that an edit left are those that the sources make now, byte for byte: a flip-flop more, one wider, one less, all back. The
# layout of what they know is kept for them (rtl/sim/layout.awk), and some of them must have been left.
kept_objects() {
	local dir=$scratch/kept sv=$scratch/kept/util_counters.sv edit file left=0
	mkdir "$dir" && cp rtl/host/util_counters.sv "$sv" || return 1
	objects() {
		make -j2 -C "$dir/obj" -f Vutil_counters.mk CXX="$PWD/rtl/sim/whole.sh g++" OPT_FAST=-O1 OPT_SLOW=-O1 VK_PCH_I_FAST= VK_PCH_I_SLOW= \
			VM_PARALLEL_BUILDS=1 Vutil_counters__ALL.a > "$dir/log" 2>&1 || { tail -n 5 "$dir/log"; return 1; }
	}
	for edit in '' 's/step;$/step, more_q;/; s/if (rd_i) rd_data_o/more_q <= step;\n    if (rd_i \&\& more_q) rd_data_o/; s/logic \[6:0\] sweep_q;/logic [11:0] sweep_q;/' \
		's/, more_q//; s/more_q <= step;//; s/ && more_q//; s/\[11:0\] sweep_q/[6:0] sweep_q/'; do
		sed -i "$edit" "$sv"
		rtl/sim/verilate.sh "$dir/obj" Vutil_counters verilator --cc -Wno-lint --output-split 60 --top-module util_counters "$sv" > "$dir/log" 2>&1 || { tail -n 5 "$dir/log"; return 1; }
		touch "$dir/mark"
		objects || return 1
		[[ -n $edit ]] || continue
		mkdir "$dir/was"
		find "$dir/obj" -name 'V*.o' ! -newer "$dir/mark" -exec mv -t "$dir/was" {} +
		left=$((left + $(find "$dir/was" -name '*.o' | wc -l)))
		objects || return 1
		for file in "$dir"/was/*.o; do
			cmp "$dir/obj/${file##*/}" "$file" || { echo "    after $edit"; return 1; }
		done
		rm -r "$dir/was"
	done
	[[ $left -ge 4 ]] || { echo "    only $left objects were left by two edits"; return 1; }
}
# Of the whole card, what an edit compiles: of a flip-flop more in a block and in the top, few of its C++ files.
card_edits() {
	local dir=$scratch/card files file again bytes all edit
	mkdir "$dir" && cp -r rtl "$dir/rtl" || return 1
	files="build/contract/snic_contract_pkg.sv $dir/rtl/common/snic_pkg.sv $(find "$dir/rtl" -name example -prune -o -name '*.sv' ! -name snic_pkg.sv -print | sort)"
	card() { # as the fast library is
		# shellcheck disable=SC2086  # words
		rtl/sim/verilate.sh "$dir/obj" Vsnic_top verilator --cc --top-module snic_top -Wno-lint --timescale 1ps/1ps -O3 --output-split 15000 --no-assert \
			--x-assign fast --x-initial fast +define+SYNTHESIS "$@" $files > "$dir/log" 2>&1 || { tail -n 5 "$dir/log"; return 1; }
	}
	card -GBuildHash=1 || return 1
	all=$(cat "$dir"/obj/*.cpp | wc -c)
	for edit in "pipe/mac_table.sv s/s1_valid_q, s2_valid_q, s3_valid_q;/s1_valid_q, s2_valid_q, s3_valid_q, more_q;/; s/valid_o    <= s3_valid_q;/more_q <= s2_valid_q; valid_o <= s3_valid_q \&\& more_q;/" \
		"snic_top.sv s/assign full = {w1_host_full,/logic more_q; always_ff @(posedge clk_i) more_q <= w1_host_full; assign full = {more_q,/"; do
		for file in "$dir"/obj/*.cpp; do touch "${file%.cpp}.o"; done
		cp -p "$dir/rtl/${edit%% *}" "$dir/was.sv"
		sed -i "${edit#* }" "$dir/rtl/${edit%% *}"
		! cmp -s "$dir/rtl/${edit%% *}" "$dir/was.sv" || { echo "    ${edit%% *} reads in another way now: mend this test"; return 1; }
		card -GBuildHash=2 || return 1
		again=0 bytes=0
		for file in "$dir"/obj/*.cpp; do
			[[ -e ${file%.cpp}.o && ! $dir/obj/Vsnic_top___024root.h -nt ${file%.cpp}.o && ! $file -nt ${file%.cpp}.o ]] && continue
			again=$((again + 1)) bytes=$((bytes + $(wc -c < "$file")))
		done
		echo "    ${edit%% *}: $again of $(echo "$dir"/obj/*.cpp | wc -w) files, $((100 * bytes / all)) % of the C++"
		[[ $((2 * bytes)) -lt $all ]] || return 1
	done
}
# Of a hundred lines one is seen, with the status and the end of what failed; on a terminal it moves, V=1 shows all.
quiet() {
	local quietly=testbench/quietly.sh log=$scratch/quiet.log
	"$quietly" working "$log" bash -c 'for i in {1..100}; do echo "  build  $i"; done' > "$scratch/out" 2>&1 || return 1
	[[ $(wc -l < "$scratch/out") -eq 1 && $(wc -l < "$log") -eq 100 ]] || { echo "    not one line:"; head -n 5 "$scratch/out"; return 1; }
	V=1 "$quietly" working "$log" bash -c 'echo all; exit 3' > "$scratch/out" 2>&1
	[[ $? -eq 3 && $(< "$scratch/out") == all ]] || return 1
	"$quietly" working "$log" bash -c 'echo why; exit 4' > "$scratch/out" 2>&1
	[[ $? -eq 4 ]] && grep -q '^why$' "$scratch/out" && grep -qF "$log" "$scratch/out" || { cat "$scratch/out"; return 1; }
	! command -v script > /dev/null || {
		script -qec "$quietly working $log bash -c 'echo \"  build  a\"; sleep 1'" /dev/null > "$scratch/out" < /dev/null
		grep -q 'working: 1 steps, .* s: build a' "$scratch/out" && ! grep -q '^  build' "$scratch/out"
	} || { cat "$scratch/out"; return 1; }
}
# Folders that make cannot build in are refused in one line, and help is still there.
paths() {
	local dir
	for dir in "a b" "a,b" "a:b" a\$b "a(b"; do
		mkdir "$scratch/$dir"
		cp -r "$tree/Makefile" "$tree/.ci" "$scratch/$dir"
		! (cd "$scratch/$dir" && make all) > "$scratch/log" 2>&1 || { echo "    built in '$dir'"; return 1; }
		if [[ $(wc -l < "$scratch/log") -ne 1 ]] || ! grep -q 'move it' "$scratch/log"; then
			cat "$scratch/log"
			return 1
		fi
		(cd "$scratch/$dir" && make help && make clean) > "$scratch/log" 2>&1 || { cat "$scratch/log"; return 1; }
	done
}
# A CPU that compilers do not know, or that this one is not: one line of make; and of a program that was built elsewhere.
march() {
	local not=x86-64-v4 line inc=(-Irtl/sim -Irtl/contract -Imodel/reference -Idriver/pmd -Imodel/timing)
	! make -n MARCH=bogus all > "$scratch/log" 2>&1 && grep -q 'MARCH=bogus: .* knows no such CPU' "$scratch/log" && [[ $(wc -l < "$scratch/log") -eq 1 ]] || return 1
	! grep -q '^flags.* avx512f .*' /proc/cpuinfo || not=sapphirerapids # of this one no more can be shown than that it runs
	for line in testbench/cosnic/*/ testbench/bench; do inc+=("-I$line"); done
	echo 'int main(void) { return 0; }' > "$scratch/main.c"
	for line in native "$not"; do gcc "-march=$line" "${inc[@]}" testbench/cosnic/cli/cpu.c "$scratch/main.c" -o "$scratch/for-$line" || return 1; done
	"$scratch/for-native" || return 1
	[[ $not == x86-64-v4 ]] || return 0
	! make -n "MARCH=$not" all > "$scratch/log" 2>&1 && grep -q "MARCH=$not: it is for CPUs with avx512f" "$scratch/log" || return 1
	"$scratch/for-$not" 2> "$scratch/log"
	[[ $? -eq 3 ]] && grep -q 'built for CPUs with avx512f, .* MARCH=x86-64-v2' "$scratch/log"
}
# Two at once in one tree: one after the other, and nothing is compiled twice. What a make calls (a make of a test, say) does not wait for it.
at_once() {
	local lib=build/driver/libsnic_pmd.a pid
	rm -rf "$tree/build/driver"
	make --no-print-directory -C "$tree" -j2 "$lib" > "$scratch/other" 2>&1 &
	pid=$!
	in_tree -j2 "$lib"
	local status=$?
	wait $pid || { tail -n 3 "$scratch/other"; return 1; }
	[[ $status -eq 0 ]] || { tail -n 3 "$scratch/log"; return 1; }
	cat "$scratch/other" >> "$scratch/log"
	[[ $(built) -eq $(find "$tree/build/driver" -name '*.o' | wc -l) ]] || { echo "    compiled more than once"; return 1; }
	printf 'in:\n\t@$(MAKE) -C %s %s; env -u MAKELEVEL -u MAKEFLAGS make -C %s %s\n' "$tree" "$lib" "$tree" "$lib" > "$scratch/calls.mk"
	timeout 60 make -f "$scratch/calls.mk" > "$scratch/log" 2>&1 || { tail -n 3 "$scratch/log"; return 1; }
	# as the first process of a container
	if unshare --mount --pid --fork --mount-proc true 2> /dev/null; then
		cp "$tree/Makefile" "$scratch/was.mk"
		printf '\none: ; @env -u MAKELEVEL -u MAKEFLAGS $(MAKE) %s\n' "$lib" >> "$tree/Makefile"
		timeout -s KILL 60 unshare --mount --pid --fork --mount-proc --kill-child make -C "$tree" one > "$scratch/log" 2>&1 || { echo "    process 1 waits for itself"; return 1; }
		cp "$scratch/was.mk" "$tree/Makefile"
	fi
	rm -rf "$tree/build/driver"
	make --no-print-directory -C "$tree" "$lib" > "$scratch/other" 2>&1 &
	pid=$!
	until [[ -d $tree/build/driver ]]; do sleep 0.01; done
	make --no-print-directory -C "$tree" clean > "$scratch/log" 2>&1 && wait $pid || { tail -n 3 "$scratch/log" "$scratch/other"; return 1; }
	[[ ! -e $tree/build ]]
}
# Dates say little: an older copy put in place, a file of the future, objects of the future, an edit while its object is made.
dates() {
	local lib=build/driver/libsnic_pmd.a src=$tree/driver/hw/snic_rss.c
	in_tree "$lib" || return 1
	cp -p "$src" "$scratch/was.c"
	echo '#error' >> "$src"
	! in_tree "$lib" || { echo "    an edit is not seen"; return 1; }
	cp "$scratch/was.c" "$src"
	echo 'extern int edited;' >> "$src"
	in_tree "$lib" || return 1
	cp -p "$scratch/was.c" "$src"
	in_tree "$lib" && [[ $(built) -eq 1 ]] || { echo "    an older copy is not seen"; return 1; }
	touch -d '+1 hour' "$src"
	in_tree "$lib" && in_tree "$lib" && [[ $(built) -eq 0 ]] || { echo "    a file of the future is built for ever"; return 1; }
	! grep -i skew "$scratch/log" || return 1
	find "$tree/build" -exec touch -d '+1 hour' {} +
	echo '#error' >> "$src"
	! in_tree "$lib" || { echo "    an edit behind a clock that went back is not seen"; return 1; }
	cp "$scratch/was.c" "$src"
	in_tree "$lib" && in_tree "$lib" && [[ $(built) -eq 0 ]] || return 1
	printf '#!/bin/bash\ngcc "$@" && if [[ $* == *snic_rss.c* ]]; then echo "#error" >> driver/hw/snic_rss.c; sleep 0.1; fi\n' > "$scratch/cc-edits"
	chmod +x "$scratch/cc-edits"
	in_tree CC="$scratch/cc-edits" "$lib" || return 1
	! in_tree CC="$scratch/cc-edits" "$lib" || { echo "    an edit while its object was made is not seen"; return 1; }
	cp "$scratch/was.c" "$src"
}
# Where nothing may be written, one line says so.
read_only() {
	local as=()
	[[ $(id -u) -ne 0 ]] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	mkdir "$scratch/ro" && cp -r "$tree/Makefile" "$tree/.ci" "$scratch/ro" && chmod -R a+rX,a-w "$scratch/ro" && chmod a+rx "$scratch" || return 1
	! "${as[@]}" make -C "$scratch/ro" --no-print-directory all > "$scratch/log" 2>&1 || return 1
	[[ $(wc -l < "$scratch/log") -eq 1 ]] && grep -q 'cannot be written' "$scratch/log" || { cat "$scratch/log"; return 1; }
	"${as[@]}" make -C "$scratch/ro" help > "$scratch/log" 2>&1
	local status=$?
	chmod -R u+w "$scratch/ro"
	return $status
}
# Folders with names of other languages, and of any length that the system takes; what is made there runs.
odd_paths() {
	local name lib=build/driver/libsnic_pmd.a dir
	for name in tést-ü-日本 a+b@c=d a#b "$(printf 'l%.0s' {1..240})"; do
		dir=$scratch/$name
		[[ ${#name} -lt 200 ]] || dir=$scratch/$name/$name/$name
		mkdir -p "$dir"
		cp -r "$tree/Makefile" "$tree/.ci" "$tree/driver" "$tree/rtl" "$tree/model" "$tree/testbench" "$tree/qemu-dev" "$tree/traces" "$tree/packaging" "$dir"
		if ! (cd "$dir" && make build/contract/snic_contract_pkg.sv "$lib" build/testbench/device/dev.o build/testbench/cosnic/cli/home.o) > "$scratch/log" 2>&1; then
			[[ $(wc -l < "$scratch/log") -eq 1 ]] && grep -q 'move it' "$scratch/log" || { echo "    in $name:"; tail -n 3 "$scratch/log"; return 1; }
		fi
	done
}
moved() {
	mv "$tree" "$scratch/moved"
	! make -C "$scratch/moved" all > "$scratch/log" 2>&1 && grep -q 'make clean' "$scratch/log" || return 1
	make -C "$scratch/moved" help > "$scratch/log" 2>&1 && make -C "$scratch/moved" clean > "$scratch/log" 2>&1 && [[ ! -e $scratch/moved/build ]]
}

check all_done all_done
for t in def header door sv readme commit flags lists; do check "$t" "$t"; done
check copy copy
for t in quiet swapped broken_off whole flags_for_real edited_sv kept_objects card_edits march at_once dates read_only paths odd_paths moved; do check "$t" "$t"; done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
