/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows that a suite makes of its runs: searches after RFC 2544, published experiments. */
"use strict";

const hues = [["blue", "circle"], ["orange", "rectRot"], ["green", "triangle"], ["purple", "rect"]];
const hue = (i) => hues[i % hues.length];

/* Keys by which rows differ, beside those that are drawn. */
function rowSettings(set, rows, drawn) {
	const keys = [...new Set([...set.axes.map((a) => a.name), "direction", "lane"])];
	return keys.filter((k) => !drawn.includes(k) && new Set(rows.map((r) => r[k])).size > 1);
}

function rowPanels(set, rows, drawn) {
	const keys = rowSettings(set, rows, drawn), panels = new Map();
	for (const r of rows) {
		const name = keys.filter((k) => r[k] !== undefined).map((k) => k === "direction" || k === "lane" ? laneLabel(r[k]) : `${k} ${r[k]}`).join(", ");
		panels.set(name, (panels.get(name) || []).concat(r));
	}
	return [...panels].map(([name, list]) => ({ name, rows: list }));
}

/* kind: "mark", "line", "both" or "band"; y: of a row */
function rowSeries(c, rows, x, { label, y, kind, hue: [colour, point] }) {
	const data = rows.map((r) => ({ x: Number(r[x]), y: y(r) })).filter((d) => Number.isFinite(d.x) && isNumber(d.y)).sort((a, b) => a.x - b.x);
	const style = {
		mark: { showLine: false, pointRadius: 5, pointBorderWidth: 2, backgroundColor: c.card, pointStyle: point, order: 1 },
		both: { pointRadius: 4, pointBorderWidth: 2, backgroundColor: c.card, pointStyle: point, order: 1 },
		line: { pointRadius: 0, pointStyle: "line", backgroundColor: c[colour], order: 2 },
		band: { pointRadius: 0, pointStyle: "line", borderWidth: 9, backgroundColor: faint(c[colour]), order: 3 },
	}[kind];
	return Object.assign({ label, data, borderColor: kind === "band" ? faint(c[colour]) : c[colour], borderWidth: 2, pointHitRadius: 8, clip: 8 }, style);
}

function rowFigure(title, panel, x, xTitle, yTitle, series, unit) {
	const make = (c) => {
		const sets = series.map((s) => rowSeries(c, s.rows || panel.rows, x, s)).filter((d) => d.data.length);
		const config = base(c, "line", sets, {
			x: numberAxis(sets.flatMap((d) => d.data.map((v) => v.x)), xTitle), y: { beginAtZero: true, title: yTitle },
		}, { tooltip: { callbacks: { title: (items) => items.length ? `${xTitle}: ${fmt(items[0].parsed.x)}` : "",
			label: (i) => ` ${i.dataset.label}: ${fmt(i.parsed.y)} ${unit}` } } });
		config.options.plugins.legend.labels.pointStyle = undefined;
		return config;
	};
	const table = rowColumns(panel.rows);
	return figure({ title, make, columns: table.columns, rows: table.rows });
}

/* A grid of figures, one over the whole row when it is alone. */
function rowGrid(figures) {
	if (figures.length === 1) figures[0].classList.add("wide");
	return el("div", { class: "figures" }, figures);
}

const bySize = (rows) => [...new Set(rows.map((r) => r.size))].map((size, i) => ({ size, rows: rows.filter((r) => r.size === size), hue: hue(i) }));

const rowTests = {
	throughput: (set, rows) => ["Throughput (RFC 2544, 26.1): no loss, and 0.5 % of it", rowPanels(set, rows, ["size"]).map((panel) => {
		const inGbps = (r, mpps) => r.ndr_lower_mpps > 0 ? mpps * r.ndr_lower_gbps / r.ndr_lower_mpps : NaN;
		return rowFigure(panel.name || "Throughput", panel, "size", axisTitle("size"), "Gb/s of frames", [
			{ label: "line rate", kind: "band", hue: ["bound"], y: (r) => inGbps(r, r.line_mpps) },
			{ label: "predicted", kind: "line", hue: hue(0), y: (r) => inGbps(r, r.predicted_mpps) },
			{ label: "NDR: no loss", kind: "mark", hue: hue(0), y: (r) => r.ndr_lower_gbps },
			{ label: "PDR: 0.5 % lost", kind: "mark", hue: hue(1), y: (r) => r.pdr_lower_gbps },
		], "Gb/s");
	})],
	latency: (set, rows) => ["Latency (RFC 2544, 26.2) under load", rowPanels(set, rows, ["size"]).map((panel) => {
		const loads = new Set(panel.rows.map((r) => r.of_ndr_pct)).size > 1;
		if (loads)
			return rowFigure(panel.name || "Latency", panel, "of_ndr_pct", "load, % of NDR", "median latency, ns",
				bySize(panel.rows).map((s) => ({ label: `${s.size} B`, kind: "both", hue: s.hue, rows: s.rows, y: (r) => r.p50_ns })), "ns");
		return rowFigure(panel.name || "Latency at NDR", panel, "size", axisTitle("size"), "ns", [
			{ label: "median", kind: "mark", hue: hue(0), y: (r) => r.p50_ns },
			{ label: "median, predicted", kind: "line", hue: hue(0), y: (r) => r.predicted_p50_ns },
			{ label: "99 %", kind: "mark", hue: hue(1), y: (r) => r.p99_ns },
			{ label: "99 %, predicted", kind: "line", hue: hue(1), y: (r) => r.predicted_p99_ns },
		], "ns");
	})],
	frame_loss: (set, rows) => ["Frame loss rate (RFC 2544, 26.3)", rowPanels(set, rows, ["size"]).map((panel) =>
		rowFigure(panel.name || "Frame loss", panel, "load_pct", "offered load, % of line rate", "% of the frames lost",
			bySize(panel.rows).map((s) => ({ label: `${s.size} B`, kind: "both", hue: s.hue, rows: s.rows, y: (r) => r.loss_pct })), "%"))],
	back_to_back: () => ["Back-to-back frames at line rate (RFC 2544, 26.4)", []],
};

