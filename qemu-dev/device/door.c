/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "qemu/osdep.h"
#include "qapi/error.h"

#include <dlfcn.h>

#include "door.h"

bool snic_door_open(SnicDoor *door, const char *path, Error **errp)
{
    typeof(snic_sim_abi) *abi;

    if (!path) {
        error_setg(errp, "sim is not set: name the RTL library, such as "
                         "sim=build/fast/libsnic_sim.so");
        return false;
    }
    door->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!door->library) {
        error_setg(errp, "the RTL library does not load: %s", dlerror());
        return false;
    }
    abi = dlsym(door->library, "snic_sim_abi");
    if (!abi) {
        error_setg(errp, "%s is no RTL library: it has no snic_sim_abi", path);
        goto fail;
    }
    if (abi() != SNIC_SIM_ABI) {
        error_setg(errp,
                   "%s has interface %u, this QEMU was built for %u: "
                   "build both from one tree",
                   path, abi(), SNIC_SIM_ABI);
        goto fail;
    }
#define SNIC_DOOR_LOOKUP(name)                                                 \
    door->name = dlsym(door->library, "snic_sim_" #name);                      \
    if (!door->name) {                                                         \
        error_setg(errp, "%s lacks snic_sim_" #name, path);                    \
        goto fail;                                                             \
    }
    SNIC_DOOR_FUNCTIONS(SNIC_DOOR_LOOKUP)
#undef SNIC_DOOR_LOOKUP
    return true;
fail:
    snic_door_close(door);
    return false;
}

void snic_door_close(SnicDoor *door)
{
    dlclose(door->library);
    *door = (SnicDoor){};
}
