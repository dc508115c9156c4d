#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# First of all on a runner: apt tries again what a mirror does not give at once, and the checkout may belong to another user. Then what
# a build needs, so that .ci/tools.sh sees the tools.
#   .ci/bootstrap.sh [deps.sh's argument]
set -euo pipefail
cd "$(dirname "$0")/.."

git config --global --add safe.directory "$PWD"
printf 'Acquire::Retries "5";\nAcquire::http::Timeout "60";\n' > /etc/apt/apt.conf.d/80-retries
for try in 1 2 3; do
	.ci/deps.sh "$@" && exit
	echo "bootstrap: the packages could not be had, try $try of 3" >&2
	sleep $((try * 30))
done
exit 1
