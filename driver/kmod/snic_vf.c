// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A VF's side of the mailbox: it asks and waits for the answer, and takes the PF's notices. What
 * the PF knows of the VF lasts until the function's next reset, so each start tells everything.
 */
#include <linux/interrupt.h>

#include "snic.h"

#define ANSWER_US 500000
#define POLL_US 20

static int errno_of(u32 status)
{
	switch (status) {
	case SNIC_MSG_OK:
		return 0;
	case SNIC_MSG_EPERM:
		return -EPERM;
	case SNIC_MSG_ENOSPC:
		return -ENOSPC;
	case SNIC_MSG_EEXIST:
		return -EEXIST;
	case SNIC_MSG_EOPNOTSUPP:
		return -EOPNOTSUPP;
	case SNIC_MSG_EPROTO:
		return -EPROTO;
	default:
		return -EINVAL;
	}
}

/* MAC and port VLAN take a new start: the stack knows the old ones. Trust: ask again. */
static void take_state(struct snic *nic, const struct snic_mbox_msg *msg)
{
	struct snic_vf *vf = nic->vf;
	struct snic_mbox_state was = vf->granted;

	snic_msg_get_state(msg, &vf->granted);
	if (!ether_addr_equal(was.mac, vf->granted.mac) ||
	    (was.flags ^ vf->granted.flags) & SNIC_STATE_PORT_VLAN)
		snic_request_reset(nic, SNIC_RESET_PF, 0);
	else
		queue_work(nic->wq, &nic->rx_mode_work);
	if (test_bit(SNIC_UP, &nic->state))
		snic_link_look(nic, snic_rd32(&nic->hw, SNIC_REG_FUNC_STATUS));
}

static void take_notice(struct snic *nic, const struct snic_mbox_msg *msg)
{
	switch (snic_msg_op(msg)) {
	case SNIC_MSG_STATE:
		if (nic->vf->hello)
			take_state(nic, msg);
		break;
	case SNIC_MSG_BYE:
		WRITE_ONCE(nic->vf->hello, false);
		netif_carrier_off(nic->netdev);
		netdev_info(nic->netdev, "the PF's driver has gone\n");
		break;
	}
}

/* Next message of the PF, which is taken. -EAGAIN: none. */
static int take(struct snic *nic, struct snic_mbox_msg *msg)
{
	u32 flags = snic_mbox_flags(&nic->hw);

	if (flags == ~0u)
		return -ENODEV;
	if (!(flags & SNIC_MASK(MBOX_CTRL, WAITS)))
		return -EAGAIN;
	snic_mbox_read(&nic->hw, msg);
	snic_mbox_taken(&nic->hw);
	return 0;
}

/* Until the answer to `head` comes, or the PF has taken the message that is in its way (head 0). */
static int wait(struct snic *nic, u32 head, struct snic_mbox_msg *msg)
{
	ktime_t end = ktime_add_us(ktime_get(), ANSWER_US);
	bool late;
	int rc;

	do {
		late = ktime_after(ktime_get(), end);
		rc = take(nic, msg);
		if (!rc) {
			if ((msg->dw[0] & ~(0xffu << 8)) == head)
				return 0;
			if (!(snic_msg_op(msg) & SNIC_MSG_REPLY))
				take_notice(nic, msg);
			continue;
		}
		if (rc != -EAGAIN)
			return rc;
		if (!head && !(snic_mbox_flags(&nic->hw) & SNIC_MASK(MBOX_CTRL, UNTAKEN)))
			return 0;
		usleep_range(POLL_US, 2 * POLL_US);
	} while (!late);
	return -ETIMEDOUT;
}

/* The answer comes in the request's place. snic_vf.lock held. */
static int ask(struct snic *nic, u32 op, struct snic_mbox_msg *msg)
{
	u16 seq = ++nic->vf->seq;
	struct snic_mbox_msg tmp;
	int rc;

	if (snic_gone(nic))
		return -ENODEV;
	rc = wait(nic, 0, &tmp);
	if (rc)
		return rc;
	msg->dw[0] = snic_msg_head(op, 0, seq);
	snic_mbox_send(&nic->hw, msg);
	rc = wait(nic, snic_msg_head(op | SNIC_MSG_REPLY, 0, seq), msg);
	return rc ? rc : errno_of(snic_msg_status(msg));
}

static int hello(struct snic *nic)
{
	struct snic_mbox_msg msg = { .dw[1] = SNIC_MSG_VERSION };
	struct snic_vf *vf = nic->vf;
	int rc = ask(nic, SNIC_MSG_HELLO, &msg);

	if (rc)
		return rc;
	snic_msg_get_state(&msg, &vf->granted);
	WRITE_ONCE(nic->port, vf->granted.port);
	WRITE_ONCE(vf->hello, true);
	return 0;
}

