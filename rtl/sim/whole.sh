#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs a compiler, or links with it, so that what it writes is there whole or not at all: under another name, and renamed in the end.
# For Verilator's makefiles, which leave half an object behind when they are killed, and take it for a whole one.
#   rtl/sim/whole.sh COMPILER ARGUMENTS...
set -e

args=("$@") out='' deps=''
for ((i = 0; i < ${#args[@]}; i++)); do
	case ${args[i]} in
	-o)
		out=${args[i + 1]}
		args[i + 1]=$out.new
		;;
	-MMD) deps=1 ;;
	esac
done
[[ -n $out ]] || exec "$@"
[[ -z $deps ]] || args+=(-MF "${out%.*}.d.new" -MT "$out")
"${args[@]}"
[[ -z $deps ]] || mv "${out%.*}.d.new" "${out%.*}.d"
mv "$out.new" "$out"
