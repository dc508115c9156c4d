#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs a command of many lines (make) as one line that moves: what it is at, for how long. Where that is no terminal: a line when it
# begins and one when it has ended. All that it says is in LOG, the end of it on the screen when it fails. V=1: as if it was not here.
#   testbench/quietly.sh TITLE LOG COMMAND...
set -uo pipefail

title=${1:?usage: testbench/quietly.sh TITLE LOG COMMAND...}
log=${2:?usage: testbench/quietly.sh TITLE LOG COMMAND...}
shift 2
[[ -z ${V:-} ]] || exec "$@"

mkdir -p "$(dirname "$log")"
start=$SECONDS
if [[ -t 1 ]]; then
	"$@" > "$log" 2>&1 &
	run=$!
	trap 'kill "$run" 2> /dev/null; printf "\r\033[K"; exit 130' INT TERM
	while kill -0 "$run" 2> /dev/null; do
		# make's steps are indented by two; what a step says is not
		at=$(grep '^  [a-z]' "$log" | tail -n 1 | sed 's/^ *//; s/  */ /g; s/ (.*//')
		line="$title: $(grep -c '^  [a-z]' "$log") steps, $((SECONDS - start)) s${at:+: $at}"
		printf '\r\033[K%.*s' "$((${COLUMNS:-$(tput cols 2> /dev/null || echo 80)} - 1))" "$line"
		sleep 0.5
	done
	printf '\r\033[K'
	wait "$run"
	status=$?
else
	echo "$title (all it says: $log)"
	"$@" > "$log" 2>&1
	status=$?
fi
if [[ $status -ne 0 ]]; then
	tail -n 20 "$log" >&2
	echo "$title: failed after $((SECONDS - start)) s; all it said is in $log (V=1 shows it at once)" >&2
elif [[ $SECONDS -ge $((start + 2)) ]]; then
	echo "$title: $((SECONDS - start)) s"
fi
exit "$status"
