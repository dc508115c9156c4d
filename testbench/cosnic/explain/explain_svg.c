/* SPDX-License-Identifier: BSD-2-Clause */
/* The same as a picture, for light and dark pages. */
#include <math.h>
#include <string.h>

#include "explain.h"
#include "outcap.h"
#include "xml.h"

#define WIDTH 960.0
#define LEFT 24.0
#define STRIP_Y 76.0
#define STRIP_H 38.0
#define LIST_Y 158.0
#define LINE 17.0
#define HALF 492.0 /* where the right one of two lists begins */
#define CHART_X 186.0
#define CHART_END 742.0
#define ROW_H 32.0

static const char style[] =
	"<style>\n"
	"text { font-family: 'DejaVu Sans', Verdana, sans-serif; font-size: 11px; fill: #1f2328 }\n"
	".page { fill: #ffffff } .title { font-size: 16px; font-weight: bold } .head { font-size: 12px; font-weight: bold }\n"
	".mute { fill: #59636e } .num { text-anchor: end } .mid { text-anchor: middle }\n"
	".grid { stroke: #d1d9e0; stroke-width: 1 } .late { stroke: #59636e; stroke-width: 1.2; fill: none }\n"
	".meas { fill: #0969da } .pred { fill: #e09b13 }\n"
	".eth { fill: #b6d4f5 } .ip { fill: #c3e6b5 } .l4 { fill: #f3e0a0 } .tun { fill: #e9c4f0 } .pay { fill: #eaeef2 }\n"
	".cell { stroke: #ffffff; stroke-width: 1.5 } .in { fill: #1f2328 }\n"
	"@media (prefers-color-scheme: dark) {\n"
	"text { fill: #e6edf3 } .page { fill: #0d1117 } .mute { fill: #9198a1 } .grid { stroke: #30363d } .late { stroke: #9198a1 }\n"
	".meas { fill: #58a6ff } .pred { fill: #d29922 } .cell { stroke: #0d1117 }\n"
	".eth { fill: #1f4f87 } .ip { fill: #2b5f2d } .l4 { fill: #6b5618 } .tun { fill: #653a78 } .pay { fill: #262c36 } .in { fill: #e6edf3 }\n"
	"}\n"
	"</style>\n";

