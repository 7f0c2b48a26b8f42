// Who is linked to whom: two columns of IRIs, or the triples of a graph, as dots and lines.

import { choice, drawn, linked, make, picture, short } from "./made.js";
import { value, withKind } from "./shapes.js";

const MOST = 80; // dots
const [WIDTH, HEIGHT, TURNS] = [760, 560, 200];

export const label = "Graph";
export const fits = (answer) => ends(answer).length > 1 && answer.rows.some((row) => tied(row, ends(answer)));

const triples = (answer) => answer.type !== "application/sparql-results+json";
const ends = (answer) => (triples(answer) ? ["subject", "object"] : withKind(answer, "iri"));
const tied = (row, [from, to]) => row[from]?.type === "uri" && row[to]?.type === "uri";

export async function draw(answer, words, place) {
  const columns = ends(answer);
  const chosen = { from: columns[0], to: columns[1] };
  const drawing = make("div");
  const write = async () => {
    const found = read(answer, chosen);
    await words.learn(found.names);
    drawing.replaceChildren(network(found, words));
  };
  if (columns.length > 2) {
    place.append(
      make("p", { class: "filters" },
        choice("From", columns, chosen.from, (column) => write((chosen.from = column))),
        choice("To", columns, chosen.to, (column) => write((chosen.to = column)))));
  }
  place.append(drawing);
  await write();
}

// The dots with the most lines, and the lines between them.
function read(answer, { from, to }) {
  const lines = new Map();
  for (const row of answer.rows) {
    if (!tied(row, [from, to]) || value(row, from) === value(row, to)) continue;
    const key = `${value(row, from)} ${value(row, to)}`;
    const line = lines.get(key) ?? { from: value(row, from), to: value(row, to), count: 0, how: new Set() };
    if (triples(answer)) line.how.add(value(row, "predicate"));
    line.count += 1;
    lines.set(key, line);
  }
  const degrees = new Map();
  for (const line of lines.values()) for (const end of [line.from, line.to]) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  const names = [...degrees.keys()].sort((one, other) => degrees.get(other) - degrees.get(one)).slice(0, MOST);
  const kept = new Set(names);
  return { names, degrees, lines: [...lines.values()].filter((each) => kept.has(each.from) && kept.has(each.to)) };
}

function network({ names, degrees, lines }, words) {
  const dots = spread(names, lines);
  const parts = lines.map((line) => {
    const [one, other] = [dots.get(line.from), dots.get(line.to)];
    const how = [...line.how].map((iri) => words.called(iri)).join(", ") || "→";
    const path = drawn("path", { d: `M${one.x} ${one.y}L${other.x} ${other.y}`, "stroke-width": Math.min(1 + line.count / 2, 5) });
    path.append(drawn("title", {}, `${words.called(line.from)} ${how} ${words.called(line.to)}`));
    return path;
  });
  for (const name of names) {
    const { x, y } = dots.get(name);
    const start = x < WIDTH / 2;
    parts.push(linked(words.address(name), words.called(name),
      drawn("circle", { cx: x, cy: y, r: Math.min(4 + Math.sqrt(degrees.get(name)), 12) }),
      drawn("text", { x: x + (start ? -11 : 11), y: y + 4, "text-anchor": start ? "end" : "start" }, short(words.called(name), 26))));
  }
  const left = degrees.size - names.length;
  const told = left ? `The ${names.length} things with the most lines are drawn; ${left} have no room.` : "";
  const drawing = picture(WIDTH + 400, HEIGHT, "Who is linked to whom", drawn("g", { transform: "translate(200 0)" }, ...parts));
  drawing.firstChild.setAttribute("class", "network");
  return make("figure", {}, drawing, make("figcaption", {}, told));
}

// Dots push each other away, lines pull; they begin on a ring, so the same answer gives the same drawing.
function spread(names, lines) {
  const at = names.map((_, number) => {
    const turn = (number / names.length) * 2 * Math.PI;
    return { x: Math.cos(turn) * 200, y: Math.sin(turn) * 200 };
  });
  const place = new Map(names.map((name, number) => [name, at[number]]));
  const wide = Math.sqrt((WIDTH * HEIGHT) / (names.length + 1)) * 0.8;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const pushes = at.map(() => ({ x: 0, y: 0 }));
    for (let one = 0; one < at.length; one += 1) {
      for (let other = one + 1; other < at.length; other += 1) {
        const [x, y] = [at[one].x - at[other].x || 0.1, at[one].y - at[other].y || 0.1];
        const push = Math.hypot(x, y) > 3 * wide ? 0 : (wide * wide) / (x * x + y * y);
        pushes[one].x += x * push; pushes[one].y += y * push;
        pushes[other].x -= x * push; pushes[other].y -= y * push;
      }
    }
    const index = new Map(names.map((name, number) => [name, number]));
    for (const line of lines) {
      const [one, other] = [index.get(line.from), index.get(line.to)];
      const [x, y] = [at[one].x - at[other].x, at[one].y - at[other].y];
      const pull = Math.hypot(x, y) / wide;
      pushes[one].x -= x * pull; pushes[one].y -= y * pull;
      pushes[other].x += x * pull; pushes[other].y += y * pull;
    }
    const step = 40 * (1 - turn / TURNS) + 1;
    at.forEach((dot, number) => {
      const long = Math.hypot(pushes[number].x, pushes[number].y) || 1;
      dot.x += (pushes[number].x / long) * Math.min(long, step) - dot.x * 0.03;
      dot.y += (pushes[number].y / long) * Math.min(long, step) - dot.y * 0.03;
    });
  }
  return fitted(place);
}

function fitted(place) {
  const dots = [...place.values()];
  const scale = (axis, room) => {
    const all = dots.map((dot) => dot[axis]);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return (each) => Math.round(30 + ((each - least) / (most - least || 1)) * (room - 60));
  };
  const [x, y] = [scale("x", WIDTH), scale("y", HEIGHT)];
  for (const dot of dots) [dot.x, dot.y] = [x(dot.x), y(dot.y)];
  return place;
}
