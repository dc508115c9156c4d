/* SPDX-License-Identifier: BSD-2-Clause */
/* The card at work, by the stimulus, on hosts of all kinds: what it leaves in memory and on the wire is the same on each that answers. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"

#define ROUNDS 3u
#define WRAP_AHEAD 4000u /* cycles before the device's time of 48 bits wraps */

static void set_up(struct check *k, struct card *c)
{
	card_master(c, 0, true);
	script_run(k->script, c, "setup", 0);
}

static void work(struct check *k, struct card *c)
{
	unsigned int round;

	for (round = 0; round < ROUNDS; round++)
		script_run(k->script, c, "traffic", round);
	script_run(k->script, c, "stop", 0);
}

/* All of it on such a host; where memory lies, or as ever (0). What was left is in *image. */
static bool whole(struct check *k, const struct snic_sim_config *cfg, uint64_t bus, uint64_t *image,
		  struct card *c)
{
	bool well;

	if (card_start(c, k->door, cfg)) {
		if (bus)
			c->next_bus = bus;
		set_up(k, c);
		work(k, c);
		if (!c->reads && !c->writes)
			card_breach(c, RULE_TRAFFIC, "the stimulus brings no request of host memory");
		*image = card_image(c);
	}
	well = check_card(k, c);
	card_end(c);
	return well;
}

/* The same as on a host that has nothing special. */
static void as_ever(struct check *k, const struct snic_sim_config *cfg, const char *what)
{
	uint64_t want = 0, image = 0;
	struct card c;

	if (!whole(k, k->cfg, 0, &want, &c) || !whole(k, cfg, 0, &image, &c))
		return;
	if (image == want) {
		check_says(k, PASSED,
			   "%s: %" PRIu64 " reads, %" PRIu64 " writes, and memory and frames as ever", what,
			   c.reads, c.writes);
		return;
	}
	check_says(k, FAILED, "%s: in memory or on the wire is something else than without", what);
	snprintf(k->rule, sizeof(k->rule), "%s", card_rules[RULE_DATA].name);
}

static void traffic(struct check *k)
{
	uint64_t image;
	struct card c;

	if (whole(k, k->cfg, 0, &image, &c))
		check_says(k, PASSED,
			   "%" PRIu64 " reads, %" PRIu64 " writes, %" PRIu64 " messages, %" PRIu64
			   " frames out",
			   c.reads, c.writes, c.messages, c.frames);
}

/* Addresses of more than 32 bits: all must do as much. */
static void high(struct check *k)
{
	uint64_t image, reads, writes;
	struct card c;

	if (!whole(k, k->cfg, 0, &image, &c))
		return;
	reads = c.reads;
	writes = c.writes;
	if (!whole(k, k->cfg, 0x1230ff000000ull, &image, &c))
		return;
	check_says(k, PASSED, "memory at 0x1230ff000000: %" PRIu64 " reads, %" PRIu64 " writes", c.reads,
		   c.writes);
	if (c.reads == reads && c.writes == writes)
		return;
	check_says(k, FAILED, "%" PRIu64 " reads and %" PRIu64 " writes; below 4 GB %" PRIu64 " and %" PRIu64,
		   c.reads, c.writes, reads, writes);
	snprintf(k->rule, sizeof(k->rule), "%s", card_rules[RULE_TRAFFIC].name);
}

static bool has_setting(struct check *k, uint32_t setting, const char *what)
{
	if (k->door->desc.settings & setting)
		return true;
	check_says(k, SKIPPED, "the card cannot be told %s", what);
	return false;
}

static void sizes(struct check *k)
{
	static const uint32_t size[][2] = { { 128, 128 }, { 128, 4096 }, { 512, 512 }, { 4096, 4096 } };
	struct snic_sim_config cfg = *k->cfg;
	unsigned int i;

	if (!has_setting(k, SNIC_CARD_SIZES, "MPS and MRRS"))
		return;
	for (i = 0; i < sizeof(size) / sizeof(*size) && k->verdict != FAILED; i++) {
		cfg.mps = size[i][0];
		cfg.mrrs = size[i][1];
		as_ever(k, &cfg, "MPS and MRRS of 128 to 4096");
	}
}

