// What happened when: a dot for a day, a bar for a time from one column to another.

import { choice, drawn, linked, make, picture, short } from "./made.js";
import { time, value, withKind } from "./shapes.js";

const MOST = 80;
const [ROW, NAMES, WIDTH, TOP] = [22, 230, 760, 30];
const STEPS = [1, 2, 5, 10, 20, 50, 100, 1000];

export const label = "Timeline";
export const fits = (answer) => answer.rows.length > 1 && withKind(answer, "time").length > 0 && answer.columns.length > 1;

export async function draw(answer, words, place) {
  const times = withKind(answer, "time");
  const others = answer.columns.filter((column) => !times.includes(column));
  const names = others.length ? others : answer.columns;
  const chosen = {
    name: names.find((column) => answer.kinds[column] === "text") ?? names[0],
    begin: times[0],
    end: times.find((column, at) => at && /end|land|dissol/i.test(column)) ?? "—",
  };
  const drawing = make("div");
  const write = () => drawing.replaceChildren(spans(answer, words, chosen));
  place.append(
    make("p", { class: "filters" },
      choice("Names", names, chosen.name, (column) => write((chosen.name = column))),
      choice("From", times, chosen.begin, (column) => write((chosen.begin = column))),
      choice("Until", ["—", ...times], chosen.end, (column) => write((chosen.end = column)))),
    drawing,
  );
  await words.learn(answer.rows.slice(0, MOST).map((row) => value(row, chosen.name)));
  write();
}

function spans(answer, words, chosen) {
  const dated = answer.rows.filter((row) => Number.isFinite(time(value(row, chosen.begin))) && row[chosen.name]);
  dated.sort((one, other) => time(value(one, chosen.begin)) - time(value(other, chosen.begin)));
  const rows = dated.slice(0, MOST);
  const ends = rows.map((row) => [time(value(row, chosen.begin)), time(value(row, chosen.end))]);
  const years = ends.flat().filter(Number.isFinite);
  const [first, last] = [Math.floor(Math.min(...years)), Math.floor(Math.max(...years)) + 1];
  const at = (year) => NAMES + 10 + ((year - first) / (last - first)) * (WIDTH - NAMES - 30);
  const height = TOP + rows.length * ROW;
  const step = STEPS.find((each) => (last - first) / each <= 9) ?? 10000;
  const ticks = [];
  for (let year = Math.ceil(first / step) * step; year <= last; year += step) {
    ticks.push(drawn("path", { d: `M${at(year)} 20V${height}` }), drawn("text", { class: "word", x: at(year), y: 14, "text-anchor": "middle" }, `${year}`));
  }
  const parts = rows.map((row, number) => {
    const [term, y, [begin, end]] = [row[chosen.name], TOP + number * ROW, ends[number]];
    const name = term.type === "uri" ? words.called(term.value) : term.value;
    const until = end > begin ? ` to ${value(row, chosen.end)}` : "";
    const mark = until
      ? drawn("rect", { x: at(begin), y: y + 3, width: Math.max(at(end) - at(begin), 3), height: ROW - 9, rx: 2 })
      : drawn("circle", { cx: at(begin), cy: y + 9, r: 5 });
    return linked(term.type === "uri" ? words.address(term.value) : "", `${name}: ${value(row, chosen.begin)}${until}`,
      drawn("text", { x: NAMES - 10, y: y + 14, "text-anchor": "end" }, short(name, 32)), mark);
  });
  const told = dated.length > rows.length ? `The first ${rows.length} of ${dated.length} rows with a time are drawn.` : "";
  return make("figure", { class: "bars" }, picture(WIDTH, height, "Rows in time", ...ticks, ...parts), make("figcaption", {}, told));
}
