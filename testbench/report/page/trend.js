/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures over commits: what moved since the first one that was kept. */
"use strict";

const TREND_LINES = 8;

function trendFigure(trend) {
	const commits = trend.commits.map(([commit]) => commit), last = commits.length - 1;
	const first = (s) => s.values.find(isNumber), change = (s, v) => isNumber(v) && first(s) ? (v / first(s) - 1) * 100 : null;
	const span = (s) => Math.max(0, ...s.values.map((v) => Math.abs(change(s, v) || 0)));
	const simulated = trend.series.filter((s) => s.figure !== "kcycles/s"), moved = simulated.filter((s) => span(s) > 0).sort((a, b) => span(b) - span(a));
	const speed = trend.series.filter((s) => s.figure === "kcycles/s"), lines = [...moved.slice(0, TREND_LINES), ...speed];
	const label = (s) => `${s.name} ${s.figure}`;
	const make = (c) => base(c, "line", lines.map((s, i) => ({ label: label(s), data: s.values.map((v) => change(s, v)), borderColor: c[hue(i)[0]], backgroundColor: c.card,
		borderWidth: 2, pointStyle: hue(i)[1], pointRadius: 4, borderDash: s.figure === "kcycles/s" ? [5, 4] : [], spanGaps: true })),
	{ x: { type: "category", title: "commit", ticks: { callback(i) { return this.getLabelForValue(i); } } }, y: { title: "change since the first, %" } },
	{ labels: commits, tooltip: { callbacks: { label: (i) => ` ${i.dataset.label}: ${fmt(lines[i.datasetIndex].values[i.dataIndex])} (${pct(i.parsed.y)})` } } });
	const text = moved.length ? `${fmt(moved.length)} of ${plural(simulated.length, "figure")} moved; the ${fmt(Math.min(TREND_LINES, moved.length))} that moved most, and the simulation's speed.`
		: `None of ${plural(simulated.length, "figure")} moved; the simulation's speed.`;
	const rows = [...moved, ...speed, ...simulated.filter((s) => span(s) === 0)].map((s) => [s.name, s.figure, el("td", { class: "n" }, pct(change(s, s.values[last]))), ...s.values]);
	return figure({ title: lookUp(titles, trend.set) || trend.set, text, make, wide: true,
		columns: ["run", "figure", ["since the first", "n"], ...commits.map((c) => [c, "n"])], rows });
}

function trendSection() {
	if (!data.trend || !data.trend.length) return null;
	return el("section", { id: "trend" }, el("h2", {}, "Over commits"),
		el("p", { class: "muted" }, "Measured figures of results that were kept, in the order in which they were made."),
		el("div", { class: "figures" }, data.trend.map(trendFigure)));
}
