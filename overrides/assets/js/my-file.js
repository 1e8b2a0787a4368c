/**
 * “My file”: what a person notes of her case. It stays in this page unless she asks to keep it here, or takes it away as a file.
 *
 * A classic script with no import, so that it runs from a disk as well.
 * In one piece because only a function keeps the names of a classic script to itself.
 */
(() => {
  /** @typedef {{day: string, text: string}} Day */
  /** @typedef {{letter: string, day: string, how: string, answer: string, answered: string}} Sent */
  /** @typedef {{file: 1, what: Day[], proofs: string[], letters: Sent[]}} State */
  /** @typedef {{id: string, letters: string[], count: number, unit: "days" | "months" | "years", awaited: string, otherwise: string, href: string}} FollowUp */

  const KEPT = "file";
  const FIELDS = { what: ["day", "text"], letters: ["letter", "day", "how", "answer", "answered"] };
  const BLANK_LINES = 2;   // for the hand, after what is written

  const found = document.querySelector("[data-file]");
  if (!(found instanceof HTMLElement)) return;
  const place = found;
  const french = document.documentElement.lang !== "en";
  /** @type {Record<string, string>} */
  const told = JSON.parse(place.dataset.told ?? "{}");
  /** @type {FollowUp[]} */
  const followUps = JSON.parse(place.dataset.followUps ?? "[]");
  const form = one("[data-file-form]", HTMLFormElement);
  const keep = one("[data-keep]", HTMLInputElement);
  let saved = true;

  /**
   * @template {Element} T
   * @param {string} selector
   * @param {new () => T} type
   * @param {ParentNode} [within]
   * @returns {T}
   */
  function one(selector, type, within = place) {
    const element = within.querySelector(selector);
    if (!(element instanceof type)) throw new Error(`my-file: the page has no ${selector}`);
    return element;
  }

  /** @param {string} text */
  function say(text) {
    const said = one("[data-said]", HTMLElement);
    said.textContent = "";
    setTimeout(() => { said.textContent = text; }, 50);   // the same words twice are read twice
  }

  // What is written.

  /** @returns {State} */
  function written() {
    const boxes = [...form.querySelectorAll("[name=proof]:checked")];
    return {
      file: 1,
      what: /** @type {Day[]} */ (rows("what")),
      proofs: boxes.map((box) => /** @type {HTMLInputElement} */ (box).value),
      letters: /** @type {Sent[]} */ (rows("letters")),
    };
  }

  /**
   * @param {"what" | "letters"} list
   * @returns {Record<string, string>[]} the entries that say something
   */
  function rows(list) {
    const entries = [...form.querySelectorAll(`[data-entry=${list}]`)];
    const said = entries.map((entry) => Object.fromEntries(FIELDS[list].map((name) => [name, field(entry, name).value.trim()])));
    return said.filter((entry) => Object.values(entry).some(Boolean));
  }

  /**
   * @param {Element} entry
   * @param {string} name
   */
  function field(entry, name) {
    return /** @type {HTMLInputElement} */ (entry.querySelector(`[name=${name}]`));
  }

  /** @param {State} state */
  function show(state) {
    for (const list of /** @type {const} */ (["what", "letters"])) {
      one(`[data-list=${list}]`, HTMLElement).replaceChildren();
      for (const entry of state[list].length ? state[list] : [{}]) addRow(list, entry);
    }
    for (const box of form.querySelectorAll("[name=proof]")) {
      if (box instanceof HTMLInputElement) box.checked = state.proofs.includes(box.value);
    }
    refresh();
  }

  /**
   * @param {"what" | "letters"} list
   * @param {Record<string, string>} [entry]
   */
  function addRow(list, entry = {}) {
    const copy = /** @type {DocumentFragment} */ (one(`[data-row=${list}]`, HTMLTemplateElement).content.cloneNode(true));
    const row = one("fieldset", HTMLElement, copy);
    for (const name of FIELDS[list]) field(row, name).value = entry[name] ?? "";
    one(`[data-list=${list}]`, HTMLElement).append(row);
    number(list);
    return row;
  }

  /** @param {string} list */
  function number(list) {
    form.querySelectorAll(`[data-entry=${list}] [data-number]`).forEach((mark, at) => { mark.textContent = String(at + 1); });
  }

  // What comes next.

  function today() {
    const now = new Date();
    return iso(now.getFullYear(), now.getMonth(), now.getDate());
  }

  /**
   * @param {number} year
   * @param {number} month - from 0; more than 11 is in a later year
   * @param {number} day - more than the month has is in the next one
   */
  function iso(year, month, day) {
    return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
  }

  /**
   * Return the last day of a delay, as the guide counts it: months from day to same day, or to the last day of a shorter month.
   *
   * @param {string} start
   * @param {number} count
   * @param {"days" | "months" | "years"} unit
   */
  function due(start, count, unit) {
    const [year, month, day] = start.split("-").map(Number);
    if (unit === "days") return iso(year, month - 1, day + count);
    const months = month - 1 + count * (unit === "years" ? 12 : 1);
    return iso(year, months, Math.min(day, Number(iso(year, months + 1, 0).slice(8))));
  }

  /** @param {string} day */
  function inWords(day) {
    const text = new Date(`${day}T12:00:00Z`).toLocaleDateString(french ? "fr" : "en-GB", { dateStyle: "long", timeZone: "UTC" });
    return french ? text.replace(/^1 /, "1er ") : text;
  }

  /** @param {string} id */
  function letterName(id) {
    const option = [...one("[data-row=letters]", HTMLTemplateElement).content.querySelectorAll("[name=letter] option")]
      .find((one) => /** @type {HTMLOptionElement} */ (one).value === id);
    return option?.textContent ?? "";
  }

  /**
   * @param {string} text
   * @param {Record<string, string>} parts
   */
  function filled(text, parts) {
    return text.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? "");
  }

  /**
   * @param {Sent[]} letters
   * @returns {{day: string, text: string, more?: FollowUp}[]}
   */
  function upcoming(letters) {
    const items = letters.filter((sent) => sent.letter && sent.day).flatMap((sent) => {
      const letter = letterName(sent.letter);
      if (sent.answered || sent.answer) return [{ day: sent.answered || sent.day, text: filled(told.answered, { letter }) }];
      const waits = followUps.filter((wait) => wait.letters.includes(sent.letter));
      if (!waits.length) return [{ day: sent.day, text: filled(told.no_limit, { letter }) }];
      return waits.map((wait) => {
        const day = due(sent.day, wait.count, wait.unit);
        const late = day < today();
        return { day, text: filled(late ? told.late : told.due, { day: inWords(day), awaited: wait.awaited }), more: late ? wait : undefined };
      });
    });
    return items.sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  /**
   * @param {{text: string, more?: FollowUp}[]} items
   * @returns {HTMLElement[]}
   */
  function asList(items) {
    return items.map(({ text, more }) => {
      const item = document.createElement("li");
      item.textContent = more ? `${text} ${more.otherwise} ` : text;
      if (more) {
        const link = document.createElement("a");
        link.href = more.href;
        link.textContent = told.what_to_do;
        item.append(link);
      }
      return item;
    });
  }

  // Show again what follows from what is written: the days to watch, and the sheet for paper.

  function refresh() {
    const state = written();
    const items = upcoming(state.letters);
    const next = one("[data-next]", HTMLElement);
    if (items.length) {
      const list = document.createElement("ul");
      list.append(...asList(items));
      next.replaceChildren(list);
    } else next.textContent = told.none;
    fillTable("[data-sheet-what]", state.what.map((entry) => [entry.day && inWords(entry.day), entry.text]), 2);
    fillTable("[data-sheet-letters]", state.letters.map((sent) => [
      letterName(sent.letter), sent.day && inWords(sent.day), sent.how && chosen("how", sent.how),
      [sent.answered && inWords(sent.answered), sent.answer].filter(Boolean).join(french ? "\u00a0: " : ": ")]), 4);
    for (const line of place.querySelectorAll("[data-proof]")) {
      if (line instanceof HTMLElement) line.classList.toggle("is-ticked", state.proofs.includes(line.dataset.proof ?? ""));
    }
    if (items.length) one("[data-sheet-next]", HTMLElement).replaceChildren(...asList(items));
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  function chosen(name, value) {
    const option = one(`[data-row=letters]`, HTMLTemplateElement).content.querySelector(`[name=${name}] [value="${value}"]`);
    return option?.textContent ?? "";
  }

  /**
   * @param {string} selector
   * @param {string[][]} lines
   * @param {number} columns
   */
  function fillTable(selector, lines, columns) {
    const blank = Array.from({ length: BLANK_LINES }, () => Array(columns).fill(""));
    one(selector, HTMLElement).replaceChildren(...[...lines, ...blank].map((cells) => {
      const row = document.createElement("tr");
      row.append(...cells.map((/** @type {string} */ text) => {
        const cell = document.createElement("td");
        cell.textContent = text;
        return cell;
      }));
      return row;
    }));
  }

  // Keep, take away, open, erase.

  function isShared() {
    try { return sessionStorage.getItem("shared") === "yes"; } catch { return false; }
  }

  /** @returns {State | undefined} */
  function kept() {
    try { return checked(JSON.parse(localStorage.getItem(KEPT) ?? "null")); } catch { return undefined; }
  }

  function store() {
    if (!keep.checked) return;
    try {
      localStorage.setItem(KEPT, JSON.stringify(written()));
      saved = true;
    } catch {
      keep.checked = false;
      say(told.refused);
    }
  }

  function forget() {
    try { localStorage.removeItem(KEPT); } catch { /* nothing could be kept either */ }
  }

  /**
   * Return a file that was taken away, or undefined when it is something else.
   *
   * @param {any} value
   * @returns {State | undefined}
   */
  function checked(value) {
    const lists = value?.file === 1 && [value.what, value.letters, value.proofs].every(Array.isArray);
    if (!lists) return undefined;
    const texts = (/** @type {any} */ entry, /** @type {string[]} */ names) => names.every((name) => typeof entry?.[name] === "string");
    const whole = value.what.every((/** @type {any} */ entry) => texts(entry, FIELDS.what))
      && value.letters.every((/** @type {any} */ entry) => texts(entry, FIELDS.letters))
      && value.proofs.every((/** @type {any} */ id) => typeof id === "string");
    return whole ? value : undefined;
  }

  /**
   * Add what a file says to what is written: nothing is lost, nothing stands twice.
   *
   * @param {State} a
   * @param {State} b
   * @returns {State}
   */
  function joined(a, b) {
    const once = (/** @type {any[]} */ entries, /** @type {string[]} */ names) =>
      [...new Map(entries.map((entry) => [JSON.stringify(names.map((name) => entry[name])), entry])).values()];
    return { file: 1, what: once([...a.what, ...b.what], FIELDS.what), proofs: [...new Set([...a.proofs, ...b.proofs])],
             letters: once([...a.letters, ...b.letters], FIELDS.letters) };
  }

  /** @type {Record<string, (target: HTMLInputElement) => void | Promise<void>>} */
  const acts = {
    print: () => window.print(),
    take: () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(written(), null, 1)], { type: "application/json" }));
      link.download = told.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      saved = true;
      say(told.taken);
    },
    open: async (input) => {
      const chosenFile = input.files?.[0];
      input.value = "";
      if (!chosenFile) return;
      let state;
      try { state = checked(JSON.parse(await chosenFile.text())); } catch { state = undefined; }
      if (!state) return say(filled(told.unread, { name: told.name }));
      show(joined(written(), state));
      store();
      say(told.opened);
    },
    erase: () => {
      forget();
      keep.checked = false;
      saved = true;
      show({ file: 1, what: [], proofs: [], letters: [] });
      say(told.erased);
      one("[data-said]", HTMLElement).scrollIntoView({ block: "center" });
    },
  };

  form.addEventListener("click", (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    const { act, add, remove } = event.target.dataset;
    if (act) void acts[act](/** @type {any} */ (event.target));
    else if (add === "what" || add === "letters") field(addRow(add), FIELDS[add][0]).focus();
    else if (remove !== undefined) removeRow(/** @type {HTMLElement} */ (event.target.closest("[data-entry]")));
  });
  form.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.dataset.act) return;
    saved = false;
    store();
  });
  form.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement)) refresh();
    else if (event.target.dataset.act) void acts[event.target.dataset.act](event.target);
    else if (event.target === keep) {
      if (keep.checked) store();
      else forget();
      if (keep.checked || !kept()) say(keep.checked ? told.kept : told.not_kept);
    } else refresh();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("leave", () => { saved = true; });   // the quick exit asks nothing
  addEventListener("beforeunload", (event) => {
    const state = written();
    if (saved || !(state.what.length || state.letters.length || state.proofs.length)) return;
    event.preventDefault();
    event.returnValue = told.leave;
  });

  /** @param {HTMLElement} row */
  function removeRow(row) {
    const list = /** @type {"what" | "letters"} */ (row.dataset.entry);
    row.remove();
    if (!form.querySelector(`[data-entry=${list}]`)) addRow(list);
    number(list);
    refresh();
    saved = false;
    store();
    say(told.removed);
    one(`[data-add=${list}]`, HTMLElement).focus();
  }

  if (isShared()) {
    forget();
    keep.disabled = true;
    one("[data-shared-device]", HTMLElement).hidden = false;
  }
  form.hidden = false;
  place.classList.add("is-live");
  const before = kept();
  keep.checked = Boolean(before);
  show(before ?? { file: 1, what: [], proofs: [], letters: [] });
})();
