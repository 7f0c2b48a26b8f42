// Asks our endpoint with Comunica; prints each row as JSON on a line.
import { createRequire } from "node:module";
const load = createRequire(`${process.argv[2]}/`);
const { QueryEngine } = load("@comunica/query-sparql");
const [endpoint, query] = process.argv.slice(3);
const engine = new QueryEngine();
const sources = [{ type: "sparql", value: endpoint }];
const result = await engine.query(query, { sources });
if (result.resultType === "bindings") {
  for (const row of await (await result.execute()).toArray()) {
    console.log(JSON.stringify(Object.fromEntries([...row].map(([name, term]) => [name.value, term.value]))));
  }
} else if (result.resultType === "boolean") {
  console.log(JSON.stringify(await result.execute()));
} else {
  for (const quad of await (await result.execute()).toArray()) {
    console.log(JSON.stringify([quad.subject.value, quad.predicate.value, quad.object.value]));
  }
}
