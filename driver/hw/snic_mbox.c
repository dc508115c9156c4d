/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_mbox.h"

_Static_assert(2 + 2 * SNIC_MSG_UC_MAX <= SNIC_MBOX_DWORDS && 2 + SNIC_MSG_VID_MAX / 2 <= SNIC_MBOX_DWORDS,
	       "lists fit");

void snic_msg_put_mac(u32 dw[2], const u8 m[6])
{
	dw[0] = (u32)m[0] | (u32)m[1] << 8 | (u32)m[2] << 16 | (u32)m[3] << 24;
	dw[1] = (u32)m[4] | (u32)m[5] << 8;
}

void snic_msg_get_mac(const u32 dw[2], u8 mac[6])
{
	u32 i;

	for (i = 0; i < 6; i++)
		mac[i] = (u8)(dw[i / 4] >> 8 * (i % 4));
}

void snic_msg_put_state(struct snic_mbox_msg *m, const struct snic_mbox_state *s)
{
	m->dw[1] = s->version;
	snic_msg_put_mac(&m->dw[2], s->mac);
	m->dw[4] = s->flags;
	m->dw[5] = s->port;
	m->dw[6] = s->quota;
}

void snic_msg_get_state(const struct snic_mbox_msg *m, struct snic_mbox_state *s)
{
	s->version = m->dw[1];
	snic_msg_get_mac(&m->dw[2], s->mac);
	s->flags = m->dw[4];
	s->port = (u8)m->dw[5];
	s->quota = m->dw[6];
}

void snic_mbox_select(const struct snic_hw *pf, u32 vf)
{
	snic_wr32(pf, SNIC_REG_MBOX_SEL, vf);
}

u32 snic_mbox_flags(const struct snic_hw *hw)
{
	return snic_rd32(hw, SNIC_REG_MBOX_CTRL);
}

void snic_mbox_send(const struct snic_hw *hw, const struct snic_mbox_msg *m)
{
	u32 i;

	for (i = 0; i < SNIC_MBOX_DWORDS; i += 2)
		snic_wr64(hw, SNIC_REG_AT(MBOX_DATA, i), m->dw[i] | (u64)m->dw[i + 1] << 32);
	snic_wr32(hw, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, SEND));
}

void snic_mbox_read(const struct snic_hw *hw, struct snic_mbox_msg *m)
{
	u32 i;
	u64 v;

	for (i = 0; i < SNIC_MBOX_DWORDS; i += 2) {
		v = snic_rd64(hw, SNIC_REG_AT(MBOX_DATA, i));
		m->dw[i] = (u32)v;
		m->dw[i + 1] = (u32)(v >> 32);
	}
}

void snic_mbox_taken(const struct snic_hw *hw)
{
	snic_wr32(hw, SNIC_REG_MBOX_CTRL, SNIC_MASK(MBOX_CTRL, TAKEN));
}

void snic_mbox_irq(const struct snic_hw *hw, int vector)
{
	snic_wr32(hw, SNIC_REG_MBOX_VEC, vector < 0 ? 0 : SNIC_MASK(MBOX_VEC, IRQ) | (u32)vector);
}

u32 snic_mbox_pending(const struct snic_hw *pf, u32 word)
{
	return snic_rd32(pf, SNIC_REG_AT(MBOX_PEND, word));
}

u32 snic_mbox_resets(const struct snic_hw *pf, u32 word)
{
	return snic_rd32(pf, SNIC_REG_AT(VF_RESET, word));
}

void snic_mbox_reset_seen(const struct snic_hw *pf, u32 word, u32 bits)
{
	snic_wr32(pf, SNIC_REG_AT(VF_RESET, word), bits);
}
