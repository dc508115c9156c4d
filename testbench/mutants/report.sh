#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The table of a mutation run, by file, and what survived it; also in results/mutants.txt, and every verdict in results/mutants.tsv.
#   report.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$1
mkdir -p results

while IFS=$'\t' read -r _ key file line op before after; do
	verdict=$work/verdict/$key-$(sha256sum < "$file" | cut -c1-12)
	read -r kind by < <(cat "$verdict" 2> /dev/null || echo untried)
	[[ $kind != nowhere ]] || continue # in no simulation
	if [[ $kind == survived ]] && reason=$(grep -F "$file $key " testbench/mutants/equivalent.txt); then
		kind=equivalent by=${reason#"$file $key "}
	fi
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$file" "$kind" "$line" "$op" "$before" "$after" "$key" "$by"
done < "$work/list" > results/mutants.tsv

awk -F'\t' '
	function row(name, k,    all) {
		all = m[k] - e[k] - u[k]
		printf("%-34s %5d %6d %7d %9d %11d %8s\n", name, m[k], b[k], d[k], s[k], e[k],
			all ? sprintf("%.1f %%", 100 * (b[k] + d[k]) / all) : "-")
	}
	function count(k) {
		m[k]++
		if ($2 == "block") b[k]++
		else if ($2 == "device") d[k]++
		else if ($2 == "equivalent") e[k]++
		else if ($2 == "untried") u[k]++
		else s[k]++
	}
	BEGIN { printf "%-34s %5s %6s %7s %9s %11s %8s\n", "file", "made", "block", "device", "survived", "equivalent", "killed" }
	$2 == "survived" { left[++n] = sprintf("%s:%d: %s: %s  ->  %s  [%s]", $1, $3, $4, $5, $6 == "" ? "(nothing)" : $6, $7) }
	$1 != last && last != "" { row(last, last) }
	{ last = $1; count($1); count("") }
	END {
		if (last == "") { print "mutants: none made"; exit 1 }
		row(last, last)
		row("all", "")
		if (u[""]) printf "%d not tried: the run was interrupted\n", u[""]
		for (i = 1; i <= n; i++) print (i == 1 ? "\nsurvived:\n" : "") left[i]
	}' results/mutants.tsv | tee results/mutants.txt
