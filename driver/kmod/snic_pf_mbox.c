// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The PF's side of the mailbox. A VF may be hostile: its message is read once into memory of the
 * PF's and checked there, it gets nothing that is not its own, and no more of the PF's time than
 * the flood limit says; beyond that its message waits, and so does the VF.
 */
#include <linux/interrupt.h>

#include "snic.h"

#define TOKENS_MAX 64
#define TOKENS_PER_S 64
/* Least time between two interrupts: a VF that resets itself in a loop makes one each time. */
#define IRQ_GAP_US 50

/* A run that waits for the flood limit comes at once. Any context. */
static void work_now(struct snic_pf *pf)
{
	mod_delayed_work(pf->nic->wq, &pf->mbox_work, 0);
}

static void refill(struct snic_vport *vp)
{
	unsigned long elapsed = jiffies - vp->refilled;
	unsigned long n = elapsed * TOKENS_PER_S / HZ;

	if (!n)
		return;
	vp->tokens = min_t(unsigned long, TOKENS_MAX, vp->tokens + n);
	vp->refilled = jiffies;
}

/* 0: as its wire port's. */
static u32 link_of(const struct snic_pf *pf, const struct snic_vport *vp)
{
	bool follows = vp->link == IFLA_VF_LINK_STATE_AUTO;

	if (follows && !pf->switchdev)
		return 0;
	if (follows ? vp->rep_up : vp->link == IFLA_VF_LINK_STATE_ENABLE)
		return SNIC_STATE_LINK_UP;
	return SNIC_STATE_LINK_DOWN;
}

static void fill_state(struct snic_pf *pf, u32 func, struct snic_mbox_msg *msg)
{
	const struct snic_vport *vp = &pf->vport[func];
	struct snic_mbox_state state = {
		.version = SNIC_MSG_VERSION,
		.flags = link_of(pf, vp),
		.port = vp->port,
		.quota = vp->quota,
	};

	ether_addr_copy(state.mac, vp->mac);
	if (vp->tci)
		state.flags |= SNIC_STATE_PORT_VLAN;
	if (vp->trusted)
		state.flags |= SNIC_STATE_TRUSTED;
	if (vp->admin_mac)
		state.flags |= SNIC_STATE_ADMIN_MAC;
	snic_msg_put_state(msg, &state);
}

static int do_hello(struct snic_pf *pf, u32 func, const struct snic_mbox_msg *msg,
		    struct snic_mbox_msg *reply)
{
	if (msg->dw[1] != SNIC_MSG_VERSION)
		return -EOPNOTSUPP;
	pf->vport[func].live = true;
	pf->vport[func].notify = false;
	snic_vport_write(pf, func);
	fill_state(pf, func, reply);
	return 0;
}

static int do_set_mac(struct snic_pf *pf, u32 func, const struct snic_mbox_msg *msg)
{
	const struct snic_vport *vp = &pf->vport[func];
	u8 mac[ETH_ALEN];

	snic_msg_get_mac(&msg->dw[1], mac);
	if (!is_valid_ether_addr(mac))
		return -EINVAL;
	if (vp->admin_mac && !vp->trusted && !ether_addr_equal(mac, vp->mac))
		return -EPERM;
	return snic_vport_set_mac(pf, func, mac);
}

static int do_set_uc(struct snic_pf *pf, u32 func, const struct snic_mbox_msg *msg)
{
	struct snic_vport *vp = &pf->vport[func];
	u32 n = msg->dw[1] & SNIC_UC_COUNT, i;
	struct snic_addr *uc;

	if (!(msg->dw[1] & SNIC_UC_GOES_ON))
		vp->n_uc_new = 0;
	if (n > SNIC_MSG_UC_MAX || msg->dw[1] & ~(SNIC_UC_COUNT | SNIC_UC_GOES_ON | SNIC_UC_MORE))
		return -EINVAL;
	if (vp->n_uc_new + n > SNIC_VPORT_UC_MAX)
		return -ENOSPC;
	uc = vp->uc_new + vp->n_uc_new;
	for (i = 0; i < n; i++) {
		snic_msg_get_mac(&msg->dw[2 + 2 * i], uc[i].b);
		if (!is_valid_ether_addr(uc[i].b))
			return -EINVAL;
	}
	/* the administrator's choice of address is a limit, as it is for the MAC itself */
	if (n && vp->admin_mac && !vp->trusted)
		return -EPERM;
	vp->n_uc_new += n;
	if (msg->dw[1] & SNIC_UC_MORE)
		return 0;
	return snic_vport_set_uc(pf, func, vp->uc_new, vp->n_uc_new);
}

/* Stops at the first that is refused; those before it hold. */
static int do_vlans(struct snic_pf *pf, u32 func, const struct snic_mbox_msg *msg, bool on)
{
	u32 n = msg->dw[1], i;
	int rc = 0;

	if (n > SNIC_MSG_VID_MAX)
		return -EINVAL;
	for (i = 0; !rc && i < n; i++)
		rc = snic_vport_vlan(pf, func, (u16)(msg->dw[2 + i / 2] >> 16 * (i % 2)), on);
	return rc;
}

