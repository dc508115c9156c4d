/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host around the card: memory that functions own page by page (an IOMMU that refuses what a function does not
 * own), the bus that the poll-mode driver drives, and the door behind it. The RTL library is loaded at run time.
 */
#ifndef COSNIC_HOST_H
#define COSNIC_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "snic_pmd.h"
#include "snic_sim.h"

struct host;

typedef void (*host_wire_fn)(void *ctx, unsigned int port, const void *frame, size_t len, uint64_t time_ps);

/* library: path of libsnic_sim.so. NULL: err says why. */
struct host *host_open(const char *library, const struct snic_sim_config *cfg, host_wire_fn wire_tx,
		       void *ctx, char *err, size_t err_size);
void host_close(struct host *h);

typedef void (*host_irq_fn)(void *ctx, unsigned int func, unsigned int vector);

const struct snic_pmd_bus *host_bus(struct host *h);

/* The door's functions, by its own names. */
int host_run_until(struct host *h, uint64_t time_ps);
uint64_t host_now(const struct host *h);
uint64_t host_next_event(const struct host *h);
uint64_t host_next_delivery(const struct host *h);
const char *host_error(const struct host *h);
int host_wire_rx(struct host *h, unsigned int port, const void *frame, size_t len, uint64_t time_ps,
		 uint64_t *end_ps);
size_t host_wire_rx_pending(const struct host *h, unsigned int port);
int host_wave(struct host *h, const char *path, uint64_t from_ps, uint64_t to_ps);
void host_stats(const struct host *h, struct snic_sim_stats *out);
uint32_t host_activity(struct host *h);
int host_fault_add(struct host *h, const struct snic_sim_fault *f);
int host_sizes(struct host *h, uint32_t mps, uint32_t mrrs);
int host_fault_clear(struct host *h, int id);
uint64_t host_fault_hits(const struct host *h, int id);
const char *host_flavour(const struct host *h);

/* When the device last wrote the 64 B line at p; 0 never. */
uint64_t host_written_ps(const struct host *h, const void *p);
/* fn is told when the device writes memory; NULL: nobody is. */
typedef void (*host_write_fn)(void *ctx, uint64_t time_ps);
void host_on_write(struct host *h, host_write_fn fn, void *ctx);
/* DMA to memory that the function does not own, refused. */
uint64_t host_foreign_dma(const struct host *h);
/* Reads and writes of memory under the function's id, refused ones too. */
uint64_t host_dma_count(const struct host *h, unsigned int func);
uint64_t host_interrupts(const struct host *h);
/* fn sees each message as it arrives; NULL: none. */
void host_on_interrupt(struct host *h, host_irq_fn fn, void *ctx);
void host_flr(struct host *h, unsigned int func);

#endif
