// Where it is: points on the outlines of land that Natural Earth drew, served from here.

import { drawn, linked, make, picture } from "./made.js";
import { place as point, places } from "./shapes.js";

const MOST = 2000;
const LAND = new URL("../vendor/land.json", import.meta.url);

export const label = "Map";
export const fits = (answer) => places(answer) !== undefined && answer.rows.some((row) => point(row, places(answer)));

export async function draw(answer, words, place) {
  const columns = places(answer);
  const used = [columns.point, columns.lat, columns.long];
  const rest = answer.columns.filter((column) => !used.includes(column));
  const found = answer.rows.map((row) => ({ row, at: point(row, columns) })).filter((each) => each.at);
  await words.learn(found.slice(0, MOST).flatMap(({ row }) => rest.map((column) => row[column]?.value ?? "")));
  const dots = found.slice(0, MOST).map(({ row, at: [x, y] }) => {
    const terms = rest.map((column) => row[column]).filter(Boolean);
    const title = terms.map((term) => (term.type === "uri" ? words.called(term.value) : term.value)).join(" · ");
    const thing = terms.find((term) => term.type === "uri");
    return linked(thing ? words.address(thing.value) : "", `${title} (${y}°, ${x}°)`,
      drawn("circle", { cx: (x + 180) * 2, cy: (90 - y) * 2, r: 4 }));
  });
  const land = await outlines();
  const left = found.length - dots.length;
  const told = left ? `The first ${MOST} of ${found.length} points are drawn.` : "";
  const drawing = picture(720, 360, "Points on a map of the world", ...[-720, 0, 720].map((x) => drawn("path", { class: "land", d: land, transform: `translate(${x} 0)` })), ...dots);
  place.append(make("figure", { class: "map" }, drawing, make("figcaption", {}, told)));
}

// TopoJSON: arcs of whole numbers, each the step from the one before, scaled and moved.
async function outlines() {
  const response = await fetch(LAND);
  if (!response.ok) return "";
  const { arcs, objects, transform } = await response.json();
  const lines = arcs.map((arc) => {
    let [x, y] = [0, 0];
    return arc.map(([right, up]) => {
      [x, y] = [x + right, y + up];
      return [x * transform.scale[0] + transform.translate[0], y * transform.scale[1] + transform.translate[1]];
    });
  });
  const rings = objects.land.geometries.flatMap((each) => (each.type === "Polygon" ? [each.arcs] : each.arcs)).flat();
  const written = rings.map((ring) => {
    const points = unbroken(ring.flatMap((number) => (number < 0 ? [...lines[~number]].reverse() : lines[number])));
    return `M${points.map(([x, y]) => `${((x + 180) * 2).toFixed(1)} ${((90 - y) * 2).toFixed(1)}`).join("L")}Z`;
  });
  return written.join("");
}

// What crosses the edge of the map goes on beyond it; drawings of the worlds beside it show that part. Only the
// land around the pole goes along the edge.
function unbroken(points) {
  let turned = 0;
  return points.map(([x, y], at) => {
    const step = at && y > -85 ? x - points[at - 1][0] : 0;
    if (Math.abs(step) > 180) turned -= 360 * Math.sign(step);
    return [x + turned, y];
  });
}
