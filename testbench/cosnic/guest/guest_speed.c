/* SPDX-License-Identifier: BSD-2-Clause */
/* Packets a second of wall time: the script says when and how many (`speed` in lib.sh), the clock is here. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

static struct guest_speed *find(struct guest_run *g, const char *name)
{
	unsigned int i;

	for (i = 0; i < g->n_speed; i++)
		if (!strcmp(g->speed[i].name, name))
			return &g->speed[i];
	return NULL;
}

void guest_speed_hear(struct guest_run *g, const char *line, double wall_s, double cpu_s)
{
	struct guest_speed *s;
	unsigned long long packets;
	char word[16], name[32];
	int words = sscanf(line, "%15s %31s %llu", word, name, &packets);

	if (words < 2)
		return;
	s = find(g, name);
	if (!strcmp(word, "begin") && !s && g->n_speed < GUEST_SPEEDS) {
		s = &g->speed[g->n_speed++];
		snprintf(s->name, sizeof(s->name), "%s", name);
		s->wall_s = -wall_s;
		s->cpu_s = -cpu_s;
	} else if (!strcmp(word, "end") && s && s->wall_s <= 0) {
		s->wall_s += wall_s;
		s->cpu_s += cpu_s;
	} else if (!strcmp(word, "passed") && s && words == 3) {
		s->packets = packets;
	}
}

static double per_s(const struct guest_speed *s)
{
	return s->wall_s > 0 ? (double)s->packets / s->wall_s : 0;
}

void guest_speed_show(const struct guest_run *g)
{
	const struct guest_speed *s;

	for (s = g->speed; s < g->speed + g->n_speed; s++)
		fprintf(stderr,
			"speed %s: %llu packets in %.2f s of wall time (%.2f s of CPU): %.0f a second\n",
			s->name, s->packets, s->wall_s, s->cpu_s, per_s(s));
}

json_t *guest_speed_json(const struct guest_run *g)
{
	const struct guest_speed *s;
	json_t *j = json_object();

	for (s = g->speed; s < g->speed + g->n_speed; s++)
		json_object_set_new(j, s->name,
				    json_pack("{s:I s:f s:f s:f}", "packets", (json_int_t)s->packets,
					      "wall_s", s->wall_s, "cpu_s", s->cpu_s, "packets_per_wall_s",
					      per_s(s)));
	return j;
}