static void sizes_change(struct check *k)
{
	struct card c;

	if (!has_setting(k, SNIC_CARD_SIZES, "MPS and MRRS"))
		return;
	if (card_start(&c, k->door, k->cfg)) {
		set_up(k, &c);
		script_run(k->script, &c, "traffic", 0);
		card_sizes(&c, 128, 128);
		script_run(k->script, &c, "traffic", 1);
		card_sizes(&c, k->cfg->mps, k->cfg->mrrs);
		script_run(k->script, &c, "traffic", 2);
		script_run(k->script, &c, "stop", 0);
	}
	if (check_card(k, &c))
		check_says(k, PASSED, "128 bytes from one round to the next: requests keep to it");
	card_end(&c);
}

static void boundary(struct check *k)
{
	struct snic_sim_config cfg = *k->cfg;

	cfg.rcb = cfg.rcb == 64 ? 128 : 64;
	as_ever(k, &cfg, "another read completion boundary");
}

static void clock_rate(struct check *k)
{
	struct snic_sim_config cfg = *k->cfg;

	if (!has_setting(k, SNIC_CARD_CLOCK, "its clock"))
		return;
	cfg.clock_mhz += cfg.clock_mhz / 4;
	as_ever(k, &cfg, "a clock a quarter faster");
}

static void wrap(struct check *k)
{
	struct snic_sim_config cfg = *k->cfg;

	if (!has_setting(k, SNIC_CARD_START_CYCLES, "the time at which it starts"))
		return;
	cfg.start_cycles = (1ull << 48) - WRAP_AHEAD;
	as_ever(k, &cfg, "the card's time wraps meanwhile");
}

/* ---- completions */

static void with_fault(struct check *k, const char *text, const char *what)
{
	struct snic_sim_config cfg = *k->cfg;
	struct snic_sim_fault fault;
	char err[256];

	if (k->door->fault_parse(text, &fault, err, sizeof(err))) {
		check_says(k, SKIPPED, "the library has no such fault: %s", err);
		return;
	}
	cfg.faults = &fault;
	cfg.n_faults = 1;
	as_ever(k, &cfg, what);
}

static void late(struct check *k)
{
	with_fault(k, "late:ns=3000,p=0.3", "three of ten reads are answered 3 us late");
}

static void split(struct check *k)
{
	with_fault(k, "split", "completions cut at each boundary");
}

static void interleaved(struct check *k)
{
	with_fault(k, "apart:ns=40", "completions in pieces between those of others");
}

static void overtaking(struct check *k)
{
	struct snic_sim_config cfg = *k->cfg;

	cfg.read_jitter_ns = 2000;
	as_ever(k, &cfg, "completions overtake each other");
}

/* Some answers of a round are errors or never come: the card may stop what it does, goes on to live, and is well after a reset. */
static void hurt(struct check *k, const char *text, const char *what)
{
	const bool flr = k->door->desc.caps & SNIC_CARD_FLR;
	struct snic_sim_config cfg = *k->cfg;
	struct snic_sim_fault fault;
	char err[256];
	struct card c;
	int id;

	if (k->door->fault_parse(text, &fault, err, sizeof(err))) {
		check_says(k, SKIPPED, "the library has no such fault: %s", err);
		return;
	}
	/* who waits for an answer that never comes has 50 ms, a completion timeout's longest */
	cfg.watchdog_cycles = cfg.clock_mhz * 60000ull;
	if (!card_start(&c, k->door, &cfg))
		goto out;
	set_up(k, &c);
	id = k->door->fault_add(c.sim, &fault);
	c.unanswered = true;
	script_run(k->script, &c, "traffic", 0);
	script_run(k->script, &c, "stop", 0);
	k->door->fault_clear(c.sim, id);
	card_read(&c, 0, k->door->desc.pf.bar[0].base, 4);
	if (!flr)
		goto out;
	card_flr(&c, 0);
	c.unanswered = false;
	card_free(&c);
	set_up(k, &c);
	work(k, &c);
out:
	if (check_card(k, &c))
		check_says(k, PASSED, "%s: it goes on%s", what, flr ? ", and works again after a reset" : "");
	card_end(&c);
}

static void refused(struct check *k)
{
	hurt(k, "ur:p=0.2", "one of five reads is an Unsupported Request");
}

