// SPDX-License-Identifier: GPL-2.0-or-later
/* Receive: completions to skbs, pages back to the ring. */
#include <linux/bpf_trace.h>
#include <linux/filter.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/gre.h>

#include "snic_rep.h"

static u32 field(const u64 cpl[2], u32 lsb, u32 width)
{
	return (u32)snic_bits_get(cpl, lsb, width);
}

/* False: a page is missing. What there is has been posted. */
bool snic_rx_refill(struct snic_pair *pair)
{
	struct snic_rx_ring *rx = &pair->rx;
	u32 mask = (1u << rx->q.size_log2) - 1;
	bool all = true;

	while ((u16)(rx->q.tail - rx->q.head) <= mask) {
		u32 slot = rx->q.tail & mask;
		struct page *page = rx->page[slot];

		if (!page)
			page = page_pool_dev_alloc_pages(rx->pool);
		else /* the frame was copied or dropped */
			dma_sync_single_range_for_device(&pair->nic->pdev->dev,
							 page_pool_get_dma_addr(page),
							 SNIC_RX_HEADROOM, pair->nic->rx_buf_len,
							 DMA_BIDIRECTIONAL);
		if (unlikely(!page)) {
			u64_stats_update_begin(&rx->syncp);
			rx->stats.alloc_fail++;
			u64_stats_update_end(&rx->syncp);
			all = false;
			break;
		}
		rx->page[slot] = page;
		snic_rxq_post(&rx->q, page_pool_get_dma_addr(page) + SNIC_RX_HEADROOM);
	}
	snic_rxq_kick(&rx->q);
	return all;
}

void snic_rx_free_all(struct snic_pair *pair)
{
	struct snic_rx_ring *rx = &pair->rx;
	u64 cpl[2];
	u32 i;

	if (!rx->q.hw) /* was never started */
		return;
	while (snic_rxq_next(&rx->q, cpl)) {
		u64_stats_update_begin(&rx->syncp);
		rx->stats.unread += !snic_rx_more(cpl);
		u64_stats_update_end(&rx->syncp);
	}
	dev_kfree_skb(rx->skb);
	rx->skb = NULL;
	rx->more = false;
	for (i = 0; i < 1u << rx->q.size_log2; i++) {
		if (rx->page[i])
			page_pool_put_full_page(rx->pool, rx->page[i], false);
		rx->page[i] = NULL;
	}
}

/* The outer L4 header, where the outer IP header has no options. */
static const void *outer_l4(const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const void *)skb->data;
	const struct ipv6hdr *ip6 = (const void *)(eth + 1);
	const struct iphdr *ip = (const void *)(eth + 1);

	if (skb_headlen(skb) < ETH_HLEN + sizeof(*ip6) + sizeof(struct udphdr))
		return NULL;
	if (eth->h_proto == htons(ETH_P_IP) && ip->ihl == 5)
		return ip + 1;
	if (eth->h_proto == htons(ETH_P_IPV6) &&
	    (ip6->nexthdr == IPPROTO_UDP || ip6->nexthdr == IPPROTO_GRE))
		return ip6 + 1;
	return NULL;
}

/*
 * How many checksums the stack takes off csum_level before it comes to the inner one; negative: it
 * would ask for one that was not verified. UDP takes one, also when it is zero (skbuff.h,
 * __skb_checksum_validate_needed); GRE takes none where it has none.
 */
static int csums_before_inner(const struct sk_buff *skb, u32 tun, bool outer_ok)
{
	const void *l4;

	if (outer_ok)
		return 1;
	l4 = outer_l4(skb);
	if (!l4)
		return -1;
	switch (tun) {
	case SNIC_TUN_VXLAN:
	case SNIC_TUN_GENEVE:
		return ((const struct udphdr *)l4)->check ? -1 : 1;
	case SNIC_TUN_GRE:
	case SNIC_TUN_NVGRE:
		return ((const struct gre_base_hdr *)l4)->flags & GRE_CSUM ? -1 : 0;
	default:
		return -1;
	}
}

