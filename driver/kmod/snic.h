/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux driver of the Cosnic SmartNIC: what its files share. One module drives the PF and its VFs.
 *
 * Locks, outermost first:
 *   RTNL                 ndo_*, ethtool, recovery; netdev up and down
 *   snic.filter_lock     what the netdev wants to receive, on its way to the tables
 *   snic_vf.lock         a VF's conversation with its PF: one request at a time
 *   snic_pf.lock         the PF's tables and select/data register pairs; its mailbox work takes
 *                        this one and never RTNL, since a VF may hold RTNL while it waits for it
 *   snic.stat_lock       STAT_SEL and what is read through it (spinlock, any context)
 */
#ifndef SNIC_H
#define SNIC_H

#include <linux/bitmap.h>
#include <linux/bpf.h>
#include <linux/dim.h>
#include <linux/etherdevice.h>
#include <linux/if_link.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>
#include <net/xdp.h>

#include "compat.h"
#include "snic_func.h"
#include "snic_hw.h"
#include "snic_mac.h"
#include "snic_mbox.h"
#include "snic_queue.h"
#include "snic_rss.h"
#include "snic_stats.h"

#define SNIC_DRV_NAME "snic"

#define SNIC_RING_LOG2_DEFAULT 9
#define SNIC_RX_HEADROOM XDP_PACKET_HEADROOM
#define SNIC_RX_COPYBREAK 256
/* where a buffer is several pages, all of which an skb would be charged for */
#define SNIC_RX_COPYBREAK_LARGE 2048
#define SNIC_FRAME_OVERHEAD (ETH_HLEN + 2 * VLAN_HLEN)
#define SNIC_MTU_MAX 9000
/* What a page has for a frame, between room for XDP and for the skb's shared info. */
#define SNIC_RX_PAGE_BYTES \
	ALIGN_DOWN(SKB_WITH_OVERHEAD(PAGE_SIZE - SNIC_RX_HEADROOM), SNIC_BEAT_BYTES)

/* The device knows both kinds of tag and treats them alike; SNIC_F_VLAN_* go together. */
#define SNIC_F_VLAN_RX (NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_HW_VLAN_STAG_RX)
#define SNIC_F_VLAN_FILTER (NETIF_F_HW_VLAN_CTAG_FILTER | NETIF_F_HW_VLAN_STAG_FILTER)

/* Vector 0 is the mailbox's, if it has one; then those of the queue pairs: snic_vec_pair(). */
#define SNIC_VEC_MBOX 0

struct devlink;
struct devlink_health_reporter;
struct snic;

/* --- queue pairs: snic_ring.c, snic_tx.c, snic_rx.c, snic_xdp.c --- */

enum snic_tx_kind {
	SNIC_TX_SKB,	/* an skb's linear part */
	SNIC_TX_FRAG,	/* one of its fragments */
	SNIC_TX_CTX,	/* no buffer */
	SNIC_TX_XDP_TX,
	SNIC_TX_XDP_NDO,
};

/* An entry of the ring */
struct snic_tx_buf {
	union { /* whose last buffer it is; NULL: not the last */
		struct sk_buff *skb;
		struct xdp_frame *xdpf;
	};
	dma_addr_t dma;
	u16 len;
	u8 kind; /* enum snic_tx_kind */
};

struct snic_tx_stats {
	u64 packets;
	u64 bytes;
	u64 stopped;	/* ring full: queue stopped */
	u64 woken;
	u64 doorbells;
	u64 dropped;	/* no DMA mapping, cannot be sent, or not sent as the ring ended */
	u64 xdp_xmit;	/* frames of XDP_TX and of redirects into this ring */
	u64 xdp_xmit_err;
	u64 csum;	/* frames into which the card inserted a checksum */
	u64 lso;	/* frames that the card cut; packets and bytes count what it made of them */
	u64 rep_packets; /* PF: of all these those of representors */
	u64 rep_bytes;
};

