# SPDX-License-Identifier: BSD-2-Clause
# features.def -> FEATURES.md on stdout, or what is wrong with it on stderr (exit status 1).
# With brief=1 the short table for README.
#   awk -v brief=0 -v tests="NAME NAME guest:NAME ..." -f features.awk features.def
# Every place is a file; every feature that is there has a test; every test exists, and every test that exists is named.

function fail(what) {
	print "features.def: " what > "/dev/stderr"
	bad = 1
}
function strip(s) {
	gsub(/^[ \t\n]+|[ \t\n]+$/, "", s)
	return s
}
function place(dir, file, what) {
	if (file == "-" || file == ".")
		return file == "-" ? "-" : ""
	if (system("test -f " dir "/" file))
		fail(what ": there is no " dir "/" file)
	return brief ? "●" : "[yes](" dir "/" file ")"
}
function test_list(list, what,    n, t, i, out) {
	n = split(list, t, " ")
	for (i = 1; i <= n; i++) {
		if (t[i] != "-" && !(t[i] in known))
			fail(what ": there is no test " t[i])
		named[t[i]] = 1
		out = out (i > 1 ? ", " : "") t[i]
	}
	return out
}
BEGIN {
	RS = "\n\n|\\)\n"
	n = split("rtl model/reference model/timing driver driver/kmod qemu-dev/device", room, " ")
	n_tests = split(tests, t, " ")
	for (i = 1; i <= n_tests; i++)
		known[t[i]] = 1
	if (brief) {
		print "| | RTL | reference | prediction | pmd | kmod | QEMU |\n|---|:-:|:-:|:-:|:-:|:-:|:-:|"
	} else {
		head()
	}
}
function head() {
	print "<!-- SPDX-License-Identifier: BSD-2-Clause -->"
	print "<!-- made by make features of testbench/features/features.def -->"
	print "# What the card and its tools do"
	print "\nEach \"yes\" leads to the file that does it; \"-\": not there yet; empty: nothing to do for that part."
	print "`guest:x` is `testbench/guest/test_guest.sh x`, `qtest` is `make qtest`, the others are programs of `make test`."
}
{
	sub(/^.*\*\/\n/, "")
	$0 = strip($0)
}
/^GROUP/ {
	split($0, part, "\"")
	if (brief) {
		if (part[2] == "Tool")
			exit
		print "| **" part[2] "** | | | | | | |"
		next
	}
	print "\n## " part[2] "\n"
	if (part[2] == "Tool")
		print "| what | | tests |\n|---|---|---|"
	else
		print "| what | RTL | reference | prediction | pmd | kmod | QEMU | tests |\n|---|---|---|---|---|---|---|---|"
}
/^(FEATURE|TOOL)/ {
	if (split($0, part, "\"") != 5)
		fail("not understood: " $0)
	what = part[2]
	n_place = split(part[3], file, ",") - 2
	line = "| " what " |"
	if (n_place != ($0 ~ /^TOOL/ ? 1 : 6))
		fail(what ": " n_place " places")
	some = 0
	for (i = 1; i <= n_place; i++) {
		file[i + 1] = strip(file[i + 1])
		some += file[i + 1] !~ /^[-.]$/
		line = line " " place(n_place == 1 ? "testbench" : room[i], file[i + 1], what) " |"
	}
	if (some && part[4] == "-")
		fail(what ": no test")
	list = test_list(part[4], what)
	print line (brief ? "" : " " list " |")
}
END {
	for (i = 1; !brief && i <= n_tests; i++)
		if (!(t[i] in named))
			fail("no feature names the test " t[i])
	exit bad
}
