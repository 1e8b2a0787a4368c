/**
 * A sentence in the person's own words: what Python reads in it is shown to be confirmed, then the guide goes on with it.
 *
 * The words never leave the device, and never stand in an address.
 */
import { carried, withButton } from "./carry.mjs";
import { all, button, find, seek, word } from "./guide-dom.mjs";

/** @typedef {import("./guide-history.mjs").Answers} Answers */
/** @typedef {{fact: string, value: string, heard: string, label: string, words: string}} Heard */
/** @typedef {{facts: Heard[], pages: string[], urgent: boolean, outside: {to: string, page: string} | null, error?: string}} Found */
/** @typedef {{lexicon: string, titles: Record<string, string>}} Words */
/** @typedef {{ask: (request: object) => Promise<any>}} Python */

/**
 * Let the box beside a guide be read by it.
 *
 * @param {HTMLElement} guide - its event "python" says who answers: Python, or nobody
 * @param {(answers: Answers) => void} go
 */
export function hearOwnWords(guide, go) {
  const form = seek(document, "form[data-own-words]", HTMLFormElement);
  if (!form) return;
  withButton(form);
  guide.append(form);   // what leaves the guide takes the words along
  const box = find(form, "textarea", HTMLTextAreaElement);
  const found = find(form, "[data-own-found]", HTMLElement);
  /** @type {Promise<Python | undefined>} */
  const python = new Promise((done) => {
    guide.addEventListener("python", (event) => done(/** @type {CustomEvent} */ (event).detail ?? undefined), { once: true });
  });
  let turn = 0;
  const read = async () => {
    const mine = ++turn;
    const text = box.value.trim();
    if (!text) return box.focus();
    found.replaceChildren();
    say(form, word(form, "waiting"));
    const reply = await ask(guide, python, text).catch(() => undefined);
    if (mine !== turn) return;
    if (reply) show(form, found, reply, go);
    else say(form, word(form, "failed"));
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    read();
  });
  guide.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest('[data-tool="erase"]')) return;
    form.reset();
  });
  form.addEventListener("reset", () => {
    turn += 1;
    found.replaceChildren();
    say(form, "");
  });
  const text = carried();
  if (!text) return;
  box.value = text;
  read();
}

/**
 * @param {HTMLElement} guide
 * @param {Promise<Python | undefined>} python
 * @param {string} text
 * @returns {Promise<{found: Found, titles: Words["titles"], root: string}>}
 */
async function ask(guide, python, text) {
  const [ready, words] = await Promise.all([python, loadWords(guide)]);
  if (!ready) throw new Error("no Python");
  const { locale, root = "../" } = guide.dataset;
  const found = /** @type {Found} */ (await ready.ask({ do: "match", locale, on: "2000-01-01", lexicon: words.lexicon, text }));
  if (found.error) throw new Error(found.error);
  return { found, titles: words.titles, root };
}

/** @type {Promise<Words> | undefined} */
let loaded;

/**
 * Fetch the lexicon of this language, at the first sentence.
 *
 * @param {HTMLElement} guide
 * @returns {Promise<Words>}
 */
function loadWords({ dataset }) {
  loaded ??= (async () => {
    const { name, integrity } = JSON.parse(dataset.more ?? "{}")[`words-${dataset.locale}`];
    const answer = await fetch(new URL(name, new URL(dataset.folder ?? "", document.baseURI)), { integrity, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`words: ${answer.status}`);
    const { lexicon, titles } = /** @type {{lexicon: string, titles: string[]}} */ (await answer.json());
    const paths = /** @type {{paths: string}} */ (JSON.parse(lexicon)).paths.split(";");
    return { lexicon, titles: Object.fromEntries(paths.map((path, number) => [`${path}/`, titles[number] ?? ""])) };
  })();
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

/**
 * Show what was read: danger first; then a door elsewhere, or the facts to confirm; then pages.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement} place
 * @param {{found: Found, titles: Words["titles"], root: string}} reply
 * @param {(answers: Answers) => void} go
 */
function show(form, place, { found, titles, root }, go) {
  /** @type {Node[]} */
  const parts = [];
  if (found.urgent) parts.push(find(form, "template", HTMLTemplateElement).content.cloneNode(true));
  if (found.outside) parts.push(...elsewhere(form, found.outside.page, titles, root));
  if (found.facts.length) parts.push(...chips(form, found.facts, go));
  if (found.pages.length) parts.push(...pages(form, found.pages, titles, root));
  const elsewhereSaid = found.outside && word(form, "outside").replace("{to}", found.outside.to);
  say(form, elsewhereSaid ?? (parts.length ? "" : word(form, "none")));
  place.replaceChildren(...parts);
  const heading = seek(place, "h2", HTMLElement);
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {string} page
 * @param {Record<string, string>} titles
 * @param {string} root
 */
function elsewhere(form, page, titles, root) {
  const more = document.createElement("p");
  more.append(word(form, "outside_more"));
  return [...(titles[page] ? [links([page], titles, root)] : []), more];
}

/**
 * Make one line a fact, each to keep or to take away, with the words that were read beside ours.
 *
 * @param {HTMLFormElement} form
 * @param {Heard[]} facts
 * @param {(answers: Answers) => void} go
 */
function chips(form, facts, go) {
  const list = document.createElement("ul");
  list.className = "own-words-chips";
  for (const [number, { fact, value, heard, label, words }] of facts.entries()) {
    const choice = Object.assign(document.createElement("input"), { type: "checkbox", id: `own-${number}`, checked: true });
    choice.dataset.fact = fact;
    choice.dataset.value = value;
    const said = Object.assign(document.createElement("label"), { htmlFor: choice.id });
    const ours = document.createElement("strong");
    ours.append(words);
    const theirs = document.createElement("span");
    theirs.append(`${label}, ${word(form, "said").replace("{heard}", heard)}`);
    said.append(ours, theirs);
    const line = document.createElement("li");
    line.append(choice, said);
    list.append(line);
  }
  const confirm = button(word(form, "confirm"), () => {
    /** @type {Answers} */
    const answers = {};
    for (const { checked, dataset } of all(list, "input", HTMLInputElement)) {
      if (checked) answers[dataset.fact ?? ""] = [answers[dataset.fact ?? ""], dataset.value].filter(Boolean).join(",");
    }
    go(answers);
  });
  confirm.className = "button";
  return [title(word(form, "found")), list, confirm];
}

/**
 * @param {HTMLFormElement} form
 * @param {string[]} paths
 * @param {Record<string, string>} titles
 * @param {string} root
 */
function pages(form, paths, titles, root) {
  const named = paths.filter((path) => titles[path]);
  return named.length ? [title(word(form, "pages")), links(named, titles, root)] : [];
}

/**
 * @param {string[]} paths
 * @param {Record<string, string>} titles
 * @param {string} root
 */
function links(paths, titles, root) {
  const list = document.createElement("ul");
  for (const path of paths) {
    const link = Object.assign(document.createElement("a"), { href: root + path, textContent: titles[path] });
    const line = document.createElement("li");
    line.append(link);
    list.append(line);
  }
  return list;
}

/** @param {string} text */
function title(text) {
  return Object.assign(document.createElement("h2"), { textContent: text });
}

/**
 * Say something in the line that stands in the page from the start, empty: a screen reader says what changes in it.
 *
 * @param {HTMLFormElement} form
 * @param {string} text
 */
function say(form, text) {
  find(form, "[role=status]", HTMLElement).textContent = text;
}