struct snic_rx_stats {
	u64 packets;
	u64 bytes;
	u64 alloc_fail;	/* no page or skb */
	u64 length_err;	/* completion with an impossible length */
	u64 csum_ok;
	u64 csum_bad;
	u64 copied;	/* short frames copied, buffer reused at once */
	u64 unread;	/* were in the ring as it ended */
	u64 xdp_drop;
	u64 xdp_pass;
	u64 xdp_tx;
	u64 xdp_redirect;
	u64 xdp_err;	/* program aborted, or TX or redirect failed */
	u64 rep_packets; /* PF: of all these those for representors */
	u64 rep_bytes;
	u64 no_rep;	/* there was none, or it was down */
};

struct snic_tx_ring {
	struct snic_txq q;
	struct snic_tx_buf *buf;
	u16 clean;	/* buffers before this count are free; q.head is NAPI's own */
	u16 most;	/* entries that a frame may take */
	struct netdev_queue *nq;
	struct snic_tx_stats stats; /* written under the queue's xmit lock */
	struct u64_stats_sync syncp;
	struct snic_ring_mem mem;
};

struct snic_rx_ring {
	struct snic_rxq q;
	struct page **page;
	struct sk_buff *skb;	/* of a frame in several buffers, until its last one has come */
	bool more;		/* the last buffer was not its frame's last one */
	struct page_pool *pool;
	struct xdp_rxq_info xdp_rxq;
	struct snic_rx_stats stats; /* written by NAPI */
	struct u64_stats_sync syncp;
	struct snic_ring_mem mem;
};

struct snic_pair {
	struct napi_struct napi;
	struct snic *nic;
	u16 index;
	u16 dim_gap;	/* as snic.coal_gap, DIM's choice */
	u16 events;	/* interrupts, for DIM */
	struct snic_rx_ring rx;
	struct snic_tx_ring tx;
	struct dim dim;
	u64 irqs;
	u64 tx_done;	/* frames sent, for DIM */
	void *dma; /* rings and write-back record, one block */
	dma_addr_t dma_bus;
	size_t dma_size;
	char irq_name[IFNAMSIZ + 16];
} ____cacheline_aligned_in_smp;

/* What decides about rings: snic_set_config(). */
struct snic_config {
	u16 n_pair;
	u8 tx_log2;
	u8 rx_log2;
	int mtu;
};

/* --- the function --- */

enum snic_state_bit {
	SNIC_UP,	/* rings exist, NAPI runs */
	SNIC_FILTER,	/* receive filters are kept in step with the netdev */
	SNIC_GONE,	/* reads return all ones, or the PCI channel is off: no more MMIO */
	SNIC_CLOSING,	/* remove or shutdown: no more recovery */
	SNIC_QUIET,	/* PCI reset, error or suspend: its end brings it up again */
};

/* Why a function is taken down and up again. */
enum snic_reset_why {
	SNIC_RESET_TX_TIMEOUT,
	SNIC_RESET_QUEUE_ERROR,	/* the device stopped a queue: QSTAT_* */
	SNIC_RESET_DEVICE,	/* someone reset the function under the driver */
	SNIC_RESET_PF,		/* VF: the PF came, or gave it another MAC or port VLAN */
	SNIC_RESET_USER,	/* ethtool, devlink */
};

/* A netdev on which rules may be put: snic_tc.c */
struct snic_tc_port {
	struct snic *nic; /* PF; of a VF's own netdev the VF */
	struct net_device *netdev;
	u16 vport;	  /* of frames that it receives */
};

struct snic {
	struct net_device *netdev;
	struct pci_dev *pdev;
	struct snic_hw hw;
	struct snic_pair *pair;	/* [max_pair], from probe to remove */
	u16 max_pair;		/* as queues and vectors of the function allow */
	bool mbox_vec;		/* the mailbox has a vector; else the watchdog looks */
	u16 rx_buf_len;		/* bytes the device may write into a buffer, while up */
	u16 rx_order;		/* of a buffer's pages, while up */
	bool rx_scatter;	/* a frame may fill several buffers, while up */
	u16 rx_copy;		/* longest frame that is copied out of its buffer, while up */
	struct snic_config cfg;
	struct bpf_prog __rcu *xdp_prog;
	struct snic_reps __rcu *reps; /* PF in switchdev mode: whom it receives for */
	u64 tx_to;		/* PF in switchdev mode: its own frames go to the wire */
	u8 port;		/* wire port of this function */
	/* VLAN devices of 802.1Q and of 802.1ad; to the device ids are ids. RTNL. */
	DECLARE_BITMAP(vlan_q, VLAN_N_VID);
	DECLARE_BITMAP(vlan_ad, VLAN_N_VID);
	bool rx_vlan;		/* tags that the device popped are for the stack */
	bool loopback;		/* self-test: what it sends comes back to it */

