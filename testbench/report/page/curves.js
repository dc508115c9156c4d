/* SPDX-License-Identifier: BSD-2-Clause */
/* Curves of a suite: one axis along x, a panel for each combination of the others. */
"use strict";

const PANELS = 9; /* shown at first */
const axisTitles = {
	size: "frame size with FCS, bytes", latency: "host read latency, ns", "read-latency": "host read latency, ns", vfs: "VFs",
	hit: "share of flow-cache hits", rules: "masked rules", load: "offered load, % of line rate", pps: "offered packets/s",
	"clock-mhz": "core clock, MHz", "wire-gbps": "port speed, Gb/s", queues: "queue pairs per function", flows: "flows",
};
const axisTitle = (name) => lookUp(axisTitles, name) || name;

const asNumber = (text) => text === undefined || text.trim() === "" ? NaN : Number(text);

/* Settings that vary, and the one that makes the best x axis: numeric, with the most values. */
function axesOf(points) {
	const values = new Map();
	for (const p of points)
		for (const [k, v] of Object.entries(p.settings)) values.set(k, (values.get(k) || new Set()).add(v));
	let x = null, most = 1;
	for (const [k, set] of values) {
		const n = [...set].filter((v) => Number.isFinite(asNumber(v))).length;
		if (n > most || (n === most && n > 1 && k === "size")) [x, most] = [k, n];
	}
	return { x, others: [...values.keys()].filter((k) => k !== x) };
}

/* Panels of two points or more, in the order in which they come. */
function panelsOf(points) {
	const { x, others } = axesOf(points), panels = new Map();
	if (!x) return { x, panels: [] };
	for (const p of points) {
		if (!p.lanes || !Number.isFinite(asNumber(p.settings[x]))) continue;
		const name = others.filter((k) => p.settings[k] !== undefined).map((k) => `${k} ${p.settings[k]}`).join(", ");
		if (!panels.has(name)) panels.set(name, []);
		panels.get(name).push(p);
	}
	const list = [...panels].filter(([, ps]) => new Set(ps.map((p) => p.settings[x])).size > 1);
	for (const [, ps] of list) ps.sort((a, b) => asNumber(a.settings[x]) - asNumber(b.settings[x]));
	return { x, panels: list.map(([name, ps]) => ({ name, points: ps, lanes: lanesOf(ps) })) };
}

const lanesOf = (points) => Object.keys(laneStyle).filter((l) => points.some((p) => p.lanes && p.lanes[l]));
const gbps = (p, mpps) => isNumber(mpps) && isNumber(p.mean_size) ? mpps * p.mean_size * 8 / 1e3 : NaN;

/* One curve; y(point, lane) is not a number where there is none. */
function curve(panel, x, lane, label, y, style) {
	const data = panel.points.map((p) => ({ x: asNumber(p.settings[x]), y: y(p, p.lanes[lane] || {}), p, lane })).filter((d) => isNumber(d.y));
	return Object.assign({ label, data, borderWidth: 2, pointRadius: 0, pointHitRadius: 8, clip: 8 }, style);
}

/* The model is a line, measurements are marks: where they agree, both are seen. */
function measuredAndPredicted(c, panel, x, what) {
	return panel.lanes.flatMap((lane) => {
		const s = laneStyle[lane], colour = c[s.colour];
		return [
			curve(panel, x, lane, `${s.label}, measured`, (p, l) => what(p, l, "measured"),
				{ borderColor: colour, backgroundColor: c.card, pointStyle: s.point, pointRadius: 5, pointBorderWidth: 2, showLine: false, order: 1 }),
			curve(panel, x, lane, `${s.label}, predicted`, (p, l) => what(p, l, "predicted"),
				{ borderColor: colour, backgroundColor: colour, pointStyle: "line", order: 2 }),
		];
	}).filter((d) => d.data.length);
}

