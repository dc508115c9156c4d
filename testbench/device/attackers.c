/* SPDX-License-Identifier: BSD-2-Clause */
#include "attackers.h"

#include <stdlib.h>
#include <string.h>

#define BURST 4	     /* frames a doorbell */
#define FLOOD 160    /* frames in a turn, of all: twice what a port carries */
#define LENGTHS 20   /* the same of longer ones */
#define WRITES 32    /* MMIO writes in a turn: 64 million a second */
#define BROADCASTS 5 /* frames in two turns */
#define SLOW_NS 5000

const char *const attack_names[N_ATTACK] = {
	"none",	       "flood",	       "lengths",	"broadcast", "doorbells", "config", "descriptors",
	"slow memory", "lost answers", "error answers", "resets",    "mailbox",	  "msix",
};

/* The next attacker, in turn. */
static unsigned int next(struct attackers *a)
{
	a->next = a->next % a->n + 1;
	return a->next;
}

/* One frame of VF f, if its ring has room; not rung for yet. */
static void post(struct attackers *a, unsigned int f, size_t len, bool broadcast)
{
	uint8_t *buf = snic_pmd_tx_buf(a->d->pmd, f, 0);

	if (!buf)
		return;
	dev_frame(a->d, buf, f, SNIC_VPORT_WIRE0, (unsigned int)a->turn, ENCAP_NONE, len);
	if (broadcast)
		memset(buf, 0xff, 6);
	snic_pmd_tx_commit(a->d->pmd, f, 0, (uint32_t)len);
}

/* So many frames of all together, each fourth one (or none: 0) of another length. */
static void send(struct attackers *a, unsigned int frames, size_t fourth, bool broadcast)
{
	unsigned int i, f = 0;

	for (i = 0; i < frames; i++) {
		if (i % BURST == 0)
			f = next(a);
		post(a, f, i % 4 == 3 && fourth ? fourth : 60, broadcast);
		if (i % BURST == BURST - 1 || i == frames - 1)
			snic_pmd_tx_flush(a->d->pmd, f, 0);
	}
}

static void fault(struct attackers *a, struct snic_sim_fault f)
{
	f.func = 1;
	f.n_func = a->n;
	dev_fault(a->d, f);
}

static void doorbell(struct attackers *a, unsigned int f, unsigned int i)
{
	const struct pmd_queue *q = pmd_queue(a->d->pmd, f, 0);

	if (i & 1)
		dev_wr(a->d, f, SNIC_REG_AT(TX_TAIL, 0), q->tx.tail & 0xffff);
	else
		dev_wr(a->d, f, SNIC_REG_AT(RX_TAIL, 0), q->rx.tail & 0xffff);
}

/* Queue 1 off and on; a doorbell and a write of its addresses between them. */
static void configure(struct attackers *a, unsigned int f)
{
	dev_wr(a->d, f, SNIC_REG_AT(RXQ_CFG, 1),
	       SNIC_MASK(RXQ_CFG, ENABLE) | SNIC_PUT(RXQ_CFG, BUFSIZE, 2048 / 64) | 6);
	dev_wr(a->d, f, SNIC_REG_AT(RX_TAIL, 1), 8);
	dev_wr(a->d, f, SNIC_REG_AT(RXQ_CFG, 1), 0);
	dev_wr(a->d, f, SNIC_REG_AT(TXQ_CFG, 1), SNIC_MASK(TXQ_CFG, ENABLE) | 6);
	dev_wr(a->d, f, SNIC_REG_AT(TX_TAIL, 1), 8);
	dev_wr(a->d, f, SNIC_REG_AT(TXQ_CFG, 1), 0);
}

