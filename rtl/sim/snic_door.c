/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
#include "snic_door.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int bad(char *err, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static int bad(char *err, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, size, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* ---- the description */

static int check_bar(const char *who, const struct snic_card_func *f, unsigned int i, char *err, size_t size)
{
	const struct snic_card_bar *b = &f->bar[i], *o;
	unsigned int j;

	if (!b->size)
		return 0;
	if (b->size < 4096 || b->size & (b->size - 1))
		return bad(err, size, "%s BAR %u has %llu bytes; it must be a power of two, 4096 or more",
			   who, i, (unsigned long long)b->size);
	if (b->is_64bit && (i == SNIC_CARD_BARS - 1 || f->bar[i + 1].size))
		return bad(err, size, "%s BAR %u has 64 bits and needs the place of BAR %u", who, i, i + 1);
	if (f->msix_vectors && f->msix_bar == i)
		return 0;
	if (b->size > SNIC_CARD_WINDOW || b->base > SNIC_CARD_WINDOW - b->size)
		return bad(err, size, "%s BAR %u ends at offset 0x%llx; the door has offsets below 0x%x", who,
			   i, (unsigned long long)b->base + b->size, SNIC_CARD_WINDOW);
	for (j = 0; j < i; j++) {
		o = &f->bar[j];
		if (o->size && !(f->msix_vectors && f->msix_bar == j) && b->base < o->base + o->size &&
		    o->base < b->base + b->size)
			return bad(err, size, "%s BARs %u and %u overlap at offset 0x%x", who, j, i,
				   b->base > o->base ? b->base : o->base);
	}
	return 0;
}

static int check_func(const char *who, const struct snic_card_func *f, char *err, size_t size)
{
	unsigned int i;

	for (i = 0; i < SNIC_CARD_BARS; i++)
		if (check_bar(who, f, i, err, size))
			return -EINVAL;
	if (!f->msix_vectors)
		return 0;
	if (f->msix_vectors > SNIC_CARD_VECTORS)
		return bad(err, size, "%s has %u MSI-X vectors; the door has %u", who, f->msix_vectors,
			   SNIC_CARD_VECTORS);
	if (f->msix_bar >= SNIC_CARD_BARS || f->bar[f->msix_bar].size < f->msix_vectors * 32u)
		return bad(err, size, "%s has its %u MSI-X vectors in BAR %u, which needs %u bytes", who,
			   f->msix_vectors, f->msix_bar, f->msix_vectors * 32u);
	return 0;
}

/* All of them on the PF's bus. */
static int check_vfs(const struct snic_card *c, char *err, size_t size)
{
	uint32_t last;

	if (!c->total_vfs)
		return 0;
	if (!c->vf_offset || (c->total_vfs > 1 && !c->vf_stride))
		return bad(err, size, "VF offset %u and stride %u; VFs need routing ids of their own",
			   c->vf_offset, c->vf_stride);
	last = c->vf_offset + (c->total_vfs - 1u) * c->vf_stride;
	if (last >= SNIC_CARD_FUNCS)
		return bad(err, size, "%u VFs from %u on, %u apart, reach routing id %u; a bus has 0 to %u",
			   c->total_vfs, c->vf_offset, c->vf_stride, last, SNIC_CARD_FUNCS - 1);
	if (last > 7 && !(c->caps & SNIC_CARD_ARI))
		return bad(err, size, "%u VFs reach routing id %u; beyond 7 the card needs SNIC_CARD_ARI",
			   c->total_vfs, last);
	return check_func("VF", &c->vf, err, size);
}

/* Function n is function n of the PF's device. */
static int check_plain(const struct snic_card *c, char *err, size_t size)
{
	if (!c->max_plain && !c->usual_plain)
		return 0;
	if (c->max_plain >= SNIC_CARD_FUNCS || c->usual_plain > c->max_plain)
		return bad(err, size, "%u plain functions of at most %u; there can be %u beside the PF",
			   c->usual_plain, c->max_plain, SNIC_CARD_FUNCS - 1);
	if (c->max_plain > 7 && !(c->caps & SNIC_CARD_ARI))
		return bad(err, size, "%u plain functions; more than 7 need SNIC_CARD_ARI", c->max_plain);
	return check_func("plain function", &c->vf, err, size);
}

