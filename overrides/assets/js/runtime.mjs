/**
 * The page's side of Python: starts the worker, asks it one thing at a time, starts it again after a crash.
 */

/** @typedef {{name: string, integrity: string, bytes: number}} Asset */
/** @typedef {{pyodide: string, model: Record<string, Asset>, full: Record<string, Asset>, lean: Record<string, Asset> | null}} Manifest */
/** @typedef {{folder: string, files: Manifest}} Urls - `folder` ends with a slash and is relative to the page, or absolute */
/** @typedef {{ready: Promise<string>, ask: (request: string, signal?: AbortSignal) => Promise<string>, stop: () => void}} Runner */

const PATIENCE_MS = 20_000;   // for one answer, once Python is ready; the start itself may take as long as the network does
const DRAWN_MS = 100;         // after an answer: what it shows is drawn before anything is worked out ahead

/**
 * Start Python for a locale.
 *
 * A request that crashes the worker is asked once more of a new one, which runs the whole interpreter.
 *
 * @param {Urls} urls
 * @param {string} locale
 * @param {(tier: string) => void} [tell] - hears which tier answers: "lean" or "full"
 * @returns {Runner} `ready` and `ask` fail when Python cannot run here
 */
export function startEngine(urls, locale, tell = () => {}) {
  const files = addresses(urls, locale);
  let running = runWorker(files, tell);
  let turn = Promise.resolve();
  let stopped = false;
  const ready = running.ready.catch((error) => again(error).ready);
  ready.catch(() => {});

  /** @param {unknown} error */
  function again(error) {
    if (stopped || !files.lean) throw error;
    running.stop();
    running = runWorker({ ...files, lean: null }, tell);
    files.lean = null;
    return running;
  }

  /** @param {string} request */
  async function askTwice(request) {
    await ready;
    const first = running;
    try {
      return await first.ask(request);
    } catch (error) {
      if (stopped) throw error;
      running.stop();
      running = runWorker({ ...files, lean: null }, tell);
      await running.ready;
      return running.ask(request);
    }
  }

  return {
    ready,
    ask(request, signal) {
      const mine = turn.then(() => {
        signal?.throwIfAborted();
        return askTwice(request);
      });
      turn = mine.then(() => {}, () => {});
      return signal ? Promise.race([mine, aborted(signal)]) : mine;
    },
    stop() {
      stopped = true;
      running.stop();
    },
  };
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<never>}
 */
function aborted(signal) {
  return new Promise((_, fail) => signal.addEventListener("abort", () => fail(signal.reason), { once: true }));
}

/**
 * Give the worker whole addresses: its own folder is not the page's.
 *
 * @param {Urls} urls
 * @param {string} locale
 */
function addresses({ folder, files }, locale) {
  const base = new URL(folder, document.baseURI);
  const one = (/** @type {Asset} */ { name, integrity }) => ({ url: new URL(name, base).href, integrity });
  const all = (/** @type {Record<string, Asset>} */ assets) =>
    Object.fromEntries(Object.entries(assets).map(([part, asset]) => [part, one(asset)]));
  return { model: one(files.model[locale]), full: all(files.full), lean: files.lean ? all(files.lean) : null };
}

/**
 * Start a worker: as a module, or the old way where a browser knows no modules in workers.
 *
 * @param {WorkerType} type
 * @param {(worker: Worker) => void} take - the worker that counts from now on
 * @param {(said: any) => void} hear
 * @param {(error: unknown) => void} fail
 */
function open(type, take, hear, fail) {
  let here = false;
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type });
  worker.onmessage = ({ data }) => {
    here = true;
    hear(JSON.parse(data));
  };
  worker.onerror = (event) => {
    event.preventDefault();
    worker.terminate();
    if (!here && type === "module") open("classic", take, hear, fail);
    else fail(new Error(event.message || "the worker could not start"));
  };
  take(worker);
}

/**
 * Run one worker until it is stopped or crashes.
 *
 * @param {object} files
 * @param {(tier: string) => void} tell
 */
function runWorker(files, tell) {
  /** @type {Worker} */
  let worker;
  let number = 0;
  /** @type {{done: (text: string) => void, fail: (error: unknown) => void, late: ReturnType<typeof setTimeout>} | undefined} */
  let waiting;
  /** @type {[(tier: string) => void, (error: unknown) => void]} */
  let settle;
  /** @type {Promise<string>} */
  const ready = new Promise((...both) => (settle = both));
  ready.catch(() => {});
  /** @type {unknown} */
  let ended;
  const fail = (/** @type {unknown} */ error) => {
    ended ??= error;
    clearTimeout(waiting?.late);
    settle[1](error);
    waiting?.fail(error);
  };
  const hear = (/** @type {any} */ said) => {
    if (said.ready) settle[0](said.ready);
    if (said.ready ?? said.tier) tell(said.ready ?? said.tier);
    if (said.failed) fail(new Error(said.failed));
    if (said.changing || said.answer === number) clearTimeout(waiting?.late);   // another tier takes what the network takes
    if (said.answer === number) waiting?.done(said.text);
  };
  const take = (/** @type {Worker} */ started) => {
    worker = started;
    worker.postMessage(JSON.stringify({ start: files }));
  };

  try {
    open("module", take, hear, fail);
  } catch (error) {
    fail(error);
  }
  return {
    ready,
    /**
     * @param {string} request
     * @returns {Promise<string>}
     */
    ask(request) {
      if (ended) return Promise.reject(ended);
      number += 1;
      return new Promise((done, failed) => {
        waiting = { done, fail: failed, late: setTimeout(() => failed(new Error("no answer in time")), PATIENCE_MS) };
        worker.postMessage(JSON.stringify({ ask: number, request }));
      });
    },
    stop() {
      worker?.terminate();
      fail(new Error("stopped"));
    },
  };
}

/**
 * Ask ahead: while a person reads, let Python work out what the next request is likely to be.
 *
 * @param {(request: object) => Promise<any>} ask
 */
export function askAhead(ask) {
  /** @type {Map<string, Promise<any>>} - request → its reply, on the way or here */
  let known = new Map();
  let turn = 0;
  return {
    /** @param {object} request - what a person asks: what is only likely waits */
    ask(request) {
      turn += 1;
      return known.get(JSON.stringify(request)) ?? ask(request);
    },
    /** @param {() => object[]} likely - instead of those before; one that fails ends it, and is asked again when it is wanted */
    async look(likely) {
      const mine = ++turn;
      known = new Map();
      await new Promise((done) => setTimeout(done, DRAWN_MS));
      for (const request of mine === turn ? likely() : []) {
        if (mine !== turn) return;
        const key = JSON.stringify(request);
        const reply = ask(request);
        known.set(key, reply);
        if (await reply.then(() => false, () => known.delete(key))) return;
      }
    },
  };
}

/**
 * Call `start` when a part of the page is seen or touched; only when touched where the person saves data.
 *
 * @param {HTMLElement} part
 * @param {() => void} start - called once
 */
export function whenWanted(part, start) {
  const saving = /** @type {any} */ (navigator).connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches;
  const acts = ["pointerdown", "keydown", "focusin", "hashchange"];
  let begun = false;
  const watcher = saving ? null : new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && soon());
  const begin = () => {
    if (begun) return;
    begun = true;
    watcher?.disconnect();
    for (const act of acts) (act === "hashchange" ? window : part).removeEventListener(act, begin);
    start();
  };
  const soon = () => requestAnimationFrame(() => setTimeout(begin));   // after what the person came to see is drawn
  for (const act of acts) (act === "hashchange" ? window : part).addEventListener(act, begin, { passive: true });
  watcher?.observe(part);
}
