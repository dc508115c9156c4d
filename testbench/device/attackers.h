/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions that do their worst: VF 1 to n, each kind in its own way, as often as a CPU that does nothing else could. They use
 * only what a VF's driver has: its registers, its memory, its frames.
 */
#ifndef ATTACKERS_H
#define ATTACKERS_H

#include "dev.h"

enum attack {
	ATTACK_NONE,
	ATTACK_FLOOD,	  /* 64 B frames to the wire, as fast as the ring takes them */
	ATTACK_LENGTHS,	  /* 60, 60, 60, 2000 B: lengths that a guess by the last ones gets wrong */
	ATTACK_BROADCAST, /* 5 Mpps in all, to everybody */
	ATTACK_DOORBELLS, /* rung with nothing new */
	ATTACK_CONFIG,	  /* queues that are switched off and on */
	ATTACK_DESC,	  /* descriptors that are none, in queues that are started again */
	ATTACK_SLOW,	  /* memory that answers 5 us later, for a few frames each way */
	ATTACK_LOST,	  /* memory that answers every 8th read never */
	ATTACK_ERRORS,	  /* memory that answers every other read with an error */
	ATTACK_RESETS,
	ATTACK_MAILBOX,
	ATTACK_MSIX,
	N_ATTACK,
};

extern const char *const attack_names[N_ATTACK];

struct attackers {
	struct dev *d;
	enum attack kind;
	unsigned int n;
	unsigned int next; /* whose turn it is */
	uint64_t turn;
	struct dev_raw *raw; /* of ATTACK_DESC, one a function */
};

/* VF 1 to n turn on everybody; the device has two queues a function. */
void attack_begin(struct attackers *a, struct dev *d, enum attack kind, unsigned int n);
/* What they do in half a microsecond. */
void attack_turn(struct attackers *a);
/* They stop what they do; what they have begun may go on. */
void attack_end(struct attackers *a);
/* Does it need frames from the wire to the attackers? */
bool attack_wants_frames(const struct attackers *a);
/* Does it send as much as it can? Then who else sends has to wait for his turn. */
bool attack_sends(enum attack kind);

#endif