static int do_rx_mode(struct snic_pf *pf, u32 func, const struct snic_mbox_msg *msg,
		      struct snic_mbox_msg *reply)
{
	const struct snic_vport *vp = &pf->vport[func];
	u32 mode = msg->dw[1];

	if (mode & ~SNIC_RX_MODE_MASK)
		return -EINVAL;
	if (!vp->trusted)
		mode &= ~SNIC_RX_MODE_PROMISC;
	reply->dw[1] = mode;
	snic_vport_rx_mode(pf, func, mode);
	return 0;
}

static int handle(struct snic_pf *pf, u32 func, const struct snic_mbox_msg *msg,
		  struct snic_mbox_msg *reply)
{
	if (snic_msg_op(msg) != SNIC_MSG_HELLO && snic_msg_op(msg) != SNIC_MSG_SET_MAC &&
	    !pf->vport[func].live)
		return -EPROTO;
	switch (snic_msg_op(msg)) {
	case SNIC_MSG_HELLO:
		return do_hello(pf, func, msg, reply);
	case SNIC_MSG_SET_MAC:
		return do_set_mac(pf, func, msg);
	case SNIC_MSG_SET_UC:
		return do_set_uc(pf, func, msg);
	case SNIC_MSG_VLAN_ADD:
		return do_vlans(pf, func, msg, true);
	case SNIC_MSG_VLAN_DEL:
		return do_vlans(pf, func, msg, false);
	case SNIC_MSG_RX_MODE:
		return do_rx_mode(pf, func, msg, reply);
	default:
		return -EOPNOTSUPP;
	}
}

static u32 status_of(int rc)
{
	switch (rc) {
	case 0:
		return SNIC_MSG_OK;
	case -EPERM:
		return SNIC_MSG_EPERM;
	case -ENOSPC:
		return SNIC_MSG_ENOSPC;
	case -EEXIST:
		return SNIC_MSG_EEXIST;
	case -EOPNOTSUPP:
		return SNIC_MSG_EOPNOTSUPP;
	case -EPROTO:
		return SNIC_MSG_EPROTO;
	default:
		return SNIC_MSG_EINVAL;
	}
}

static const char *why(int rc)
{
	switch (rc) {
	case -EPERM:
		return "request needs trust";
	case -ENOSPC:
		return "quota of addresses and VLANs used up";
	case -EEXIST:
		return "address of another function";
	case -EOPNOTSUPP:
		return "request unknown";
	case -EPROTO:
		return "request before hello";
	default:
		return "request malformed";
	}
}

/* MBOX_SEL names the VF. False: its message stays for the time being. */
static bool serve(struct snic_pf *pf, u32 func)
{
	struct snic_vport *vp = &pf->vport[func];
	struct snic_mbox_msg msg, reply = {};
	struct snic_hw *hw = &pf->nic->hw;
	int rc;

	refill(vp);
	if (!vp->tokens) {
		vp->limited++;
		queue_delayed_work(pf->nic->wq, &pf->mbox_work, HZ / TOKENS_PER_S + 1);
		return false;
	}
	snic_mbox_read(hw, &msg);
	/*
	 * A reset that shows now came before the message, and is to be worked off first, or after
	 * it: then the message is that of the VF's last owner. Without one it is good.
	 */
	if (snic_mbox_resets(hw, func / 32) & BIT(func % 32)) {
		work_now(pf);
		return false;
	}
	snic_mbox_taken(hw);
	vp->tokens--;
	vp->requests++;
	rc = handle(pf, func, &msg, &reply);
	if (rc) {
		vp->refused++;
		snic_mdd_refused(pf->nic, func, why(rc));
	}
	reply.dw[0] = snic_msg_head(snic_msg_op(&msg) | SNIC_MSG_REPLY, status_of(rc),
				    snic_msg_seq(&msg));
	snic_mbox_send(hw, &reply);
	return true;
}

static void serve_vf(struct snic_pf *pf, u32 func, bool waits)
{
	struct snic_vport *vp = &pf->vport[func];
	struct snic_hw *hw = &pf->nic->hw;
	struct snic_mbox_msg msg = {};

	snic_mbox_select(hw, func);
	/* It has not taken the last answer and gets no other: an interrupt tells when it has. */
	if (snic_mbox_flags(hw) & SNIC_MASK(MBOX_CTRL, UNTAKEN))
		return;
	if (waits && serve(pf, func))
		return;
	if (vp->notify && vp->live) {
		msg.dw[0] = snic_msg_head(SNIC_MSG_STATE, SNIC_MSG_OK, 0);
		fill_state(pf, func, &msg);
		snic_mbox_send(hw, &msg);
		vp->notify = false;
	}
}

