/**
 * The search page: an index fetched at the first search, results in the page, the query in the fragment.
 */

/**
 * A section of a page: its address, the title of the page, its own heading, its text, the number of a text of law.
 *
 * @typedef {{u: string, t: string, h: string, x: string, n?: string}} Entry
 */

const SHOWN = 15;
const CONTEXT = 70;
/** Under this many results that hold every word, those that hold some follow. */
const FEW = 5;
/** What most people come for stands before the texts of law. */
const ROOMS = [
  ["patients/", 1.5],
  ["guide/", 1.5],
  ["professionnels/", 1.2],
  ["organismes/", 1.2],
  ["droit/", 0.7],
];

/**
 * Fold a word as the index does: no capitals, no accents, no plural.
 *
 * @param {string} word
 * @returns {string}
 */
export function fold(word) {
  const plain = word
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "");
  if (plain.length > 5 && plain.endsWith("aux")) return `${plain.slice(0, -3)}al`;
  if (plain.length > 4 && plain.endsWith("ies")) return `${plain.slice(0, -3)}y`;
  return plain.length > 3 && /[^s][sx]$/.test(plain) ? plain.slice(0, -1) : plain;
}

/**
 * Cut a text into words; article numbers (1110-3) stay whole.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function words(text) {
  return text.match(/\d+(?:-\d+)+|[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * Find the part of a text around the first word that was looked for.
 *
 * @param {string} text
 * @param {Set<string>} found - folded words
 * @returns {{text: string, hit: boolean}[]} pieces, in order
 */
export function snippet(text, found) {
  const pieces = text.split(/([\p{L}\p{N}]+(?:-\d+)*)/u).map((piece) => ({ text: piece, hit: found.has(fold(piece)) }));
  const first = Math.max(0, pieces.findIndex((piece) => piece.hit));
  let from = first;
  for (let room = CONTEXT; from > 0 && room > 0; from -= 1) room -= pieces[from - 1].text.length;
  let to = first;
  for (let room = CONTEXT * 2; to < pieces.length && room > 0; to += 1) room -= pieces[to].text.length;
  const kept = pieces.slice(from, to);
  if (from > 0) kept.unshift({ text: "… ", hit: false });
  if (to < pieces.length) kept.push({ text: " …", hit: false });
  return kept;
}

/**
 * Say how much a page counts, by the room it stands in.
 *
 * @param {string} address
 * @returns {number}
 */
function room(address) {
  const found = ROOMS.find(([start]) => address.startsWith(/** @type {string} */ (start)));
  return found ? /** @type {number} */ (found[1]) : 1;
}

/**
 * Keep the best section of each page.
 *
 * @template {{id: string, terms: string[]}} T
 * @param {T[]} hits - best first
 * @returns {T[]}
 */
function onePerPage(hits) {
  const pages = new Set();
  return hits.filter(({ id }) => {
    const page = id.split("#")[0];
    return !pages.has(page) && pages.add(page);
  });
}

/**
 * Make the searcher of one language.
 *
 * @param {any} MiniSearch
 * @param {{synonyms: Record<string, string[]>, pages: Entry[]}} index
 */
export function searcher(MiniSearch, index) {
  const engine = new MiniSearch({
    fields: ["t", "h", "x", "n"],
    idField: "u",
    tokenize: words,
    processTerm: fold,
  });
  engine.addAll(index.pages);
  const entries = new Map(index.pages.map((entry) => [entry.u, entry]));

  /** @param {string} query */
  return (query) => {
    const typed = words(query).map(fold);
    const others = typed.flatMap((word) => index.synonyms[word] ?? []).map(fold);
    const options = {
      boost: { t: 4, h: 3, n: 12 },
      boostDocument: (/** @type {string} */ address) => room(address),
      prefix: (/** @type {string} */ term) => term.length > 2,
      fuzzy: (/** @type {string} */ term) => (term.length > 5 ? 0.15 : false),
      weights: { fuzzy: 0.2, prefix: 0.5 },
    };
    /** @param {string} word */
    const either = (word) => ({
      combineWith: "OR",
      queries: [word, ...(index.synonyms[word] ?? []).map((other) => ({ queries: [other], boostTerm: () => 0.4 }))],
    });
    const all = { combineWith: "AND", queries: typed.map(either), ...options };
    let hits = typed.length ? engine.search(all) : [];
    if (hits.length < FEW && typed.length > 1) {
      // A whole sentence was typed: after what holds every word, what holds most of them.
      const held = new Set(hits.map((/** @type {{id: string}} */ { id }) => id));
      const some = engine.search({ ...all, combineWith: "OR" });
      hits = [...hits, ...some.filter((/** @type {{id: string}} */ { id }) => !held.has(id))];
    }
    const seen = new Set([...typed, ...others]);
    return onePerPage(hits).map((/** @type {{id: string, terms: string[]}} */ hit) => ({
      entry: /** @type {Entry} */ (entries.get(hit.id)),
      found: new Set([...seen, ...hit.terms]),
    }));
  };
}

