/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A virtual function: made and unmade by QEMU's SR-IOV code, never by -device. */
#include "qemu/osdep.h"
#include "qemu/module.h"

#include "pf.h"
#include "trace.h"

static void snic_vf_realize(PCIDevice *dev, Error **errp)
{
    SnicPF *pf = SNIC(pcie_sriov_get_pf(dev));

    if (snic_func_realize(SNIC_FUNC(dev), &pf->card,
                          pcie_sriov_vf_number(dev) + 1, errp)) {
        snic_ari(SNIC_FUNC(dev), 0);
    }
}

/* The function's state in the RTL does not outlive it. */
static void snic_vf_quiet(SnicFunc *f)
{
    snic_set_bus_master(f, false);
    if (f->used) {
        snic_flr(f);
    }
}

static void snic_vf_exit(PCIDevice *dev)
{
    SnicFunc *f = SNIC_FUNC(dev);

    snic_vf_quiet(f);
    snic_func_exit(f);
}

static void snic_vf_reset(DeviceState *dev)
{
    SnicFunc *f = SNIC_FUNC(dev);

    snic_func_reset(f);
    snic_vf_quiet(f);
}

static void snic_vf_init(Object *obj)
{
    trace_snic_vf_made(obj);
}

static void snic_vf_finalize(Object *obj)
{
    trace_snic_vf_freed(obj);
}

static void snic_vf_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

    dc->desc = "Cosnic virtual function";
    dc->user_creatable = false;
    snic_class_reset(dc, snic_vf_reset);
    set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
    pc->realize = snic_vf_realize;
    pc->exit = snic_vf_exit;
}

static const TypeInfo snic_vf_info = {
    .name = TYPE_SNIC_VF,
    .parent = TYPE_SNIC_FUNC,
    .instance_init = snic_vf_init,
    .instance_finalize = snic_vf_finalize,
    .class_init = snic_vf_class_init,
};

static void snic_vf_register(void)
{
    type_register_static(&snic_vf_info);
}
type_init(snic_vf_register)
