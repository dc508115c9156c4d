/* SPDX-License-Identifier: BSD-2-Clause */
/* The page: what matters first, then a section for each suite. */
"use strict";

const small = (v) => v > 0 && v < 0.005 ? "less than 0.01" : fmt(v, 2);

function lead() {
	const s = data.summary;
	const rates = s.rates ? `The prediction of ${plural(s.rates, "rate")} is off by ${small(s.error_median_pct)} % in the median, 99 of 100 are within ${small(s.error_p99_pct)} %, the worst is ${small(s.error_worst_pct)} % off. ` : "";
	const frames = s.compared ? `${fmt(s.compared)} frames were compared with the reference, ${s.mismatched ? fmt(s.mismatched) : "none"} differed.` : "";
	document.getElementById("lead").textContent = rates + frames || (data.sets.some((x) => x.kind === "guest") ? "Linux ran on the card; no capture was replayed." : "Nothing here was run through the RTL.");
	const r = data.runs, day = (t) => t ? t.replace("T", " ").replace("Z", " UTC") : "";
	document.getElementById("made").textContent = [
		r.contracts.length ? `contract ${r.contracts.join(", ")}` : "", r.commits.length ? `commit ${r.commits.join(", ")}` : "",
		r.tools.filter((t) => t.startsWith("verilator")).join(", "), r.from ? (r.from === r.to ? day(r.from) : `${day(r.from)} to ${day(r.to)}`) : "",
	].filter(Boolean).join(" · ");
}

function say(kind, title, ...content) {
	return el("section", { class: `say ${kind}` }, el("h2", {}, title), ...content);
}

/* First of all: does measurement say what prediction said. */
function limitsAgree() {
	const s = data.summary, d = data.disagree;
	if (!s.limits_known) return null;
	if (!d.length) return say("good", `What limits is what was predicted, in ${s.limits_known === 1 ? "the run" : `all ${fmt(s.limits_known)} runs`}`,
		el("p", {}, "By the RTL's own counters of busy and stalled cycles, station by station."));
	const rows = d.map((x) => [x.name, x.measured, x.predicted, x.set]), columns = ["run", "limits, as measured", "predicted to limit", "suite"];
	const shown = table(columns, rows.slice(0, 5), "Disagreements");
	return say("warn", `Another station limits than was predicted in ${d.length} of ${plural(s.limits_known, "run")}`,
		el("p", {}, "By the RTL's own counters of busy and stalled cycles. Two stations that are both busy over 95 % count as one; runs below any limit do not count."), shown,
		d.length > 5 ? folded(`The other ${d.length - 5}`, foldedTable(columns, rows.slice(5), "Other disagreements")) : null);
}

function failures() {
	if (!data.failed.length) return null;
	const rows = data.failed.map((f) => [f.name, f.status, f.error, f.set]);
	return say("bad", `${plural(data.failed.length, "run")} without a good result`,
		table(["run", "status", "why", "suite"], rows.slice(0, MANY_ROWS), "Runs without a good result"),
		rows.length > MANY_ROWS ? folded(`The other ${fmt(rows.length - MANY_ROWS)}`, () => table(["run", "status", "why", "suite"], rows.slice(MANY_ROWS), "Other runs without a good result")) : null);
}

function tiles() {
	const s = data.summary, alone = data.speed.find((x) => x.set === "speed");
	const speeds = alone ? [alone.kcycles_per_s] : data.speed.map((x) => x.kcycles_per_s).sort((a, b) => a - b);
	const tile = (value, text) => el("div", { class: "tile" }, el("b", {}, value), el("span", {}, text));
	return s.points === 0 ? null : el("div", { class: "tiles" },
		tile(fmt(s.points), `runs, ${s.failed + s.missing + s.unreadable + s.check_failed ? fmt(s.failed + s.missing + s.unreadable + s.check_failed) + " without a good result" : "all good"}`),
		s.rates ? tile(`${s.error_median_pct < 0.005 ? "< 0.01" : fmt(s.error_median_pct, 2)} %`, "median error of a predicted rate") : null,
		s.rates ? tile(`${small(s.error_worst_pct)} %`, "worst error of a predicted rate") : null,
		s.limits_known ? tile(`${fmt(s.limits_known - s.limits_differ)} of ${fmt(s.limits_known)}`, "runs limited by the station predicted") : null,
		s.measured ? tile(fmt(s.mismatched), `of ${fmt(s.compared)} frames differ from the reference`) : null,
		speeds.length ? tile(fmt(speeds[speeds.length >> 1], 0), alone ? "kcycles/s of the RTL on one core" : "kcycles/s of the RTL, median suite") : null);
}

