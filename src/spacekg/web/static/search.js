// Suggests names while somebody types in a search box. Without it the box is a plain form that leads to /search.
"use strict";
for (const form of document.querySelectorAll("form[data-suggest]")) {
  const input = form.querySelector("input");
  const list = document.createElement("ul");
  let asked = 0, waiting = 0, chosen = -1;
  list.className = "choices";
  list.id = `${input.id}-choices`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Names");
  form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id],
    ["aria-autocomplete", "list"], ["aria-label", "Search all names"]]) {
    input.setAttribute(name, value);
  }

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    const rows = list.children;
    if (!rows.length) return;
    chosen = (number + rows.length) % rows.length;
    [...rows].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", rows[chosen].id);
  }

  function open(row) {
    location.href = form.dataset.page + encodeURIComponent(row.dataset.id);
  }

  function show(found) {
    close();
    list.replaceChildren(...found.map((each, at) => {
      const row = document.createElement("li"), name = document.createElement("bdi"), about = document.createElement("small");
      row.id = `${list.id}-${at}`;
      row.dataset.id = each.id;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      name.textContent = each.name;
      about.textContent = each.description || (each.notable || []).map((kind) => kind.name || kind).join(", ");
      row.append(name, about);
      row.addEventListener("mousedown", (event) => { event.preventDefault(); open(row); });
      return row;
    }));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
  }

  async function ask() {
    const number = ++asked, prefix = input.value.trim();
    if (!prefix) return close();
    try {
      const answer = await fetch(`${form.dataset.suggest}?limit=8&prefix=${encodeURIComponent(prefix)}`);
      const found = answer.ok ? (await answer.json()).result : [];
      if (number === asked) show(found);
    } catch {
      close(); // the form still works
    }
  }

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 120); });
  input.addEventListener("blur", () => { asked++; close(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask(); else choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      open(list.children[chosen]);
    }
  });
}
