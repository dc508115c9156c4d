// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * devlink health. tx: queues that hang or that the device stopped. device: a function that was
 * reset, or is gone. mdd: VFs that break the rules; the card has dropped the frame or stopped the
 * queue by then, so there is nothing to recover but the administrator's attention.
 */
#include "snic_devlink.h"
#include "snic_ethtool.h"

/*
 * A queue that hangs again so soon after recovery has to wait: recovering costs everybody time.
 * devlink's own grace period would give up for good at the second error, so it has none.
 */
#define SNIC_TX_GRACE_MS 500

#define SNIC_MDD_PERIOD HZ

static const struct snic_mdd_cause {
	u32 stat;
	const char *name;
	const char *what;
} snic_mdd_causes[SNIC_N_MDD] = {
	{ SNIC_STAT_DROP_SPOOF_MAC, "spoof_mac", "spoofed source MAC" },
	{ SNIC_STAT_DROP_SPOOF_VLAN, "spoof_vlan", "VLAN that is not its own" },
	{ SNIC_STAT_DROP_TX_CTRL, "link_local", "link-local control frame" },
};

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

/* --- mdd: malicious driver detection --- */

static int put_vf(struct devlink_fmsg *fmsg, struct snic *nic, u32 func)
{
	const struct snic_vport *vport = &nic->pf->vport[func];
	int rc = 0;

	snic_fmsg(rc, devlink_fmsg_obj_nest_start(fmsg));
	snic_fmsg(rc, devlink_fmsg_u32_pair_put(fmsg, "vf", func - 1));
	snic_fmsg(rc, devlink_fmsg_u64_pair_put(fmsg, "tx_drops",
						snic_vf_fstat(nic, func, SNIC_FSTAT_TX_DROP)));
	snic_fmsg(rc, devlink_fmsg_u64_pair_put(fmsg, "requests", vport->requests));
	snic_fmsg(rc, devlink_fmsg_u64_pair_put(fmsg, "requests_refused", vport->refused));
	snic_fmsg(rc, devlink_fmsg_u64_pair_put(fmsg, "requests_limited", vport->limited));
	snic_fmsg(rc, devlink_fmsg_obj_nest_end(fmsg));
	return rc;
}

static int put_mdd(struct snic_devlink *dl, struct devlink_fmsg *fmsg)
{
	struct snic *nic = dl->nic;
	struct snic_mdd *m = &dl->m;
	char what[sizeof(m->what)];
	u64 events;
	int rc = 0;
	u32 i;

	spin_lock(&m->lock);
	events = m->events;
	strscpy(what, m->what, sizeof(what));
	spin_unlock(&m->lock);
	snic_fmsg(rc, devlink_fmsg_u64_pair_put(fmsg, "events", events));
	if (events)
		snic_fmsg(rc, devlink_fmsg_string_pair_put(fmsg, "last", what));
	for (i = 0; i < SNIC_N_MDD && !snic_gone(nic); i++)
		snic_fmsg(rc, devlink_fmsg_u64_pair_put(fmsg, snic_mdd_causes[i].name,
							snic_stat(nic, snic_mdd_causes[i].stat)));
	snic_fmsg(rc, devlink_fmsg_arr_pair_nest_start(fmsg, "vfs"));
	mutex_lock(&nic->pf->lock);
	for (i = 1; i <= nic->pf->num_vfs && !rc; i++)
		rc = put_vf(fmsg, nic, i);
	mutex_unlock(&nic->pf->lock);
	snic_fmsg(rc, devlink_fmsg_arr_pair_nest_end(fmsg));
	return rc;
}

static int mdd_dump(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
		    void *ctx, struct netlink_ext_ack *extack)
{
	return put_mdd(devlink_health_reporter_priv(reporter), fmsg);
}

static int mdd_diagnose(struct devlink_health_reporter *reporter, struct devlink_fmsg *fmsg,
			struct netlink_ext_ack *extack)
{
	return put_mdd(devlink_health_reporter_priv(reporter), fmsg);
}

/* The card has recovered by itself: this is the administrator's "seen". */
static int mdd_recover(struct devlink_health_reporter *reporter, void *ctx,
		       struct netlink_ext_ack *extack)
{
	return 0;
}

static const struct devlink_health_reporter_ops mdd_ops = {
	.name = "mdd",
	.recover = mdd_recover,
	.dump = mdd_dump,
	.diagnose = mdd_diagnose,
};

/* The reporter dumps under snic_pf.lock, which who sees an event may hold. */
static void mdd_report(struct work_struct *work)
{
	struct snic_devlink *dl = container_of(work, struct snic_devlink, m.report);
	char what[sizeof(dl->m.what)];

	spin_lock(&dl->m.lock);
	strscpy(what, dl->m.what, sizeof(what));
	spin_unlock(&dl->m.lock);
	devlink_health_report(dl->mdd, what, NULL);
}

