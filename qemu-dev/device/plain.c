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

static void snic_plain_class_init(ObjectClass *klass, void *data)
{
    DEVICE_CLASS(klass)->desc = "Cosnic plain function";
    PCI_DEVICE_CLASS(klass)->realize = snic_plain_realize;
}

static const TypeInfo snic_plain_info = {
    .name = TYPE_SNIC_PLAIN,
    .parent = TYPE_SNIC_VF, /* it comes, goes and is reset as these do */
    .instance_size = sizeof(SnicPlain),
    .class_init = snic_plain_class_init,
};

static void snic_plain_register(void)
{
    type_register_static(&snic_plain_info);
}
type_init(snic_plain_register)
