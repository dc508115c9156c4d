// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ethtool -t. What disturbs no traffic runs always; the loopback takes the interface down: frames
 * of several sizes go out by rings of its own and must come back as they were.
 */
#include <linux/interrupt.h>

#include "snic_ethtool.h"

enum snic_test { SNIC_TEST_MMIO, SNIC_TEST_DMA, SNIC_TEST_IRQ, SNIC_TEST_LOOPBACK, SNIC_N_TEST };

static const char * const snic_test_names[SNIC_N_TEST] = {
	[SNIC_TEST_MMIO] = "Register test  (online)",
	[SNIC_TEST_DMA] = "DMA test       (online)",
	[SNIC_TEST_IRQ] = "Interrupt test (online)",
	[SNIC_TEST_LOOPBACK] = "Loopback test  (offline)",
};

/* Shortest, one beat, around one and two beats, longest without VLAN tag. */
static const u16 snic_loop_len[] = { ETH_ZLEN, 64, 65, 127, 128, 129, 512, ETH_FRAME_LEN };

#define SNIC_LOOP_LOG2 SNIC_RING_LOG2_MIN
#define SNIC_LOOP_ENTRIES BIT(SNIC_LOOP_LOG2)
#define SNIC_LOOP_BUF 2048
#define SNIC_LOOP_POLLS 1000
#define SNIC_LOOP_POLL_US 10

static_assert(ARRAY_SIZE(snic_loop_len) <= SNIC_LOOP_ENTRIES);

/* DMA memory of the tests; what the device sees is 64 B aligned. */
struct snic_test_mem {
	struct snic_qw2 tx_ring[SNIC_LOOP_ENTRIES];
	struct snic_qw2 rx_ring[SNIC_LOOP_ENTRIES];
	struct snic_qw2 rx_cpl[SNIC_LOOP_ENTRIES];
	struct snic_qw2 tx_wb[4];
	u8 tx_buf[ARRAY_SIZE(snic_loop_len)][SNIC_LOOP_BUF];
	u8 rx_buf[SNIC_LOOP_ENTRIES][SNIC_LOOP_BUF];
};

struct snic_test_ctx {
	struct snic *nic;
	struct snic_test_mem *mem;
	dma_addr_t bus;
	struct snic_txq txq;
	struct snic_rxq rxq;
};

#define SNIC_TEST_BUS(ctx, field) ((ctx)->bus + offsetof(struct snic_test_mem, field))

u32 snic_selftest_count(void)
{
	return SNIC_N_TEST;
}

void snic_selftest_strings(u8 *data)
{
	u32 i;

	for (i = 0; i < SNIC_N_TEST; i++)
		ethtool_puts(&data, snic_test_names[i]);
}

struct snic_irq_watch {
	const u64 *count;
	u64 before;
};

static bool snic_irq_seen(void *ctx)
{
	const struct snic_irq_watch *watch = ctx;

	return READ_ONCE(*watch->count) != watch->before;
}

static int snic_test_vector(struct snic *nic, u32 vector, const u64 *count)
{
	struct snic_irq_watch watch = { count, READ_ONCE(*count) };

	return snic_hw_test_irq(&nic->hw, snic_irq_seen, &watch, vector);
}

static irqreturn_t snic_count_irq(int irq, void *count)
{
	(*(u64 *)count)++;
	return IRQ_HANDLED;
}

/* A VF that is down holds no vectors: one is lent to the test. */
static int snic_test_lent_irq(struct snic *nic)
{
	u64 count = 0;
	int rc, irq;

	rc = snic_vectors_get(nic);
	if (rc)
		return rc;
	irq = pci_irq_vector(nic->pdev, SNIC_VEC_MBOX);
	rc = request_irq(irq, snic_count_irq, 0, "snic-selftest", &count);
	if (!rc) {
		rc = snic_test_vector(nic, SNIC_VEC_MBOX, &count);
		free_irq(irq, &count);
	}
	snic_vectors_put(nic);
	return rc;
}

