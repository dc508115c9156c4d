/* SPDX-License-Identifier: BSD-2-Clause */
#include "soft_dev.h"

#include <stdlib.h>
#include <string.h>

#include "oracle_hash.h"

void *soft_dev_mem(const struct soft_dev *dev, uint64_t bus, size_t len)
{
	if (bus < SOFT_BUS || bus - SOFT_BUS > dev->used || len > dev->used - (bus - SOFT_BUS))
		return NULL;
	return dev->arena + (bus - SOFT_BUS);
}

uint64_t soft_dev_reg64(const struct soft_dev *dev, unsigned int func, uint32_t reg)
{
	return dev->reg[func][reg / 4] | (uint64_t)dev->reg[func][reg / 4 + 1] << 32;
}

static uint32_t *reg(struct soft_dev *dev, unsigned int func, uint32_t offset)
{
	return &dev->reg[func][offset / 4];
}

static void breach(struct soft_dev *dev)
{
	dev->breaches++;
}

/* --- flow table --- */

static void hash_key(const struct snic_flow_key *key, uint32_t seed, uint32_t out[2])
{
	oracle_hash(key->dw, SNIC_KEY_DWORDS, seed, out);
}

/* The first slot with the tag is the one whose entry is read: as in hardware, a second one would never be
 * seen. */
static int match(const uint32_t slot[SNIC_FLOW_WAYS], uint32_t tag)
{
	unsigned int way;

	for (way = 0; way < SNIC_FLOW_WAYS; way++)
		if (slot[way] >> 31 && (slot[way] >> 16 & 0x7fff) == tag)
			return slot[way] & 0xffff;
	return -1;
}

struct soft_entry *soft_dev_exact(struct soft_dev *dev, const struct snic_flow_key *key)
{
	const uint32_t sets = (1u << SNIC_FLOW_SETS_LOG2) - 1;
	uint32_t h[2];
	int t, id;

	hash_key(key, SNIC_JHASH_SEED_FLOW, h);
	for (t = 0; t < 2; t++) {
		id = match(dev->flow_slot[t][h[t] & sets], h[!t] >> 16 & 0x7fff);
		if (id >= 0 && !memcmp(&dev->flow[id].key, key, sizeof(*key)))
			return &dev->flow[id];
	}
	return NULL;
}

struct soft_entry *soft_dev_rule(struct soft_dev *dev, const struct snic_flow_key *key)
{
	const uint32_t sets = (1u << SNIC_RULE_SETS_LOG2) - 1;
	struct soft_entry *best = NULL, *e;
	struct snic_flow_key masked;
	uint32_t h[2], m, i;
	int t, id;

	for (m = 0; m < SNIC_RULE_MASKS; m++) {
		if (!(dev->mask_enable >> m & 1))
			continue;
		for (i = 0; i < SNIC_KEY_DWORDS; i++)
			masked.dw[i] = key->dw[i] & dev->mask[m].dw[i];
		hash_key(&masked, SNIC_JHASH_SEED_FLOW + m, h);
		for (t = 0; t < 2; t++) {
			id = match(dev->rule_slot[t][h[t] & sets], h[!t] >> 16 & 0x7fff);
			if (id < 0)
				continue;
			e = &dev->rule[id];
			if (e->mask != m || memcmp(&e->key, &masked, sizeof(masked)))
				continue;
			if (!best || e->priority > best->priority ||
			    (e->priority == best->priority && e < best))
				best = e;
		}
	}
	return best;
}

static void flow_op(struct soft_dev *dev, uint32_t op)
{
	uint32_t flop = op >> 24, arg = op & 0xffffff, slot = *reg(dev, 0, SNIC_REG_FLOW_SLOT);
	struct soft_entry e = { .mask = slot & 0xf, .priority = slot >> 16 };

	memcpy(&e.key, reg(dev, 0, SNIC_REG_FLOW_KEY), sizeof(e.key));
	memcpy(&e.act, reg(dev, 0, SNIC_REG_FLOW_ACT), sizeof(e.act));
	switch (flop) {
	case SNIC_FLOP_ENTRY_SET:
		if (arg < SNIC_FLOW_ENTRIES)
			dev->flow[arg] = e;
		break;
	case SNIC_FLOP_SLOT_SET:
		dev->flow_slot[arg >> 17 & 1][arg >> 3 & 0x3fff][arg & 3] = slot;
		break;
	case SNIC_FLOP_RULE_SET:
		if (arg < SNIC_RULE_ENTRIES)
			dev->rule[arg] = e;
		break;
	case SNIC_FLOP_RULE_SLOT_SET:
		dev->rule_slot[arg >> 13 & 1][arg >> 3 & 0x3ff][arg & 3] = slot;
		break;
	case SNIC_FLOP_MASK_SET:
		/* a mask that is being searched must not change under the search */
		if (dev->mask_enable >> (arg & 0xf) & 1)
			breach(dev);
		dev->mask[arg & 0xf] = e.key;
		break;
	case SNIC_FLOP_MASK_ENABLE:
		dev->mask_enable = slot & 0xffff;
		break;
	case SNIC_FLOP_EDIT_SET:
		if (arg >= SNIC_N_EDIT)
			breach(dev);
		break;
	case SNIC_FLOP_STAT_READ:
		dev->stat_packets = arg < SNIC_FLOW_ENTRIES ? dev->flow[arg].packets
							    : dev->rule[arg - SNIC_FLOW_ENTRIES].packets;
		break;
	default:
		breach(dev);
	}
	if (dev->slot_hook && (flop == SNIC_FLOP_SLOT_SET || flop == SNIC_FLOP_RULE_SLOT_SET))
		dev->slot_hook(dev);
}