static bool is_tcp_udp(u32 l4)
{
	return l4 == SNIC_L4_TCP || l4 == SNIC_L4_UDP;
}

static void set_csum(const struct net_device *netdev, struct snic_rx_stats *stats,
		     struct sk_buff *skb, const u64 cpl[2])
{
	u32 l3ok = field(cpl, SNIC_F(RX_CPL, L3OK)), l4ok = field(cpl, SNIC_F(RX_CPL, L4OK));
	u32 il3ok = field(cpl, SNIC_F(RX_CPL, IL3OK)), il4ok = field(cpl, SNIC_F(RX_CPL, IL4OK));
	u32 tun = field(cpl, SNIC_F(RX_CPL, TUN));
	int before = -1;
	bool outer;

	if (!(netdev->features & NETIF_F_RXCSUM))
		return;
	/* The stack looks for itself, counts and drops: its counters are the ones people know. */
	if (l3ok == SNIC_CSUM_BAD || l4ok == SNIC_CSUM_BAD || il3ok == SNIC_CSUM_BAD ||
	    il4ok == SNIC_CSUM_BAD) {
		stats->csum_bad++;
		return;
	}
	outer = l4ok == SNIC_CSUM_OK && is_tcp_udp(field(cpl, SNIC_F(RX_CPL, L4)));
	if (il4ok == SNIC_CSUM_OK && is_tcp_udp(field(cpl, SNIC_F(RX_CPL, IL4))))
		before = csums_before_inner(skb, tun, outer);
	if (before > 0)
		skb->csum_level = before;
	else if (before < 0 && !outer)
		return;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	stats->csum_ok++;
}

static void set_hash(struct snic *nic, struct sk_buff *skb, const u64 cpl[2])
{
	u32 hash = field(cpl, SNIC_F(RX_CPL, RSS));
	u32 l4;

	if (!hash || !(nic->netdev->features & NETIF_F_RXHASH))
		return;
	/* the hash is of the innermost headers, of a fragment without ports */
	l4 = field(cpl, SNIC_F(RX_CPL, TUN)) ? field(cpl, SNIC_F(RX_CPL, IL4)) :
					       field(cpl, SNIC_F(RX_CPL, L4));
	skb_set_hash(skb, hash, is_tcp_udp(l4) && !field(cpl, SNIC_F(RX_CPL, FRAG)) ?
			     PKT_HASH_TYPE_L4 : PKT_HASH_TYPE_L3);
}

/* The device has popped a tag that is the function's to see (a port VLAN's is not). */
static bool popped(const struct snic *nic, const u64 cpl[2])
{
	return field(cpl, SNIC_F(RX_CPL, VLAN)) && READ_ONCE(nic->rx_vlan);
}

static __be16 tag_type(const u64 cpl[2])
{
	return field(cpl, SNIC_F(RX_CPL, AD)) ? htons(ETH_P_8021AD) : htons(ETH_P_8021Q);
}

/*
 * A program sees the frame as it was on the wire: what it sends back or passes on would lose it
 * otherwise. There is always the headroom for it.
 */
static void put_tag_back(struct xdp_buff *xdp, const u64 cpl[2])
{
	struct vlan_ethhdr *eth = xdp->data - VLAN_HLEN;

	memmove(eth, xdp->data, 2 * ETH_ALEN);
	eth->h_vlan_proto = tag_type(cpl);
	eth->h_vlan_TCI = htons(field(cpl, SNIC_F(RX_CPL, TCI)));
	xdp->data = eth;
	xdp->data_meta = eth;
}

