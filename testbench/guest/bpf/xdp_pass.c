/* SPDX-License-Identifier: BSD-2-Clause */
/* Lets every frame pass. */
#include <linux/bpf.h>

__attribute__((section("xdp"), used)) int xdp_pass(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}
