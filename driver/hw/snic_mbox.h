/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * The mailbox between a VF and the PF, and what the two drivers say in it. One message a direction at a time;
 * a message is dw[0] = op, status, sequence number, and what stands at its op.
 *
 * The VF asks, the PF answers with the same sequence number and SNIC_MSG_REPLY in the op; the next request
 * may follow when the answer has been taken. Beside that the PF sends notices, with sequence number 0.
 */
#ifndef SNIC_MBOX_H
#define SNIC_MBOX_H

#include "snic_hw.h"

#define SNIC_MSG_VERSION 1u

#define SNIC_MSG_REPLY 0x80u
enum snic_msg_op {
	/* VF to PF */
	SNIC_MSG_HELLO = 1,   /* dw[1] SNIC_MSG_VERSION; answered with the state. First after every reset. */
	SNIC_MSG_SET_MAC = 2, /* dw[1..2] MAC; may come before hello: kept until the next reset */
	/*
	 * Secondary addresses, all of them: dw[1] count and SNIC_UC_*, then MACs of two dwords. A long list comes in
	 * several messages, and holds with the last of them.
	 */
	SNIC_MSG_SET_UC = 3,
	SNIC_MSG_VLAN_ADD = 4, /* dw[1] count, then ids, two a dword, low half first */
	SNIC_MSG_VLAN_DEL = 5, /* as VLAN_ADD */
	SNIC_MSG_RX_MODE = 6,  /* dw[1] SNIC_RX_MODE_*; answered with what is granted in dw[1] */
	/* PF to VF: notices */
	SNIC_MSG_STATE = 0x40, /* the state, when it has changed */
	SNIC_MSG_BYE = 0x41,   /* the PF's driver goes: say hello again later */
};

enum snic_msg_status {
	SNIC_MSG_OK = 0,
	SNIC_MSG_EINVAL = 1,	 /* message not possible */
	SNIC_MSG_EPERM = 2,	 /* not without trust */
	SNIC_MSG_ENOSPC = 3,	 /* quota or table used up */
	SNIC_MSG_EEXIST = 4,	 /* address belongs to another function */
	SNIC_MSG_EOPNOTSUPP = 5, /* unknown op, or another version */
	SNIC_MSG_EPROTO = 6,	 /* no hello since the last reset */
};

#define SNIC_MSG_UC_MAX 7u
#define SNIC_MSG_VID_MAX 28u

#define SNIC_UC_COUNT 0xffu
#define SNIC_UC_GOES_ON 0x100u /* not the first message of the list */
#define SNIC_UC_MORE 0x200u    /* not the last one */

#define SNIC_RX_MODE_PROMISC 0x1u  /* all addresses on all VLANs; trusted functions only */
#define SNIC_RX_MODE_MULTI 0x2u	   /* multicast of its VLANs; the device has no list of groups */
#define SNIC_RX_MODE_STRIP 0x4u	   /* pop VLAN tags into the completion */
#define SNIC_RX_MODE_LOOPBACK 0x8u /* self-test */
#define SNIC_RX_MODE_MASK 0xfu

struct snic_mbox_msg {
	u32 dw[SNIC_MBOX_DWORDS];
};

#define SNIC_STATE_PORT_VLAN 0x1u /* the device pushes and pops a tag; the function must not see one */
#define SNIC_STATE_TRUSTED 0x2u
#define SNIC_STATE_ADMIN_MAC 0x4u /* the MAC is the administrator's: only a trusted function may change it */
/* The link is what the PF says; neither: that of the function's wire port. */
#define SNIC_STATE_LINK_UP 0x8u
#define SNIC_STATE_LINK_DOWN 0x10u

/* What the PF tells a VF about itself. */
struct snic_mbox_state {
	u32 version;
	u8 mac[6];
	u8 port;
	u32 flags;
	u32 quota; /* rows of the MAC table: addresses times VLANs */
};

static inline u32 snic_msg_head(u32 op, u32 status, u32 seq)
{
	return op | status << 8 | seq << 16;
}

static inline u32 snic_msg_op(const struct snic_mbox_msg *m)
{
	return m->dw[0] & 0xff;
}

static inline u32 snic_msg_status(const struct snic_mbox_msg *m)
{
	return m->dw[0] >> 8 & 0xff;
}

static inline u32 snic_msg_seq(const struct snic_mbox_msg *m)
{
	return m->dw[0] >> 16;
}

/* Of two dwords; the upper half of the second is not looked at. */
void snic_msg_put_mac(u32 dw[2], const u8 mac[6]);
void snic_msg_get_mac(const u32 dw[2], u8 mac[6]);
void snic_msg_put_state(struct snic_mbox_msg *m, const struct snic_mbox_state *s);
void snic_msg_get_state(const struct snic_mbox_msg *m, struct snic_mbox_state *s);

/* PF: the VF that the functions below are about. */
void snic_mbox_select(const struct snic_hw *pf, u32 vf);

/* Flags SNIC_MASK(MBOX_CTRL, UNTAKEN), SNIC_MASK(MBOX_CTRL, WAITS); all ones: the device is gone. */
u32 snic_mbox_flags(const struct snic_hw *hw);

/* The last message must have been taken (no SNIC_MASK(MBOX_CTRL, UNTAKEN)). */
void snic_mbox_send(const struct snic_hw *hw, const struct snic_mbox_msg *m);

/* A message must wait (SNIC_MASK(MBOX_CTRL, WAITS)). It stays until it is said to be taken. */
void snic_mbox_read(const struct snic_hw *hw, struct snic_mbox_msg *m);
void snic_mbox_taken(const struct snic_hw *hw);

/* Interrupt for messages that come and are taken, and (PF) for resets of VFs and stopped queues. vector: negative for none */
void snic_mbox_irq(const struct snic_hw *hw, int vector);

/* PF: bitmaps of 32 VFs, number `word` of them. A read bit of resets is cleared by snic_mbox_reset_seen(). */
u32 snic_mbox_pending(const struct snic_hw *pf, u32 word);
u32 snic_mbox_resets(const struct snic_hw *pf, u32 word);
void snic_mbox_reset_seen(const struct snic_hw *pf, u32 word, u32 bits);

#endif