/**
 * Let a reader search in this page.
 *
 * @param {HTMLElement} box - `<div data-search data-index>`, as the build wrote it
 */
export function enhance(box) {
  const form = /** @type {HTMLFormElement} */ (box.querySelector("form"));
  const input = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  const count = /** @type {HTMLElement} */ (box.querySelector("[data-count]"));
  const list = /** @type {HTMLElement} */ (box.querySelector("[data-results]"));
  const more = /** @type {HTMLButtonElement} */ (box.querySelector("[data-more]"));
  const root = new URL(box.dataset.root ?? ".", location.href);
  /** @type {Promise<(query: string) => {entry: Entry, found: Set<string>}[]> | undefined} */
  let engine;
  /** @type {{entry: Entry, found: Set<string>}[]} */
  let hits = [];

  const start = () => {
    engine ??= Promise.all([
      import("./minisearch.mjs"),
      fetch(box.dataset.index ?? "").then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText)))),
    ]).then(([library, index]) => searcher(library.default, index));
    return engine;
  };

  /** @param {{entry: Entry, found: Set<string>}} hit */
  const item = ({ entry, found }) => {
    const link = Object.assign(document.createElement("a"), { href: new URL(entry.u, root).href });
    link.append(entry.h ? `${entry.t} – ${entry.h}` : entry.t);
    const text = document.createElement("p");
    for (const piece of snippet(entry.x, found)) {
      if (piece.hit) text.append(Object.assign(document.createElement("mark"), { textContent: piece.text }));
      else text.append(piece.text);
    }
    const line = document.createElement("li");
    line.append(link, text);
    return line;
  };

  const showMore = () => {
    const shown = list.children.length;
    list.append(...hits.slice(shown, shown + SHOWN).map(item));
    more.hidden = list.children.length >= hits.length;
    if (shown) list.children[shown]?.querySelector("a")?.focus();
  };

  const search = async () => {
    const query = input.value.trim();
    history.replaceState(history.state, "", query ? `#q=${encodeURIComponent(query)}` : location.pathname);
    if (!query) {
      hits = [];
      list.replaceChildren();
      count.textContent = "";
      more.hidden = true;
      return;
    }
    if (!engine) count.textContent = box.dataset.loading ?? "";
    try {
      hits = (await start())(query);
    } catch {
      engine = undefined;
      count.textContent = box.dataset.failed ?? "";
      return;
    }
    if (query !== input.value.trim()) return;
    const words = hits.length > 1 ? box.dataset.many : hits.length ? box.dataset.one : box.dataset.none;
    count.textContent = (words ?? "").replace("{count}", String(hits.length)).replace("{query}", query);
    list.replaceChildren();
    showMore();
  };

  const fromFragment = () => {
    const query = new URLSearchParams(location.hash.slice(1)).get("q");
    if (query === null || query === input.value.trim()) return;
    input.value = query;
    search();
  };

  let pause = 0;
  input.addEventListener("focus", () => void start().catch(() => (engine = undefined)), { once: true });
  input.addEventListener("input", () => {
    clearTimeout(pause);
    pause = window.setTimeout(search, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(pause);
    search();
  });
  more.addEventListener("click", showMore);
  window.addEventListener("hashchange", fromFragment);
  form.hidden = false;
  fromFragment();
}

for (const box of document.querySelectorAll("[data-search]")) enhance(/** @type {HTMLElement} */ (box));