static void work_off_resets(struct snic_pf *pf, u32 word)
{
	u32 bits = snic_mbox_resets(&pf->nic->hw, word);
	unsigned long todo = bits;
	u32 i;

	/* All ones may be 32 VFs that came up together, or a device that is gone. */
	if (!bits || (bits == ~0u && snic_hw_sync(&pf->nic->hw)))
		return;
	/* first: one that comes while this one is worked off must show */
	snic_mbox_reset_seen(&pf->nic->hw, word, bits);
	for_each_set_bit(i, &todo, 32)
		if (word * 32 + i && word * 32 + i <= pf->num_vfs)
			snic_vport_forget(pf, word * 32 + i);
}

/* The PF's own stopped queues are for its watchdog to see. */
static void work_off_errors(struct snic_pf *pf, u32 word)
{
	struct snic_hw *hw = &pf->nic->hw;
	u32 bits = snic_func_errors(hw, word);
	unsigned long todo = bits;
	u32 i;

	if (!bits || (bits == ~0u && snic_hw_sync(hw)))
		return;
	snic_func_errors_seen(hw, word, bits);
	for_each_set_bit(i, &todo, 32)
		if (word * 32 + i && word * 32 + i <= pf->num_vfs)
			snic_mdd_refused(pf->nic, word * 32 + i,
					 "bad descriptor, doorbell or address, queue stopped");
}

static void mbox_work(struct work_struct *work)
{
	struct snic_pf *pf = container_of(to_delayed_work(work), struct snic_pf, mbox_work);
	struct snic_hw *hw = &pf->nic->hw;
	u32 word, i, pending;

	mutex_lock(&pf->lock);
	for (word = 0; word * 32 <= pf->num_vfs && !snic_gone(pf->nic); word++) {
		work_off_resets(pf, word);
		work_off_errors(pf, word);
		pending = snic_mbox_pending(hw, word);
		if (pending == ~0u && snic_hw_sync(hw)) {
			snic_mark_gone(pf->nic, "mailbox");
			break;
		}
		for (i = 0; i < 32; i++) {
			u32 func = word * 32 + i;
			bool waits = pending & BIT(i);

			if (func && func <= pf->num_vfs && (waits || pf->vport[func].notify))
				serve_vf(pf, func, waits);
		}
	}
	/* what came meanwhile is remembered by the device, and sends an interrupt now */
	if (!snic_gone(pf->nic))
		snic_irq_arm(pf->nic, SNIC_VEC_MBOX, snic_usecs_to_gap(pf->nic, IRQ_GAP_US));
	mutex_unlock(&pf->lock);
}

void snic_pf_notify(struct snic_pf *pf, u32 func)
{
	pf->vport[func].notify = true;
	work_now(pf);
}

static irqreturn_t mbox_irq(int irq, void *data)
{
	struct snic_pf *pf = data;

	pf->nic->mbox_irqs++;
	work_now(pf);
	return IRQ_HANDLED;
}

int snic_pf_mbox_irq(struct snic_pf *pf)
{
	struct pci_dev *pdev = pf->nic->pdev;
	int rc;

	snprintf(pf->irq_name, sizeof(pf->irq_name), "%s-mbox", pci_name(pdev));
	rc = request_irq(pci_irq_vector(pdev, SNIC_VEC_MBOX), mbox_irq, 0, pf->irq_name, pf);
	if (rc)
		dev_err(&pdev->dev, "mailbox: no interrupt: %d\n", rc);
	return rc;
}

void snic_pf_mbox_irq_free(struct snic_pf *pf)
{
	free_irq(pci_irq_vector(pf->nic->pdev, SNIC_VEC_MBOX), pf);
}

void snic_pf_mbox_init(struct snic_pf *pf)
{
	INIT_DELAYED_WORK(&pf->mbox_work, mbox_work);
}

/* Whatever has waited so far is seen by the first run. */
void snic_pf_mbox_start(struct snic_pf *pf)
{
	snic_mbox_irq(&pf->nic->hw, SNIC_VEC_MBOX);
	work_now(pf);
}

/* The read is behind the last interrupt: what that one starts is there to be cancelled. */
void snic_pf_mbox_stop(struct snic_pf *pf)
{
	if (!snic_gone(pf->nic)) {
		snic_mbox_irq(&pf->nic->hw, -1);
		snic_mbox_flags(&pf->nic->hw);
	}
	synchronize_irq(pci_irq_vector(pf->nic->pdev, SNIC_VEC_MBOX));
	cancel_delayed_work_sync(&pf->mbox_work);
}

/* The VFs that go on without this PF: no answers until a PF's driver is back. */
void snic_pf_mbox_bye(struct snic_pf *pf)
{
	struct snic_mbox_msg msg = { .dw[0] = snic_msg_head(SNIC_MSG_BYE, SNIC_MSG_OK, 0) };
	struct snic_hw *hw = &pf->nic->hw;
	u32 func;

	mutex_lock(&pf->lock);
	for (func = 1; func <= pf->num_vfs; func++) {
		if (!pf->vport[func].live)
			continue;
		snic_mbox_select(hw, func);
		if (!(snic_mbox_flags(hw) & SNIC_MASK(MBOX_CTRL, UNTAKEN)))
			snic_mbox_send(hw, &msg);
	}
	mutex_unlock(&pf->lock);
}
