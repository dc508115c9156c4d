// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Linux driver of the example card (rtl/example): one TX and one RX ring, one MSI-X vector, NAPI. Frames are copied between
 * skbs and the rings' own buffers, so that there is nothing to map and nothing to free while the card works. A template to
 * start from, next to a card that is as small.
 */
#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/if_vlan.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>

enum {
#define EXAMPLE(name, value, meaning) EX_##name = (value),
#include "example.def"
#undef EXAMPLE
};

#define STATUS_LINK BIT(0)
#define STATUS_DMA BIT(1)
#define STOP_US 10000

struct example_desc {
	__le64 addr;
	__le32 len;
	__le32 flags;
};

struct example_ring {
	struct example_desc *desc;
	dma_addr_t desc_dma;
	u8 *buf; /* EX_RING of EX_BUF_BYTES */
	dma_addr_t buf_dma;
	u16 head, tail; /* taken back from the card, given to it */
};

struct example {
	struct net_device *netdev;
	struct pci_dev *pdev;
	void __iomem *regs;
	struct napi_struct napi;
	struct example_ring tx, rx;
	int irq;
};

static u32 rd(struct example *ex, u32 reg)
{
	return readl(ex->regs + reg);
}

static void wr(struct example *ex, u32 reg, u32 value)
{
	writel(value, ex->regs + reg);
}

static dma_addr_t buf_dma(const struct example_ring *r, u16 i)
{
	return r->buf_dma + i % EX_RING * EX_BUF_BYTES;
}

static u8 *buf(const struct example_ring *r, u16 i)
{
	return r->buf + i % EX_RING * EX_BUF_BYTES;
}

static u16 used(const struct example_ring *r)
{
	return r->tail - READ_ONCE(r->head);
}

/* ---- rings: page allocations, so aligned as the card wants them */

static void ring_free(struct example *ex, struct example_ring *r)
{
	struct device *dev = &ex->pdev->dev;

	if (r->buf)
		dma_free_coherent(dev, EX_RING * EX_BUF_BYTES, r->buf, r->buf_dma);
	if (r->desc)
		dma_free_coherent(dev, PAGE_SIZE, r->desc, r->desc_dma);
	memset(r, 0, sizeof(*r));
}

static int ring_alloc(struct example *ex, struct example_ring *r)
{
	struct device *dev = &ex->pdev->dev;

	r->desc = dma_alloc_coherent(dev, PAGE_SIZE, &r->desc_dma, GFP_KERNEL);
	r->buf = dma_alloc_coherent(dev, EX_RING * EX_BUF_BYTES, &r->buf_dma, GFP_KERNEL);
	if (r->desc && r->buf)
		return 0;
	ring_free(ex, r);
	return -ENOMEM;
}

static void rx_give(struct example_ring *r)
{
	struct example_desc *d = &r->desc[r->tail % EX_RING];

	d->addr = cpu_to_le64(buf_dma(r, r->tail));
	d->len = 0;
	d->flags = 0;
	r->tail++;
}

/* ---- TX */

static netdev_tx_t example_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct example *ex = netdev_priv(netdev);
	struct example_ring *r = &ex->tx;
	struct example_desc *d = &r->desc[r->tail % EX_RING];

	if (skb_put_padto(skb, ETH_ZLEN)) {
		netdev->stats.tx_dropped++;
		return NETDEV_TX_OK;
	}
	skb_copy_bits(skb, 0, buf(r, r->tail), skb->len);
	d->addr = cpu_to_le64(buf_dma(r, r->tail));
	d->len = cpu_to_le32(skb->len);
	d->flags = 0;
	netdev->stats.tx_packets++;
	netdev->stats.tx_bytes += skb->len;
	r->tail++;
	if (used(r) == EX_RING) {
		netif_stop_queue(netdev);
		smp_mb(); /* the queue stands still before it is looked at again; with tx_clean() */
		if (used(r) < EX_RING)
			netif_start_queue(netdev);
	}
	if (!netdev_xmit_more() || netif_queue_stopped(netdev))
		wr(ex, EX_TX_TAIL, r->tail);
	dev_consume_skb_any(skb);
	return NETDEV_TX_OK;
}

static void tx_clean(struct example *ex)
{
	struct example_ring *r = &ex->tx;

	if (!used(r))
		return;
	WRITE_ONCE(r->head, rd(ex, EX_TX_HEAD));
	smp_mb(); /* there is room before the queue is looked at; with example_xmit() */
	if (netif_queue_stopped(ex->netdev) && used(r) < EX_RING)
		netif_wake_queue(ex->netdev);
}

