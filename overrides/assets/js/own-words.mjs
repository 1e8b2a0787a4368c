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
 * Let the box beside a guide be read by it, and take what another page brings: a sentence, or answers that were confirmed there.
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
  /** @type {Promise<Python | undefined>} */
  const python = new Promise((done) => {
    guide.addEventListener("python", (event) => done(/** @type {CustomEvent} */ (event).detail ?? undefined), { once: true });
  });
  const reader = readWords(form, guide, python, go);
  const read = () => {
    const text = box.value.trim();
    if (text) reader.read(text);
    else box.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    read();
  });
  guide.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element) || !target.closest('[data-tool="erase"]')) return;
    form.reset();
  });
  form.addEventListener("reset", reader.clear);
  const { text, answers } = carried();
  if (answers) python.then(() => go(answers));
  if (!text) return;
  box.value = text;
  read();
}

/**
 * Read sentences and show what they are read as; of two, only the last.
 *
 * @param {HTMLElement} holder - with `data-words`, a line to say things in, the alert, and the room for what is found
 * @param {HTMLElement} source - says where the lexicon is: `data-more`, `data-folder`, `data-locale`, `data-root`
 * @param {Promise<Python | undefined>} python
 * @param {(answers: Answers) => void} go - with the facts that are confirmed
 */
export function readWords(holder, source, python, go) {
  const place = find(holder, "[data-own-found]", HTMLElement);
  python.catch(() => {});   // said at each sentence
  let turn = 0;
  const clear = () => {
    turn += 1;
    place.replaceChildren();
    say(holder, "");
  };
  return {
    clear,
    /** @param {string} text */
    async read(text) {
      clear();
      const mine = turn;
      say(holder, word(holder, "waiting"));
      const reply = await ask(source, python, text).catch(() => undefined);
      if (mine !== turn) return;
      if (reply) show(holder, place, reply, go);
      else say(holder, word(holder, "failed"));
    },
  };
}

/**
 * @param {HTMLElement} source
 * @param {Promise<Python | undefined>} python
 * @param {string} text
 * @returns {Promise<{found: Found, titles: Words["titles"], root: string}>}
 */
async function ask(source, python, text) {
  const [ready, words] = await Promise.all([python, loadWords(source)]);
  if (!ready) throw new Error("no Python");
  const { locale, root = "../" } = source.dataset;
  const found = /** @type {Found} */ (await ready.ask({ do: "match", locale, on: "2000-01-01", lexicon: words.lexicon, text }));
  if (found.error) throw new Error(found.error);
  return { found, titles: words.titles, root };
}

/** @type {Promise<Words> | undefined} */
let loaded;

/**
 * Fetch the lexicon of this language, at the first sentence.
 *
 * @param {HTMLElement} source
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
 * @param {HTMLElement} holder
 * @param {HTMLElement} place
 * @param {{found: Found, titles: Words["titles"], root: string}} reply
 * @param {(answers: Answers) => void} go
 */
function show(holder, place, { found, titles, root }, go) {
  /** @type {Node[]} */
  const parts = [];
  if (found.urgent) parts.push(find(holder, "template", HTMLTemplateElement).content.cloneNode(true));
  if (found.outside) parts.push(...elsewhere(holder, found.outside.page, titles, root));
  if (found.facts.length) parts.push(...chips(holder, found.facts, go));
  if (found.pages.length) parts.push(...pages(holder, found.pages, titles, root));
  const elsewhereSaid = found.outside && word(holder, "outside").replace("{to}", found.outside.to);
  say(holder, elsewhereSaid ?? (parts.length ? "" : word(holder, "none")));
  place.replaceChildren(...parts);
  const heading = seek(place, "h2", HTMLElement);
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

/**
 * @param {HTMLElement} holder
 * @param {string} page
 * @param {Record<string, string>} titles
 * @param {string} root
 */
function elsewhere(holder, page, titles, root) {
  const more = document.createElement("p");
  more.append(word(holder, "outside_more"));
  return [...(titles[page] ? [links([page], titles, root)] : []), more];
}

/**
 * Make one line a fact, each to keep or to take away, with the words that were read beside ours.
 *
 * @param {HTMLElement} holder
 * @param {Heard[]} facts
 * @param {(answers: Answers) => void} go
 */
function chips(holder, facts, go) {
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
    theirs.append(`${label}, ${word(holder, "said").replace("{heard}", heard)}`);
    said.append(ours, theirs);
    const line = document.createElement("li");
    line.append(choice, said);
    list.append(line);
  }
  const confirm = button(word(holder, "confirm"), () => {
    /** @type {Answers} */
    const answers = {};
    for (const { checked, dataset } of all(list, "input", HTMLInputElement)) {
      if (checked) answers[dataset.fact ?? ""] = [answers[dataset.fact ?? ""], dataset.value].filter(Boolean).join(",");
    }
    go(answers);
  });
  confirm.className = "button";
  return [title(word(holder, "found")), list, confirm];
}

/**
 * @param {HTMLElement} holder
 * @param {string[]} paths
 * @param {Record<string, string>} titles
 * @param {string} root
 */
function pages(holder, paths, titles, root) {
  const named = paths.filter((path) => titles[path]);
  return named.length ? [title(word(holder, "pages")), links(named, titles, root)] : [];
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
 * @param {HTMLElement} holder
 * @param {string} text
 */
function say(holder, text) {
  find(holder, "[data-own-said]", HTMLElement).textContent = text;
}
