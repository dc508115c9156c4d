// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The function's state, and what each file may ask for whatever its place: that the function is
 * gone or wants a recovery, its carrier, and a vector's next interrupt. Uses no other file of the
 * driver.
 */
#include "snic_devlink.h"

#define CYCLES_PER_UNIT 16

void snic_mark_gone(struct snic *nic, const char *where)
{
	if (test_and_set_bit(SNIC_GONE, &nic->state))
		return;
	netif_carrier_off(nic->netdev);
	dev_err(&nic->pdev->dev, "%s: the device does not answer, it is gone; check the slot, then remove and rescan it\n",
		where);
}

bool snic_gone(struct snic *nic)
{
	return test_bit(SNIC_GONE, &nic->state);
}

/* Any context. The work, snic_reset_work(), tells the health reporters, which have it recovered. */
void snic_request_reset(struct snic *nic, enum snic_reset_why why, u32 queue)
{
	if (test_bit(SNIC_CLOSING, &nic->state) || snic_gone(nic))
		return;
	WRITE_ONCE(nic->reset_why, why);
	WRITE_ONCE(nic->reset_queue, queue);
	mod_delayed_work(nic->wq, &nic->reset_work, 0);
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

u16 snic_usecs_to_gap(const struct snic *nic, u32 usecs)
{
	return min_t(u32, usecs * nic->clock_mhz / CYCLES_PER_UNIT, U16_MAX);
}

/* A VF has a link when its PF has answered, and does not want it off. */
void snic_link_look(struct snic *nic, u32 status)
{
	u32 said = nic->vf ? READ_ONCE(nic->vf->granted.flags) : 0;
	bool up;

	if (status == ~0u)
		return;
	up = (said & SNIC_STATE_LINK_UP || snic_hw_link(status, READ_ONCE(nic->port))) &&
	     !(said & SNIC_STATE_LINK_DOWN) && (!nic->vf || READ_ONCE(nic->vf->hello));
	if (up == netif_carrier_ok(nic->netdev))
		return;
	if (up)
		netif_carrier_on(nic->netdev);
	else
		netif_carrier_off(nic->netdev);
	netif_info(nic, link, nic->netdev, "link is %s\n", up ? "up" : "down");
}

void snic_irq_arm(struct snic *nic, u32 vector, u16 gap)
{
	snic_wr32(&nic->hw, SNIC_REG_AT(INT_ARM, vector), gap);
}
