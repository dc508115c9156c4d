#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What make does before it looks at files. Prints one line when it cannot go on.
#   .ci/enter.sh BUILD MAKE      MAKE: its process id
# One make at a time works in a tree, since two write the same objects; BUILD/.make names it. What it calls goes on beside it. A make that only
# uses what it has built lets others in: it removes that file.
# Whatever was put in place since the last make began is new, whatever date it carries: an older copy, a file of a machine with another clock, an
# edit while its object was being made.
set -euo pipefail

build=$1 make=$2 said=
stop() { echo "$*"; exit; }
{ mkdir -p "$build" && : > "$build/.alone"; } 2> /dev/null ||
	stop "$PWD/$build cannot be written, and all that is made goes there: copy the tree to where you may write"
[[ -s $build/.place ]] || pwd -P > "$build/.place"
place=$(< "$build/.place")
[[ $place == "$(pwd -P)" ]] || stop "$build/ was made in $place: make clean, and it is made here"

# process ids come round: it is the one that began then
began() { sed 's/^.*) //' "/proc/$1/stat" 2> /dev/null | cut -d ' ' -f 20; }
above() { # PROCESS: is it above this make, or it?
	local p=$make
	while [[ ${p:-0} -gt 0 ]]; do # in a container make is process 1
		[[ $p -ne $1 ]] || return 0
		p=$(sed 's/^.*) //' "/proc/$p/stat" 2> /dev/null | cut -d ' ' -f 2)
	done
	return 1
}
exec 9> "$build/.alone"
while flock 9; do
	read -r other when 2> /dev/null < "$build/.make" || break
	[[ -n $when && $(began "$other") == "$when" ]] || break
	! above "$other" || exit 0
	[[ -n $said ]] || echo "make: another make works in this tree (process $other); waiting until it has ended" >&2
	said=1
	flock -u 9
	sleep 0.2
done
echo "$make $(began "$make")" > "$build/.make"

# A clock that went back: nothing that was made before can be told from what is new.
fetched=(-path "$build/qemu*" -o -path "$build/guest" -o -path "$build/kernel" -o -path "$build/apt")
if [[ -e $build/.began && -n $(find "$build" \( "${fetched[@]}" \) -prune -o -newermt 'now + 2 seconds' \( -type d -o -name .began \) -print -quit) ]]; then
	echo "make: $build/ has files of the future (the clock went back?): they are made again" >&2
	find "$build" -newermt 'now + 2 seconds' ! -type l -exec touch -d @0 {} +
	find "$build" -name .ninja_log -delete
fi
[[ ! -e $build/.began ]] ||
	find . \( -path "./$build" -o -path ./results -o -path ./.git \) -prune -o -type f -cnewer "$build/.began" -exec touch -c {} +
touch "$build/.began"