static int check_ports(const struct snic_card *c, char *err, size_t size)
{
	if (c->n_ports < 1 || c->n_ports > SNIC_CARD_PORTS)
		return bad(err, size, "%u wire ports; it must be 1 to %u", c->n_ports, SNIC_CARD_PORTS);
	if (!c->wire_gbps[0])
		return bad(err, size, "no speed of its wire ports (wire_gbps)");
	if (c->frame_max < 60 || c->frame_max > 16000)
		return bad(err, size, "frame_max is %u; it must be 60 to 16000", c->frame_max);
	return 0;
}

int snic_card_check(const struct snic_card *c, char *err, size_t size)
{
	if (!c->name || !c->name[0])
		return bad(err, size, "it has no name");
	if (c->class_code >> 24)
		return bad(err, size, "class code 0x%x has more than 24 bits", c->class_code);
	if (c->vendor_cap_bytes > 256 || (c->vendor_cap_bytes && !c->vendor_cap))
		return bad(err, size,
			   "vendor capability of %u bytes; up to 256, and vendor_cap points at them",
			   c->vendor_cap_bytes);
	if (check_func("PF", &c->pf, err, size) || check_vfs(c, err, size) || check_plain(c, err, size))
		return -EINVAL;
	return check_ports(c, err, size);
}

/* ---- the library */

static int load(struct snic_door *d, const char *path, char *err, size_t size)
{
	__typeof__(&snic_sim_abi) abi;

	abi = (__typeof__(abi))dlsym(d->library, "snic_sim_abi");
	if (!abi)
		return bad(err, size, "%s: no card's library: it has no snic_sim_abi", path);
	if (abi() != SNIC_SIM_ABI)
		return bad(err, size, "%s: its door is version %u, this one %u: build both from one tree",
			   path, abi(), SNIC_SIM_ABI);
#define X(fn)                                                                                                \
	d->fn = (__typeof__(d->fn))dlsym(d->library, "snic_sim_" #fn);                                       \
	if (!d->fn)                                                                                          \
		return bad(err, size, "%s: snic_sim_" #fn " is not in it: link it with all of rtl/sim", path);
	SNIC_DOOR_FUNCTIONS(X)
#undef X
	return 0;
}

/* A library of an older header of the same version knows less than this one. */
static int describe(struct snic_door *d, const char *path, char *err, size_t size)
{
	const struct snic_card *card = d->card();
	char why[256];

	if (!card || !card->size)
		return bad(err, size, "%s: snic_sim_card() describes no card", path);
	memcpy(&d->desc, card, card->size < sizeof(d->desc) ? card->size : sizeof(d->desc));
	if (snic_card_check(&d->desc, why, sizeof(why)))
		return bad(err, size, "%s: the card that it describes cannot be: %s", path, why);
	return 0;
}

int snic_door_open(struct snic_door *d, const char *path, char *err, size_t size)
{
	memset(d, 0, sizeof(*d));
	d->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!d->library) {
		snprintf(err, size, "the library does not load: %s", dlerror());
		return -ENOENT;
	}
	if (!load(d, path, err, size) && !describe(d, path, err, size))
		return 0;
	snic_door_close(d);
	return -EINVAL;
}

void snic_door_close(struct snic_door *d)
{
	if (d->library)
		dlclose(d->library);
	memset(d, 0, sizeof(*d));
}

void snic_door_settings(const struct snic_door *d, struct snic_sim_config *cfg)
{
	struct snic_sim_config own;

	d->config_default(&own);
#define SETTING(name, field)                                                                                 \
	if (cfg->field == SNIC_SIM_UNSET)                                                                    \
		cfg->field = own.field;
	SNIC_SIM_SETTINGS(SETTING)
#undef SETTING
}
