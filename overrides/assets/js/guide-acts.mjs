/**
 * What each press in the guide does: one listener, and the first line of the table that fits. The rest is the browser's.
 */
import { all, pressed, word } from "./guide-dom.mjs";
import { save } from "./guide-files.mjs";
import { answersOf, checked, daysOf, findLocal } from "./guide-forms.mjs";
import { answersHere, back, placeAt, placeHere, replace, wipe } from "./guide-history.mjs";
import { growLetter, keepTyped, useLetter, writeLetter } from "./guide-letters.mjs";
import { answersOfPlace } from "./guide-links.mjs";
import { asking, noteAbove, tell, withAnswers } from "./guide-live.mjs";
import { erase, keepLetter, keptLetter } from "./guide-safety.mjs";
import { takeShared } from "./guide-shared.mjs";
import { use } from "./guide-tools.mjs";

/** @typedef {import("./guide.mjs").Session} Session */
/** @typedef {import("./guide-history.mjs").Answers} Answers */
/** @typedef {import("./guide-history.mjs").Place} Place */
/** @typedef {(session: Session, pressed: HTMLElement) => unknown} Act - `false` leaves the press to the browser */

/** @type {[string, Act][]} */
const ACTS = [
  ["[data-to]", (_, { dataset }) => document.getElementById(dataset.to ?? "")?.focus()],
  ["[data-restart]", (session) => startAgain(session, "safety.restarted")],
  ["[data-tool='erase']", (session) => startAgain(session, "safety.erased")],
  ["[data-tool]", ({ live }, { dataset }) => live && use(live, dataset.tool ?? "")],
  ["[data-letter]", ({ live, go }, { dataset }) => (live ? go({ ...placeHere(), letter: dataset.letter }) : false)],
  ["[data-letter-do]", ({ guide, live }, { dataset }) => live?.desk && useLetter(guide, dataset.letterDo ?? "", live.desk)],
  ["[data-close]", back],
  ["[data-save]", saveFile],
  ["[data-urgent]", (session, link) => (session.live ? answer(session, link.dataset.urgent ?? "") : goTo(session, link))],
  ["a[data-answer]", (session, { dataset }) => answer(session, dataset.answer ?? "")],
  ["a[href^='#']", goTo],
];

/**
 * Hear what is pressed in the guide, what is sent and what is typed.
 *
 * @param {Session} session
 */
export function listen(session) {
  const { guide, repeats } = session;
  addEventListener("click", (event) => {   // whatever stands where the press falls, in the guide or beside it
    if (pressed(event, "[data-exit]") || !repeats.repeated(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  guide.addEventListener("click", (event) => press(session, event));
  guide.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) session.attempt(send(session, event.target));
  });
  guide.addEventListener("input", (event) => {
    const form = pressed(event, "[data-letter-form]");
    if (!(form instanceof HTMLFormElement) || !session.live) return;
    const { desk, typed } = session.live;
    session.live.unsaved = true;
    keepTyped(form, typed);
    if (desk) growLetter(form, asking(session.live), desk, typed);
    if (keptLetter()) keepLetter(session.live.typed);
  });
  guide.addEventListener("change", (event) => {
    const { target } = event;
    if (!(target instanceof HTMLInputElement)) return;
    if (target.matches("[data-shared]")) session.attempt(takeShared(guide, target.checked));
    if (target.matches("[data-keep-letter]")) keepLetter(target.checked ? session.live?.typed : undefined);
  });
  addEventListener("beforeunload", (event) => {
    if (guide.isConnected && session.live?.unsaved && !keptLetter()) event.preventDefault();
  });
  guide.addEventListener("toggle", (event) => {
    if (event.target instanceof HTMLDetailsElement && session.live) session.attempt(tell(event.target, asking(session.live)));
  }, true);
}

/**
 * Do what a press asks; one that opens another tab or window stays the browser's own.
 *
 * @param {Session} session
 * @param {MouseEvent} event
 */
function press(session, event) {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  for (const [css, act] of ACTS) {
    const found = pressed(event, css);
    if (!found) continue;
    const done = act(session, found);
    if (done === false) return;
    event.preventDefault();
    if (done instanceof Promise) session.attempt(done);
    return;
  }
}

/**
 * Take an answer; the very same one again changes nothing.
 *
 * @param {Session} session
 * @param {string} given - "fact=value"
 */
function answer({ live, go }, given) {
  const before = live ? answersHere() : answersOfPlace(placeHere());
  const [fact, value] = given.split("=");
  if (before[fact] !== value || placeHere().about) go({ answers: { ...before, [fact]: value }, days: placeHere().days });
}

/**
 * Follow a link to a place of the guide.
 *
 * @param {Session} session
 * @param {HTMLElement} link
 */
function goTo({ go }, link) {
  const place = link instanceof HTMLAnchorElement ? placeAt(link.hash) : undefined;
  if (!place) return false;
  go(place);
  return true;
}

/**
 * Forget all answers and all that was typed, in this page and in its history; say so.
 *
 * @param {Session} session
 * @param {string} said - the word that says it
 */
async function startAgain({ guide, live, show }, said) {
  erase();
  keepLetter();
  const done = word(guide, said);
  if (live) Object.assign(live, { typed: {}, unsaved: false, mark: undefined, done });
  for (const form of all(guide, "form", HTMLFormElement)) form.reset();
  for (const found of all(guide, "[data-own-found]", HTMLElement)) found.replaceChildren();
  await wipe(location.pathname + location.search);
  replace({ answers: {} });
  await show();
  noteAbove(live?.step ?? guide, done);
}

/**
 * @param {Session} session
 * @param {HTMLElement} pressed
 */
async function saveFile({ live }, { dataset: { save: kind = "" } }) {
  if (!live) return;
  const { text, type } = await asking(live)({ do: "file", kind, ...edition(live) });
  save(`guide.${kind}`, text, type);
}

/**
 * Tell this person's file from another's, and a later one from an earlier, to a calendar that has both: a corrected date replaces.
 *
 * @param {import("./guide-live.mjs").Screen} live
 */
function edition(live) {
  const { mark, ...place } = placeHere();
  live.mark = mark ?? live.mark ?? [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(16)).join("-");
  if (mark !== live.mark) replace({ ...place, mark: live.mark });   // a reload, or Back, keeps the mark with the dates
  return { mark: live.mark, revision: Math.floor(Date.now() / 1000) };
}

/**
 * Take what a form says: a letter, a place, days, answers more.
 *
 * @param {Session} session
 * @param {HTMLFormElement} form
 */
async function send({ live, go }, form) {
  if (!live || !checked(form)) return;
  const { desk, typed } = live;
  if (form.matches("[data-letter-form]")) {
    keepTyped(form, typed);
    if (desk) await writeLetter(form, asking(live), desk, typed);
  } else if (form.matches("[data-local]")) {
    if (desk) await findLocal(form, asking(live), desk, typed);
  } else if (form.matches("[data-dates]")) {
    const { answers, days } = daysOf(form);
    live.next = "#dates";   // says how many there are now
    go({ answers: withAnswers(answers), days: { ...placeHere().days, ...days } });
  } else if (form.matches("[data-refine]")) {
    go({ answers: withAnswers(answersOf(form)), days: placeHere().days });
  }
}
