/* SPDX-License-Identifier: BSD-2-Clause */
/* Sends every frame back to where it came from, its addresses exchanged. */
#include <linux/bpf.h>
#include <linux/if_ether.h>

__attribute__((section("xdp"), used)) int xdp_tx(struct xdp_md *ctx)
{
	struct ethhdr *eth = (struct ethhdr *)(long)ctx->data;
	unsigned char swap;
	int i;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	for (i = 0; i < ETH_ALEN; i++) {
		swap = eth->h_dest[i];
		eth->h_dest[i] = eth->h_source[i];
		eth->h_source[i] = swap;
	}
	return XDP_TX;
}
