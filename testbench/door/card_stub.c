/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card's library with nothing behind its door, for test_card.cpp: $STUB_CARD says what is wrong with it. Built twice, with
 * STUB_BARE it has no functions but the version.
 */
#include <stdlib.h>
#include <string.h>

#include "snic_door.h"

static int wrong(const char *what)
{
	const char *is = getenv("STUB_CARD");

	return is && !strcmp(is, what);
}

unsigned int snic_sim_abi(void)
{
	return SNIC_SIM_ABI + wrong("abi");
}

#ifndef STUB_BARE
const struct snic_card *snic_sim_card(void)
{
	static struct snic_card c;

	c = (struct snic_card){
		.size = sizeof(c),
		.name = "stub",
		.vendor_id = 0x1234,
		.pf = { .bar = { { .size = 4096 }, { .size = 8192, .base = 4096 } } },
		.n_ports = 1,
		.wire_gbps = { 10 },
		.frame_max = 1514,
	};
	if (wrong("none"))
		return NULL;
	if (wrong("older")) /* knew nothing of what is behind the ports */
		c.size = offsetof(struct snic_card, vendor_cap_bytes), c.vendor_cap_bytes = 1000;
	if (wrong("power"))
		c.pf.bar[0].size = 5000;
	if (wrong("overlap"))
		c.pf.bar[1].base = 2048;
	if (wrong("outside"))
		c.pf.bar[1].base = SNIC_CARD_WINDOW - 4096;
	if (wrong("pair"))
		c.pf.bar[0].is_64bit = true;
	if (wrong("vectors"))
		c.pf.msix_vectors = 200;
	if (wrong("vfs"))
		c.total_vfs = 300, c.vf_offset = 1, c.vf_stride = 1, c.caps = SNIC_CARD_ARI;
	if (wrong("stride"))
		c.total_vfs = 2, c.vf_offset = 1;
	if (wrong("ari"))
		c.total_vfs = 8, c.vf_offset = 1, c.vf_stride = 1;
	if (wrong("plain"))
		c.max_plain = 8;
	if (wrong("plains"))
		c.max_plain = 256, c.caps = SNIC_CARD_ARI;
	if (wrong("usual"))
		c.max_plain = 2, c.usual_plain = 3;
	if (wrong("plainbar"))
		c.max_plain = 2, c.vf.bar[0].size = 100;
	if (wrong("ports"))
		c.n_ports = 3;
	if (wrong("frame"))
		c.frame_max = 0;
	return &c;
}

/* The others are looked for and not called. */
#define X(name)                                                                                              \
	void stub_##name(void) __asm__("snic_sim_" #name);                                                   \
	void stub_##name(void) {}
SNIC_DOOR_OTHERS(X)
#endif
