/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Plain functions: for hosts without SR-IOV. They come and go with the PF, at the
 * device's further function numbers, and are what VFs are behind the door.
 */
#include "qemu/osdep.h"
#include "qemu/module.h"

#include "pf.h"

OBJECT_DECLARE_SIMPLE_TYPE(SnicPlain, SNIC_PLAIN)

struct SnicPlain {
    SnicFunc func;
    SnicPF *pf;
};

bool snic_plain_init(SnicPF *pf, Error **errp)
{
    PCIDevice *dev = PCI_DEVICE(pf);
    unsigned i;

    if (!pf->plain) {
        return true;
    }
    /* QEMU asks for both of function 0, before it takes another one */
    dev->cap_present |= QEMU_PCI_CAP_MULTIFUNCTION;
    dev->config[PCI_HEADER_TYPE] |= PCI_HEADER_TYPE_MULTI_FUNCTION;
    for (i = 1; i <= pf->plain; i++) {
        PCIDevice *f = pci_new(dev->devfn + i, TYPE_SNIC_PLAIN);

        qdev_prop_set_bit(DEVICE(f), "multifunction", true);
        SNIC_PLAIN(f)->pf = pf;
        if (!pci_realize_and_unref(f, pci_get_bus(dev), errp)) {
            snic_plain_exit(pf);
            return false;
        }
    }
    return true;
}

void snic_plain_exit(SnicPF *pf)
{
    unsigned i;

    for (i = 1; i <= pf->plain; i++) {
        if (pf->card.func[i]) {
            object_unparent(OBJECT(pf->card.func[i]));
        }
    }
}

static void snic_plain_realize(PCIDevice *dev, Error **errp)
{
    SnicPF *pf = SNIC_PLAIN(dev)->pf;
    unsigned number = dev->devfn - PCI_DEVICE(pf)->devfn;

    if (snic_func_realize(SNIC_FUNC(dev), &pf->card, number, errp)) {
        snic_ari(SNIC_FUNC(dev), number < pf->plain ? number + 1 : 0);
    }
}

static void snic_plain_exit_one(PCIDevice *dev)
{
    SnicFunc *f = SNIC_FUNC(dev);

    snic_func_quiet(f);
    snic_func_exit(f);
}

static void snic_plain_reset(DeviceState *dev)
{
    SnicFunc *f = SNIC_FUNC(dev);

    snic_func_reset(f);
    snic_func_quiet(f);
}

static void snic_plain_class_init(ObjectClass *klass, void *data)
{
    DeviceClass *dc = DEVICE_CLASS(klass);
    PCIDeviceClass *pc = PCI_DEVICE_CLASS(klass);

    dc->desc = "Cosnic plain function";
    dc->user_creatable = false;
    dc->hotpluggable = true;
    snic_class_reset(dc, snic_plain_reset);
    set_bit(DEVICE_CATEGORY_NETWORK, dc->categories);
    pc->realize = snic_plain_realize;
    pc->exit = snic_plain_exit_one;
}

static const TypeInfo snic_plain_info = {
    .name = TYPE_SNIC_PLAIN,
    .parent = TYPE_SNIC_FUNC,
    .instance_size = sizeof(SnicPlain),
    .class_init = snic_plain_class_init,
};

static void snic_plain_register(void)
{
    type_register_static(&snic_plain_info);
}
type_init(snic_plain_register)
