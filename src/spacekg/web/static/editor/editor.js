// The form of /sparql becomes an editor: completion, remarks, examples, and answers on the page itself.

import { ask, show } from "./answer.js";
import { complete } from "./completion.js";
import { make } from "./made.js";
import { Remarks } from "./remarks.js";
import { copying } from "./snippets.js";
import { Words } from "./words.js";

const form = document.getElementById("asking");
const field = form.querySelector("textarea");
const place = document.getElementById("answer");
const catalogue = document.querySelector(".catalogue");
const endpoint = form.action;
const words = new Words(form.dataset);

const button = make("button", { class: "button first" }, "Run");
const state = make("span", { class: "soft", role: "status" });
const clock = make("span", { class: "soft", "aria-hidden": "true" });
let running;
let view = "";

// Its own completers ask other hosts.
Yasqe.defaults.autocompleters = [];
const editor = new Yasqe(holder(), {
  value: "",
  consumeShareLink: null,
  createShareableLink: null,
  persistenceId: null,
  resizeable: false,
  showQueryButton: false,
  syntaxErrorCheck: false,
  editorHeight: "auto",
  viewportMargin: Infinity,
  screenReaderLabel: "Query",
  extraKeys: {
    Tab: false,
    "Shift-Tab": false,
    "Ctrl-S": false,
    "Ctrl-Enter": () => run(),
    "Cmd-Enter": () => run(),
    "Ctrl-Space": () => suggestNow(),
  },
});
// Its own check knows SPARQL 1.1 only, and shows a mark where the server's parser says why.
editor.checkSyntax = () => {};
const remarks = new Remarks(editor, form.dataset.lint, (text) => (state.textContent = text));
const suggestNow = complete(editor, words, form.dataset.things);
document.querySelector(".asking").classList.add("edited");
form.addEventListener("submit", (sent) => {
  sent.preventDefault();
  if (running) running.abort();
  else run();
});
// Esc also closes what is offered for completion: seen before the editor sees it, so that only one of both ends.
document.addEventListener("keydown", ({ key }) => key === "Escape" && !editor.state.completionActive && running?.abort(), true);
catalogue?.addEventListener("click", example);
window.addEventListener("hashchange", open);
window.addEventListener("popstate", open);
if (catalogue) catalogue.open = matchMedia("(min-width: 60rem)").matches;
open();

// The address keeps the query behind its #, which browsers do not send: #query=…, and the way its answer is shown.
function open() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const query = asked.get("query");
  view = asked.get("view") ?? "";
  if (query !== null && query === editor.getValue()) return;
  editor.setValue(query ?? (editor.getValue() || field.value));
  if (query !== null) run();
}

function keep() {
  const asked = new URLSearchParams({ query: editor.getValue(), ...(view && view !== "table" ? { view } : {}) });
  history.replaceState(null, "", `#${asked}`);
}

async function run() {
  running?.abort();
  const [query, mine, began] = [editor.getValue(), new AbortController(), performance.now()];
  running = mine;
  words.own = editor.getPrefixesFromQuery();
  keep();
  const seconds = () => (performance.now() - began) / 1000;
  const ticking = setInterval(() => (clock.textContent = `${seconds().toFixed(1)} s`), 100);
  [button.textContent, state.textContent] = ["Stop", "Asking …"];
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(endpoint, query, mine.signal);
    state.textContent = "";
    place.hidden = false;
    const turned = (name) => {
      view = name;
      if (query === editor.getValue()) keep();
    };
    await show(place, { answer, query, endpoint, seconds: seconds(), words, view, turned });
  } catch (error) {
    if (running !== mine) return;
    state.textContent = "";
    place.hidden = false;
    place.replaceChildren(error.name === "AbortError" ? stopped(seconds()) : failed(query, error));
  } finally {
    clearInterval(ticking);
    if (running === mine) {
      [running, button.textContent, clock.textContent] = [undefined, "Run", ""];
      place.removeAttribute("aria-busy");
    }
  }
}

const stopped = (seconds) => make("p", { role: "status" }, `Stopped after ${seconds.toFixed(1)} s; the server stops as well.`);

function failed(query, error) {
  remarks.fail(query, error.message, error.line, error.column);
  return make("p", { class: "wrong", role: "alert" }, error.message);
}

async function example(clicked) {
  const link = clicked.target.closest("a[data-query]");
  if (!link || clicked.ctrlKey || clicked.metaKey || clicked.shiftKey) return;
  clicked.preventDefault();
  const response = await fetch(link.dataset.query);
  if (!response.ok) return location.assign(link.href);
  view = "";
  editor.setValue(await response.text());
  for (const each of catalogue.querySelectorAll("[aria-current]")) each.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  if (!matchMedia("(min-width: 60rem)").matches) catalogue.open = false;
  return run();
}

// The box that takes the place of the text field, with its buttons.
function holder() {
  const box = make("div", { class: "box" });
  const share = copying(() => (keep(), location.href), "Copy link");
  field.closest("p").replaceWith(box);
  form.querySelector("label").closest("p").hidden = true;
  const hint = make("span", { class: "soft keys" }, "Ctrl+Enter runs, Ctrl+Space completes");
  form.querySelector(".plain").replaceWith(make("p", { class: "acts" }, button, share, hint, state, clock));
  return box;
}
