/* SPDX-License-Identifier: BSD-2-Clause */
/* What can be asked of any card without knowing how it is driven. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "card.h"

#define LOOKED_AT 8192u /* registers of a function, from the beginning of each BAR */
#define FRAMES 32u

void check_says(struct check *k, enum verdict verdict, const char *fmt, ...)
{
	va_list ap;

	k->verdict = verdict;
	va_start(ap, fmt);
	vsnprintf(k->what, sizeof(k->what), fmt, ap);
	va_end(ap);
}

bool check_card(struct check *k, const struct card *c)
{
	unsigned int i;

	for (i = 0; i < N_RULES; i++) {
		const struct card_breach *b = &c->breach[i];

		if (!b->count)
			continue;
		if (b->count > 1)
			check_says(k, FAILED, "%s (the first of %" PRIu64 ")", b->what, b->count);
		else
			check_says(k, FAILED, "%s", b->what);
		snprintf(k->rule, sizeof(k->rule), "%s", card_rules[i].name);
		return false;
	}
	return true;
}

/* Offsets of a function's registers, by number: of each BAR its beginning. False behind the last. */
static bool register_at(const struct snic_door *door, unsigned int func, unsigned int n, uint32_t *offset)
{
	const struct snic_card_func *f = func ? &door->desc.vf : &door->desc.pf;
	unsigned int i;

	for (i = 0; i < SNIC_CARD_BARS; i++) {
		const unsigned int here =
			f->bar[i].size / 4 < LOOKED_AT ? (unsigned int)(f->bar[i].size / 4) : LOOKED_AT;

		if (!f->bar[i].size || (f->msix_vectors && f->msix_bar == i))
			continue;
		if (n < here) {
			*offset = f->bar[i].base + n * 4;
			return true;
		}
		n -= here;
	}
	return false;
}

/* PF, first and last VF. */
static unsigned int functions(const struct snic_door *door, uint8_t func[3])
{
	unsigned int n = 1;

	func[0] = 0;
	if (door->desc.total_vfs)
		func[n++] = 1;
	if (door->desc.total_vfs > 1)
		func[n++] = (uint8_t)door->desc.total_vfs;
	return n;
}

static uint32_t noise(uint64_t *state)
{
	*state = *state * 6364136223846793005ull + 1442695040888963407ull;
	return (uint32_t)(*state >> 32);
}

/* Nonsense into every register, from the seed. */
static void scribble(struct card *c, uint8_t func, uint64_t seed)
{
	uint32_t offset;
	unsigned int n;

	for (n = 0; register_at(c->door, func, n, &offset) && !c->breach[RULE_ALIVE].count; n++) {
		card_write(c, func, offset, noise(&seed), 4);
		if (n % 32 == 31)
			card_run(c, 100);
	}
	card_run(c, 10000);
}

/* A frame of each kind onto each port: short, long, damaged. */
static void frames(struct card *c)
{
	const struct snic_card *d = &c->door->desc;
	unsigned int i, port;

	for (port = 0; port < d->n_ports; port++)
		for (i = 0; i < FRAMES; i++)
			card_frame(c, port, i % 4 == 3 ? d->frame_max : 60 + i * 40 % (d->frame_max - 59), i,
				   i % 8 == 5);
	card_run(c, 50000);
}

/* ---- */

static void quiet(struct check *k)
{
	struct card c;

	if (card_start(&c, k->door, k->cfg)) {
		card_run(&c, 100000);
		frames(&c);
	}
	if (check_card(k, &c))
		check_says(k, PASSED, "100 us and %u frames a port: no request, no message", FRAMES);
	card_end(&c);
}

/* Every register answers; 8 bytes are twice 4, where nothing moves. */
static void registers(struct check *k)
{
	unsigned int n, i, n_func = 0, looked = 0, narrow = 0;
	uint32_t offset, lo, hi;
	uint8_t func[3];
	struct card c;
	uint64_t both;

	if (!card_start(&c, k->door, k->cfg))
		goto out;
	n_func = functions(k->door, func);
	for (i = 0; i < n_func; i++)
		for (n = 0; register_at(k->door, func[i], n, &offset) && !card_failed(&c); n += 2) {
			lo = (uint32_t)card_read(&c, func[i], offset, 4);
			hi = (uint32_t)card_read(&c, func[i], offset + 4, 4);
			both = card_read(&c, func[i], offset, 8);
			looked += 2;
			narrow += both == UINT64_MAX && (lo & hi) != UINT32_MAX; /* refused, as it may */
			if (both == (lo | (uint64_t)hi << 32) || both == UINT64_MAX)
				continue;
			/* a counter may move between: not twice in the same way */
			if (lo == (uint32_t)card_read(&c, func[i], offset, 4) &&
			    hi == (uint32_t)card_read(&c, func[i], offset + 4, 4))
				card_breach(
					&c, RULE_ACCESS,
					"function %u, offset 0x%x: 4 bytes are 0x%x and 0x%x, 8 bytes 0x%" PRIx64,
					func[i], offset, lo, hi, both);
		}
out:
	if (check_card(k, &c))
		check_says(k, PASSED, "%u registers of %u functions, by 4 bytes%s", looked, n_func,
			   narrow ? "; accesses of 8 are refused" : " and by 8");
	card_end(&c);
}

