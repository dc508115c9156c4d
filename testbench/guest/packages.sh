#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Fetches packages and all that they depend on into DIR, as apt resolves it for an empty machine.
#   testbench/guest/packages.sh DIR APT_STATE PACKAGE...
set -euo pipefail

dir=${1:?usage: testbench/guest/packages.sh DIR APT_STATE PACKAGE...}
state=${2:?usage: testbench/guest/packages.sh DIR APT_STATE PACKAGE...}
shift 2
debian=$(cd "$(dirname "$0")/../../.ci" && pwd)/debian.sh

mkdir -p "$dir/partial"
dir=$(cd "$dir" && pwd)
"$debian" "$state" apt-get -qq -y --download-only -o Dir::Cache::archives="$dir" install "$@" > /dev/null
rm -rf "$dir/partial" "$dir/lock"
