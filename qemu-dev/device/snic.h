/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cosnic's PCIe shell: configuration space, SR-IOV, BARs, MSI-X and time around
 * the RTL. What a NIC does is all behind the door (door.h).
 */
#ifndef SNIC_H
#define SNIC_H

#include "compat.h"

#include "../../rtl/sim/snic_door.h"
#include "wire.h"

#define TYPE_SNIC_FUNC "snic-function"
#define TYPE_SNIC "snic"
#define TYPE_SNIC_VF "snic-vf"
#define TYPE_SNIC_PLAIN "snic-plain"
#define TYPE_COSNIC_CARD "cosnic-card"
OBJECT_DECLARE_SIMPLE_TYPE(SnicFunc, SNIC_FUNC)
OBJECT_DECLARE_SIMPLE_TYPE(SnicPF, SNIC)

/* A BAR of a function; the one of MSI-X tables is the shell's, the others lead to the RTL. */
typedef struct SnicBar {
    SnicFunc *func;
    uint32_t base; /* of its offsets at the door */
    MemoryRegion region;
} SnicBar;

/* One function: what PF and VFs have in common. */
struct SnicFunc {
    PCIDevice parent_obj;

    SnicCard *card;
    uint8_t number;        /* as the RTL counts: 0 is the PF, n VF n or plain */
    bool bus_master;       /* what the RTL was told last */
    bool used;             /* the RTL has heard of it since its last reset */
    QEMUTimer *lost_timer; /* a read that is lost is given up: errors.c */
    SnicBar bar[SNIC_CARD_BARS];
};

typedef struct SnicIrq {
    uint8_t func, vector;
} SnicIrq;

typedef struct SnicCounts {
    uint64_t mmio_reads, mmio_writes;
    uint64_t dma_reads, dma_writes, dma_failed, dma_refused;
    uint64_t interrupts, interrupts_refused;
    uint64_t reentrant_refused;
    uint64_t timer_wakes;
    uint64_t resets;
} SnicCounts;

#define SNIC_MAX_FAULTS 16
#define SNIC_FAULTS_PATIENCE_US 50000

/* What goes wrong on purpose. */
typedef struct SnicFaults {
    char *text; /* the property, a semicolon between them */
    bool wait;  /* until the guest switches them on */
    struct snic_sim_fault list[SNIC_MAX_FAULTS];
    int id[SNIC_MAX_FAULTS];        /* the door's, of those that have been on */
    uint64_t hits[SNIC_MAX_FAULTS]; /* that have been reported: errors.c */
    unsigned n;
    uint32_t on;
} SnicFaults;

/* The card: one RTL, its clock, its wires. */
struct SnicCard {
    PCIDevice *pf;
    SnicFunc *func[SNIC_CARD_FUNCS]; /* by number; NULL: not there */

    struct snic_door door;
    struct snic_sim *sim; /* NULL: it did not start again after a reset */
    struct snic_sim_config cfg;
    char *read_latency_file; /* in place of cfg.read_latency_ns */
    uint32_t mps, mrrs;      /* as the guest has set them; 0: it has not */
    uint16_t devctl2;        /* of the PF, as the RTL has been told */
    SnicFaults faults;

    bool gone;        /* the RTL has failed: all ones from now on */
    bool running;     /* inside the door: nobody may enter */
    bool reset_waits; /* a reset came while inside */
    bool used;        /* the RTL has been told something since it was made */
    GArray *irqs;     /* have arrived, to be raised outside the door */

    /* Device time epoch_ps is virtual time epoch_ns. */
    bool free_running;
    int64_t epoch_ns;
    uint64_t epoch_ps;
    QEMUTimer *timer, *gone_timer;

    SnicPort port[SNIC_CARD_PORTS];
    GQueue frames;  /* have left a port, to be handed on outside the door */
    bool line_rate; /* replays do not keep to the times of their captures */

    char *stats_path, *wave_path;
    bool stats_written;
    uint64_t wave_from_ns, wave_to_ns;
    Notifier exit_notifier;
    SnicCounts count;
    struct snic_sim_stats past; /* of the RTLs before the last reset */
    int64_t wall_ns;            /* spent in the RTL */
};

/* func.c: configuration space, BARs, reset of a function */
uint8_t snic_bar_type(const struct snic_card_bar *bar);
bool snic_func_realize(SnicFunc *f, SnicCard *card, uint8_t number,
                       Error **errp);
void snic_func_exit(SnicFunc *f);
/* Alternative routing ids: after the capabilities of snic_func_realize(). next: 0, or the next plain function. */
void snic_ari(SnicFunc *f, uint8_t next);
/* True: a function level reset; else the slot's. */
bool snic_func_reset(SnicFunc *f);

uint32_t snic_config_read(PCIDevice *dev, uint32_t addr, int len);
void snic_config_write(PCIDevice *dev, uint32_t addr, uint32_t val, int len);

/* devctl2.c: the completion timeout of Device Control 2 */
void snic_devctl2_init(SnicFunc *f);
void snic_devctl2_written(SnicFunc *f);
void snic_devctl2_reset(SnicFunc *f);
/* When a read that is never answered has been given up, in ns; 0: never. */
uint64_t snic_devctl2_timeout_ns(const SnicCard *card);

/* errors.c: what went wrong, as the card's PCIe port reports it */
void snic_errors_init(SnicFunc *f);
void snic_errors_reset(SnicFunc *f);
void snic_errors_exit(SnicFunc *f);
void snic_errors_look(SnicCard *card);

/* faults.c: what goes wrong on purpose; bit i is fault i */
bool snic_faults_open(SnicCard *card, Error **errp);
void snic_faults_start(SnicCard *card);
void snic_faults_set(SnicCard *card, uint32_t on);

/* card.c: the RTL's life */
bool snic_card_open(SnicCard *card, const char *library, Error **errp);
bool snic_card_has(const SnicCard *card, enum snic_card_cap cap);
void snic_card_close(SnicCard *card);
void snic_card_reset(SnicCard *card);
void snic_card_failed(SnicCard *card);

/* stats.c */
void snic_stats_fold(SnicCard *card);
void snic_stats_write(SnicCard *card);

/* time.c: every call into the RTL, at the guest's time */
uint64_t snic_read(SnicFunc *f, hwaddr addr, unsigned size);
void snic_write(SnicFunc *f, hwaddr addr, uint64_t value, unsigned size);
void snic_set_bus_master(SnicFunc *f, bool on);
void snic_flr(SnicFunc *f);
void snic_charge_config(SnicCard *card);
bool snic_time_init(SnicCard *card, Error **errp);
void snic_time_start(SnicCard *card);
void snic_time_stop(SnicCard *card);
void snic_time_exit(SnicCard *card);
/* Around what else calls into the RTL: false when that may not be now. */
bool snic_enter(SnicCard *card);
/* Up to the guest's now. */
void snic_sync(SnicCard *card);
void snic_leave(SnicCard *card);
int64_t snic_ns(const SnicCard *card, uint64_t ps);
uint64_t snic_ps(const SnicCard *card, int64_t ns);

/* dma.c: what the RTL calls */
extern const struct snic_sim_ops snic_dma_ops;
void snic_raise_interrupts(SnicCard *card);

#endif