const readable = (k) => k.replace(/_mpps$/, ", Mpps").replace(/_gbps$/, ", Gb/s").replace(/_pct$/, ", %").replace(/_(ns|us|ms)$/, ", $1").replaceAll("_", " ");

/* All columns but those that say the same in every row, or name a file. */
function rowColumns(rows, first = []) {
	const keys = [...new Set([...first, ...rows.flatMap((r) => Object.keys(r))])].filter((k) => k !== "id" && k !== "test" && rows.some((r) => r[k] !== undefined));
	const number = (k) => rows.every((r) => r[k] === undefined || r[k] === null || isNumber(r[k]));
	const value = (k, v) => v === undefined || v === "" ? null : k.startsWith("limits") && typeof v === "string" ? stationLabel(v) : v === true ? "yes" : v === false ? "no" : v;
	return { columns: keys.map((k) => number(k) ? [readable(k), "n"] : readable(k)), rows: rows.map((r) => keys.map((k) => value(k, r[k]))) };
}

/* Published, measured and predicted, a figure for each unit. */
function seedFigures(rows) {
	return [...new Set(rows.map((r) => r.unit))].map((unit) => {
		const some = rows.filter((r) => r.unit === unit), names = some.map((r) => `${r.experiment}) ${r.case}`);
		const make = (c) => base(c, "bar", [
			{ label: "published", data: some.map((r) => r.published), backgroundColor: c.bound, borderRadius: 3, pointStyle: "rect" },
			{ label: "measured", data: some.map((r) => r.measured), backgroundColor: c.blue, borderRadius: 3, pointStyle: "rect" },
			{ label: "predicted", data: some.map((r) => r.predicted), backgroundColor: "transparent", borderColor: c.orange, borderWidth: 2, borderRadius: 3, pointStyle: "rect" },
		], { y: nameAxis(c, names), x: { beginAtZero: true, title: unit } },
		{ labels: names, indexAxis: "y", interaction: { mode: "nearest", axis: "y", intersect: false },
			tooltip: { callbacks: { label: (i) => ` ${i.dataset.label}: ${fmt(i.parsed.x)} ${unit}`,
				footer: (items) => items.length ? String(some[items[0].dataIndex].remark || "").match(/.{1,70}(\s|$)/g) || [] : [] } } });
		const t = rowColumns(some, ["experiment", "case", "published", "measured", "predicted", "error_pct"]);
		const f = figure({ title: unit, make, wide: true, columns: t.columns, rows: t.rows });
		f.querySelector(".plot").style.height = `${some.length * 48 + 100}px`;
		return f;
	});
}

function seedsSection(set, rows) {
	const columns = ["case", ["published", "n"], ["measured", "n"], ["predicted", "n"], "unit", "remark"];
	const cells = rows.map((r) => [`${r.experiment}) ${r.case}`, r.published, r.measured, r.predicted, r.unit, el("td", { class: "wrap" }, String(r.remark || ""))]);
	const sources = [...new Set(rows.map((r) => `${r.experiment}) ${r.source}`))];
	return el("div", {}, table(columns, cells, suiteTitle(set)), el("p", { class: "muted" }, "Published: ", sources.join("; "), "."),
		el("div", { class: "figures" }, seedFigures(rows)));
}

/* Arithmetic over sizes, a column NIC_DIRECTION_gbps for each curve: what a link carries with different NICs on it. */
function columnFigures(rows) {
	const keys = [...new Set(rows.flatMap((r) => Object.keys(r)))], curves = keys.map((k) => /^(.+)_(rx|tx|both)_gbps$/.exec(k)).filter(Boolean);
	if (!rows.every((r) => isNumber(Number(r.size))) || !curves.length) return [];
	return ["rx", "tx", "both"].filter((d) => curves.some((m) => m[2] === d)).map((d) => rowFigure({ rx: "To the host", tx: "From the host", both: "Both ways at once" }[d],
		{ rows }, "size", axisTitle("size"), "Gb/s", [
			{ label: "line rate", kind: "band", hue: ["bound"], y: (r) => r.wire_gbps },
			...curves.filter((m) => m[2] === d).map((m, i) => ({ label: m[1], kind: "line", hue: hue(i), y: (r) => r[m[0]] })),
		], "Gb/s"));
}

/* Rows of sweeps repeat what the runs say: those are not for here. */
function rowsSection(set) {
	const rows = set.rows.filter((r) => r.lane === undefined || r.test !== undefined);
	if (!rows.length) return null;
	if (rows.every((r) => r.case !== undefined && r.published !== undefined)) return seedsSection(set, rows);
	const tests = [...new Set(rows.map((r) => r.test))];
	return el("div", {}, tests.map((test) => {
		const some = rows.filter((r) => r.test === test), known = Object.hasOwn(rowTests, test || "") ? rowTests[test](set, some) : [test || "", columnFigures(some)];
		const t = rowColumns(some);
		return el("section", {}, known[0] ? el("div", { class: "pick" }, el("h3", {}, known[0])) : null,
			known[1].length ? rowGrid(known[1]) : some.length > MANY_ROWS ? folded(plural(some.length, "row"), foldedTable(t.columns, t.rows, suiteTitle(set))) : table(t.columns, t.rows, known[0] || suiteTitle(set)),
			known[1].length && some.length <= 40 ? folded("All rows", table(t.columns, t.rows, known[0])) : null);
	}));
}
