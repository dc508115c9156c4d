# SPDX-License-Identifier: BSD-2-Clause
# Real captures, fetched once into build/traces; traces/SHA256SUMS pins each file.

TRACE_DIR := $(B)/traces
.PHONY: traces
traces: $(TRACE_DIR)/.fetched

$(TRACE_DIR)/.fetched: traces/fetch.sh traces/tcpdump.source traces/SHA256SUMS
	traces/fetch.sh $(TRACE_DIR)
	cd $(TRACE_DIR)/captures && sha256sum --quiet -c $(CURDIR)/traces/SHA256SUMS
	touch $@
