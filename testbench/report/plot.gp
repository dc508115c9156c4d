# SPDX-License-Identifier: BSD-2-Clause
# The README's plot: rates over frame size, predicted (lines) and measured in RTL (marks).
#   gnuplot -c testbench/report/plot.gp SUITE.csv OUT.svg
set datafile separator ","
set datafile missing NaN
set terminal svg size 860,440 font "Helvetica,14" background rgb "white"
set output ARG2
set xlabel "frame size with FCS, bytes"
set ylabel "Gb/s of frames, each direction"
set logscale x
set xrange [58:1700]
set yrange [0:105]
set xtics (64, 96, 128, 192, 256, 384, 512, 768, 1024, 1518)
set grid ytics lt 1 lc rgb "#e4e4e4"
set border 3
set tics nomirror
set key outside right top Left reverse samplen 2 spacing 1.3
rate(p, l, v) = stringcolumn("pcie") eq p && stringcolumn("lane") eq l ? v : NaN
line(p, l) = rate(p, l, column("line_mpps") * column("size") * 8e-3)
plot ARG1 using "size":(line("gen4x16", "rx")) with lines lw 7 lc rgb "#d8d8d8" title "line rate, 100 Gb/s", \
     ARG1 using "size":(rate("gen4x16", "rx", column("predicted_gbps"))) with lines lw 2 lc rgb "#0072b2" title "Gen4 x16, predicted", \
     ARG1 using "size":(rate("gen4x16", "rx", column("measured_gbps"))) with points pt 7 ps 0.7 lc rgb "#0072b2" title "  wire to host", \
     ARG1 using "size":(rate("gen4x16", "tx", column("measured_gbps"))) with points pt 6 ps 1.1 lc rgb "#0072b2" title "  host to wire", \
     ARG1 using "size":(rate("gen3x8", "rx", column("predicted_gbps"))) with lines lw 2 lc rgb "#d55e00" title "Gen3 x8, predicted", \
     ARG1 using "size":(rate("gen3x8", "rx", column("measured_gbps"))) with points pt 7 ps 0.7 lc rgb "#d55e00" title "  wire to host", \
     ARG1 using "size":(rate("gen3x8", "tx", column("predicted_gbps"))) with lines lw 2 lc rgb "#d55e00" notitle, \
     ARG1 using "size":(rate("gen3x8", "tx", column("measured_gbps"))) with points pt 6 ps 1.1 lc rgb "#d55e00" title "  host to wire"