	struct snic_pf *pf;	/* one of the two */
	struct snic_vf *vf;

	unsigned long state;	/* enum snic_state_bit */
	u32 msg_enable;		/* NETIF_MSG_*, which events are told: ethtool -s msglvl */
	struct workqueue_struct *wq; /* not ordered: the reset work waits for RTNL */
	struct delayed_work watchdog;
	u8 misses; /* of the watchdog, in a row: reads of a VF that is not there */
	struct work_struct rx_mode_work;
	struct mutex filter_lock; /* one brings the filters up to date at a time */
	struct delayed_work reset_work;
	enum snic_reset_why reset_why;
	u32 reset_queue;
	u64 resets;

	u32 clock_khz;		/* of the device */
	u32 clock_mhz;		/* moderation is told in its cycles */
	bool rx_adaptive;
	u32 coal_usecs;		/* gap between interrupts when not adaptive */
	u16 coal_gap;		/* the same for INT_ARM, in units of 16 cycles */
	u8 rss_indir[SNIC_RSS_INDIR];
	bool rss_indir_set;	/* by the user: kept as far as the queues allow */

	spinlock_t stat_lock; /* STAT_SEL, until what it selects is read */
	u64 fstat_base[SNIC_N_FSTAT];	/* what a reset of the function has cleared */
	bool fstat_kept;	/* ... or is about to clear: do not count it twice */
	u64 mbox_irqs;

	struct snic_tc_port tc_port;
	struct snic_ptp *ptp;	/* snic_ptp.c's own */
	struct devlink *devlink;
	struct snic_devlink *dl;	/* snic_devlink.c's and snic_health.c's own */
};

/* --- PF: snic_vport.c, snic_sriov.c, snic_pf_mbox.c --- */

#define SNIC_VPORT_UC_MAX 128
/*
 * Rows of the MAC table: three quarters are the VFs', and what the PF may use leaves some free, so
 * that there is a place for each row that has been promised.
 */
#define SNIC_PF_ROWS (SNIC_MAC_SLOTS * 3 / 16)

struct snic_addr {
	u8 b[ETH_ALEN];
};

/* What the PF knows of a function: its own netdev (0) or a VF. */
struct snic_vport {
	u8 mac[ETH_ALEN];
	u8 own_mac[ETH_ALEN];	/* what it gets back at a reset: the PF's choice for it */
	u8 n_uc;
	struct snic_addr *uc;	/* secondary unicast addresses, [SNIC_VPORT_UC_MAX] */
	struct snic_addr *uc_new; /* list of several messages, until the last of them */
	u8 n_uc_new;
	unsigned long *vlan;	/* VLANs that the function asked for, [VLAN_N_VID] */
	u16 n_vlan;
	u16 tci;		/* port VLAN, 0 none */
	u16 quota;		/* rows of the MAC table that it may fill */
	u16 rows;		/* that it does fill */
	u8 port;
	u8 rx_mode;		/* SNIC_RX_MODE_*, as granted */
	bool all_vlans;		/* member of all of them */
	bool no_rows;		/* PF: on VLANs that it has no rows for */
	bool live;		/* said hello (VF), or is up (PF) */
	bool admin_mac;		/* set by ndo_set_vf_mac: only a trusted VF may change it */
	bool trusted;
	bool spoofchk;
	u8 link;		/* IFLA_VF_LINK_STATE_* */
	bool rep_up;		/* its representor is */
	/* mailbox */
	bool notify;		/* has not been told its state yet */
	u8 tokens;		/* flood limit */
	unsigned long refilled;	/* jiffies */
	u64 requests;
	u64 refused;
	u64 limited;
};

