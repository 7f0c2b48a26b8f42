// What is wrong in a query, or probably not meant, written below the line it is in.

import { make } from "./made.js";
import { declare } from "./prefixes.js";

const PAUSE = 700; // milliseconds without a key
const WORD = /^(?:<[^<>\s]*>|[\w-]*:[\w.-]*|[?$]?\w+|.)/;

export class Remarks {
  constructor(editor, lint, told) {
    [this.editor, this.lint, this.told, this.lines, this.refused] = [editor, lint, told, [], ""];
    let waiting;
    editor.on("change", () => {
      this.clear();
      clearTimeout(waiting);
      waiting = setTimeout(() => this.check(), PAUSE);
    });
  }

  // Says what the linter finds; nothing of a query that changed meanwhile, or that the server refused.
  async check() {
    const query = this.editor.getValue();
    if (!query.trim() || query === this.refused) return;
    const response = await fetch(this.lint, {
      method: "POST",
      headers: { "Content-Type": "application/sparql-query" },
      body: query,
    });
    if (!response.ok || query !== this.editor.getValue() || query === this.refused) return;
    const { findings } = await response.json();
    this.clear();
    for (const { line, column, message, suggestions } of findings) this.write(line, column, message, "", suggestions);
    const count = findings.length;
    this.told(count ? `${count === 1 ? "One remark" : `${count} remarks`} on the query` : "");
  }

  // Says why a query was refused; the cursor goes where that is.
  fail(query, message, line, column) {
    if (!line || query !== this.editor.getValue()) return;
    this.refused = query;
    this.clear();
    this.write(line, column, message, "bad", []);
    this.editor.setCursor({ line: line - 1, ch: Math.max((column ?? 1) - 1, 0) });
    this.editor.scrollIntoView(null, 40);
  }

  clear() {
    this.lines.forEach((line) => line.clear());
    this.lines = [];
  }

  write(line, column, message, kind, suggestions) {
    const at = Math.min(Math.max((line ?? 1) - 1, 0), this.editor.lineCount() - 1);
    const from = { line: at, ch: (column ?? 1) - 1 };
    const word = WORD.exec(this.editor.getLine(at).slice(from.ch))?.[0] ?? "";
    const to = { line: at, ch: from.ch + word.length };
    const repairs = suggestions.map((text) =>
      make("button", { type: "button", click: () => this.repair(text, from, to) }, text.startsWith("PREFIX") ? "Declare it" : text),
    );
    const element = make("div", { class: `remark ${kind}`, role: "note" }, message, ...repairs);
    this.lines.push(this.editor.addLineWidget(at, element));
    if (word) this.lines.push(this.editor.markText(from, to, { className: kind ? "wrong-here" : "look-here" }));
  }

  repair(text, from, to) {
    const found = /^PREFIX (\S*): <(.*)>$/.exec(text);
    if (found) declare(this.editor, found[1], found[2]);
    else this.editor.replaceRange(text, from, to);
    this.editor.focus();
  }
}
