/* SPDX-License-Identifier: BSD-2-Clause */
/* The section of a suite. */
"use strict";

const DROPS_SHOWN = 24, HEAT_SHOWN = 60;

/* Utilisation of all runs: measured above, predicted below it; what limits is framed. */
function heatTable(points) {
	const known = points.filter((p) => p.stations && Object.keys(p.stations).length);
	if (!known.length) return null;
	const keys = [...stationLabels.keys()].filter((k) => known.some((p) => p.stations[k]));
	const bar = (v, kind) => el("div", { class: kind }, el("i", { style: `width: ${Math.min(100, Math.max(0, v * 100))}%` }), el("span", {}, isNumber(v) ? fmt(v * 100, 0) : "–"));
	const row = (p) => [p.name, ...keys.map((k) => {
		const s = p.stations[k] || [null, null], limit = p.limits.measured === k, foreseen = !limit && p.limits.predicted === k;
		return el("td", { class: "use" + (limit ? " limit" : foreseen ? " foreseen" : ""), title: `${stationLabel(k)}: measured ${share(s[0])}, predicted ${share(s[1])}` },
			bar(s[0], ""), bar(s[1], "p"));
	})];
	const heat = (some) => el("div", { class: "heat" }, table(["run", ...keys.map(stationLabel)], some.map(row), "Utilisation"));
	const rest = known.slice(HEAT_SHOWN);
	return el("section", {}, el("div", { class: "pick" }, el("h3", {}, "What limits: busy share of every station, %")),
		el("p", { class: "muted" }, "Measured above, predicted below. Framed blue: limits, as measured; framed orange: was predicted to limit instead."),
		heat(known.slice(0, HEAT_SHOWN)), rest.length ? folded(`The other ${plural(rest.length, "run")}`, () => heat(rest)) : null);
}

function dropFigure(points) {
	const lost = (p) => Object.values(p.lanes || {}).reduce((n, l) => n + (l.offered || 0), 0);
	const some = points.filter((p) => p.drops && Object.keys(p.drops).length && lost(p) > 0);
	if (!some.length) return null;
	const causes = [...new Set(some.flatMap((p) => Object.keys(p.drops)))], of = (p, cause) => (p.drops[cause] || 0) / lost(p) * 100;
	const total = (p) => causes.reduce((n, cause) => n + of(p, cause), 0);
	const shown = [...some].sort((a, b) => total(b) - total(a)).slice(0, DROPS_SHOWN);
	const hues = ["orange", "blue", "purple", "green", "bound"];
	const make = (c) => base(c, "bar", causes.map((cause, i) => ({ label: cause, data: shown.map((p) => of(p, cause)), backgroundColor: c[hues[i % hues.length]],
		borderColor: c.card, borderWidth: 1, pointStyle: "rect" })), {
		x: { stacked: true, beginAtZero: true, title: "% of the frames offered" },
		y: Object.assign(nameAxis(c, shown.map((p) => p.name)), { stacked: true }),
	}, { labels: shown.map((p) => p.name), indexAxis: "y", interaction: { mode: "nearest", axis: "y", intersect: false },
		tooltip: { callbacks: { label: (i) => ` ${i.dataset.label}: ${fmt(i.parsed.x)} %, ${plural(shown[i.dataIndex].drops[causes[i.datasetIndex]] || 0, "frame")}` } } });
	const f = figure({ title: "Drops by cause", text: some.length > shown.length ? `The ${shown.length} of ${some.length} runs with most.` : "", make, wide: true,
		columns: ["run", ...causes.map((cause) => [cause, "n"])], rows: some.map((p) => [p.name, ...causes.map((cause) => p.drops[cause] || 0)]) });
	f.querySelector(".plot").style.height = `${shown.length * 30 + 110}px`;
	return el("div", { class: "figures" }, f);
}

/* All runs, all figures. */
function pointsTable(points) {
	const settings = [...new Set(points.flatMap((p) => Object.keys(p.settings)))], named = settings.length ? settings : ["run"];
	const jain = points.some((p) => isNumber(p.jain));
	const head = (p) => settings.length ? settings.map((k) => p.settings[k]) : [p.name];
	const rows = () => points.flatMap((p) => {
		if (!p.lanes || !Object.keys(p.lanes).length)
			return [[...head(p), el("td", { class: "bad" }, p.status), null, null, null, null, null, null, null, p.error || "", ...(jain ? [null] : []), null]];
		return lanesOf([p]).map((lane) => {
			const l = p.lanes[lane], q = l.latency_ns || l.predicted_latency_ns || {};
			return [...head(p), laneLabel(lane), l.measured_mpps, l.predicted_mpps, l.error_pct, l.measured_gbps, l.loss_pct, q.p50, q.p99, limitsText(p),
				...(jain ? [isNumber(p.jain) ? el("td", { class: "n" }, fmt(p.jain, 4)) : null] : []), p.sim && p.sim.kcycles_per_s];
		});
	});
	const all = () => table([...named, "direction", ["measured Mpps", "n"], ["predicted Mpps", "n"], ["error %", "n"], ["measured Gb/s", "n"],
		["lost %", "n"], ["p50 ns", "n"], ["p99 ns", "n"], "limits", ...(jain ? [["Jain", "n"]] : []), ["kcycles/s", "n"]], rows(), "All runs");
	return folded("All runs of this suite", points.length > MANY_ROWS ? all : all());
}

