/**
 * The search page: an index fetched at the first search, results in the page. The words typed stand in the state of the
 * history entry, so that Back finds them again, and never in an address, which the browser keeps.
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
/** Pages shown first because they answer the words, whatever they hold. */
const PINNED = 3;
/** Who speaks of a refusal finds the guide first. */
const REFUSAL = "refu";
const GUIDE = "guide/";
/** Words from which the guide may be told the sentence. */
const SENTENCE = 3;
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
 * What the index holds: pages, words for the same thing, words that say nothing, and the pages that answer some words.
 *
 * @typedef {{synonyms: Record<string, string[]>, pages: Entry[], small: string[], topics: Record<string, string[]>}} Index
 */

/**
 * Say whether a word is the one of a topic, or begins as it says.
 *
 * @param {string} word
 * @param {string} part - "violent", or "violen*"
 */
function begins(word, part) {
  return part.endsWith("*") ? word.startsWith(part.slice(0, -1)) : word === part;
}

/** @typedef {{parts: string[], pages: string[]}} OpenTopic - several words, one of which is any that begins as it says */

/**
 * Return the topics that no look in the list finds: several words, one of them open.
 *
 * @param {Record<string, string[]>} topics
 * @returns {OpenTopic[]}
 */
function openTopics(topics) {
  return Object.entries(topics).filter(([key]) => /\*.* | .*\*/.test(key)).map(([key, pages]) => ({ parts: key.split(" "), pages }));
}

/**
 * Return the pages that answer what was typed, most words first.
 *
 * @param {string[]} typed - folded words
 * @param {Record<string, string[]>} topics
 * @param {OpenTopic[]} open - those of `topics`
 */
function answering(typed, topics, open) {
  /** @type {string[]} */
  const pages = [];
  for (let length = 4; length; length -= 1) {
    for (let from = 0; from + length <= typed.length; from += 1) {
      const words = typed.slice(from, from + length);
      pages.push(...(topics[words.join(" ")] ?? []));
      const begun = open.filter(({ parts }) => parts.length === length && parts.every((part, place) => begins(words[place], part)));
      pages.push(...begun.flatMap((topic) => topic.pages));
      if (length > 1) continue;
      for (let end = words[0].length; end > 2; end -= 1) pages.push(...(topics[`${words[0].slice(0, end)}*`] ?? []));
    }
  }
  return pages;
}

/**
 * Make the searcher of one language.
 *
 * @param {any} MiniSearch
 * @param {Index} index
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
  const small = new Set(index.small);
  const open = openTopics(index.topics);

  /** @param {string} query */
  return (query) => {
    const all = words(query).map(fold);
    const telling = all.filter((word) => !small.has(word));
    const typed = telling.length ? telling : all;
    const same = (/** @type {string} */ word) => (index.synonyms[word] ?? []).map(fold);
    const set = typed.length > 1 && typed.join(" ") in index.topics;
    const options = {
      boost: { t: 4, h: 3, n: 12 },
      boostDocument: (/** @type {string} */ address) => room(address),
      // A set phrase means its own words: those that begin like them are another matter.
      prefix: (/** @type {string} */ term) => !set && term.length > 4,
      fuzzy: (/** @type {string} */ term) => (term.length > 5 ? 0.15 : false),
      weights: { fuzzy: 0.2, prefix: 0.5 },
    };
    /** @param {string} word */
    const either = (word) => ({
      combineWith: "OR",
      queries: [word, ...same(word).map((other) => ({ queries: [other], boostTerm: () => 0.4 }))],
    });
    const asked = { combineWith: "AND", queries: typed.map(either), ...options };
    let hits = typed.length ? engine.search(asked) : [];
    if (hits.length < FEW && typed.length > 1) {
      // A whole sentence was typed: after what holds every word, what holds most of them.
      const held = new Set(hits.map((/** @type {{id: string}} */ { id }) => id));
      const most = (/** @type {{id: string, queryTerms: string[]}} */ { id, queryTerms }) => !held.has(id) &&
        2 * typed.filter((word) => queryTerms.some((term) => term === word || same(word).includes(term))).length >= typed.length;
      hits = [...hits, ...engine.search({ ...asked, combineWith: "OR" }).filter(most)];
    }
    const seen = new Set([...typed, ...typed.flatMap(same)]);
    const pinned = [...new Set([typed, all].flatMap((list) => answering(list, index.topics, open)))].filter((page) => entries.has(page)).slice(0, PINNED);
    if (all.some((word) => word.startsWith(REFUSAL)) && entries.has(GUIDE)) pinned.unshift(GUIDE);
    const found = [...pinned.map((id) => ({ id, terms: typed })), ...hits];
    return onePerPage(found).map((/** @type {{id: string, terms: string[]}} */ hit) => ({
      entry: /** @type {Entry} */ (entries.get(hit.id)),
      found: new Set([...seen, ...hit.terms]),
    }));
  };
}

/** @typedef {{entry: Entry, found: Set<string>}} Hit - a page, and the words of it that were typed */

