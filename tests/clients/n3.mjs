// node n3.mjs FOLDER FILE MEDIA_TYPE: reads a file of RDF with N3.js and prints its quads as N-Quads.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, file, format] = process.argv.slice(2);
const { Parser, Writer } = createRequire(`${folder}/package.json`)("n3");
const quads = new Parser({ format }).parse(readFileSync(file, "utf8"));
const writer = new Writer(process.stdout, { end: false, format: "application/n-quads" });
writer.addQuads(quads);
writer.end();
