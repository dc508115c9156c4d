/* SPDX-License-Identifier: BSD-2-Clause */
/* Sends every frame back to where it came from, but by the next network device. */
#include "swap.h"

static long (*redirect)(unsigned int ifindex, unsigned long long flags) = (void *)BPF_FUNC_redirect;

__attribute__((section("xdp"), used)) int xdp_redirect(struct xdp_md *ctx)
{
	return swap_addresses(ctx) ? XDP_DROP : (int)redirect(ctx->ingress_ifindex + 1, 0);
}
