#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# `cosnic bench --slurm` against a real Slurm of one node, which this starts as root under a temporary folder and ends
# again: munged, slurmctld, slurmd. Other Slurms of this machine are left alone: other ports, other sockets.
set -euo pipefail
cd "$(dirname "$0")/../.."

PATH=$PATH:/usr/sbin:/sbin
cosnic=$(realpath "${COSNIC:-build/cosnic}")
export COSNIC_LIB=${COSNIC_LIB:-$PWD/build}
over="size=64,300;pcie=gen3x8,gen4x16;vfs=0,3"
base=(--packets 2000 --direction both)
passed=0 failed=0

if [[ $(id -u) -ne 0 ]]; then
	echo "skipped: not root, which slurmd has to be"
	echo "0 passed, 0 failed"
	exit 0
fi
for tool in munged mungekey slurmctld slurmd sbatch squeue scancel; do
	command -v "$tool" > /dev/null || { echo "$tool is missing: run .ci/deps.sh"; exit 1; }
done

dir=$(mktemp -d)
daemons=()
end() {
	local pid
	for pid in "${daemons[@]}"; do
		kill "$pid" 2> /dev/null || true
	done
	wait || true
	rm -rf "$dir"
}
trap end EXIT

# A port that nobody listens on.
free_port() {
	local port
	for port in $(seq "$1" $(($1 + 999))); do
		if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
			echo "$port"
			return
		fi
	done
}

# until_true SECONDS WHAT COMMAND...
until_true() {
	local end=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" > "$dir/last" 2>&1; do
		if [[ $SECONDS -ge $end ]]; then
			echo "$what: not within the time; last words:"
			tail -n 3 "$dir/last" "$dir"/*.log
			exit 1
		fi
		sleep 0.2
	done
}

node_idle() {
	sinfo --noheader --format=%t | grep -qx idle
}

queue_empty() {
	[[ -z $(squeue --noheader) ]]
}

start_slurm() {
	local host
	host=$(uname -n)
	host=${host%%.*}
	mkdir "$dir/state" "$dir/spool"
	mungekey --create --keyfile "$dir/munge.key"
	cat > "$dir/slurm.conf" <<- CONF
		ClusterName=cosnic
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$(free_port 20000)
		SlurmdPort=$(free_port 21000)
		SlurmUser=root
		SlurmdUser=root
		AuthType=auth/munge
		AuthInfo=socket=$dir/munge.socket
		CredType=cred/munge
		StateSaveLocation=$dir/state
		SlurmdSpoolDir=$dir/spool
		SlurmctldPidFile=$dir/slurmctld.pid
		SlurmdPidFile=$dir/slurmd.pid
		SlurmctldLogFile=$dir/slurmctld.log
		SlurmdLogFile=$dir/slurmd.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		MpiDefault=none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_Core
		SlurmdParameters=config_overrides
		ReturnToService=2
		NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
		PartitionName=test Nodes=n1 Default=YES State=UP
	CONF
	# in a container there is no systemd to ask, and may be no file system of cgroups, which the plugin for v1 asks for last
	printf 'CgroupPlugin=cgroup/v1\nIgnoreSystemd=yes\n' > "$dir/cgroup.conf"
	export SLURM_CONF=$dir/slurm.conf
	munged --foreground --force --key-file="$dir/munge.key" --socket="$dir/munge.socket" --pid-file="$dir/munge.pid" \
		--log-file="$dir/munge.log" --seed-file="$dir/munge.seed" > "$dir/munged.log" 2>&1 &
	daemons+=($!)
	until_true 20 "munged" munge --socket="$dir/munge.socket" --no-input
	slurmctld -D -f "$SLURM_CONF" > "$dir/ctld.log" 2>&1 &
	daemons+=($!)
	slurmd -D -f "$SLURM_CONF" > "$dir/d.log" 2>&1 &
	daemons+=($!)
	until_true 60 "the node is idle" node_idle
}

# What must be the same whichever way a suite ran.
kept() {
	local f
	for f in "$1"/suite.json "$1"/points/*/result.json; do
		echo "${f#"$1"}"
		awk '/^  "(run|sim)": \{$/ { skip = 1 } !skip { print } /^  \},?$/ { skip = 0 }' "$f"
	done
	cat "$1/suite.csv"
}

# verdict NAME STATUS
verdict() {
	if [[ $2 -eq 0 ]]; then
		passed=$((passed + 1))
		echo "  ok   $1"
	else
		failed=$((failed + 1))
		echo "  FAIL $1"
	fi
}

same() {
	kept "$1" > "$dir/a"
	kept "$2" > "$dir/b"
	[[ $(wc -l < "$dir/a") -gt 500 ]] && diff "$dir/a" "$dir/b" | head -n 10 && cmp -s "$dir/a" "$dir/b"
}

# ended WANT GOT TEXT: with this status, having said this; else all that it said is shown.
ended() {
	[[ $1 -eq $2 ]] && grep -q "$3" "$dir/out" && return
	echo "status $2, not $1, or without \"$3\":"
	cat "$dir/out"
	return 1
}

# Same bytes as by processes of our own.
by_slurm() {
	"$cosnic" bench sweep --over "$over" "${base[@]}" --jobs 2 --out "$dir/jobs" > /dev/null
	local status=0
	"$cosnic" bench sweep --over "$over" "${base[@]}" --slurm --out "$dir/slurm" > "$dir/out" 2>&1 || status=$?
	ended 0 "$status" "^8 points, 0 failed$" && same "$dir/jobs" "$dir/slurm"
}

# A task that fails is tried once more, then reported; the others go on.
one_fails() {
	local status=0
	"$cosnic" bench sweep --over "library=$COSNIC_LIB/fast/libsnic_sim.so,$dir/none.so" --packets 500 --slurm --out "$dir/bad" \
		> "$dir/out" 2>&1 || status=$?
	ended 1 "$status" "point 0001 failed: .*none.so" && ended 1 "$status" "2 points, 1 failed" &&
		grep -q '"attempts": 2' "$dir/bad/suite.json" && [[ -s $dir/bad/points/0000/result.json ]]
}

# Ctrl-C cancels the job; the same command goes on from there.
interrupted() {
	local pid status=0
	"$cosnic" bench sweep --over "$over" "${base[@]}" --slurm --jobs 1 --out "$dir/cut" > "$dir/out" 2>&1 &
	pid=$!
	until_true 60 "the first points" test -s "$dir/cut/points/0001/result.json"
	kill -INT "$pid"
	wait "$pid" || status=$?
	ended 1 "$status" "not run: the same command goes on from here" || return 1
	until_true 60 "the queue is empty" queue_empty
	"$cosnic" bench sweep --over "$over" "${base[@]}" --slurm --out "$dir/cut" > "$dir/out" 2>&1
	grep -q "kept from before" "$dir/out" && same "$dir/jobs" "$dir/cut"
}

# No controller: one clear line, nothing hangs.
no_controller() {
	local status=0
	SLURM_CONF=$dir/nowhere.conf "$cosnic" bench sweep --over "$over" "${base[@]}" --slurm --out "$dir/lost" > "$dir/out" 2>&1 ||
		status=$?
	ended 3 "$status" "^cosnic: bench: sbatch: "
}

start_slurm
for test in by_slurm one_fails interrupted no_controller; do
	status=0
	"$test" || status=$?
	verdict "$test" "$status"
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
