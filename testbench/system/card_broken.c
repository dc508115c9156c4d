/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card in C behind the door, for test_card_test.c: it copies memory and sends a message. $BROKEN says what is wrong with it.
 * Registers: 0 ID, 4 and 8 scratch, 0x10 source, 0x18 destination, 0x20 bytes, 0x24 copies asked for, 0x28 copies done.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snic_door.h"

#define FUNCS 3u
#define REGS 16u
#define ID 0x4252u

enum { R_ID, R_SCRATCH, R_OTHER, R_SRC = 4, R_DST = 6, R_LEN = 8, R_ASKED, R_DONE };

struct snic_sim {
	struct snic_sim_config cfg;
	struct snic_sim_ops ops;
	void *ctx;
	uint64_t now, due;
	uint32_t reg[FUNCS][REGS], mps, mrrs;
	bool master[FUNCS];
	char error[128];
};

static bool broken(const char *what)
{
	const char *is = getenv("BROKEN");

	return is && !strcmp(is, what);
}

unsigned int snic_sim_abi(void)
{
	return SNIC_SIM_ABI;
}

const struct snic_card *snic_sim_card(void)
{
	static struct snic_card c = {
		.size = sizeof(c),
		.name = "broken",
		.vendor_id = 0x1234,
		.caps = SNIC_CARD_FLR | SNIC_CARD_ARI,
		.settings = SNIC_CARD_CLOCK | SNIC_CARD_SIZES,
		.pf = { .bar = { { .size = 4096 }, { .size = 4096 } }, .msix_vectors = 1, .msix_bar = 1 },
		.vf = { .bar = { { .size = 4096 }, { .size = 4096 } }, .msix_vectors = 1, .msix_bar = 1 },
		.total_vfs = FUNCS - 1,
		.vf_offset = 1,
		.vf_stride = 1,
		.n_ports = 1,
		.wire_gbps = { 10 },
		.frame_max = 1514,
	};
	return &c;
}

void snic_sim_config_default(struct snic_sim_config *c)
{
	*c = (struct snic_sim_config){ .clock_mhz = 250,
				       .wire_gbps = 10,
				       .pcie_gen = 3,
				       .pcie_lanes = 4,
				       .mps = 256,
				       .mrrs = 512,
				       .rcb = 64,
				       .read_latency_ns = 600,
				       .write_latency_ns = 250 };
}

static void power_up(struct snic_sim *s, unsigned int func)
{
	memset(s->reg[func], 0, sizeof(s->reg[func]));
	s->reg[func][R_ID] = ID;
	s->reg[func][R_SCRATCH] = 5;
}

struct snic_sim *snic_sim_create(const struct snic_sim_config *cfg, const struct snic_sim_ops *ops, void *ctx,
				 char *err, size_t size)
{
	struct snic_sim *s;

	if (broken("start")) {
		snprintf(err, size, "the PLL does not lock");
		return NULL;
	}
	s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	s->cfg = *cfg;
	s->ops = *ops;
	s->ctx = ctx;
	s->mps = cfg->mps;
	s->mrrs = cfg->mrrs;
	s->due = UINT64_MAX;
	for (unsigned int f = 0; f < FUNCS; f++)
		power_up(s, f);
	return s;
}

void snic_sim_destroy(struct snic_sim *s)
{
	free(s);
}

/* So much that no rule is broken, or the whole where that is what is wrong. */
static uint32_t piece(uint64_t addr, uint32_t left, uint32_t most, bool page)
{
	uint32_t n = left < most ? left : most;

	if (page && n > 4096 - addr % 4096)
		n = 4096 - (uint32_t)(addr % 4096);
	return n;
}

static uint64_t wide(const uint32_t *r)
{
	return r[0] | (uint64_t)r[1] << 32;
}

static void copy(struct snic_sim *s, unsigned int func)
{
	const uint8_t as = broken("function") ? 77 : (uint8_t)func;
	const uint32_t most = broken("length") ? 8192 : s->mps;
	uint64_t src = wide(&s->reg[func][R_SRC]), dst = wide(&s->reg[func][R_DST]);
	uint32_t left = s->reg[func][R_LEN], n;
	static uint8_t data[65536];

	left = left > sizeof(data) ? 64 : left;
	for (uint32_t off = 0; off < left; off += n) {
		n = piece(src + off, left - off, s->mrrs, true);
		s->ops.mem_read(s->ctx, as, src + off, data + off, n);
	}
	if (broken("data") && s->cfg.rcb == 128)
		data[64] ^= 1;
	if (broken("memory"))
		dst += 1 << 20;
	for (uint32_t off = 0; off < left; off += n) {
		n = piece(dst + off, left - off, most, !broken("4-kib") && !broken("length"));
		s->ops.mem_write(s->ctx, as, dst + off, data + off, n);
	}
	s->ops.msix(s->ctx, as, broken("vector") ? 3 : 0);
	s->reg[func][R_DONE]++;
}

