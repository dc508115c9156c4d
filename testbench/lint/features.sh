#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Every feature of features.def has its files and a test, every test is of a feature, and the pages say so.
exec "$(dirname "$0")/../features/features.sh" check
