// SPDX-License-Identifier: GPL-2.0-or-later
/* devlink: what the function is, its port, and the parameters that no other tool has. */
#include "snic_devlink.h"
#include "snic_rep.h"

enum {
	SNIC_PARAM_ID_BASE = DEVLINK_PARAM_GENERIC_ID_MAX,
	SNIC_PARAM_ID_VF_PORT_SPLIT,
	SNIC_PARAM_ID_VF_STORM,
};

static int snic_info_get(struct devlink *devlink, struct devlink_info_req *req,
			 struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_priv(devlink);
	const struct snic_hw *hw = &dl->nic->hw;
	char text[32];
	u32 version;
	int rc;

	rc = snic_info_driver_name(req, SNIC_DRV_NAME);
	if (rc)
		return rc;
	snprintf(text, sizeof(text), "%04x:%04x.%u", dl->nic->pdev->vendor, dl->nic->pdev->device,
		 hw->func);
	rc = devlink_info_version_fixed_put(req, DEVLINK_INFO_VERSION_GENERIC_ASIC_ID, text);
	if (rc)
		return rc;
	snprintf(text, sizeof(text), "%08x", hw->build);
	rc = devlink_info_version_fixed_put(req, DEVLINK_INFO_VERSION_GENERIC_ASIC_REV, text);
	if (rc)
		return rc;
	if (test_bit(SNIC_GONE, &dl->nic->state)) {
		NL_SET_ERR_MSG_MOD(extack, "the device is gone");
		return -ENODEV;
	}
	version = snic_rd32(hw, SNIC_REG_VERSION);
	snprintf(text, sizeof(text), "%u.%u", version >> 16, version & 0xffff);
	return devlink_info_version_running_put(req, "contract", text);
}

/* Down, function reset, tables that were lost written again, up: the netdev stays, and its VFs. */
static int snic_reload(struct devlink *devlink, bool netns_change,
		       enum devlink_reload_action action, enum devlink_reload_limit limit,
		       struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_priv(devlink);

	if (netns_change) {
		NL_SET_ERR_MSG_MOD(extack, "move the netdev: ip link set DEV netns NS");
		return -EOPNOTSUPP;
	}
	if (snic_gone(dl->nic)) {
		NL_SET_ERR_MSG_MOD(extack, "the device is gone; reset the slot");
		return -ENODEV;
	}
	snic_quiesce(dl->nic);
	return 0;
}

static int snic_reloaded(struct devlink *devlink, enum devlink_reload_action action,
			 enum devlink_reload_limit limit, u32 *performed,
			 struct netlink_ext_ack *extack)
{
	struct snic_devlink *dl = devlink_priv(devlink);

	*performed = BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT);
	return snic_revive(dl->nic);
}

static const struct devlink_ops snic_devlink_ops = {
	.info_get = snic_info_get,
	.reload_actions = BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT),
	.reload_down = snic_reload,
	.reload_up = snic_reloaded,
	.eswitch_mode_get = snic_eswitch_mode_get,
	.eswitch_mode_set = snic_eswitch_mode_set,
};

/* A VF's instance has no switch: the tools say so by themselves. */
static const struct devlink_ops snic_devlink_vf_ops = {
	.info_get = snic_info_get,
	.reload_actions = BIT(DEVLINK_RELOAD_ACTION_DRIVER_REINIT),
	.reload_down = snic_reload,
	.reload_up = snic_reloaded,
};

static int snic_vf_port_split_get(struct devlink *devlink, u32 id,
				  struct devlink_param_gset_ctx *ctx)
{
	struct snic_devlink *dl = devlink_priv(devlink);

	mutex_lock(&dl->nic->pf->lock);
	ctx->val.vbool = dl->nic->pf->vf_port_split;
	mutex_unlock(&dl->nic->pf->lock);
	return 0;
}

static SNIC_PARAM_SET(snic_vf_port_split_set)
{
	struct snic_devlink *dl = devlink_priv(devlink);

	mutex_lock(&dl->nic->pf->lock);
	dl->nic->pf->vf_port_split = ctx->val.vbool;
	mutex_unlock(&dl->nic->pf->lock);
	return 0;
}