/**
 * Return the line of one hit: its link, whom its part of the site is for, and the words around what was typed.
 *
 * @param {Hit} hit
 * @param {URL} root - of the language
 * @param {[string, unknown][]} rooms - start of an address → whom that part of the site is for
 */
function lineOf({ entry, found }, root, rooms) {
  const link = Object.assign(document.createElement("a"), { href: new URL(entry.u, root).href });
  link.append(entry.h ? `${entry.t} – ${entry.h}` : entry.t);
  const text = document.createElement("p");
  for (const piece of snippet(entry.x, found)) {
    if (piece.hit) text.append(Object.assign(document.createElement("mark"), { textContent: piece.text }));
    else text.append(piece.text);
  }
  const line = document.createElement("li");
  line.append(link, " ", text);
  const room = rooms.find(([start]) => entry.u.startsWith(start));
  if (room) {
    const who = Object.assign(document.createElement("span"), { className: "search-room", textContent: String(room[1]) });
    line.insertBefore(who, text);
  }
  return line;
}

/**
 * Fetch the library and the index of a language, and make its searcher.
 *
 * @param {string} address - of the index
 * @returns {Promise<(query: string) => Hit[]>}
 */
async function load(address) {
  const [library, index] = await Promise.all([
    import("./minisearch.mjs"),
    fetch(address).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText)))),
  ]);
  return searcher(library.default, index);
}

/**
 * Show hits a few at a time: first some, then more at each press.
 *
 * @param {HTMLElement} box
 */
function results(box) {
  const list = /** @type {HTMLElement} */ (box.querySelector("[data-results]"));
  const more = /** @type {HTMLButtonElement} */ (box.querySelector("[data-next]"));
  const root = new URL(box.dataset.root ?? ".", location.href);
  const rooms = Object.entries(JSON.parse(box.dataset.rooms ?? "{}"));
  /** @type {Hit[]} */
  let hits = [];
  const showMore = () => {
    const shown = list.children.length;
    list.append(...hits.slice(shown, shown + SHOWN).map((hit) => lineOf(hit, root, rooms)));
    list.hidden = !hits.length;
    more.hidden = list.children.length >= hits.length;
    if (shown) list.children[shown]?.querySelector("a")?.focus();
  };
  more.addEventListener("click", showMore);
  return (/** @type {Hit[]} */ found) => {
    hits = found;
    list.replaceChildren();
    showMore();
  };
}

/**
 * Offer to read what was typed as a sentence, where it has the words of one.
 *
 * @param {HTMLElement} box
 * @param {HTMLInputElement} input
 */
function ownWords(box, input) {
  const own = /** @type {HTMLButtonElement | null} */ (box.querySelector("[data-own]"));
  const told = own?.closest("[data-own-read][data-reader]");   // where Python does not travel, nothing reads a sentence
  /** @type {Promise<import("./own-search.mjs").Reader> | undefined} */
  let reader;
  own?.addEventListener("click", () => {
    reader ??= import("./own-search.mjs").then(({ sentenceReader }) => sentenceReader(/** @type {HTMLElement} */ (told)));
    reader.then((ready) => ready.read(input.value.trim()), () => {
      reader = undefined;   // the next press tries again
      const said = told?.querySelector("[data-own-said]");
      if (said) said.textContent = JSON.parse(/** @type {HTMLElement} */ (told).dataset.words ?? "{}").failed;
    });
  });
  return {
    clear() {
      if (own) own.hidden = true;
      reader?.then((ready) => ready.clear(), () => {});
    },
    /** @param {string} query */
    offer(query) {
      if (own && told) own.hidden = words(query).length < SENTENCE;
    },
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
  const show = results(box);
  const sentence = ownWords(box, input);
  /** @type {Promise<(query: string) => Hit[]> | undefined} */
  let engine;
  const start = () => (engine ??= load(box.dataset.index ?? ""));

  const search = async () => {
    const query = input.value.trim();
    if (location.hash || history.state) history.replaceState(null, "", location.pathname);   // the words leave no trace: not even in the entry
    sentence.clear();
    if (!query) {
      show([]);
      count.textContent = "";
      return;
    }
    if (!engine) count.textContent = box.dataset.loading ?? "";
    let hits;
    try {
      hits = (await start())(query);
    } catch {
      engine = undefined;
      count.textContent = box.dataset.failed ?? "";
      return;
    }
    if (query !== input.value.trim()) return;
    const said = hits.length > 1 ? box.dataset.many : hits.length ? box.dataset.one : box.dataset.none;
    count.textContent = (said ?? "").replace("{count}", String(hits.length)).replace("{query}", query);
    show(hits);
    sentence.offer(query);
  };

  const fromEntry = () => {
    const query = new URLSearchParams(location.hash.slice(1)).get("q");
    if (!query || query === input.value.trim()) return;
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
  window.addEventListener("hashchange", fromEntry);
  form.hidden = false;
  fromEntry();
}

for (const box of document.querySelectorAll("[data-search]")) enhance(/** @type {HTMLElement} */ (box));