int snic_sim_run_until(struct snic_sim *s, uint64_t time)
{
	if (s->error[0])
		return -EIO;
	while (broken("hang")) /* QEMU's or a check's process never comes back */
		;
	while (s->due <= time) {
		bool more = false;

		s->now = s->due;
		for (unsigned int f = 0; f < FUNCS; f++) {
			if ((s->master[f] || broken("bus-master")) && s->reg[f][R_DONE] != s->reg[f][R_ASKED])
				copy(s, f);
			more |= s->reg[f][R_DONE] != s->reg[f][R_ASKED];
		}
		/* 40 us a copy */
		s->due = more ? s->now + 40000000 + (broken("quiescent") && s->cfg.no_jump) : UINT64_MAX;
	}
	s->now = time;
	return 0;
}

const char *snic_sim_error(const struct snic_sim *s)
{
	return s->error;
}

uint64_t snic_sim_now(const struct snic_sim *s)
{
	return s->now;
}

static void wake(struct snic_sim *s)
{
	if (s->due == UINT64_MAX)
		s->due = s->now + 1000000;
}

void snic_sim_mmio_write(struct snic_sim *s, uint8_t func, uint32_t offset, uint64_t value, unsigned int size)
{
	static uint32_t life;
	const unsigned int at = offset / 4, f = broken("isolation") && func ? 1 : func;

	if (broken("crash"))
		abort();
	if (broken("alive") && offset == 0xff0)
		snprintf(s->error, sizeof(s->error), "assertion at rtl/broken.sv:7");
	if (size < 4 && broken("bytes"))
		s->reg[f][R_SCRATCH] = (uint32_t)value;
	for (unsigned int i = 0; i < size / 4; i++) /* parts of a register are no writes */
		if (at + i < REGS && at + i != R_ID && at + i != R_DONE)
			s->reg[f][at + i] = (uint32_t)(value >> 32 * i);
	if (broken("access") && at == R_SCRATCH && size == 4)
		s->reg[f][at - 1] = s->reg[f][at + 1] = (uint32_t)value;
	if (broken("same"))
		s->reg[f][R_OTHER] = ++life;
	if (at == R_ASKED)
		wake(s);
}

uint64_t snic_sim_mmio_read(struct snic_sim *s, uint8_t func, uint32_t offset, unsigned int size)
{
	const unsigned int at = offset / 4, f = broken("isolation") && func ? 1 : func;
	uint64_t v = 0;

	if (s->error[0])
		return UINT64_MAX >> (64 - 8 * size);
	snic_sim_run_until(s, s->now + 1000000);
	if (at < REGS)
		v = s->reg[f][at];
	if (size == 8 && at + 1 < REGS && !broken("wide"))
		v |= (uint64_t)s->reg[f][at + 1] << 32;
	if (size < 4)
		v = v >> 8 * (offset % 4) & ((1u << 8 * size) - 1);
	return v;
}

void snic_sim_bus_master(struct snic_sim *s, uint8_t func, bool on)
{
	if (!broken("master-off") || on)
		s->master[func] = on;
	wake(s);
}

void snic_sim_flr(struct snic_sim *s, uint8_t func)
{
	if (broken("flr-at-work"))
		s->master[func] = true, s->reg[func][R_ASKED] += 100; /* goes on as if nothing had been */
	else if (broken("flr"))
		s->reg[func][R_ASKED] = s->reg[func][R_DONE] = 0;
	else
		power_up(s, func);
}

int snic_sim_sizes(struct snic_sim *s, uint32_t mps, uint32_t mrrs)
{
	s->mps = broken("sizes-change") ? s->mps : mps;
	s->mrrs = mrrs;
	return 0;
}

int snic_sim_fault_parse(const char *text, struct snic_sim_fault *f, char *err, size_t size)
{
	(void)text, (void)f;
	snprintf(err, size, "it has no faults");
	return -EINVAL;
}

int snic_sim_wire_rx(struct snic_sim *s, unsigned int port, const void *frame, size_t len, bool bad,
		     uint64_t time, uint64_t *end)
{
	(void)s, (void)port, (void)frame, (void)len, (void)bad;
	*end = time;
	return 0;
}

/* Nobody calls the others. */
#define NONE(name)                                                                                           \
	void stub_##name(void) __asm__("snic_sim_" #name);                                                   \
	void stub_##name(void) {}
NONE(config_check)
NONE(fault_check)
NONE(histogram)
NONE(next_event)
NONE(next_delivery)
NONE(fault_add)
NONE(fault_clear)
NONE(fault_hits)
NONE(wire_rx_pending)
NONE(wave)
NONE(stats)
NONE(activity)
NONE(flavour)
