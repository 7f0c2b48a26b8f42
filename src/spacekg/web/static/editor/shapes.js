// What came back → columns and rows, and what the columns hold, which says how they can be shown.

const LOOKED_AT = 500;
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = /^(integer|decimal|double|float|int|long|short|byte|nonNegativeInteger|positiveInteger|unsigned\w+)$/;
const DATES = /^(date|dateTime|gYear|gYearMonth)$/;
const DAY = /^-?\d{4}(-\d\d(-\d\d.*)?)?$/;
const TIMES = /year|date|day|begin|end|start|launch|landing|founded|decade/i;
const POINT = /^(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)/i;

// An answer is { columns, rows, kinds, text, type, yes }; a row is an object of terms as the JSON results have them.
export function read(text, type) {
  if (type === "application/sparql-results+json") {
    const { head, boolean, results } = JSON.parse(text);
    if (boolean !== undefined) return { columns: [], rows: [], kinds: {}, text, type, yes: boolean };
    return answer(head.vars, results.bindings, text, type);
  }
  return answer(["subject", "predicate", "object"], triples(text), text, type);
}

export function value(row, column) {
  return row[column]?.value ?? "";
}

export function withKind(answer, kind) {
  return answer.columns.filter((column) => answer.kinds[column] === kind);
}

// A point as [longitude, latitude], from one column of WKT or two of numbers; nothing where the numbers are none.
export function place(row, columns) {
  const wkt = POINT.exec(value(row, columns.point));
  const pair = wkt ? [Number(wkt[1]), Number(wkt[2])] : [value(row, columns.long), value(row, columns.lat)].map(parsed);
  return pair.every(Number.isFinite) && Math.abs(pair[0]) <= 180 && Math.abs(pair[1]) <= 90 ? pair : undefined;
}

export function places(answer) {
  const point = withKind(answer, "point")[0];
  const numbers = withKind(answer, "number");
  const lat = numbers.find((name) => /^lat(itude)?$/i.test(name) || /Lat(itude)?$/.test(name));
  const long = numbers.find((name) => /^(lon|long|lng|longitude)$/i.test(name) || /(Lon|Long|Longitude)$/.test(name));
  return point || (lat && long) ? { point, lat, long } : undefined;
}

// A time as a number of years; a day stands where it is in its year.
export function time(text) {
  const found = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(text);
  return found ? Number(found[1]) + ((found[2] ?? 1) - 1) / 12 + ((found[3] ?? 1) - 1) / 372 : NaN;
}

function answer(columns, rows, text, type) {
  const looked = rows.slice(0, LOOKED_AT);
  const kinds = Object.fromEntries(columns.map((column) => [column, kind(column, looked)]));
  return { columns, rows, kinds, text, type };
}

function kind(column, rows) {
  const terms = rows.map((row) => row[column]).filter(Boolean);
  const all = (holds) => terms.length > 0 && terms.every(holds);
  if (all((term) => term.type === "uri")) return "iri";
  if (all((term) => term.type === "bnode")) return "blank";
  if (all((term) => POINT.test(term.value))) return "point";
  if (all((term) => DATES.test(local(term)) && DAY.test(term.value))) return "time";
  if (TIMES.test(column) && all((term) => DAY.test(term.value))) return "time";
  if (all((term) => NUMBERS.test(local(term)) && Number.isFinite(Number(term.value)))) return "number";
  return terms.length ? "text" : "nothing";
}

const local = (term) => (term.datatype?.startsWith(XSD) ? term.datatype.slice(XSD.length) : "");
const parsed = (text) => (text === "" ? NaN : Number(text));

// N-Triples as our server writes them, one a line.
function triples(text) {
  const rows = [];
  for (const line of text.split("\n")) {
    const found = /^(\S+) (\S+) (.*) \.$/.exec(line);
    if (found) rows.push({ subject: term(found[1]), predicate: term(found[2]), object: term(found[3]) });
  }
  return rows;
}

function term(text) {
  if (text.startsWith("<<")) return { type: "triple", value: text };
  if (text.startsWith("<")) return { type: "uri", value: unescaped(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { type: "bnode", value: text.slice(2) };
  const found = /^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/s.exec(text);
  if (!found) return { type: "literal", value: text };
  return { type: "literal", value: unescaped(found[1]), "xml:lang": found[2], datatype: found[3] };
}

const ESCAPES = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };

function unescaped(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs, (_, four, eight, one) =>
    four || eight ? String.fromCodePoint(parseInt(four || eight, 16)) : (ESCAPES[one] ?? one),
  );
}