/* --- MAC table --- */

int soft_dev_mac(const struct soft_dev *dev, const uint8_t mac[6], uint16_t vid)
{
	uint64_t key = vid;
	uint32_t dw[2], h[2], w;
	int i, t;

	for (i = 0; i < 6; i++)
		key = key << 8 | mac[i];
	dw[0] = (uint32_t)key;
	dw[1] = (uint32_t)(key >> 32);
	oracle_hash(dw, 2, SNIC_JHASH_SEED_MAC, h);
	for (t = 0; t < 2; t++)
		for (w = 0; w < SNIC_MAC_WAYS; w++)
			if (dev->mac_vport[t][h[t] & 0xff][w] && dev->mac_slot[t][h[t] & 0xff][w] == key)
				return dev->mac_vport[t][h[t] & 0xff][w] - 1;
	return -1;
}

static void mac_slot(struct soft_dev *dev, uint32_t v)
{
	uint32_t t = v >> 10 & 1, set = v >> 11 & 0xff, way = v >> 19 & 3;

	dev->mac_slot[t][set][way] = soft_dev_reg64(dev, 0, SNIC_REG_MACT_KEY_LO);
	dev->mac_vport[t][set][way] = v >> 9 & 1 ? (uint16_t)((v & 0x1ff) + 1) : 0;
}

/* --- registers --- */

static void test_go(struct soft_dev *dev, unsigned int func, uint32_t v)
{
	uint64_t bus = soft_dev_reg64(dev, func, SNIC_REG_TEST_DMA_LO);
	uint32_t *p = soft_dev_mem(dev, bus, 16);

	if (!(v & 1) || dev->no_test_dma)
		return;
	if (!p || !dev->bus_master[func]) {
		breach(dev);
		return;
	}
	p[0] = SNIC_MAGIC;
	p[1] = func;
	p[2] = *reg(dev, func, SNIC_REG_TEST_SCRATCH);
	p[3] = 0;
}

static void pf_write(struct soft_dev *dev, uint32_t offset, uint32_t v)
{
	uint32_t sel;

	switch (offset) {
	case SNIC_REG_FT_FLAGS:
		sel = *reg(dev, 0, SNIC_REG_FT_SEL) & 0xff;
		dev->row[sel].mac_lo = *reg(dev, 0, SNIC_REG_FT_MAC_LO);
		dev->row[sel].mac_hi = *reg(dev, 0, SNIC_REG_FT_MAC_HI);
		dev->row[sel].vlan = *reg(dev, 0, SNIC_REG_FT_VLAN);
		dev->row[sel].flags = v;
		break;
	case SNIC_REG_MACT_SLOT:
		mac_slot(dev, v);
		break;
	case SNIC_REG_VLAN_MEMBERS:
		sel = *reg(dev, 0, SNIC_REG_VLAN_SEL);
		dev->member[sel >> 3 & 0xfff][sel & 7] = v;
		break;
	case SNIC_REG_FLOW_OP:
		flow_op(dev, v);
		break;
	default:
		break;
	}
}

static void bell(struct soft_dev *dev, unsigned int func, uint32_t offset, uint16_t tail)
{
	unsigned int queue = (offset - SNIC_REG_TX_TAIL) / 8;
	bool rx = offset & 4;
	uint32_t cfg = *reg(dev, func, rx ? SNIC_REG_AT(RXQ_CFG, queue) : SNIC_REG_AT(TXQ_CFG, queue));
	struct soft_queue *q = &dev->q[func][queue];
	uint16_t *was = rx ? &q->rx_tail : &q->tx_tail;

	if (!(cfg & SNIC_MASK(TXQ_CFG, ENABLE)) ||
	    (uint16_t)(tail - (rx ? q->rx_head : q->tx_head)) > 1u << (cfg & 0xf) || tail == *was) {
		breach(dev);
		return;
	}
	*was = tail;
	(*(rx ? &q->rx_bells : &q->tx_bells))++;
}

