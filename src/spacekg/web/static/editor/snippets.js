// The query as a program: for a shell, Python and R, with nothing that has to be installed first.

import { make } from "./made.js";

export function draw(endpoint, query, graph) {
  const format = graph ? "turtle" : "csv";
  const written = { curl: curl(endpoint, query, format), Python: python(endpoint, query, graph), R: r(endpoint, query, graph) };
  const parts = Object.entries(written).map(([name, text]) => {
    const code = make("pre", { tabindex: "0", role: "region", "aria-label": `${name} program`, "data-language": name }, text);
    return make("section", {}, make("h3", {}, name), code, copying(() => text));
  });
  return make("details", { class: "snippets" }, make("summary", {}, "The same from a shell, Python or R"), ...parts);
}

export function copying(text, name = "Copy") {
  const button = make("button", { type: "button" }, name);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "The browser does not let pages copy";
    }
    setTimeout(() => (button.textContent = name), 2000);
  });
  return button;
}

const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(endpoint, query, format) {
  return `curl ${shell(endpoint)} --data format=${format} --data-urlencode query=${shell(query)}\n`;
}

function python(endpoint, query, graph) {
  const plain = !query.includes('"""') && !/["\\]$/.test(query) && !query.includes("\\");
  const text = plain ? `"""${query}"""` : JSON.stringify(query);
  const form = `urlencode({"query": query, "format": "${graph ? "turtle" : "csv"}"}).encode()`;
  const read = graph
    ? `    print(answer.read().decode())`
    : `    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8")))\nprint(len(rows), "rows")`;
  return `${graph ? "" : "import csv\nimport io\n"}from urllib.parse import urlencode
from urllib.request import urlopen

query = ${text}
with urlopen("${endpoint}", ${form}) as answer:
${read}
`;
}

function r(endpoint, query, graph) {
  const text = query.includes(')---"') ? JSON.stringify(query) : `r"---(${query})---"`;
  const format = graph ? "turtle" : "csv";
  const address = `address <- paste0("${endpoint}?format=${format}&query=", URLencode(query, reserved = TRUE))`;
  return `query <- ${text}\n${address}\n${graph ? "writeLines(readLines(address))" : "rows <- read.csv(address)"}\n`;
}
