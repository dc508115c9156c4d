#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The guest's tests: each scenario as a person would run it, and what `cosnic guest` does when something is wrong. Two at a
# time; what each printed lies in results/guest-test/NAME.log. Ends with a line "N passed, M failed".
#   testbench/guest/test_guest.sh [all | NAME...]      default: those of `make test`
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

scenarios=testbench/guest/scenarios
out=results/guest-test
jobs=${JOBS:-$(nproc)}
quick="enumerate devlink ethtool ping selftest vlan xdp capture isolation determinism failing_script hanging_script
	missing_kernel unbootable_kernel no_driver killed with_folder"
slow="with_package free_time idle" # and all other scenarios

cosnic() { build/cosnic guest "$@"; }

# ---- cases that are no scenarios; each in a process of its own, $dir is its folder
case_determinism() {
	local run
	for run in 1 2; do
		cosnic --vfs 2 --out "$dir/$run" --run $scenarios/ping.sh || return 1
		jq_free "$dir/$run/result.json" > "$dir/$run.figures"
	done
	cmp "$dir/1/console.log" "$dir/2/console.log" || return 1
	grep -q tlp_hash "$dir/1.figures" || { echo "no tlp_hash in result.json"; return 1; }
	diff "$dir/1.figures" "$dir/2.figures"
}
# What must be the same in two runs: all but run and sim.
jq_free() { sed -e '/^  "run": {/,/^  }/d' -e '/^  "sim": {/,/^  }/d' "$1"; }

script() { # TEXT: a script of the case's own
	printf '%s\n' "$1" > "$dir/script.sh"
	echo "$dir/script.sh"
}
# fails STATUS TEXT ARGS...: cosnic guest must end so, and say so.
fails() {
	local want=$1 text=$2 status
	shift 2
	cosnic --out "$dir" "$@" > "$dir/out" 2> "$dir/err"
	status=$?
	cat "$dir/err"
	[[ $status -eq $want ]] || { echo "status $status, not $want"; return 1; }
	grep -q -e "$text" "$dir/err" || { echo "stderr does not say \"$text\""; return 1; }
	left_over
}
# QEMU of this case, if it is still there
left_over() {
	! pgrep -f "$dir/initramfs" || { echo "QEMU was left behind"; return 1; }
}
case_failing_script() {
	fails 7 'ended with status 7; .*console.log ends with' --run "$(script 'echo to stdout; echo to stderr >&2; exit 7')" &&
		[[ $(cat "$dir/out") == "to stdout" ]] && grep -q '^to stderr' "$dir/err" && grep -q '^  | .*Power down' "$dir/err"
}
case_hanging_script() {
	fails 1 'script.sh was not done after 60 s (--timeout); .*console.log ends with' --timeout 60 \
		--run "$(script 'while :; do sleep 1; done')"
}
case_missing_kernel() {
	fails 3 '/nowhere/vmlinuz: no kernel there' --kernel /nowhere/vmlinuz --run "$(script true)"
}
case_unbootable_kernel() {
	head -c 1000000 /dev/urandom > "$dir/kernel"
	fails 1 'QEMU ended with status 1; .*qemu.log ends with' --kernel "$dir/kernel" --run "$(script true)"
}
case_no_driver() { # a module that is none
	head -c 10000 /dev/zero > "$dir/broken.ko"
	fails 1 'the driver or the NIC did not come up' --module "$dir/broken.ko" --run "$(script true)"
}
# Whatever happens to cosnic, QEMU does not outlive it.
case_killed() {
	local pid
	build/cosnic guest --out "$dir" --run "$(script 'sleep 1000000')" &
	pid=$!
	sleep 2
	pgrep -P "$pid" > /dev/null || { echo "QEMU did not start"; return 1; }
	kill -9 "$pid"
	wait "$pid" 2> /dev/null
	sleep 1
	left_over
}
# shellcheck disable=SC2016  # the guest expands it
case_with_folder() {
	mkdir -p "$dir/extra/lib" "$dir/extra/opt"
	echo data > "$dir/extra/lib/a.file"
	echo "it's" > "$dir/extra/opt/b file"
	cosnic --out "$dir" --with "$dir/extra" --run "$(script '[ "$(cat /usr/lib/a.file)" = data ] && cat "/opt/b file" &&
		[ "$1" = "a '\''b" ] && echo left > /out/file && ls /lib/x86_64-linux-gnu/libc.so.6')" -- "a 'b" &&
		[[ $(cat "$dir/files/file") == left ]]
}
case_with_package() {
	cosnic --out "$dir" --with jq --run "$(script 'echo "{\"a\": 5}" | jq .a')" | grep -qx 5
}
case_free_time() {
	cosnic --time free --vfs 2 --out "$dir" --run $scenarios/ping.sh
}
# Ten idle seconds of the guest cost the RTL under a second of wall time.
case_idle() {
	cosnic --out "$dir" --run "$(script 'sleep 10')" || return 1
	sed -n '/"sim"/,/}/s/.*"wall_s": \([0-9.]*\).*/\1/p' "$dir/result.json" |
		awk '{ n++; print "RTL: " $1 " s"; exit !($1 < 1) } END { if (!n) exit 1 }'
}

run_scenario() {
	local options words
	options=$(sed -n 's/^# cosnic: //p' "$scenarios/$1.sh")
	read -r -a words <<< "$options"
	cosnic --out "$dir" --run "$scenarios/$1.sh" "${words[@]}"
}

run_one() { # NAME
	local name=$1 start=$SECONDS status
	dir=$out/$name
	rm -rf "$dir"
	mkdir -p "$dir"
	if [[ -f $scenarios/$name.sh ]]; then
		run_scenario "$name"
	else
		"case_$name"
	fi > "$out/$name.log" 2>&1
	status=$?
	echo "$status $((SECONDS - start))" > "$out/$name.status"
}

case ${1:-quick} in
quick) names=$quick ;;
all)
	names="$quick $slow"
	for scenario in "$scenarios"/*.sh; do
		name=$(basename "$scenario" .sh)
		[[ " ${names//[[:space:]]/ } " == *" $name "* ]] || names+=" $name"
	done
	;;
*) names=$* ;;
esac
mkdir -p "$out" results/junit
for name in $names; do
	[[ -f $scenarios/$name.sh ]] || declare -F "case_$name" > /dev/null || {
		echo "test_guest: $name: no such scenario or case"
		exit 2
	}
	while [[ $(jobs -r -p | wc -l) -ge $jobs ]]; do wait -n; done
	run_one "$name" &
done
wait

passed=0 failed=0
{
	echo '<testsuite name="guest">'
	for name in $names; do
		read -r status seconds < "$out/$name.status"
		echo "  <testcase classname=\"guest\" name=\"$name\" time=\"$seconds\">"
		[[ $status -eq 0 ]] || echo "    <failure message=\"status $status: see $out/$name.log\"/>"
		echo "  </testcase>"
	done
	echo '</testsuite>'
} > results/junit/guest.xml
for name in $names; do
	read -r status seconds < "$out/$name.status"
	if [[ $status -eq 0 ]]; then
		passed=$((passed + 1))
		printf '  ok     %-20s %4d s\n' "$name" "$seconds"
	else
		failed=$((failed + 1))
		printf '  FAILED %-20s %4d s, status %d, %s/%s.log ends with\n' "$name" "$seconds" "$status" "$out" "$name"
		tail -n 25 "$out/$name.log"
	fi
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