/* By fewer bytes than the register has: it takes these or none. */
static void part(struct card *c, uint32_t offset, unsigned int size)
{
	const uint32_t mask = size == 1 ? 0xff : 0xffff;
	uint32_t was, now, at;

	for (at = 0; at < 4; at += size) {
		was = (uint32_t)card_read(c, 0, offset, 4);
		if (was != (uint32_t)card_read(c, 0, offset, 4)) /* it counts */
			return;
		card_write(c, 0, offset + at, ~(was >> 8 * at), size);
		now = (uint32_t)card_read(c, 0, offset, 4);
		if ((was ^ now) & ~(mask << 8 * at))
			card_breach(c, RULE_ACCESS,
				    "offset 0x%x: %u bytes written there made 0x%08x of 0x%08x", offset + at,
				    size, now, was);
		if (card_read(c, 0, offset + at, size) != (now >> 8 * at & mask))
			card_breach(c, RULE_ACCESS,
				    "offset 0x%x: %u bytes read there are not those of 0x%08x", offset + at,
				    size, now);
		card_write(c, 0, offset, was, 4);
	}
}

/* A register of 4 bytes that keeps what is written: does its write touch the one beside it? By FLR all is as before. */
static void lanes(struct check *k)
{
	unsigned int n, kept = 0;
	uint32_t offset, was, beside, now;
	struct card c;

	if (!card_start(&c, k->door, k->cfg))
		goto out;
	for (n = 0; register_at(k->door, 0, n, &offset) && !card_failed(&c); n++) {
		was = (uint32_t)card_read(&c, 0, offset, 4);
		beside = (uint32_t)card_read(&c, 0, offset ^ 4, 4);
		if (beside != (uint32_t)card_read(&c, 0, offset ^ 4, 4))
			continue;
		card_write(&c, 0, offset, ~was, 4);
		now = (uint32_t)card_read(&c, 0, offset, 4);
		if (now == was)
			continue;
		kept++;
		if (beside != ~was && (uint32_t)card_read(&c, 0, offset ^ 4, 4) == ~was)
			card_breach(&c, RULE_ACCESS, "offset 0x%x: 4 bytes written there are at 0x%x, too",
				    offset, offset ^ 4);
		card_write(&c, 0, offset, was, 4);
		part(&c, offset, 1);
		part(&c, offset, 2);
	}
out:
	if (check_card(k, &c))
		check_says(k, PASSED,
			   "%u registers take what is written; none takes what is written beside it", kept);
	card_end(&c);
}

static void nonsense(struct check *k)
{
	uint8_t func[3];
	unsigned int n_func, i, round;
	struct card c;

	if (!card_start(&c, k->door, k->cfg))
		goto out;
	n_func = functions(k->door, func);
	for (round = 0; round < 2; round++)
		for (i = 0; i < n_func; i++)
			scribble(&c, func[i], round * 16 + i + 1);
	frames(&c);
	card_read(&c, 0, k->door->desc.pf.bar[0].base, 4);
out:
	if (check_card(k, &c))
		check_says(
			k, PASSED,
			"each register written twice without bus mastering: it answers, and sends nothing");
	card_end(&c);
}

/* Registers that hold still at power-up are the same after nonsense and a reset. */
static void flr(struct check *k)
{
	static uint32_t first[3][LOOKED_AT * SNIC_CARD_BARS];
	static bool still[3][LOOKED_AT * SNIC_CARD_BARS];
	unsigned int n, i, n_func = 0, held = 0;
	uint32_t offset, now;
	uint8_t func[3];
	struct card c;

	if (!(k->door->desc.caps & SNIC_CARD_FLR)) {
		check_says(k, SKIPPED, "the card has no Function Level Reset");
		return;
	}
	if (!card_start(&c, k->door, k->cfg))
		goto out;
	n_func = functions(k->door, func);
	for (i = 0; i < n_func; i++)
		for (n = 0; register_at(k->door, func[i], n, &offset); n++) {
			first[i][n] = (uint32_t)card_read(&c, func[i], offset, 4);
			still[i][n] = first[i][n] == (uint32_t)card_read(&c, func[i], offset, 4) &&
				      !script_keeps(k->script, offset);
		}
	for (i = 0; i < n_func; i++) {
		scribble(&c, func[i], i + 1);
		card_flr(&c, func[i]);
		for (n = 0; register_at(k->door, func[i], n, &offset) && !c.breach[RULE_ALIVE].count; n++) {
			now = (uint32_t)card_read(&c, func[i], offset, 4);
			held += still[i][n] && now == first[i][n];
			if (still[i][n] && now != first[i][n])
				card_breach(&c, RULE_RESET,
					    "function %u, offset 0x%x: 0x%x, not 0x%x as at power-up",
					    func[i], offset, now, first[i][n]);
		}
	}
out:
	if (check_card(k, &c))
		check_says(k, PASSED, "%u registers of %u functions have their values of power-up", held,
			   n_func);
	card_end(&c);
}

