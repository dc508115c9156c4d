// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * devlink health. tx: queues that hang or that the device stopped. device: a function that was
 * reset, or is gone. What is told of VFs is in snic_mdd.c.
 */
#include "snic_devlink.h"
#include "snic_ethtool.h"

/*
 * A queue that hangs again so soon after recovery has to wait: recovering costs everybody time.
 * devlink's own grace period would give up for good at the second error, so it has none.
 */
#define SNIC_TX_GRACE_MS 500

static const char *qstat_name(u32 status)
{
	switch (status) {
	case SNIC_QSTAT_OK:
		return "ok";
	case SNIC_QSTAT_BAD_DESC:
		return "stopped: bad descriptor";
	case SNIC_QSTAT_DMA_ERR:
		return "stopped: DMA error";
	case SNIC_QSTAT_BAD_TAIL:
		return "stopped: bad doorbell";
	default:
		return "stopped: unknown cause";
	}
}

/* --- tx --- */

static int put_tx_queue(struct devlink_fmsg *fmsg, const struct snic_tx_ring *tx, u32 index)
{
	u64 wb = snic_os_load64(&tx->q.wb->qw[0]);
	const char *status = qstat_name(snic_bits_get(&wb, SNIC_F(TX_WB, STATUS)));
	int rc = 0;

	snic_fmsg(rc, devlink_fmsg_obj_nest_start(fmsg));
	snic_fmsg(rc, devlink_fmsg_u32_pair_put(fmsg, "queue", index));
	snic_fmsg(rc, devlink_fmsg_string_pair_put(fmsg, "status", status));
	snic_fmsg(rc, devlink_fmsg_bool_pair_put(fmsg, "stopped", netif_tx_queue_stopped(tx->nq)));
	snic_fmsg(rc, devlink_fmsg_u32_pair_put(fmsg, "size", tx->q.size));
	snic_fmsg(rc, devlink_fmsg_u32_pair_put(fmsg, "put", tx->q.tail));
	snic_fmsg(rc, devlink_fmsg_u32_pair_put(fmsg, "rung", tx->q.rung));
	snic_fmsg(rc, devlink_fmsg_u32_pair_put(fmsg, "done",
						snic_bits_get(&wb, SNIC_F(TX_WB, HEAD))));
	snic_fmsg(rc, devlink_fmsg_u32_pair_put(fmsg, "cleaned", tx->clean));
	snic_fmsg(rc, devlink_fmsg_u32_pair_put(fmsg, "dma_errors",
						snic_bits_get(&wb, SNIC_F(TX_WB, ERRS))));
	snic_fmsg(rc, devlink_fmsg_obj_nest_end(fmsg));
	return rc;
}

/* Under RTNL the rings stay. */
static int put_tx_queues(struct snic *nic, struct devlink_fmsg *fmsg)
{
	int rc = 0;
	u32 i;

	snic_fmsg(rc, devlink_fmsg_arr_pair_nest_start(fmsg, "queues"));
	rtnl_lock();
	if (test_bit(SNIC_UP, &nic->state))
		for (i = 0; i < nic->cfg.n_pair && !rc; i++)
			rc = put_tx_queue(fmsg, &nic->pair[i].tx, i);
	rtnl_unlock();
	snic_fmsg(rc, devlink_fmsg_arr_pair_nest_end(fmsg));
	return rc;
}

static int tx_recover(struct devlink_health_reporter *reporter, void *ctx,
		      struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_health_reporter_priv(reporter);

	dl->tx_recovered = jiffies;
	return snic_recover(dl->nic);
}

static int tx_dump(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg, void *ctx,
		   struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_health_reporter_priv(reporter);

	return put_tx_queues(dl->nic, fmsg);
}

static int tx_diagnose(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
		       struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_health_reporter_priv(reporter);
	int rc = 0;

	snic_fmsg(rc, devlink_fmsg_bool_pair_put(fmsg, "up",
						 test_bit(SNIC_UP, &dl->nic->state)));
	snic_fmsg(rc, devlink_fmsg_u64_pair_put(fmsg, "resets", dl->nic->resets));
	return rc ? rc : put_tx_queues(dl->nic, fmsg);
}

static const struct devlink_health_reporter_ops tx_ops = {
	.name = "tx",
	.recover = tx_recover,
	.dump = tx_dump,
	.diagnose = tx_diagnose,
};

/* --- device --- */

static int put_reg(struct devlink_fmsg *fmsg, const struct snic_reg_value *reg)
{
	char name[32], value[16];
	int index, rc = 0;

	strscpy(name, snic_reg_name(reg->offset, &index), sizeof(name));
	if (index >= 0)
		snprintf(name + strlen(name), sizeof(name) - strlen(name), "[%d]", index);
	snprintf(value, sizeof(value), "0x%08x", reg->value);
	snic_fmsg(rc, devlink_fmsg_string_pair_put(fmsg, name, value));
	return rc;
}

