/**
 * Letters put together on the device: offered beside the bodies of a result, filled in, corrected, copied, printed, saved.
 *
 * What is typed stays in this page's memory; it is never stored, sent, or written in the address.
 */
import { all, find, typedIn, word } from "./guide-dom.mjs";
import { LETTER_ACTS } from "./guide-files.mjs";
import { clear, refuse } from "./guide-forms.mjs";
import { isShared, keptLetter } from "./guide-safety.mjs";
import { option, setForms } from "./guide-shared.mjs";
import { focusSettled } from "./guide-steady.mjs";

/** @typedef {{id: string, bodies: string[], name: string}} Letter */
/** @typedef {import("./guide-files.mjs").Desk} Desk */
/** @typedef {(request: object) => Promise<any>} Ask - answers and day included */
/** @typedef {Record<string, string>} Typed - what is written in letters, by field */

/**
 * Offer the letters that serve the bodies of a result, each as a link to its page to fill in by hand.
 *
 * @param {HTMLElement} step
 * @param {HTMLElement} guide
 * @param {Ask} ask
 * @param {Desk} desk
 * @param {(change: () => void) => void} [change] - how the page is changed
 */
export async function offerLetters(step, guide, ask, desk, change = (does) => does()) {
  if (!step.matches("[data-final]")) return void (step.dataset.letters = "offered");
  const shown = step.firstElementChild;
  const { letters } = await ask({ do: "letters", letters: desk.letters });
  if (step.firstElementChild !== shown) return;          // another result came meanwhile
  change(() => letters.forEach((/** @type {Letter} */ letter) => offerLetter(letter, step, guide)));
  step.dataset.letters = "offered";
}

/**
 * @param {Letter} letter
 * @param {HTMLElement} step
 * @param {HTMLElement} guide
 */
function offerLetter(letter, step, guide) {
  if (step.querySelector(`[data-letter="${letter.id}"]`)) return;      // the button of the plan opens it already
  const link = document.createElement("a");
  link.className = "guide-letter";
  link.dataset.letter = letter.id;
  link.href = `${guide.dataset.root}lettres/${letter.id}/`;
  link.textContent = `${word(guide, "letter.write")}${guide.dataset.locale === "en" ? ":" : "\u00a0:"} ${letter.name}`;
  const card = letter.bodies.map((body) => step.querySelector(`[data-body="${body}"]`)).find(Boolean);
  const more = card?.querySelector(":scope > .plan-step") ?? card ?? step.querySelector(".guide-also");
  ((card?.matches(".plan-first") && more?.querySelector("details")) || more)?.append(link);
}

/**
 * Show a letter's form in place of the result.
 *
 * @param {HTMLElement} place
 * @param {string} letter
 * @param {Ask} ask
 * @param {Desk} desk
 * @param {Typed} values - what was typed so far
 */
export async function showLetter(place, letter, ask, desk, values) {
  const { html } = await ask({ do: "letter", letters: desk.letters, letter, values });
  place.innerHTML = html;
  const guide = /** @type {HTMLElement} */ (place.closest("[data-guide]"));
  openBeside(place, guide);
  find(place, "form", HTMLFormElement).prepend(
    option(guide, "shared", "data-shared", isShared()), option(guide, "keep", "data-keep-letter", Boolean(keptLetter())));
  setForms(guide);
  const written = document.createElement("div");
  written.dataset.written = "";
  find(place, ".letter-preview", HTMLElement).after(written);
}

/**
 * Open the links of a letter in a tab of their own, and say so: the letter stays where it is.
 *
 * @param {HTMLElement} place
 * @param {HTMLElement} guide
 */
function openBeside(place, guide) {
  for (const link of all(place, "a[href]:not([href^='#'], [target])", HTMLAnchorElement)) {
    link.target = "_blank";
    link.rel = "noopener";
    link.append(` (${word(guide, "letter.beside")})`);
  }
}

const PAUSE_MS = 250;                      // between two keys, nobody waits for the letter to follow

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

/**
 * Show the letter as it grows, once the typing pauses; a letter already prepared keeps what was corrected in it.
 *
 * @param {HTMLFormElement} form
 * @param {Ask} ask
 * @param {Desk} desk
 * @param {Typed} values
 */
export function growLetter(form, ask, desk, values) {
  clearTimeout(soon);
  soon = setTimeout(async () => {
    const { preview } = await ask({ do: "letter", letters: desk.letters, letter: form.dataset.letterForm, values, preview: true });
    const place = form.parentElement?.querySelector("[data-preview]");
    if (place && preview) place.innerHTML = preview;
  }, PAUSE_MS);
}

/**
 * Write the letter from what its form says, or say what it lacks.
 *
 * @param {HTMLFormElement} form
 * @param {Ask} ask
 * @param {Desk} desk
 * @param {Typed} values
 */
export async function writeLetter(form, ask, desk, values) {
  const found = await ask({ do: "letter", letters: desk.letters, letter: form.dataset.letterForm, values, ready: true });
  const lacking = found.missing.length > 0;
  const guide = /** @type {HTMLElement} */ (form.closest("[data-guide]"));
  for (const field of all(form, "input[name], textarea", HTMLElement)) {
    clear(field);
    if (found.missing.includes(field.getAttribute("name"))) refuse(field, word(guide, "letter.lacks"), false);
  }
  find(form, "[data-errors]", HTMLElement).innerHTML = lacking ? found.html : "";
  const place = /** @type {HTMLElement} */ (form.parentElement);
  find(place, "[data-written]", HTMLElement).innerHTML = lacking ? "" : found.html;
  find(place, ".letter-preview", HTMLElement).hidden = !lacking;
  openBeside(place, guide);
  setForms(guide);
  const next = find(place, lacking ? ".guide-errors" : "#letter-ready", HTMLElement);
  next.scrollIntoView({ block: "center" });
  focusSettled(next);
}

/**
 * Do what a button says with the letter as it was corrected, and say how it went.
 *
 * @param {HTMLElement} guide
 * @param {string} act
 * @param {Desk} desk
 */
export async function useLetter(guide, act, desk) {
  const letter = find(guide, "[data-letter-form]", HTMLFormElement).dataset.letterForm;
  const { value } = find(guide, "[data-letter-text]", HTMLTextAreaElement);
  const said = find(guide, "[data-letter-said]", HTMLElement);
  try {
    await LETTER_ACTS[act](value, `lettre-${letter}`, desk);
    if (act !== "print") said.textContent = word(guide, act === "copy" ? "letter.copied" : "letter.saved");
  } catch {
    said.textContent = word(guide, "letter.failed");
  }
}

/**
 * Keep what is typed as it is typed, so that going away from a letter and back loses nothing.
 *
 * @param {HTMLFormElement} form
 * @param {Typed} values
 */
export function keepTyped(form, values) {
  Object.assign(values, typedIn(form));
}
