#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Prints NAME=VERSION for each tool, NAME=none for what is missing, and cpu=SUM of what the C compiler's -march=native stands for.
#   .ci/versions.sh CACHE NAME...
# Asking takes a tenth of a second a tool: the answers are kept in CACHE for as long as these are the same files, on the same CPU.
set -euo pipefail

cache=${1:?usage: .ci/versions.sh CACHE NAME...}
shift
# all of a name: the first may be a wrapper of the next
mapfile -t files < <(type -ap "$@" || true)
key="$* $(stat -Lc '%n %s %Y' "${files[@]}" 2> /dev/null | tr '\n' ' ') $(grep -m 1 '^flags' /proc/cpuinfo | cksum)"
if [[ -e $cache ]]; then
	{ read -r old; read -r answer; } < "$cache" || answer=
	[[ $old != "$key" || -z $answer ]] || { echo "$answer"; exit; }
fi
answer=
for tool; do
	version=none
	[[ -z $(type -P "$tool") ]] || version=$("$tool" --version 2>&1 | head -n 1 | tr -s ' \t$#' '_') || true
	answer+="$tool=${version:-unknown} "
done
cpu=$({ echo | "${CC:-gcc}" -march=native -v -E - 2>&1 | grep -e ' -E ' || true; } | grep -o -e ' -m[^ ]*' | cksum | tr ' ' -)
answer+="cpu=$cpu"
printf '%s\n%s\n' "$key" "$answer" > "$cache.new"
mv "$cache.new" "$cache"
echo "$answer"
