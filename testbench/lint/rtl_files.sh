# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash disable=SC2034
# Sourced: the RTL as lists (rtl/example is a card of its own). Packages come first, and the contract's is a generated file (make builds it before lint).

rtl_pkgs=(build/contract/snic_contract_pkg.sv rtl/common/snic_pkg.sv)
mapfile -t rtl_modules < <(git ls-files 'rtl/*.sv' ':!rtl/example' | grep -v '_pkg\.sv$')
# -y DIR for each folder: a module is found by its name
mapfile -t rtl_dirs < <(printf '%s\n' "${rtl_modules[@]%/*}" | sort -u | sed 's/^/-y\n/')
