/**
 * Python's screen: asks for what a place shows, paints it, and works out ahead what each answer would show.
 */
import { loadDesk } from "./guide-files.mjs";
import { fillPlace } from "./guide-forms.mjs";
import { all, seek } from "./guide-dom.mjs";
import { answersHere, placeHere, replace } from "./guide-history.mjs";
import { offerLetters, showLetter } from "./guide-letters.mjs";
import { answerOf } from "./guide-links.mjs";
import { keptLetter } from "./guide-safety.mjs";
import { setForms } from "./guide-shared.mjs";
import { focusSettled, steadily } from "./guide-steady.mjs";

/** @typedef {import("./guide-history.mjs").Answers} Answers */
/** @typedef {import("./guide-history.mjs").Place} Place */
/** @typedef {import("./guide-files.mjs").Desk} Desk */
/** @typedef {{number: number, final: boolean, html: string, before: string, after: string, said: string, answers: Answers, cards: Record<string, string>, error?: string}} Step */
/** @typedef {ReturnType<typeof import("./runtime.mjs").askAhead>} Python */

/**
 * The screen, what Python runs it, and what is remembered of it: `place` is what it shows.
 *
 * @typedef {{guide: HTMLElement, python: Python, live: HTMLElement, step: HTMLElement, status: HTMLElement, turn: number,
 *   place?: Place, desk?: Desk, typed: Record<string, string>, unsaved?: boolean, mark?: string, next?: string, done?: string}} Screen - `mark`: of the
 *   files of this person; `next`: what the person goes to next, when it is not the heading; `done`: what is said before the next screen
 */

/**
 * Make the empty screen: the step, and the line that announces it.
 *
 * @param {HTMLElement} guide
 * @param {Python} python
 * @returns {Screen}
 */
export function liveScreen(guide, python) {
  const live = document.createElement("div");
  live.className = "guide-live";
  live.dataset.live = "";
  const step = document.createElement("div");
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  live.append(step, status);
  return { guide, python, live, step, status, turn: 0, typed: keptLetter() ?? {} };
}

/**
 * Ask Python about the answers on the screen.
 *
 * @param {Screen} screen
 * @returns {import("./guide-letters.mjs").Ask}
 */
export function asking({ guide, python }) {
  return (request) => python.ask({ ...common(guide), days: placeHere().days ?? {}, answers: answersHere(), ...request });
}

/** @param {HTMLElement} guide */
function common({ dataset: { locale, root } }) {
  return { locale, root, on: today() };
}

/**
 * Return what Python is asked for a place. An old link and a number stay what they are, so that it says how it read them.
 *
 * @param {HTMLElement} guide
 * @param {Place} place
 */
function requestFor(guide, { answers = {}, fragment, number, days = {} }) {
  const where = fragment ? { fragment } : number ? { number } : { answers };
  return { ...common(guide), do: "show", days, ...where };
}

/**
 * Show a place; the heading takes the focus when the person has moved there.
 *
 * @param {Screen} screen
 * @param {Place} place
 * @param {boolean} move
 * @returns {Promise<boolean>} whether it is shown: not when a newer one was asked for, nor after a quick exit
 */
export async function show(screen, place, move) {
  const mine = ++screen.turn;
  const { guide, step, desk } = screen;
  const found = /** @type {Step} */ (await screen.python.ask(requestFor(guide, place)));
  if (found.error) throw new Error(found.error);
  if (mine !== screen.turn || !guide.isConnected) return false;
  if ((!place.answers || place.fragment) && isHere(place)) {   // not when the person has answered by a link meanwhile
    replace({ ...placeHere(), answers: found.answers });
    place = placeHere();
  }
  const from = screen.place;
  screen.place = place;
  step.dataset.answers = JSON.stringify(found.answers);
  step.toggleAttribute("data-final", found.final);
  if (desk && place.letter) await openLetter(screen, place.letter, desk);   // a result painted before it would only be read over it
  else await showStep(screen, found);
  if (mine !== screen.turn) return false;
  lookAhead(screen, place);
  if (screen.live.isConnected) describe(guide, place.about);
  if (move) announce(screen, found, from);
  return true;
}

/**
 * @param {Screen} screen
 * @param {Step} found
 */
async function showStep(screen, found) {
  const { guide, step, desk } = screen;
  paint(step, found);
  fillPlace(step, guide, desk);
  setForms(guide);
  if (desk) await offerLetters(step, guide, asking(screen), desk);
}

/**
 * Say whether a place is the one this history entry shows.
 *
 * @param {Place} place
 */
