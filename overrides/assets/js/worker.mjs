/**
 * The worker that runs Python. Started as a module, or as a classic worker where module workers lack: no static import here.
 *
 * Messages are JSON strings. In: {"start": Files}, then {"ask": number, "request": string}, one at a time.
 * Out: {"here": true} once the script runs, {"ready": tier}, {"changing": tier} when that tier has to start before it can answer,
 * {"answer": number, "text": string, "tier": tier}, {"failed": sentence}.
 */

/** @typedef {{url: string, integrity: string}} File */
/** @typedef {{model: File, full: Record<string, File>, lean: Record<string, File> | null}} Files */
/** @typedef {{tier: string, ask: (request: string) => string}} Engine */

const scope = /** @type {any} */ (globalThis);
const NOTHING = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);   // the smallest WebAssembly

/** @type {Files | undefined} */
let files;
/** @type {Promise<Engine> | undefined} */
let engine;

scope.addEventListener("message", async (/** @type {MessageEvent} */ event) => {
  const message = JSON.parse(event.data);
  try {
    if (message.start) {
      files = message.start;
      engine = start(message.start);
      say({ ready: (await engine).tier });
    } else {
      say({ answer: message.ask, ...(await answer(message.request)) });
    }
  } catch (error) {
    say({ failed: String(error) });
  }
});
say({ here: true });

/** @param {object} message */
function say(message) {
  scope.postMessage(JSON.stringify(message));
}

/**
 * Start the smallest engine this browser takes.
 *
 * @param {Files} files
 * @returns {Promise<Engine>}
 */
async function start(files) {
  new WebAssembly.Module(NOTHING);   // refused by a policy? Then nothing is fetched
  if (!files.lean) return startFull(files);
  try {
    return await startLean(files.lean.wasm, files.model);
  } catch {
    return startFull(files);
  }
}

/**
 * Answer a request; what stops the lean engine, the whole one answers, this time and from then on.
 *
 * @param {string} request
 */
async function answer(request) {
  if (!files || !engine) throw new Error("asked before the start");
  const ready = await engine;
  try {
    return { text: ready.ask(request), tier: ready.tier };
  } catch (error) {
    if (ready.tier === "full") throw error;
    say({ changing: "full" });
    engine = startFull(files);
    const whole = await engine;
    return { text: whole.ask(request), tier: whole.tier };
  }
}

/**
 * Start the lean engine: one WebAssembly that holds the started interpreter. It imports nothing, and stops at whatever it lacks.
 *
 * @param {File} wasm
 * @param {File} model
 * @returns {Promise<Engine>}
 */
async function startLean(wasm, model) {
  const [module, text] = await Promise.all([fetchSound(wasm).then(compile), fetchSound(model).then((response) => response.text())]);
  const python = /** @type {any} */ ((await WebAssembly.instantiate(module)).exports);
  call(python, `=${text}`);
  return { tier: "lean", ask: (request) => call(python, `?${request}`) };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const COUNTED = 1 << 20;   // bytes; with a quarter of them WebKit let two hundred MiB gather

/**
 * Call the one Python function of the lean engine: a text in, a text out.
 *
 * @param {any} python
 * @param {string} text
 * @returns {string}
 */
function call(python, text) {
  if (/\p{Surrogate}/u.test(text)) throw new Error("not a text UTF-8 can carry");
  const bytes = encoder.encode(text);
  const place = python.malloc(bytes.length + 8);
  new Uint8Array(python.memory.buffer).set(bytes, place);
  const given = python.PyUnicode_FromStringAndSize(place, bytes.length);
  const result = given && python.PyObject_CallOneArg(python.entry.value, given);
  const start = result && python.PyUnicode_AsUTF8AndSize(result, place);
  if (!start) throw new Error("Python raised an exception");
  const size = new DataView(python.memory.buffer).getUint32(place, true);
  const answer = decoder.decode(new Uint8Array(python.memory.buffer, start, size));
  python.Py_DecRef(given);
  python.Py_DecRef(result);
  python.free(place);
  collect();
  return answer;
}

/**
 * Have past answers let go. WebKit does not count the text that TextDecoder makes: it kept half a MiB for each answer, and looked for what
 * nobody needs only much later. This block it counts; it is never touched, and given back at once where a browser can. Where a phone has
 * none left, the answer stands all the same.
 */
function collect() {
  try {
    /** @type {any} */ (new ArrayBuffer(COUNTED)).transfer?.(0);
  } catch {
    // no block: nothing to give back
  }
}

/**
 * Fetch a file that has not changed since the page was built.
 *
 * @param {File} file
 * @returns {Promise<Response>}
 */
async function fetchSound({ url, integrity }) {
  const response = await fetch(url, { integrity, credentials: "same-origin" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/**
 * Start Pyodide from our own copies. All of them are fetched at once and checked; any other address is refused.
 *
 * @param {Files} files
 * @returns {Promise<Engine>}
 */
async function startFull({ model, full }) {
  const found = new Map(Object.values({ ...full, model }).map((file) => [file.url, fetchSound(file)]));
  const sound = Promise.all(found.values());
  const base = new URL("./", full.wasm.url).href;
  const own = new Map([
    [`${base}pyodide.asm.wasm`, found.get(full.wasm.url)],
    [full.library.url, found.get(full.library.url)],
  ]);
  scope.fetch = (/** @type {RequestInfo} */ input) =>
    own.get(String(input instanceof Request ? input.url : input)) ?? Promise.reject(new TypeError(`not a file of ours: ${input}`));
  if (typeof scope.importScripts === "function") scope.importScripts = refuse;   // Pyodide tries it to tell the kind of worker
  const stopped = watchCompile();
  const load = async (/** @type {File} */ file) => {
    await found.get(file.url);
    return import(file.url);
  };
  const text = async (/** @type {File} */ file) => (await /** @type {Promise<Response>} */ (found.get(file.url))).text();
  const python = (async () => {
    const [loader, module, lock] = await Promise.all([load(full.loader), load(full.module), text(full.lock)]);
    return loader.loadPyodide({
      indexURL: base,
      stdLibURL: full.library.url,
      lockFileContents: lock,
      packageBaseUrl: base,
      createPyodideModule: module.default,
      env: { PYTHONHASHSEED: "0" },
    });
  })();
  const [started] = await Promise.all([Promise.race([python, stopped]), sound]);
  const browser = started.pyimport("decision_tree.guide.browser");
  browser.load(await text(model));
  return { tier: "full", ask: (request) => browser.answer(request) };
}

function refuse() {
  throw new Error("a module is wanted");
}

/**
 * Pyodide waits for ever when its WebAssembly cannot be compiled: return a promise that then fails instead.
 * Where a server gives .wasm another type, or the browser cannot compile while it loads, the whole file is read first.
 *
 * @returns {Promise<never>}
 */
function watchCompile() {
  return new Promise((_, stop) => {
    WebAssembly.instantiateStreaming = async (source, imports) => {
      try {
        const module = await compile(await source);
        return { module, instance: await WebAssembly.instantiate(module, imports) };
      } catch (error) {
        stop(error);
        throw error;
      }
    };
  });
}

const { compileStreaming } = WebAssembly;

/**
 * Compile a response, while it loads where that can be.
 *
 * @param {Response} response
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(response) {
  const typed = (response.headers.get("content-type") ?? "").startsWith("application/wasm");
  if (compileStreaming && typed) return compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
