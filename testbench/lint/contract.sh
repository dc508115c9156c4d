#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Committed files that are generated must be what their source says now.
set -euo pipefail
cd "$(dirname "$0")/../.."

make --no-print-directory check-contract
echo "REGISTERS.md is what the tables say"