static void text(FILE *f, double x, double y, const char *class, const char *s)
{
	fprintf(f, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
	xml_text(f, s);
	fputs("</text>\n", f);
}

static void rect(FILE *f, double x, double y, double w, double h, const char *class)
{
	fprintf(f, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" class=\"%s\"/>\n", x, y, w, h,
		class);
}

static void line(FILE *f, double x1, double y1, double x2, double y2, const char *class)
{
	fprintf(f, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1, y1, x2, y2,
		class);
}

static const char *class_of(enum snic_ref_header kind)
{
	switch (kind) {
	case SNIC_REF_ETHERNET:
	case SNIC_REF_VLAN:
		return "cell eth";
	case SNIC_REF_IPV4:
	case SNIC_REF_IPV6:
	case SNIC_REF_EXTENSION:
		return "cell ip";
	case SNIC_REF_TCP:
	case SNIC_REF_UDP:
	case SNIC_REF_ICMP:
		return "cell l4";
	default:
		return "cell tun";
	}
}

/* A piece of the frame: wide enough to be seen, however short. */
static double wide(size_t bytes)
{
	return 26 + 2.2 * (double)(bytes > 60 ? 60 : bytes);
}

static double piece(FILE *f, double x, double w, size_t off, const char *name, const char *class)
{
	char offset[24];

	rect(f, x, STRIP_Y, w, STRIP_H, class);
	if (6.6 * (double)strlen(name) < w)
		text(f, x + w / 2, STRIP_Y + 23, "mid in", name);
	snprintf(offset, sizeof(offset), "%zu", off);
	text(f, x, STRIP_Y + STRIP_H + 13, "mute", offset);
	return x + w;
}

/* The frame from left to right. */
static void strip(const struct explain *e, FILE *f)
{
	const struct snic_ref_headers *h = &e->headers;
	double sum = 0, scale, x = LEFT;
	char rest[48], end[24];
	size_t at = 0;
	unsigned int i;

	for (i = 0; i < h->n; i++) {
		sum += wide(h->at[i].len);
		at = h->at[i].off + h->at[i].len;
	}
	scale = fmin(1, (WIDTH - 2 * LEFT - 110) / sum);
	for (i = 0; i < h->n; i++)
		x = piece(f, x, wide(h->at[i].len) * scale, h->at[i].off, explain_header_name(h->at[i].kind),
			  class_of(h->at[i].kind));
	if (at < e->frame.len) {
		snprintf(rest, sizeof(rest), "payload, %zu bytes", e->frame.len - at);
		piece(f, x, WIDTH - LEFT - x, at, rest, "cell pay");
	}
	snprintf(end, sizeof(end), "%zu", e->frame.len);
	text(f, WIDTH - LEFT, STRIP_Y + STRIP_H + 13, "mute num", end);
}

/* What the headers say, and what the tables; how far down that goes. */
static double lists(const struct explain *e, FILE *f)
{
	double left = LIST_Y, right = LIST_Y;
	char s[200], name[32];
	unsigned int i;

	text(f, LEFT, left, "head", "Headers");
	text(f, HALF, right, "head", "Tables");
	for (i = 0; i < e->headers.n; i++) {
		left += LINE;
		explain_header_text(e, i, s, sizeof(s));
		text(f, LEFT + (e->headers.at[i].level ? 10 : 0), left, "mute",
		     explain_header_name(e->headers.at[i].kind));
		text(f, LEFT + 84, left, "", s);
	}
	for (i = 0; i < e->n_lines; i++) {
		right += LINE;
		if (!i || strcmp(e->line[i].table, e->line[i - 1].table) != 0)
			text(f, HALF, right, "mute", e->line[i].table);
		text(f, HALF + 92, right, "", e->line[i].text);
	}
	for (i = 0; i < e->n_out && i < EXPLAIN_MAX_OUT; i++) {
		right += LINE;
		explain_out_text(&e->out[i], name, sizeof(name));
		snprintf(s, sizeof(s), "%s, %u bytes", name, e->out[i].len);
		text(f, HALF, right, "mute", "out");
		text(f, HALF + 92, right, "head", s);
	}
	if (e->n_out > EXPLAIN_MAX_OUT) {
		right += LINE;
		snprintf(s, sizeof(s), "and %u copies more", e->n_out - EXPLAIN_MAX_OUT);
		text(f, HALF + 92, right, "", s);
	}
	if (e->drop) {
		right += LINE;
		snprintf(s, sizeof(s), "dropped: %s", e->drop);
		text(f, HALF, right, "mute", "out");
		text(f, HALF + 92, right, "head", s);
	}
	return fmax(left, right) + 38;
}

static double last(const struct explain_times *t)
{
	double end = 0;
	unsigned int r;

	for (r = 0; r < N_ROWS; r++)
		if (t->n[r])
			end = fmax(end, t->span[r][t->n[r] - 1].to);
	return end;
}

/* Some ten of them: 1, 2 or 5 times a power of ten apart. */
static double tick(double all)
{
	double t = pow(10, floor(log10(all / 10)));

	return all / t > 40 ? 5 * t : all / t > 20 ? 2.5 * t : all / t > 10 ? 2 * t : t;
}

static void bars(FILE *f, const struct explain_times *t, unsigned int row, double y, double scale,
		 const char *class)
{
	unsigned int i;

	for (i = 0; i < t->n[row]; i++) {
		const struct explain_span *s = &t->span[row][i];

		rect(f, CHART_X + s->from * scale, y, fmax(2.5, (s->to - s->from) * scale), 10, class);
	}
}

static void number(FILE *f, double x, double y, const char *class, const char *format, double v)
{
	char s[32];

	snprintf(s, sizeof(s), format, v);
	text(f, x, y, class, s);
}

static double chart(const struct explain *e, FILE *f, double y)
{
	const struct explain_times *m = &e->measured, *p = &e->predicted;
	const double all = fmax(last(m), last(p)) * 1.02, scale = (CHART_END - CHART_X) / all,
		     step = tick(all);
	const double top = y + 14;
	unsigned int row, shown = 0;
	unsigned int i;
	double at;
	char s[120];

	text(f, LEFT, y, "head", "Where it is when, ns");
	rect(f, CHART_X, y - 9, 10, 10, "meas");
	text(f, CHART_X + 15, y, "", "measured in the RTL");
	rect(f, CHART_X + 150, y - 9, 10, 10, "pred");
	text(f, CHART_X + 165, y, "", "predicted by the timing model");
	text(f, CHART_END + 64, y, "num mute", "until");
	text(f, CHART_END + 128, y, "num mute", "predicted");
	text(f, WIDTH - LEFT, y, "num mute", "apart");
	for (row = 0; row < N_ROWS; row++)
		shown += m->n[row] || p->n[row];
	for (i = 0; i * step <= all; i++) {
		const double t = i * step;

		line(f, CHART_X + t * scale, top, CHART_X + t * scale, top + shown * ROW_H, "grid");
		number(f, CHART_X + t * scale, top + shown * ROW_H + 14, "mid mute", "%g", t);
	}
	for (row = 0, at = top + 4; row < N_ROWS; row++) {
		if (!m->n[row] && !p->n[row])
			continue;
		text(f, LEFT, at + 16, "", explain_labels[row]);
		bars(f, m, row, at, scale, "meas");
		bars(f, p, row, at + 12, scale, "pred");
		if (m->n[row])
			number(f, CHART_END + 64, at + 16, "num", "%.1f", m->span[row][m->n[row] - 1].to);
		if (p->n[row])
			number(f, CHART_END + 128, at + 16, "num", "%.1f", p->span[row][p->n[row] - 1].to);
		if (m->n[row] && p->n[row])
			number(f, WIDTH - LEFT, at + 16, "num mute", "%+.1f",
			       p->span[row][p->n[row] - 1].to - m->span[row][m->n[row] - 1].to);
		at += ROW_H;
	}
	at = top + shown * ROW_H + 30;
	if (m->latency > 0) {
		const double from = CHART_X + e->first_bit * scale, to = from + m->latency * scale;

		fprintf(f, "<path d=\"M%.1f %.1fv8M%.1f %.1fv8M%.1f %.1fH%.1f\" class=\"late\"/>\n", from,
			at - 4, to, at - 4, from, at, to);
		snprintf(s, sizeof(s), "latency %.1f ns, predicted %.1f (%+.1f %%)", m->latency, p->latency,
			 (p->latency - m->latency) / m->latency * 100);
		text(f, fmax((from + to) / 2, CHART_X + 150), at + 17, "mid head", s);
	} else {
		text(f, LEFT, at + 17, "head", "It does not come out.");
	}
	return at + 36;
}

/* Counted beforehand, since it stands in the first line. */
static double height(const struct explain *e)
{
	const unsigned int outs = e->drop ? 1 : e->n_out > EXPLAIN_MAX_OUT ? EXPLAIN_MAX_OUT + 1 : e->n_out;
	const unsigned int left = e->headers.n, right = e->n_lines + outs;
	unsigned int row, shown = 0;

	for (row = 0; row < N_ROWS; row++)
		shown += e->measured.n[row] || e->predicted.n[row];
	return LIST_Y + (left > right ? left : right) * LINE + 38 + 14 + shown * ROW_H + 30 + 36;
}

void explain_svg(const struct explain *e, FILE *f)
{
	const struct snic_sim_config *c = &e->o->sim;
	const char *name = strrchr(e->file, '/') ? strrchr(e->file, '/') + 1 : e->file;
	char s[320], from[16];
	double h = height(e);

	fprintf(f,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">\n"
		"<!-- SPDX-License-Identifier: BSD-2-Clause -->\n",
		WIDTH, h, WIDTH, h);
	fputs(style, f);
	rect(f, 0, 0, WIDTH, h, "page");
	outcap_vport(from, sizeof(from), e->dir == LANE_RX ? SNIC_VPORT_WIRE0 : e->frame.src_func);
	snprintf(s, sizeof(s), "Frame %llu of %s, %zu bytes from %s", (unsigned long long)e->record, name,
		 e->frame.len, from);
	text(f, LEFT, 34, "title", s);
	snprintf(s, sizeof(s), "alone in the card: %u MHz, %u Gb/s, PCIe gen%ux%u, %u VFs x %u queues",
		 c->clock_mhz, c->wire_gbps, c->pcie_gen, c->pcie_lanes, e->o->vfs, e->o->queues);
	text(f, LEFT, 54, "mute", s);
	strip(e, f);
	chart(e, f, lists(e, f));
	fputs("</svg>\n", f);
}
