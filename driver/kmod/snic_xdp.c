// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * XDP. Frames of XDP_TX and redirects go out on the rings of the stack, under their locks: all of
 * the device's queues stay of use to the stack, and with one CPU a queue nobody contends.
 */
#include <linux/bpf_trace.h>
#include <linux/filter.h>

#include "snic.h"
#include "snic_tx.h"

/* Zero to the shortest frame the device takes; false: no room for that behind the frame. */
static bool pad(struct xdp_frame *xdpf)
{
	u32 missing = SNIC_FRAME_MIN - xdpf->len;
	void *hard_end;

	if (likely(xdpf->len >= SNIC_FRAME_MIN))
		return true;
	hard_end = xdpf->data - xdpf->headroom - sizeof(*xdpf) + xdpf->frame_sz -
		   SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	if (xdpf->data + SNIC_FRAME_MIN > hard_end)
		return false;
	memset(xdpf->data + xdpf->len, 0, missing);
	xdpf->len = SNIC_FRAME_MIN;
	return true;
}

/* Under the queue's lock. */
static bool put_frame(struct snic *nic, struct snic_tx_ring *tx, struct xdp_frame *xdpf,
		      enum snic_tx_kind kind)
{
	struct device *dev = &nic->pdev->dev;
	struct page *page;
	dma_addr_t dma;

	if (unlikely(!snic_tx_room(tx) || xdp_frame_has_frags(xdpf) ||
		     xdpf->len > SNIC_FRAME_MAX || !pad(xdpf)))
		return false;
	if (kind == SNIC_TX_XDP_TX) {
		page = virt_to_head_page(xdpf->data);
		dma = page_pool_get_dma_addr(page) + (xdpf->data - page_address(page));
		dma_sync_single_for_device(dev, dma, xdpf->len, DMA_BIDIRECTIONAL);
	} else {
		dma = dma_map_single(dev, xdpf->data, xdpf->len, DMA_TO_DEVICE);
		if (unlikely(dma_mapping_error(dev, dma)))
			return false;
	}
	*snic_tx_next(tx) = (struct snic_tx_buf){
		.xdpf = xdpf, .dma = dma, .len = xdpf->len, .kind = kind
	};
	snic_txq_put_buf(&tx->q, dma, xdpf->len, true, READ_ONCE(nic->tx_to));
	return true;
}

static void count(struct snic_tx_ring *tx, u32 ok, u32 bytes, u32 err)
{
	u64_stats_update_begin(&tx->syncp);
	tx->stats.packets += ok;
	tx->stats.bytes += bytes;
	tx->stats.xdp_xmit += ok;
	tx->stats.xdp_xmit_err += err;
	u64_stats_update_end(&tx->syncp);
}

static bool xdp_tx(struct snic_pair *pair, struct xdp_buff *xdp)
{
	struct xdp_frame *xdpf = xdp_convert_buff_to_frame(xdp);
	struct snic_tx_ring *tx = &pair->tx;
	bool ok;

	if (unlikely(!xdpf))
		return false;
	__netif_tx_lock(tx->nq, smp_processor_id());
	txq_trans_cond_update(tx->nq);
	ok = put_frame(pair->nic, tx, xdpf, SNIC_TX_XDP_TX);
	count(tx, ok, ok ? xdpf->len : 0, !ok);
	__netif_tx_unlock(tx->nq);
	return ok;
}

/* SNIC_XDP_PASS: the page is still the caller's. Else it is not. NAPI, inside the RX statistics. */
enum snic_xdp_result snic_xdp_run(struct snic_pair *pair, struct bpf_prog *prog,
				  struct xdp_buff *xdp)
{
	struct net_device *netdev = pair->nic->netdev;
	struct snic_rx_stats *stats = &pair->rx.stats;
	u32 act = bpf_prog_run_xdp(prog, xdp);

	switch (act) {
	case XDP_PASS:
		stats->xdp_pass++;
		return SNIC_XDP_PASS;
	case XDP_TX:
		if (unlikely(!xdp_tx(pair, xdp)))
			break;
		stats->xdp_tx++;
		return SNIC_XDP_TX;
	case XDP_REDIRECT:
		if (unlikely(xdp_do_redirect(netdev, xdp, prog)))
			break;
		stats->xdp_redirect++;
		return SNIC_XDP_REDIRECT;
	case XDP_DROP:
		stats->xdp_drop++;
		page_pool_recycle_direct(pair->rx.pool, virt_to_head_page(xdp->data));
		return SNIC_XDP_GONE;
	case XDP_ABORTED:
		break;
	default:
		bpf_warn_invalid_xdp_action(netdev, prog, act);
		break;
	}
	trace_xdp_exception(netdev, prog, act);
	stats->xdp_err++;
	page_pool_recycle_direct(pair->rx.pool, virt_to_head_page(xdp->data));
	return SNIC_XDP_GONE;
}

/* End of a poll: one doorbell for its XDP_TX, and what redirects have gathered. */
void snic_xdp_flush(struct snic_pair *pair, unsigned int results)
{
	struct snic_tx_ring *tx = &pair->tx;

	if (results & BIT(SNIC_XDP_REDIRECT))
		xdp_do_flush();
	if (results & BIT(SNIC_XDP_TX)) {
		__netif_tx_lock(tx->nq, smp_processor_id());
		snic_tx_kick(tx);
		__netif_tx_unlock(tx->nq);
	}
}

int snic_xdp_xmit(struct net_device *netdev, int n, struct xdp_frame **frames, u32 flags)
{
	struct snic *nic = netdev_priv(netdev);
	u32 bytes = 0, cpu = smp_processor_id();
	struct snic_tx_ring *tx;
	int i;

	if (unlikely(flags & ~XDP_XMIT_FLAGS_MASK))
		return -EINVAL;
	if (unlikely(!test_bit(SNIC_UP, &nic->state)))
		return -ENETDOWN;
	tx = &nic->pair[cpu % nic->cfg.n_pair].tx;
	__netif_tx_lock(tx->nq, cpu);
	/* snic_down() clears the bit, then takes this lock */
	if (unlikely(!test_bit(SNIC_UP, &nic->state))) {
		__netif_tx_unlock(tx->nq);
		return -ENETDOWN;
	}
	txq_trans_cond_update(tx->nq);
	for (i = 0; i < n; i++) {
		if (!put_frame(nic, tx, frames[i], SNIC_TX_XDP_NDO))
			break;
		bytes += frames[i]->len;
	}
	count(tx, i, bytes, n - i);
	if (flags & XDP_XMIT_FLUSH)
		snic_tx_kick(tx);
	__netif_tx_unlock(tx->nq);
	return i;
}

/*
 * Buffers always have the headroom and the DMA direction for it: a program is a pointer. It sees
 * frames in one buffer.
 */
int snic_bpf(struct net_device *netdev, struct netdev_bpf *bpf)
{
	struct snic *nic = netdev_priv(netdev);
	struct bpf_prog *old;

	if (bpf->command != XDP_SETUP_PROG)
		return -EINVAL;
	if (bpf->prog && snic_rx_scatters(nic, nic->cfg.mtu)) {
		NL_SET_ERR_MSG_MOD(bpf->extack,
				   "frames of this MTU fill several buffers, which XDP programs do not see; set a smaller MTU (1500 fits)");
		return -EOPNOTSUPP;
	}
	old = rtnl_dereference(nic->xdp_prog);
	rcu_assign_pointer(nic->xdp_prog, bpf->prog);
	if (old)
		bpf_prog_put(old);
	return 0;
}