static void write32(struct soft_dev *dev, unsigned int func, uint32_t offset, uint32_t v)
{
	if (!snic_reg_exists(offset)) {
		breach(dev);
		return;
	}
	if (offset >= SNIC_REG_FT_SEL && offset < SNIC_REG_STAT_SEL && func) {
		breach(dev);
		return;
	}
	*reg(dev, func, offset) = v;
	if (offset == SNIC_REG_FUNC_CTRL && v & SNIC_MASK(FUNC_CTRL, RESET)) {
		memset(reg(dev, func, SNIC_REG_TEST_SCRATCH), 0, SNIC_REG_FT_SEL - SNIC_REG_TEST_SCRATCH);
		memset(dev->q[func], 0, sizeof(dev->q[func]));
		if (dev->stuck_reset == (int)func)
			*reg(dev, func, SNIC_REG_FUNC_CTRL) = SNIC_MASK(FUNC_CTRL, RESET);
	} else if (offset == SNIC_REG_TEST_GO) {
		test_go(dev, func, v);
	} else if (offset >= SNIC_REG_TX_TAIL && offset < SNIC_REG_TX_TAIL + 8 * SNIC_Q_PER_FUNC) {
		bell(dev, func, offset, (uint16_t)v);
	} else if (!func) {
		pf_write(dev, offset, v);
	}
}

static void bus_write(void *ctx, unsigned int func, uint32_t offset, uint64_t value, unsigned int size)
{
	struct soft_dev *dev = ctx;

	if (dev->gone)
		return;
	dev->writes++;
	if (func >= SNIC_N_FUNC || offset % size || offset + size > SNIC_BAR_BYTES ||
	    (size != 4 && size != 8)) {
		breach(dev);
		return;
	}
	write32(dev, func, offset, (uint32_t)value);
	if (size == 8)
		write32(dev, func, offset + 4, (uint32_t)(value >> 32));
}

static uint32_t read32(struct soft_dev *dev, unsigned int func, uint32_t offset)
{
	switch (offset) {
	case SNIC_REG_MAGIC:
		return SNIC_MAGIC;
	case SNIC_REG_VERSION:
		return SNIC_VERSION_MAJOR << 16 | SNIC_VERSION_MINOR;
	case SNIC_REG_CAP_QUEUES:
		return SNIC_N_FUNC << 16 | SNIC_VEC_PER_FUNC << 8 | SNIC_Q_PER_FUNC;
	case SNIC_REG_CAP_FLOWS:
		return SNIC_FLOW_ENTRIES;
	case SNIC_REG_CAP_RULES:
		return SNIC_RULE_MASKS << 16 | SNIC_RULE_ENTRIES;
	case SNIC_REG_FUNC:
		return func;
	case SNIC_REG_TEST_SCRATCH:
		return ~*reg(dev, func, offset);
	case SNIC_REG_FLOW_PKTS_LO:
		return (uint32_t)dev->stat_packets;
	default:
		return *reg(dev, func, offset);
	}
}

static uint64_t bus_read(void *ctx, unsigned int func, uint32_t offset, unsigned int size)
{
	struct soft_dev *dev = ctx;

	dev->reads++;
	if (dev->reads_until_gone && !--dev->reads_until_gone)
		dev->gone = true;
	if (dev->gone)
		return size == 8 ? ~0ull : ~0u;
	if (func >= SNIC_N_FUNC || offset % size || offset + size > SNIC_BAR_BYTES) {
		breach(dev);
		return 0;
	}
	if (size == 4)
		return read32(dev, func, offset);
	return read32(dev, func, offset) | (uint64_t)read32(dev, func, offset + 4) << 32;
}

static void *bus_dma_alloc(void *ctx, unsigned int func, size_t size, uint64_t *bus)
{
	struct soft_dev *dev = ctx;
	size_t bytes = (size + 4095) / 4096 * 4096;
	void *p = dev->arena + dev->used;

	(void)func;
	if (dev->allocs_until_none && !--dev->allocs_until_none)
		return NULL;
	if (bytes > SOFT_ARENA - dev->used)
		return NULL;
	dev->allocs++;
	memset(p, 0, bytes);
	*bus = SOFT_BUS + dev->used;
	dev->used += bytes;
	return p;
}

static void bus_master(void *ctx, unsigned int func, bool on)
{
	((struct soft_dev *)ctx)->bus_master[func] = on;
}

static void bus_delay(void *ctx, uint64_t ns)
{
	(void)ctx;
	(void)ns;
}

/* --- rings --- */