static int ask_mac(struct snic *nic, const u8 *mac)
{
	struct snic_mbox_msg msg = {};
	int rc;

	snic_msg_put_mac(&msg.dw[1], mac);
	rc = ask(nic, SNIC_MSG_SET_MAC, &msg);
	if (!rc)
		ether_addr_copy(nic->vf->granted.mac, mac);
	return rc;
}

static int ask_vlans(struct snic *nic, u32 op, const u16 *vid, u32 n)
{
	struct snic_mbox_msg msg = { .dw[1] = n };
	u32 i;

	for (i = 0; i < n; i++)
		msg.dw[2 + i / 2] |= (u32)vid[i] << 16 * (i % 2);
	return ask(nic, op, &msg);
}

static int ask_all_vlans(struct snic *nic)
{
	u16 list[SNIC_MSG_VID_MAX];
	u32 n = 0, vid;
	int rc = 0;

	for_each_set_bit(vid, nic->vf->vlan, VLAN_N_VID) {
		list[n++] = vid;
		if (n < SNIC_MSG_VID_MAX)
			continue;
		rc = ask_vlans(nic, SNIC_MSG_VLAN_ADD, list, n);
		if (rc)
			return rc;
		n = 0;
	}
	return n ? ask_vlans(nic, SNIC_MSG_VLAN_ADD, list, n) : 0;
}

/*
 * The user's address, if the PF agrees; else, and when the user has not chosen one or the PF has
 * chosen anew, the one that the PF has for this VF. RTNL held. True: the netdev has another one
 * than before.
 */
static bool settle_mac(struct snic *nic)
{
	struct net_device *netdev = nic->netdev;
	struct snic_vf *vf = nic->vf;
	bool chosen = !ether_addr_equal(netdev->dev_addr, vf->given);
	u8 mac[ETH_ALEN];
	int rc;

	ether_addr_copy(mac, vf->granted.mac);
	if (!ether_addr_equal(mac, vf->given))
		chosen = false;
	ether_addr_copy(vf->given, mac);
	if (ether_addr_equal(netdev->dev_addr, mac))
		return false;
	if (chosen) {
		rc = ask_mac(nic, netdev->dev_addr);
		if (!rc)
			return false;
		netdev_warn(netdev, "MAC %pM refused by the PF: %d; %pM it is\n",
			    netdev->dev_addr, rc, mac);
	}
	eth_hw_addr_set(netdev, mac);
	return true;
}

static irqreturn_t mbox_irq(int irq, void *data)
{
	struct snic *nic = data;

	nic->mbox_irqs++;
	queue_work(nic->wq, &nic->vf->notice_work);
	return IRQ_HANDLED;
}

/* Answers are waited for by who asked, so a message that is found here is a notice. */
static void take_notices(struct snic *nic)
{
	struct snic_mbox_msg msg;

	while (!take(nic, &msg))
		if (!(snic_msg_op(&msg) & SNIC_MSG_REPLY))
			take_notice(nic, &msg);
}

static void notice_work(struct work_struct *work)
{
	struct snic_vf *vf = container_of(work, struct snic_vf, notice_work);
	struct snic *nic = vf->nic;

	mutex_lock(&vf->lock);
	take_notices(nic);
	mutex_unlock(&vf->lock);
	if (!snic_gone(nic))
		snic_irq_arm(nic, SNIC_VEC_MBOX, 0);
}

static int request_mbox_irq(struct snic *nic)
{
	struct snic_vf *vf = nic->vf;
	int rc;

	if (!nic->mbox_vec)
		return 0;
	snprintf(vf->irq_name, sizeof(vf->irq_name), "%s-mbox", nic->netdev->name);
	rc = request_irq(pci_irq_vector(nic->pdev, SNIC_VEC_MBOX), mbox_irq, 0, vf->irq_name, nic);
	if (rc)
		netdev_err(nic->netdev, "mailbox: no interrupt: %d; use fewer VFs\n", rc);
	return rc;
}

int snic_vf_start(struct snic *nic)
{
	struct snic_vf *vf = nic->vf;
	bool new_mac = false;
	int rc;

	rc = request_mbox_irq(nic);
	if (rc)
		return rc;
	mutex_lock(&vf->lock);
	vf->hello = false;
	rc = hello(nic);
	if (rc) {
		netdev_warn(nic->netdev, "the PF does not answer: %d; no carrier until it does\n",
			    rc);
	} else {
		new_mac = settle_mac(nic);
		rc = ask_all_vlans(nic);
		if (rc)
			netdev_warn(nic->netdev, "VLANs refused by the PF: %d\n", rc);
	}
	mutex_unlock(&vf->lock);
	/* without the lock: who is told may ask for a VLAN */
	if (new_mac)
		call_netdevice_notifiers(NETDEV_CHANGEADDR, nic->netdev);
	if (nic->mbox_vec) {
		snic_mbox_irq(&nic->hw, SNIC_VEC_MBOX);
		snic_irq_arm(nic, SNIC_VEC_MBOX, 0);
	}
	return 0;
}

