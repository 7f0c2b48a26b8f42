// Bars: one column of numbers, one of names.

import { choice, drawn, linked, make, picture, short } from "./made.js";
import { value, withKind } from "./shapes.js";

const MOST = 60;
const [ROW, NAMES, WIDTH] = [24, 230, 760];

export const label = "Chart";
export const fits = (answer) => answer.rows.length > 1 && withKind(answer, "number").length > 0 && answer.columns.length > 1;

export async function draw(answer, words, place) {
  const numbers = withKind(answer, "number");
  const others = answer.columns.filter((column) => !numbers.includes(column));
  const names = others.length ? others : answer.columns;
  const chosen = { name: names.find((column) => answer.kinds[column] === "text") ?? names[0], number: numbers.at(-1) };
  const drawing = make("div");
  const write = () => drawing.replaceChildren(bars(answer, words, chosen));
  place.append(
    make("p", { class: "filters" },
      choice("Names", names, chosen.name, (column) => write((chosen.name = column))),
      choice("Numbers", numbers, chosen.number, (column) => write((chosen.number = column)))),
    drawing,
  );
  await words.learn(answer.rows.slice(0, MOST).map((row) => value(row, chosen.name)));
  write();
}

function bars(answer, words, chosen) {
  const rows = answer.rows.filter((row) => row[chosen.number] && row[chosen.name]).slice(0, MOST);
  const amounts = rows.map((row) => Number(value(row, chosen.number)));
  const [least, most] = [Math.min(0, ...amounts), Math.max(0, ...amounts)];
  const at = (amount) => NAMES + ((amount - least) / (most - least || 1)) * (WIDTH - NAMES - 90);
  const parts = rows.map((row, number) => {
    const [term, amount, y] = [row[chosen.name], amounts[number], 6 + number * ROW];
    const name = term.type === "uri" ? words.called(term.value) : term.value;
    const [from, to] = [at(Math.min(0, amount)), at(Math.max(0, amount))];
    return linked(term.type === "uri" ? words.address(term.value) : "", `${name}: ${amount.toLocaleString("en")}`,
      drawn("text", { x: NAMES - 8, y: y + 15, "text-anchor": "end" }, short(name, 32)),
      drawn("rect", { x: from, y: y + 2, width: Math.max(to - from, 1), height: ROW - 7, rx: 2 }),
      drawn("text", { class: "word", x: to + 6, y: y + 15 }, amount.toLocaleString("en")));
  });
  const told = answer.rows.length > rows.length ? `The first ${rows.length} of ${answer.rows.length} rows are drawn.` : "";
  const title = `${chosen.number} by ${chosen.name}, as bars`;
  return make("figure", { class: "bars" }, picture(WIDTH, rows.length * ROW + 12, title, ...parts), make("figcaption", {}, told));
}
