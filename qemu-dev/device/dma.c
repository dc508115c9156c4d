/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the RTL asks of the host: memory and messages, always in the name of one
 * function. These run inside the door, so nothing here may lead back to it:
 * DMA reaches RAM only, and messages wait until the RTL has returned.
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/pci/msix.h"

#include "snic.h"
#include "trace.h"

/* The function, if it is there and may master the bus. */
static PCIDevice *snic_master(SnicCard *card, uint8_t number)
{
    SnicFunc *f = card->func[number];
    PCIDevice *dev = f ? PCI_DEVICE(f) : NULL;

    if (dev && (pci_get_word(dev->config + PCI_COMMAND) & PCI_COMMAND_MASTER)) {
        return dev;
    }
    return NULL;
}

static int snic_dma(SnicCard *card, uint8_t number, uint64_t addr, void *buf,
                    size_t len, DMADirection dir)
{
    PCIDevice *dev = snic_master(card, number);
    MemTxAttrs attrs = { .memory = 1 };
    MemTxResult r;

    if (!dev) {
        card->count.dma_refused++;
        trace_snic_dma_refused(number, addr, len);
        return -EACCES;
    }
    attrs.requester_id = pci_requester_id(dev);
    r = pci_dma_rw(dev, addr, buf, len, dir, attrs);
    trace_snic_dma(number, dir == DMA_DIRECTION_TO_DEVICE ? "read" : "write",
                   addr, len, r);
    if (r != MEMTX_OK) {
        card->count.dma_failed++;
        qemu_log_mask(LOG_GUEST_ERROR,
                      "snic: function %u: DMA %s of %zu B at 0x%" PRIx64
                      ": no memory there\n",
                      number, dir == DMA_DIRECTION_TO_DEVICE ? "read" : "write",
                      len, addr);
        return -EFAULT;
    }
    return 0;
}

static int snic_mem_read(void *ctx, uint8_t func, uint64_t addr, void *buf,
                         size_t len)
{
    SnicCard *card = ctx;

    card->count.dma_reads++;
    return snic_dma(card, func, addr, buf, len, DMA_DIRECTION_TO_DEVICE);
}

static int snic_mem_write(void *ctx, uint8_t func, uint64_t addr,
                          const void *buf, size_t len)
{
    SnicCard *card = ctx;

    card->count.dma_writes++;
    return snic_dma(card, func, addr, (void *)buf, len,
                    DMA_DIRECTION_FROM_DEVICE);
}

static void snic_msix(void *ctx, uint8_t func, uint8_t vector)
{
    SnicCard *card = ctx;
    SnicIrq irq = { func, vector };

    g_array_append_val(card->irqs, irq);
}

/*
 * The RTL never runs ahead of the guest, so messages that arrived during a run
 * are all due now.
 */
void snic_raise_interrupts(SnicCard *card)
{
    unsigned i;

    if (!card->irqs->len) {
        return;
    }
    for (i = 0; i < card->irqs->len; i++) {
        SnicIrq irq = g_array_index(card->irqs, SnicIrq, i);
        PCIDevice *dev = snic_master(card, irq.func);

        if (!dev || irq.vector >= dev->msix_entries_nr) {
            card->count.interrupts_refused++;
            trace_snic_msix_refused(irq.func, irq.vector);
            continue;
        }
        card->count.interrupts++;
        trace_snic_msix(irq.func, irq.vector);
        msix_notify(dev, irq.vector);
    }
    g_array_set_size(card->irqs, 0);
}

const struct snic_sim_ops snic_dma_ops = {
    .mem_read = snic_mem_read,
    .mem_write = snic_mem_write,
    .msix = snic_msix,
    .wire_tx = snic_wire_tx,
};
