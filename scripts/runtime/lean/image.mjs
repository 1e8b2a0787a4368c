/**
 * Start a bare interpreter, import the engine, and write down its memory: instantiating the image is then having started.
 *
 *     node image.mjs PYODIDE_FOLDER LIBRARY.zip inside/image.py OUT_FOLDER
 *
 * Pyodide's own JavaScript sets the interpreter up, but its `main` never runs: this is plain CPython, with no proxy of JavaScript
 * in its memory. Clocks and random numbers stand still, and it learns neither the folder nor the time zone of the machine, so that
 * two builds are equal.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, library, program, out] = process.argv.slice(2).map((argument) => resolve(argument));
process.env.TZ = "UTC";
globalThis.Date = /** @type {any} */ (
  class extends Date {
    constructor(/** @type {any} */ given = 0) {
      super(given);
    }
    static now() {
      return 0;
    }
  }
);
const { default: createModule } = await import(pathToFileURL(`${pyodide}/pyodide.asm.mjs`).href);
const STACK = 1 << 20;      // as much below the pointer is used by nobody, and may hold what is left of earlier calls
const runtimeEnv = { IN_NODE: true, IN_NODE_ESM: true, IN_BROWSER: false, IN_NODE_COMMONJS: false };

/** @type {any} */
let given;
/** @type {WebAssembly.ModuleImportDescriptor[]} */
let wanted = [];
/** @type {WebAssembly.Exports} */
let exported = {};
const still = {
  random_get: (/** @type {number} */ at, /** @type {number} */ length) => (python.HEAPU8.fill(7, at, at + length), 0),
  clock_time_get: (/** @type {number} */ _clock, /** @type {bigint} */ _precision, /** @type {number} */ at) => {
    python.HEAPU8.fill(0, at, at + 8);
    return 0;
  },
  emscripten_get_now: () => 0,
  emscripten_date_now: () => 0,
};

/** @type {any} */
const python = {
  API: { config: { env: {}, jsglobals: globalThis }, runtimeEnv, lockFilePromise: new Promise(() => {}) },
  noInitialRun: true,
  thisProgram: "python",
  runtimeEnv,
  preRun: [
    (/** @type {any} */ module) => {
      module.FS.mkdirTree("/lib/python3.14/lib-dynload");
      module.FS.writeFile("/lib/python314.zip", readFileSync(library));
      Object.assign(module.ENV, { PYTHONHOME: "/", PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", LANG: "C.UTF-8" });
    },
  ],
  instantiateWasm(/** @type {any} */ imports, /** @type {any} */ receive) {
    for (const [name, stub] of Object.entries(still)) {
      const owner = name in imports.env ? imports.env : imports.wasi_snapshot_preview1;
      owner[name] = stub;
    }
    imports.env.Jsv_GetError_import = () => null;
    imports.env.JsvError_Check = () => 0;
    given = imports;
    const module = new WebAssembly.Module(readFileSync(`${pyodide}/pyodide.asm.wasm`));
    const instance = new WebAssembly.Instance(module, imports);
    wanted = WebAssembly.Module.imports(module);
    exported = instance.exports;
    receive(instance, module);
    return {};
  },
};
const started = await createModule(python);
started._Py_InitializeEx(0);
if (started._PyRun_SimpleString(started.stringToNewUTF8(readFileSync(program, "utf8")))) throw new Error(`${program} failed`);
const main = started._PyImport_AddModule(started.stringToNewUTF8("__main__"));
const entry = started._PyObject_GetAttrString(main, started.stringToNewUTF8("entry"));

// Without its trampoline the interpreter asks JavaScript to call functions that take fewer arguments; the lean file answers itself.
const offset = started.HEAP32[started.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >> 2];
started.HEAP32[(started.__PyRuntime + offset) >> 2] = 0;

const free = clearFreeMemory();
const pointer = started.___stack_pointer.value;
started.HEAPU8.fill(0, pointer - STACK, pointer);

const top = started._sbrk(0);
const values = Object.entries(exported).flatMap(([name, one]) => (one instanceof WebAssembly.Global ? [[name, one.value]] : []));
const offsets = wanted.filter(({ kind }) => kind === "global").map(({ module, name }) => [`${module}.${name}`, given[module][name].value]);
writeFileSync(`${out}/memory.bin`, started.HEAPU8.slice(0, top));
const state = {
  entry, free, globals: Object.fromEntries(values), offsets: Object.fromEntries(offsets),
  python: started.UTF8ToString(started._Py_GetVersion()),
};
process.stdout.write(`${JSON.stringify(state, (_, value) => (typeof value === "bigint" ? Number(value) : value))}\n`);

/**
 * Fill with zeros what is free: it holds nothing, and zeros cost nothing.
 *
 * @returns {[number, number][]} the free places, [start, size]
 */
function clearFreeMemory() {
  const end = started._sbrk(0);
  /** @type {[number, number][]} */
  const taken = [];
  for (let size = 1 << 20; size >= 8; size = size > 256 ? size >> 1 : size - 8) {
    for (;;) {
      const at = started._malloc(size);
      taken.push([at, size]);
      if (at + size > end - 64) break;
      started.HEAPU8.fill(0, at, at + size);
    }
  }
  for (const [at] of taken.reverse()) started._free(at);
  return taken.filter(([at, size]) => at + size <= end - 64);
}