function isHere({ answers, fragment, number }) {
  const now = placeHere();
  return now.answers === answers && now.fragment === fragment && now.number === number;
}

/**
 * @param {Screen} screen
 * @param {string} letter
 * @param {Desk} desk
 */
async function openLetter(screen, letter, desk) {
  await showLetter(screen.step, letter, asking(screen), desk, screen.typed);
}

/**
 * Work out what each answer on the screen would show.
 *
 * @param {Screen} screen
 * @param {Place} place
 */
function lookAhead({ guide, python, step }, { days }) {
  python.look(() => all(step, "[data-state] a[data-answer]", HTMLElement).map(
    (link) => requestFor(guide, { answers: withAnswers(Object.fromEntries([answerOf(link)])), days })));
}

/**
 * Return the answers so far with some more; an empty value takes one back.
 *
 * @param {Answers} more
 * @returns {Answers}
 */
export function withAnswers(more) {
  return Object.fromEntries(Object.entries({ ...answersHere(), ...more }).filter(([, value]) => value !== ""));
}

/**
 * Paint what Python says.
 *
 * @param {HTMLElement} step
 * @param {Step} found
 */
function paint(step, found) {
  step.innerHTML = `${found.before}<div data-state="${found.number}">${found.html}</div>${found.after}`;
  for (const card of all(step, "[data-body]", HTMLElement)) {
    (card.querySelector(":scope > .plan-step") ?? card).insertAdjacentHTML("beforeend", found.cards[card.dataset.body ?? ""] ?? "");
  }
}

/**
 * Show the one body a person asked about, under the result.
 *
 * @param {HTMLElement} guide
 * @param {string} [about] - "b-dgccrf"
 */
export function describe(guide, about) {
  for (const shown of all(guide, "[data-shown]", HTMLElement)) shown.removeAttribute("data-shown");
  if (about && about !== "all") document.getElementById(about)?.setAttribute("data-shown", "");
  guide.dataset.view = about === "all" ? "all" : "state";
}

/**
 * Say where the person has come; from a letter or a body, back to what opened it.
 *
 * @param {Screen} screen
 * @param {Step} found
 * @param {Place} [from]
 */
function announce(screen, found, from) {
  const { live, step, status, next, done } = screen;
  const { answers, letter, about } = placeHere();
  screen.next = screen.done = undefined;
  if (about === "all") return;
  if (next) return bring(step.querySelector(next), true);
  if (about) return bring(document.getElementById(about)?.querySelector("h2, h3"), true);
  const same = !letter && JSON.stringify(from?.answers) === JSON.stringify(answers);
  const opener = same && (from?.letter ? `[data-letter="${from.letter}"]` : from?.about && `a[href="#${from.about}"]`);
  const back = opener ? seek(step, opener, HTMLElement) : undefined;
  if (back) return bring(back, true);
  if (!letter) status.textContent = done ? `${done} ${found.said}` : found.said;
  bring(step.querySelector("h2"), false);
  live.scrollIntoView();
}

/**
 * @param {Element | null | undefined} to
 * @param {boolean} scroll
 */
function bring(to, scroll) {
  if (!(to instanceof HTMLElement)) return;
  if (scroll) to.scrollIntoView({ block: "center" });
  focusSettled(to);
}

/**
 * Load the letters and the directory, and add what they give to the screen.
 *
 * @param {Screen} screen
 */
export async function addDesk(screen) {
  const { guide, step } = screen;
  const desk = await loadDesk(guide);
  screen.desk = desk;
  const { letter } = placeHere();
  if (letter) return openLetter(screen, letter, desk);
  steadily(guide, () => fillPlace(step, guide, desk));
  await offerLetters(step, guide, asking(screen), desk, (change) => steadily(guide, change));
}

/**
 * Fill a fold whose content is worked out only when it is opened.
 *
 * @param {HTMLDetailsElement} fold
 * @param {import("./guide-letters.mjs").Ask} ask
 */
export async function tell(fold, ask) {
  const told = seek(fold, "[data-told]", HTMLElement);
  if (!fold.open || !fold.dataset.ask || !told || told.innerHTML) return;
  const found = await ask({ do: fold.dataset.ask, body: fold.dataset.about });
  told.innerHTML = found.html ?? "";
}

/** The day it is here, as a date alone. */
function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/**
 * Show a text at the head of a place, until the next step.
 *
 * @param {HTMLElement} place
 * @param {string} text
 */
export function noteAbove(place, text) {
  const note = document.createElement("p");
  note.className = "guide-note";
  note.textContent = text;
  place.prepend(note);
}