static bool receive(struct soft_dev *dev, unsigned int func, unsigned int queue, const uint8_t *frame,
		    uint32_t len)
{
	uint32_t cfg = *reg(dev, func, SNIC_REG_AT(RXQ_CFG, queue)), log2 = cfg & 0xf, k;
	struct soft_queue *q = &dev->q[func][queue];
	uint64_t *desc, *cpl, c[2] = { len, 0 };
	uint8_t *buf;

	if (!(cfg & SNIC_MASK(RXQ_CFG, ENABLE)) || q->rx_head == q->rx_tail)
		return false;
	k = q->rx_head & ((1u << log2) - 1);
	desc = soft_dev_mem(dev, soft_dev_reg64(dev, func, SNIC_REG_AT(RXQ_BASE_LO, queue)) + 16ull * k, 16);
	cpl = soft_dev_mem(dev, soft_dev_reg64(dev, func, SNIC_REG_AT(RXQ_CPL_LO, queue)) + 16ull * k, 16);
	buf = desc ? soft_dev_mem(dev, desc[0], (cfg >> 16 & 0xfff) * 64) : NULL;
	if (!cpl || !buf || desc[1] || desc[0] % 64 || len > (cfg >> 16 & 0xfff) * 64) {
		breach(dev);
		return false;
	}
	memcpy(buf, frame, len);
	c[1] = len | (uint64_t) !(q->rx_head >> log2 & 1) << 63;
	cpl[0] = c[0];
	cpl[1] = c[1];
	q->rx_head++;
	return true;
}

static void transmit(struct soft_dev *dev, unsigned int func, unsigned int queue, unsigned int n)
{
	uint32_t cfg = *reg(dev, func, SNIC_REG_AT(TXQ_CFG, queue)), k, len;
	uint64_t ring = soft_dev_reg64(dev, func, SNIC_REG_AT(TXQ_BASE_LO, queue)), *desc, *wb;
	struct soft_queue *q = &dev->q[func][queue];
	uint8_t *frame;

	for (; n && q->tx_head != q->tx_tail; n--) {
		k = q->tx_head & ((1u << (cfg & 0xf)) - 1);
		desc = soft_dev_mem(dev, ring + 16ull * k, 16);
		len = desc ? desc[1] & 0x3fff : 0;
		frame = desc ? soft_dev_mem(dev, desc[0], len) : NULL;
		if (!frame || len < SNIC_FRAME_MIN || len > SNIC_FRAME_MAX || desc[1] >> 14 != 4) {
			breach(dev);
			return;
		}
		if (!receive(dev, frame[0], frame[1] & 7, frame, len))
			dev->drops++;
		q->tx_head++;
		wb = soft_dev_mem(dev, soft_dev_reg64(dev, func, SNIC_REG_AT(TXQ_WB_LO, queue)), 16);
		wb[0] = q->tx_head;
	}
}

void soft_dev_run(struct soft_dev *dev, unsigned int n)
{
	unsigned int func, queue;

	for (func = 0; func < SNIC_N_FUNC; func++)
		if (*reg(dev, func, SNIC_REG_FUNC_CTRL) & SNIC_MASK(FUNC_CTRL, ENABLE))
			for (queue = 0; queue < SNIC_Q_PER_FUNC; queue++)
				transmit(dev, func, queue, n);
}

/* --- life --- */

static bool all_zero(const void *p, size_t n)
{
	const uint8_t *b = p;

	return !n || (!b[0] && !memcmp(b, b + 1, n - 1));
}

bool soft_dev_clean(const struct soft_dev *dev)
{
	unsigned int func, i;

	for (func = 0; func < SNIC_N_FUNC; func++)
		if (dev->bus_master[func] ||
		    dev->reg[func][SNIC_REG_FUNC_CTRL / 4] & SNIC_MASK(FUNC_CTRL, ENABLE))
			return false;
	for (i = 0; i < 2u << SNIC_FLOW_SETS_LOG2 << 2; i++)
		if ((&dev->flow_slot[0][0][0])[i] >> 31)
			return false;
	for (i = 0; i < 2u << SNIC_RULE_SETS_LOG2 << 2; i++)
		if ((&dev->rule_slot[0][0][0])[i] >> 31)
			return false;
	return all_zero(dev->row, sizeof(dev->row)) && all_zero(dev->mac_vport, sizeof(dev->mac_vport)) &&
	       all_zero(dev->member, sizeof(dev->member)) && !dev->mask_enable &&
	       all_zero(&dev->reg[0][SNIC_REG_RSS_KEY / 4], 4 * SNIC_RSS_KEY_DWORDS);
}

struct soft_dev *soft_dev_new(void)
{
	struct soft_dev *dev = calloc(1, sizeof(*dev));

	dev->arena = aligned_alloc(4096, SOFT_ARENA);
	dev->stuck_reset = -1;
	dev->bus = (struct snic_pmd_bus){ dev, bus_write, bus_read, bus_dma_alloc, bus_master, bus_delay };
	return dev;
}

void soft_dev_free(struct soft_dev *dev)
{
	free(dev->arena);
	free(dev);
}
