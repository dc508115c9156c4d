/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "snic_contract.h"
#include "snic_door.h"

#define ARENA_BYTES (8ull << 30) /* address space only: pages come as they are touched */
#define ARENA_BUS 0x100000000ull
#define PAGE 4096ull
#define LINE 64ull

struct host {
	struct snic_door door;
	struct snic_sim *sim;
	uint8_t *arena;
	size_t used;
	uint16_t *owner;   /* per page: function + 1, 0: not handed out */
	uint64_t *written; /* per line: time of the last DMA write */
	uint64_t foreign, interrupts;
	uint64_t dma[SNIC_N_FUNC];
	host_wire_fn wire_tx;
	void *wire_ctx;
	host_write_fn write;
	void *write_ctx;
	host_irq_fn irq;
	void *irq_ctx;
	struct snic_pmd_bus bus;
};

/* Host address of what function func may touch at [addr, addr + len), or NULL. */
static uint8_t *dma_address(struct host *h, uint8_t func, uint64_t addr, size_t len)
{
	uint64_t off = addr - ARENA_BUS, page;

	h->dma[func]++;
	if (addr < ARENA_BUS || off >= h->used || len > h->used - off || !len) {
		h->foreign++;
		return NULL;
	}
	for (page = off / PAGE; page <= (off + len - 1) / PAGE; page++) {
		if (h->owner[page] != func + 1) {
			h->foreign++;
			return NULL;
		}
	}
	return h->arena + off;
}

static int mem_read(void *ctx, uint8_t func, uint64_t addr, void *buf, size_t len)
{
	const uint8_t *p = dma_address(ctx, func, addr, len);

	if (!p)
		return -EFAULT;
	memcpy(buf, p, len);
	return 0;
}

static int mem_write(void *ctx, uint8_t func, uint64_t addr, const void *buf, size_t len)
{
	struct host *h = ctx;
	uint8_t *p = dma_address(h, func, addr, len);
	uint64_t line, now;

	if (!p)
		return -EFAULT;
	memcpy(p, buf, len);
	now = h->door.now(h->sim);
	for (line = (addr - ARENA_BUS) / LINE; line <= (addr - ARENA_BUS + len - 1) / LINE; line++)
		h->written[line] = now;
	if (h->write)
		h->write(h->write_ctx, now);
	return 0;
}

static void msix(void *ctx, uint8_t func, uint8_t vector)
{
	struct host *h = ctx;

	h->interrupts++;
	if (h->irq)
		h->irq(h->irq_ctx, func, vector);
}

static void wire_tx(void *ctx, unsigned int port, const void *frame, size_t len, uint64_t time_ps)
{
	struct host *h = ctx;

	h->wire_tx(h->wire_ctx, port, frame, len, time_ps);
}

static void bus_write(void *ctx, unsigned int func, uint32_t offset, uint64_t value, unsigned int size)
{
	struct host *h = ctx;

	h->door.mmio_write(h->sim, (uint8_t)func, offset, value, size);
}

static uint64_t bus_read(void *ctx, unsigned int func, uint32_t offset, unsigned int size)
{
	struct host *h = ctx;

	return h->door.mmio_read(h->sim, (uint8_t)func, offset, size);
}

static void *bus_dma_alloc(void *ctx, unsigned int func, size_t size, uint64_t *bus)
{
	struct host *h = ctx;
	size_t bytes = (size + PAGE - 1) / PAGE * PAGE, page;
	uint8_t *p = h->arena + h->used;

	if (!size || bytes > ARENA_BYTES - h->used)
		return NULL;
	for (page = 0; page < bytes / PAGE; page++)
		h->owner[h->used / PAGE + page] = (uint16_t)(func + 1);
	*bus = ARENA_BUS + h->used;
	h->used += bytes;
	return p;
}

static void bus_master(void *ctx, unsigned int func, bool on)
{
	struct host *h = ctx;

	h->door.bus_master(h->sim, (uint8_t)func, on);
}

static void bus_delay_ns(void *ctx, uint64_t ns)
{
	struct host *h = ctx;

	/* A device that is gone does not run; the driver sees it at its next read. */
	(void)h->door.run_until(h->sim, h->door.now(h->sim) + ns * 1000);
}

static void *reserve(size_t bytes)
{
	void *p =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* What make calls a library: it lies in a folder named by its flavour. */
static const char *target_of(const char *library)
{
	static const char *const others[] = { "trace", "checked", "coverage" };
	static char target[80];
	char end[64];
	size_t i, n = strlen(library);

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(end, sizeof(end), "/%s/libsnic_sim.so", others[i]);
		if (n >= strlen(end) && !strcmp(library + n - strlen(end), end)) {
			snprintf(target, sizeof(target), "build%s", end);
			return target;
		}
	}
	return "all";
}

