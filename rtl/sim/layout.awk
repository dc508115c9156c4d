# SPDX-License-Identifier: BSD-2-Clause
# Verilator sorts all state of the design into one class, so a new flip-flop moves most of the others, and every object would be
# compiled again. This prints the new header with the layout of the old one: what stays has its place, what is new comes behind the
# rest, and what is gone stays as a hole. An object whose C++ is the same is then still good; see verilate.sh for those that are not.
#   awk -v retyped=FILE -f layout.awk OLD_HEADER NEW_HEADER
# FILE gets the names whose type is another one. Exit status 1: the old layout is of no use, take the new header as it is.

function declaration(line) {
	gsub(/\/\*[^*]*\*\//, "", line)
	gsub(/^ +| +$/, "", line)
	return line
}
function name(line,    words, n) {
	line = declaration(line)
	if (line ~ /^VL_[A-Z0-9]+\(/) {
		sub(/^[^(]*\(/, "", line)
		sub(/,.*/, "", line)
		return line
	}
	sub(/;$/, "", line)
	n = split(line, words, " ")
	return words[n]
}
function is_member(line) { return line ~ /;$/ && line !~ /}/ }

FNR == 1 { area = "" }
/^ *\/\/ DESIGN SPECIFIC STATE$/ { area = "state" }
/^ *\/\/ INTERNAL VARIABLES$/ { area = "" }
/^ *\/\/ ADDED BY EDITS$/ { area = "added" }
/^ *\/\/ CONSTRUCTORS$/ { area = "" }

FNR == NR {
	old[++lines] = $0
	if (area == "") old_rest = old_rest $0 "\n"
	else if (is_member($0)) {
		at[name($0)] = lines
		holes++
		if (area == "added") extra++
	}
	next
}
area == "" { new_rest = new_rest $0 "\n"; next }
is_member($0) {
	members++
	if (!(name($0) in at)) added[++n_added] = $0
	else if (declaration($0) != declaration(old[at[name($0)]])) again[++n_again] = $0
	if (name($0) in at) holes--
}

END {
	if (old_rest != new_rest || !members || extra + n_added + n_again + holes > members / 4) exit 1
	printf "" > retyped
	for (i = 1; i <= n_again; i++) {
		member = name(again[i])
		for (k = 1; (member "__was" k) in at; k++) ;
		line = old[at[member]]
		place = index(line, member (line ~ /VL_/ ? "," : ";"))
		old[at[member]] = substr(line, 1, place - 1) member "__was" k substr(line, place + length(member))
		at[member "__was" k] = at[member]
		print member > retyped
		added[++n_added] = again[i]
	}
	for (i = 1; i <= lines; i++) {
		if (old[i] ~ /^ *\/\/ ADDED BY EDITS$/) head = 1
		if (old[i] ~ /^ *\/\/ CONSTRUCTORS$/) {
			if (n_added && !head) print "    // ADDED BY EDITS"
			for (k = 1; k <= n_added; k++) print "    " declaration(added[k])
		}
		print old[i]
	}
}