/* Lengths of 0 and beyond all frames, no end, memory of nobody; then the queue is started again. */
static void descriptors(struct attackers *a, unsigned int f)
{
	struct dev_raw *r = &a->raw[f];
	unsigned int k;

	if (!r->tx_ring) {
		raw_open(a->d, r, f, 1, -1);
		for (k = 0; k < 1u << RAW_LOG2; k++) {
			raw_tx_desc(r, k, k % 4 == 1 ? 0x10 : r->buf_bus,
				    k % 4 == 0	 ? 0
				    : k % 4 == 2 ? 16383
						 : 60);
			if (k % 4 == 3)
				r->tx_ring[k].qw[1] = 0;
		}
	}
	dev_wr(a->d, f, SNIC_REG_AT(TXQ_CFG, 1), 0);
	dev_wr(a->d, f, SNIC_REG_AT(TXQ_CFG, 1), SNIC_MASK(TXQ_CFG, ENABLE) | RAW_LOG2);
	dev_wr(a->d, f, SNIC_REG_AT(TX_TAIL, 1), 15);
}

static void mail(struct attackers *a, unsigned int f)
{
	dev_wr(a->d, f, SNIC_REG_AT(MBOX_DATA, 0), (uint32_t)a->turn);
	dev_wr(a->d, f, SNIC_REG_MBOX_CTRL, 3);
}

static void interrupt(struct attackers *a, unsigned int f, unsigned int i)
{
	dev_wr(a->d, f, SNIC_REG_AT(INT_ARM, i % 16), 0);
	dev_wr(a->d, f, SNIC_REG_TEST_GO, 2 | i % 16 << 8);
}

void attack_begin(struct attackers *a, struct dev *d, enum attack kind, unsigned int n)
{
	*a = (struct attackers){ .d = d, .kind = kind, .n = n, .raw = calloc(SNIC_N_FUNC, sizeof(*a->raw)) };
	if (kind == ATTACK_SLOW)
		fault(a, (struct snic_sim_fault){ .kind = SNIC_SIM_FAULT_LATE, .ns = SLOW_NS });
	if (kind == ATTACK_LOST)
		fault(a, (struct snic_sim_fault){ .kind = SNIC_SIM_FAULT_LOST, .millionths = 125000 });
	if (kind == ATTACK_ERRORS)
		fault(a, (struct snic_sim_fault){ .kind = SNIC_SIM_FAULT_CA, .millionths = 500000 });
}

void attack_turn(struct attackers *a)
{
	unsigned int i;

	a->turn++;
	switch (a->kind) {
	case ATTACK_FLOOD:
		send(a, FLOOD, 0, false);
		break;
	case ATTACK_LENGTHS:
		send(a, LENGTHS, 2000, false);
		break;
	case ATTACK_BROADCAST:
		send(a, BROADCASTS / 2 + a->turn % 2, 0, true);
		break;
	case ATTACK_DOORBELLS:
		for (i = 0; i < WRITES; i++)
			doorbell(a, next(a), i);
		break;
	case ATTACK_CONFIG:
		for (i = 0; i < WRITES / 6; i++)
			configure(a, next(a));
		break;
	case ATTACK_DESC:
		for (i = 0; i < 2; i++)
			descriptors(a, next(a));
		break;
	case ATTACK_SLOW:
	case ATTACK_LOST:
	case ATTACK_ERRORS:
		send(a, 1, 0, false);
		break;
	case ATTACK_RESETS:
		dev_wr(a->d, next(a), SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, RESET));
		break;
	case ATTACK_MAILBOX:
		for (i = 0; i < WRITES / 2; i++)
			mail(a, next(a));
		break;
	case ATTACK_MSIX:
		for (i = 0; i < WRITES / 2; i++)
			interrupt(a, next(a), i);
		break;
	default:
		break;
	}
}

void attack_end(struct attackers *a)
{
	free(a->raw);
	a->raw = NULL;
}

bool attack_wants_frames(const struct attackers *a)
{
	return a->kind == ATTACK_SLOW || a->kind == ATTACK_LOST || a->kind == ATTACK_ERRORS;
}

bool attack_sends(enum attack kind)
{
	return kind == ATTACK_FLOOD || kind == ATTACK_LENGTHS || kind == ATTACK_BROADCAST;
}