void snic_health_vf_refused(struct snic *nic, u32 func, const char *what)
{
	struct snic_mdd *m = &nic->dl->m;

	spin_lock(&m->lock);
	m->events++;
	snprintf(m->what, sizeof(m->what), "VF %u: %s", func - 1, what);
	spin_unlock(&m->lock);
	if (net_ratelimit())
		netdev_warn(nic->netdev, "VF %u: %s\n", func - 1, what);
	queue_work(nic->wq, &m->report);
}

/* The VF of which the card has dropped most frames since the last look, 0 for none. */
static u32 worst_vf(struct snic *nic, struct snic_mdd *m)
{
	u32 func, worst = 0;
	u64 drops, most = 0;

	for (func = 1; func <= nic->pf->num_vfs; func++) {
		drops = snic_vf_fstat(nic, func, SNIC_FSTAT_TX_DROP);
		if (drops > m->vf_drops[func] && drops - m->vf_drops[func] > most) {
			most = drops - m->vf_drops[func];
			worst = func;
		}
		m->vf_drops[func] = drops;
	}
	return worst;
}

/* Which of the card's causes have counted since the last look: a bit each. */
static u32 new_causes(struct snic *nic, struct snic_mdd *m)
{
	u32 i, causes = 0;
	u64 now;

	for (i = 0; i < SNIC_N_MDD; i++) {
		now = snic_stat(nic, snic_mdd_causes[i].stat);
		if (now != m->cause[i])
			causes |= BIT(i);
		m->cause[i] = now;
	}
	return causes;
}

static void watch_vfs(struct snic *nic, struct snic_mdd *m)
{
	u32 causes = new_causes(nic, m);
	u32 i, func;

	if (!causes)
		return;
	func = worst_vf(nic, m);
	if (!func) /* the PF's own frames are counted there, too */
		return;
	for (i = 0; i < SNIC_N_MDD; i++)
		if (causes & BIT(i))
			snic_health_vf_refused(nic, func, snic_mdd_causes[i].what);
}

/* Beside the netdev's watchdog, which rests while the PF's interface is down. */
static void mdd_watch(struct work_struct *work)
{
	struct snic_devlink *dl = container_of(to_delayed_work(work), struct snic_devlink, m.watch);
	struct snic *nic = dl->nic;

	if (!snic_gone(nic) && !test_bit(SNIC_QUIET, &nic->state) && READ_ONCE(nic->pf->num_vfs))
		watch_vfs(nic, &dl->m);
	queue_delayed_work(nic->wq, &dl->m.watch, SNIC_MDD_PERIOD);
}

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

/*
 * Whatever brought it up, or failed to: what devlink shows is how it is, and `devlink health
 * recover` has its turn.
 */
void snic_health_up(struct snic *nic, bool up)
{
	struct snic_devlink *dl = nic->dl;

	if (!READ_ONCE(dl->registered)) /* from probe or remove */
		return;
	if (up)
		devlink_health_reporter_state_update(dl->tx,
						     DEVLINK_HEALTH_REPORTER_STATE_HEALTHY);
	devlink_health_reporter_state_update(dl->device, up ?
					     DEVLINK_HEALTH_REPORTER_STATE_HEALTHY :
					     DEVLINK_HEALTH_REPORTER_STATE_ERROR);
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

	spin_lock_init(&dl->m.lock);
	INIT_WORK(&dl->m.report, mdd_report);
	INIT_DELAYED_WORK(&dl->m.watch, mdd_watch);
	dl->tx_recovered = jiffies - msecs_to_jiffies(SNIC_TX_GRACE_MS);
	rc = create(dl, &dl->tx, &tx_ops, 0);
	if (rc)
		return rc;
	rc = create(dl, &dl->device, &device_ops, 0);
	if (rc)
		goto tx;
	if (!dl->nic->pf)
		return 0;
	new_causes(dl->nic, &dl->m); /* what was before this driver */
	rc = create(dl, &dl->mdd, &mdd_ops, 0);
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
	if (dl->mdd)
		queue_delayed_work(dl->nic->wq, &dl->m.watch, SNIC_MDD_PERIOD);
}

void snic_health_stop(struct snic_devlink *dl)
{
	WRITE_ONCE(dl->registered, false);
	cancel_delayed_work_sync(&dl->m.watch);
}

void snic_health_exit(struct snic_devlink *dl)
{
	cancel_work_sync(&dl->m.report);
	if (dl->mdd)
		devlink_health_reporter_destroy(dl->mdd);
	devlink_health_reporter_destroy(dl->device);
	devlink_health_reporter_destroy(dl->tx);
}
