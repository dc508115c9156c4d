/* SPDX-License-Identifier: BSD-2-Clause */
/* One run looked into: what limits, how latency is distributed, who got what. */
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const stationLabels = new Map(data.stations);
const stationLabel = (k) => stationLabels.get(k) || k;
const share = (v) => isNumber(v) ? `${fmt(v * 100, v > 0 && v < 0.01 ? 1 : 0)} %` : "–";

/* "PCIe up 98 %, as predicted", or both */
function limitsText(p) {
	const m = p.limits && p.limits.measured, f = p.limits && p.limits.predicted;
	const busy = (k, side) => p.stations && p.stations[k] && isNumber(p.stations[k][side]) ? ` ${share(p.stations[k][side])}` : "";
	if (!m && p.check) return f ? `not known; predicted: ${stationLabel(f)}${busy(f, 1)}` : "not known";
	if (!m) return f ? `${stationLabel(f)}${busy(f, 1)} (predicted; not measured)` : "not known";
	if (!f) return `${stationLabel(m)}${busy(m, 0)}`;
	return m === f ? `${stationLabel(m)}${busy(m, 0)}, as predicted` : `${stationLabel(m)}${busy(m, 0)}; predicted: ${stationLabel(f)}${busy(f, 1)}`;
}

function stationFigure(p) {
	const keys = [...stationLabels.keys()].filter((k) => p.stations && p.stations[k]);
	if (!keys.length) return null;
	const side = (i) => keys.map((k) => isNumber(p.stations[k][i]) ? p.stations[k][i] * 100 : null);
	const make = (c) => base(c, "bar", [
		{ label: "busy, measured", data: side(0), backgroundColor: c.blue, stack: "m", borderRadius: 2, pointStyle: "rect" },
		{ label: "held up, measured", data: side(2), backgroundColor: faint(c.blue), stack: "m", borderRadius: 2, pointStyle: "rect" },
		{ label: "busy, predicted", data: side(1), backgroundColor: "transparent", borderColor: c.orange, borderWidth: 2, stack: "p", borderRadius: 2, pointStyle: "rect" },
	], {
		x: { min: 0, max: 100, title: "share of the run's cycles, %", stacked: true },
		y: Object.assign(nameAxis(c, keys.map(stationLabel)), { stacked: true }),
	}, { labels: keys.map(stationLabel), indexAxis: "y", interaction: { mode: "nearest", axis: "y", intersect: false },
		tooltip: { callbacks: { label: (i) => ` ${i.dataset.label}: ${fmt(i.parsed.x, 1)} %`,
			footer: (items) => items.length && p.stations[keys[items[0].dataIndex]][3] ? ["mostly by " + stationLabel(p.stations[keys[items[0].dataIndex]][3])] : [] } } });
	const f = figure({ title: "What limits: " + limitsText(p), make,
		columns: ["station", ["measured %", "n"], ["predicted %", "n"], ["held up %", "n"], "mostly by"],
		rows: keys.map((k) => [stationLabel(k), ...[0, 1, 2].map((i) => isNumber(p.stations[k][i]) ? p.stations[k][i] * 100 : null), p.stations[k][3] ? stationLabel(p.stations[k][3]) : ""]) });
	f.querySelector(".plot").style.height = `${keys.length * 30 + 100}px`;
	return f;
}

/* Percentiles stand for a distribution where there is no histogram. */
const percentiles = (q) => q ? [["min", 0], ["p50", 50], ["p99", 99], ["max", 100]].filter(([k]) => isNumber(q[k])).map(([k, y]) => ({ x: q[k], y })) : [];

function latencyFigure(p) {
	const lanes = lanesOf([p]).filter((l) => p.lanes[l].latency_ns || p.lanes[l].cdf);
	if (!lanes.length) return null;
	const measured = (l) => p.lanes[l].cdf && p.lanes[l].cdf.length > 1 ? p.lanes[l].cdf.map(([x, y]) => ({ x, y: y * 100 })) : percentiles(p.lanes[l].latency_ns);
	const make = (c) => {
		const sets = lanes.flatMap((l) => {
			const colour = c[laneStyle[l].colour];
			return [
				{ label: `${laneLabel(l)}, measured`, data: measured(l), borderColor: colour, backgroundColor: colour, borderWidth: 2, pointRadius: 0, pointHitRadius: 6, pointStyle: "line" },
				{ label: `${laneLabel(l)}, predicted`, data: percentiles(p.lanes[l].predicted_latency_ns), borderColor: colour, backgroundColor: colour,
					borderWidth: 2, borderDash: [5, 4], pointRadius: 4, pointStyle: laneStyle[l].point },
			];
		}).filter((d) => d.data.length);
		const xs = sets.flatMap((d) => d.data.map((v) => v.x)).filter((v) => v > 0);
		const config = base(c, "line", sets, {
			x: { type: "logarithmic", title: "latency, ns", min: Math.min(...xs) * 0.9, max: Math.max(...xs) * 1.1, ticks: { callback: logTick, maxRotation: 45 } },
			y: { min: 0, max: 100, title: "share of the frames, %" },
		}, { interaction: { mode: "nearest", intersect: false }, tooltip: { callbacks: {
			title: () => "", label: (i) => ` ${i.dataset.label}: ${fmt(i.parsed.y, 1)} % within ${fmt(i.parsed.x, 0)} ns` } } });
		config.options.plugins.legend.labels.pointStyle = undefined;
		return config;
	};
	return figure({ title: "Latency", text: "Share of the frames that took no longer; predicted: least, 50, 99 % and most.", make,
		columns: ["direction", "", ["min ns", "n"], ["p50 ns", "n"], ["p99 ns", "n"], ["max ns", "n"]],
		rows: lanes.flatMap((l) => [["measured", p.lanes[l].latency_ns], ["predicted", p.lanes[l].predicted_latency_ns]].filter(([, q]) => q)
			.map(([who, q]) => [laneLabel(l), who, q.min, q.p50, q.p99, q.max])) });
}

