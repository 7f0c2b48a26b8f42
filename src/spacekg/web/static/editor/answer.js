// Asks, shows how long it took and what came back, in every way that fits it.

import { counted, make } from "./made.js";
import { read } from "./shapes.js";
import { draw as snippets } from "./snippets.js";
import * as table from "./table.js";

const VIEWS = ["chart", "graph", "map", "timeline", "raw"];
const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";
const FILES = { rows: [["CSV", "csv"], ["TSV", "tsv"], ["JSON", "json"]], graph: [["Turtle", "turtle"], ["JSON-LD", "json-ld"], ["N-Triples", "n-triples"]] };

// Gives the answer, or throws: an error with `line` and `column` where the server knows them.
export async function ask(endpoint, query, signal) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: ACCEPT },
    body: query,
    signal,
  });
  const text = await response.text();
  const type = (response.headers.get("Content-Type") ?? "").split(";")[0].trim();
  if (!response.ok) throw problem(text, type, response.status);
  return read(text, type);
}

function problem(text, type, status) {
  if (!type.endsWith("json")) return new Error(`The server answered ${status}.`);
  const { title, detail, line, column } = JSON.parse(text);
  return Object.assign(new Error(detail ?? title ?? `The server answered ${status}.`), { line, column });
}

export async function show(place, { answer, query, endpoint, seconds, words, view, turned }) {
  const graph = answer.type !== "application/sparql-results+json";
  const size = new Blob([answer.text]).size;
  const told = [answer.yes === undefined ? counted(answer.rows.length, graph ? "triple" : "row") : "", `${seconds.toFixed(2)} s`, bytes(size)];
  const panel = make("div", { id: "panel", role: "tabpanel", tabindex: "-1", "aria-label": "Answer" });
  place.replaceChildren(
    make("h2", {}, "Answer"),
    make("p", { class: "soft", role: "status" }, told.filter(Boolean).join(" · ")),
  );
  if (answer.yes === undefined && !answer.rows.length) place.append(make("p", {}, "The answer has no rows."));
  else if (answer.yes !== undefined) place.append(make("p", { class: "yes" }, answer.yes ? "Yes." : "No."));
  else place.append(await tabs(answer, words, panel, view, turned), panel);
  place.append(files(endpoint, query, graph), snippets(endpoint, query, graph));
}

const bytes = (size) => (size < 1000 ? `${size} bytes` : size < 1e6 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`);

async function tabs(answer, words, panel, view, turned) {
  const others = await Promise.all(VIEWS.map(async (name) => [name, await import(`./${name}.js`)]));
  const fitting = [["table", table], ...others].filter(([, each]) => each.fits(answer));
  const buttons = fitting.map(([name, each]) => make("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": "panel", click: () => turn(name) }, each.label));
  const turn = async (name) => {
    for (const button of buttons) {
      button.setAttribute("aria-selected", button.id === `tab-${name}`);
      button.tabIndex = button.id === `tab-${name}` ? 0 : -1;
    }
    panel.replaceChildren();
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    turned(name);
    const inside = make("div");
    panel.append(inside);
    await fitting.find(([each]) => each === name)[1].draw(answer, words, inside);
  };
  const list = make("div", { class: "tabs", role: "tablist", "aria-label": "Ways to show it" }, ...buttons);
  list.addEventListener("keydown", (pressed) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[pressed.key];
    const here = buttons.indexOf(document.activeElement);
    if (!step || here < 0) return;
    const next = buttons[(here + step + buttons.length) % buttons.length];
    next.focus();
    next.click();
  });
  const first = fitting.some(([name]) => name === view) ? view : "table";
  turn(first);
  return list;
}

function files(endpoint, query, graph) {
  const links = FILES[graph ? "graph" : "rows"].map(([name, format]) =>
    make("a", { class: "button", href: `${endpoint}?${new URLSearchParams({ query, format })}`, download: `answer.${{ turtle: "ttl", "json-ld": "jsonld", "n-triples": "nt" }[format] ?? format}` }, name),
  );
  return make("p", { class: "buttons" }, ...links);
}
