/* SPDX-License-Identifier: BSD-2-Clause */
/* Drops every frame. */
#include <linux/bpf.h>

__attribute__((section("xdp"), used)) int xdp_drop(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_DROP;
}
