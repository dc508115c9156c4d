/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The RTL as a shared library, loaded when the device is made. */
#ifndef SNIC_DOOR_H
#define SNIC_DOOR_H

#include "../../rtl/sim/snic_sim.h"

/* The functions of snic_sim.h, by their names without prefix. */
#define SNIC_DOOR_FUNCTIONS(F)                                                 \
    F(config_default)                                                          \
    F(config_check)                                                            \
    F(histogram)                                                               \
    F(create)                                                                  \
    F(destroy)                                                                 \
    F(run_until)                                                               \
    F(error)                                                                   \
    F(now)                                                                     \
    F(next_event)                                                              \
    F(next_delivery)                                                           \
    F(mmio_write)                                                              \
    F(mmio_read)                                                               \
    F(bus_master)                                                              \
    F(flr)                                                                     \
    F(wire_rx)                                                                 \
    F(wire_rx_pending)                                                         \
    F(sizes)                                                                   \
    F(fault_parse)                                                             \
    F(fault_add)                                                               \
    F(fault_clear)                                                             \
    F(wave)                                                                    \
    F(stats)                                                                   \
    F(flavour)

typedef struct SnicDoor {
    void *library;
#define SNIC_DOOR_POINTER(name) typeof(snic_sim_##name) *name;
    SNIC_DOOR_FUNCTIONS(SNIC_DOOR_POINTER)
#undef SNIC_DOOR_POINTER
} SnicDoor;

bool snic_door_open(SnicDoor *door, const char *path, Error **errp);
void snic_door_close(SnicDoor *door);

#endif