static void aborted(struct check *k)
{
	hurt(k, "ca:p=0.2,after=64", "one of five reads ends as Completer Abort");
}

static void poisoned(struct check *k)
{
	hurt(k, "poison:p=0.2", "one of five reads is poisoned");
}

static void lost(struct check *k)
{
	hurt(k, "lost:p=0.2", "one of five reads is never answered");
}

/* ---- the function is taken away while it works */

/* Reads hang in the air as it happens: each takes so long. */
static bool at_work(struct check *k, struct card *c)
{
	struct snic_sim_config cfg = *k->cfg;

	cfg.read_latency_ns = 5000;
	if (!card_start(c, k->door, &cfg))
		return false;
	set_up(k, c);
	c->hurried = true;
	script_run(k->script, c, "traffic", 0);
	return true;
}

static void master_off(struct check *k)
{
	struct card c;

	if (at_work(k, &c)) {
		card_master(&c, 0, false);
		script_run(k->script, &c, "traffic", 1);
		card_run(&c, 500000);
		card_read(&c, 0, k->door->desc.pf.bar[0].base, 4);
	}
	if (check_card(k, &c))
		check_says(k, PASSED, "nothing comes 100 us after Bus Master Enable was cleared");
	card_end(&c);
}

static void flr_at_work(struct check *k)
{
	uint64_t want = 0, image = 0;
	struct card c;

	if (!(k->door->desc.caps & SNIC_CARD_FLR)) {
		check_says(k, SKIPPED, "the card has no Function Level Reset");
		return;
	}
	if (!whole(k, k->cfg, 0, &want, &c))
		return;
	if (at_work(k, &c)) {
		const uint64_t bus = c.n_memory ? c.memory[0].bus : 0;

		card_flr(&c, 0);
		c.hurried = false;
		card_free(&c);
		c.next_bus = bus;
		c.frames = c.sum = 0;
		set_up(k, &c);
		work(k, &c);
		image = card_image(&c);
		if (image != want)
			card_breach(&c, RULE_RESET,
				    "after a reset it does something else than after power-up");
	}
	if (check_card(k, &c))
		check_says(k, PASSED,
			   "a reset in the middle: nothing comes any more, and it works as after power-up");
	card_end(&c);
}

static void link_down(struct check *k)
{
	struct snic_sim_fault fault;
	char err[256];
	struct card c;
	int id;

	if (k->door->fault_parse("down:port=0", &fault, err, sizeof(err))) {
		check_says(k, SKIPPED, "the library cannot cut the wire: %s", err);
		return;
	}
	if (card_start(&c, k->door, k->cfg)) {
		set_up(k, &c);
		id = k->door->fault_add(c.sim, &fault);
		c.unanswered = true;
		script_run(k->script, &c, "traffic", 0);
		k->door->fault_clear(c.sim, id);
		card_run(&c, 10000);
		script_run(k->script, &c, "stop", 0);
	}
	if (check_card(k, &c))
		check_says(k, PASSED, "the wire is cut for a round: it goes on");
	card_end(&c);
}

const struct check_row traffic_checks[] = {
	{ "traffic", "it does what it is asked for", traffic, true },
	{ "high", "memory beyond 4 GB", high, true },
	{ "sizes", "MPS and MRRS", sizes, true },
	{ "sizes-change", "MPS and MRRS change while it works", sizes_change, true },
	{ "rcb", "read completion boundary", boundary, true },
	{ "clock", "another clock", clock_rate, true },
	{ "wrap", "its time wraps", wrap, true },
	{ "late", "late completions", late, true },
	{ "split", "split completions", split, true },
	{ "interleaved", "interleaved completions", interleaved, true },
	{ "overtaking", "completions in another order", overtaking, true },
	{ "ur", "Unsupported Requests", refused, true },
	{ "ca", "Completer Aborts", aborted, true },
	{ "poison", "poisoned data", poisoned, true },
	{ "lost", "lost completions", lost, true },
	{ "master-off", "bus mastering cleared at work", master_off, true },
	{ "flr-at-work", "Function Level Reset at work", flr_at_work, true },
	{ "link-down", "the wire is cut", link_down, true },
	{ NULL, NULL, NULL, false },
};
