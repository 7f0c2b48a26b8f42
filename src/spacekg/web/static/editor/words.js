// What IRIs are called: prefixes, classes and properties from /sparql/words, names of things from /lookup.

const MOST = 1000; // things that /lookup answers at once
const PAUSE = 1000; // milliseconds until words are asked for again
const TRIES = 60;
const LOCAL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u;

export class Words {
  constructor(places) {
    this.places = places;
    this.prefixes = {};
    this.own = {}; // those of the query that is shown
    this.terms = [];
    this.names = new Map();
    this.asked = new Set();
    this.known = this.read(); // what is typed before its end waits for it
  }

  // Just after a server began it has not read all of them; then they are asked for again.
  async read() {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      const response = await fetch(this.places.words).catch(() => undefined);
      if (!response?.ok) return;
      const { ready, prefixes, terms } = await response.json();
      this.prefixes = prefixes;
      this.terms = terms.map((term) => ({ ...term, curie: this.curie(term.iri) }));
      for (const term of terms) if (term.label) this.names.set(term.iri, term.label);
      if (ready) return;
    }
  }

  // The shortest spelling: with the longest namespace that fits, among the query's own prefixes first.
  curie(iri, own = this.own) {
    for (const prefixes of [own, this.prefixes]) {
      const fitting = Object.entries(prefixes).filter(([, space]) => space && iri.startsWith(space));
      fitting.sort((one, other) => other[1].length - one[1].length);
      for (const [prefix, space] of fitting) {
        if (LOCAL.test(iri.slice(space.length))) return `${prefix}:${iri.slice(space.length)}`;
      }
    }
    return "";
  }

  spelled(iri) {
    return this.curie(iri) || iri;
  }

  called(iri) {
    return this.names.get(iri) || this.spelled(iri);
  }

  // Our own IRIs lead to their address on this site, all others to themselves; nothing but the web is linked.
  address(iri) {
    if (iri.startsWith(this.places.base)) return this.places.home + iri.slice(this.places.base.length);
    return /^https?:\/\//.test(iri) ? iri : "";
  }

  // Asks what things are called; what cannot be learnt keeps its CURIE.
  async learn(iris) {
    const things = `${this.places.base}id/`;
    const wanted = [...new Set(iris)].filter((iri) => iri.startsWith(things) && !this.asked.has(iri)).slice(0, MOST);
    if (!this.places.lookup || !wanted.length) return;
    wanted.forEach((iri) => this.asked.add(iri));
    const response = await fetch(this.places.lookup, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wanted.map((iri) => ({ iri }))),
    });
    if (!response.ok) return;
    const { answers } = await response.json();
    answers.forEach(({ results }, at) => results.length && this.names.set(wanted[at], results[0].label));
  }
}
