/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic gen: a capture of made-up traffic, the same for the same arguments. */
#include "cosnic.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "ethernet.h"
#include "frame.h"
#include "progress.h"
#include "snic_contract.h"

struct mix_part {
	unsigned int weight, size; /* size with FCS */
};

static const struct mix_part imix[] = { { 7, 64 }, { 4, 594 }, { 1, 1518 }, { 0, 0 } };
static const struct mix_part csit[] = { { 28, 64 }, { 16, 570 }, { 4, 1518 }, { 0, 0 } };
static const struct mix_part trex[] = { { 28, 64 }, { 20, 594 }, { 4, 1518 }, { 0, 0 } };

/* Two segments of a full MTU of 1500 B, and the acknowledgement (with time stamps) that comes back for both. */
static const struct mix_part tcp[] = { { 2, 1518 }, { 1, 70 }, { 0, 0 } };

/* What a stack with segmentation offload sends of a long transfer: 45 segments of 1448 B in one frame. */
static const struct mix_part tcp64k[] = { { 1, 14 + 20 + 32 + 45 * 1448 + ETH_FCS }, { 0, 0 } };

static const struct mix_part *const mixes[] = { NULL, imix, csit, trex, tcp, tcp64k };

static uint64_t next_random(uint64_t *state)
{
	uint64_t x = (*state += 0x9e3779b97f4a7c15ull); /* splitmix64 */

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

/* TCP's frames come in order: which part frame n is of. */
static unsigned int tcp_part(uint64_t n)
{
	return n % (tcp[0].weight + tcp[1].weight) < tcp[0].weight ? 0 : 1;
}

/* Functions take turns; of a TCP connection, one of two sends data and the other acknowledges. */
static unsigned int pick_func(const struct options *o, uint64_t n)
{
	if (!o->vfs)
		return 0;
	if (o->mix == MIX_TCP)
		n = n / (tcp[0].weight + tcp[1].weight) * 2 + tcp_part(n);
	return 1 + (unsigned int)(n % o->vfs);
}

/* VF 1 has `greedy` frames of a round, spread over it; the others have one each, in turn. */
static unsigned int pick_func_greedy(const struct options *o, uint64_t n, uint64_t *its)
{
	uint64_t round = o->greedy + o->vfs - 1, at = n % round;

	/* of its frames, those before frame n */
	*its = n / round * o->greedy + (at * o->greedy + round - 1) / round;
	if (at * o->greedy % round < o->greedy)
		return 1;
	return 2 + (unsigned int)((n - *its) % (o->vfs - 1));
}

/* Flows come in turn. Beside a greedy VF each other one has a flow of its own, so one queue, and VF 1 the rest. */
static unsigned int pick_func_and_flow(const struct options *o, uint64_t n, uint64_t *flow)
{
	unsigned int func;
	uint64_t its;

	if (!o->greedy) {
		*flow = n % o->flows;
		return pick_func(o, n);
	}
	func = pick_func_greedy(o, n, &its);
	*flow = func == 1 ? o->vfs - 1 + its % (o->flows - o->vfs + 1) : func - 2;
	return func;
}

static unsigned int pick_size(const struct options *o, uint64_t n, uint64_t *rng)
{
	const struct mix_part *m = mixes[o->mix];
	unsigned int total = 0, r, i;

	if (o->mix == MIX_TCP)
		return tcp[tcp_part(n)].size;
	if (!m)
		return o->size_min + (unsigned int)(next_random(rng) % (o->size_max - o->size_min + 1));
	for (i = 0; m[i].weight; i++)
		total += m[i].weight;
	/* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): a mix has weights */
	r = (unsigned int)(next_random(rng) % total);
	for (i = 0; r >= m[i].weight; i++)
		r -= m[i].weight;
	return m[i].size;
}

/* The smallest that will be asked for, with FCS. */
static unsigned int smallest(const struct options *o)
{
	const struct mix_part *m = mixes[o->mix];
	unsigned int size = m ? m->size : o->size_min;

	for (; m && m->weight; m++)
		size = m->size < size ? m->size : size;
	return o->greedy_size && o->greedy_size < size ? o->greedy_size : size;
}

int gen_check(const struct options *o)
{
	if (smallest(o) >= frame_min(o->encap) + ETH_FCS)
		return EXIT_OK;
	fprintf(stderr, "cosnic: --size %s: %u B frames are too small for --encap %s; give %zu or more\n",
		o->size_name, smallest(o), encap_names[o->encap], frame_min(o->encap) + ETH_FCS);
	return EXIT_USAGE;
}

int cmd_gen(const struct options *o)
{
	struct frame_spec s = { .smac = { 2, 0, 0, 0, 0, 1 },
				.encap = o->encap,
				.tcp = o->mix == MIX_TCP64K };
	uint64_t rng = o->sim.seed, n, flow, never_again = 0, ps = 0;
	uint8_t buf[FRAME_LSO_MAX + 8];
	struct progress progress;
	pcap_dumper_t *out;
	int ret = EXIT_OK;
	pcap_t *p;

	if (gen_check(o))
		return EXIT_USAGE;
	p = pcap_open_dead_with_tstamp_precision(DLT_EN10MB, s.tcp ? FRAME_LSO_MAX : FRAME_MTU_MAX,
						 PCAP_TSTAMP_PRECISION_NANO);
	out = p ? pcap_dump_open(p, o->gen_path) : NULL;
	if (!out) {
		fprintf(stderr, "cosnic: %s: %s; choose a path that can be written\n", o->gen_path,
			p ? pcap_geterr(p) : strerror(ENOMEM));
		if (p)
			pcap_close(p);
		return EXIT_INPUT;
	}
	progress_start(&progress, "gen", o->count, o->quiet);
	for (n = 0; n < o->count && !cosnic_interrupted; n++) {
		struct pcap_pkthdr h = { 0 };
		bool unique =
			o->unique > 0 && (double)(next_random(&rng) >> 11) < o->unique * 9007199254740992.0;
		unsigned int func = pick_func_and_flow(o, n, &flow);

		/* Flows 0..flows-1 come again and again; the others once. */
		s.flow = unique ? (uint32_t)((o->flows + never_again++) & 0xffffff) : (uint32_t)flow;
		s.dmac[0] = 0x02;
		s.dmac[1] = 0x5c;
		s.dmac[5] = (uint8_t)func;
		s.len = (func == 1 && o->greedy_size ? o->greedy_size : pick_size(o, n, &rng)) - ETH_FCS;
		s.fill = n;
		h.caplen = h.len = (bpf_u_int32)frame_build(&s, buf);
		h.ts.tv_sec = (time_t)(ps / 1000000000000ull);
		h.ts.tv_usec =
			(suseconds_t)(ps / 1000 % 1000000000ull); /* nanoseconds in a nanosecond file */
		pcap_dump((u_char *)out, &h, buf);
		ps += (uint64_t)(h.len + ETH_FCS + ETH_WIRE) * 8000 / o->sim.wire_gbps;
		progress_at(&progress, n);
	}
	progress_end(&progress);
	if (pcap_dump_flush(out) || ferror(pcap_dump_file(out))) {
		fprintf(stderr, "cosnic: %s: %s; %s another path\n", o->gen_path, strerror(errno),
			advice_write(errno));
		ret = EXIT_INPUT;
	} else if (n < o->count) {
		fprintf(stderr, "cosnic: %s: interrupted after %llu frames\n", o->gen_path,
			(unsigned long long)n);
		ret = EXIT_CHECK;
	}
	pcap_dump_close(out);
	pcap_close(p);
	if (!ret && !o->quiet)
		printf("%s: %llu frames, %s, %llu flows, seed %llu\n", o->gen_path,
		       (unsigned long long)o->count, o->size_name, (unsigned long long)o->flows,
		       (unsigned long long)o->sim.seed);
	return ret;
}