function perVfFigure(p) {
	if (!p.per_vf) return null;
	const sides = [[1, "wire to host", "blue"], [2, "host to wire", "orange"]].filter(([i]) => p.per_vf.some((v) => v[i] > 0));
	const make = (c) => base(c, "bar", sides.map(([i, label, colour]) => ({ label, data: p.per_vf.map((v) => v[i]), backgroundColor: c[colour],
		pointStyle: "rect", categoryPercentage: 1, barPercentage: p.per_vf.length > 64 ? 1 : 0.85 })), {
		x: { title: "function", grid: { display: false }, ticks: { maxRotation: 0, callback: (v) => p.per_vf[v][0] } }, y: { beginAtZero: true, title: "Gb/s" },
	}, { labels: p.per_vf.map((v) => v[0]) });
	return figure({ title: `Share of each VF: Jain's index ${fmt(p.jain, 4)}`, text: "1 when all get the same.", make, wide: p.per_vf.length > 64,
		columns: ["function", ["wire to host Gb/s", "n"], ["host to wire Gb/s", "n"]], rows: p.per_vf.map((v) => [v[0], v[1], v[2]]) });
}

/* Setting by setting, and what is counted once a run. */
function facts(p) {
	const rows = Object.entries(p.config || {}).map(([k, v]) => [k, v]);
	if (p.check) rows.push(["frames compared", p.check.compared], ["mismatched", p.check.mismatched], ["lost", p.check.lost]);
	for (const [k, v] of Object.entries(p.drops || {})) rows.push([k, v]);
	if (p.sim && isNumber(p.sim.kcycles_per_s)) rows.push(["kcycles/s of wall time", p.sim.kcycles_per_s], ["frames/s of wall time", p.sim.packets_per_wall_s]);
	return folded("Settings, checks and drops of this run", table(["", ""], rows, "Settings of " + p.name));
}

/* What its frames are, by kinds and by flows. */
function frames(p) {
	const f = p.frames;
	if (!f) return null;
	const rows = [], flow = (w) => `${w.src} to ${w.dst}, protocol ${w.proto}` + (w.sport || w.dport ? `, ports ${w.sport} to ${w.dport}` : "");
	const add = (of, counts) => { for (const [k, v] of Object.entries(counts || {})) if (isNumber(v)) rows.push([of, k, v, v / f.frames * 100]); };
	add("type", f.types);
	add("tag", { vlan: f.vlan });
	for (const [key, label] of [["l3", "L3"], ["l4", "L4"], ["tunnels", "tunnel"], ["inner_l3", "inner L3"], ["inner_l4", "inner L4"]]) add(label, f[key]);
	for (const [layer, verdicts] of Object.entries(f.checksums || {})) add(`checksum of ${layer.replace("_", " ")}`, verdicts);
	add("parse error", f.parse_errors);
	add("bytes without FCS", f.sizes);
	for (const w of (f.flows && f.flows.top) || []) rows.push([`flow (of ${f.flows.number}), most bytes first`, flow(w), w.packets, w.packets / f.frames * 100]);
	return folded("What the frames of this run are", table(["", "", ["frames", "n"], ["%", "n"]], rows, "Frames of " + p.name));
}

/* A choice of run, and what is known of it. */
function inspector(set, shown, first) {
	const points = shown.filter((p) => p.lanes && Object.keys(p.lanes).length);
	if (!points.length) return null;
	const box = el("div", {}), id = "run-" + data.sets.indexOf(set);
	const show = (p) => {
		forget(box);
		box.append(el("div", { class: "figures" }, [stationFigure(p), latencyFigure(p), perVfFigure(p)]), frames(p) || "", facts(p));
	};
	const select = el("select", { id, on: { change: () => {
		show(points[select.selectedIndex]);
		plots.filter((p) => box.contains(p.canvas)).forEach((p) => p.draw());
	} } }, points.map((p) => el("option", {}, p.name)));
	select.selectedIndex = Math.max(0, points.indexOf(first));
	show(points[select.selectedIndex]);
	return el("section", {}, el("div", { class: "pick" }, el("h3", {}, el("label", { for: id }, "One run:")), select), box);
}