static void deliver(struct snic_pair *pair, struct net_device *netdev, struct sk_buff *skb,
		    const u64 cpl[2], bool tag)
{
	if (likely(netdev == pair->nic->netdev)) {
		skb_record_rx_queue(skb, pair->index);
	} else {
		pair->rx.stats.rep_packets++;
		pair->rx.stats.rep_bytes += skb->len;
		dev_sw_netstats_rx_add(netdev, skb->len);
	}
	set_csum(netdev, &pair->rx.stats, skb, cpl);
	set_hash(pair->nic, skb, cpl);
	if (tag)
		__vlan_hwaccel_put_tag(skb, tag_type(cpl), field(cpl, SNIC_F(RX_CPL, TCI)));
	skb->protocol = eth_type_trans(skb, netdev);
	napi_gro_receive(&pair->napi, skb);
}

/* A short frame is copied, so that its page stays in the ring and its skb is not charged for it. */
static struct sk_buff *copy_skb(struct snic_pair *pair, const void *data, u32 len)
{
	struct sk_buff *skb = napi_alloc_skb(&pair->napi, len);

	if (likely(skb))
		skb_put_data(skb, data, len);
	return skb;
}

static struct sk_buff *page_skb(struct snic *nic, const struct xdp_buff *xdp)
{
	struct sk_buff *skb = napi_build_skb(xdp->data_hard_start, xdp->frame_sz);
	u32 meta = xdp->data - xdp->data_meta;

	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, xdp->data - xdp->data_hard_start);
	skb_put(skb, xdp->data_end - xdp->data);
	if (meta)
		skb_metadata_set(skb, meta);
	skb_mark_for_recycle(skb);
	return skb;
}

/* NULL: nobody any more. */
static struct net_device *receiver(struct snic *nic, const struct snic_reps *reps, const u64 cpl[2])
{
	return reps ? snic_rep_netdev(nic, reps, field(cpl, SNIC_F(RX_CPL, SRC))) : nic->netdev;
}

/* One frame. Returns enum snic_xdp_result: who has the page now. */
static enum snic_xdp_result rx_frame(struct snic_pair *pair, struct bpf_prog *prog,
				     const struct snic_reps *reps, u32 slot, const u64 cpl[2])
{
	u32 len = field(cpl, SNIC_F(RX_CPL, LEN));
	enum snic_xdp_result result = SNIC_XDP_PASS;
	struct snic_rx_ring *rx = &pair->rx;
	struct page *page = rx->page[slot];
	struct snic *nic = pair->nic;
	struct net_device *netdev;
	struct xdp_buff xdp;
	bool tag = popped(nic, cpl);
	struct sk_buff *skb;

	/* Length and buffer are the driver's to check: a device may be wrong. Page stays. */
	if (unlikely(len < ETH_HLEN || len > nic->rx_buf_len)) {
		rx->stats.length_err++;
		return SNIC_XDP_PASS;
	}
	netdev = receiver(nic, reps, cpl);
	if (unlikely(!netdev)) {
		rx->stats.no_rep++;
		return SNIC_XDP_PASS;
	}
	dma_sync_single_range_for_cpu(&nic->pdev->dev, page_pool_get_dma_addr(page),
				      SNIC_RX_HEADROOM, len, DMA_BIDIRECTIONAL);
	rx->stats.packets++;
	rx->stats.bytes += len;
	net_prefetch(page_address(page) + SNIC_RX_HEADROOM);
	xdp_init_buff(&xdp, PAGE_SIZE << nic->rx_order, &rx->xdp_rxq);
	xdp_prepare_buff(&xdp, page_address(page), SNIC_RX_HEADROOM, len, true);
	/* it is the wire port's, not that of representors */
	if (prog && netdev == nic->netdev) {
		if (tag)
			put_tag_back(&xdp, cpl);
		tag = false;
		rx->page[slot] = NULL;
		result = snic_xdp_run(pair, prog, &xdp);
		if (result != SNIC_XDP_PASS)
			return result;
		rx->page[slot] = page;
	}
	if (xdp.data_end - xdp.data <= nic->rx_copy && xdp.data == xdp.data_meta) {
		skb = copy_skb(pair, xdp.data, xdp.data_end - xdp.data);
		rx->stats.copied++;
	} else {
		skb = page_skb(nic, &xdp);
		if (likely(skb))
			rx->page[slot] = NULL;
	}
	if (unlikely(!skb)) {
		rx->stats.alloc_fail++;
		return SNIC_XDP_PASS;
	}
	deliver(pair, netdev, skb, cpl, tag);
	return SNIC_XDP_PASS;
}

