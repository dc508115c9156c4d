/* SPDX-License-Identifier: BSD-2-Clause */
/* Plots: each is a function that makes Chart.js's configuration from the colours of the moment, and a table of its figures. */
"use strict";

const plots = []; /* all on the page, so that they can be drawn anew when the colours change */

function colours() {
	const style = getComputedStyle(document.documentElement), get = (name) => style.getPropertyValue("--" + name).trim();
	const names = ["ink", "muted", "grid", "bound", "paper", "card", "line", "blue", "orange", "green", "purple"];
	return Object.fromEntries(names.map((n) => [n, get(n)]));
}

const faint = (colour) => colour + "55";
const laneStyle = {
	rx: { colour: "blue", point: "circle", label: "wire to host" },
	tx: { colour: "orange", point: "rectRot", label: "host to wire" },
	vf2vf: { colour: "green", point: "triangle", label: "VF to VF" },
};
const laneLabel = (lane) => (lookUp(laneStyle, lane) || { label: lane }).label;

const tick = (v) => v.toLocaleString("en-US", { maximumFractionDigits: 3 }).replaceAll(",", "\u2009");

/* Grid, fonts and tooltips that all plots share. scales: of Chart.js, with a title each. */
function base(c, type, datasets, scales, more) {
	for (const s of Object.values(scales)) {
		s.grid = Object.assign({ color: c.grid, borderColor: c.line, tickColor: c.line }, s.grid);
		s.ticks = Object.assign({ color: c.muted, font: { size: 12 } }, s.type || s.title ? { callback: tick } : {}, s.ticks);
		if (s.title) s.title = { display: true, text: s.title, color: c.muted, font: { size: 12 } };
	}
	const config = {
		type,
		data: Object.assign({ datasets }, more && more.labels ? { labels: more.labels } : {}),
		options: {
			animation: false, responsive: true, maintainAspectRatio: false,
			interaction: more && more.interaction || { mode: "nearest", axis: "x", intersect: false },
			scales,
			plugins: {
				legend: {
					display: !(more && more.noLegend), position: "bottom",
					labels: { color: c.ink, usePointStyle: true, pointStyle: { bar: "rect", line: "line" }[type], boxWidth: 26, font: { size: 12 } },
				},
				tooltip: Object.assign({
					backgroundColor: c.ink, titleColor: c.paper, bodyColor: c.paper, footerColor: c.paper, padding: 10,
					usePointStyle: true, boxPadding: 4, footerFont: { weight: "normal" },
				}, more && more.tooltip),
			},
		},
	};
	if (more && more.indexAxis) config.options.indexAxis = more.indexAxis;
	return config;
}

const TICK_PX = 40; /* room for a label */

/* An axis over numbers, logarithmic where they span much; a tick for each value that has room. */
function numberAxis(values, title) {
	const sorted = [...new Set(values)].sort((a, b) => a - b), first = sorted[0], last = sorted[sorted.length - 1];
	const log = first > 0 && last / first > 12, at = (v) => log ? Math.log(v / first) / Math.log(last / first) : (v - first) / (last - first || 1);
	const axis = { type: log ? "logarithmic" : "linear", title };
	if (log) {
		axis.min = first / 1.08;
		axis.max = last * 1.08;
	}
	if (!log && sorted.length > 12) return axis;
	axis.afterBuildTicks = (scale) => {
		const kept = [], width = scale.chart.width - 90;
		for (const value of sorted)
			if (!kept.length || (at(value) - at(kept[kept.length - 1].value)) * width >= TICK_PX) kept.push({ value });
		scale.ticks = kept;
	};
	axis.ticks = { callback: tick, autoSkip: false, maxRotation: 0 };
	return axis;
}

/* Names along an axis of bars; in lines where the screen is narrow. */
function nameAxis(c, names) {
	const lines = (name, room) => {
		const out = [""];
		for (const word of name.split(" "))
			if (out[0] && (out[out.length - 1] + " " + word).length > room) out.push(word);
			else out[out.length - 1] += (out[out.length - 1] ? " " : "") + word;
		return out;
	};
	return { stacked: false, grid: { display: false }, ticks: { autoSkip: false, color: c.ink,
		callback(i) { return this.chart.width < 520 ? lines(names[i], 16) : names[i]; } } };
}

/* A figure: heading, plot, and its figures as a table. make(c) gives the configuration; wide: over the whole row. */
function figure({ title, text, make, columns, rows, wide, control, note }) {
	const canvas = el("canvas", { role: "img", "aria-label": title + (text ? ". " + text : "") });
	const f = el("figure", { class: wide ? "wide" : undefined },
		el("div", { class: "head" }, el("h3", {}, title), control || null),
		text ? el("figcaption", {}, text) : null,
		el("div", { class: "plot" }, canvas),
		columns ? folded("The figures", foldedTable(columns, rows, title)) : null, note || null);
	const plot = { canvas, make, draw() {
		if (plot.chart) plot.chart.destroy();
		plot.chart = new Chart(canvas, make(colours()));
	} };
	plots.push(plot);
	f.plot = plot;
	return f;
}

/* Takes what no longer is on the page out of the list. */
function forget(container) {
	for (let i = plots.length; i--;) {
		if (!container.contains(plots[i].canvas)) continue;
		plots[i].chart && plots[i].chart.destroy();
		plots.splice(i, 1);
	}
	container.replaceChildren();
}

function drawAll() {
	for (const p of plots) p.draw();
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
/* Paper is white: while printing, as on a light screen with its width. */
addEventListener("beforeprint", () => plots.forEach((p) => p.chart.resize()));
