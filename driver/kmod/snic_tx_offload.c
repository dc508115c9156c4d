// SPDX-License-Identifier: GPL-2.0-or-later
/* Transmit: what the card puts into a frame, or makes of it (rtl/contract/PROGRAMMING.md). */
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>

#include "snic.h"
#include "snic_tx.h"

/* By the GSO_PARTIAL rule: the stack has made outer headers, and inner ones of one segment. */
#define TUNNELS                                                                   \
	(NETIF_F_GSO_UDP_TUNNEL | NETIF_F_GSO_UDP_TUNNEL_CSUM | NETIF_F_GSO_GRE | \
	 NETIF_F_GSO_GRE_CSUM | NETIF_F_GSO_IPXIP4 | NETIF_F_GSO_IPXIP6)
#define TSO (NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_TSO_ECN | NETIF_F_TSO_MANGLEID)

/* Cards of contract 1.4 have one buffer a frame, and nothing of all this. */
void snic_tx_offload_init(const struct snic_hw *hw, struct net_device *netdev)
{
	netdev_features_t inner = NETIF_F_SG | NETIF_F_HW_CSUM | TSO;

	if (!snic_hw_has_tx_offload(hw))
		return;
	netdev->vlan_features |= inner | NETIF_F_GSO_UDP_L4;
	netdev->mpls_features |= NETIF_F_SG | NETIF_F_HW_CSUM;
	netdev->gso_partial_features = TUNNELS;
	netdev->hw_enc_features |= inner | NETIF_F_HIGHDMA | NETIF_F_GSO_PARTIAL | TUNNELS;
	netdev->hw_features |= inner | NETIF_F_GSO_UDP_L4 | NETIF_F_GSO_PARTIAL | TUNNELS;
	netdev->features |= inner | NETIF_F_GSO_UDP_L4 | NETIF_F_GSO_PARTIAL | TUNNELS;
	netif_set_tso_max_segs(netdev, SNIC_TX_LSO_SEGS);
}

/* Headers that each segment of it gets; its checksum's place is known. */
static u32 header_bytes(const struct sk_buff *skb)
{
	bool udp = skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4;

	if (skb->encapsulation)
		return skb_inner_transport_offset(skb) +
		       (udp ? sizeof(struct udphdr) : inner_tcp_hdrlen(skb));
	return skb_transport_offset(skb) + (udp ? sizeof(struct udphdr) : tcp_hdrlen(skb));
}

/* What the card cannot do the stack does, frame by frame. */
netdev_features_t snic_features_check(struct sk_buff *skb, struct net_device *netdev,
				      netdev_features_t features)
{
	u32 hdr;

	features = vlan_features_check(skb, features);
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return features & ~NETIF_F_GSO_MASK;
	if (skb_checksum_start_offset(skb) + skb->csum_offset + sizeof(__sum16) > SNIC_TX_HDR_MAX)
		return features & ~(NETIF_F_CSUM_MASK | NETIF_F_GSO_MASK);
	if (!skb_is_gso(skb))
		return features;
	hdr = header_bytes(skb);
	if (hdr > SNIC_TX_HDR_MAX || hdr + skb_shinfo(skb)->gso_size > SNIC_FRAME_MAX)
		features &= ~NETIF_F_GSO_MASK;
	return features;
}

u64 snic_tx_csum_place(const struct sk_buff *skb)
{
	return snic_tx_csum(skb_checksum_start_offset(skb), skb->csum_offset);
}

/* The outer IPv4 id counts when its packets may be cut on their way: no two have the same. */
static void outer(const struct sk_buff *skb, struct snic_tx_lso *lso)
{
	const struct iphdr *ip = ip_hdr(skb);

	if (ip->version != 4 || ip->frag_off & htons(IP_DF))
		return;
	lso->ol3 = skb_network_offset(skb);
	lso->oip4 = true;
}

/*
 * The context of a GSO frame. The sum of its pseudo header loses the length: the card adds that of
 * each segment. Headers must lie in the linear part; they become the frame's own.
 */
int snic_tx_skb_lso(struct sk_buff *skb, struct snic_tx_lso *lso)
{
	u32 l4 = skb_checksum_start_offset(skb);
	__sum16 *sum;
	int rc;

	rc = skb_cow_head(skb, 0);
	if (rc)
		return rc;
	*lso = (struct snic_tx_lso){
		.mss = skb_shinfo(skb)->gso_size,
		.hdr = header_bytes(skb),
		.l3 = skb->encapsulation ? skb_inner_network_offset(skb) : skb_network_offset(skb),
		.l4 = l4,
		.udp = skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4,
	};
	lso->ip6 = skb->data[lso->l3] >> 4 == 6;
	lso->fixid = !lso->ip6 && skb_shinfo(skb)->gso_type & SKB_GSO_TCP_FIXEDID;
	if (skb->encapsulation)
		outer(skb, lso);
	sum = (__sum16 *)(skb->data + l4 + skb->csum_offset);
	csum_replace_by_diff(sum, (__force __wsum)htonl(skb->len - l4));
	return 0;
}