/* ---- RX */

static bool rx_one(struct example *ex)
{
	struct net_device *netdev = ex->netdev;
	struct example_ring *r = &ex->rx;
	struct example_desc *d = &r->desc[r->head % EX_RING];
	struct sk_buff *skb;
	u32 len;

	if (!(READ_ONCE(d->flags) & cpu_to_le32(EX_DONE)))
		return false;
	dma_rmb(); /* what else the descriptor says, and the frame, are read behind its flag */
	len = min_t(u32, le32_to_cpu(d->len), EX_FRAME_MAX);
	skb = napi_alloc_skb(&ex->napi, len);
	if (skb) {
		skb_put_data(skb, buf(r, r->head), len);
		skb->protocol = eth_type_trans(skb, netdev);
		netdev->stats.rx_packets++;
		netdev->stats.rx_bytes += len;
		napi_gro_receive(&ex->napi, skb);
	} else {
		netdev->stats.rx_dropped++;
	}
	r->head++;
	rx_give(r);
	return true;
}

static int example_poll(struct napi_struct *napi, int budget)
{
	struct example *ex = container_of(napi, struct example, napi);
	int done = 0;

	tx_clean(ex);
	while (done < budget && rx_one(ex))
		done++;
	if (done)
		wr(ex, EX_RX_TAIL, ex->rx.tail);
	/* what has happened since is a message at once */
	if (done < budget && napi_complete_done(napi, done))
		wr(ex, EX_ARM, 1);
	return done;
}

/* One message an arming: there is nothing to mask. */
static irqreturn_t example_irq(int irq, void *data)
{
	struct example *ex = data;

	napi_schedule_irqoff(&ex->napi);
	return IRQ_HANDLED;
}

/* ---- up and down */

static void example_rings_stop(struct example *ex)
{
	u32 status;

	wr(ex, EX_CTRL, 0);
	/* a card that is gone reads as all ones, and does no DMA either */
	if (read_poll_timeout(rd, status, !(status & STATUS_DMA) || status == ~0u, 10, STOP_US, false, ex, EX_STATUS))
		netdev_err(ex->netdev, "the card does not stop its DMA\n");
}

static int example_open(struct net_device *netdev)
{
	struct example *ex = netdev_priv(netdev);
	int rc, i;

	rc = ring_alloc(ex, &ex->tx);
	if (rc)
		return rc;
	rc = ring_alloc(ex, &ex->rx);
	if (rc) {
		ring_free(ex, &ex->tx);
		return rc;
	}
	for (i = 0; i < EX_RING; i++)
		rx_give(&ex->rx);
	wr(ex, EX_TX_LO, lower_32_bits(ex->tx.desc_dma));
	wr(ex, EX_TX_HI, upper_32_bits(ex->tx.desc_dma));
	wr(ex, EX_TX_TAIL, 0);
	wr(ex, EX_RX_LO, lower_32_bits(ex->rx.desc_dma));
	wr(ex, EX_RX_HI, upper_32_bits(ex->rx.desc_dma));
	wr(ex, EX_RX_TAIL, ex->rx.tail);
	napi_enable(&ex->napi);
	wr(ex, EX_CTRL, 1);
	wr(ex, EX_ARM, 1);
	if (rd(ex, EX_STATUS) & STATUS_LINK)
		netif_carrier_on(netdev);
	netif_start_queue(netdev);
	return 0;
}

static int example_stop(struct net_device *netdev)
{
	struct example *ex = netdev_priv(netdev);

	netif_tx_disable(netdev);
	netif_carrier_off(netdev);
	example_rings_stop(ex);
	synchronize_irq(ex->irq);
	napi_disable(&ex->napi);
	ring_free(ex, &ex->tx);
	ring_free(ex, &ex->rx);
	return 0;
}

static void example_stats(struct net_device *netdev, struct rtnl_link_stats64 *s)
{
	struct example *ex = netdev_priv(netdev);

	netdev_stats_to_stats64(s, &netdev->stats);
	s->rx_missed_errors += rd(ex, EX_RX_DROPPED);
	s->rx_errors += rd(ex, EX_RX_ERRORS);
	s->tx_errors += rd(ex, EX_TX_ERRORS);
}

