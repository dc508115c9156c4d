# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034
# Sourced: the C and C++ sources, and how one is compiled by checks that do not build.

mapfile -t c_sources < <(git ls-files 'driver/hw/*.c' 'driver/pmd/*.c' 'model/*.c' 'model/*.cpp' 'rtl/contract/*.c' \
	'rtl/sim/*.cpp' 'testbench/*.c' 'testbench/*.cpp' ':!testbench/door/two_clocks')

# What Verilator generates is read, but not checked: system headers. lint.mk writes it.
verilator_inc=$(verilator --getenv VERILATOR_ROOT)/include
system_inc=(-isystem build/lint/verilated -isystem "$verilator_inc" -isystem "$verilator_inc/vltstd")

# flags_of FILE: sets the array flags
flags_of() {
	local dir=${1%/*}

	case $1 in
	*.cpp) flags=(-std=c++17) ;;
	*) flags=(-std=gnu11) ;;
	esac
	flags+=(-Irtl/contract "-I$dir" "${system_inc[@]}")
	case $dir in
	rtl/sim)
		# as for the trace flavour, so that what a waveform takes is seen too
		flags+=(-DVM_TRACE=1 -DVM_TRACE_FST=1 -DVM_COVERAGE=1 '-DSNIC_SIM_FLAVOUR="lint"' -include rtl/sim/vl_user.h)
		;;
	driver/*) flags+=(-Idriver/hw -Idriver/pmd) ;;
	testbench/*)
		flags+=(-Itestbench/unit -Itestbench/rtl -Itestbench/cosnic/{cli,capture,rules,replay,explain,guest} -Itestbench/bench -Itestbench/report -Irtl/sim -Imodel/reference -Imodel/timing -Idriver/hw
			-Idriver/pmd '-DCOSNIC_CHECKED_LIB=""')
		;;
	esac
}
