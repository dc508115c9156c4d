#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# A checkout makes all files new, and make would build again what a cache has brought back. So build/ remembers what its sources were,
# and a file whose contents are the same gets its old time again.
#   .ci/mtimes.sh save      after a build, before build/ goes into the cache
#   .ci/mtimes.sh restore   after the cache came back, before make
set -euo pipefail
cd "$(dirname "$0")/.."

sums=build/.sources.sha256 times=build/.sources.mtime tools=build/.tools
case ${1:-} in
save)
	mkdir -p build
	git ls-files -z | xargs -0 sha256sum > "$sums"
	git ls-files -z | xargs -0 stat -c '%Y %n' > "$times"
	.ci/tools.sh > "$tools"
	;;
restore)
	[[ -e $sums && -e $times ]] || exit 0
	# made in another folder, it is of no use: see the Makefile
	[[ $(cat build/.place) == "$(pwd -P)" ]] || { rm -rf build; exit 0; }
	# made by other tools, or for another processor, it may not even run
	[[ $(cat "$tools" 2> /dev/null) == "$(.ci/tools.sh)" ]] || {
		echo "mtimes: the cached build is of other tools or another processor: it is left" >&2
		rm -rf build
		exit 0
	}
	declare -A unchanged
	while IFS= read -r file; do unchanged[$file]=1; done < <(sha256sum -c "$sums" 2> /dev/null | sed -n 's/: OK$//p')
	while read -r time file; do
		[[ -z ${unchanged[$file]:-} ]] || touch -d "@$time" "$file"
	done < "$times"
	touch build/.began # make takes them for unchanged, though they came just now
	;;
*)
	echo "usage: .ci/mtimes.sh save|restore" >&2
	exit 2
	;;
esac
