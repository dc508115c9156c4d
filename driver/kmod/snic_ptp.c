// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PTP hardware clocks: the card has one a wire port. The PF has both as its own, to set and to
 * steer; a VF has that of its port, to read.
 */
#include <linux/ptp_clock_kernel.h>

#include "snic_clock.h"
#include "snic.h"

#define MAX_PPB 100000000 /* a tenth: the device takes any rate, a clock as wrong is none */

struct snic_phc {
	struct snic *nic;
	struct ptp_clock *clock;
	struct ptp_clock_info info;
	u64 rate;	/* PF: as last set, for a device that has lost it */
	u8 port;
};

/* Registers of all clocks: an operation and its argument, the halves of a time that is read. */
struct snic_ptp {
	spinlock_t lock; /* the registers */
	struct snic_phc phc[SNIC_N_PORT];
};

static struct snic_phc *to_phc(struct ptp_clock_info *info)
{
	return container_of(info, struct snic_phc, info);
}

static u8 port_of(const struct snic_phc *phc)
{
	return phc->nic->pf ? phc->port : READ_ONCE(phc->nic->port);
}

static int gettime(struct ptp_clock_info *info, struct timespec64 *ts,
		   struct ptp_system_timestamp *sts)
{
	struct snic_phc *phc = to_phc(info);
	struct snic *nic = phc->nic;
	u8 port = port_of(phc);
	u32 low, high;

	if (test_bit(SNIC_GONE, &nic->state))
		return -ENODEV;
	spin_lock(&nic->ptp->lock);
	ptp_read_system_prets(sts);
	low = snic_ptp_time_low(&nic->hw, port);
	ptp_read_system_postts(sts);
	high = snic_ptp_time_high(&nic->hw, port);
	spin_unlock(&nic->ptp->lock);
	*ts = ns_to_timespec64((u64)high << 32 | low);
	return 0;
}

/* What only the PF may do. */
static int may_set(const struct snic *nic)
{
	if (!nic->pf)
		return -EOPNOTSUPP;
	return test_bit(SNIC_GONE, &nic->state) ? -ENODEV : 0;
}

static int settime(struct ptp_clock_info *info, const struct timespec64 *ts)
{
	struct snic_phc *phc = to_phc(info);
	int rc = may_set(phc->nic);

	if (rc)
		return rc;
	spin_lock(&phc->nic->ptp->lock);
	snic_ptp_set(&phc->nic->hw, phc->port, timespec64_to_ns(ts));
	spin_unlock(&phc->nic->ptp->lock);
	return 0;
}

static int adjtime(struct ptp_clock_info *info, s64 delta)
{
	struct snic_phc *phc = to_phc(info);
	int rc = may_set(phc->nic);

	if (rc)
		return rc;
	spin_lock(&phc->nic->ptp->lock);
	snic_ptp_add(&phc->nic->hw, phc->port, delta);
	spin_unlock(&phc->nic->ptp->lock);
	return 0;
}

/* scaled_ppm: parts per million in 2^-16 */
static int adjfine(struct ptp_clock_info *info, long scaled_ppm)
{
	struct snic_phc *phc = to_phc(info);
	u64 rate, diff;
	int rc = may_set(phc->nic);

	if (rc)
		return rc;
	rate = snic_ptp_nominal_rate(phc->nic->clock_khz);
	diff = mul_u64_u64_div_u64(rate, abs(scaled_ppm), 1000000ull << 16);
	rate = scaled_ppm < 0 ? rate - diff : rate + diff;
	spin_lock(&phc->nic->ptp->lock);
	phc->rate = rate;
	snic_ptp_set_rate(&phc->nic->hw, phc->port, rate);
	spin_unlock(&phc->nic->ptp->lock);
	return 0;
}

static int enable(struct ptp_clock_info *info, struct ptp_clock_request *rq, int on)
{
	return -EOPNOTSUPP;
}

/* PF: a clock that stands still, or an earlier driver's, runs on from the system's time. */
void snic_ptp_restore(struct snic *nic)
{
	u32 port;

	spin_lock(&nic->ptp->lock);
	for (port = 0; port < SNIC_N_PORT; port++) {
		snic_ptp_set(&nic->hw, port, ktime_get_real_ns());
		snic_ptp_set_rate(&nic->hw, port, nic->ptp->phc[port].rate);
	}
	spin_unlock(&nic->ptp->lock);
}

/* Function and role are known. Without PTP in the kernel there is no clock, and no error. */
int snic_ptp_init(struct snic *nic)
{
	u32 i, n = nic->pf ? SNIC_N_PORT : 1;
	struct ptp_clock_info *info;
	struct ptp_clock *clock;
	struct snic_phc *phc;

	nic->ptp = kzalloc(sizeof(*nic->ptp), GFP_KERNEL);
	if (!nic->ptp)
		return -ENOMEM;
	spin_lock_init(&nic->ptp->lock);
	for (i = 0; i < n; i++) {
		phc = &nic->ptp->phc[i];
		phc->nic = nic;
		phc->port = i;
		phc->rate = snic_ptp_nominal_rate(nic->clock_khz);
	}
	if (nic->pf)
		snic_ptp_restore(nic);
	for (i = 0; i < n; i++) {
		phc = &nic->ptp->phc[i];
		info = &phc->info;
		info->owner = THIS_MODULE;
		if (nic->pf)
			snprintf(info->name, sizeof(info->name), "snic p%u", i);
		else
			snprintf(info->name, sizeof(info->name), "snic vf%u", nic->hw.func - 1);
		info->max_adj = nic->pf ? MAX_PPB : 0;
		info->adjfine = adjfine;
		info->adjtime = adjtime;
		info->gettimex64 = gettime;
		info->settime64 = settime;
		info->enable = enable;
		clock = ptp_clock_register(info, &nic->pdev->dev);
		if (IS_ERR(clock)) {
			snic_ptp_exit(nic);
			return PTR_ERR(clock);
		}
		phc->clock = clock;
	}
	return 0;
}

void snic_ptp_exit(struct snic *nic)
{
	u32 i;

	for (i = 0; i < SNIC_N_PORT; i++) {
		if (nic->ptp->phc[i].clock)
			ptp_clock_unregister(nic->ptp->phc[i].clock);
		if (nic->pf && !test_bit(SNIC_GONE, &nic->state))
			snic_ptp_set_rate(&nic->hw, i, 0);
	}
	kfree(nic->ptp);
	nic->ptp = NULL;
}

/* Of the clock that stamps what this function gets; negative: none */
int snic_ptp_index(const struct snic *nic)
{
	const struct snic_phc *phc = &nic->ptp->phc[nic->pf ? nic->port : 0];

	return phc->clock ? ptp_clock_index(phc->clock) : -1;
}
