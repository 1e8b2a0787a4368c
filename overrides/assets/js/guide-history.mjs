/**
 * The entries of this page in the browser's history, and what each one shows. No other module of the guide touches `history`.
 *
 * Answers stand in the state of an entry, never in its address: the browser keeps addresses, and offers them to the next person.
 */

/** @typedef {Record<string, string>} Answers - fact → value, as links carry them */
/**
 * What an entry shows: a state of the guide, by answers, by an old link (`fragment`) or by its number; above it, a body that is
 * described or what to do in danger (`about`), or a letter.
 *
 * @typedef {{answers?: Answers, fragment?: string, number?: number, about?: string, letter?: string, days?: Answers,
 *   mark?: string}} Place - `mark`: of the calendar files made from it
 */

const LATE_MS = 2_000;   // one step back takes milliseconds

/** @type {Place} - what is on the screen; the only copy where the browser keeps no state (WebKit, in some frames) */
let here = {};
let address = "";        // the fragment of the entry on the screen
let wiping = false;

/** @type {Map<number, Place> | undefined} - on a shared device, what the entries show: the browser itself keeps no answer */
let memory;

/**
 * Take what the address says into the state of the first entry, and out of the address.
 */
export function begin() {
  address = location.hash;   // this entry was there before us: it makes none
  settle();
}

/** Return what this history entry shows. @returns {Place} */
export function placeHere() {
  return here;
}

/** Return the answers given so far. @returns {Answers} */
export function answersHere() {
  return here.answers ?? {};
}

/** The place of this entry among those the guide made, from 0. */
export function depth() {
  return Number(history.state?.depth ?? 0);
}

/**
 * Show something else in a new entry.
 *
 * @param {Place} place
 */
export function push(place) {
  write("pushState", { ...here.mark && { mark: here.mark }, ...place }, depth() + 1);
}

/**
 * Say better what this entry shows.
 *
 * @param {Place} place
 */
export function replace(place) {
  write("replaceState", place, depth());
}

/** Go back to the entry before. */
export function back() {
  history.back();
}

/**
 * From here on, keep what the entries show in this page alone, and empty those there are; or let the browser keep it again.
 *
 * @param {boolean} alone
 */
export async function keepInPage(alone) {
  const place = here;
  if (alone) await wipe(location.pathname + location.search);
  memory = alone ? new Map() : undefined;
  replace(place);
}

/** Forget what the entries show. */
export function forget() {
  memory?.clear();
  here = {};
}

/**
 * Hear when the person goes to another entry: Back, Forward, an address typed, a link to a place of the page.
 *
 * @param {() => void} moved
 */
export function onMove(moved) {
  window.addEventListener("popstate", () => {
    if (wiping) return;
    settle();
    moved();
  });
}

/**
 * Empty every entry of this page, and end on the first: Back and Forward show nothing of what was done.
 *
 * @param {string} to - the address they get
 * @param {string} [title] - the title they get
 */
export async function wipe(to, title) {
  if (!history.state) return write("replaceState", {}, 0, to);   // no state, no way to tell ours from those of the page around
  wiping = true;
  const entries = behind() + 1;
  history.pushState({ depth: entries }, "", to);   // the steps ahead, that Back left there, are gone
  for (let left = entries; left > 0; left -= 1) {
    const moved = new Promise((done) => window.addEventListener("popstate", () => done(true), { once: true }));
    history.back();
    if (!await Promise.race([moved, new Promise((done) => setTimeout(done, LATE_MS))])) break;
    write("replaceState", {}, left - 1, to);
    if (title !== undefined) {
      document.title = "";   // a browser notes the title of an entry when it changes
      document.title = title;
    }
  }
  wiping = false;
}

/** How many entries of this page lie behind this one: as the browser counts them, else as the guide did. */
function behind() {
  const { navigation } = /** @type {any} */ (globalThis);
  if (!navigation?.currentEntry) return depth();
  /** @type {{sameDocument: boolean}[]} */
  const before = navigation.entries().slice(0, navigation.currentEntry.index).reverse();
  const first = before.findIndex((entry) => !entry.sameDocument);
  return first < 0 ? before.length : first;
}

/** Read the entry the browser has gone to; one it made by itself gets a state, and an address without answers. */
function settle() {
  if (history.state) {
    const { depth: _, id, ...place } = history.state;
    here = id === undefined ? place : memory?.get(id) ?? {};
    address = location.hash;
    return;
  }
  const made = address === location.hash || !address && !location.hash ? 0 : 1;   // a link to the very same place makes no entry
  const found = placeAt(location.hash);
  write("replaceState", found ?? here, depth() + made, found ? undefined : location.href);
}

/**
 * @param {"pushState" | "replaceState"} how
 * @param {Place} place
 * @param {number} deep
 * @param {string} [to]
 */
function write(how, place, deep, to = location.pathname + location.search) {
  here = place;
  const id = memory?.size;
  memory?.set(memory.size, place);
  history[how](id === undefined ? { ...place, depth: deep } : { id, depth: deep }, "", to);
  address = location.hash;
}

/**
 * Return what the fragment of an address shows; undefined for a place in the page that is not the guide's.
 *
 * @param {string} hash
 * @returns {Place | undefined}
 */
export function placeAt(hash) {
  const { days } = here;
  if (hash.startsWith("#v=")) return { fragment: hash.slice(1), answers: answersIn(hash), days };
  const number = Number(/^#n(\d+)$/.exec(hash)?.[1] ?? 0);
  if (number > 1) return { number, days };
  if (number) return { answers: {}, days };
  return /^#(b-|urgent$|all$)/.test(hash) ? { ...here, letter: undefined, about: hash.slice(1) } : undefined;
}

/**
 * Return the answers a fragment carries after the version of the model.
 *
 * @param {string} fragment
 * @returns {Answers}
 */
export function answersIn(fragment) {
  return Object.fromEntries(fragment.split("&").slice(1).map((part) => part.split("=", 2)).filter(([fact, value]) => fact && value));
}

/**
 * Write answers as a link carries them.
 *
 * @param {string | undefined} model - its hash
 * @param {Answers} answers
 */
export function fragmentOf(model, answers) {
  return [`v=${model}`, ...Object.entries(answers).map((entry) => entry.join("="))].join("&");
}
