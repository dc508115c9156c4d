#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Prints which commit this is: of a repository what git says, of a tarball what git archive wrote into it.
cd "$(dirname "$0")/.." || exit
commit=
[[ ! -e .git ]] || commit=$(git describe --always --dirty 2> /dev/null)
[[ -n $commit ]] || commit=$(sed -n '/^[0-9a-f]\+$/p' .ci/commit)
commit=${commit:-unknown}
echo "${commit:0:63}"