static int device_dump(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
		       void *ctx, struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_health_reporter_priv(reporter);
	u32 i, n = snic_regdump_count(dl->nic);
	struct snic_reg_value *regs;
	int rc = 0;

	regs = kcalloc(n, sizeof(*regs), GFP_KERNEL);
	if (!regs)
		return -ENOMEM;
	snic_regdump(dl->nic, regs);
	snic_fmsg(rc, devlink_fmsg_pair_nest_start(fmsg, "registers"));
	snic_fmsg(rc, devlink_fmsg_obj_nest_start(fmsg));
	for (i = 0; i < n && !rc; i++)
		rc = put_reg(fmsg, &regs[i]);
	snic_fmsg(rc, devlink_fmsg_obj_nest_end(fmsg));
	snic_fmsg(rc, devlink_fmsg_pair_nest_end(fmsg));
	kfree(regs);
	return rc;
}

static int device_diagnose(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
			   struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_health_reporter_priv(reporter);
	struct snic *nic = dl->nic;
	bool gone = snic_gone(nic);
	u32 status = gone ? 0 : snic_rd32(&nic->hw, SNIC_REG_FUNC_STATUS);
	int rc = 0;

	snic_fmsg(rc, devlink_fmsg_bool_pair_put(fmsg, "present", !gone));
	snic_fmsg(rc, devlink_fmsg_bool_pair_put(fmsg, "reset_running",
						 status & SNIC_MASK(FUNC_STATUS, RESETTING)));
	snic_fmsg(rc, devlink_fmsg_bool_pair_put(fmsg, "queue_stopped",
						 status & SNIC_MASK(FUNC_STATUS, QERR)));
	snic_fmsg(rc, devlink_fmsg_u64_pair_put(fmsg, "resets", nic->resets));
	return rc;
}

static int device_recover(struct devlink_health_reporter *reporter, void *ctx,
			  struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_health_reporter_priv(reporter);

	if (snic_gone(dl->nic)) {
		NL_SET_ERR_MSG_MOD(extack, "the device is gone; reset the slot");
		return -ENODEV;
	}
	return snic_recover(dl->nic);
}

static const struct devlink_health_reporter_ops device_ops = {
	.name = "device",
	.recover = device_recover,
	.dump = device_dump,
	.diagnose = device_diagnose,
};

/* --- all --- */

static void report(struct snic *nic, struct devlink_health_reporter *reporter,
		   const char *name, const char *what)
{
	int rc = devlink_health_report(reporter, what, NULL);

	if (rc)
		netdev_err(nic->netdev, "%s; not recovered (error %d): see devlink health, then devlink health recover pci/%s reporter %s\n",
			   what, rc, pci_name(nic->pdev), name);
}

/* So soon after the last recovery that the report comes later. */
static bool too_soon(struct snic *nic)
{
	unsigned long at = nic->dl->tx_recovered + msecs_to_jiffies(SNIC_TX_GRACE_MS);

	if (!time_before(jiffies, at))
		return false;
	mod_delayed_work(nic->wq, &nic->reset_work, at - jiffies);
	return true;
}

void snic_health_report(struct snic *nic, enum snic_reset_why why, u32 queue)
{
	struct snic_devlink *dl = nic->dl;
	char what[64];

	if ((why == SNIC_RESET_TX_TIMEOUT || why == SNIC_RESET_QUEUE_ERROR) && too_soon(nic))
		return;
	switch (why) {
	case SNIC_RESET_TX_TIMEOUT:
		snprintf(what, sizeof(what), "TX queue %u makes no progress", queue);
		report(nic, dl->tx, tx_ops.name, what);
		break;
	case SNIC_RESET_QUEUE_ERROR:
		report(nic, dl->tx, tx_ops.name, "the device stopped a queue");
		break;
	case SNIC_RESET_DEVICE:
		report(nic, dl->device, device_ops.name, "the function was reset");
		break;
	case SNIC_RESET_PF:
	case SNIC_RESET_USER:
		snic_recover(nic);
		break;
	}
}

static int create(struct snic_devlink *dl, struct devlink_health_reporter **reporter,
		  const struct devlink_health_reporter_ops *ops, u64 grace_ms)
{
	*reporter = devlink_health_reporter_create(dl->nic->devlink, ops, grace_ms, dl);
	if (!IS_ERR(*reporter))
		return 0;
	return PTR_ERR(*reporter);
}

int snic_health_init(struct snic_devlink *dl)
{
	int rc;

	dl->tx_recovered = jiffies - msecs_to_jiffies(SNIC_TX_GRACE_MS);
	rc = create(dl, &dl->tx, &tx_ops, 0);
	if (rc)
		return rc;
	rc = create(dl, &dl->device, &device_ops, 0);
	if (rc)
		goto tx;
	rc = snic_mdd_init(dl);
	if (rc)
		goto device;
	return 0;

device:
	devlink_health_reporter_destroy(dl->device);
tx:
	devlink_health_reporter_destroy(dl->tx);
	return rc;
}

void snic_health_start(struct snic_devlink *dl)
{
	WRITE_ONCE(dl->registered, true);
	snic_mdd_start(dl);
}

void snic_health_stop(struct snic_devlink *dl)
{
	WRITE_ONCE(dl->registered, false);
	snic_mdd_stop(dl);
}

void snic_health_exit(struct snic_devlink *dl)
{
	snic_mdd_exit(dl);
	devlink_health_reporter_destroy(dl->device);
	devlink_health_reporter_destroy(dl->tx);
}