static struct sk_buff *first_part(struct snic *nic, struct snic_rx_ring *rx, struct page *page,
				  u32 len)
{
	struct xdp_buff xdp;

	xdp_init_buff(&xdp, PAGE_SIZE, &rx->xdp_rxq);
	xdp_prepare_buff(&xdp, page_address(page), SNIC_RX_HEADROOM, len, false);
	return page_skb(nic, &xdp);
}

/* A buffer of a frame that fills several: no program sees those (snic_bpf()). */
static void rx_part(struct snic_pair *pair, const struct snic_reps *reps, u32 slot,
		    const u64 cpl[2])
{
	u32 len = field(cpl, SNIC_F(RX_CPL, LEN));
	struct snic_rx_ring *rx = &pair->rx;
	struct page *page = rx->page[slot];
	bool more = snic_rx_more(cpl);
	struct snic *nic = pair->nic;
	struct sk_buff *skb = rx->skb;
	struct net_device *netdev;
	bool rest = rx->more && !skb; /* of one that was dropped; its pages stay */

	rx->more = more;
	if (rest)
		return;
	if (unlikely(!nic->rx_scatter || !len || len > nic->rx_buf_len ||
		     (more && len < nic->rx_buf_len) ||
		     (skb && skb_shinfo(skb)->nr_frags == MAX_SKB_FRAGS))) {
		rx->stats.length_err++;
		goto drop;
	}
	dma_sync_single_range_for_cpu(&nic->pdev->dev, page_pool_get_dma_addr(page),
				      SNIC_RX_HEADROOM, len, DMA_BIDIRECTIONAL);
	if (skb) {
		skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, SNIC_RX_HEADROOM, len,
				PAGE_SIZE);
	} else {
		skb = first_part(nic, rx, page, len);
		if (unlikely(!skb)) {
			rx->stats.alloc_fail++;
			goto drop;
		}
	}
	rx->page[slot] = NULL;
	rx->skb = more ? skb : NULL;
	if (more)
		return;
	netdev = receiver(nic, reps, cpl);
	if (unlikely(!netdev)) {
		rx->stats.no_rep++;
		dev_kfree_skb(skb);
		return;
	}
	rx->stats.packets++;
	rx->stats.bytes += skb->len;
	deliver(pair, netdev, skb, cpl, popped(nic, cpl));
	return;
drop: /* the page stays */
	dev_kfree_skb(skb);
	rx->skb = NULL;
}

int snic_rx_poll(struct snic_pair *pair, int budget)
{
	struct bpf_prog *prog = rcu_dereference_bh(pair->nic->xdp_prog);
	const struct snic_reps *reps = rcu_dereference_bh(pair->nic->reps);
	struct snic_rx_ring *rx = &pair->rx;
	u32 mask = (1u << rx->q.size_log2) - 1;
	unsigned int results = 0;
	int done = 0;
	u64 cpl[2];

	u64_stats_update_begin(&rx->syncp);
	while (done < budget) {
		u32 slot = rx->q.head & mask;

		if (!snic_rxq_next(&rx->q, cpl))
			break;
		if (unlikely(snic_rx_more(cpl) || rx->more)) {
			done += !snic_rx_more(cpl);
			rx_part(pair, reps, slot, cpl);
			continue;
		}
		done++;
		results |= BIT(rx_frame(pair, prog, reps, slot, cpl));
	}
	u64_stats_update_end(&rx->syncp);
	if (results & ~BIT(SNIC_XDP_PASS))
		snic_xdp_flush(pair, results);
	/* without memory the ring would run dry, and no interrupt would come any more: try again */
	return snic_rx_refill(pair) ? done : budget;
}