struct snic_pf {
	struct snic *nic;
	struct mutex lock; /* all below, and the registers behind it */
	struct snic_functab functab;
	struct snic_mactab mactab;
	struct snic_vport vport[SNIC_N_FUNC];
	u16 num_vfs;		/* whose messages and resets are looked at */
	bool vepa;		/* hwmode: nothing is switched here */
	bool switchdev;		/* devlink eswitch mode */
	struct snic_tc *tc;	/* switchdev mode: rules */
	bool vf_port_split;	/* devlink parameter: odd VFs on port 1, when next enabled */
	struct delayed_work mbox_work; /* delayed: a VF is over the flood limit */
	char irq_name[32];
	u8 rss_key[SNIC_RSS_KEY_DWORDS * 4];
};

/* snic_bridge.c (RTNL held) */
int snic_bridge_setlink(struct net_device *netdev, struct nlmsghdr *nlh, u16 flags,
			struct netlink_ext_ack *extack);
int snic_bridge_getlink(struct sk_buff *skb, u32 pid, u32 seq, struct net_device *netdev,
			u32 filter_mask, int nlflags);

/* --- VF: snic_vf.c --- */

struct snic_vf {
	struct snic *nic;
	struct mutex lock; /* one request at a time */
	struct work_struct notice_work;
	struct snic_mbox_state granted;	/* as the PF said last */
	u8 given[ETH_ALEN];	/* the PF's choice of MAC; another one is the user's */
	unsigned long *vlan;	/* of the netdev, [VLAN_N_VID]: told to the PF after each hello */
	u16 seq;
	bool hello;		/* the PF knows this driver since the last reset */
	bool answered;		/* ... and did when the function was taken down */
	bool promisc_refused;	/* and the user was told */
	char irq_name[IFNAMSIZ + 16];
};

/* Frames of that MTU fill several buffers. */
static inline bool snic_rx_scatters(const struct snic *nic, int mtu)
{
	return mtu + SNIC_FRAME_OVERHEAD > SNIC_RX_PAGE_BYTES && snic_hw_has_rx_scatter(&nic->hw);
}

static inline u32 snic_vec_pair(const struct snic *nic, u32 q)
{
	return nic->mbox_vec + q;
}

/* snic_state.c: any context */
void snic_mark_gone(struct snic *nic, const char *where);
bool snic_gone(struct snic *nic);
void snic_request_reset(struct snic *nic, enum snic_reset_why why, u32 queue);
void snic_health_up(struct snic *nic, bool up); /* whether it came up; may sleep */
u16 snic_usecs_to_gap(const struct snic *nic, u32 usecs);
void snic_irq_arm(struct snic *nic, u32 vector, u16 gap);
void snic_link_look(struct snic *nic, u32 status); /* FUNC_STATUS */

/* snic_netdev.c */
extern const struct net_device_ops snic_netdev_ops;

/* snic_up.c (RTNL held) */
int snic_up(struct snic *nic);
void snic_down(struct snic *nic);
int snic_set_config(struct snic *nic, const struct snic_config *cfg);
void snic_default_indir(struct snic *nic);
int snic_reset_function(struct snic *nic); /* keeps the counters that the reset clears */

/* snic_ring.c */
int snic_rings_alloc(struct snic *nic);
void snic_rings_free(struct snic *nic);
int snic_rings_start(struct snic *nic); /* all queues are off */
int snic_rings_stop(struct snic *nic);	/* 0: the device does nothing more of them */

/* snic_tx.c */
struct snic_tx_sum {
	u32 packets, bytes;
};

netdev_tx_t snic_start_xmit(struct sk_buff *skb, struct net_device *netdev);
void snic_tx_for(struct snic *nic, struct sk_buff *skb, u32 vport, struct snic_tx_sum *sum);
netdev_features_t snic_features_check(struct sk_buff *skb, struct net_device *netdev,
				      netdev_features_t features);
u32 snic_tx_clean(struct snic_pair *pair, int budget);
void snic_tx_free_all(struct snic_pair *pair);

/* snic_rx.c */
int snic_rx_poll(struct snic_pair *pair, int budget); /* budget: there may be more */
bool snic_rx_refill(struct snic_pair *pair);
void snic_rx_free_all(struct snic_pair *pair);