/* What more a tooltip says of a point. */
function aboutPoint(items) {
	const lines = [], seen = new Set();
	for (const { raw } of items) {
		if (!raw.p || seen.has(raw.lane)) continue;
		seen.add(raw.lane);
		const l = raw.p.lanes[raw.lane] || {};
		if (isNumber(l.error_pct)) lines.push(`${laneLabel(raw.lane)}: predicted ${pct(l.error_pct)} of measured`);
		if (l.loss_pct > 0) lines.push(`${laneLabel(raw.lane)}: ${fmt(l.loss_pct)} % of the frames lost`);
	}
	if (items.length && items[0].raw.p) lines.push("limits: " + limitsText(items[0].raw.p));
	return lines;
}

const tooltip = (x, unit) => ({ callbacks: {
	title: (items) => items.length ? `${axisTitle(x)}: ${fmt(items[0].parsed.x)}` : "",
	label: (item) => ` ${item.dataset.label}: ${fmt(item.parsed.y)} ${unit}`,
	footer: aboutPoint,
} });

function rateConfig(c, panel, x, unit) {
	const inGbps = unit === "Gb/s", value = (p, mpps) => inGbps ? gbps(p, mpps) : mpps;
	const sets = measuredAndPredicted(c, panel, x, (p, l, who) => inGbps ? l[who + "_gbps"] : l[who + "_mpps"]);
	const first = panel.lanes[0];
	const bound = (label, key, style) => curve(panel, x, first, label, (p, l) => l[key] > 0 ? value(p, l[key]) : NaN,
		Object.assign({ backgroundColor: c.bound, pointStyle: "line", order: 3 }, style));
	sets.push(bound("line rate", "bound_wire_mpps", { borderColor: faint(c.bound), borderWidth: 9 }),
		bound("PCIe bound", "bound_pcie_mpps", { borderColor: c.bound, borderWidth: 2, borderDash: [2, 4] }));
	const xs = panel.points.map((p) => asNumber(p.settings[x]));
	return base(c, "line", sets.filter((d) => d.data.length), {
		x: numberAxis(xs, axisTitle(x)),
		y: { beginAtZero: true, title: unit === "Gb/s" ? "Gb/s of frames" : unit },
	}, { noLegend: true, tooltip: tooltip(x, unit) });
}

function latencyConfig(c, panel, x) {
	const sets = measuredAndPredicted(c, panel, x, (p, l, who) => ((who === "measured" ? l.latency_ns : l.predicted_latency_ns) || {}).p50);
	for (const lane of panel.lanes)
		sets.push(curve(panel, x, lane, `${laneLabel(lane)}, measured, 99 %`, (p, l) => (l.latency_ns || {}).p99,
			{ borderColor: faint(c[laneStyle[lane].colour]), backgroundColor: c[laneStyle[lane].colour], pointStyle: "line" }));
	const xs = panel.points.map((p) => asNumber(p.settings[x])), ys = sets.flatMap((d) => d.data.map((v) => v.y)).filter((v) => v > 0);
	const log = Math.max(...ys) / Math.min(...ys) > 12;
	return base(c, "line", sets.filter((d) => d.data.length), {
		x: numberAxis(xs, axisTitle(x)),
		y: log ? { type: "logarithmic", title: "ns", ticks: { callback: logTick } } : { beginAtZero: true, title: "ns" },
	}, { noLegend: true, tooltip: tooltip(x, "ns") });
}

/* 1, 2, 5, 10, ... of a logarithmic scale. */
const logTick = (v) => [1, 2, 5].includes(Number(String(v)[0])) && /^[125]0*$/.test(String(v)) ? fmt(v) : "";

function curveTable(panel, x, cells, names) {
	const columns = [[axisTitle(x), "n"], "direction", ...names.map((n) => [n, "n"])], rows = [];
	for (const p of panel.points)
		for (const lane of panel.lanes)
			if (p.lanes[lane]) rows.push([asNumber(p.settings[x]), laneLabel(lane), ...cells(p, p.lanes[lane])]);
	return { columns, rows };
}

