/* SPDX-License-Identifier: BSD-2-Clause */
/* Sends every frame back to where it came from, its addresses exchanged, but by the next network device. */
#include <linux/bpf.h>
#include <linux/if_ether.h>

static long (*redirect)(unsigned int ifindex, unsigned long long flags) = (void *)BPF_FUNC_redirect;

__attribute__((section("xdp"), used)) int xdp_redirect(struct xdp_md *ctx)
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
	return (int)redirect(ctx->ingress_ifindex + 1, 0);
}