static int load(struct host *h, const char *library, char *err, size_t err_size)
{
	int ret = snic_door_open(&h->door, library, err, err_size);
	size_t n;

	if (ret == -ENOENT) {
		n = strlen(err);
		snprintf(err + n, err_size - n, "; build it with 'make %s'", target_of(library));
	}
	return ret;
}

struct host *host_open(const char *library, const struct snic_sim_config *cfg, host_wire_fn wire_fn,
		       void *ctx, char *err, size_t err_size)
{
	static const struct snic_sim_ops ops = {
		.mem_read = mem_read,
		.mem_write = mem_write,
		.msix = msix,
		.wire_tx = wire_tx,
	};
	struct host *h = calloc(1, sizeof(*h));

	if (!h) {
		snprintf(err, err_size, "out of memory");
		return NULL;
	}
	h->wire_tx = wire_fn;
	h->wire_ctx = ctx;
	h->bus = (struct snic_pmd_bus){ h, bus_write, bus_read, bus_dma_alloc, bus_master, bus_delay_ns };
	h->arena = reserve(ARENA_BYTES);
	h->owner = reserve(ARENA_BYTES / PAGE * sizeof(*h->owner));
	h->written = reserve(ARENA_BYTES / LINE * sizeof(*h->written));
	if (!h->arena || !h->owner || !h->written) {
		snprintf(err, err_size, "no address space for %llu MB of host memory", ARENA_BYTES >> 20);
		host_close(h);
		return NULL;
	}
	if (!load(h, library, err, err_size))
		h->sim = h->door.create(cfg, &ops, h, err, err_size);
	if (!h->sim) {
		host_close(h);
		return NULL;
	}
	return h;
}

void host_close(struct host *h)
{
	if (!h)
		return;
	if (h->sim)
		h->door.destroy(h->sim);
	if (h->arena)
		munmap(h->arena, ARENA_BYTES);
	if (h->owner)
		munmap(h->owner, ARENA_BYTES / PAGE * sizeof(*h->owner));
	if (h->written)
		munmap(h->written, ARENA_BYTES / LINE * sizeof(*h->written));
	snic_door_close(&h->door);
	free(h);
}

const struct snic_pmd_bus *host_bus(struct host *h)
{
	return &h->bus;
}

int host_run_until(struct host *h, uint64_t time_ps)
{
	return h->door.run_until(h->sim, time_ps);
}

uint64_t host_now(const struct host *h)
{
	return h->door.now(h->sim);
}

uint64_t host_next_event(const struct host *h)
{
	return h->door.next_event(h->sim);
}

uint64_t host_next_delivery(const struct host *h)
{
	return h->door.next_delivery(h->sim);
}

const char *host_error(const struct host *h)
{
	return h->door.error(h->sim);
}

int host_wire_rx(struct host *h, unsigned int port, const void *frame, size_t len, uint64_t time_ps,
		 uint64_t *end_ps)
{
	return h->door.wire_rx(h->sim, port, frame, len, false, time_ps, end_ps);
}

size_t host_wire_rx_pending(const struct host *h, unsigned int port)
{
	return h->door.wire_rx_pending(h->sim, port);
}

int host_wave(struct host *h, const char *path, uint64_t from_ps, uint64_t to_ps)
{
	return h->door.wave(h->sim, path, from_ps, to_ps);
}

void host_stats(const struct host *h, struct snic_sim_stats *out)
{
	h->door.stats(h->sim, out);
}

uint32_t host_activity(struct host *h)
{
	return h->door.activity(h->sim);
}

const char *host_flavour(const struct host *h)
{
	return h->door.flavour();
}

uint64_t host_written_ps(const struct host *h, const void *p)
{
	return h->written[((const uint8_t *)p - h->arena) / LINE];
}

uint64_t host_foreign_dma(const struct host *h)
{
	return h->foreign;
}

void host_on_write(struct host *h, host_write_fn fn, void *ctx)
{
	h->write = fn;
	h->write_ctx = ctx;
}

void host_on_interrupt(struct host *h, host_irq_fn fn, void *ctx)
{
	h->irq = fn;
	h->irq_ctx = ctx;
}

void host_flr(struct host *h, unsigned int func)
{
	h->door.flr(h->sim, (uint8_t)func);
}

int host_fault_add(struct host *h, const struct snic_sim_fault *f)
{
	return h->door.fault_add(h->sim, f);
}

int host_sizes(struct host *h, uint32_t mps, uint32_t mrrs)
{
	return h->door.sizes(h->sim, mps, mrrs);
}

int host_fault_clear(struct host *h, int id)
{
	return h->door.fault_clear(h->sim, id);
}

uint64_t host_fault_hits(const struct host *h, int id)
{
	return h->door.fault_hits(h->sim, id);
}

uint64_t host_dma_count(const struct host *h, unsigned int func)
{
	return h->dma[func];
}

uint64_t host_interrupts(const struct host *h)
{
	return h->interrupts;
}