/* The queues' vectors have their handlers while the interface is up. */
static int snic_test_irqs(struct snic *nic)
{
	bool up = test_bit(SNIC_UP, &nic->state);
	int rc = 0;
	u32 q;

	if (nic->vf && !up)
		return snic_test_lent_irq(nic);
	if (nic->mbox_vec)
		rc = snic_test_vector(nic, SNIC_VEC_MBOX, &nic->mbox_irqs);
	for (q = 0; up && q < nic->cfg.n_pair && !rc; q++)
		rc = snic_test_vector(nic, snic_vec_pair(nic, q), &nic->pair[q].irqs);
	return rc;
}

/* --- loopback --- */

static void snic_loop_fill(struct snic_test_ctx *ctx, u32 i)
{
	struct ethhdr *eth = (struct ethhdr *)ctx->mem->tx_buf[i];
	u32 at;

	ether_addr_copy(eth->h_dest, ctx->nic->netdev->dev_addr);
	ether_addr_copy(eth->h_source, ctx->nic->netdev->dev_addr);
	eth->h_proto = htons(ETH_P_LOOPBACK);
	for (at = ETH_HLEN; at < snic_loop_len[i]; at++)
		ctx->mem->tx_buf[i][at] = at * 7 + i;
}

static int snic_loop_start(struct snic_test_ctx *ctx)
{
	const struct snic_ring_mem tx = { ctx->mem->tx_ring, SNIC_TEST_BUS(ctx, tx_ring),
					  ctx->mem->tx_wb, SNIC_TEST_BUS(ctx, tx_wb) };
	const struct snic_ring_mem rx = { ctx->mem->rx_ring, SNIC_TEST_BUS(ctx, rx_ring),
					  ctx->mem->rx_cpl, SNIC_TEST_BUS(ctx, rx_cpl) };
	struct snic_hw *hw = &ctx->nic->hw;
	u32 i;
	int rc;

	rc = snic_txq_start(&ctx->txq, hw, 0, &tx, SNIC_LOOP_LOG2, -1);
	if (!rc)
		rc = snic_rxq_start(&ctx->rxq, hw, 0, &rx, SNIC_LOOP_LOG2, SNIC_LOOP_BUF, -1);
	if (rc)
		return rc;
	for (i = 0; i < SNIC_LOOP_ENTRIES; i++)
		snic_rxq_post(&ctx->rxq, SNIC_TEST_BUS(ctx, rx_buf[i]));
	snic_rxq_kick(&ctx->rxq);
	snic_hw_enable(hw, true);
	return 0;
}

/* Until something comes, for a while: its length, or -EIO. */
static int snic_loop_next(struct snic_test_ctx *ctx, u8 **frame)
{
	u16 entry = ctx->rxq.head & (SNIC_LOOP_ENTRIES - 1);
	u32 polls;
	u64 cpl[2];

	for (polls = 0; !snic_rxq_next(&ctx->rxq, cpl); polls++) {
		if (polls == SNIC_LOOP_POLLS)
			return -EIO;
		usleep_range(SNIC_LOOP_POLL_US, 2 * SNIC_LOOP_POLL_US);
	}
	*frame = ctx->mem->rx_buf[entry];
	return snic_bits_get(cpl, SNIC_F(RX_CPL, LEN));
}

static void snic_loop_give_back(struct snic_test_ctx *ctx)
{
	snic_rxq_recycle(&ctx->rxq);
	snic_rxq_kick(&ctx->rxq);
}

/* Broadcasts of others may come between; of our own, the next must be the one sent next. */
static int snic_loop_expect(struct snic_test_ctx *ctx, u32 i)
{
	struct net_device *netdev = ctx->nic->netdev;
	const struct ethhdr *eth;
	bool same;
	u8 *frame;
	int len;

	do {
		len = snic_loop_next(ctx, &frame);
		if (len < 0) {
			netdev_err(netdev, "loopback: frame %u of %u bytes did not come back\n", i,
				   snic_loop_len[i]);
			return len;
		}
		same = len == snic_loop_len[i] && !memcmp(frame, ctx->mem->tx_buf[i], len);
		eth = (const struct ethhdr *)frame;
		if (!same && ether_addr_equal(eth->h_source, netdev->dev_addr)) {
			netdev_err(netdev, "loopback: frame %u of %u bytes came back changed (%d bytes)\n",
				   i, snic_loop_len[i], len);
			return -EIO;
		}
		snic_loop_give_back(ctx);
	} while (!same);
	return 0;
}

