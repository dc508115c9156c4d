// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Malicious driver detection, as a health reporter of the PF: VFs that break the rules.
 * The card has
 * dropped the frame or stopped the queue by then, so there is nothing to recover but the
 * administrator's attention.
 */
#include "snic_devlink.h"

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

void snic_mdd_refused(struct snic *nic, u32 func, const char *what)
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
			snic_mdd_refused(nic, func, snic_mdd_causes[i].what);
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

int snic_mdd_init(struct snic_devlink *dl)
{
	struct devlink_health_reporter *reporter;

	spin_lock_init(&dl->m.lock);
	INIT_WORK(&dl->m.report, mdd_report);
	INIT_DELAYED_WORK(&dl->m.watch, mdd_watch);
	if (!dl->nic->pf)
		return 0;
	new_causes(dl->nic, &dl->m); /* what was before this driver */
	reporter = devlink_health_reporter_create(dl->nic->devlink, &mdd_ops, 0, dl);
	if (IS_ERR(reporter))
		return PTR_ERR(reporter);
	dl->mdd = reporter;
	return 0;
}

void snic_mdd_start(struct snic_devlink *dl)
{
	if (dl->mdd)
		queue_delayed_work(dl->nic->wq, &dl->m.watch, SNIC_MDD_PERIOD);
}

void snic_mdd_stop(struct snic_devlink *dl)
{
	cancel_delayed_work_sync(&dl->m.watch);
}

void snic_mdd_exit(struct snic_devlink *dl)
{
	cancel_work_sync(&dl->m.report);
	if (dl->mdd)
		devlink_health_reporter_destroy(dl->mdd);
}