void snic_vf_stop(struct snic *nic)
{
	struct snic_vf *vf = nic->vf;

	if (nic->mbox_vec)
		free_irq(pci_irq_vector(nic->pdev, SNIC_VEC_MBOX), nic);
	cancel_work_sync(&vf->notice_work);
	mutex_lock(&vf->lock);
	vf->answered = vf->hello;
	vf->hello = false;
	mutex_unlock(&vf->lock);
}

/* From the watchdog. When the PF has come (back): a start from the beginning. */
void snic_vf_watch(struct snic *nic)
{
	struct snic_vf *vf = nic->vf;
	bool came = false;

	mutex_lock(&vf->lock);
	if (!vf->hello)
		came = !hello(nic);
	else if (!nic->mbox_vec)
		take_notices(nic);
	mutex_unlock(&vf->lock);
	if (came)
		snic_request_reset(nic, SNIC_RESET_PF, 0);
}

/*
 * While down, too: who sets an address wants to hear now that it cannot be had. The PF keeps it for
 * a function that is down until the next reset, after which the start asks again.
 */
int snic_vf_set_mac(struct snic *nic, const u8 *mac)
{
	struct snic_vf *vf = nic->vf;
	int rc;

	mutex_lock(&vf->lock);
	rc = ask_mac(nic, mac);
	mutex_unlock(&vf->lock);
	return rc;
}

/*
 * The function was reset as it went down, and the PF has forgotten the user's address: it is kept
 * for it. RTNL held.
 */
void snic_vf_keep_mac(struct snic *nic)
{
	const u8 *mac = nic->netdev->dev_addr;
	struct snic_vf *vf = nic->vf;

	mutex_lock(&vf->lock);
	if (vf->answered && !ether_addr_equal(mac, vf->given) && ask_mac(nic, mac))
		netdev_warn(nic->netdev, "MAC %pM is not kept by the PF while this function is down\n",
			    mac);
	mutex_unlock(&vf->lock);
}

int snic_vf_vlan(struct snic *nic, u16 vid, bool on)
{
	struct snic_vf *vf = nic->vf;
	int rc = 0;

	mutex_lock(&vf->lock);
	if (vf->hello)
		rc = ask_vlans(nic, on ? SNIC_MSG_VLAN_ADD : SNIC_MSG_VLAN_DEL, &vid, 1);
	if (!rc)
		__assign_bit(vid, vf->vlan, on);
	mutex_unlock(&vf->lock);
	return rc;
}

static int ask_uc(struct snic *nic, const struct snic_addr *uc, u32 n)
{
	u32 at = 0, part, i;
	int rc;

	do {
		struct snic_mbox_msg msg = {};

		part = min(n - at, SNIC_MSG_UC_MAX);
		msg.dw[1] = part | (at ? SNIC_UC_GOES_ON : 0) | (at + part < n ? SNIC_UC_MORE : 0);
		for (i = 0; i < part; i++)
			snic_msg_put_mac(&msg.dw[2 + 2 * i], uc[at + i].b);
		rc = ask(nic, SNIC_MSG_SET_UC, &msg);
		at += part;
	} while (!rc && at < n);
	return rc;
}

int snic_vf_set_uc(struct snic *nic, const struct snic_addr *uc, u32 n)
{
	struct snic_vf *vf = nic->vf;
	int rc = 0;

	mutex_lock(&vf->lock);
	if (vf->hello)
		rc = ask_uc(nic, uc, n);
	mutex_unlock(&vf->lock);
	return rc;
}

int snic_vf_rx_mode(struct snic *nic, u32 *mode)
{
	struct snic_mbox_msg msg = { .dw[1] = *mode };
	struct snic_vf *vf = nic->vf;
	int rc = 0;

	mutex_lock(&vf->lock);
	if (vf->hello)
		rc = ask(nic, SNIC_MSG_RX_MODE, &msg);
	mutex_unlock(&vf->lock);
	if (!rc)
		*mode = msg.dw[1];
	return rc;
}

int snic_vf_init(struct snic *nic)
{
	struct snic_vf *vf = kzalloc(sizeof(*vf), GFP_KERNEL);

	if (!vf)
		return -ENOMEM;
	vf->vlan = bitmap_zalloc(VLAN_N_VID, GFP_KERNEL);
	if (!vf->vlan) {
		kfree(vf);
		return -ENOMEM;
	}
	vf->nic = nic;
	ether_addr_copy(vf->given, nic->netdev->dev_addr);
	vf->seq = get_random_u16(); /* an answer to another driver's question is not this one's */
	mutex_init(&vf->lock);
	INIT_WORK(&vf->notice_work, notice_work);
	nic->vf = vf;
	return 0;
}

void snic_vf_exit(struct snic *nic)
{
	bitmap_free(nic->vf->vlan);
	kfree(nic->vf);
	nic->vf = NULL;
}