/* What the lines mean, once for all panels. */
function key(lanes, extra) {
	const item = (colour, kind, text) => el("li", {}, el("i", { class: kind, style: `border-color: var(--${colour})` }), text);
	return el("ul", { class: "key" },
		lanes.map((l) => [item(laneStyle[l].colour, "mark " + laneStyle[l].point, `${laneLabel(l)}, measured`), item(laneStyle[l].colour, "", "predicted")]),
		extra.map(([colour, kind, text]) => item(colour, kind, text)));
}

/* Panels of one kind; more of them when asked for. */
function panelGrid(panels, title, make, tableOf) {
	const small = panels.length > 2;
	const grid = el("div", { class: small ? "figures small" : "figures" }), box = el("div", {}, grid);
	const add = (list) => list.map((panel) => {
		const f = figure({ title: panel.name || title, wide: panels.length === 1, make: (c) => make(c, panel), ...tableOf(panel) });
		grid.append(f);
		return f;
	});
	add(panels.slice(0, PANELS));
	if (panels.length > PANELS) {
		const more = el("button", { class: "more", type: "button", on: { click: () => {
			add(panels.slice(PANELS)).forEach((f) => f.plot.draw());
			more.remove();
		} } }, `Show ${panels.length - PANELS} more`);
		box.append(more);
	}
	return box;
}

function rateCurves(panels, x) {
	let unit = x === "size" ? "Gb/s" : "Mpps";
	const box = el("div", {}), draw = () => {
		forget(box);
		box.append(panelGrid(panels, "Rate", (c, panel) => rateConfig(c, panel, x, unit),
			(panel) => curveTable(panel, x, (p, l) => [l.measured_mpps, l.predicted_mpps, l.error_pct, l.measured_gbps, l.bound_wire_mpps, l.bound_pcie_mpps],
				["measured Mpps", "predicted Mpps", "error %", "measured Gb/s", "line rate Mpps", "PCIe bound Mpps"])));
	};
	const buttons = ["Gb/s", "Mpps"].map((u) => el("button", { type: "button", "aria-pressed": String(u === unit), on: { click: (e) => {
		unit = u;
		for (const b of e.target.parentNode.children) b.setAttribute("aria-pressed", String(b === e.target));
		draw();
		plots.filter((p) => box.contains(p.canvas)).forEach((p) => p.draw());
	} } }, u));
	draw();
	return el("section", {}, el("div", { class: "pick" }, el("h3", {}, "Rate"), el("span", { class: "switch", role: "group", "aria-label": "unit" }, buttons)),
		key(lanesOf(panels.flatMap((p) => p.points)), [["bound", "band", "line rate"], ["bound", "dot", "PCIe bound"]]), box);
}

function latencyCurves(panels, x) {
	const some = panels.filter((panel) => panel.points.some((p) => Object.values(p.lanes).some((l) => l.latency_ns)));
	if (!some.length) return null;
	return el("section", {}, el("div", { class: "pick" }, el("h3", {}, "Latency: median, and 99 % of the frames")),
		key(lanesOf(some.flatMap((p) => p.points)), [["muted", "pale", "99 %"]]),
		panelGrid(some, "Latency", (c, panel) => latencyConfig(c, panel, x),
			(panel) => curveTable(panel, x, (p, l) => ["min", "p50", "p99", "max"].map((q) => (l.latency_ns || {})[q]).concat((l.predicted_latency_ns || {}).p50),
				["min ns", "p50 ns", "p99 ns", "max ns", "predicted p50 ns"])));
}