const titles = { rates: "Rates by frame size and direction", matrix: "Predicted against measured over the matrix", speed: "Simulation speed",
	imix: "Internet mixes", rules: "Masked rules and flow-cache hits", rfc2544: "RFC 2544: throughput, latency, loss, back-to-back",
	latency: "Latency under load", pcie: "What PCIe carries, with different NICs on it (Neugebauer et al., SIGCOMM 2018)", seeds: "Published experiments, predicted and measured", gate: "The gate's runs" };

function suiteTitle(set) {
	if (set.kind === "suite" && set.name === "sweep") return "Sweep over " + set.axes.map((a) => a.name).join(" × ");
	if (set.kind === "suite") return lookUp(titles, set.name) || set.name;
	return set.name === "single runs" ? "Single runs" : `Runs in ${set.name}`;
}

const words = (o) => Object.entries(o || {}).filter(([, v]) => typeof v !== "object").map(([k, v]) => `${k} ${v}`).join(", ");

/* The run that is shown first: one where measurement and prediction disagree, else the one predicted worst. */
function firstRun(set) {
	const worst = (p) => Math.max(0, ...Object.values(p.lanes || {}).map((l) => Math.abs(l.error_pct) || 0));
	const odd = data.disagree.find((d) => d.set === set.label && set.points.some((p) => p.id === d.id));
	if (odd) return set.points.find((p) => p.id === odd.id);
	return set.points.reduce((a, b) => a && worst(a) >= worst(b) ? a : b, null);
}

/* The runs worth showing one by one: of a search, those at line rate and those that its rows name. */
function runsToShow(set) {
	if (!set.rows.length || set.rows[0].test === undefined) return set.points;
	const named = new Set(set.rows.filter((r) => r.test === "throughput" || r.test === "latency").map((r) => r.id));
	return set.points.filter((p) => p.settings.load === "100" || named.has(p.id) || p.status !== "ok");
}

/* A suite with rows of its own draws those; its runs are steps on the way. Lone runs are no series. */
const isSeries = (set) => set.kind === "suite" && !set.rows.some((r) => r.test !== undefined || r.published !== undefined);

function suiteSection(set, id) {
	const points = runsToShow(set), { x, panels } = isSeries(set) ? panelsOf(points) : { x: null, panels: [] };
	const runs = points.filter((p) => p.lanes && Object.keys(p.lanes).length);
	const lone = runs.filter((p) => !panels.some((panel) => panel.points.includes(p)));
	const baseSettings = words(set.base && set.base.base);
	return el("section", { id },
		el("h2", {}, suiteTitle(set)),
		el("p", { class: "muted" }, set.points.length ? plural(set.points.length, "run") : "Arithmetic, no run", baseSettings ? `; all with ${baseSettings}` : "",
			set.run && set.run.command ? el("span", {}, "; made by ", el("code", {}, set.run.command.join(" "))) : ""),
		rowsSection(set),
		panels.length ? rateCurves(panels, x) : null,
		lone.length && (isSeries(set) || set.kind === "runs") && (panels.length === 0 || lone.length < points.length / 2) ? el("div", { class: "figures" }, barFigure(lone)) : null,
		panels.length ? el("div", { class: "figures" }, errorFigure(points, x)) : null,
		panels.length ? latencyCurves(panels, x) : null,
		heatTable(points), dropFigure(points), inspector(set, points, firstRun(set)), set.points.length ? pointsTable(set.points) : null);
}

function guestSection(set, id) {
	const some = set.points.filter((p) => p.figures && Object.keys(p.figures).length);
	if (!some.length) return null;
	const foretold = some.some((p) => p.figures_predicted);
	const guestRows = (p) => Object.entries(p.figures).map(([k, v]) => {
		const said = (p.figures_predicted || {})[k];
		const error = typeof said === "number" && typeof v === "number" && v ? (said / v - 1) * 100 : null;
		return [p.name, k.replaceAll("_", " "), v].concat(foretold ? [said ?? "", error === null ? "" : error.toFixed(2)] : []);
	});
	return el("section", { id }, el("h2", {}, "Linux in QEMU on the card"),
		el("p", { class: "muted" }, "What the guest reached in its own, virtual time: one instruction is a nanosecond."),
		table(["run", "figure", ["value", "n"]].concat(foretold ? [["predicted", "n"], ["error, %", "n"]] : []), some.flatMap(guestRows), "Figures of the guest"));
}
