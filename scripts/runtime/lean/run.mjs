/**
 * Run a lean file under Node, as the worker does, over many requests.
 *
 *     node run.mjs FILE.wasm RUN.json OUT.json
 *
 * RUN.json: {"model": text, "requests": [text], "attached": {mark in a request: what it stands for}, "offsets": values of the globals it imports, "fresh": the numbers of
 * requests after which to start anew, in turn, "watch": [[name, start, length]]}. OUT.json: the answers (null where it stopped), the requests
 * by what stopped them, and each watched part of the memory as the places that are not zero, joined over all starts.
 */
import { readFileSync, writeFileSync } from "node:fs";

const [wasm, run, out] = process.argv.slice(2);
const job = JSON.parse(readFileSync(run, "utf8"));
const module = new WebAssembly.Module(readFileSync(wasm));
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const seen = new Map((job.watch ?? []).map((/** @type {[string, number, number]} */ [name, , length]) => [name, new Uint8Array(length)]));

/** Start the image: instantiating it is having started. */
function start() {
  /** @type {any} */
  let exports;
  const allowed = {
    _Py_CheckEmscriptenSignals_Helper: () => 0,
    _PyEM_TrampolineCall_JS: (/** @type {number} */ at, /** @type {number[]} */ ...rest) =>
      exports.__indirect_function_table.get(at)(...rest),
  };
  /** @type {any} */
  const imports = {};
  for (const { module: space, name, kind } of WebAssembly.Module.imports(module)) {
    const owner = (imports[space] ??= {});
    if (kind === "global") owner[name] = new WebAssembly.Global({ value: "i32", mutable: true }, job.offsets[`${space}.${name}`]);
    else owner[name] = (/** @type {any[]} */ ...rest) => {
      if (!(name in allowed)) throw new Error(`import ${name}`);
      return /** @type {any} */ (allowed)[name](...rest);
    };
  }
  exports = new WebAssembly.Instance(module, imports).exports;
  return exports;
}

/**
 * @param {any} python
 * @param {string} text
 */
function ask(python, text) {
  const bytes = encoder.encode(text);
  const place = python.malloc(bytes.length + 8);
  new Uint8Array(python.memory.buffer).set(bytes, place);
  const given = python.PyUnicode_FromStringAndSize(place, bytes.length);
  const result = given && python.PyObject_CallOneArg(python.entry.value, given);
  if (!result) throw new Error("Python raised");
  const start = python.PyUnicode_AsUTF8AndSize(result, place);
  if (!start) throw new Error("not text");
  const size = new DataView(python.memory.buffer).getUint32(place, true);
  const answer = decoder.decode(new Uint8Array(python.memory.buffer, start, size));
  python.Py_DecRef(given);
  python.Py_DecRef(result);
  python.free(place);
  return answer;
}

function begin() {
  const python = start();
  ask(python, `=${job.model}`);
  return python;
}

/** @param {any} python */
function note(python) {
  for (const [name, from, length] of job.watch ?? []) {
    const now = new Uint8Array(python.memory.buffer, from, length);
    const all = seen.get(name);
    for (let i = 0; i < length; i += 1) if (now[i]) all[i] = 1;
  }
}

const answers = [];
/** @type {Record<string, string[]>} */
const stopped = {};
let python = begin();
let used = 0;
let turn = 0;
const began = performance.now();
for (const request of job.requests) {
  used += 1;
  try {
    answers.push(ask(python, `?${Object.entries(job.attached).reduce((text, [mark, content]) => text.replaceAll(mark, () => content), request)}`));
  } catch (error) {
    answers.push(null);
    const reason = String(error instanceof Error ? error.message : error);
    (stopped[reason] ??= []).push(request);
    note(python);
    python = begin();
    used = 0;
  }
  if (used >= job.fresh[turn % job.fresh.length]) {
    note(python);
    python = begin();
    used = 0;
    turn += 1;
  }
}
const ms = performance.now() - began;
note(python);
const watched = Object.fromEntries([...seen].map(([name, all]) => [name, [...all.keys()].filter((at) => all[at])]));
writeFileSync(out, JSON.stringify({ answers, stopped, watched, ms }));
process.stdout.write("{}\n");