/* What is written to a function is not read of another. */
static void isolation(struct check *k)
{
	const unsigned int last = k->door->desc.total_vfs;
	unsigned int n, kept = 0;
	uint32_t offset, was, other, mark;
	struct card c;

	if (last < 2) {
		check_says(k, SKIPPED, "the card has no two VFs");
		return;
	}
	if (!card_start(&c, k->door, k->cfg))
		goto out;
	for (n = 0; register_at(k->door, 1, n, &offset) && !card_failed(&c); n++) {
		was = (uint32_t)card_read(&c, 1, offset, 4);
		other = (uint32_t)card_read(&c, (uint8_t)last, offset, 4);
		mark = was ^ 0x5a5a5a5a;
		card_write(&c, 1, offset, mark, 4);
		if ((uint32_t)card_read(&c, 1, offset, 4) == was)
			continue;
		kept++;
		mark = (uint32_t)card_read(&c, 1, offset, 4);
		if (other != mark && (uint32_t)card_read(&c, (uint8_t)last, offset, 4) == mark)
			card_breach(&c, RULE_ISOLATION, "offset 0x%x: what VF 1 has written, VF %u reads",
				    offset, last);
		card_write(&c, 1, offset, was, 4);
	}
out:
	if (check_card(k, &c))
		check_says(k, PASSED, "%u registers of VF 1 take what is written; VF %u reads none of it",
			   kept, last);
	card_end(&c);
}

/* A run of which all is looked at: its hash. */
static uint64_t sample_run(struct check *k, bool no_jump)
{
	struct snic_sim_config cfg = *k->cfg;
	uint64_t hash = 0;
	uint32_t offset;
	unsigned int n;
	struct card c;

	cfg.no_jump = no_jump;
	if (card_start(&c, k->door, &cfg)) {
		frames(&c);
		for (n = 0; n < 64 && register_at(k->door, 0, n, &offset); n++)
			card_read(&c, 0, offset, 4);
		scribble(&c, 0, 1);
		for (n = 0; n < 64 && register_at(k->door, 0, n, &offset); n++)
			card_read(&c, 0, offset, 4);
		card_master(&c, 0, true);
		if (k->script) {
			card_flr(&c, 0);
			card_master(&c, 0, true);
			script_run(k->script, &c, "setup", 0);
			script_run(k->script, &c, "traffic", 0);
			card_run(&c, 20000);
			script_run(k->script, &c, "traffic", 1);
			script_run(k->script, &c, "stop", 0);
		}
		hash = c.hash;
	}
	if (!c.breach[RULE_ALIVE].count)
		memset(c.breach, 0, sizeof(c.breach)); /* other checks' */
	check_card(k, &c);
	card_end(&c);
	return hash;
}

static void compare_runs(struct check *k, bool no_jump, enum card_rule rule, const char *well,
			 const char *badly)
{
	const uint64_t a = sample_run(k, false), b = k->verdict == FAILED ? 0 : sample_run(k, no_jump);

	if (k->verdict == FAILED)
		return;
	check_says(k, a == b ? PASSED : FAILED, "%s", a == b ? well : badly);
	if (a != b)
		snprintf(k->rule, sizeof(k->rule), "%s", card_rules[rule].name);
}

static void same(struct check *k)
{
	compare_runs(k, false, RULE_SAME, "two runs: the same requests, answers and frames at the same times",
		     "two runs of the same inputs differ: in requests, answers, frames, or their times");
}

static void leaps(struct check *k)
{
	compare_runs(
		k, true, RULE_LEAP, "with leaps over idle time and without: the same",
		"with each cycle simulated, requests, answers, frames or their times are others than with leaps");
}

const struct check_row plain_checks[] = {
	{ "quiet", "nothing is sent before the card is set up", quiet, false },
	{ "registers", "each register answers, by 4 bytes and by 8", registers, false },
	{ "lanes", "a write of 1, 2 or 4 bytes touches nothing beside it", lanes, false },
	{ "nonsense", "nonsense in all registers, without bus mastering", nonsense, false },
	{ "flr", "a Function Level Reset after that", flr, false },
	{ "isolation", "a function's registers are its own", isolation, false },
	{ "same", "the same inputs, twice", same, false },
	{ "leaps", "leaps over idle time change nothing", leaps, false },
	{ NULL, NULL, NULL, false },
};
