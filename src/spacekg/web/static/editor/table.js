// An answer as a table: names with their CURIEs, links, sorting, and more rows when they are wanted.

import { counted, make } from "./made.js";
import { value } from "./shapes.js";

const ROWS = 200; // at once
const CLASSES = { number: "number", time: "day" };

export const label = "Table";
export const fits = (answer) => answer.columns.length > 0;

export function draw(answer, words, place) {
  let rows = answer.rows;
  let shown = ROWS;
  let sorted = { column: "", down: false };
  const body = make("tbody");
  const heads = answer.columns.map((column) => {
    const head = make("th", { scope: "col" });
    head.append(make("button", { type: "button", title: "Sort", click: () => sort(column) }, column));
    return head;
  });
  const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), body);
  const more = make("button", { type: "button", click: () => write((shown += ROWS)) });
  const note = make("span", { class: "soft" });
  place.append(
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Rows" }, table),
    make("p", { class: "more" }, note, " ", more),
  );

  async function write() {
    const visible = rows.slice(0, shown);
    const fill = () => body.replaceChildren(...visible.map((row) => make("tr", {}, ...cells(answer, row, words))));
    fill();
    more.hidden = shown >= rows.length;
    more.textContent = `Show ${Math.min(ROWS, rows.length - shown)} more`;
    note.textContent = more.hidden ? "" : `The first ${counted(shown, "row")} of ${rows.length.toLocaleString("en")} are shown; the files below have all of them.`;
    await words.learn(visible.flatMap((row) => Object.values(row).filter(isIri).map((term) => term.value)));
    fill();
  }

  function sort(column) {
    sorted = { column, down: sorted.column === column && !sorted.down };
    const numbers = answer.kinds[column] === "number";
    const key = (row) => (numbers ? Number(value(row, column)) : named(row[column], words));
    const order = (one, other) => (numbers ? one - other : one.localeCompare(other, "en"));
    rows = [...answer.rows].sort((one, other) => order(key(one), key(other)) * (sorted.down ? -1 : 1));
    heads.forEach((head, at) =>
      answer.columns[at] === column
        ? head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending")
        : head.removeAttribute("aria-sort"),
    );
    write();
  }

  return write();
}

const isIri = (term) => term.type === "uri";
const named = (term, words) => (term ? (isIri(term) ? words.called(term.value) : term.value) : "");

function cells(answer, row, words) {
  return answer.columns.map((column) => {
    const term = row[column];
    return make("td", { class: CLASSES[answer.kinds[column]] }, ...(term ? written(term, words) : []));
  });
}

function written(term, words) {
  if (!isIri(term)) {
    const text = make("bdi", term["xml:lang"] ? { lang: term["xml:lang"] } : {}, plain(term));
    return term["xml:lang"] ? [text, "\u00a0", make("small", { class: "soft" }, term["xml:lang"])] : [text];
  }
  const [name, short, href] = [words.called(term.value), words.spelled(term.value), words.address(term.value)];
  const shown = make("bdi", {}, name);
  const link = href ? make("a", { href, title: term.value }, shown) : shown;
  return name === short ? [link] : [link, " ", make("small", { class: "soft" }, short)];
}

function plain(term) {
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "triple") return typeof term.value === "string" ? term.value : JSON.stringify(term.value);
  return term.value;
}
