/* SPDX-License-Identifier: BSD-2-Clause */
/* Elements and numbers. All text goes in as text, never as markup: what results say is not trusted. */
"use strict";

function el(tag, attributes, ...children) {
	const e = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes || {})) {
		if (name === "on") for (const [event, handler] of Object.entries(value)) e.addEventListener(event, handler);
		else if (value !== undefined && value !== false) e.setAttribute(name, value === true ? "" : value);
	}
	for (const c of children.flat(Infinity)) if (c !== null && c !== undefined) e.append(c);
	return e;
}

/* What a table says of a name that came with the results: "constructor" is none of its entries. */
const lookUp = (table, name) => Object.hasOwn(table, name) ? table[name] : undefined;

const isNumber = (v) => typeof v === "number" && Number.isFinite(v);

/* By digits behind the point: making one takes far longer than using it. */
const formats = [];

/* Four digits that count, no more than two behind the point; large ones with thin spaces. */
function fmt(v, digits) {
	if (!isNumber(v)) return "–";
	if (digits === undefined) digits = Math.abs(v) >= 1000 || Number.isInteger(v) ? 0 : Math.abs(v) < 0.1 && v !== 0 ? 3 : 2;
	formats[digits] ??= new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
	return formats[digits].format(v).replaceAll(",", "\u2009");
}

const pct = (v, digits = 2) => isNumber(v) ? (v > 0 ? "+" : "") + fmt(v, digits) + " %" : "–";
const plural = (n, word) => `${fmt(n)} ${word}${n === 1 ? "" : "s"}`;

function cell(v, tag = "td") {
	if (v instanceof Node) return el(tag, {}, v);
	if (isNumber(v)) return el(tag, { class: "n" }, fmt(v));
	const text = v === null || v === undefined ? "–" : typeof v === "object" ? JSON.stringify(v) : String(v);
	return el(tag, { class: text.length > 60 ? "wrap" : undefined }, text);
}

/* columns: names, or [name, "n"] for numbers; rows: arrays of cells, which may be elements of their own */
function table(columns, rows, caption) {
	const head = columns.map((c) => Array.isArray(c) ? el("th", { scope: "col", class: "n" }, c[0]) : el("th", { scope: "col" }, c));
	const body = rows.map((r) => el("tr", {}, r.map((v, i) => {
		if (v instanceof HTMLTableCellElement) return v;
		const c = cell(v, i ? "td" : "th");
		if (!i) c.setAttribute("scope", "row");
		if (Array.isArray(columns[i])) c.classList.add("n");
		return c;
	})));
	return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
		el("table", {}, columns.some((c) => c !== "") ? el("thead", {}, el("tr", {}, head)) : null, el("tbody", {}, body)));
}

/* Content that is a function is made when it is first looked at. */
function folded(title, ...content) {
	const d = el("details", {}, el("summary", {}, title), ...content.filter((c) => typeof c !== "function"));
	const late = content.filter((c) => typeof c === "function");
	if (late.length) d.addEventListener("toggle", () => d.append(...late.splice(0).map((make) => make())));
	return d;
}

const MANY_ROWS = 100;

/* A table for folded(): one of many rows takes the browser longer than all the rest of the page. */
const foldedTable = (columns, rows, caption) => rows.length > MANY_ROWS ? () => table(columns, rows, caption) : table(columns, rows, caption);
