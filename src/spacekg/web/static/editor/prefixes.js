// Declares a prefix in the query.

// Below the comments that a query begins with: what it asks stays in its first line.
export function declare(editor, prefix, space) {
  let line = 0;
  while (line < editor.lineCount() && /^\s*(#|$)/.test(editor.getLine(line))) line += 1;
  if (line === editor.lineCount()) line = 0;
  editor.replaceRange(`PREFIX ${prefix}: <${space}>\n`, { line, ch: 0 }, { line, ch: 0 }, "complete");
}
