// Makes elements: attributes by name, then what is in them; text is never read as markup.

const SVG = "http://www.w3.org/2000/svg";

export const make = (tag, attributes = {}, ...content) => filled(document.createElement(tag), attributes, content);

export const drawn = (tag, attributes = {}, ...content) =>
  filled(document.createElementNS(SVG, tag), attributes, content);

export function picture(width, height, title, ...content) {
  const drawing = drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, ...content);
  return make("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title }, drawing);
}

export function linked(href, title, ...content) {
  const parts = [drawn("title", {}, title), ...content];
  return href ? drawn("a", { href }, ...parts) : drawn("g", {}, ...parts);
}

export function choice(label, options, chosen, changed) {
  const select = make("select", {}, ...options.map((each) => make("option", { value: each }, each)));
  select.value = chosen;
  select.addEventListener("change", () => changed(select.value));
  return make("label", {}, `${label} `, select);
}

export const short = (text, most) => (text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`);

export const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

function filled(element, attributes, content) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...content.filter((each) => each !== undefined && each !== ""));
  return element;
}
