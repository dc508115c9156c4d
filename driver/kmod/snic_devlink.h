/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What devlink keeps of a function: snic_devlink.c, and snic_health.c for the reporters. */
#ifndef SNIC_DEVLINK_H
#define SNIC_DEVLINK_H

#include <net/devlink.h>

#include "snic.h"

/* Counters of the card that say that a function broke the rules; the card has dealt with it. */
#define SNIC_N_MDD 3

struct snic_mdd {
	spinlock_t lock;	   /* what and events */
	char what[64];		   /* the last event */
	u64 events;
	u64 cause[SNIC_N_MDD];	   /* counters when last looked at: the watch's own */
	u64 vf_drops[SNIC_N_FUNC]; /* likewise, each VF's dropped frames */
	struct delayed_work watch;
	struct work_struct report;
};

struct snic_devlink {
	struct snic *nic;
	struct devlink_port port;
	bool registered;
	unsigned long tx_recovered; /* jiffies */
	struct devlink_health_reporter *tx;
	struct devlink_health_reporter *device;
	struct devlink_health_reporter *mdd; /* PF */
	struct snic_mdd m;
};

int snic_health_init(struct snic_devlink *dl);
void snic_health_start(struct snic_devlink *dl);
void snic_health_stop(struct snic_devlink *dl);
void snic_health_exit(struct snic_devlink *dl);

/* snic_mdd.c */
int snic_mdd_init(struct snic_devlink *dl);
void snic_mdd_start(struct snic_devlink *dl);
void snic_mdd_stop(struct snic_devlink *dl);
void snic_mdd_exit(struct snic_devlink *dl);

#endif
