/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the two kernels that Debian 12 ships differ, 6.1 and 6.12. Kernel versions are compared
 * here and nowhere else.
 */
#ifndef SNIC_COMPAT_H
#define SNIC_COMPAT_H

#include <linux/aer.h>
#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/version.h>
#include <net/devlink.h>
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#include <net/netdev_queues.h>
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#include <net/page_pool.h>
#else
#include <net/page_pool/helpers.h>
#endif

/* The AER core does it for every device since 6.6. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
static inline void pci_enable_pcie_error_reporting(struct pci_dev *pdev)
{
}

static inline void pci_disable_pcie_error_reporting(struct pci_dev *pdev)
{
}
#endif

/* What XDP can do here is asked for by the core since 6.3. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void snic_set_xdp_features(struct net_device *netdev)
{
}
#else
static inline void snic_set_xdp_features(struct net_device *netdev)
{
	netdev->xdp_features = NETDEV_XDP_ACT_BASIC | NETDEV_XDP_ACT_REDIRECT |
			       NETDEV_XDP_ACT_NDO_XMIT;
}
#endif

/* A netdev's devlink port: asked for by an ndo, then stored in the netdev. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define SNIC_NDO_GET_DEVLINK_PORT
static inline void snic_netdev_set_port(struct net_device *netdev, struct devlink_port *port)
{
}

static inline void snic_port_set_netdev(struct devlink_port *port, struct net_device *netdev)
{
	devlink_port_type_eth_set(port, netdev);
}

static inline void snic_port_clear_netdev(struct devlink_port *port)
{
	devlink_port_type_clear(port);
}

static inline int snic_info_driver_name(struct devlink_info_req *req, const char *name)
{
	return devlink_info_driver_name_put(req, name);
}
#else
static inline void snic_netdev_set_port(struct net_device *netdev, struct devlink_port *port)
{
	SET_NETDEV_DEVLINK_PORT(netdev, port);
}

static inline void snic_port_set_netdev(struct devlink_port *port, struct net_device *netdev)
{
}

static inline void snic_port_clear_netdev(struct devlink_port *port)
{
}

/* the core knows it from the bus */
static inline int snic_info_driver_name(struct devlink_info_req *req, const char *name)
{
	return 0;
}
#endif

/* flower's l2_miss: 6.5 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define snic_tc_l2_miss(match) ((void)(match), false)
#else
#define snic_tc_l2_miss(match) ((match)->mask->l2_miss)
#endif

/* Sent without a lock of the netdev's; and whether it stays in its network namespace. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline void snic_netdev_lltx(struct net_device *netdev, bool stays)
{
	netdev->features |= NETIF_F_LLTX | (stays ? NETIF_F_NETNS_LOCAL : 0);
}
#else
static inline void snic_netdev_lltx(struct net_device *netdev, bool stays)
{
	netdev->lltx = true;
	netdev->netns_immutable = stays;
}
#endif

/* Reloading had to be allowed; since 6.4 the operation says it. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static inline void snic_devlink_can_reload(struct devlink *devlink)
{
	devlink_set_features(devlink, DEVLINK_F_RELOAD);
}
#else
static inline void snic_devlink_can_reload(struct devlink *devlink)
{
}
#endif

/* Which NAPI is whose queue's, and statistics of a queue: netdev-genl of 6.12. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline void snic_queues_napi(struct net_device *netdev, unsigned int n,
				    struct napi_struct *napi)
{
}

static inline void snic_set_stat_ops(struct net_device *netdev)
{
}
#else
#define SNIC_STAT_OPS
#define snic_queues_napi(netdev, n, napi)                                          \
	do {                                                                       \
		netif_queue_set_napi(netdev, n, NETDEV_QUEUE_TYPE_RX, napi);       \
		netif_queue_set_napi(netdev, n, NETDEV_QUEUE_TYPE_TX, napi);       \
	} while (0)
#define snic_set_stat_ops(netdev) ((netdev)->stat_ops = &snic_stat_ops)
#endif

/* devlink_fmsg_*() return their error, then keep the first one themselves. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define snic_fmsg(rc, call)         \
	do {                        \
		if (!(rc))          \
			rc = (call); \
	} while (0)
#else
#define snic_fmsg(rc, call)         \
	do {                        \
		(void)(rc);         \
		call;               \
	} while (0)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
static inline void ethtool_puts(u8 **data, const char *str)
{
	ethtool_sprintf(data, "%s", str);
}
#endif

/* ethtool's get_rxfh and set_rxfh take a struct instead of its parts. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define SNIC_ETHTOOL_RXFH_PARAM
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define SNIC_TS_INFO struct ethtool_ts_info
#else
#define SNIC_TS_INFO struct kernel_ethtool_ts_info
#endif

/* Setting a devlink parameter can give a reason. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define SNIC_PARAM_SET(name) \
	int name(struct devlink *devlink, u32 id, struct devlink_param_gset_ctx *ctx)
#else
#define SNIC_PARAM_SET(name)                                                            \
	int name(struct devlink *devlink, u32 id, struct devlink_param_gset_ctx *ctx, \
		 struct netlink_ext_ack *extack)
#endif

#endif
