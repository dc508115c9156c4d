#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Line and toggle coverage of the RTL by block (one file, all its instances together), from the whole device: the
# driver's tests on it and short replays. Writes results/coverage.{txt,csv}. The block tests are not in it: they make
# and drop devices freely, and Verilator's counters die with them. What cannot be covered is left out by coverage.exclude, which
# says why. Fails under 97 % of lines or 90 % of toggles.
#   coverage.sh LIBRARY COSNIC DEVICE_TEST...
set -euo pipefail
cd "$(dirname "$0")/../.."

library=$(realpath "$1") cosnic=$2
shift 2
work=build/coverage/data exclude=testbench/lint/coverage.exclude
limit=1800   # seconds of CPU time a program
rm -rf "$work"
mkdir -p "$work" results
export COSNIC_CHECKED_LIB=$library

# Each device leaves a file; those of a program become one.
run() {
	local name=$1 start=$SECONDS status=0 dir=$work/$1.d
	shift
	mkdir -p "$dir"
	(ulimit -t "$limit"; SNIC_COVERAGE_DIR=$dir "$@" > "$work/$name.log" 2>&1) || status=$?
	find "$dir" -name '*.dat' -exec verilator_coverage --write "$work/$name.dat" {} + > /dev/null
	rm -r "$dir"
	printf '  %-20s status %d, %d s\n' "$name" "$status" $((SECONDS - start))
}
# the same, as many at a time as there are cores
start() {
	while [[ $(jobs -rp | wc -l) -ge $(nproc) ]]; do
		wait -n
	done
	run "$@" &
}

for test in "$@"; do
	start "$(basename "$test")" "$test"
done

replay() {
	local name=$1
	shift
	start "$name" "$cosnic" replay --quiet --library "$library" --out "$work/$name" "$@"
}
mapfile -t captures < <(find build/traces/captures -name '*.pcap*' | sort)
[[ ${#captures[@]} -eq 0 ]] || replay captures --direction both --vfs 3 --queues 2 "${captures[@]}"
"$cosnic" gen --quiet --size 96-1518 --count 3000 --flows 100 --vfs 8 --encap vxlan -o "$work/vxlan.pcap"
"$cosnic" gen --quiet --size 64-9018 --count 1000 --flows 100 --vfs 8 --encap qinq -o "$work/sizes.pcap"
replay tunnels --direction both --vfs 8 --queues 4 --rules 4 "$work/vxlan.pcap"
replay vf2vf --direction vf2vf --vfs 8 "$work/vxlan.pcap"
replay sizes --direction both --vfs 8 --pcie gen3x8 "$work/sizes.pcap"
wait

# A point is a place in a file, of a kind (page: v_line/MODULE, v_branch/..., v_toggle/...), with a name (for a toggle: the
# bit); fields are split by control characters. It is covered when it happened in any instance and any run.
: > "$work/missing"
cat "$work"/*.dat | awk -v FS='\001' '
	# FILE KIND PATTERN reason: PATTERN is of the bit (toggle), or of the text of the line (line); FILE * is any
	FILENAME == exclude {
		if ($0 !~ /^#/ && NF) {
			n = split($0, word, " ")
			if (n < 4) { print FILENAME ": " $0 ": FILE KIND PATTERN reason" > "/dev/stderr"; exit 1 }
			out_file[++n_out] = word[1]; out_kind[n_out] = word[2]; out_pattern[n_out] = word[3]
		}
		next
	}
	function excluded(path, file, kind, line, name,    i, text) {
		text = kind == "toggle" ? name : source(path, line)
		for (i = 1; i <= n_out; i++)
			if ((out_file[i] == "*" || out_file[i] == file) && out_kind[i] == kind && text ~ out_pattern[i])
				return used[i] = 1
		return 0
	}
	function source(path, line,    n, text) {
		if (!(path in loaded)) {
			loaded[path]
			while ((getline text < path) > 0) lines[path, ++n] = text
			close(path)
		}
		return lines[path, line]
	}
	/^C / {
		file = line = col = page = name = ""
		for (i = 2; i <= NF; i++) {
			split($i, kv, "\002")
			if (kv[1] == "f") file = kv[2]
			else if (kv[1] == "l") line = kv[2]
			else if (kv[1] == "n") col = kv[2]
			else if (kv[1] == "page") page = kv[2]
			else if (kv[1] == "o") name = kv[2]
		}
		n = split($NF, last, "\047 ")
		sub(/\047.*/, "", name)
		if (file !~ /^rtl\// || file ~ /_pkg\.sv$/)
			next
		kind = page ~ /^v_toggle/ ? "toggle" : "line"
		path = file
		sub(/.*\//, "", file)
		sub(/\.sv$/, "", file)
		key = file SUBSEP kind SUBSEP line SUBSEP col SUBSEP name
		if (!(key in hits) && !(key in left_out)) {
			if (excluded(path, file, kind, line, name)) left_out[key]
			else all[file, kind]++
		}
		if (key in left_out)
			next
		if (last[n] > 0 && !hits[key])
			hit[file, kind]++
		hits[key] += last[n]
		seen[file]
	}
	END {
		for (f in seen)
			print f, hit[f, "line"] + 0, all[f, "line"] + 0, hit[f, "toggle"] + 0, all[f, "toggle"] + 0
		for (i = 1; i <= n_out; i++)
			if (!used[i]) print "coverage.exclude: " out_file[i] " " out_kind[i] " " out_pattern[i] ": matches nothing, remove it" > "/dev/stderr"
		for (key in hits) {
			split(key, part, SUBSEP)
			if (!hits[key]) print part[1] "." part[2] ":" part[3] " " part[5] > missing
		}
	}' exclude="$exclude" missing="$work/missing" "$exclude" - | sort > "$work/blocks"
sort -t: -k1,1 -k2,2n "$work/missing" > results/coverage.missing.txt

awk -v OFS=, 'BEGIN { print "block,lines_hit,lines,toggles_hit,toggles" } { $1 = $1; print }' "$work/blocks" > results/coverage.csv
awk 'function pct(a, b) { return b ? sprintf("%6.1f %%", 100 * a / b) : "       -" }
	BEGIN { printf "%-16s %10s %10s\n", "block", "line", "toggle" }
	{ printf "%-16s %10s %10s\n", $1, pct($2, $3), pct($4, $5); l += $2; L += $3; t += $4; T += $5 }
	END {
		printf "%-16s %10s %10s\n", "all", pct(l, L), pct(t, T)
		print "what is not covered: results/coverage.missing.txt"
		exit !L || l < 0.97 * L || t < 0.90 * T
	}' "$work/blocks" | tee results/coverage.txt
