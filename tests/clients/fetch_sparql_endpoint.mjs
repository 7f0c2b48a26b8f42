// Asks our endpoint with fetch-sparql-endpoint; prints each row, the truth or each triple as JSON on a line.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const load = createRequire(`${process.argv[2]}/`);
const { SparqlEndpointFetcher } = await import(pathToFileURL(load.resolve("fetch-sparql-endpoint")));
const [endpoint, query, method] = process.argv.slice(3);
const fetcher = new SparqlEndpointFetcher({ method });
const kind = fetcher.getQueryType(query);
if (kind === "ASK") {
  console.log(JSON.stringify(await fetcher.fetchAsk(endpoint, query)));
} else if (kind === "SELECT") {
  const rows = await fetcher.fetchBindings(endpoint, query);
  rows.on("data", (row) => console.log(JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, term]) => [name, term.value])))));
  await new Promise((done, failed) => rows.on("end", done).on("error", failed));
} else {
  const triples = await fetcher.fetchTriples(endpoint, query);
  triples.on("data", (quad) => console.log(JSON.stringify([quad.subject.value, quad.predicate.value, quad.object.value])));
  await new Promise((done, failed) => triples.on("end", done).on("error", failed));
}
