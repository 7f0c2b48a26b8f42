// Completes what is typed: properties, classes, variables, things; and declares the prefix of what was chosen.

import { make, short } from "./made.js";
import { declare } from "./prefixes.js";

const MOST = 40;
const WAIT = 150; // milliseconds after a key before things are asked for
const KEYWORDS = /^(a|select|construct|describe|ask|where|filter|optional|union|minus|bind|values|graph|service|distinct|reduced|from|named|order|group|by|having|limit|offset|prefix|base|as|in|not|exists|count|sum|avg|min|max|sample|str|lang|langmatches|datatype|bound|iri|uri|bnode|rand|abs|ceil|floor|round|concat|strlen|ucase|lcase|contains|strstarts|strends|year|month|day|now|if|coalesce|isiri|isuri|isliteral|regex|replace|substr|undef|true|false|asc|desc)$/i;
const BEFORE = /(?:^|[\s.;,(){}|/^!])((?:[A-Za-z][\w-]*)?:[\w-]*|[?$]\w*|[A-Za-z][\w-]*)$/;

export function complete(editor, words, suggest) {
  const hint = (cm) => hints(cm, editor, words, suggest);
  const show = () =>
    editor.showHint({ hint, completeSingle: false, closeCharacters: /[\s{}();,<>"]/, container: editor.rootEl, extraKeys: { Tab: (_, widget) => widget.pick() } });
  editor.on("inputRead", (_, change) => {
    const found = typed(editor);
    const wanted = found && (found.word.includes(":") || /^[?$]/.test(found.word) || (found.word.length > 2 && !begun(found.word)));
    if (change.origin !== "paste" && wanted && !editor.state.completionActive) show();
  });
  editor.on("keydown", (_, event) => event.key === "Enter" && takeEarly(editor, event));
  return show;
}

// Enter that is pressed while a list is made anew takes at once the first of what is shown that still fits: what is typed
// next would close the list.
function takeEarly(editor, event) {
  const completion = editor.state.completionActive;
  const shown = completion?.widget?.data;
  const found = shown && typed(editor);
  if (!found || found.word === shown.word) return;
  const first = shown.list.findIndex((each) => each.fits(found.word));
  if (first < 0) return;
  event.preventDefault();
  completion.pick({ ...shown, from: found.from, to: found.to }, first);
}

const begun = (word) => "select construct describe where filter optional union minus bind values graph service distinct prefix order group having limit offset exists".split(" ").some((each) => each.startsWith(word.toLowerCase()));

// The word before the cursor, unless it stands in a comment, a text or an IRI.
function typed(editor) {
  const cursor = editor.getCursor();
  const token = editor.getTokenAt(cursor);
  if (/comment/.test(token.type ?? "") || (/string/.test(token.type ?? "") && /^["']/.test(token.string))) return undefined;
  const before = editor.getLine(cursor.line).slice(0, cursor.ch);
  if (/(^|\s)#[^>]*$/.test(before) && !/<[^>]*#[^>]*$/.test(before)) return undefined;
  const found = BEFORE.exec(before);
  const word = found ? found[1] : "";
  return { word, from: { line: cursor.line, ch: cursor.ch - word.length }, to: cursor, before: before.slice(0, before.length - word.length) };
}

async function hints(cm, editor, words, suggest) {
  const found = typed(editor);
  if (!found) return { list: [], from: cm.getCursor(), to: cm.getCursor() };
  const own = editor.getPrefixesFromQuery();
  const list = /^[?$]/.test(found.word) ? variables(editor, found) : await named(editor, words, suggest, found, own);
  // Enter that was pressed while this list was being made, when nothing shown did fit, takes its first.
  const early = cm.state.completionActive?.widget?.picked;
  return { list: early ? list.slice(0, 1) : list, word: found.word, from: found.from, to: found.to };
}

function variables(editor, { word, from }) {
  const text = editor.getValue();
  const here = editor.indexFromPos(from);
  const others = text.slice(0, here) + text.slice(here + word.length);
  const known = [...new Set(others.match(/[?$]\w+/g) ?? [])].filter((each) => each.startsWith(word) && each !== word);
  return known.sort().slice(0, MOST).map((each) => ({ text: each, displayText: each, fits: (typed) => each.startsWith(typed) }));
}

async function named(editor, words, suggest, { word, before, from }, own) {
  await words.known;
  const [prefix, local] = word.includes(":") ? [word.slice(0, word.indexOf(":")), word.slice(word.indexOf(":") + 1)] : ["", word];
  const space = word.includes(":") ? (own[prefix] ?? words.prefixes[prefix]) : undefined;
  if (word.includes(":") && space === undefined) return [];
  const kind = position(editor, before, from);
  const key = local.toLowerCase();
  const near = (term) => {
    const name = (words.spelled(term.iri).split(":")[1] ?? "").toLowerCase();
    const label = term.label.toLowerCase();
    if (name.startsWith(key)) return 0;
    return label.startsWith(key) || label.includes(` ${key}`) ? 1 : name.includes(key) && key.length > 2 ? 2 : 3;
  };
  const ranked = words.terms
    .filter((term) => (space === undefined || (space && term.iri.startsWith(space))) && (kind === "any" || term.kind === kind))
    .map((term) => ({ term, rank: near(term) }))
    .filter(({ rank }) => rank < 3)
    .sort((one, other) => one.rank - other.rank || other.term.uses - one.term.uses);
  const list = ranked.slice(0, MOST).map(({ term }) => chosen(editor, words, own, term.iri, term.label, `${term.kind}, ${term.uses.toLocaleString("en")} uses`));
  const things = `${words.places.base}id/`;
  const wantsThings = space === things || (space === undefined && kind === "any" && local.length > 2 && !KEYWORDS.test(local));
  return wantsThings && suggest && local ? [...list, ...(await asked(editor, words, own, suggest, local, things))] : list;
}

// After `a` stands a class, after a subject a property; elsewhere both may stand.
function position(editor, before, from) {
  const text = editor.getRange({ line: 0, ch: 0 }, from).replace(/#[^\n<>]*$/gm, "");
  if (/(?:^|[\s;{])(?:a|rdf:type)\s+(?:[^\s;.]+\s*,\s*)*$/.test(text)) return "class";
  if (/[;{.]\s*(?:[?$]\w+|[\w-]*:[\w.-]+|<[^<>\s]*>|\[\])\s+$/.test(text) || /;\s*$/.test(text) || /[/|^]\s*$/.test(text)) return "property";
  return "any";
}

let latest = 0;

async function asked(editor, words, own, suggest, text, things) {
  const mine = ++latest;
  await new Promise((resolve) => setTimeout(resolve, WAIT));
  if (mine !== latest) return [];
  const response = await fetch(`${suggest}?limit=12&prefix=${encodeURIComponent(text.replaceAll("-", " "))}`);
  if (!response.ok) return [];
  const { result } = await response.json();
  return result.map((each) => chosen(editor, words, own, things + each.id.split("/").at(-1), each.name, each.description ?? ""));
}

function chosen(editor, words, own, iri, name, told) {
  const curie = words.curie(iri, own);
  const text = curie || `<${iri}>`;
  return {
    text,
    displayText: text,
    fits: (word) => {
      const [space, local] = word.includes(":") ? word.split(":") : ["", word];
      const names = [curie.split(":")[1] ?? "", name].map((each) => each.toLowerCase());
      return (!word.includes(":") || curie.startsWith(`${space}:`)) && names.some((each) => each.includes(local.toLowerCase()));
    },
    render: (element) => element.append(make("b", {}, text), " ", make("span", {}, name), " ", make("small", {}, short(told, 70))),
    hint: (cm, data, self) => {
      cm.replaceRange(self.text, data.from, data.to, "complete");
      const prefix = curie.split(":")[0];
      if (curie && !(prefix in own)) declare(editor, prefix, words.prefixes[prefix]);
    },
  };
}