static const struct net_device_ops example_ops = {
	.ndo_open = example_open,
	.ndo_stop = example_stop,
	.ndo_start_xmit = example_xmit,
	.ndo_get_stats64 = example_stats,
	.ndo_set_mac_address = eth_mac_addr,
	.ndo_validate_addr = eth_validate_addr,
};

static u32 example_link(struct net_device *netdev)
{
	return !!(rd(netdev_priv(netdev), EX_STATUS) & STATUS_LINK);
}

static const struct ethtool_ops example_ethtool = {
	.get_link = example_link,
};

/* ---- the function on the bus */

/* A card's serial number is the EUI-64 made of its MAC. */
static void choose_mac(struct example *ex)
{
	u64 dsn = pci_get_dsn(ex->pdev);
	u8 mac[ETH_ALEN];

	u64_to_ether_addr((dsn >> 40) << 24 | (dsn & 0xffffff), mac);
	if (is_valid_ether_addr(mac))
		eth_hw_addr_set(ex->netdev, mac);
	else
		eth_hw_addr_random(ex->netdev);
}

static int example_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct net_device *netdev;
	struct example *ex;
	int rc;

	rc = pcim_enable_device(pdev);
	if (!rc)
		rc = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (!rc)
		rc = pcim_iomap_regions(pdev, BIT(0), KBUILD_MODNAME);
	if (rc)
		return rc;
	netdev = devm_alloc_etherdev(&pdev->dev, sizeof(*ex));
	if (!netdev)
		return -ENOMEM;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	ex = netdev_priv(netdev);
	ex->netdev = netdev;
	ex->pdev = pdev;
	ex->regs = pcim_iomap_table(pdev)[0];
	if (rd(ex, EX_ID) != EX_ID_VALUE) {
		dev_err(&pdev->dev, "register ID is 0x%x, not 0x%x: another card\n", rd(ex, EX_ID), EX_ID_VALUE);
		return -ENODEV;
	}
	pci_set_drvdata(pdev, ex);
	pci_set_master(pdev);
	rc = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX);
	if (rc < 0)
		return rc;
	ex->irq = pci_irq_vector(pdev, 0);
	rc = request_irq(ex->irq, example_irq, 0, KBUILD_MODNAME, ex);
	if (rc)
		goto free_vectors;
	choose_mac(ex);
	netdev->netdev_ops = &example_ops;
	netdev->ethtool_ops = &example_ethtool;
	netdev->max_mtu = EX_FRAME_MAX - VLAN_ETH_HLEN;
	netif_napi_add(netdev, &ex->napi, example_poll);
	netif_carrier_off(netdev);
	rc = register_netdev(netdev);
	if (rc)
		goto free_irq;
	return 0;

free_irq:
	free_irq(ex->irq, ex);
free_vectors:
	pci_free_irq_vectors(pdev);
	return rc;
}

static void example_remove(struct pci_dev *pdev)
{
	struct example *ex = pci_get_drvdata(pdev);

	unregister_netdev(ex->netdev);
	free_irq(ex->irq, ex);
	pci_free_irq_vectors(pdev);
	pci_clear_master(pdev);
}

/* A function level reset from outside: the card has forgotten all. */
static void example_reset_prepare(struct pci_dev *pdev)
{
	struct example *ex = pci_get_drvdata(pdev);

	rtnl_lock();
	netif_device_detach(ex->netdev);
	if (netif_running(ex->netdev))
		example_stop(ex->netdev);
}

static void example_reset_done(struct pci_dev *pdev)
{
	struct example *ex = pci_get_drvdata(pdev);

	if (!netif_running(ex->netdev) || !example_open(ex->netdev))
		netif_device_attach(ex->netdev);
	rtnl_unlock();
}

static const struct pci_error_handlers example_errors = {
	.reset_prepare = example_reset_prepare,
	.reset_done = example_reset_done,
};

static const struct pci_device_id example_ids[] = {
	{ PCI_DEVICE(EX_PCI_VENDOR, EX_PCI_DEVICE) },
	{},
};
MODULE_DEVICE_TABLE(pci, example_ids);

static struct pci_driver example_driver = {
	.name = KBUILD_MODNAME,
	.id_table = example_ids,
	.probe = example_probe,
	.remove = example_remove,
	.err_handler = &example_errors,
};
module_pci_driver(example_driver);

MODULE_DESCRIPTION("Cosnic's example card");
MODULE_LICENSE("GPL");