/* Error of every point that has one, along x. */
function errorFigure(points, x) {
	const rows = [], lanes = lanesOf(points), all = points.filter((p) => p.lanes && Number.isFinite(asNumber(p.settings[x])));
	for (const p of all)
		for (const l of lanes)
			if (p.lanes[l] && isNumber(p.lanes[l].error_pct)) rows.push([p.name, laneLabel(l), p.lanes[l].error_pct]);
	if (!rows.length) return null;
	const xs = all.map((p) => asNumber(p.settings[x])), range = [Math.min(...xs), Math.max(...xs)];
	const most = Math.max(2.5, ...rows.map((r) => Math.abs(r[2]))) * 1.1;
	const make = (c) => {
		const sets = lanes.map((lane) => ({
			type: "scatter", label: laneLabel(lane), pointStyle: laneStyle[lane].point, pointRadius: all.length > 80 ? 3 : 5,
			backgroundColor: c[laneStyle[lane].colour] + "bb", borderColor: c[laneStyle[lane].colour],
			data: all.filter((p) => p.lanes[lane] && isNumber(p.lanes[lane].error_pct)).map((p) => ({ x: asNumber(p.settings[x]), y: p.lanes[lane].error_pct, p, lane })),
		}));
		for (const y of [-2, 2])
			sets.push({ type: "line", label: "", data: range.map((v) => ({ x: v, y })), borderColor: c.bound, borderWidth: 1,
				borderDash: [3, 4], pointRadius: 0, pointHitRadius: 0 });
		const config = base(c, "scatter", sets, {
			x: numberAxis(xs, axisTitle(x)),
			y: { min: -most, max: most, title: "% of measured", ticks: { callback: (v) => pct(v, 1) } },
		}, { interaction: { mode: "nearest", intersect: true }, tooltip: { callbacks: {
			title: (items) => items.length && items[0].raw.p ? items[0].raw.p.name : "",
			label: (item) => ` ${item.dataset.label}: ${pct(item.parsed.y)}`,
			footer: (items) => items.length && items[0].raw.p ? ["limits: " + limitsText(items[0].raw.p)] : [],
		} } });
		config.options.plugins.legend.labels.filter = (item) => item.text !== "";
		return config;
	};
	return figure({ title: "Error of the prediction", text: "Predicted minus measured, of every rate; the dotted lines are 2 %.", make, wide: true,
		columns: ["run", "direction", ["error %", "n"]], rows });
}

/* Runs that no axis orders: a bar each. */
function barFigure(points) {
	const rows = points.filter((p) => p.lanes).flatMap((p) => lanesOf([p]).map((lane) => ({ p, lane, l: p.lanes[lane] })));
	if (!rows.length) return null;
	const unit = (l, who) => l[who + "_gbps"], names = rows.map((r) => `${r.p.name} · ${r.lane}`);
	const make = (c) => base(c, "bar", [
		{ label: "measured", data: rows.map((r) => unit(r.l, "measured")), backgroundColor: c.blue, borderRadius: 3, pointStyle: "rect" },
		{ label: "predicted", data: rows.map((r) => unit(r.l, "predicted")), backgroundColor: "transparent", borderColor: c.orange, borderWidth: 2,
			borderRadius: 3, pointStyle: "rect" },
	], {
		y: nameAxis(c, names),
		x: { beginAtZero: true, title: "Gb/s of frames" },
	}, { labels: names, indexAxis: "y", interaction: { mode: "nearest", axis: "y", intersect: false },
		tooltip: { callbacks: { label: (i) => ` ${i.dataset.label}: ${fmt(i.parsed.x)} Gb/s`,
			footer: (items) => items.length ? ["limits: " + limitsText(rows[items[0].dataIndex].p)] : [] } } });
	const f = figure({ title: "Rate of each run", make, wide: true, columns: ["run", "direction", ["measured Gb/s", "n"], ["predicted Gb/s", "n"], ["measured Mpps", "n"], ["error %", "n"]],
		rows: rows.map((r) => [r.p.name, laneLabel(r.lane), r.l.measured_gbps, r.l.predicted_gbps, r.l.measured_mpps, r.l.error_pct]) });
	f.querySelector(".plot").style.height = `${Math.max(180, rows.length * 34 + 90)}px`;
	return f;
}
