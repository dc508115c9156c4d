/* SPDX-License-Identifier: BSD-2-Clause */
/* Sends every frame back to where it came from. */
#include "swap.h"

__attribute__((section("xdp"), used)) int xdp_tx(struct xdp_md *ctx)
{
	return swap_addresses(ctx) ? XDP_DROP : XDP_TX;
}