/* snic_xdp.c */
enum snic_xdp_result { SNIC_XDP_PASS, SNIC_XDP_GONE, SNIC_XDP_TX, SNIC_XDP_REDIRECT };
enum snic_xdp_result snic_xdp_run(struct snic_pair *pair, struct bpf_prog *prog,
				  struct xdp_buff *xdp);
void snic_xdp_flush(struct snic_pair *pair, unsigned int results);
int snic_xdp_xmit(struct net_device *netdev, int n, struct xdp_frame **frames, u32 flags);
int snic_bpf(struct net_device *netdev, struct netdev_bpf *bpf);

/* snic_irq.c */
int snic_irq_init(struct snic *nic);
void snic_irq_exit(struct snic *nic);
int snic_vectors_get(struct snic *nic); /* around all use of interrupts */
void snic_vectors_put(struct snic *nic);
int snic_irq_request(struct snic *nic);
void snic_irq_release(struct snic *nic);
void snic_coal_apply(struct snic *nic);	/* after rx_adaptive or coal_usecs changed */
int snic_poll(struct napi_struct *napi, int budget);

/* snic_recover.c */
int snic_recover(struct snic *nic);	/* takes RTNL: down, function reset, up */

/* snic_reset.c */
void snic_quiesce(struct snic *nic);	/* until ... */
int snic_revive(struct snic *nic);	/* ... function reset, and what was up is up again */
void snic_reset_work(struct work_struct *work);
void snic_watchdog(struct work_struct *work);
extern const struct pci_error_handlers snic_err_handlers;
extern const struct dev_pm_ops snic_pm_ops;

/* snic_netstat.c: any context */
#ifdef SNIC_STAT_OPS
extern const struct netdev_stat_ops snic_stat_ops;
#endif
u64 snic_fstat(struct snic *nic, u32 stat);		  /* SNIC_FSTAT_*, over all resets */
u64 snic_vf_fstat(struct snic *nic, u32 func, u32 stat);  /* PF: of a VF */
u64 snic_stat(struct snic *nic, u32 index);		  /* PF: SNIC_STAT_*, by its index */
void snic_fstat_keep(struct snic *nic);
void snic_fstat_go_on(struct snic *nic);
void snic_ring_tx_stats(struct snic_tx_ring *tx, struct snic_tx_stats *out);
void snic_ring_rx_stats(struct snic_rx_ring *rx, struct snic_rx_stats *out);
void snic_get_stats64(struct net_device *netdev, struct rtnl_link_stats64 *s);

/*
 * What a function asks of the forwarding plane, PF or VF alike: the PF does it, for a VF it goes
 * through the mailbox. May sleep. snic_filter.c
 */
int snic_filter_start(struct snic *nic); /* function is up: MAC, VLANs, rx mode of the netdev */
void snic_filter_stop(struct snic *nic);
int snic_filter_set_mac(struct snic *nic, const u8 *mac);
int snic_filter_vlan(struct snic *nic, u16 vid, bool on);
int snic_filter_sync(struct snic *nic);	/* rx mode, address list, features: from the netdev */
void snic_filter_work(struct work_struct *work); /* the same, as rx_mode_work */
int snic_filter_loopback(struct snic *nic, bool on);

/* snic_vport.c (PF; snic_pf.lock held) */
int snic_pf_init(struct snic *nic);
int snic_vport_add(struct snic_pf *pf, u32 func, const u8 *mac, u16 quota, u8 port);
void snic_vport_del(struct snic_pf *pf, u32 func);
void snic_pf_exit(struct snic *nic);
void snic_pf_restore(struct snic_pf *pf);	/* device tables that were lost are written again */
void snic_vport_write(struct snic_pf *pf, u32 func);
int snic_vport_set_mac(struct snic_pf *pf, u32 func, const u8 *mac);
int snic_vport_set_uc(struct snic_pf *pf, u32 func, const struct snic_addr *uc, u32 n);
int snic_vport_vlan(struct snic_pf *pf, u32 func, u16 vid, bool on);
int snic_vport_set_tci(struct snic_pf *pf, u32 func, u16 tci);
void snic_vport_rx_mode(struct snic_pf *pf, u32 func, u32 mode);
void snic_vport_forget(struct snic_pf *pf, u32 func); /* all that the function itself asked for */