static int snic_vf_storm_get(struct devlink *devlink, u32 id, struct devlink_param_gset_ctx *ctx)
{
	struct snic_devlink *dl = devlink_priv(devlink);

	mutex_lock(&dl->nic->pf->lock);
	ctx->val.vu32 = dl->nic->pf->functab.storm[SNIC_STORM_VF].kcopies;
	mutex_unlock(&dl->nic->pf->lock);
	return 0;
}

static SNIC_PARAM_SET(snic_vf_storm_set)
{
	struct snic_devlink *dl = devlink_priv(devlink);
	const struct snic_storm storm = { ctx->val.vu32, SNIC_STORM_VF_BURST };

	mutex_lock(&dl->nic->pf->lock);
	snic_func_set_storm(&dl->nic->pf->functab, SNIC_STORM_VF, &storm);
	mutex_unlock(&dl->nic->pf->lock);
	return 0;
}

static const struct devlink_param snic_pf_params[] = {
	DEVLINK_PARAM_DRIVER(SNIC_PARAM_ID_VF_PORT_SPLIT, "vf_port_split", DEVLINK_PARAM_TYPE_BOOL,
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME), snic_vf_port_split_get,
			     snic_vf_port_split_set, NULL),
	DEVLINK_PARAM_DRIVER(SNIC_PARAM_ID_VF_STORM, "vf_storm_kcopies", DEVLINK_PARAM_TYPE_U32,
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME), snic_vf_storm_get, snic_vf_storm_set,
			     NULL),
};

#ifdef SNIC_NDO_GET_DEVLINK_PORT
struct devlink_port *snic_get_devlink_port(struct net_device *netdev)
{
	const struct snic *nic = netdev_priv(netdev);

	return &nic->dl->port;
}
#endif

/* The PF's netdev is the wire port's own; a VF's faces whoever it was given to. */
static int snic_port_init(struct snic_devlink *dl)
{
	struct devlink_port_attrs attrs = { .flavour = DEVLINK_PORT_FLAVOUR_VIRTUAL };

	if (dl->nic->pf) {
		attrs.flavour = DEVLINK_PORT_FLAVOUR_PHYSICAL;
		attrs.phys.port_number = dl->nic->port;
		snic_switch_id(dl->nic, &attrs.switch_id);
	}
	devlink_port_attrs_set(&dl->port, &attrs);
	return devlink_port_register(dl->nic->devlink, &dl->port, dl->nic->hw.func);
}

int snic_devlink_init(struct snic *nic)
{
	struct snic_devlink *dl;
	int rc;

	nic->devlink = devlink_alloc(nic->pf ? &snic_devlink_ops : &snic_devlink_vf_ops,
				     sizeof(*dl), &nic->pdev->dev);
	if (!nic->devlink)
		return -ENOMEM;
	dl = devlink_priv(nic->devlink);
	dl->nic = nic;
	nic->dl = dl;
	snic_devlink_can_reload(nic->devlink);
	rc = snic_port_init(dl);
	if (rc)
		goto free;
	rc = snic_health_init(dl);
	if (rc)
		goto port;
	if (nic->pf)
		rc = devlink_params_register(nic->devlink, snic_pf_params,
					     ARRAY_SIZE(snic_pf_params));
	if (rc)
		goto health;
	snic_netdev_set_port(nic->netdev, &dl->port);
	return 0;

health:
	snic_health_exit(dl);
port:
	devlink_port_unregister(&dl->port);
free:
	devlink_free(nic->devlink);
	nic->dl = NULL;
	nic->devlink = NULL;
	dev_err(&nic->pdev->dev, "devlink could not be set up (error %d)\n", rc);
	return rc;
}

void snic_devlink_register(struct snic *nic)
{
	snic_port_set_netdev(&nic->dl->port, nic->netdev);
	devlink_register(nic->devlink);
	snic_health_start(nic->dl);
}

void snic_devlink_unregister(struct snic *nic)
{
	snic_health_stop(nic->dl);
	devlink_unregister(nic->devlink);
	snic_port_clear_netdev(&nic->dl->port);
}

void snic_devlink_exit(struct snic *nic)
{
	if (nic->pf)
		devlink_params_unregister(nic->devlink, snic_pf_params,
					  ARRAY_SIZE(snic_pf_params));
	snic_health_exit(nic->dl);
	devlink_port_unregister(&nic->dl->port);
	devlink_free(nic->devlink);
	nic->dl = NULL;
	nic->devlink = NULL;
}
