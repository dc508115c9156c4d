#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Runs one test program with one mutant on (0: none) for at most so many seconds of CPU time.
#   run_test.sh BUILD_FOLDER TEST MUTANT SECONDS
set -euo pipefail
cd "$(dirname "$0")/../.."
preload=$PWD/$1/fail_fast.so
cd "$1/tree"
ulimit -t "$4" -v 8000000
MUTANT=$3 LD_PRELOAD=$preload COSNIC_CHECKED_LIB=$PWD/build/checked/libsnic_sim.so exec timeout 1800 "$2" < /dev/null
