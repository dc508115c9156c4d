#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# What CI takes from elsewhere is named by its hash: actions by their commit, images by their digest. Else a run changes without
# a commit, and whoever holds a tag holds the runner.
set -euo pipefail
cd "$(dirname "$0")/../.."

mapfile -t files < <(git ls-files '.github/workflows/*.yml' .gitlab-ci.yml)
bad=$(grep -HnE '^[ -]*uses:' "${files[@]}" | grep -vE '@[0-9a-f]{40}( |$)' || true)
bad+=$(grep -HnE '^[ -]*(image|container):' "${files[@]}" | grep -vE '@sha256:[0-9a-f]{64}$|: *\$\{\{' || true)
[[ -z $bad ]] || {
	echo "$bad"
	echo "name actions by their commit (@ and 40 digits), images by their digest (@sha256:)"
	exit 1
}
echo "$(cat "${files[@]}" | grep -cE '^[ -]*(uses|image|container):') actions and images by their hashes"
