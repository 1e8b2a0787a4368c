/**
 * Compile the engine and the standard library it needs, inside Pyodide.
 *
 *     node pack.mjs PYODIDE_FOLDER JOB.json OUT.zip
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, job, out] = process.argv.slice(2).map((argument) => resolve(argument));
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const { sources, entry, model, requests } = JSON.parse(readFileSync(job, "utf8"));
const python = await loadPyodide({ env: { PYTHONHASHSEED: "0" } });

python.FS.mkdirTree("/build");
python.FS.writeFile("/build/pack.py", readFileSync(new URL("inside/pack.py", import.meta.url)));
python.runPython("import sys; sys.path.insert(0, '/build')");
const result = python.pyimport("pack").pack(python.toPy(sources), entry, model, python.toPy(requests));
const found = result.toJs({ dict_converter: Object.fromEntries });
writeFileSync(out, found.zip);
process.stdout.write(`${JSON.stringify({ ...found, zip: undefined, version: python.version })}\n`);
