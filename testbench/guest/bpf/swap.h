/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame back to where it came from: its addresses exchanged. */
#ifndef BPF_SWAP_H
#define BPF_SWAP_H

#include <linux/bpf.h>
#include <linux/if_ether.h>

/* 0, or -1 when the frame is shorter than its header. */
static inline int swap_addresses(struct xdp_md *ctx)
{
	struct ethhdr *eth = (struct ethhdr *)(long)ctx->data;
	unsigned char swap;
	int i;

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return -1;
	for (i = 0; i < ETH_ALEN; i++) {
		swap = eth->h_dest[i];
		eth->h_dest[i] = eth->h_source[i];
		eth->h_source[i] = swap;
	}
	return 0;
}

#endif