function worst() {
	if (!data.worst.length) return null;
	const rows = data.worst.map((w) => [w.name, w.set, laneLabel(w.lane), w.measured_mpps, w.predicted_mpps, el("td", { class: "n" }, pct(w.error_pct)), w.why]);
	return el("section", { id: "worst" }, el("h2", {}, "Where the prediction is furthest off"),
		table(["run", "suite", "direction", ["measured Mpps", "n"], ["predicted Mpps", "n"], ["error", "n"], "why"], rows, "Largest errors"));
}

function speed() {
	if (!data.speed.length) return null;
	const names = data.speed.map((s) => s.set);
	const make = (c) => base(c, "bar", [{ label: "median", data: data.speed.map((s) => s.kcycles_per_s), backgroundColor: c.blue, borderRadius: 3, pointStyle: "rect" }], {
		x: { beginAtZero: true, title: "kcycles/s of wall time, driver and checks included" }, y: nameAxis(c, names),
	}, { labels: names, indexAxis: "y", noLegend: true, interaction: { mode: "nearest", axis: "y", intersect: false } });
	const f = figure({ title: "Median run of each suite", make, wide: true,
		columns: ["suite", ["runs", "n"], ["least kcycles/s", "n"], ["median", "n"], ["most", "n"], ["frames/s", "n"], ["wall time of all, s", "n"]],
		rows: data.speed.map((s) => [s.set, s.runs, s.kcycles_per_s_min, s.kcycles_per_s, s.kcycles_per_s_max, s.packets_per_wall_s, s.wall_s]) });
	f.querySelector(".plot").style.height = `${names.length * 34 + 90}px`;
	return el("section", { id: "speed" }, el("h2", {}, "Speed of the simulation"),
		el("p", { class: "muted" }, "Of the machine that ran it, with as many runs beside it as were asked for."), el("div", { class: "figures" }, f));
}

function made() {
	const r = data.runs, seeds = [...new Set(data.sets.flatMap((s) => s.points.map((p) => p.config && p.config.seed)).filter((v) => v !== undefined))];
	const rows = [["commits", r.commits.join(", ")], ["contract", r.contracts.join(", ")], ["tools", r.tools.join(", ")], ["RTL build", r.builds.join(", ")],
		["seeds", seeds.join(", ")], ...data.sets.filter((s) => s.run && s.run.command).map((s) => [suiteTitle(s), s.run.command.join(" ")])].filter(([, v]) => v);
	return el("section", { id: "made-with" }, el("h2", {}, "With what this was made"), table(["", ""], rows, "Commits, tools and commands"));
}

/* Suites that answer the first questions come first; the rest as found. */
const order = ["rates", "rfc2544", "matrix", "imix", "rules", "latency", "seeds", "sweep"];
const rank = (set) => set.kind === "guest" ? 98 : set.kind === "runs" ? 99 : (order.indexOf(set.name) + order.length + 1) % (order.length + 1);

function page() {
	const main = document.getElementById("main"), contents = document.getElementById("contents");
	lead();
	const limits = limitsAgree();
	main.append(...(data.disagree.length ? [limits, failures(), tiles()] : [failures(), limits, tiles()]).filter(Boolean));
	const sets = data.sets.map((set, i) => [set, i]).sort(([a], [b]) => rank(a) - rank(b));
	sets.forEach(([set, i]) => {
		const section = set.kind === "guest" ? guestSection(set, `set-${i}`) : suiteSection(set, `set-${i}`);
		if (section) main.append(section);
	});
	main.append(...[trendSection(), worst(), speed(), made()].filter(Boolean));
	for (const s of main.querySelectorAll("section[id]"))
		contents.append(el("a", { href: "#" + s.id }, s.querySelector("h2").textContent));
	drawAll();
}

page();