static int snic_loop_run(struct snic_test_ctx *ctx)
{
	u32 i;
	int rc = 0;

	for (i = 0; i < ARRAY_SIZE(snic_loop_len); i++) {
		snic_loop_fill(ctx, i);
		snic_txq_put(&ctx->txq, SNIC_TEST_BUS(ctx, tx_buf[i]), snic_loop_len[i]);
	}
	snic_txq_kick(&ctx->txq);
	for (i = 0; i < ARRAY_SIZE(snic_loop_len) && !rc; i++)
		rc = snic_loop_expect(ctx, i);
	if (!rc && snic_txq_reap(&ctx->txq)) {
		netdev_err(ctx->nic->netdev, "loopback: the device stopped the TX queue\n");
		rc = -EIO;
	}
	return rc;
}

static int snic_loop_forwarding(struct snic_test_ctx *ctx)
{
	int rc = snic_vectors_get(ctx->nic);

	if (rc)
		return rc;
	rc = snic_filter_start(ctx->nic);
	if (rc)
		goto vectors;
	rc = snic_filter_loopback(ctx->nic, true);
	if (rc)
		netdev_err(ctx->nic->netdev, "loopback: not switched on (error %d)\n", rc);
	else
		rc = snic_loop_run(ctx);
	snic_filter_loopback(ctx->nic, false);
	snic_filter_stop(ctx->nic);
vectors:
	snic_vectors_put(ctx->nic);
	return rc;
}

/* The interface is down; the function is left reset, or without bus mastering. */
static int snic_test_loopback(struct snic_test_ctx *ctx)
{
	struct snic *nic = ctx->nic;
	int rc, end;

	rc = snic_reset_function(nic);
	if (!rc)
		rc = snic_loop_start(ctx);
	if (!rc)
		rc = snic_loop_forwarding(ctx);
	end = snic_reset_function(nic);
	return rc ? rc : end;
}

static int snic_test_offline(struct snic_test_ctx *ctx)
{
	struct snic *nic = ctx->nic;
	bool was_up = test_bit(SNIC_UP, &nic->state);
	int rc, up = 0;

	if (was_up)
		snic_down(nic);
	rc = snic_test_loopback(ctx);
	if (was_up)
		up = snic_up(nic);
	if (up)
		netdev_err(nic->netdev, "not up again after the self-test (error %d)\n", up);
	return rc ? rc : up;
}

void snic_selftest(struct net_device *netdev, struct ethtool_test *test, u64 *result)
{
	struct snic *nic = netdev_priv(netdev);
	struct snic_test_ctx ctx = { .nic = nic };
	struct device *dev = &nic->pdev->dev;
	u32 i;

	memset(result, 0, SNIC_N_TEST * sizeof(*result));
	ctx.mem = dma_alloc_coherent(dev, sizeof(*ctx.mem), &ctx.bus, GFP_KERNEL);
	if (!ctx.mem || snic_gone(nic)) {
		netdev_err(netdev, "self-test: %s\n", ctx.mem ? "no device" : "no memory");
		for (i = 0; i < SNIC_N_TEST; i++)
			result[i] = 1;
		goto out;
	}
	result[SNIC_TEST_MMIO] = snic_hw_test_mmio(&nic->hw) != 0;
	result[SNIC_TEST_DMA] = snic_hw_test_dma(&nic->hw, ctx.mem->tx_wb,
						 SNIC_TEST_BUS(&ctx, tx_wb)) != 0;
	result[SNIC_TEST_IRQ] = snic_test_irqs(nic) != 0;
	if (test->flags & ETH_TEST_FL_OFFLINE)
		result[SNIC_TEST_LOOPBACK] = snic_test_offline(&ctx) != 0;
out:
	for (i = 0; i < SNIC_N_TEST; i++)
		if (result[i])
			test->flags |= ETH_TEST_FL_FAILED;
	if (ctx.mem)
		dma_free_coherent(dev, sizeof(*ctx.mem), ctx.mem, ctx.bus);
}