/* snic_sriov.c */
int snic_sriov_configure(struct pci_dev *pdev, int num_vfs);
int snic_sriov_disable(struct snic *nic);
int snic_sriov_adopt(struct snic *nic);

/* snic_plain.c */
u32 snic_plain_count(struct pci_dev *pdev);
struct pci_dev *snic_pf_of(struct pci_dev *pdev);
int snic_set_vf_mac(struct net_device *netdev, int vf, u8 *mac);
int snic_set_vf_vlan(struct net_device *netdev, int vf, u16 vid, u8 qos, __be16 proto);
int snic_set_vf_spoofchk(struct net_device *netdev, int vf, bool on);
int snic_set_vf_trust(struct net_device *netdev, int vf, bool on);
int snic_set_vf_link_state(struct net_device *netdev, int vf, int state);
int snic_get_vf_config(struct net_device *netdev, int vf, struct ifla_vf_info *ivi);
int snic_get_vf_stats(struct net_device *netdev, int vf, struct ifla_vf_stats *s);

/* snic_pf_mbox.c */
void snic_pf_mbox_init(struct snic_pf *pf);
void snic_pf_mbox_start(struct snic_pf *pf); /* after every reset of the PF */
void snic_pf_mbox_stop(struct snic_pf *pf);
int snic_pf_mbox_irq(struct snic_pf *pf);	   /* from probe ... */
void snic_pf_mbox_irq_free(struct snic_pf *pf);	   /* ... to remove */
void snic_pf_mbox_bye(struct snic_pf *pf);
void snic_pf_notify(struct snic_pf *pf, u32 func); /* snic_pf.lock held */

/* snic_vf.c */
int snic_vf_init(struct snic *nic);
void snic_vf_exit(struct snic *nic);
int snic_vf_start(struct snic *nic); /* function is up: hello, and all that the netdev wants */
void snic_vf_stop(struct snic *nic);
void snic_vf_watch(struct snic *nic);
int snic_vf_set_mac(struct snic *nic, const u8 *mac);
void snic_vf_keep_mac(struct snic *nic);
int snic_vf_vlan(struct snic *nic, u16 vid, bool on);
int snic_vf_set_uc(struct snic *nic, const struct snic_addr *uc, u32 n);
int snic_vf_rx_mode(struct snic *nic, u32 *mode); /* in: wanted, out: granted */

/* snic_ptp.c */
int snic_ptp_init(struct snic *nic);
void snic_ptp_exit(struct snic *nic);
void snic_ptp_restore(struct snic *nic); /* PF: the device was reset as a whole */
int snic_ptp_index(const struct snic *nic);

/* snic_tc.c: RTNL held, or (PF) snic_pf.lock */
int snic_tc_setup(struct snic_tc_port *port, enum tc_setup_type type, void *data);
int snic_tc_set_features(const struct snic_tc_port *port, netdev_features_t features);
int snic_tc_init(struct snic_pf *pf);
int snic_tc_close(struct snic_pf *pf);	/* -EBUSY: there are rules */
void snic_tc_exit(struct snic_pf *pf);
void snic_tc_port_gone(struct snic_pf *pf, u32 vport);
void snic_tc_restore(struct snic_pf *pf);

/* snic_eswitch.c */
int snic_eswitch_sync(struct snic *nic); /* the number of VFs has changed: their representors */
void snic_eswitch_exit(struct snic *nic);

/* snic_ethtool.c, snic_devlink.c, snic_health.c, snic_mdd.c */
extern const struct ethtool_ops snic_ethtool_ops;
int snic_devlink_init(struct snic *nic);	/* before the netdev is registered */
void snic_devlink_register(struct snic *nic);	/* when all of it works */
void snic_devlink_unregister(struct snic *nic);
void snic_devlink_exit(struct snic *nic);	/* after the netdev is unregistered */
/* From the reset work, which may sleep: tells the reporters and gets the function recovered. */
void snic_health_report(struct snic *nic, enum snic_reset_why why, u32 queue);
void snic_mdd_refused(struct snic *nic, u32 func, const char *what); /* rate limit inside */
#ifdef SNIC_NDO_GET_DEVLINK_PORT
struct devlink_port *snic_get_devlink_port(struct net_device *netdev);
#endif

#endif
