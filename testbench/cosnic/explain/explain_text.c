/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "explain.h"
#include "names.h"
#include "outcap.h"
#include "printable.h"

static void headers(const struct explain *e, FILE *f)
{
	const struct snic_ref_headers *h = &e->headers;
	size_t end = 0;
	char text[160];
	unsigned int i;

	fprintf(f, "headers   offset bytes\n");
	for (i = 0; i < h->n; i++) {
		explain_header_text(e, i, text, sizeof(text));
		fprintf(f, "          %6zu %5zu  %s%-9s %s\n", h->at[i].off, h->at[i].len,
			h->at[i].level ? "  " : "", explain_header_name(h->at[i].kind), text);
		end = h->at[i].off + h->at[i].len;
	}
	if (end < e->frame.len)
		fprintf(f, "          %6zu %5zu  payload\n", end, e->frame.len - end);
	if (e->frame.parse.perr)
		fprintf(f, "          the parser gives up: %s\n", names_perr(e->frame.parse.perr));
}

static void key(const struct explain *e, FILE *f)
{
	unsigned int field = 0, column = 0;
	char text[80];

	fprintf(f, "key    ");
	while (explain_key(e, &field, text, sizeof(text))) {
		if (column + strlen(text) > 100) {
			fprintf(f, "\n       ");
			column = 0;
		}
		column += (unsigned int)fprintf(f, "   %s", text);
	}
	fputc('\n', f);
}

static void result(const struct explain *e, FILE *f)
{
	char text[32];
	unsigned int i;

	if (e->drop) {
		fprintf(f, "%-16s dropped: %s\n", "out", e->drop);
		return;
	}
	for (i = 0; i < e->n_out && i < EXPLAIN_MAX_OUT; i++) {
		explain_out_text(&e->out[i], text, sizeof(text));
		fprintf(f, "%-16s %s, %u bytes", "out", text, e->out[i].len);
		if (e->out[i].mark)
			fprintf(f, ", mark 0x%x", e->out[i].mark);
		if (e->out[i].vlan_popped)
			fprintf(f, ", tag 0x%04x in the completion", e->out[i].tci);
		fputc('\n', f);
	}
	if (e->n_out > EXPLAIN_MAX_OUT)
		fprintf(f, "%-16s %u copies more\n", "", e->n_out - EXPLAIN_MAX_OUT);
}

/* From the first time it came there to the last time it left. */
static void hull(const struct explain_times *t, unsigned int row, FILE *f)
{
	if (t->n[row])
		fprintf(f, " | %9.1f %9.1f", t->span[row][0].from, t->span[row][t->n[row] - 1].to);
	else
		fprintf(f, " | %9s %9s", "-", "-");
}

static void times(const struct explain *e, FILE *f)
{
	const struct explain_times *m = &e->measured, *p = &e->predicted;
	unsigned int row;

	fprintf(f, "%-24s | %-19s | %-19s | predicted -\n", "time in ns", "measured in the RTL", "predicted");
	fprintf(f, "%-24s | %9s %9s | %9s %9s | measured\n", "", "from", "to", "from", "to");
	for (row = 0; row < N_ROWS; row++) {
		if (!m->n[row] && !p->n[row])
			continue;
		fprintf(f, "%-24s", explain_labels[row]);
		hull(m, row, f);
		hull(p, row, f);
		if (m->n[row] && p->n[row])
			fprintf(f, " | %+7.1f %+7.1f", p->span[row][0].from - m->span[row][0].from,
				p->span[row][p->n[row] - 1].to - m->span[row][m->n[row] - 1].to);
		fputc('\n', f);
	}
	if (m->latency > 0)
		fprintf(f, "%-24s | %9s %9.1f | %9s %9.1f | %7s %+7.1f  (%+.1f %%)\n", "latency", "",
			m->latency, "", p->latency, "", p->latency - m->latency,
			(p->latency - m->latency) / m->latency * 100);
}

void explain_text(const struct explain *e, FILE *f)
{
	const struct snic_sim_config *c = &e->o->sim;
	char from[16], name[512];
	unsigned int i;

	outcap_vport(from, sizeof(from), e->dir == LANE_RX ? SNIC_VPORT_WIRE0 : e->frame.src_func);
	fprintf(f, "frame %llu of %s: %zu bytes from %s", (unsigned long long)e->record,
		printable(name, sizeof(name), e->file), e->frame.len, from);
	if (e->dir != LANE_RX)
		fprintf(f, "/q%u", e->frame.src_queue);
	fprintf(f, "; %u MHz, %u Gb/s, PCIe gen%ux%u\n\n", c->clock_mhz, c->wire_gbps, c->pcie_gen,
		c->pcie_lanes);
	headers(e, f);
	key(e, f);
	fputc('\n', f);
	for (i = 0; i < e->n_lines; i++)
		fprintf(f, "%-16s %s\n",
			i && !strcmp(e->line[i].table, e->line[i - 1].table) ? "" : e->line[i].table,
			e->line[i].text);
	result(e, f);
	fputc('\n', f);
	times(e, f);
}
